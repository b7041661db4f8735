-- Models with their maker, team and chips. Grain: model. Units: billion parameters, trillion tokens, FLOP.
CREATE VIEW model_list AS
SELECT
  m.model_id, m.name AS model, m.family, m.org_id, o.name AS maker, m.iso3, c.name AS country, m.consortium_id, t.name AS consortium, t.programme_id, m.role,
  m.released, date_start(m.released) AS released_day, m.parameters_b, m.active_parameters_b, m.training_tokens_t, m.training_compute_flop, ch.name AS chip, m.training_chip_count,
  m.modality, m.has_open_weights, m.licence, m.from_scratch, m.base_model, m.base_iso3, b.name AS base_country, m.confidence, m.note, [m.source_id] AS source_ids
FROM models m JOIN organisations o USING (org_id) JOIN countries c ON c.iso3 = m.iso3 LEFT JOIN countries b ON b.iso3 = m.base_iso3
LEFT JOIN consortia t USING (consortium_id) LEFT JOIN chips ch ON ch.chip_id = m.training_chip_id;

-- Scores, with the test that they belong to: a benchmark in one setting, since scores of two settings do not compare. Grain: row of scores. Units: of the benchmark.
CREATE VIEW score_list AS
SELECT
  trim(regexp_replace(lower(s.benchmark || '-' || s.setting), '[^a-z0-9]+', '-', 'g'), '-') AS test, s.benchmark, s.setting, s.model_id, m.name AS model, o.name AS maker, m.iso3, c.name AS country,
  t.programme_id, s.score, s.unit, s.as_of, s.measured_by, s.is_rival_figure, s.confidence, s.note, [s.source_id] AS source_ids
FROM scores s JOIN models m USING (model_id) JOIN organisations o USING (org_id) JOIN countries c ON c.iso3 = m.iso3 LEFT JOIN consortia t USING (consortium_id);

-- Where the national models of a country come from. Grain: country x origin (own; the country of the base; disputed; NULL: not known). Unit: families of models;
-- the sizes of a family share it, and those of unknown origin leave it to those whose origin is known.
CREATE MACRO model_origins(evidence) AS TABLE
WITH model AS (
  SELECT iso3, org_id || ' ' || coalesce(family, model_id) AS family, name, source_id,
    CASE from_scratch WHEN 'yes' THEN 'own' WHEN 'no' THEN coalesce(base_iso3, 'abroad') WHEN 'disputed' THEN 'disputed' END AS origin
  FROM models WHERE role = 'national' AND list_contains(evidence, confidence)
  QUALIFY origin IS NOT NULL OR count(origin) OVER (PARTITION BY iso3, org_id, coalesce(family, model_id)) = 0
), part AS (
  SELECT *, 1 / count(*) OVER (PARTITION BY iso3, family) AS weight FROM model
)
SELECT p.iso3, c.name AS country, origin, sum(weight) AS families, string_agg(p.name, ', ' ORDER BY p.name) AS models, list_sort(list(DISTINCT p.source_id)) AS source_ids
FROM part p JOIN countries c USING (iso3) GROUP BY p.iso3, c.name, origin;
