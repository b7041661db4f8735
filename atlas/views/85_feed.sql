-- Events as a feed tells them, newest first. Grain: event. thing: id of the team, organisation or programme that it is about; NULL where it has no profile.
CREATE VIEW feed_events AS
SELECT e.event_id, date_start(e.date) AS day, e.date, e.iso3, c.name AS country, e.kind, e.title, t.id AS thing, e.confidence, s.publisher, s.url, [e.source_id] AS source_ids
FROM events e JOIN countries c USING (iso3) JOIN sources s ON s.source_id = e.source_id LEFT JOIN things t ON t.id = coalesce(e.consortium_id, e.org_id, e.programme_id)
ORDER BY day DESC, e.event_id;
