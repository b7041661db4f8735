-- What passes through whom, from the maker of tools to the model: the links that atlas/exposure.py follows.

-- The chips of every site that counts, with their part of its computing power. Grain: site x chip (NULL: not known which, or how the power divides).
-- source_ids: the one that names the chip first. h100e: NULL where the number of these chips, or their rate, is not known; such rows tie the site to the chip all the same.
CREATE VIEW site_chip_compute AS
WITH site AS (
  SELECT site_id, name AS site, iso3, country, status, h100e, h100e_basis, confidence, source_ids FROM site_compute WHERE counts_in_total AND status <> 'retired'
), chip AS (
  SELECT s.site_id, sc.chip_id, ch.name AS chip, sc.source_id, count(*) OVER (PARTITION BY s.site_id) AS kinds,
    CASE WHEN s.h100e_basis = 'computed'
      THEN s.h100e * (sc.chip_count * ch.fp16_dense_tflops) / sum(sc.chip_count * ch.fp16_dense_tflops) OVER (PARTITION BY s.site_id) END AS part
  FROM site s JOIN site_chips sc USING (site_id) JOIN chips ch USING (chip_id)
)
SELECT s.site_id, s.site, s.iso3, s.country, s.status, c.chip_id, c.chip, coalesce(c.part, CASE WHEN c.kinds = 1 THEN s.h100e END) AS h100e, s.confidence,
  list_prepend(c.source_id, list_filter(s.source_ids, lambda source: source <> c.source_id)) AS source_ids
FROM site s JOIN chip c USING (site_id)
UNION ALL
SELECT site_id, site, iso3, country, status, NULL, NULL, h100e, confidence, source_ids FROM site s
WHERE h100e IS NOT NULL AND h100e_basis <> 'computed' AND (SELECT count(*) FROM site_chips x WHERE x.site_id = s.site_id) <> 1;

-- Who makes a chip, stage by stage. Grain: chip x stage x supplier. part: share of the chip's supply at that stage, as published where the shares of all
-- are, else equal. What is only announced counts where nothing is in force. A link of the past counts: the chips that came through it are still running.
CREATE VIEW chip_suppliers AS
WITH link AS (
  SELECT chip_id, stage, supplier_org_id, sum(share_of_customer_pct) AS share_pct, bool_and(status = 'announced') AS is_announced, min(source_id) AS source_id
  FROM supply_links WHERE chip_id IS NOT NULL AND stage IN ('foundry', 'memory', 'packaging') AND is_preferred
  GROUP BY chip_id, stage, supplier_org_id, status = 'announced'
  QUALIFY NOT is_announced OR bool_and(is_announced) OVER (PARTITION BY chip_id, stage)
), part AS (
  SELECT *, CASE WHEN count(share_pct) OVER chip_stage = count(*) OVER chip_stage THEN share_pct / sum(share_pct) OVER chip_stage ELSE 1 / count(*) OVER chip_stage END AS part
  FROM link WINDOW chip_stage AS (PARTITION BY chip_id, stage)
  UNION ALL SELECT chip_id, 'design', vendor_org_id, NULL, false, source_id, 1 FROM chips WHERE vendor_org_id NOT IN (SELECT org_id FROM organisations WHERE kind = 'aggregate')
)
SELECT p.chip_id, ch.name AS chip, p.stage, p.supplier_org_id AS org_id, o.name AS organisation, o.iso3, p.part, p.is_announced, [p.source_id] AS source_ids
FROM part p JOIN chips ch USING (chip_id) JOIN organisations o ON o.org_id = p.supplier_org_id;

-- Equipment and materials for chipmakers in force. Grain: supplier x customer x stage x input (the segment, or the product where it has none).
CREATE VIEW chipmaker_inputs AS
SELECT DISTINCT ON (l.stage, l.supplier_org_id, l.customer_org_id, input)
  l.stage, coalesce(l.segment_id, l.product) AS input, l.segment_id, l.product, l.supplier_org_id AS org_id, s.name AS organisation, s.iso3,
  l.customer_org_id, c.name AS customer, [l.source_id] AS source_ids
FROM supply_links l JOIN organisations s ON s.org_id = l.supplier_org_id JOIN organisations c ON c.org_id = l.customer_org_id
WHERE l.stage IN ('equipment', 'material') AND l.status = 'in-force' AND l.is_preferred ORDER BY ALL;

-- From a site to those who compute on it: owner, operator or tenant; the consortium that it leads or brings compute to; the models of that consortium,
-- or of the company itself. Also a chip that a model was trained on, or that the state gave or only promised a team. Grain: link between two things.
CREATE VIEW compute_users AS
SELECT from_id, to_id, relation, [source_id] AS source_ids FROM (
SELECT site_id AS from_id, org_id AS to_id, role AS relation, source_id FROM site_parties WHERE role IN ('owner', 'operator', 'tenant')
UNION
SELECT org_id, consortium_id, CASE role WHEN 'lead' THEN 'lead' ELSE 'compute' END, source_id FROM memberships WHERE until IS NULL AND (role = 'lead' OR layer = 'compute')
UNION
SELECT consortium_id, model_id, 'model', source_id FROM models WHERE consortium_id IS NOT NULL AND role = 'national'
UNION
SELECT org_id, model_id, 'model', source_id FROM models WHERE consortium_id IS NULL AND role = 'national'
UNION
SELECT training_chip_id, model_id, 'trained', source_id FROM models WHERE training_chip_id IS NOT NULL AND role = 'national'
UNION
SELECT chip_id, consortium_id, CASE WHEN bool_or(is_given) THEN 'support' ELSE 'promised' END, arg_max(source_id, is_given) FROM (
  SELECT chip_id, consortium_id, stage IN ('delivered', 'operational') AS is_given, source_id FROM support WHERE chip_id IS NOT NULL AND consortium_id IS NOT NULL AND counts_in_total
) GROUP BY chip_id, consortium_id
);
