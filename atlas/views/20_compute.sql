-- Sites with their computing power; a table and not a view, since most questions start from it.
-- Grain: site. Units: H100 equivalents, MW. One H100 equivalent is the dense FP16 rate of one NVIDIA H100 SXM5, as chips.csv gives it.
-- h100e_basis: computed (all chips and their rates known), stated (the source's own figure), NULL (not known, and then h100e is NULL, never zero).
-- designer_iso3: home of the chips' designer where all chips of the site come from one country; NULL where it is mixed or not known.
CREATE TABLE site_compute AS
WITH chip AS (
  SELECT
    sc.site_id,
    sum(sc.chip_count) AS chip_count,
    string_agg(ch.name, ', ' ORDER BY sc.chip_count DESC NULLS LAST, ch.name) AS chip_names,
    bool_and(sc.chip_count IS NOT NULL AND ch.fp16_dense_tflops IS NOT NULL) AS is_complete,
    sum(sc.chip_count * ch.fp16_dense_tflops) / (SELECT fp16_dense_tflops FROM chips WHERE chip_id = 'nvidia-h100') AS h100e,
    CASE WHEN count(DISTINCT o.iso3) = 1 AND count(*) = count(o.iso3) THEN any_value(o.iso3) END AS designer_iso3,
    list(sc.source_id) AS source_ids
  FROM site_chips sc JOIN chips ch USING (chip_id) JOIN organisations o ON o.org_id = ch.vendor_org_id
  GROUP BY sc.site_id
), party AS (
  SELECT
    sp.site_id,
    string_agg(o.name, ', ' ORDER BY sp.rowid) FILTER (sp.role = 'owner') AS owners,
    string_agg(o.name, ', ' ORDER BY sp.rowid) FILTER (sp.role = 'operator') AS operators,
    string_agg(o.name, ', ' ORDER BY sp.rowid) FILTER (sp.role = 'tenant') AS tenants
  FROM site_parties sp JOIN organisations o USING (org_id) GROUP BY sp.site_id
)
SELECT
  s.site_id, s.name, s.iso3, c.name AS country, s.location, s.latitude, s.longitude, s.kind, s.sector, s.status, s.operational_date, s.figures_as_of, s.retired_date,
  s.counts_in_total, s.part_of_site_id, s.supersedes_site_id,
  chip.chip_names, chip.chip_count,
  round(CASE WHEN chip.is_complete THEN chip.h100e ELSE s.h100e_stated END, 1) AS h100e,
  CASE WHEN chip.is_complete THEN 'computed' WHEN s.h100e_stated IS NOT NULL THEN 'stated' END AS h100e_basis,
  nullif(chip.designer_iso3, 'WLD') AS designer_iso3,
  s.power_mw, s.rmax_pflops, s.cost_usd_m, s.cost_basis, party.owners, party.operators, party.tenants, s.purpose,
  s.status IN ('planned', 'under-construction') AND date_end(s.operational_date) < (SELECT data_date FROM data_date) AS is_overdue,
  s.confidence, s.note,
  list_sort(list_distinct(list_append(coalesce(chip.source_ids, []), s.source_id))) AS source_ids
FROM sites s JOIN countries c USING (iso3) LEFT JOIN chip USING (site_id) LEFT JOIN party USING (site_id);

-- Computing power and power of the sites that count, per country and state. Planned is never added to operational: the state is part of the grain.
-- Grain: country x status. h100e_stated is the part of h100e that is the source's own figure, often on an 8-bit rate. Units: H100 equivalents, MW, and both per million people and per billion USD of GDP.
-- Unknown: a site without a known figure adds nothing; sites and sites_with_h100e / sites_with_power say how many there are.
CREATE MACRO compute_by_country(evidence) AS TABLE
SELECT
  iso3, sc.country, status,
  count(*) AS sites,
  count(h100e) AS sites_with_h100e,
  count(power_mw) AS sites_with_power,
  sum(h100e) AS h100e,
  sum(h100e) FILTER (h100e_basis = 'stated') AS h100e_stated,
  sum(h100e) / any_value(population_m) AS h100e_per_million,
  sum(h100e) / any_value(gdp_usd_bn) AS h100e_per_gdp_bn,
  sum(power_mw) AS power_mw,
  sum(power_mw) / any_value(population_m) AS power_mw_per_million,
  sum(power_mw) / any_value(gdp_usd_bn) AS power_mw_per_gdp_bn,
  all_sources_of(sc.source_ids) AS source_ids
FROM site_compute sc JOIN country_scale USING (iso3)
WHERE counts_in_total AND status <> 'retired' AND list_contains(evidence, confidence)
GROUP BY iso3, sc.country, status;

-- Computing power running through time, each state of a machine from its start to its end, so that an enlarged machine counts once at every date.
-- Grain: country x quarter. Unit: H100 equivalents. Left out: sites without a start date or a known figure, and sites that grow hall by hall
-- (figures_as_of), whose figure is not that of their start; they are in frontier_growth.
CREATE MACRO compute_growth(evidence) AS TABLE
WITH state AS (
  SELECT s.iso3, s.country, s.h100e, s.source_ids, date_start(s.operational_date) AS starts,
    coalesce((SELECT min(date_start(n.operational_date)) FROM sites n WHERE n.supersedes_site_id = s.site_id), date_start(s.retired_date)) AS ends
  FROM site_compute s
  WHERE (counts_in_total AND status = 'operational' OR status = 'retired') AND kind NOT IN ('programme-plan', 'total')
    AND h100e IS NOT NULL AND operational_date IS NOT NULL AND figures_as_of IS NULL AND list_contains(evidence, confidence)
), quarter AS (
  SELECT unnest(generate_series(DATE '2018-01-01', (SELECT date_trunc('quarter', data_date) FROM data_date), INTERVAL 3 MONTH))::DATE AS quarter
)
SELECT iso3, country, quarter, sum(h100e) AS h100e, count(*) AS sites, all_sources_of(source_ids) AS source_ids
FROM quarter JOIN state ON starts <= quarter + INTERVAL 3 MONTH - INTERVAL 1 DAY AND (ends IS NULL OR ends > quarter + INTERVAL 3 MONTH - INTERVAL 1 DAY)
GROUP BY ALL ORDER BY iso3, quarter;

-- Whose chips a country computes on: operational H100 equivalents by home country of the designer.
-- Grain: country x designer's country (NULL: mixed or not known). Unit: H100 equivalents, and per cent of the country's known total.
CREATE MACRO compute_by_designer(evidence) AS TABLE
SELECT
  s.iso3, s.country, designer_iso3, d.name AS designer_country,
  sum(h100e) AS h100e,
  100 * sum(h100e) / sum(sum(h100e)) OVER (PARTITION BY s.iso3) AS share_pct,
  count(*) AS sites,
  all_sources_of(source_ids) AS source_ids
FROM site_compute s LEFT JOIN countries d ON d.iso3 = designer_iso3
WHERE counts_in_total AND status = 'operational' AND h100e IS NOT NULL AND list_contains(evidence, confidence)
GROUP BY s.iso3, s.country, designer_iso3, d.name;

-- Three layers of control over the compute that stands in a country: who designed the chips, who operates the site, who owns it.
-- Grain: country x layer x relation (own, union, abroad, unknown). Unit: H100 equivalents, and per cent of the country's known total.
-- Several owners or operators of a site share it equally, since their shares are seldom published. Union: a body of the European Union, for its members.
CREATE MACRO control(evidence) AS TABLE
WITH site AS (
  SELECT site_id, iso3, country, h100e, designer_iso3, source_ids FROM site_compute
  WHERE counts_in_total AND status = 'operational' AND h100e IS NOT NULL AND list_contains(evidence, confidence)
), held AS (
  SELECT s.iso3, s.country, s.source_ids, 'design' AS layer, designer_iso3 AS party_iso3, h100e FROM site s
  UNION ALL
  SELECT s.iso3, s.country, s.source_ids, role AS layer, o.iso3, h100e / count(*) OVER (PARTITION BY s.site_id, role)
  FROM site s JOIN site_parties sp USING (site_id) JOIN organisations o USING (org_id) WHERE role IN ('owner', 'operator')
  UNION ALL
  SELECT s.iso3, s.country, s.source_ids, role, NULL, h100e FROM site s, (VALUES ('owner'), ('operator')) AS roles(role)
  WHERE NOT EXISTS (FROM site_parties sp WHERE sp.site_id = s.site_id AND sp.role = roles.role)
)
SELECT
  h.iso3, h.country, layer,
  CASE WHEN party_iso3 IS NULL THEN 'unknown' WHEN party_iso3 = h.iso3 THEN 'own'
       WHEN party_iso3 = c.union_iso3 THEN 'union' ELSE 'abroad' END AS relation,
  sum(h100e) AS h100e,
  100 * sum(h100e) / sum(sum(h100e)) OVER (PARTITION BY h.iso3, layer) AS share_pct,
  all_sources_of(source_ids) AS source_ids
FROM held h JOIN countries c ON c.iso3 = h.iso3
GROUP BY h.iso3, h.country, layer, relation;

-- The TOP500 through time. Grain: country x list x indicator. Units: of the indicator.
CREATE VIEW top500 AS
SELECT iso3, c.name AS country, indicator_id, i.name AS indicator, i.unit, as_of, date_start(as_of) AS list_date, value, confidence, [s.source_id] AS source_ids
FROM country_series s JOIN countries c USING (iso3) JOIN indicators i USING (indicator_id)
WHERE starts_with(indicator_id, 'top500-') AND basis IN ('measured', 'estimated');

-- National figures about compute beside the sites: state GPUs, official capacity, targets, announcements. Forecasts are left out.
-- Grain: country x indicator x date. Units: of the indicator; basis says whether it was measured, estimated, announced or is a target.
CREATE VIEW national_compute AS
SELECT iso3, c.name AS country, indicator_id, i.name AS indicator, i.unit, as_of, date_start(as_of) AS as_of_date, value, basis, confidence, s.note, [s.source_id] AS source_ids
FROM country_series s JOIN countries c USING (iso3) JOIN indicators i USING (indicator_id)
WHERE basis <> 'forecast' AND NOT starts_with(indicator_id, 'top500-') AND NOT starts_with(indicator_id, 'gpu-cluster-') AND NOT starts_with(indicator_id, 'frontier-');

-- Machines that were enlarged or replaced: every state of one, under the name of the newest. Grain: machine x state.
CREATE VIEW machine_states AS
WITH RECURSIVE chain AS (
  SELECT site_id, site_id AS newest FROM sites s WHERE supersedes_site_id IS NOT NULL AND NOT EXISTS (FROM sites n WHERE n.supersedes_site_id = s.site_id)
  UNION ALL
  SELECT s.supersedes_site_id, newest FROM chain JOIN sites s ON s.site_id = chain.site_id WHERE s.supersedes_site_id IS NOT NULL
)
SELECT n.name AS machine, c.* FROM chain JOIN site_compute c USING (site_id) JOIN sites n ON n.site_id = newest
ORDER BY c.iso3, machine, date_start(c.operational_date);

-- Large data centres that grow hall by hall, by country, as tracked by Epoch AI: running up to its date, planned after it.
-- Grain: country x date. Unit: H100 equivalents by the 8-bit rate of the source.
CREATE VIEW frontier_growth AS
SELECT iso3, c.name AS country, as_of, date_start(as_of) AS as_of_date, value AS h100e_8bit, basis, basis = 'announced' AS is_planned, confidence, [s.source_id] AS source_ids
FROM country_series s JOIN countries c USING (iso3) WHERE indicator_id = 'frontier-data-centre-h100-equivalents-timeline' ORDER BY iso3, as_of;
