-- A macro for the views below: the weakest of some kinds of evidence, that of a figure made of several rows.
CREATE MACRO weakest(x) AS ['official', 'reported', 'estimated', 'planned'][max(list_position(['official', 'reported', 'estimated', 'planned'], x))];

-- Macros for the views below: one of three amounts by the scale chosen, and the end of its unit's code.
CREATE MACRO scaled(scale, absolute, per_million, per_gdp_bn) AS CASE scale WHEN 'per-capita' THEN per_million WHEN 'per-gdp' THEN per_gdp_bn ELSE absolute END;
CREATE MACRO unit_suffix(scale) AS CASE scale WHEN 'per-capita' THEN '_per_million' WHEN 'per-gdp' THEN '_per_gdp_bn' ELSE '' END;

-- Everything that is known of countries through time: country_series and observations, measured or estimated (announced, targets and forecasts never), and the computing power that runs.
-- Grain: indicator x country x period. Units: of the indicator; a code of the words where the indicator is not one of the table (indicator NULL). Unknown: no row.
CREATE MACRO indicator_series(evidence) AS TABLE
SELECT indicator_id, i.name AS indicator, iso3, c.name AS country, period, day, value, i.unit, confidence, source_ids
FROM (
  SELECT indicator_id, iso3, as_of AS period, date_start(as_of) AS day, value, confidence, [source_id] AS source_ids FROM country_series WHERE basis IN ('measured', 'estimated')
  UNION ALL SELECT indicator_id, iso3, year::VARCHAR, make_date(year, 1, 1), value, confidence, [source_id] FROM observations
) JOIN indicators i USING (indicator_id) JOIN countries c USING (iso3)
WHERE c.kind <> 'world' AND list_contains(evidence, confidence)
UNION ALL
SELECT 'compute-growth', NULL, iso3, country, strftime(quarter, '%Y-Q') || quarter(quarter), quarter, h100e, 'h100e', NULL, source_ids FROM compute_growth(evidence);

-- The indicators worth a chart through time: two values or more of two countries or more. Grain: indicator.
CREATE VIEW series_indicators AS
SELECT indicator_id, any_value(indicator) AS indicator, any_value(unit) AS unit, sum(points) AS points, count(*) AS countries, all_sources_of(source_ids) AS source_ids
FROM (
  SELECT indicator_id, iso3, any_value(indicator) AS indicator, any_value(unit) AS unit, count(*) AS points, all_sources_of(source_ids) AS source_ids
  FROM indicator_series(['official', 'reported', 'estimated', 'planned']) GROUP BY indicator_id, iso3 HAVING count(*) > 1
) GROUP BY indicator_id HAVING count(*) > 1 ORDER BY any_value(indicator) NULLS FIRST;

-- One value per indicator and country, to compare: the newest of every series, and what is counted over sites, chips, models, consortia and programmes.
-- Grain: indicator x country. Units: of the indicator, else a code of the words. scale (absolute, per-capita, per-gdp) divides computing power, power and money.
-- Unknown: no row, never a zero. Running, under construction and planned are indicators of their own. A series that a country left more than two years before its newest
-- value anywhere is not known for it: a place on the TOP500 of 2018 says nothing of today. confidence: the weakest of the rows counted.
CREATE MACRO indicator_values(evidence, scale := 'absolute') AS TABLE
WITH today AS (
  SELECT strftime(data_date, '%Y-%m') AS period FROM data_date
), newest AS (
  SELECT
    CASE
      WHEN indicator_id IN ('population', 'gdp-usd', 'rd-spend-pct-gdp') OR starts_with(indicator_id, 'electricity-') THEN 'economy'
      WHEN starts_with(indicator_id, 'notable-ai-models') THEN 'models'
      WHEN starts_with(indicator_id, 'private-ai-investment') THEN 'money'
      WHEN ends_with(indicator_id, '-chip-share') THEN 'chips'
      ELSE 'compute'
    END AS group_id,
    indicator_id, indicator, iso3, value, unit, period, confidence, source_ids
  FROM (
    FROM indicator_series(evidence) WHERE indicator_id <> 'compute-growth' QUALIFY day >= max(day) OVER (PARTITION BY indicator_id) - INTERVAL 2 YEAR
  ) QUALIFY row_number() OVER (PARTITION BY indicator_id, iso3 ORDER BY day DESC, period DESC) = 1
), site AS (
  SELECT iso3, status, weakest(CASE WHEN h100e IS NOT NULL THEN confidence END) AS h100e, weakest(CASE WHEN power_mw IS NOT NULL THEN confidence END) AS power_mw, weakest(confidence) AS sites
  FROM site_compute WHERE counts_in_total AND list_contains(evidence, confidence) GROUP BY iso3, status
), compute AS (
  SELECT c.*, site.h100e AS h100e_confidence, site.power_mw AS power_confidence, site.sites AS sites_confidence FROM compute_by_country(evidence) c JOIN site USING (iso3, status)
), designed AS (
  SELECT iso3, count(*) AS chips, max(fp16_dense_tflops) AS tflops, weakest(confidence) AS confidence, all_sources_of(source_ids) AS source_ids,
    arg_max(confidence, fp16_dense_tflops) AS fastest_confidence, arg_max(source_ids, fp16_dense_tflops) AS fastest_sources
  FROM accelerators WHERE NOT is_planned AND iso3 IS NOT NULL AND list_contains(evidence, confidence) GROUP BY iso3
), model AS (
  SELECT iso3, count(*) AS models, count(DISTINCT org_id || ' ' || coalesce(family, model_id)) AS families,
    100 * avg(has_open_weights::INTEGER) AS open_pct, 100 * avg((from_scratch = 'yes')::INTEGER) AS scratch_pct,
    max(parameters_b) AS parameters_b, arg_max(confidence, parameters_b) AS largest_confidence, arg_max(source_id, parameters_b) AS largest_source,
    max(training_compute_flop) / 1e24 AS training_yottaflop, arg_max(confidence, training_compute_flop) AS training_confidence, arg_max(source_id, training_compute_flop) AS training_source,
    weakest(confidence) AS confidence, sources_of(source_id) AS source_ids
  FROM models WHERE role = 'national' AND confidence <> 'planned' AND list_contains(evidence, confidence) GROUP BY iso3
), team AS (
  SELECT m.iso3, count(DISTINCT consortium_id) AS consortia, weakest(m.confidence) AS confidence, all_sources_of(source_ids) AS source_ids
  FROM members m WHERE list_contains(evidence, m.confidence) GROUP BY m.iso3
), membership AS (
  SELECT iso3, sum(memberships) AS memberships, 100 * sum(domestic) / nullif(sum(domestic) + sum(abroad), 0) AS domestic_pct, all_sources_of(source_ids) AS source_ids
  FROM members_by_country(evidence) GROUP BY iso3
), budget AS (
  SELECT m.*, w.confidence FROM money_by_country(evidence) m JOIN (
    SELECT iso3, funding, coalesce(budget_stage = 'announced', false) OR confidence = 'planned' AS is_announced_only, weakest(confidence) AS confidence
    FROM programme_money WHERE counts_in_total AND budget_usd_m_at_rate IS NOT NULL AND list_contains(evidence, confidence) GROUP BY ALL
  ) w USING (iso3, funding, is_announced_only) WHERE funding = 'public'
), counted AS (
  SELECT 'compute' AS group_id, 'compute-' || status AS indicator_id, iso3, scaled(scale, h100e, h100e_per_million, h100e_per_gdp_bn) AS value, 'h100e' || unit_suffix(scale) AS unit,
    h100e_confidence AS confidence, source_ids FROM compute
  UNION ALL SELECT 'compute', 'power-' || status, iso3, scaled(scale, power_mw, power_mw_per_million, power_mw_per_gdp_bn), 'power_mw' || unit_suffix(scale), power_confidence, source_ids FROM compute
  UNION ALL SELECT 'compute', 'sites-' || status, iso3, sites, 'sites', sites_confidence, source_ids FROM compute
  UNION ALL SELECT 'chips', 'chips-designed', iso3, chips, 'chips', confidence, source_ids FROM designed
  UNION ALL SELECT 'chips', 'chip-fastest', iso3, tflops, 'tflops', fastest_confidence, fastest_sources FROM designed
  UNION ALL SELECT 'models', 'model-families', iso3, families, 'families', confidence, source_ids FROM model
  UNION ALL SELECT 'models', 'models', iso3, models, 'models', confidence, source_ids FROM model
  UNION ALL SELECT 'models', 'models-open', iso3, open_pct, 'share', confidence, source_ids FROM model
  UNION ALL SELECT 'models', 'models-from-scratch', iso3, scratch_pct, 'share', confidence, source_ids FROM model
  UNION ALL SELECT 'models', 'model-parameters', iso3, parameters_b, 'parameters_b', largest_confidence, [largest_source] FROM model
  UNION ALL SELECT 'models', 'model-training', iso3, training_yottaflop, 'yottaflop', training_confidence, [training_source] FROM model
  UNION ALL SELECT 'consortia', 'consortia', iso3, consortia, 'consortia', confidence, source_ids FROM team
  UNION ALL SELECT 'consortia', 'memberships', iso3, memberships, 'members', t.confidence, m.source_ids FROM membership m JOIN team t USING (iso3)
  UNION ALL SELECT 'consortia', 'members-domestic', iso3, domestic_pct, 'share', t.confidence, m.source_ids FROM membership m JOIN team t USING (iso3)
  UNION ALL SELECT 'money', CASE WHEN is_announced_only THEN 'budget-announced' ELSE 'budget-public' END, iso3,
    scaled(scale, budget_usd_m, budget_usd_m_per_million, budget_usd_m_per_gdp_bn), 'budget_usd_m' || unit_suffix(scale), confidence, source_ids FROM budget
)
SELECT group_id, indicator_id, indicator, iso3, c.name AS country, value, unit, period, confidence, source_ids
FROM (
  SELECT group_id, indicator_id, NULL AS indicator, iso3, value, unit, period, confidence, source_ids FROM counted, today WHERE value IS NOT NULL
  UNION ALL FROM newest
) JOIN countries c USING (iso3)
WHERE c.kind <> 'world'
ORDER BY list_position(['economy', 'compute', 'chips', 'models', 'consortia', 'money'], group_id), indicator IS NOT NULL, coalesce(indicator, indicator_id), iso3;
