-- Example questions of the SQL tab. The comment above each is its code; its words are those of texts.csv, example.<code>.

-- hbm-by-country
SELECT period, country, share_pct, companies, tracker, source_ids
FROM country_shares(['official', 'reported', 'estimated'])
WHERE segment_id = 'hbm' AND period LIKE '%Q%'
ORDER BY period, share_pct DESC;

-- chips-in-korea
SELECT o.name AS vendor, c.name AS chip, count(*) AS sites, sum(sc.chip_count) AS known_chips, sources_of(sc.source_id) AS source_ids
FROM sites s
JOIN site_chips sc USING (site_id)
JOIN chips c USING (chip_id)
JOIN organisations o ON o.org_id = c.vendor_org_id
WHERE s.iso3 = 'KOR'
GROUP BY ALL
ORDER BY sites DESC, known_chips DESC NULLS LAST;

-- programmes-by-budget
SELECT programme, country, budget_usd_m_at_rate, budget_stage, funding, announced, source_ids
FROM programme_money
WHERE counts_in_total AND budget_usd_m_at_rate IS NOT NULL
ORDER BY budget_usd_m_at_rate DESC
LIMIT 25;

-- doubtful-sites
SELECT s.name, s.country, s.status, s.h100e, s.power_mw, string_agg(DISTINCT q.publisher, ', ') AS publishers, s.source_ids
FROM site_compute s
JOIN sources q ON list_contains(s.source_ids, q.source_id)
GROUP BY ALL
HAVING bool_and(q.is_weak OR q.kind IN ('press', 'dataset'))
ORDER BY s.h100e DESC NULLS LAST;

-- members-from-abroad
SELECT home_country, consortium, member, role, layer, since, source_ids
FROM members
WHERE is_abroad
ORDER BY home_country, consortium, member;

-- foreign-bases
SELECT country, base_country, count(*) AS models, string_agg(model, ', ') AS named, all_sources_of(source_ids) AS source_ids
FROM model_list
WHERE role = 'national' AND base_iso3 <> iso3
GROUP BY ALL
ORDER BY models DESC;

-- one-source-sites
SELECT name, country, h100e, chip_names, status, source_ids
FROM site_compute
WHERE counts_in_total AND len(source_ids) = 1 AND h100e IS NOT NULL
ORDER BY h100e DESC
LIMIT 30;

-- newest-events
SELECT date, country, kind, title, about, source_ids
FROM event_list
WHERE day <= (SELECT data_date FROM data_date)
ORDER BY day DESC
LIMIT 50;

-- suppliers-of-chips
SELECT stage, organisation, count(DISTINCT chip_id) AS chips, all_sources_of(source_ids) AS source_ids
FROM chip_suppliers
GROUP BY ALL
ORDER BY chips DESC
LIMIT 30;

-- power-of-sites
SELECT name, country, h100e, power_mw, status, source_ids
FROM site_compute
WHERE counts_in_total AND power_mw IS NOT NULL AND h100e IS NOT NULL
ORDER BY h100e DESC;
