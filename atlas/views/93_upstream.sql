-- Upstream layers that are loaded. Grain: layer. rows_read: upstream rows; rows_added: rows of ours that it adds; facts_beside: values beside rows of ours; unmapped, doubtful: names and things
-- that stand in no table. No row where nothing was refreshed.
CREATE VIEW layer_list AS
SELECT title, publisher, licence, retrieved, rows_read, rows_added, facts AS facts_beside, doubtful, unmapped, is_noncommercial, is_redistributable, note, page AS url, [source_id] AS source_ids
FROM layers ORDER BY title;

-- What upstream sources say of things that the Atlas has a row of. Grain: layer x row x field. thing: name of what the row is about; NULL where it has no profile.
-- curated_value: what our row says, NULL where it says nothing or has no such field. is_otherwise: both say something, and not the same.
CREATE VIEW upstream_values AS
SELECT f.table_name, f.thing_id, t.id AS about_id, t.name AS thing, f.field, f.curated_value, f.value AS upstream_value, says_otherwise(f.value, f.curated_value) AS is_otherwise,
  f.upstream_name, l.title AS layer, f.url, [f.source_id] AS source_ids
FROM upstream_facts f JOIN layers l USING (layer) LEFT JOIN things t ON t.id = split_part(f.thing_id, '/', 1)
ORDER BY is_otherwise DESC, f.table_name, lower(thing), f.field;

-- Upstream things that may be one of ours, and stand in no table until an editor decides. Grain: upstream thing x row of ours.
CREATE VIEW upstream_doubts AS
SELECT d.upstream_name, d.table_name, d.thing_id, t.name AS thing, d.reason, l.title AS layer, [d.source_id] AS source_ids
FROM upstream_doubtful d JOIN layers l USING (layer) LEFT JOIN things t ON t.id = split_part(d.thing_id, '/', 1) ORDER BY d.table_name, lower(d.upstream_name);

-- Upstream names that stand for none of our ids. Grain: layer x kind x name. rows: upstream rows with that name.
CREATE VIEW upstream_names AS
SELECT u.name AS upstream_name, u.kind, u.rows, u.example, l.title AS layer, [u.source_id] AS source_ids
FROM upstream_unmapped u JOIN layers l USING (layer) ORDER BY u.rows DESC, lower(u.name);
