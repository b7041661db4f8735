-- What a country uses at each layer, and whose it is: the rows that measures.dependence works on.
-- Grain: country x layer x basis x item (site, model family, member, company) x country of the party (NULL: not known). weight: H100 equivalents of operational sites for the layers of hardware,
-- families of models (by what is known of their models) and members counted one each for the others, units sold in the country for basis 'sales'.
-- Several suppliers of one chip share it as published where the shares of all are, else equally; owners and operators of one site share it equally.
-- A consortium of one member is none, and left out. Nothing is filled in: what is not known has party NULL.
CREATE MACRO holding_rows(evidence) AS TABLE
WITH site AS (
  SELECT site_id, iso3, h100e, h100e_basis, source_ids FROM site_compute
  WHERE counts_in_total AND status = 'operational' AND h100e IS NOT NULL AND list_contains(evidence, confidence)
), site_chip AS (
  SELECT site_id, iso3, chip_id, h100e, source_ids FROM site_chip_compute WHERE status = 'operational' AND h100e IS NOT NULL AND list_contains(evidence, confidence)
), maker AS (
  SELECT chip_id, CASE stage WHEN 'foundry' THEN 'fabrication' ELSE stage END AS layer, iso3, part, source_ids[1] AS source_id FROM chip_suppliers WHERE NOT is_announced
), made AS (
  SELECT c.site_id, c.iso3, layers.layer, m.iso3 AS party_iso3, c.source_ids, m.source_id,
    c.h100e * coalesce(m.part, 1) AS weight
  FROM site_chip c CROSS JOIN (VALUES ('fabrication'), ('memory'), ('packaging')) AS layers(layer)
  LEFT JOIN maker m ON m.chip_id = c.chip_id AND m.layer = layers.layer
), union_all AS (
  SELECT s.site_id AS item, s.iso3, 'design' AS layer, 'sites' AS basis, c.designer_iso3 AS party_iso3, s.h100e AS weight, s.source_ids
  FROM site s JOIN site_compute c USING (site_id)
  UNION ALL
  SELECT o.name, g.market_iso3, 'design', 'sales', o.iso3, m.share_pct, [m.source_id]
  FROM market_shares m JOIN segments g USING (segment_id) JOIN organisations o USING (org_id)
  WHERE m.segment_id = 'ai-accelerator-china' AND m.is_preferred AND m.share_pct IS NOT NULL
    AND date_start(m.period) = (SELECT max(date_start(period)) FILTER (length(period) = 4) FROM market_shares WHERE segment_id = 'ai-accelerator-china' AND is_preferred) AND length(m.period) = 4
    AND list_contains(evidence, m.confidence)
  UNION ALL
  SELECT site_id, iso3, layer, 'sites', party_iso3, weight, list_filter(list_append(source_ids, source_id), lambda x: x IS NOT NULL) FROM made
  UNION ALL
  SELECT s.site_id, s.iso3, CASE p.role WHEN 'owner' THEN 'ownership' ELSE 'operation' END, 'sites', o.iso3, s.h100e / count(*) OVER (PARTITION BY s.site_id, p.role), s.source_ids
  FROM site s JOIN site_parties p USING (site_id) JOIN organisations o USING (org_id) WHERE p.role IN ('owner', 'operator')
  UNION ALL
  SELECT s.site_id, s.iso3, roles.layer, 'sites', NULL, s.h100e, s.source_ids
  FROM site s CROSS JOIN (VALUES ('owner', 'ownership'), ('operator', 'operation')) AS roles(role, layer)
  WHERE NOT EXISTS (FROM site_parties p WHERE p.site_id = s.site_id AND p.role = roles.role)
  UNION ALL
  SELECT family, iso3, 'model', 'models', party_iso3, 1 / count(*) OVER (PARTITION BY iso3, family), [source_id] FROM (
    SELECT o.name || ', ' || coalesce(family, m.name) AS family, m.iso3, CASE from_scratch WHEN 'yes' THEN m.iso3 WHEN 'no' THEN base_iso3 END AS party_iso3, m.source_id
    FROM models m JOIN organisations o USING (org_id) WHERE role = 'national' AND list_contains(evidence, m.confidence)
    QUALIFY party_iso3 IS NOT NULL OR count(party_iso3) OVER (PARTITION BY m.iso3, m.org_id, coalesce(m.family, m.name)) = 0
  )
  UNION ALL
  SELECT m.consortium || ': ' || m.member, m.iso3, 'consortium', 'members', m.home_iso3, 1, m.source_ids
  FROM members m WHERE m.until IS NULL AND list_contains(evidence, m.confidence)
  QUALIFY count(*) OVER (PARTITION BY m.consortium_id) > 1
)
SELECT u.iso3, layer, basis, item AS item_id, coalesce(t.name, item) AS item, party_iso3, sum(weight) AS weight, all_sources_of(u.source_ids) AS source_ids
FROM union_all u LEFT JOIN things t ON t.id = item GROUP BY ALL;

-- The same by country of the party. Grain: country x layer x basis x country of the party. items: sites, models, members or companies behind the row.
CREATE MACRO holdings(evidence) AS TABLE
SELECT u.iso3, c.name AS country, c.union_iso3, layer, basis, party_iso3, p.name AS party, sum(weight) AS weight, count(DISTINCT item_id) AS items, all_sources_of(source_ids) AS source_ids
FROM holding_rows(evidence) u JOIN countries c ON c.iso3 = u.iso3 LEFT JOIN countries p ON p.iso3 = party_iso3
GROUP BY ALL;
