-- Every name that a reader may look for, organisations first, with the table and the id of its row. Grain: name of a thing. Local names and aliases are inside the entry.
CREATE VIEW search_names AS
WITH entries AS (
  SELECT name || coalesce(' · ' || local_name, '') || coalesce(' · ' || replace(aliases, ';', ' · '), '') AS entry, 'organisations' AS table_name, org_id AS id FROM organisations WHERE kind <> 'aggregate'
  UNION ALL SELECT name, 'sites', site_id FROM sites
  UNION ALL SELECT name, 'chips', chip_id FROM chips WHERE NOT is_family
  UNION ALL SELECT name, 'models', model_id FROM models
  UNION ALL SELECT name, 'consortia', consortium_id FROM consortia
  UNION ALL SELECT name || coalesce(' · ' || local_name, ''), 'programmes', programme_id FROM programmes
)
SELECT entry || CASE WHEN count(*) OVER (PARTITION BY entry) > 1 THEN ' (' || table_name || ')' ELSE '' END AS entry, table_name, id
FROM entries QUALIFY row_number() OVER (PARTITION BY entry, table_name ORDER BY id) = 1 ORDER BY list_position(['organisations', 'programmes', 'consortia', 'sites', 'chips', 'models'], table_name), lower(entry);
