-- Market shares of companies: the preferred series only, forecasts never.
-- Grain: segment x period x company (others and groups of suppliers are kept as such). Unit: per cent.
CREATE MACRO company_shares(evidence) AS TABLE
SELECT m.segment_id, g.stage, g.position, g.market_iso3, g.is_competitors_market, g.is_whole_market, m.period, date_end(m.period) AS period_end, m.org_id, o.name AS company, o.iso3, c.name AS country,
  o.kind = 'aggregate' AS is_group, m.share_pct, m.value_usd_m, m.metric, m.tracker, m.confidence, m.note, [m.source_id] AS source_ids
FROM market_shares m JOIN segments g USING (segment_id) JOIN organisations o USING (org_id) LEFT JOIN countries c ON c.iso3 = o.iso3
WHERE is_preferred AND NOT is_forecast AND org_id NOT IN ('total', 'top-ten', 'top-five') AND list_contains(evidence, m.confidence);

-- Every row on market shares, with those that charts leave out (rival trackers, forecasts, totals). Grain: row of market_shares.
CREATE VIEW all_shares AS
SELECT m.segment_id, m.period, date_end(m.period) AS period_end, o.name AS company, o.iso3, m.share_pct, m.value_usd_m, m.metric, m.tracker, m.is_forecast, m.is_preferred, m.confidence, m.note, [m.source_id] AS source_ids
FROM market_shares m JOIN organisations o USING (org_id);

-- Companies whose share of a period is not known although they hold 10 per cent or more of the segment both in the two years before and
-- after, or, in the newest period, in the nine months before. Without them a sum over the period would show a fall that did not happen.
-- Grain: segment x period x company.
CREATE MACRO missing_companies(evidence) AS TABLE
WITH share AS (
  SELECT segment_id, period, period_end, org_id, company, iso3, share_pct, source_ids FROM company_shares(evidence) WHERE share_pct IS NOT NULL AND NOT is_group
), newest AS (
  SELECT segment_id, max(period_end) AS period_end FROM share GROUP BY segment_id
)
SELECT p.segment_id, p.period, p.period_end, s.org_id, any_value(s.company) AS company, any_value(s.iso3) AS iso3, all_sources_of(s.source_ids) AS source_ids
FROM (SELECT DISTINCT segment_id, period, period_end FROM share) p JOIN newest n USING (segment_id) JOIN share s USING (segment_id)
WHERE s.share_pct >= 10 AND NOT EXISTS (FROM share x WHERE x.segment_id = p.segment_id AND x.period = p.period AND x.org_id = s.org_id)
GROUP BY p.segment_id, p.period, p.period_end, n.period_end, s.org_id
HAVING bool_or(s.period_end BETWEEN p.period_end - INTERVAL 2 YEAR AND p.period_end) AND bool_or(s.period_end > p.period_end)
  OR p.period_end = n.period_end AND bool_or(s.period_end BETWEEN p.period_end - INTERVAL 9 MONTH AND p.period_end);

-- Market shares by home country of the companies. A country of which a company is missing (missing_companies) has no row for the period: not known.
-- Grain: segment x period x country. Unit: per cent. known_pct: what all named companies of the period add to; the rest is not known.
CREATE MACRO country_shares(evidence) AS TABLE
SELECT s.* FROM (
SELECT segment_id, stage, position, market_iso3, is_competitors_market, is_whole_market, period, period_end, iso3, country, sum(share_pct) AS share_pct,
  sum(sum(share_pct)) OVER (PARTITION BY segment_id, period) AS known_pct,
  any_value(metric) AS metric, any_value(tracker) AS tracker, string_agg(company, ', ' ORDER BY share_pct DESC) AS companies, all_sources_of(source_ids) AS source_ids
FROM company_shares(evidence) WHERE share_pct IS NOT NULL AND iso3 <> 'WLD'
GROUP BY segment_id, stage, position, market_iso3, is_competitors_market, is_whole_market, period, period_end, iso3, country
) s ANTI JOIN missing_companies(evidence) m USING (segment_id, period, iso3);

-- AI compute of all known sites by home country of the chips' designer: what the market segments do not have, since no tracker counts the world's AI chips.
-- Grain: country. Unit: per cent of the known H100 equivalents in operation. known_pct: the part whose designer is known.
CREATE MACRO compute_leverage(evidence) AS TABLE
WITH designer AS (
  SELECT designer_iso3 AS iso3, designer_country AS country, sum(h100e) AS h100e, sum(sites) AS sites, all_sources_of(source_ids) AS source_ids
  FROM compute_by_designer(evidence) GROUP BY designer_iso3, designer_country
)
SELECT 'ai-compute-sites' AS segment_id, 'design' AS stage, (SELECT position FROM segments WHERE segment_id = 'ai-compute') AS position, 'WLD' AS market_iso3,
  true AS is_competitors_market, true AS is_whole_market, strftime((SELECT data_date FROM data_date), '%Y-%m') AS period, (SELECT data_date FROM data_date) AS period_end,
  iso3, country, 100 * h100e / sum(h100e) OVER () AS share_pct, 100 * sum(h100e) FILTER (iso3 IS NOT NULL) OVER () / sum(h100e) OVER () AS known_pct,
  'h100e' AS metric, 'Sovereign AI Atlas' AS tracker, sites || ' sites' AS companies, source_ids
FROM designer QUALIFY iso3 IS NOT NULL;

-- Leverage: the share of the world's supply of a segment that a country holds, in the newest period whose named companies cover half of it or more.
-- Grain: segment x country. Unit: per cent. A country without a row is at most 100 - known_pct: not known, unless known_pct is near 100.
CREATE MACRO leverage(evidence) AS TABLE
SELECT * FROM country_shares(evidence) WHERE market_iso3 = 'WLD' AND is_competitors_market AND is_whole_market AND known_pct >= 50
QUALIFY period_end = max(period_end) OVER (PARTITION BY segment_id)
UNION ALL BY NAME SELECT * FROM compute_leverage(evidence);

-- Who supplies whom. Grain: link. Preferred rows only where two rows give rival figures for one link.
CREATE VIEW supply AS
SELECT l.link_id, l.stage, l.supplier_org_id, s.name AS supplier, s.iso3 AS supplier_iso3, sc.name AS supplier_country, l.customer_org_id, u.name AS customer, u.iso3 AS customer_iso3,
  l.product, l.chip_id, ch.name AS chip, l.since, l.until, l.status, l.share_of_customer_pct, l.share_of_supplier_pct, l.value_usd_m, l.confidence, l.note, [l.source_id] AS source_ids
FROM supply_links l JOIN organisations s ON s.org_id = l.supplier_org_id JOIN organisations u ON u.org_id = l.customer_org_id
LEFT JOIN countries sc ON sc.iso3 = s.iso3 LEFT JOIN chips ch USING (chip_id)
WHERE l.is_preferred;

-- Chips with the countries they come from. Grain: chip (families left out). Units: TFLOP/s dense, GB, GB/s, W.
CREATE VIEW accelerators AS
SELECT ch.chip_id, ch.name AS chip, ch.vendor_org_id, o.name AS vendor, o.iso3, c.name AS country, ch.kind, ch.announced, ch.released, date_start(coalesce(ch.released, ch.announced)) AS released_day,
  ch.confidence = 'planned' AS is_planned, ch.process_nm, ch.memory_type, ch.memory_gb, ch.memory_bandwidth_gb_s, ch.fp16_dense_tflops, ch.fp8_dense_tflops, ch.int8_dense_tops, ch.tdp_w,
  ch.fp16_dense_tflops / ch.tdp_w AS fp16_tflops_per_w, ch.purpose, ch.export_class,
  string_agg(DISTINCT s.supplier, ', ') FILTER (s.stage = 'foundry' AND s.status <> 'ended') AS foundries,
  string_agg(DISTINCT s.supplier_iso3, ', ') FILTER (s.stage = 'foundry' AND s.status <> 'ended') AS foundry_iso3,
  string_agg(DISTINCT s.supplier, ', ') FILTER (s.stage = 'memory' AND s.status <> 'ended') AS memory_makers,
  string_agg(DISTINCT s.supplier, ', ') FILTER (s.stage = 'packaging' AND s.status <> 'ended') AS packagers,
  ch.confidence, ch.note, list_distinct(list_prepend(any_value(ch.source_id), flatten(list(coalesce(s.source_ids, []))))) AS source_ids
FROM chips ch JOIN organisations o ON o.org_id = ch.vendor_org_id LEFT JOIN countries c ON c.iso3 = o.iso3 LEFT JOIN supply s ON s.chip_id = ch.chip_id
WHERE NOT ch.is_family GROUP BY ALL;

-- Capacity of fabs. Grain: row of fabs. Unit: thousand wafers a month. Company totals are marked and never added to single fabs.
CREATE VIEW fab_capacity AS
SELECT f.fab_id, f.product, f.org_id, o.name AS company, o.iso3 AS home_iso3, f.name AS fab, f.is_company_total, f.is_preferred, f.iso3, c.name AS country, f.node, f.as_of, date_start(f.as_of) AS as_of_day,
  f.wafers_per_month_k, f.status, f.investment_usd_m, f.confidence, f.note, [f.source_id] AS source_ids
FROM fabs f JOIN organisations o USING (org_id) JOIN countries c ON c.iso3 = f.iso3;

-- Trade in chips. Grain: country x partner x product x flow x period, the preferred source. Unit: million USD.
CREATE VIEW chip_trade AS
SELECT reporter_iso3, r.name AS reporter, partner_iso3, p.name AS partner, product, flow, period, date_start(period) AS period_start, length(period) = 7 AS is_month,
  value_usd_m, confidence, t.note, [t.source_id] AS source_ids
FROM trade t JOIN countries r ON r.iso3 = reporter_iso3 JOIN countries p ON p.iso3 = partner_iso3 WHERE is_preferred;
