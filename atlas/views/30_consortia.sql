-- The contest of a programme: every status change of every team.
-- Grain: consortium x change. Rank: as reported by the press, NULL where not known.
CREATE VIEW contest AS
SELECT
  c.programme_id, p.iso3, consortium_id, c.name AS consortium, coalesce(o.name, c.name) AS lead, o.local_name AS lead_local_name, c.focus,
  s.status, s.status_date, date_start(s.status_date) AS status_day, s.round, s.rank, s.confidence, s.note,
  list_distinct([s.source_id, c.source_id]) AS source_ids
FROM consortium_status s JOIN consortia c USING (consortium_id) JOIN programmes p USING (programme_id)
LEFT JOIN organisations o ON o.org_id = c.lead_org_id
ORDER BY s.status_date, lead;

-- The newest state of every consortium. Grain: consortium.
CREATE VIEW consortium_now AS
SELECT programme_id, iso3, consortium_id, consortium, lead, focus, arg_max(status, status_day) AS status, max(status_date) AS status_date,
  bool_or(status = 'selected' OR status = 'added') AS was_chosen, all_sources_of(source_ids) AS source_ids
FROM contest GROUP BY ALL;

-- Members with what they bring and where they come from.
-- Grain: consortium x member. is_abroad: home country known and not that of the consortium; NULL where the home is not known.
CREATE VIEW members AS
SELECT
  c.programme_id, p.name AS programme, m.consortium_id, c.name AS consortium, c.iso3, n.name AS country, coalesce(lead.name, c.name) AS lead,
  m.org_id, o.name AS member, o.local_name, o.iso3 AS home_iso3, h.name AS home_country, o.kind, o.sector, m.role, m.layer, m.since, m.until,
  o.iso3 <> c.iso3 AND o.iso3 IS DISTINCT FROM n.union_iso3 AS is_abroad, m.confidence, m.note,
  list_distinct([m.source_id, o.source_id]) AS source_ids
FROM memberships m JOIN consortia c USING (consortium_id) JOIN programmes p USING (programme_id) JOIN organisations o ON o.org_id = m.org_id
JOIN countries n ON n.iso3 = c.iso3 LEFT JOIN countries h ON h.iso3 = o.iso3 LEFT JOIN organisations lead ON lead.org_id = c.lead_org_id;

-- Members by country. For the European Union any member from a member state is its own.
-- Grain: country x layer. Units: memberships, and different organisations. Unknown homes are counted apart.
CREATE MACRO members_by_country(evidence) AS TABLE
SELECT
  m.iso3, m.country, layer,
  count(*) AS memberships,
  count(DISTINCT org_id) AS organisations,
  count(*) FILTER (home_iso3 IS NULL) AS homes_unknown,
  count(*) FILTER (home_iso3 = m.iso3 OR hc.union_iso3 = m.iso3) AS domestic,
  count(*) FILTER (home_iso3 IS NOT NULL AND home_iso3 <> m.iso3 AND hc.union_iso3 IS DISTINCT FROM m.iso3) AS abroad,
  all_sources_of(source_ids) AS source_ids
FROM members m LEFT JOIN countries hc ON hc.iso3 = home_iso3
WHERE list_contains(evidence, confidence)
GROUP BY m.iso3, m.country, layer;

-- Points of the evaluation rounds. Grain: round x part x item x statistic (x team). Unit: points.
CREATE VIEW evaluation_points AS
SELECT e.programme_id, p.iso3, e.round, e.evaluated, e.part, e.item, e.max_points, e.statistic, e.consortium_id, coalesce(o.name, c.name) AS lead,
  e.points, e.is_best, e.judges, e.confidence, e.note, [e.source_id] AS source_ids
FROM evaluations e JOIN programmes p USING (programme_id) LEFT JOIN consortia c USING (consortium_id) LEFT JOIN organisations o ON o.org_id = c.lead_org_id;

-- What the state gave. Grain: grant. Units: chips or chip equivalents held through the period (a level, never added over periods), whole units of money.
-- amount_usd_m: at usd_rates. receiver_programme_id: the programme where it is for all its teams. Unknown: NULL.
CREATE VIEW support_rows AS
SELECT s.support_id, s.programme_id, p.iso3, p.name AS programme, s.consortium_id, coalesce(o.name, c.name, p.name) AS receiver, CASE WHEN c.consortium_id IS NULL THEN p.programme_id END AS receiver_programme_id, s.scope, s.counts_in_total, s.resource,
  s.stage, s.chip_id, ch.name AS chip, s.quantity, s.unit, s.amount, s.currency, s.amount / x.per_usd / 1e6 AS amount_usd_m,
  s.from_date, s.to_date, date_start(s.from_date) AS from_day, date_start(s.to_date) AS to_day, pr.name AS provider, s.confidence, s.note,
  list_filter([s.source_id, x.source_id], lambda source: source IS NOT NULL) AS source_ids
FROM support s JOIN programmes p USING (programme_id) LEFT JOIN consortia c USING (consortium_id) LEFT JOIN organisations o ON o.org_id = c.lead_org_id
LEFT JOIN chips ch USING (chip_id) LEFT JOIN organisations pr ON pr.org_id = s.provider_org_id LEFT JOIN usd_rates x ON x.currency = s.currency;

-- Programmes with their budget in dollars at usd_rates, else as a source states it.
-- Grain: programme. Unit: million USD. Unknown budget: NULL.
CREATE VIEW programme_money AS
SELECT
  p.programme_id, p.iso3, c.name AS country, p.name AS programme, p.local_name, p.part_of_programme_id, p.is_umbrella, p.counts_in_total, p.funding, p.status, p.announced, p.ends,
  p.budget_value, p.budget_currency, coalesce(p.budget_value / x.per_usd / 1e6, p.budget_usd_m) AS budget_usd_m_at_rate, p.budget_stage, p.goal,
  (SELECT string_agg(o.name, ', ' ORDER BY l.position) FROM programme_leads l JOIN organisations o USING (org_id) WHERE l.programme_id = p.programme_id) AS run_by,
  p.confidence, p.note,
  list_filter([p.source_id, x.source_id], lambda source: source IS NOT NULL) AS source_ids
FROM programmes p JOIN countries c USING (iso3) LEFT JOIN usd_rates x ON x.currency = p.budget_currency;

-- Programme money per country: public, mixed and private money apart, budgets apart from what is only announced.
-- Grain: country x funding x is_announced_only (a budget whose stage the source does not state is not among the announcements). Unit: million USD, and per million people and per billion USD of GDP. Wholes only, so nothing is added twice.
CREATE MACRO money_by_country(evidence) AS TABLE
SELECT
  m.iso3, m.country, m.funding,
  coalesce(budget_stage = 'announced', false) OR confidence = 'planned' AS is_announced_only,
  count(*) AS programmes, count(budget_usd_m_at_rate) AS programmes_with_budget,
  sum(budget_usd_m_at_rate) AS budget_usd_m,
  sum(budget_usd_m_at_rate) / any_value(population_m) AS budget_usd_m_per_million,
  sum(budget_usd_m_at_rate) / any_value(gdp_usd_bn) AS budget_usd_m_per_gdp_bn,
  all_sources_of(m.source_ids) AS source_ids
FROM programme_money m JOIN country_scale USING (iso3)
WHERE counts_in_total AND list_contains(evidence, confidence)
GROUP BY ALL;
