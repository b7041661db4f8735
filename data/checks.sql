-- Rules that reach across rows or tables: each check is a view of wrong rows.
--
-- A view is named check_<table>__<rule> and yields `line` (of the CSV file), `column_name` and `value`;
-- its comment is the rule and the remedy that a data editor reads. Tables are those of schema.sql, with the line number beside each row.
-- What a column alone must satisfy stands in schema.sql.

-- Words --------------------------------------------------------------------------------------------------------------

CREATE MACRO placeholders(x) AS list_sort(list_distinct(regexp_extract_all(x, '\{(\w+)\}', 1)));

CREATE VIEW check_texts__placeholders AS
SELECT line, column_name, value FROM (UNPIVOT (SELECT line, en, fr, ko FROM texts) ON fr, ko INTO NAME column_name VALUE value) t JOIN (SELECT line, en FROM texts) e USING (line)
WHERE placeholders(value) <> placeholders(e.en);
COMMENT ON VIEW check_texts__placeholders IS 'the translation must fill in the same {names} as the English text: correct its braces';

CREATE VIEW check_texts__braces AS
SELECT line, column_name, value FROM (UNPIVOT (SELECT line, en, fr, ko FROM texts) ON en, fr, ko INTO NAME column_name VALUE value) t
WHERE regexp_matches(regexp_replace(value, '\{\w+\}', '', 'g'), '[{}]');
COMMENT ON VIEW check_texts__braces IS 'a brace stands alone: {name} is the only use of braces';

CREATE MACRO translated_rows() AS TABLE
SELECT 'events' AS table_name, event_id AS row_id FROM events UNION ALL SELECT 'indicators', indicator_id FROM indicators UNION ALL SELECT 'programmes', programme_id FROM programmes;

CREATE VIEW check_translations__row AS
SELECT line, 'row_id' AS column_name, row_id AS value FROM translations ANTI JOIN translated_rows() USING (table_name, row_id) WHERE is_translated(table_name);
COMMENT ON VIEW check_translations__row IS 'the table has no row of this id: correct table_name or row_id, or delete the line';

CREATE VIEW check_translations__one_name AS
SELECT line, 'text' AS column_name, text AS value FROM translations WHERE table_name <> 'events'
QUALIFY count(*) OVER (PARTITION BY table_name, language, text) > 1;
COMMENT ON VIEW check_translations__one_name IS 'two rows of the table have the same name in this language: say in each what tells them apart';

-- Organisations -----------------------------------------------------------------------------------------------------

CREATE VIEW check_organisations__one_id AS
WITH names AS (
  SELECT line, org_id, 'name' AS column_name, name AS value FROM organisations
  UNION ALL SELECT line, org_id, 'local_name', local_name FROM organisations WHERE local_name IS NOT NULL
  UNION ALL SELECT line, org_id, 'aliases', trim(unnest(string_split(aliases, ';'))) FROM organisations WHERE aliases IS NOT NULL
)
SELECT line, column_name, value FROM names
QUALIFY count(DISTINCT org_id) OVER (PARTITION BY plain_name(value)) > 1;
COMMENT ON VIEW check_organisations__one_id IS 'the same name stands under another org_id too: keep one row, and put the other spelling into its aliases';

CREATE VIEW check_organisations__parent AS
SELECT line, 'parent_org_id' AS column_name, parent_org_id AS value FROM organisations child
WHERE parent_org_id IS NOT NULL
  AND (parent_org_id = org_id OR NOT EXISTS (FROM organisations WHERE org_id = child.parent_org_id));
COMMENT ON VIEW check_organisations__parent IS 'the parent must be another row of organisations.csv: add it, or correct the id';

CREATE VIEW check_organisations__parent_circle AS
WITH RECURSIVE up AS (
  SELECT org_id AS start_id, parent_org_id AS org_id, 1 AS steps FROM organisations WHERE parent_org_id IS NOT NULL
  UNION ALL
  SELECT start_id, o.parent_org_id, steps + 1 FROM up JOIN organisations o USING (org_id) WHERE o.parent_org_id IS NOT NULL AND steps < 20
)
SELECT DISTINCT line, 'parent_org_id' AS column_name, o.org_id AS value
FROM up JOIN organisations o ON o.org_id = start_id WHERE up.org_id = start_id;
COMMENT ON VIEW check_organisations__parent_circle IS 'the organisation is its own parent further up: correct parent_org_id';

CREATE VIEW check_countries__union AS
SELECT line, 'union_iso3' AS column_name, union_iso3 AS value FROM countries c
WHERE union_iso3 IS NOT NULL AND NOT EXISTS (FROM countries WHERE iso3 = c.union_iso3 AND kind = 'union');
COMMENT ON VIEW check_countries__union IS 'the union must be a row of countries.csv of kind union';

-- Programmes and consortia ------------------------------------------------------------------------------------------

CREATE VIEW check_programmes__part_of AS
SELECT line, 'part_of_programme_id' AS column_name, part_of_programme_id AS value FROM programmes part
WHERE part_of_programme_id IS NOT NULL
  AND (part_of_programme_id = programme_id OR NOT EXISTS (FROM programmes WHERE programme_id = part.part_of_programme_id));
COMMENT ON VIEW check_programmes__part_of IS 'the whole must be another row of programmes.csv: add it, or correct the id';

CREATE VIEW check_programmes__counted_once AS
WITH RECURSIVE up AS (
  SELECT programme_id, part_of_programme_id AS above, 1 AS steps FROM programmes WHERE counts_in_total AND part_of_programme_id IS NOT NULL
  UNION ALL
  SELECT up.programme_id, p.part_of_programme_id, steps + 1 FROM up JOIN programmes p ON p.programme_id = above
  WHERE p.part_of_programme_id IS NOT NULL AND steps < 20
)
SELECT line, 'counts_in_total' AS column_name, p.programme_id AS value FROM programmes p
WHERE counts_in_total AND (is_umbrella OR EXISTS (
  FROM up JOIN programmes whole ON whole.programme_id = up.above WHERE up.programme_id = p.programme_id AND whole.counts_in_total));
COMMENT ON VIEW check_programmes__counted_once IS 'an umbrella, and a part of a programme that counts itself, must not count in totals: set counts_in_total to no';

CREATE VIEW check_consortia__lead AS
SELECT line, 'lead_org_id' AS column_name, lead_org_id AS value FROM consortia c
WHERE lead_org_id IS NOT NULL
  AND EXISTS (FROM memberships m WHERE m.consortium_id = c.consortium_id)
  AND NOT EXISTS (FROM memberships m WHERE m.consortium_id = c.consortium_id AND m.org_id = c.lead_org_id);
COMMENT ON VIEW check_consortia__lead IS 'the lead must stand in memberships.csv too: add it there, or correct lead_org_id';

CREATE VIEW check_consortia__status AS
SELECT line, 'consortium_id' AS column_name, consortium_id AS value FROM consortia c
WHERE NOT EXISTS (FROM consortium_status s WHERE s.consortium_id = c.consortium_id);
COMMENT ON VIEW check_consortia__status IS 'every consortium needs a row in consortium_status.csv';

CREATE VIEW check_memberships__dates AS
SELECT line, 'until' AS column_name, until AS value FROM memberships WHERE date_start(until) < date_start(since);
COMMENT ON VIEW check_memberships__dates IS 'a membership cannot end before it starts: correct since or until';

CREATE VIEW check_memberships__after_the_end AS
WITH ended AS (
  SELECT consortium_id, max(status_date) AS status_date FROM consortium_status
  GROUP BY consortium_id HAVING arg_max(status, date_start(status_date)) IN ('eliminated', 'not-selected')
)
SELECT m.line, 'until' AS column_name, m.org_id AS value FROM memberships m JOIN ended USING (consortium_id) WHERE m.until IS NULL;
COMMENT ON VIEW check_memberships__after_the_end IS 'the team is out of the contest, so its memberships have ended: fill in until';

CREATE VIEW check_evaluations__twice AS
SELECT line, 'item' AS column_name, item AS value FROM evaluations
QUALIFY count(*) OVER (PARTITION BY programme_id, round, part, item, statistic, consortium_id) > 1;
COMMENT ON VIEW check_evaluations__twice IS 'the same figure stands twice: keep the better sourced row';

CREATE VIEW check_evaluations__team AS
SELECT e.line, 'consortium_id' AS column_name, e.consortium_id AS value
FROM evaluations e JOIN consortia c USING (consortium_id) WHERE c.programme_id <> e.programme_id;
COMMENT ON VIEW check_evaluations__team IS 'the team belongs to another programme: correct programme_id or consortium_id';

CREATE VIEW check_evaluations__best AS
SELECT b.line, 'points' AS column_name, b.points::VARCHAR AS value FROM evaluations b JOIN evaluations o
  ON o.programme_id = b.programme_id AND o.round = b.round AND o.part = b.part AND o.item = b.item AND o.statistic = 'team'
WHERE b.is_best AND o.points > b.points;
COMMENT ON VIEW check_evaluations__best IS 'another team has more points, so this one is not the best: correct points or is_best';

CREATE VIEW check_support__dates AS
SELECT line, 'to_date' AS column_name, to_date AS value FROM support WHERE date_start(to_date) < date_start(from_date);
COMMENT ON VIEW check_support__dates IS 'support cannot end before it starts: correct from_date or to_date';

CREATE VIEW check_support__programme AS
SELECT s.line, 'consortium_id' AS column_name, s.consortium_id AS value
FROM support s JOIN consortia c USING (consortium_id) WHERE c.programme_id <> s.programme_id;
COMMENT ON VIEW check_support__programme IS 'the team belongs to another programme: correct programme_id or consortium_id';

-- Compute -----------------------------------------------------------------------------------------------------------

CREATE VIEW check_sites__links AS
SELECT line, column_name, value FROM (
  SELECT line, site_id, 'part_of_site_id' AS column_name, part_of_site_id AS value FROM sites
  UNION ALL SELECT line, site_id, 'supersedes_site_id', supersedes_site_id FROM sites) link
WHERE value IS NOT NULL AND (value = site_id OR NOT EXISTS (FROM sites WHERE sites.site_id = link.value));
COMMENT ON VIEW check_sites__links IS 'it must be another row of sites.csv: add it, or correct the id';

CREATE VIEW check_sites__plans_do_not_count AS
SELECT line, 'counts_in_total' AS column_name, site_id AS value FROM sites
WHERE counts_in_total AND (kind IN ('programme-plan', 'total') OR status = 'retired');
COMMENT ON VIEW check_sites__plans_do_not_count IS 'a plan without a site, a sum over sites, and a retired machine are never added to totals: set counts_in_total to no';

CREATE VIEW check_sites__phase_counted_once AS
WITH RECURSIVE up AS (
  SELECT site_id, part_of_site_id AS above, 1 AS steps FROM sites WHERE counts_in_total AND part_of_site_id IS NOT NULL
  UNION ALL
  SELECT up.site_id, s.part_of_site_id, steps + 1 FROM up JOIN sites s ON s.site_id = above
  WHERE s.part_of_site_id IS NOT NULL AND steps < 20
)
SELECT DISTINCT s.line, 'counts_in_total' AS column_name, s.site_id AS value
FROM sites s JOIN up USING (site_id) JOIN sites whole ON whole.site_id = up.above WHERE whole.counts_in_total;
COMMENT ON VIEW check_sites__phase_counted_once IS 'a phase and the whole that contains it both count, which adds its chips twice: set counts_in_total to no for one of them';

CREATE VIEW check_sites__superseded_counted AS
SELECT old.line, 'counts_in_total' AS column_name, old.site_id AS value
FROM sites old JOIN sites new ON new.supersedes_site_id = old.site_id
WHERE old.counts_in_total AND new.status IN ('operational', 'retired');
COMMENT ON VIEW check_sites__superseded_counted IS 'a later state of the same machine is there, so this one must not count: set counts_in_total to no';

CREATE VIEW check_sites__coordinates AS
SELECT line, 'latitude' AS column_name, site_id AS value FROM sites WHERE (latitude IS NULL) <> (longitude IS NULL);
COMMENT ON VIEW check_sites__coordinates IS 'latitude and longitude are given together or not at all';

CREATE VIEW check_chips__unit AS
SELECT coalesce((SELECT line FROM chips WHERE chip_id = 'nvidia-h100'), 1) AS line, 'fp16_dense_tflops' AS column_name, 'nvidia-h100' AS value
WHERE NOT EXISTS (FROM chips WHERE chip_id = 'nvidia-h100' AND fp16_dense_tflops IS NOT NULL AND NOT is_family);
COMMENT ON VIEW check_chips__unit IS 'nvidia-h100 is the unit of computing power: keep its row, with its dense FP16 rate, and not as a family';

CREATE VIEW check_site_chips__placeholder AS
SELECT c.line, 'chip_id' AS column_name, c.site_id AS value FROM site_chips c WHERE c.chip_id = 'unstated' AND c.chip_count IS NULL;
COMMENT ON VIEW check_site_chips__placeholder IS 'neither chip nor number is known: delete the row';

CREATE VIEW check_country_series__forecast AS
SELECT line, 'basis' AS column_name, basis AS value FROM country_series
WHERE confidence = 'planned' AND basis IN ('measured', 'estimated');
COMMENT ON VIEW check_country_series__forecast IS 'what is planned is not measured or estimated: set basis to announced, target or forecast';

-- Chips and supply --------------------------------------------------------------------------------------------------

CREATE VIEW check_market_shares__forecast AS
SELECT line, 'is_preferred' AS column_name, org_id AS value FROM market_shares WHERE is_forecast AND is_preferred;
COMMENT ON VIEW check_market_shares__forecast IS 'a forecast is never drawn as data: set is_preferred to no';

CREATE VIEW check_market_shares__one_series AS
SELECT line, 'tracker' AS column_name, tracker AS value FROM market_shares WHERE is_preferred
QUALIFY min(tracker || metric) OVER (PARTITION BY segment_id, period) <> max(tracker || metric) OVER (PARTITION BY segment_id, period);
COMMENT ON VIEW check_market_shares__one_series IS 'two trackers or metrics are preferred for one segment and period: keep one, set is_preferred to no for the other';

CREATE VIEW check_market_shares__sum AS
SELECT line, 'share_pct' AS column_name, org_id AS value FROM market_shares
WHERE is_preferred AND share_pct IS NOT NULL AND org_id NOT IN ('total', 'top-ten', 'top-five')
QUALIFY sum(share_pct) OVER (PARTITION BY segment_id, period) > 101.5;
COMMENT ON VIEW check_market_shares__sum IS 'the preferred shares of the period add to more than 101.5 %: look for a double or a group beside its members';

CREATE VIEW check_supply_links__chip_customer AS
SELECT l.line, 'customer_org_id' AS column_name, l.customer_org_id AS value FROM supply_links l JOIN chips c USING (chip_id)
WHERE l.stage IN ('foundry', 'memory', 'packaging', 'design-ip') AND l.customer_org_id <> c.vendor_org_id;
COMMENT ON VIEW check_supply_links__chip_customer IS 'the customer must be the vendor of the chip: correct customer_org_id or chip_id';

CREATE VIEW check_supply_links__chip_vendor AS
SELECT l.line, 'supplier_org_id' AS column_name, l.supplier_org_id AS value FROM supply_links l JOIN chips c USING (chip_id)
WHERE l.stage IN ('accelerator', 'system') AND l.supplier_org_id <> c.vendor_org_id;
COMMENT ON VIEW check_supply_links__chip_vendor IS 'the supplier must be the vendor of the chip: correct supplier_org_id or chip_id';

CREATE VIEW check_supply_links__dates AS
SELECT line, 'until' AS column_name, until AS value FROM supply_links WHERE date_start(until) < date_start(since);
COMMENT ON VIEW check_supply_links__dates IS 'a link cannot end before it starts: correct since or until';

CREATE VIEW check_supply_links__shares AS
SELECT line, 'share_of_customer_pct' AS column_name, share_of_customer_pct::VARCHAR AS value FROM supply_links
WHERE is_preferred AND status = 'in-force' AND share_of_customer_pct IS NOT NULL
QUALIFY sum(share_of_customer_pct) OVER (PARTITION BY customer_org_id, stage, chip_id, product) > 101.5;
COMMENT ON VIEW check_supply_links__shares IS 'the shares of one product of one customer add to more than 101.5 %: mark the older split with is_preferred no';

CREATE VIEW check_trade__one_series AS
SELECT line, 'is_preferred' AS column_name, source_id AS value FROM trade
QUALIFY count_if(is_preferred) OVER (PARTITION BY reporter_iso3, partner_iso3, product, flow, period) <> 1;
COMMENT ON VIEW check_trade__one_series IS 'exactly one row of a country, partner, product, flow and period is preferred';

CREATE VIEW check_fabs__one_series AS
SELECT line, 'is_preferred' AS column_name, fab_id AS value FROM fabs WHERE is_preferred
QUALIFY count(*) OVER (PARTITION BY org_id, name, product, as_of) > 1;
COMMENT ON VIEW check_fabs__one_series IS 'two figures for one fab, product and date are preferred: keep one, set is_preferred to no for the other';

-- Models and sources ------------------------------------------------------------------------------------------------

CREATE VIEW check_models__base AS
SELECT line, 'base_model' AS column_name, model_id AS value FROM models
WHERE base_model IS NULL AND base_iso3 IS NOT NULL;
COMMENT ON VIEW check_models__base IS 'a country of the base needs the name of the base: fill in base_model';

CREATE VIEW check_sources__read_after_publication AS
SELECT line, 'retrieved' AS column_name, retrieved AS value FROM sources
WHERE date_start(retrieved) + INTERVAL 1 MONTH < date_start(published);
COMMENT ON VIEW check_sources__read_after_publication IS 'a source cannot be read before it is published: correct retrieved or published';
