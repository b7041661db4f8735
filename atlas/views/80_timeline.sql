-- What happened and what is to come, on one axis: events, releases of national models, sites that start to operate.
-- Grain: event, model or site with a date. day: the first day of a date that is a month, quarter or year. thing: id of what has a profile, about its name; NULL where it is none.
-- event_id: NULL for models and sites. search: other names and spellings, and the title in other languages.
-- is_planned: announced only, or dated after the day the data speaks of, or a site that is not running yet (also where its date has passed).
-- Left out: what has no date, rivals in tables of scores, and sites that are sums or plans for a country. Nothing is added up: phases and earlier states of a site stand for themselves.
CREATE VIEW timeline AS
WITH entry AS (
  SELECT e.event_id, e.date, e.kind, e.iso3, e.title, coalesce(e.consortium_id, o.org_id, e.programme_id) AS thing, concat_ws(' ', a.name, a.local_name, a.aliases, e.subject, w.texts) AS search,
    false AS is_planned, e.confidence, [e.source_id] AS source_ids
  FROM events e LEFT JOIN organisations a ON a.org_id = e.org_id LEFT JOIN organisations o ON o.org_id = e.org_id AND o.kind <> 'aggregate'
  LEFT JOIN (SELECT row_id, string_agg(text, ' ' ORDER BY language) AS texts FROM translations WHERE table_name = 'events' GROUP BY row_id) w ON w.row_id = e.event_id
  UNION ALL
  SELECT NULL, m.released, 'model', m.iso3, o.name || ': ' || m.name, m.model_id, concat_ws(' ', o.local_name, o.aliases, m.family), false, m.confidence, [m.source_id]
  FROM models m JOIN organisations o USING (org_id) WHERE m.role = 'national'
  UNION ALL
  SELECT NULL, operational_date, 'site', iso3, name, site_id, concat_ws(' ', owners, operators, tenants, chip_names), status IN ('planned', 'under-construction'), confidence, source_ids
  FROM site_compute WHERE kind NOT IN ('programme-plan', 'total')
)
SELECT e.event_id, date_start(e.date) AS day, e.date, e.kind, e.iso3, c.name AS country, e.title, e.thing, t.name AS about,
  e.is_planned OR e.confidence = 'planned' OR date_start(e.date) > (SELECT data_date FROM data_date) AS is_planned, e.confidence, e.search, e.source_ids
FROM entry e JOIN countries c USING (iso3) LEFT JOIN things t ON t.id = e.thing
WHERE e.date IS NOT NULL ORDER BY day DESC, e.title;
