-- Events with their country and what they are about. Grain: event. thing: id of the organisation or programme that it is about; NULL where a word says it.
CREATE VIEW event_list AS
SELECT e.event_id, e.date, date_start(e.date) AS day, e.iso3, c.name AS country, e.kind, e.title,
  coalesce(o.name, p.name, e.subject) AS about, coalesce(e.org_id, e.programme_id) AS thing, e.org_id, e.programme_id, e.consortium_id, e.confidence, e.note, [e.source_id] AS source_ids
FROM events e JOIN countries c USING (iso3) LEFT JOIN organisations o USING (org_id) LEFT JOIN programmes p USING (programme_id);

-- Every row of every table that names a source, with the fact that it states: the thing it is about, without who counted and how. Rows of two sources with the same fact are rivals or doubles.
-- Grain: row. fact: the columns in brackets; NULL in lists of codes and definitions (countries, indicators, segments), which state no fact. Metric and tracker of a share, date and measurer of a score,
-- and the source are left out of the key. Built over all tables by hand, since SQL cannot loop; tests compare it with schema.sql.
CREATE VIEW source_use AS
SELECT 'countries' AS table_name, source_id, NULL::VARCHAR[] AS fact FROM countries UNION ALL SELECT 'indicators', source_id, NULL FROM indicators UNION ALL SELECT 'segments', source_id, NULL FROM segments
UNION ALL SELECT 'organisations', source_id, [org_id] FROM organisations
UNION ALL SELECT 'observations', source_id, [iso3, indicator_id, year::VARCHAR] FROM observations
UNION ALL SELECT 'exchange_rates', source_id, [currency, year::VARCHAR] FROM exchange_rates
UNION ALL SELECT 'programmes', source_id, [programme_id] FROM programmes
UNION ALL SELECT 'programme_leads', source_id, [programme_id, org_id] FROM programme_leads
UNION ALL SELECT 'consortia', source_id, [consortium_id] FROM consortia
UNION ALL SELECT 'consortium_status', source_id, [consortium_id, status_date] FROM consortium_status
UNION ALL SELECT 'memberships', source_id, [consortium_id, org_id] FROM memberships
UNION ALL SELECT 'chips', source_id, [chip_id] FROM chips
UNION ALL SELECT 'support', source_id, [programme_id, consortium_id, scope, resource, chip_id, from_date, to_date] FROM support
UNION ALL SELECT 'evaluations', source_id, [programme_id, round::VARCHAR, part, item, statistic, consortium_id] FROM evaluations
UNION ALL SELECT 'sites', source_id, [site_id] FROM sites
UNION ALL SELECT 'site_chips', source_id, [site_id, chip_id] FROM site_chips
UNION ALL SELECT 'site_parties', source_id, [site_id, org_id, role] FROM site_parties
UNION ALL SELECT 'country_series', source_id, [iso3, indicator_id, as_of] FROM country_series
UNION ALL SELECT 'market_shares', source_id, [segment_id, period, org_id, is_forecast::VARCHAR] FROM market_shares
UNION ALL SELECT 'supply_links', source_id, [supplier_org_id, customer_org_id, stage, product, chip_id] FROM supply_links
UNION ALL SELECT 'fabs', source_id, [org_id, name, product, as_of] FROM fabs
UNION ALL SELECT 'trade', source_id, [reporter_iso3, partner_iso3, product, flow, period] FROM trade
UNION ALL SELECT 'shipments', source_id, [chip_id, period] FROM shipments
UNION ALL SELECT 'installed_base', source_id, [owner_org_id, vendor_org_id, as_of] FROM installed_base
UNION ALL SELECT 'models', source_id, [model_id] FROM models
UNION ALL SELECT 'scores', source_id, [model_id, benchmark, setting] FROM scores
UNION ALL SELECT 'events', source_id, [event_id] FROM events;

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

-- Tables and their columns as schema.sql declares them. Grain: column. comment: meaning, with the unit in brackets.
CREATE VIEW dictionary AS
SELECT c.table_name, t.estimated_size AS table_rows, c.column_index, c.column_name, c.data_type, c.comment
FROM duckdb_columns() c JOIN duckdb_tables() t USING (table_oid, database_name)
WHERE c.database_name = current_database() AND c.comment IS NOT NULL AND c.table_name NOT IN ('texts', 'translations') ORDER BY t.table_oid, c.column_index;
