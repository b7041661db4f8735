-- What can be asked for by name: tables, views, and macros, which take arguments as compute_by_country(['official']) does.
-- A table that answers a question, kept since it is slow to compute, is listed as the view that it stands for.
-- Grain: column; a macro has one row without a column. about: meaning of the whole; comment: meaning of the column, with the unit in brackets;
-- a column of a view has that of the tables, where these agree; NULL where they do not, and in macros.
CREATE VIEW askable AS
WITH meaning AS (
  SELECT column_name, any_value(comment) AS comment FROM dictionary GROUP BY column_name HAVING count(DISTINCT comment) = 1
), relation AS (
  SELECT table_name AS name, CASE WHEN comment IS NULL THEN 'table' ELSE 'view' END AS kind, table_oid AS place, comment AS about
  FROM duckdb_tables() WHERE database_name = current_database() AND NOT internal AND table_name NOT IN ('texts', 'translations', 'build_info')
  UNION ALL SELECT view_name, 'view', view_oid, comment FROM duckdb_views() WHERE database_name = current_database() AND NOT internal
)
SELECT * EXCLUDE (place) FROM (
  SELECT r.name, r.kind, r.name AS call, r.about, r.place, c.column_index, c.column_name, c.data_type, coalesce(c.comment, m.comment) AS comment
  FROM relation r JOIN duckdb_columns() c ON c.table_name = r.name AND c.database_name = current_database() LEFT JOIN meaning m USING (column_name)
  UNION ALL SELECT function_name, 'macro', function_name || '(' || array_to_string(parameters, ', ') || ')', comment, function_oid, NULL, NULL, NULL, NULL
  FROM duckdb_functions() WHERE database_name = current_database() AND function_type = 'table_macro' AND NOT internal
) ORDER BY kind = 'macro', kind = 'view', place, column_index;
