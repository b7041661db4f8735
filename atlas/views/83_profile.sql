-- What a profile rests on beside the views of the other pages. Each is filtered by the id of a thing, shows rival rows beside the preferred one
-- (is_preferred), leaves unknown values empty, and ends in source_ids. Lists of programmes, members, status changes, points and trade are those of the pages.

-- What a thing belongs to. Grain: thing x relation x other thing that has a profile.
CREATE VIEW profile_links AS
WITH link AS (
  SELECT org_id AS id, 'parent' AS relation, parent_org_id AS other_id, source_id FROM organisations
  UNION ALL SELECT consortium_id, 'programme', programme_id, source_id FROM consortia
  UNION ALL SELECT consortium_id, 'lead', lead_org_id, source_id FROM consortia
  UNION ALL SELECT programme_id, 'part-of', part_of_programme_id, source_id FROM programmes
  UNION ALL SELECT programme_id, 'run-by', org_id, source_id FROM programme_leads
  UNION ALL SELECT site_id, role, org_id, source_id FROM site_parties
  UNION ALL SELECT site_id, 'part-of', part_of_site_id, source_id FROM sites
  UNION ALL SELECT site_id, 'earlier', supersedes_site_id, source_id FROM sites
  UNION ALL SELECT supersedes_site_id, 'later', site_id, source_id FROM sites
  UNION ALL SELECT chip_id, 'designer', vendor_org_id, source_id FROM chips
  UNION ALL SELECT model_id, 'maker', org_id, source_id FROM models
  UNION ALL SELECT model_id, 'consortium', consortium_id, source_id FROM models
  UNION ALL SELECT m.model_id, 'base', b.model_id, m.source_id FROM models m JOIN models b ON b.name = m.base_model
  UNION ALL SELECT iso3, 'union', union_iso3, source_id FROM countries
  UNION ALL SELECT id, 'country', iso3, source_ids[1] FROM things WHERE kind <> 'country'
)
SELECT l.id, l.relation, l.other_id, t.kind AS other_kind, t.name AS other, [l.source_id] AS source_ids
FROM link l JOIN things t ON t.id = l.other_id WHERE l.id IS NOT NULL
ORDER BY list_position(['lead', 'owner', 'operator', 'tenant', 'designer', 'maker', 'consortium', 'parent', 'programme', 'run-by', 'part-of', 'base', 'earlier', 'later', 'union', 'country'], relation), other;

-- The things whose id, name, local name or alias is most like some words; case and accents do not matter. Grain: thing, five at most.
-- likeness: Jaro-Winkler, 0 to 1; below 0.7 two names have nothing to do with each other.
CREATE MACRO nearest_things(wanted) AS TABLE
WITH spelling AS (
  SELECT kind, id, name, source_ids, unnest([id, name, local_name] || string_split(coalesce(aliases, ''), ';')) AS spelling FROM things
)
SELECT kind, id, name, max(jaro_winkler_similarity(lower(strip_accents(trim(spelling))), lower(strip_accents(trim(wanted))))) AS likeness, source_ids
FROM spelling WHERE trim(spelling) <> '' GROUP BY ALL HAVING likeness >= 0.7 ORDER BY likeness DESC, name LIMIT 5;

-- Grain: organisation. parent_org_id finds what belongs to another one.
CREATE VIEW profile_organisations AS
SELECT o.org_id, o.parent_org_id, o.iso3, o.name AS organisation, o.local_name, c.name AS country, o.kind, o.sector, p.name AS parent, o.confidence, o.note, [o.source_id] AS source_ids
FROM organisations o LEFT JOIN countries c USING (iso3) LEFT JOIN organisations p ON p.org_id = o.parent_org_id WHERE o.kind <> 'aggregate' ORDER BY lower(o.name);

-- Consortia with their newest state. Grain: consortium. members: those still in; ended: those that left, or all of a team that has ended. State and members unknown: empty.
CREATE VIEW profile_consortia AS
SELECT c.consortium_id, c.programme_id, c.iso3, c.name AS consortium, o.name AS lead, p.name AS programme, n.status, n.status_date, m.members, m.ended, c.focus, c.confidence, c.note,
  list_sort(list_distinct([c.source_id] || coalesce(n.source_ids, []) || coalesce(m.source_ids, []))) AS source_ids
FROM consortia c JOIN programmes p USING (programme_id) LEFT JOIN organisations o ON o.org_id = c.lead_org_id
LEFT JOIN consortium_now n USING (consortium_id)
LEFT JOIN (
  SELECT consortium_id, count(*) FILTER (until IS NULL) AS members, count(until) AS ended, sources_of(source_id) AS source_ids FROM memberships GROUP BY ALL
) m USING (consortium_id)
ORDER BY m.members DESC NULLS LAST, consortium;

-- Programmes that an organisation runs. Grain: organisation x programme.
CREATE VIEW profile_runs AS
SELECT l.org_id, m.* FROM programme_leads l JOIN programme_money m USING (programme_id) ORDER BY m.announced DESC NULLS LAST;

-- Sites with those who own, operate or rent them. Grain: organisation x site. Units as in site_compute.
CREATE VIEW profile_sites AS
SELECT p.org_id, p.role, s.name AS site, s.* EXCLUDE (name) FROM (
  SELECT org_id, site_id, string_agg(role, ', ' ORDER BY list_position(['owner', 'operator', 'tenant'], role)) AS role FROM site_parties GROUP BY ALL
) p JOIN site_compute s USING (site_id)
ORDER BY list_position(['operational', 'under-construction', 'planned', 'retired'], s.status), s.h100e DESC NULLS LAST;

-- Who owns, operates or rents a site. Grain: site x organisation x role.
CREATE VIEW profile_parties AS
SELECT p.site_id, p.role, o.name AS organisation, c.name AS home_country, o.sector, p.confidence, [p.source_id] AS source_ids
FROM site_parties p JOIN organisations o USING (org_id) LEFT JOIN countries c ON c.iso3 = o.iso3
ORDER BY list_position(['owner', 'operator', 'tenant'], p.role);

-- Every state of a machine, its parts, and what it is a part of. Grain: site x related site (the site itself among them, where it has any). relation: self, earlier, later, part, whole.
CREATE VIEW profile_states AS
WITH related AS (
  SELECT a.site_id AS about_site_id, b.site_id, CASE WHEN a.site_id = b.site_id THEN 'self' WHEN date_start(b.operational_date) < date_start(a.operational_date) OR b.site_id = s.supersedes_site_id THEN 'earlier' ELSE 'later' END AS relation
  FROM machine_states a JOIN machine_states b USING (machine) JOIN sites s ON s.site_id = a.site_id
  UNION SELECT part_of_site_id, site_id, 'part' FROM sites WHERE part_of_site_id IS NOT NULL
  UNION SELECT site_id, part_of_site_id, 'whole' FROM sites WHERE part_of_site_id IS NOT NULL
)
SELECT r.about_site_id, r.relation, s.name AS site, s.* EXCLUDE (name) FROM related r JOIN site_compute s USING (site_id)
ORDER BY date_start(s.operational_date) NULLS LAST, s.name;

-- Chips of sites. Grain: site x chip. Unit: chips; unknown counts are empty.
CREATE VIEW profile_site_chips AS
SELECT sc.site_id, sc.chip_id, ch.vendor_org_id, s.name AS site, s.status, c.name AS country, ch.name AS chip, o.name AS vendor, sc.chip_count, ch.is_family, sc.confidence, [sc.source_id] AS source_ids
FROM site_chips sc JOIN sites s USING (site_id) JOIN countries c ON c.iso3 = s.iso3 JOIN chips ch USING (chip_id) JOIN organisations o ON o.org_id = ch.vendor_org_id
ORDER BY list_position(['operational', 'under-construction', 'planned', 'retired'], s.status), sc.chip_count DESC NULLS LAST;

-- Chips with their figures, families too. Grain: chip. Units: nm, GB, GB/s, TFLOP/s and TOP/s dense, W, USD.
CREATE VIEW profile_chips AS
SELECT ch.vendor_org_id, o.iso3, ch.chip_id, ch.name AS chip, o.name AS vendor, ch.kind, ch.is_family, ch.announced, ch.released, ch.process_nm, ch.memory_type, ch.memory_gb, ch.memory_bandwidth_gb_s,
  ch.fp16_dense_tflops, ch.fp8_dense_tflops, ch.int8_dense_tops, ch.tdp_w, ch.interconnect, ch.price_usd, ch.purpose, ch.export_class, ch.confidence, ch.note, [ch.source_id] AS source_ids
FROM chips ch JOIN organisations o ON o.org_id = ch.vendor_org_id ORDER BY coalesce(ch.released, ch.announced) DESC NULLS LAST;

-- Who supplies whom, with the rows that give a rival figure. Grain: row of supply_links.
CREATE VIEW profile_supply AS
SELECT l.link_id, l.supplier_org_id, l.customer_org_id, l.chip_id, l.stage, s.name AS supplier, sc.name AS supplier_country, u.name AS customer, uc.name AS home_country, l.product, ch.name AS chip, l.status, l.since, l.until,
  l.share_of_customer_pct, l.share_of_supplier_pct, l.value_usd_m, l.is_preferred, l.confidence, l.note, [l.source_id] AS source_ids
FROM supply_links l JOIN organisations s ON s.org_id = l.supplier_org_id JOIN organisations u ON u.org_id = l.customer_org_id
LEFT JOIN countries sc ON sc.iso3 = s.iso3 LEFT JOIN countries uc ON uc.iso3 = u.iso3 LEFT JOIN chips ch USING (chip_id)
ORDER BY list_position(['equipment', 'material', 'design-ip', 'foundry', 'memory', 'packaging', 'accelerator', 'system', 'cloud'], l.stage), chip, supplier, l.is_preferred DESC, l.since DESC NULLS LAST;

-- Suppliers of the chips of a site. Grain: site x row of supply_links.
CREATE VIEW profile_site_supply AS
SELECT sc.site_id, s.* FROM site_chips sc JOIN profile_supply s USING (chip_id)
WHERE s.stage IN ('equipment', 'material', 'design-ip', 'foundry', 'memory', 'packaging');

-- Every share of a segment that a company was found to hold: rival counts and forecasts beside the preferred ones. Grain: row of market_shares. Unit: per cent, million USD.
CREATE VIEW profile_shares AS
SELECT m.org_id, o.name AS company, o.iso3, m.segment_id, g.position, m.period, date_end(m.period) AS period_end, m.share_pct, m.value_usd_m, m.metric, m.tracker, m.is_forecast, m.is_preferred, m.confidence, m.note, [m.source_id] AS source_ids
FROM market_shares m JOIN segments g USING (segment_id) JOIN organisations o USING (org_id)
ORDER BY g.position, period_end DESC, m.is_preferred DESC;

-- Chips that an owner holds, by designer. Grain: owner x designer x quarter. Units: chips, H100 equivalents by the 8-bit rate of the source, MW.
CREATE VIEW profile_installed AS
SELECT b.owner_org_id, b.vendor_org_id, w.name AS company, v.name AS vendor, b.as_of, b.units, b.h100e AS h100e_8bit, b.power_mw, b.is_complete, b.confidence, b.note, [b.source_id] AS source_ids
FROM installed_base b JOIN organisations w ON w.org_id = b.owner_org_id JOIN organisations v ON v.org_id = b.vendor_org_id ORDER BY b.as_of DESC, b.units DESC;

-- Shipments of a chip. Grain: chip x quarter. Units: chips, central estimate and 5th to 95th percentile.
CREATE VIEW profile_shipments AS
SELECT chip_id, period, units, units_p5, units_p95, h100e AS h100e_8bit, is_complete, confidence, note, [source_id] AS source_ids FROM shipments ORDER BY period DESC;

-- Models with what they stand on. Grain: model. Units: billion parameters, trillion tokens, FLOP.
CREATE VIEW profile_models AS
SELECT m.model_id, m.org_id, m.iso3, m.consortium_id, m.name AS model, m.family, o.name AS organisation, m.role, m.released, m.parameters_b, m.active_parameters_b, m.training_tokens_t, m.training_compute_flop,
  m.context_tokens, m.modality, m.has_open_weights, m.licence, m.from_scratch, m.base_model, c.name AS base_country, m.hugging_face_repo, m.confidence, m.note, [m.source_id] AS source_ids
FROM models m JOIN organisations o USING (org_id) LEFT JOIN countries c ON c.iso3 = m.base_iso3 ORDER BY m.released DESC NULLS LAST;

-- Scores of models. Grain: row of scores. Unit: in the row.
CREATE VIEW profile_scores AS
SELECT s.model_id, m.org_id, m.name AS model, s.benchmark, s.setting, s.score, s.unit, s.as_of, s.measured_by, s.is_rival_figure, s.confidence, s.note, [s.source_id] AS source_ids
FROM scores s JOIN models m USING (model_id) ORDER BY s.as_of DESC, s.benchmark;

-- Support with who leads the team that gets it, and who provides it. Grain: grant. Units as in support_rows.
CREATE VIEW profile_support AS
SELECT c.lead_org_id, s.provider_org_id, r.* FROM support_rows r JOIN support s USING (support_id) LEFT JOIN consortia c ON c.consortium_id = r.consortium_id
ORDER BY r.from_date DESC NULLS LAST, r.receiver;

-- Newest value of every indicator of a country. Grain: country x indicator x basis, since an announcement does not replace a measurement. Forecasts are left out.
CREATE VIEW profile_indicators AS
WITH value AS (
  SELECT iso3, indicator_id, year::VARCHAR AS as_of, value, CASE confidence WHEN 'estimated' THEN 'estimated' ELSE 'measured' END AS basis, confidence, note, source_id FROM observations
  UNION ALL SELECT iso3, indicator_id, as_of, value, basis, confidence, note, source_id FROM country_series WHERE basis <> 'forecast'
)
SELECT v.iso3, v.indicator_id, i.name AS indicator, v.value, i.unit, v.as_of, v.basis, v.confidence, v.note, [v.source_id] AS source_ids
FROM value v JOIN indicators i USING (indicator_id)
QUALIFY row_number() OVER (PARTITION BY v.iso3, v.indicator_id, v.basis ORDER BY date_start(v.as_of) DESC) = 1 ORDER BY i.name, v.basis;

-- Events by what they concern: the organisation, programme, consortium, its lead, and the country that acts. Grain: event x thing.
CREATE VIEW profile_events AS
SELECT DISTINCT unnest(list_filter([e.org_id, e.programme_id, e.consortium_id, c.lead_org_id, e.iso3], lambda x: x IS NOT NULL)) AS id,
  e.event_id, e.date, e.day, e.kind, e.title, e.about, e.thing, e.country, e.confidence, e.note, e.source_ids
FROM event_list e LEFT JOIN consortia c USING (consortium_id) ORDER BY e.day DESC, e.title;
