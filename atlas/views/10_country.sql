-- Countries with what other figures are divided by.
-- Grain: country. Units: million people, billion USD at current prices, both of the newest year known. Unknown: NULL, so that a figure per head is unknown too.
CREATE VIEW country_scale AS
WITH newest AS (
  SELECT iso3, indicator_id, max_by(value, year) AS value, max(year) AS year, max_by(source_id, year) AS source_id
  FROM observations WHERE indicator_id IN ('population', 'gdp-usd') GROUP BY ALL
)
SELECT
  c.iso3, c.name AS country, c.kind, c.union_iso3,
  p.value / 1e6 AS population_m, p.year AS population_year,
  g.value / 1e9 AS gdp_usd_bn, g.year AS gdp_year,
  list_filter([p.source_id, g.source_id], lambda source: source IS NOT NULL) AS source_ids
FROM countries c
LEFT JOIN newest p ON p.iso3 = c.iso3 AND p.indicator_id = 'population'
LEFT JOIN newest g ON g.iso3 = c.iso3 AND g.indicator_id = 'gdp-usd';

-- The rate at which money in another currency is shown in dollars. Grain: currency. Unit: units of the currency for one dollar, average of the newest year known.
CREATE VIEW usd_rates AS
SELECT currency, year, per_usd, source_id FROM exchange_rates QUALIFY year = max(year) OVER (PARTITION BY currency);

-- The day the data speaks of: when its newest source was read. Grain: one row.
CREATE VIEW data_date AS SELECT max(date_start(retrieved)) AS data_date FROM sources;

-- The years that amounts per head, per GDP and in dollars refer to. Grain: one row.
CREATE VIEW reference_years AS
SELECT (SELECT max(population_year) FROM country_scale) AS population_year, (SELECT max(gdp_year) FROM country_scale) AS gdp_year, (SELECT max(year) FROM usd_rates) AS rate_year;

-- A macro for the views below: the sources of a group of rows, each once, in the order of their ids.
CREATE MACRO sources_of(x) AS list_sort(list_distinct(list(x)));
CREATE MACRO all_sources_of(x) AS list_sort(list_distinct(flatten(list(x))));
