-- Recorded versions of the data, newest first. Grain: version. added, removed, changed: rows against the version before (a row with three new values counts once); 0 in the base.
-- recorded_at: UTC. reason: of the editor, NULL where none was given. base_because: why there was nothing to compare with (first, unreadable), NULL where there was.
CREATE VIEW version_list AS
SELECT v.version_no, v.data_version, v.recorded_at, v.reason, v.previous_version, v.base_because, v.table_rows,
  coalesce(c.added, 0) AS added, coalesce(c.removed, 0) AS removed, coalesce(c.changed, 0) AS changed
FROM versions v LEFT JOIN (
  SELECT version_no, count(*) FILTER (kind = 'added') AS added, count(*) FILTER (kind = 'removed') AS removed,
    count(DISTINCT (table_name, row_key)) FILTER (kind = 'changed') AS changed
  FROM row_changes GROUP BY version_no
) c USING (version_no) ORDER BY v.version_no DESC;

-- What differs between two recorded versions, by their numbers, whatever happened between them. Grain: row added or removed, and value changed in a row that both versions have.
-- Values are text; an empty one is not known. version_no, recorded_at, reason: of the last change to that row or value. What came and went, or went and came back as it was, is left out.
-- thing: name of what the row is about, NULL where that has no profile (any more). source_ids: the source of the row as it is now, of a removed row as it was.
CREATE MACRO changes(older, newer) AS TABLE
WITH event AS (
  FROM row_changes WHERE version_no > older AND version_no <= newer
), fate AS (
  SELECT table_name, row_key, arg_min(kind, version_no) <> 'added' AS was_there, arg_max(kind, version_no) <> 'removed' AS is_there, max(version_no) AS version_no,
    arg_max(row_name, version_no) AS row_name, arg_max(thing_id, version_no) AS thing_id, arg_max(source_id, version_no) AS source_id
  FROM event GROUP BY ALL
), value_event AS (  -- a row that went lost its values, one that came back got values
  SELECT version_no, table_name, row_key, column_name, old_value, new_value FROM event WHERE kind = 'changed'
  UNION ALL
  SELECT version_no, table_name, row_key, cell.key, if(kind = 'removed', cell.value, NULL), if(kind = 'added', cell.value, NULL)
  FROM event, unnest(map_entries(cells)) AS cells(cell)
), net AS (
  SELECT table_name, row_key, column_name, first(old_value ORDER BY version_no) AS old_value, last(new_value ORDER BY version_no) AS new_value, max(version_no) AS version_no
  FROM value_event GROUP BY ALL HAVING first(old_value ORDER BY version_no) IS DISTINCT FROM last(new_value ORDER BY version_no)
), change AS (
  SELECT version_no, table_name, row_key, row_name, thing_id, if(is_there, 'added', 'removed') AS kind, NULL AS column_name, NULL AS old_value, NULL AS new_value, source_id
  FROM fate WHERE was_there <> is_there
  UNION ALL
  SELECT n.version_no, table_name, row_key, row_name, thing_id, 'changed', column_name, old_value, new_value, source_id
  FROM fate JOIN net n USING (table_name, row_key) WHERE was_there AND is_there
)
SELECT c.version_no, v.recorded_at, v.reason, c.table_name, c.row_key, c.row_name, c.thing_id, t.name AS thing, c.kind, c.column_name, c.old_value, c.new_value,
  list_filter([c.source_id], lambda source: source IS NOT NULL) AS source_ids
FROM change c JOIN versions v USING (version_no) LEFT JOIN things t ON t.id = c.thing_id
ORDER BY c.version_no DESC, c.table_name, lower(c.row_name), c.row_key, c.column_name;

-- Everything that is recorded, version by version, newest first. Grain: row added or removed, and value changed, in one version.
CREATE VIEW change_log AS
SELECT v.data_version, v.recorded_at, c.table_name, c.row_key, c.row_name, c.kind, c.column_name, c.old_value, c.new_value, v.reason,
  list_filter([c.source_id], lambda source: source IS NOT NULL) AS source_ids
FROM row_changes c JOIN versions v USING (version_no)
ORDER BY v.version_no DESC, c.table_name, c.row_key, c.column_name;
