-- What the facts rest on, and how old it is.

-- Facts with the number of sources that state them. Grain: table x fact, as source_use defines it. A fact rests on one source where no row of another source states the same;
-- that two rows of a fact agree is not asked. is_weak_only: every source is a copy, a digest or of unclear origin.
CREATE VIEW facts AS
SELECT table_name, fact, count(*) AS row_count, count(DISTINCT source_id) AS sources, bool_and(is_weak) AS is_weak_only, sources_of(source_id) AS source_ids
FROM source_use JOIN sources USING (source_id) WHERE fact IS NOT NULL GROUP BY table_name, fact;

-- How many facts rest on one source alone. Grain: table. Units: numbers of facts, and per cent of them. alone_weak: the part of alone whose one source is weak.
CREATE VIEW fact_support AS
SELECT table_name, count(*) AS facts, count(*) FILTER (sources = 1) AS alone, count(*) FILTER (sources = 1 AND is_weak_only) AS alone_weak, count(*) FILTER (is_weak_only) AS weak_only,
  100 * avg((sources = 1)::INTEGER) AS alone_pct, all_sources_of(source_ids) AS source_ids
FROM facts GROUP BY table_name ORDER BY facts DESC;

-- The list of sources with their age and what rests on each alone. Grain: source. Unit of age: years from the first day of the date of publication to the day of the build;
-- NULL where the source shows no date. facts_alone: facts that no other source states.
CREATE VIEW source_evidence AS
WITH alone AS (
  SELECT source_ids[1] AS source_id, count(*) AS facts_alone FROM facts WHERE sources = 1 GROUP BY ALL
)
SELECT l.* EXCLUDE (source_ids), date_diff('day', published_day, built_at::DATE) / 365.25 AS age_years, coalesce(facts_alone, 0) AS facts_alone, l.source_ids
FROM source_list l LEFT JOIN alone USING (source_id), build_info;

-- Sources by the year of publication. Grain: year (NULL: the source shows no date) x kind. rows_resting: rows of all tables that name them.
CREATE VIEW source_years AS
SELECT year(published_day) AS year, kind, count(*) AS sources, sum(rows_resting) AS rows_resting, sources_of(source_id) AS source_ids FROM source_list GROUP BY ALL ORDER BY ALL;

-- The tables that rest on a source. Grain: source x table. Unit: rows.
CREATE VIEW source_tables AS
SELECT source_id, table_name, count(*) AS row_count, [source_id] AS source_ids FROM source_use GROUP BY source_id, table_name ORDER BY row_count DESC, table_name;
