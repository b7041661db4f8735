-- Events with their country and what they are about. Grain: event.
CREATE VIEW event_list AS
SELECT e.event_id, e.date, date_start(e.date) AS day, e.iso3, c.name AS country, e.kind, e.title,
  coalesce(o.name, p.name, e.subject) AS about, e.org_id, e.programme_id, e.consortium_id, e.confidence, e.note, [e.source_id] AS source_ids
FROM events e JOIN countries c USING (iso3) LEFT JOIN organisations o USING (org_id) LEFT JOIN programmes p USING (programme_id);

-- Every row of every table that names a source, as (table, source). Built over all fact tables by hand, since SQL cannot loop; a test compares it with schema.sql.
CREATE VIEW source_use AS
SELECT 'countries' AS table_name, source_id FROM countries UNION ALL SELECT 'organisations', source_id FROM organisations
UNION ALL SELECT 'indicators', source_id FROM indicators UNION ALL SELECT 'observations', source_id FROM observations
UNION ALL SELECT 'exchange_rates', source_id FROM exchange_rates UNION ALL SELECT 'programmes', source_id FROM programmes
UNION ALL SELECT 'programme_leads', source_id FROM programme_leads UNION ALL SELECT 'consortia', source_id FROM consortia
UNION ALL SELECT 'consortium_status', source_id FROM consortium_status UNION ALL SELECT 'memberships', source_id FROM memberships
UNION ALL SELECT 'chips', source_id FROM chips UNION ALL SELECT 'support', source_id FROM support UNION ALL SELECT 'evaluations', source_id FROM evaluations
UNION ALL SELECT 'sites', source_id FROM sites UNION ALL SELECT 'site_chips', source_id FROM site_chips UNION ALL SELECT 'site_parties', source_id FROM site_parties
UNION ALL SELECT 'country_series', source_id FROM country_series UNION ALL SELECT 'segments', source_id FROM segments
UNION ALL SELECT 'market_shares', source_id FROM market_shares UNION ALL SELECT 'supply_links', source_id FROM supply_links UNION ALL SELECT 'fabs', source_id FROM fabs
UNION ALL SELECT 'trade', source_id FROM trade UNION ALL SELECT 'shipments', source_id FROM shipments UNION ALL SELECT 'installed_base', source_id FROM installed_base
UNION ALL SELECT 'models', source_id FROM models UNION ALL SELECT 'scores', source_id FROM scores UNION ALL SELECT 'events', source_id FROM events;

-- Sources with the number of rows that rest on them. Grain: source.
CREATE VIEW source_list AS
SELECT s.source_id, s.publisher, s.title, s.published, date_start(s.published) AS published_day, s.retrieved, s.kind, s.is_weak, s.licence, count(u.source_id) AS rows_resting,
  string_agg(DISTINCT u.table_name, ', ' ORDER BY u.table_name) AS tables, s.note, s.url, [s.source_id] AS source_ids
FROM sources s LEFT JOIN source_use u USING (source_id) GROUP BY ALL;

-- How new and how complete the data is. Grain: one row.
CREATE VIEW data_state AS
SELECT
  (SELECT arg_max(published, date_start(published)) FROM sources) AS newest_source,
  (SELECT count(*) FROM sources) AS sources,
  (SELECT any_value(table_rows) FROM build_info) AS table_rows,
  (SELECT 100 * avg(s.is_weak::INTEGER) FROM source_use u JOIN sources s USING (source_id)) AS weak_pct,
  (SELECT count(*) FROM sites WHERE counts_in_total AND status = 'operational') AS sites,
  (SELECT 100 * avg((h100e IS NOT NULL)::INTEGER) FROM site_compute WHERE counts_in_total AND status = 'operational') AS sites_with_h100e_pct;

-- What is known of each country, and how much is not. Grain: country. Units: numbers of rows, and per cent of them. NULL where there is nothing to know.
CREATE VIEW coverage AS
WITH site AS (
  SELECT iso3, count(*) AS sites, round(100 * avg((h100e IS NOT NULL)::INTEGER), 1) AS sites_with_h100e_pct, round(100 * avg((power_mw IS NOT NULL)::INTEGER), 1) AS sites_with_power_pct,
    all_sources_of(source_ids) AS source_ids
  FROM site_compute WHERE counts_in_total AND status = 'operational' GROUP BY iso3
), programme AS (
  SELECT iso3, count(*) AS programmes, round(100 * avg((budget_value IS NOT NULL)::INTEGER), 1) AS with_budget_pct, sources_of(source_id) AS source_ids FROM programmes GROUP BY iso3
), member AS (
  SELECT iso3, count(*) AS members, round(100 * avg((home_iso3 IS NOT NULL)::INTEGER), 1) AS homes_known_pct, all_sources_of(source_ids) AS source_ids FROM members GROUP BY iso3
), model AS (
  SELECT iso3, count(*) AS national_models, round(100 * avg((from_scratch = 'yes' OR base_iso3 IS NOT NULL)::INTEGER), 1) AS bases_known_pct, sources_of(source_id) AS source_ids
  FROM models WHERE role = 'national' GROUP BY iso3
)
SELECT c.iso3, c.name AS country, sites, sites_with_h100e_pct, sites_with_power_pct, programmes, with_budget_pct, members, homes_known_pct, national_models, bases_known_pct,
  list_sort(list_distinct(flatten([coalesce(x, []) for x in [site.source_ids, programme.source_ids, member.source_ids, model.source_ids]]))) AS source_ids
FROM countries c LEFT JOIN site USING (iso3) LEFT JOIN programme USING (iso3) LEFT JOIN member USING (iso3) LEFT JOIN model USING (iso3)
WHERE coalesce(sites, programmes, members, national_models) IS NOT NULL ORDER BY country;

-- Tables and their columns as schema.sql declares them. Grain: column. comment: meaning, with the unit in brackets.
CREATE VIEW dictionary AS
SELECT c.table_name, t.estimated_size AS table_rows, c.column_index, c.column_name, c.data_type, c.comment
FROM duckdb_columns() c JOIN duckdb_tables() t USING (table_oid, database_name)
WHERE c.database_name = current_database() AND c.comment IS NOT NULL AND c.table_name <> 'texts' ORDER BY t.table_oid, c.column_index;
