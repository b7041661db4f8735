-- Everything that has a profile: organisations, programmes, consortia, sites, chips, models, countries. An id names one thing over all of them.
-- Grain: thing. iso3: its home, NULL where not known or of no country.
CREATE VIEW things AS
SELECT 'organisation' AS kind, org_id AS id, name, local_name, aliases, iso3, [source_id] AS source_ids FROM organisations WHERE kind <> 'aggregate'
UNION ALL SELECT 'programme', programme_id, name, local_name, NULL, iso3, [source_id] FROM programmes
UNION ALL SELECT 'consortium', consortium_id, c.name, NULL, NULL, p.iso3, [c.source_id] FROM consortia c JOIN programmes p USING (programme_id)
UNION ALL SELECT 'site', site_id, name, NULL, NULL, iso3, [source_id] FROM sites
UNION ALL SELECT 'chip', chip_id, ch.name, NULL, NULL, o.iso3, [ch.source_id] FROM chips ch JOIN organisations o ON o.org_id = ch.vendor_org_id
UNION ALL SELECT 'model', model_id, name, NULL, NULL, iso3, [source_id] FROM models
UNION ALL SELECT 'country', iso3, name, NULL, NULL, iso3, [source_id] FROM countries WHERE kind <> 'world';

-- Every name that a reader may look for. Grain: thing. Local names and aliases are inside the entry.
CREATE VIEW search_names AS
WITH entries AS (
  SELECT kind, id, name || coalesce(' · ' || local_name, '') || coalesce(' · ' || replace(aliases, ';', ' · '), '') AS entry FROM things
)
SELECT entry, kind, id FROM entries
ORDER BY list_position(['country', 'organisation', 'programme', 'consortium', 'site', 'chip', 'model'], kind), lower(entry);
