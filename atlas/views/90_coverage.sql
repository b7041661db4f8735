-- What the Atlas looks for about a country, and how much of it is known. Kinds of evidence that are switched off are left out with their rows.

-- Every cell that is looked for: the columns of a table that may be empty, and a few figures made from several tables (h100e, owners, foundries ...).
-- Grain: row x field. thing_id: what the row is of, an id of `things`; is_known: whether the cell is filled; published: date of the row's source, NULL where it shows none. Each table says how its row finds its country and, in EXCLUDE, which columns say something else by being empty than "not known"
-- (no parent, still in force, not a contest); a field that only some rows have is asked of those (CASE). Columns that schema.sql requires are left out, since they are always known.
-- A new column of schema.sql is a field as it stands; tests/test_views_evidence.py lists what is left out and why.
CREATE VIEW looked_for AS
WITH cell AS (
  SELECT 'sites' AS table_name, site_id AS thing_id, iso3, confidence, source_id, field, is_known
  FROM (UNPIVOT (SELECT s.*, c.chip_names, c.h100e, c.owners, c.operators FROM sites s JOIN site_compute c USING (site_id))
    ON COLUMNS(* EXCLUDE (site_id, iso3, kind, confidence, source_id, note, longitude, figures_as_of, retired_date, part_of_site_id, supersedes_site_id, h100e_stated, rmax_pflops, cost_basis)) IS NOT NULL
    INTO NAME field VALUE is_known)
  WHERE kind NOT IN ('programme-plan', 'total')
  UNION ALL
  SELECT 'site_chips', u.site_id, iso3, u.confidence, u.source_id, field, is_known
  FROM (UNPIVOT site_chips ON COLUMNS(* EXCLUDE (site_id, confidence, source_id)) IS NOT NULL INTO NAME field VALUE is_known) u JOIN sites USING (site_id)
  UNION ALL
  SELECT 'programmes', programme_id, iso3, confidence, source_id, field, is_known
  FROM (UNPIVOT (SELECT p.* REPLACE (coalesce(budget_value, budget_usd_m) AS budget_value), (SELECT any_value(org_id) FROM programme_leads l WHERE l.programme_id = p.programme_id) AS run_by FROM programmes p)
    ON COLUMNS(* EXCLUDE (programme_id, iso3, confidence, source_id, note, local_name, part_of_programme_id, budget_currency, budget_usd_m)) IS NOT NULL INTO NAME field VALUE is_known)
  UNION ALL
  SELECT 'consortia', consortium_id, iso3, confidence, source_id, field, is_known
  FROM (UNPIVOT consortia ON COLUMNS(* EXCLUDE (consortium_id, iso3, confidence, source_id, note)) IS NOT NULL INTO NAME field VALUE is_known)
  UNION ALL
  SELECT 'memberships', u.org_id, c.iso3, u.confidence, u.source_id, field, is_known
  FROM (UNPIVOT memberships ON COLUMNS(* EXCLUDE (consortium_id, org_id, confidence, source_id, note, until)) IS NOT NULL INTO NAME field VALUE is_known) u JOIN consortia c USING (consortium_id)
  UNION ALL
  SELECT 'support', coalesce(u.consortium_id, u.programme_id), p.iso3, u.confidence, u.source_id, field, is_known
  FROM (UNPIVOT support ON COLUMNS(* EXCLUDE (programme_id, resource, confidence, source_id, note, consortium_id, unit, currency, provider_org_id)) IS NOT NULL INTO NAME field VALUE is_known) u
  JOIN programmes p USING (programme_id)
  WHERE CASE field WHEN 'chip_id' THEN resource = 'gpu' WHEN 'quantity' THEN resource IN ('gpu', 'talent') WHEN 'amount' THEN resource = 'money' ELSE true END
  UNION ALL
  SELECT 'models', model_id, iso3, confidence, source_id, field, is_known
  FROM (UNPIVOT (SELECT *, from_scratch AS origin, has_open_weights AS is_open FROM models)
    ON COLUMNS(* EXCLUDE (model_id, iso3, role, origin, is_open, confidence, source_id, note, family, consortium_id, active_parameters_b)) IS NOT NULL INTO NAME field VALUE is_known)
  WHERE role = 'national'
    AND CASE WHEN field IN ('base_model', 'base_iso3') THEN origin = 'no' WHEN field IN ('licence', 'hugging_face_repo') THEN is_open ELSE true END
  UNION ALL
  SELECT 'chips', chip_id, o.iso3, u.confidence, u.source_id, field, is_known
  FROM (UNPIVOT (SELECT ch.*, a.foundries, a.memory_makers, a.packagers FROM chips ch JOIN accelerators a USING (chip_id))
    ON COLUMNS(* EXCLUDE (chip_id, vendor_org_id, confidence, source_id, note, announced, fp8_dense_tflops, int8_dense_tops, export_class)) IS NOT NULL INTO NAME field VALUE is_known) u
  JOIN organisations o ON o.org_id = u.vendor_org_id
  UNION ALL
  SELECT 'market_shares', u.org_id, o.iso3, u.confidence, u.source_id, field, is_known
  FROM (UNPIVOT market_shares ON COLUMNS(* EXCLUDE (org_id, confidence, source_id, note, value_usd_m)) IS NOT NULL INTO NAME field VALUE is_known) u JOIN organisations o USING (org_id)
  WHERE o.kind <> 'aggregate'
  UNION ALL
  SELECT 'supply_links', u.supplier_org_id, o.iso3, u.confidence, u.source_id, field, is_known
  FROM (UNPIVOT supply_links ON COLUMNS(* EXCLUDE (supplier_org_id, confidence, source_id, note, segment_id, chip_id, until)) IS NOT NULL INTO NAME field VALUE is_known) u
  JOIN organisations o ON o.org_id = u.supplier_org_id
  UNION ALL
  SELECT 'fabs', org_id, iso3, confidence, source_id, field, is_known
  FROM (UNPIVOT fabs ON COLUMNS(* EXCLUDE (org_id, iso3, confidence, source_id, note)) IS NOT NULL INTO NAME field VALUE is_known)
), required AS (
  SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = current_database() AND NOT is_nullable
)
SELECT c.table_name, c.thing_id, c.field, k.iso3, k.name AS country, c.is_known, c.confidence, s.published, date_start(s.published) AS published_day, [c.source_id] AS source_ids
FROM cell c JOIN countries k USING (iso3) JOIN sources s ON s.source_id = c.source_id
ANTI JOIN required r ON r.table_name = c.table_name AND r.column_name = c.field
WHERE k.kind <> 'world';

-- How much is known, field by field. Grain: country x table x field. Units: numbers of cells (rows in which the field is looked for), and per cent of them.
-- official, reported, estimated, planned: how well the known ones are known. newest: date of the newest source behind a known one; NULL where none is known or dated.
CREATE MACRO coverage(evidence) AS TABLE
SELECT iso3, country, table_name, field, count(*) AS cells, count(*) FILTER (is_known) AS known_cells, 100 * avg(is_known::INTEGER) AS known_pct,
  count(*) FILTER (is_known AND confidence = 'official') AS official, count(*) FILTER (is_known AND confidence = 'reported') AS reported,
  count(*) FILTER (is_known AND confidence = 'estimated') AS estimated, count(*) FILTER (is_known AND confidence = 'planned') AS planned,
  arg_max(published, published_day) FILTER (is_known) AS newest, all_sources_of(source_ids) AS source_ids
FROM looked_for WHERE list_contains(evidence, confidence) GROUP BY iso3, country, table_name, field;

-- The same over all fields of a table. Grain: country x table. Units: numbers of cells (row x field), and per cent of them.
CREATE MACRO coverage_by_table(evidence) AS TABLE
SELECT iso3, country, table_name, sum(cells) AS cells, sum(known_cells) AS known_cells, 100 * sum(known_cells) / sum(cells) AS known_pct,
  sum(official) AS official, sum(reported) AS reported, sum(estimated) AS estimated, sum(planned) AS planned,
  arg_max(newest, date_start(newest)) AS newest, all_sources_of(source_ids) AS source_ids
FROM coverage(evidence) GROUP BY iso3, country, table_name;

-- What an editor should look for next: gaps, with the part of a figure of the country that rests on each. Grain: country x gap x thing (or segment).
-- weight_pct, in per cent: a site without known computing power, a programme without a budget, a site or a programme that rests on weak sources alone are one n-th of the country's n
-- running sites, or programmes that count; a site without known power, and a chip without a known foundry or memory maker, weigh what they carry of the country's known H100 equivalents in operation;
-- a market segment whose newest shares are more than a year older than the data is one n-th of the n segments in which companies of the country are seen.
CREATE MACRO gaps(evidence) AS TABLE
WITH weak AS (
  SELECT list(source_id) AS weak_ids FROM sources WHERE is_weak
), site AS (
  SELECT site_id AS id, iso3, h100e, power_mw, 100 / count(*) OVER own AS one_pct, 100 * h100e / sum(h100e) OVER own AS h100e_pct, source_ids
  FROM site_compute WHERE counts_in_total AND status = 'operational' AND list_contains(evidence, confidence) WINDOW own AS (PARTITION BY iso3)
), programme AS (
  SELECT programme_id AS id, iso3, coalesce(budget_value, budget_usd_m) AS budget, 100 / count(*) OVER (PARTITION BY iso3) AS one_pct, [source_id] AS source_ids
  FROM programmes WHERE counts_in_total AND list_contains(evidence, confidence)
), chip AS (
  SELECT chip_id AS id, iso3, 100 * sum(h100e) / sum(sum(h100e)) OVER (PARTITION BY iso3) AS h100e_pct, all_sources_of(source_ids) AS source_ids
  FROM site_chip_compute WHERE status = 'operational' AND h100e IS NOT NULL AND list_contains(evidence, confidence) GROUP BY chip_id, iso3
), segment AS (
  SELECT segment_id AS id, iso3, max(period_end) AS newest, arg_max(period, period_end) AS period, 100 / count(*) OVER (PARTITION BY iso3) AS one_pct, all_sources_of(source_ids) AS source_ids
  FROM company_shares(evidence) WHERE NOT is_group AND iso3 IS NOT NULL GROUP BY segment_id, iso3
), gap AS (
  SELECT iso3, 'site-h100e' AS gap, id, NULL AS period, one_pct AS weight_pct, source_ids FROM site WHERE h100e IS NULL
  UNION ALL SELECT iso3, 'site-power', id, NULL, h100e_pct, source_ids FROM site WHERE h100e IS NOT NULL AND power_mw IS NULL
  UNION ALL SELECT iso3, 'site-weak', id, NULL, one_pct, source_ids FROM site, weak WHERE list_has_all(weak_ids, source_ids)
  UNION ALL SELECT iso3, 'programme-budget', id, NULL, one_pct, source_ids FROM programme WHERE budget IS NULL
  UNION ALL SELECT iso3, 'programme-weak', id, NULL, one_pct, source_ids FROM programme, weak WHERE list_has_all(weak_ids, source_ids)
  UNION ALL SELECT chip.iso3, 'chip-foundry', id, NULL, h100e_pct, chip.source_ids FROM chip JOIN accelerators a ON a.chip_id = id WHERE a.foundries IS NULL
  UNION ALL SELECT chip.iso3, 'chip-memory', id, NULL, h100e_pct, chip.source_ids FROM chip JOIN accelerators a ON a.chip_id = id WHERE a.memory_makers IS NULL
  UNION ALL SELECT iso3, 'segment-old', id, period, one_pct, source_ids FROM segment WHERE newest < (SELECT data_date FROM data_date) - INTERVAL 1 YEAR
)
SELECT g.iso3, c.name AS country, g.gap, g.id, t.name AS thing, g.period, g.weight_pct, g.source_ids
FROM gap g JOIN countries c USING (iso3) LEFT JOIN things t USING (id) WHERE c.kind <> 'world';
