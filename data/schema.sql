-- The one declaration of the data: tables in load order, types, keys, rules, and what every column means.
-- The loader, its messages, the data dictionary and the help on the Data page are all derived from this file.
--
-- A comment behind a column is its meaning; the unit stands at its end in [brackets].
-- A rule that several columns share is a macro; its COMMENT is the wording that a data editor reads.
-- Text columns hold no line breaks and no empty strings: an unknown value is an empty cell, never a zero.

CREATE MACRO is_id(x) AS regexp_full_match(x, '[a-z0-9]+([.-]+[a-z0-9]+)*');
COMMENT ON MACRO is_id IS 'an id: lower-case letters, digits, single hyphens or dots between them';
CREATE MACRO is_date(x) AS regexp_full_match(x, '(19|20)\d\d(-Q[1-4]|-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?')
  AND (length(x) < 10 OR try_cast(x AS DATE) IS NOT NULL);
COMMENT ON MACRO is_date IS 'a date as exact as it is known: 2025, 2025-Q3, 2025-08 or 2025-08-04';
CREATE MACRO is_period(x) AS regexp_full_match(x, '(19|20)\d\d(-Q[1-4]|-(0[1-9]|1[0-2]))?');
COMMENT ON MACRO is_period IS 'a year, quarter or month: 2025, 2025-Q3 or 2025-08';
CREATE MACRO is_confidence(x) AS x IN ('official', 'reported', 'estimated', 'planned');
COMMENT ON MACRO is_confidence IS 'one of official (the state or company itself), reported (press), estimated (analyst, data set), planned (announced only)';
CREATE MACRO is_share(x) AS x BETWEEN 0 AND 100;
COMMENT ON MACRO is_share IS 'a share in per cent, from 0 to 100';
CREATE MACRO is_positive(x) AS x > 0 AND isfinite(x);
COMMENT ON MACRO is_positive IS 'a number above zero (not known is an empty cell)';
CREATE MACRO is_stage(x) AS x IN ('announced', 'committed', 'delivered', 'operational');
COMMENT ON MACRO is_stage IS 'one of announced, committed, delivered, operational';
CREATE MACRO date_start(x) AS CASE
  WHEN length(x) = 4 THEN try_cast(x || '-01-01' AS DATE)
  WHEN x[6] = 'Q' THEN make_date(x[1:4]::INTEGER, 3 * x[7]::INTEGER - 2, 1)
  WHEN length(x) = 7 THEN try_cast(x || '-01' AS DATE)
  ELSE try_cast(x AS DATE) END;
COMMENT ON MACRO date_start IS 'the first day of a date that may be a year, quarter or month';
CREATE MACRO date_end(x) AS CASE
  WHEN length(x) = 4 THEN date_start(x) + INTERVAL 1 YEAR - INTERVAL 1 DAY
  WHEN x[6] = 'Q' THEN date_start(x) + INTERVAL 3 MONTH - INTERVAL 1 DAY
  WHEN length(x) = 7 THEN date_start(x) + INTERVAL 1 MONTH - INTERVAL 1 DAY
  ELSE date_start(x) END::DATE;
COMMENT ON MACRO date_end IS 'the last day of a date that may be a year, quarter or month';
CREATE MACRO is_url(x) AS regexp_full_match(x, 'https?://[^\s<>"]+');
COMMENT ON MACRO is_url IS 'a web address that starts with http:// or https://';
-- Two names of one thing are the same in this form: SK hynix, SK Hynix Inc. and S.K. hynix Co., Ltd. are one organisation.
CREATE MACRO plain_name(x) AS regexp_replace(
  regexp_replace(strip_accents(lower(x)), '([,. ]+(inc|incorporated|corp|corporation|co|company|ltd|limited|llc|plc|gmbh|ag|sa|nv|bv|kk)\b\.?)+$', ''),
  '[^\p{L}\p{N}]', '', 'g');
COMMENT ON MACRO plain_name IS 'a name without case, accents, signs and legal form';

CREATE MACRO is_translated(x) AS x IN ('events', 'indicators', 'programmes');
COMMENT ON MACRO is_translated IS 'one of events, indicators, programmes';
CREATE MACRO is_translation(x) AS x IN ('fr', 'ko');
COMMENT ON MACRO is_translation IS 'fr (French) or ko (Korean): the English text stands in the table itself';

CREATE TABLE texts (
  key VARCHAR PRIMARY KEY CHECK (regexp_full_match(key, '[A-Za-z0-9]([A-Za-z0-9 ._()-]*[A-Za-z0-9)])?')),  -- Key by which the code asks for a word or sentence of the interface; no page lists this table
  en VARCHAR NOT NULL,  -- English; {name} is filled in by the code, \n is a line break
  fr VARCHAR,  -- French; English is shown where it is empty
  ko VARCHAR  -- Korean; English is shown where it is empty
);

CREATE TABLE translations (
  table_name VARCHAR NOT NULL CHECK (is_translated(table_name)),  -- Table whose row is named: titles of events, names of indicators and programmes; no page lists this table
  row_id VARCHAR NOT NULL,  -- Id of the row in that table; English is shown where a row has no translation
  language VARCHAR NOT NULL CHECK (is_translation(language)),  -- Language of the text
  text VARCHAR NOT NULL,  -- Title or name in that language: the official one of the programme where it has one, else a translation
  PRIMARY KEY (table_name, row_id, language)
);

CREATE TABLE sources (
  source_id VARCHAR PRIMARY KEY CHECK (is_id(source_id)),  -- Id of the source
  publisher VARCHAR NOT NULL,  -- Who published it
  title VARCHAR NOT NULL,  -- Title, in short
  url VARCHAR NOT NULL UNIQUE CHECK (is_url(url)),  -- Address of the page or file
  published VARCHAR CHECK (is_date(published)),  -- Date of publication; empty where the page shows none
  retrieved VARCHAR NOT NULL CHECK (is_date(retrieved)),  -- When it was read for the Atlas
  kind VARCHAR NOT NULL CHECK (kind IN ('official', 'company', 'press', 'research', 'dataset')),  -- Kind of publisher
  is_weak BOOLEAN NOT NULL,  -- Yes where it is a copy, a digest or a text of unclear origin: what rests on it alone is doubtful
  licence VARCHAR,  -- Licence of the source, where it states one
  note VARCHAR  -- Remark of the editor
);

CREATE TABLE countries (
  iso3 VARCHAR PRIMARY KEY CHECK (regexp_full_match(iso3, '[A-Z]{3}')),  -- ISO 3166-1 alpha-3 code; EUU is the European Union, WLD the world or several countries
  iso2 VARCHAR NOT NULL UNIQUE CHECK (regexp_full_match(iso2, '[A-Z0-9]{2,3}')),  -- ISO 3166-1 alpha-2 code; EU and 001 (world) after Unicode CLDR
  name VARCHAR NOT NULL UNIQUE,  -- Short English name
  kind VARCHAR NOT NULL CHECK (kind IN ('country', 'union', 'world')),  -- Country, union of countries, or world
  union_iso3 VARCHAR,  -- Union that the country is a member of (EUU)
  source_id VARCHAR NOT NULL REFERENCES sources (source_id)  -- Source of code and membership
);

CREATE TABLE organisations (
  org_id VARCHAR PRIMARY KEY CHECK (is_id(org_id)),  -- Id of the organisation; one organisation has one id
  name VARCHAR NOT NULL UNIQUE,  -- Name, as the press in English prints it
  local_name VARCHAR,  -- Name in its own script
  iso3 VARCHAR REFERENCES countries (iso3),  -- Home country: where its head office is
  kind VARCHAR NOT NULL CHECK (kind IN ('company', 'startup', 'university', 'institute', 'government', 'hospital', 'media', 'consortium', 'aggregate')),  -- Kind; an aggregate is a group of suppliers or buyers, not an organisation
  sector VARCHAR NOT NULL,  -- What it mainly does
  parent_org_id VARCHAR,  -- Organisation that owns or contains it
  aliases VARCHAR,  -- Other names, with a semicolon between them
  confidence VARCHAR NOT NULL CHECK (is_confidence(confidence)),  -- How well it is known
  source_id VARCHAR NOT NULL REFERENCES sources (source_id),  -- Source
  note VARCHAR  -- Remark of the editor
);

CREATE TABLE indicators (
  indicator_id VARCHAR PRIMARY KEY CHECK (is_id(indicator_id)),  -- Id of the indicator
  name VARCHAR NOT NULL UNIQUE,  -- What it measures
  unit VARCHAR NOT NULL,  -- Unit of its values
  description VARCHAR NOT NULL,  -- What is counted, by whom, and what to beware of
  licence VARCHAR,  -- Licence of the values, where stated
  source_id VARCHAR NOT NULL REFERENCES sources (source_id)  -- Main source
);

CREATE TABLE observations (
  iso3 VARCHAR NOT NULL REFERENCES countries (iso3),  -- Country
  indicator_id VARCHAR NOT NULL REFERENCES indicators (indicator_id),  -- Indicator
  year INTEGER NOT NULL CHECK (year BETWEEN 1990 AND 2100),  -- Year
  value DOUBLE NOT NULL CHECK (isfinite(value)),  -- Value, in the unit of the indicator
  confidence VARCHAR NOT NULL CHECK (is_confidence(confidence)),  -- How well it is known
  source_id VARCHAR NOT NULL REFERENCES sources (source_id),  -- Source
  note VARCHAR,  -- Remark of the editor
  PRIMARY KEY (iso3, indicator_id, year)
);

CREATE TABLE exchange_rates (
  currency VARCHAR NOT NULL CHECK (regexp_full_match(currency, '[A-Z]{3}')),  -- ISO 4217 code
  year INTEGER NOT NULL CHECK (year BETWEEN 1990 AND 2100),  -- Year of the average
  per_usd DOUBLE NOT NULL CHECK (is_positive(per_usd)),  -- Units of the currency for one US dollar, average of the year
  confidence VARCHAR NOT NULL CHECK (is_confidence(confidence)),  -- How well it is known
  source_id VARCHAR NOT NULL REFERENCES sources (source_id),  -- Source
  PRIMARY KEY (currency, year)
);

CREATE TABLE programmes (
  programme_id VARCHAR PRIMARY KEY CHECK (is_id(programme_id)),  -- Id of the programme
  iso3 VARCHAR NOT NULL REFERENCES countries (iso3),  -- Country or union that runs it
  name VARCHAR NOT NULL,  -- Name in English
  local_name VARCHAR,  -- Name in its own language
  part_of_programme_id VARCHAR,  -- Programme that it is a part of; its money is inside that of the whole
  is_umbrella BOOLEAN NOT NULL,  -- Yes for a frame whose own figure covers more than AI or more than its parts
  counts_in_total BOOLEAN NOT NULL,  -- Yes where its budget may be added to that of other programmes of the country
  funding VARCHAR NOT NULL CHECK (funding IN ('public', 'private', 'mixed')),  -- Whose money
  announced VARCHAR CHECK (is_date(announced)),  -- When it was announced
  ends VARCHAR CHECK (is_date(ends)),  -- When it is planned to end
  status VARCHAR NOT NULL CHECK (status IN ('planned', 'active', 'completed', 'merged', 'paused')),  -- State at the last look
  budget_value DOUBLE CHECK (is_positive(budget_value)),  -- Budget, whole units of its currency
  budget_currency VARCHAR CHECK (regexp_full_match(budget_currency, '[A-Z]{3}')),  -- Currency of the budget, ISO 4217
  budget_usd_m DOUBLE CHECK (is_positive(budget_usd_m)),  -- Budget in dollars where a source states it [million USD]
  budget_stage VARCHAR CHECK (is_stage(budget_stage)),  -- How firm the money is, where the source says it
  goal VARCHAR,  -- Aim, in short
  confidence VARCHAR NOT NULL CHECK (is_confidence(confidence)),  -- How well it is known
  source_id VARCHAR NOT NULL REFERENCES sources (source_id),  -- Source
  note VARCHAR,  -- Remark of the editor
  CHECK ((budget_value IS NULL) = (budget_currency IS NULL))
);

CREATE TABLE programme_leads (
  programme_id VARCHAR NOT NULL REFERENCES programmes (programme_id),  -- Programme
  org_id VARCHAR NOT NULL REFERENCES organisations (org_id),  -- Agency or company that runs it
  position INTEGER NOT NULL CHECK (position BETWEEN 1 AND 20),  -- Order in which the source names them; 1 is the first
  confidence VARCHAR NOT NULL CHECK (is_confidence(confidence)),  -- How well it is known
  source_id VARCHAR NOT NULL REFERENCES sources (source_id),  -- Source
  PRIMARY KEY (programme_id, org_id),
  UNIQUE (programme_id, position)
);

CREATE TABLE consortia (
  consortium_id VARCHAR PRIMARY KEY CHECK (is_id(consortium_id)),  -- Id of the consortium, team or joint project
  programme_id VARCHAR NOT NULL REFERENCES programmes (programme_id),  -- Programme that it belongs to
  iso3 VARCHAR NOT NULL REFERENCES countries (iso3),  -- Country that it works for
  name VARCHAR NOT NULL UNIQUE,  -- Name
  lead_org_id VARCHAR REFERENCES organisations (org_id),  -- Who leads it
  focus VARCHAR,  -- What it builds, in short
  confidence VARCHAR NOT NULL CHECK (is_confidence(confidence)),  -- How well it is known
  source_id VARCHAR NOT NULL REFERENCES sources (source_id),  -- Source
  note VARCHAR  -- Remark of the editor
);

CREATE TABLE consortium_status (
  consortium_id VARCHAR NOT NULL REFERENCES consortia (consortium_id),  -- Consortium
  status_date VARCHAR NOT NULL CHECK (is_date(status_date)),  -- Day of the change
  status VARCHAR NOT NULL CHECK (status IN ('applied', 'advanced', 'selected', 'added', 'not-selected', 'eliminated', 'planned', 'active', 'completed', 'paused')),  -- State from that day on
  round VARCHAR CHECK (round IN ('bids', 'documents', 'presentations', 'round-1', 'extra-bids', 'extra-call', 'round-2')),  -- Step of the contest, where it is one
  rank INTEGER CHECK (rank BETWEEN 1 AND 50),  -- Place in that step, where reported
  confidence VARCHAR NOT NULL CHECK (is_confidence(confidence)),  -- How well it is known
  source_id VARCHAR NOT NULL REFERENCES sources (source_id),  -- Source
  note VARCHAR,  -- Remark of the editor
  PRIMARY KEY (consortium_id, status_date)
);

CREATE TABLE memberships (
  consortium_id VARCHAR NOT NULL REFERENCES consortia (consortium_id),  -- Consortium
  org_id VARCHAR NOT NULL REFERENCES organisations (org_id),  -- Member
  role VARCHAR NOT NULL CHECK (role IN ('lead', 'member', 'funder', 'demand-partner')),  -- Role; a demand partner will use the model and does not build it
  layer VARCHAR NOT NULL CHECK (layer IN ('chip', 'compute', 'data', 'model', 'research', 'application')),  -- What it brings
  since VARCHAR CHECK (is_date(since)),  -- First day known
  until VARCHAR CHECK (is_date(until)),  -- Last day; empty while it lasts
  confidence VARCHAR NOT NULL CHECK (is_confidence(confidence)),  -- How well it is known
  source_id VARCHAR NOT NULL REFERENCES sources (source_id),  -- Source
  note VARCHAR,  -- Remark of the editor
  PRIMARY KEY (consortium_id, org_id)
);

CREATE TABLE chips (
  chip_id VARCHAR PRIMARY KEY CHECK (is_id(chip_id)),  -- Id of the chip
  name VARCHAR NOT NULL UNIQUE,  -- Name
  vendor_org_id VARCHAR NOT NULL REFERENCES organisations (org_id),  -- Who designed and sells it
  kind VARCHAR NOT NULL CHECK (kind IN ('gpu', 'npu', 'tpu', 'asic', 'cpu-gpu')),  -- Kind; npu and asic as the vendor calls it, cpu-gpu for a CPU with or without a GPU
  is_family BOOLEAN NOT NULL,  -- Yes for a family, used where a source does not name the product
  announced VARCHAR CHECK (is_date(announced)),  -- When it was announced
  released VARCHAR CHECK (is_date(released)),  -- When it shipped or will ship
  process_nm DOUBLE CHECK (is_positive(process_nm)),  -- Process node of the compute die [nm]
  memory_type VARCHAR,  -- Type of memory in the package
  memory_gb DOUBLE CHECK (is_positive(memory_gb)),  -- Memory in the package [GB]
  memory_bandwidth_gb_s DOUBLE CHECK (is_positive(memory_bandwidth_gb_s)),  -- Bandwidth of that memory [GB/s]
  fp16_dense_tflops DOUBLE CHECK (is_positive(fp16_dense_tflops)),  -- Peak of dense FP16 or BF16 matrix operations [TFLOP/s]
  fp8_dense_tflops DOUBLE CHECK (is_positive(fp8_dense_tflops)),  -- Peak of dense FP8 matrix operations [TFLOP/s]
  int8_dense_tops DOUBLE CHECK (is_positive(int8_dense_tops)),  -- Peak of dense INT8 operations [TOP/s]
  tdp_w DOUBLE CHECK (is_positive(tdp_w)),  -- Thermal design power [W]
  interconnect VARCHAR,  -- Link to other chips
  price_usd DOUBLE CHECK (is_positive(price_usd)),  -- Price at launch or as reported [USD]
  purpose VARCHAR NOT NULL CHECK (purpose IN ('training', 'inference', 'both')),  -- What it is sold for
  export_class VARCHAR,  -- Standing under the export controls of the United States
  confidence VARCHAR NOT NULL CHECK (is_confidence(confidence)),  -- How well it is known; planned where it does not ship yet
  source_id VARCHAR NOT NULL REFERENCES sources (source_id),  -- Source
  note VARCHAR  -- Remark of the editor
);

CREATE TABLE support (
  support_id VARCHAR PRIMARY KEY CHECK (is_id(support_id)),  -- Id of the grant
  programme_id VARCHAR NOT NULL REFERENCES programmes (programme_id),  -- Programme that gives it
  consortium_id VARCHAR REFERENCES consortia (consortium_id),  -- Team that gets it; empty where it is for the programme as a whole
  scope VARCHAR NOT NULL CHECK (scope IN ('consortium', 'programme', 'capacity')),  -- Given to a team, to a programme, or capacity behind it
  counts_in_total BOOLEAN NOT NULL,  -- Yes where it may be added to the other rows of its scope; no for sums, own hardware and doubles
  resource VARCHAR NOT NULL CHECK (resource IN ('gpu', 'money', 'data', 'talent')),  -- What is given
  stage VARCHAR NOT NULL CHECK (is_stage(stage)),  -- How firm it is
  chip_id VARCHAR REFERENCES chips (chip_id),  -- Chip, or chip in whose equivalents the quantity is counted
  quantity DOUBLE CHECK (is_positive(quantity)),  -- How many; a level held through the period, never added over periods
  unit VARCHAR CHECK (unit IN ('gpu', 'gpu-equivalent', 'people')),  -- Unit of the quantity
  amount DOUBLE CHECK (is_positive(amount)),  -- Money, whole units of its currency
  currency VARCHAR CHECK (regexp_full_match(currency, '[A-Z]{3}')),  -- Currency, ISO 4217
  from_date VARCHAR CHECK (is_date(from_date)),  -- Start
  to_date VARCHAR CHECK (is_date(to_date)),  -- End
  provider_org_id VARCHAR REFERENCES organisations (org_id),  -- Who provides it for the state
  confidence VARCHAR NOT NULL CHECK (is_confidence(confidence)),  -- How well it is known
  source_id VARCHAR NOT NULL REFERENCES sources (source_id),  -- Source
  note VARCHAR,  -- Remark of the editor
  CHECK ((quantity IS NULL) = (unit IS NULL)),
  CHECK ((amount IS NULL) = (currency IS NULL)),
  CHECK (CASE scope WHEN 'consortium' THEN consortium_id IS NOT NULL WHEN 'programme' THEN consortium_id IS NULL ELSE true END)
);

CREATE TABLE evaluations (
  evaluation_id VARCHAR PRIMARY KEY CHECK (is_id(evaluation_id)),  -- Id of the figure
  programme_id VARCHAR NOT NULL REFERENCES programmes (programme_id),  -- Programme
  round INTEGER NOT NULL CHECK (round BETWEEN 1 AND 20),  -- Round of the contest
  evaluated VARCHAR NOT NULL CHECK (is_date(evaluated)),  -- Day of the result
  part VARCHAR NOT NULL CHECK (part IN ('benchmark', 'expert', 'user', 'total')),  -- Part of the evaluation
  item VARCHAR NOT NULL,  -- Item inside the part; all is the whole part
  max_points DOUBLE NOT NULL CHECK (is_positive(max_points)),  -- Most points to be had [points]
  statistic VARCHAR NOT NULL CHECK (statistic IN ('team', 'mean', 'gap')),  -- Points of one team, mean of the teams, or gap between first and last
  consortium_id VARCHAR REFERENCES consortia (consortium_id),  -- Team
  points DOUBLE NOT NULL CHECK (points >= 0),  -- Points [points]
  is_best BOOLEAN NOT NULL,  -- Yes where the source says that no team had more
  judges INTEGER CHECK (judges > 0),  -- How many people judged
  confidence VARCHAR NOT NULL CHECK (is_confidence(confidence)),  -- How well it is known
  source_id VARCHAR NOT NULL REFERENCES sources (source_id),  -- Source
  note VARCHAR,  -- Remark of the editor
  CHECK (points <= max_points),
  CHECK ((statistic = 'team') = (consortium_id IS NOT NULL))
);

CREATE TABLE sites (
  site_id VARCHAR PRIMARY KEY CHECK (is_id(site_id)),  -- Id of the site, cluster or machine
  name VARCHAR NOT NULL UNIQUE,  -- Name
  iso3 VARCHAR NOT NULL REFERENCES countries (iso3),  -- Country where it stands
  location VARCHAR,  -- Town or region
  latitude DOUBLE CHECK (latitude BETWEEN -90 AND 90),  -- Latitude, often of the town [degrees]
  longitude DOUBLE CHECK (longitude BETWEEN -180 AND 180),  -- Longitude, often of the town [degrees]
  kind VARCHAR NOT NULL CHECK (kind IN ('supercomputer', 'cluster', 'data-centre', 'programme-plan', 'total')),  -- Kind; a programme-plan is an announced sum of chips or power without a site of its own, a total is a sum over several sites
  sector VARCHAR NOT NULL CHECK (sector IN ('public', 'private', 'public-private', 'academic')),  -- Whose it is
  status VARCHAR NOT NULL CHECK (status IN ('operational', 'under-construction', 'planned', 'retired')),  -- State at the last look
  operational_date VARCHAR CHECK (is_date(operational_date)),  -- When it started, or is planned to start
  figures_as_of VARCHAR CHECK (is_date(figures_as_of)),  -- Date of chips and power where they are of a later state than the start: a site that grows hall by hall
  retired_date VARCHAR CHECK (is_date(retired_date)),  -- When it was switched off or replaced by a later state
  counts_in_total BOOLEAN NOT NULL,  -- Yes where it is added to the totals of its country and state; no for sums, plans, parts and earlier states of a machine
  part_of_site_id VARCHAR,  -- Site or plan that it is a phase or a part of
  supersedes_site_id VARCHAR,  -- Earlier state of the same machine
  h100e_stated DOUBLE CHECK (is_positive(h100e_stated)),  -- H100 equivalents as the source gives them, used only where they cannot be computed [H100 equivalents]
  power_mw DOUBLE CHECK (is_positive(power_mw)),  -- Power as the source states it [MW]
  rmax_pflops DOUBLE CHECK (is_positive(rmax_pflops)),  -- Linpack performance in the TOP500 [PFLOP/s]
  cost_usd_m DOUBLE CHECK (is_positive(cost_usd_m)),  -- Cost [million USD]
  cost_basis VARCHAR CHECK (cost_basis IN ('reported', 'modelled')),  -- Whether the cost was reported or modelled from power
  purpose VARCHAR,  -- Users or purpose
  confidence VARCHAR NOT NULL CHECK (is_confidence(confidence)),  -- How well it is known
  source_id VARCHAR NOT NULL REFERENCES sources (source_id),  -- Source
  note VARCHAR,  -- Remark of the editor
  CHECK (retired_date IS NULL OR status = 'retired'),
  CHECK ((cost_usd_m IS NULL) = (cost_basis IS NULL))
);

CREATE TABLE site_chips (
  site_id VARCHAR NOT NULL REFERENCES sites (site_id),  -- Site
  chip_id VARCHAR NOT NULL REFERENCES chips (chip_id),  -- Chip, or family where the product is not named
  chip_count INTEGER CHECK (chip_count > 0),  -- How many; empty where not published
  confidence VARCHAR NOT NULL CHECK (is_confidence(confidence)),  -- How well it is known
  source_id VARCHAR NOT NULL REFERENCES sources (source_id),  -- Source
  PRIMARY KEY (site_id, chip_id)
);

CREATE TABLE site_parties (
  site_id VARCHAR NOT NULL REFERENCES sites (site_id),  -- Site
  org_id VARCHAR NOT NULL REFERENCES organisations (org_id),  -- Organisation
  role VARCHAR NOT NULL CHECK (role IN ('owner', 'operator', 'tenant')),  -- Owner, operator, or tenant who uses most of it
  confidence VARCHAR NOT NULL CHECK (is_confidence(confidence)),  -- How well it is known
  source_id VARCHAR NOT NULL REFERENCES sources (source_id),  -- Source
  PRIMARY KEY (site_id, org_id, role)
);

CREATE TABLE country_series (
  iso3 VARCHAR NOT NULL REFERENCES countries (iso3),  -- Country
  indicator_id VARCHAR NOT NULL REFERENCES indicators (indicator_id),  -- Indicator
  as_of VARCHAR NOT NULL CHECK (is_date(as_of)),  -- Date of the value
  value DOUBLE NOT NULL CHECK (isfinite(value)),  -- Value, in the unit of the indicator
  basis VARCHAR NOT NULL CHECK (basis IN ('measured', 'estimated', 'announced', 'target', 'forecast')),  -- Measured, estimated, announced, a target, or a forecast; the last three are never drawn as data
  confidence VARCHAR NOT NULL CHECK (is_confidence(confidence)),  -- How well it is known
  source_id VARCHAR NOT NULL REFERENCES sources (source_id),  -- Source
  note VARCHAR,  -- Remark of the editor
  PRIMARY KEY (iso3, indicator_id, as_of)
);

CREATE TABLE segments (
  segment_id VARCHAR PRIMARY KEY CHECK (is_id(segment_id)),  -- Id of the market segment
  stage VARCHAR NOT NULL CHECK (stage IN ('equipment', 'material', 'design', 'fabrication', 'memory', 'packaging', 'compute')),  -- Stage of the supply chain
  position INTEGER NOT NULL UNIQUE CHECK (position > 0),  -- Order from the first stage to the last
  market_iso3 VARCHAR NOT NULL REFERENCES countries (iso3),  -- Market that the shares are of; WLD is the world
  is_competitors_market BOOLEAN NOT NULL,  -- Yes where the shares are of rival suppliers; no where they are of buyers or of a part in a whole
  is_whole_market BOOLEAN NOT NULL,  -- No where the shares are among the named firms only, so that they always add to 100
  description VARCHAR NOT NULL,  -- What is counted
  source_id VARCHAR NOT NULL REFERENCES sources (source_id)  -- A source that uses the segment
);

CREATE TABLE market_shares (
  segment_id VARCHAR NOT NULL REFERENCES segments (segment_id),  -- Market segment
  period VARCHAR NOT NULL CHECK (is_period(period)),  -- Year or quarter
  metric VARCHAR NOT NULL CHECK (metric IN ('revenue', 'shipments', 'units', 'capacity', 'imports')),  -- What the share is of
  tracker VARCHAR NOT NULL,  -- Who counted: market researcher, or the publisher where none is named
  org_id VARCHAR NOT NULL REFERENCES organisations (org_id),  -- Supplier, or a group of suppliers
  share_pct DOUBLE CHECK (is_share(share_pct)),  -- Share of the segment [%]
  value_usd_m DOUBLE CHECK (is_positive(value_usd_m)),  -- Revenue [million USD]
  is_forecast BOOLEAN NOT NULL,  -- Yes for a forecast: never drawn as data
  is_preferred BOOLEAN NOT NULL,  -- Yes for the series that charts show; the others stand beside it in tables
  confidence VARCHAR NOT NULL CHECK (is_confidence(confidence)),  -- How well it is known
  source_id VARCHAR NOT NULL REFERENCES sources (source_id),  -- Source
  note VARCHAR,  -- Remark of the editor
  PRIMARY KEY (segment_id, period, metric, tracker, org_id),
  CHECK (share_pct IS NOT NULL OR value_usd_m IS NOT NULL)
);

CREATE TABLE supply_links (
  link_id VARCHAR PRIMARY KEY CHECK (is_id(link_id)),  -- Id of the link
  supplier_org_id VARCHAR NOT NULL REFERENCES organisations (org_id),  -- Supplier
  customer_org_id VARCHAR NOT NULL REFERENCES organisations (org_id),  -- Customer
  stage VARCHAR NOT NULL CHECK (stage IN ('equipment', 'material', 'design-ip', 'foundry', 'memory', 'packaging', 'accelerator', 'system', 'cloud')),  -- What is supplied
  product VARCHAR NOT NULL,  -- Product, in short
  segment_id VARCHAR REFERENCES segments (segment_id),  -- Segment of the product, for equipment and materials
  chip_id VARCHAR REFERENCES chips (chip_id),  -- Chip that it goes into, or that is sold; empty where the link is of the firm as a whole
  since VARCHAR CHECK (is_date(since)),  -- Start
  until VARCHAR CHECK (is_date(until)),  -- End
  status VARCHAR NOT NULL CHECK (status IN ('in-force', 'announced', 'ended')),  -- State
  share_of_customer_pct DOUBLE CHECK (is_share(share_of_customer_pct)),  -- Share of what the customer buys of this product [%]
  share_of_supplier_pct DOUBLE CHECK (is_share(share_of_supplier_pct)),  -- Share of what the supplier sells of this product [%]
  value_usd_m DOUBLE CHECK (is_positive(value_usd_m)),  -- Value of the contract [million USD]
  is_preferred BOOLEAN NOT NULL,  -- No where another row gives a newer or better figure for the same link
  confidence VARCHAR NOT NULL CHECK (is_confidence(confidence)),  -- How well it is known
  source_id VARCHAR NOT NULL REFERENCES sources (source_id),  -- Source
  note VARCHAR,  -- Remark of the editor
  CHECK (supplier_org_id <> customer_org_id OR stage IN ('foundry', 'memory', 'packaging'))
);

CREATE TABLE fabs (
  fab_id VARCHAR PRIMARY KEY CHECK (is_id(fab_id)),  -- Id of the row
  org_id VARCHAR NOT NULL REFERENCES organisations (org_id),  -- Company
  name VARCHAR NOT NULL,  -- Fab, line, or all sites of the company
  is_company_total BOOLEAN NOT NULL,  -- Yes where the row is of all sites of the company: never added to single fabs
  iso3 VARCHAR NOT NULL REFERENCES countries (iso3),  -- Country where it stands
  product VARCHAR NOT NULL CHECK (product IN ('hbm', 'dram', 'logic-leading', 'logic-mature', 'cowos', 'packaging')),  -- Product
  node VARCHAR,  -- Process node
  as_of VARCHAR CHECK (is_date(as_of)),  -- Date of the capacity
  wafers_per_month_k DOUBLE CHECK (is_positive(wafers_per_month_k)),  -- Capacity [thousand wafers a month]
  status VARCHAR NOT NULL CHECK (status IN ('operational', 'under-construction', 'planned')),  -- State at that date
  investment_usd_m DOUBLE CHECK (is_positive(investment_usd_m)),  -- Investment [million USD]
  is_preferred BOOLEAN NOT NULL,  -- No where another row gives a better figure for the same date, or where the unit differs
  confidence VARCHAR NOT NULL CHECK (is_confidence(confidence)),  -- How well it is known
  source_id VARCHAR NOT NULL REFERENCES sources (source_id),  -- Source
  note VARCHAR  -- Remark of the editor
);

CREATE TABLE trade (
  reporter_iso3 VARCHAR NOT NULL REFERENCES countries (iso3),  -- Country whose customs count
  partner_iso3 VARCHAR NOT NULL REFERENCES countries (iso3),  -- Partner; WLD is all partners
  product VARCHAR NOT NULL,  -- Product group as the source names it
  flow VARCHAR NOT NULL CHECK (flow IN ('export', 'import')),  -- Direction
  period VARCHAR NOT NULL CHECK (is_period(period)),  -- Month or year
  value_usd_m DOUBLE NOT NULL CHECK (is_positive(value_usd_m)),  -- Value [million USD]
  is_preferred BOOLEAN NOT NULL,  -- Yes for the series that charts show
  confidence VARCHAR NOT NULL CHECK (is_confidence(confidence)),  -- How well it is known
  source_id VARCHAR NOT NULL REFERENCES sources (source_id),  -- Source
  note VARCHAR,  -- Remark of the editor
  PRIMARY KEY (reporter_iso3, partner_iso3, product, flow, period, source_id)
);

CREATE TABLE shipments (
  chip_id VARCHAR NOT NULL REFERENCES chips (chip_id),  -- Chip
  period VARCHAR NOT NULL CHECK (is_period(period)),  -- Quarter
  units DOUBLE NOT NULL CHECK (is_positive(units)),  -- Chips shipped, central estimate
  units_p5 DOUBLE NOT NULL CHECK (is_positive(units_p5)),  -- Low end, 5th percentile
  units_p95 DOUBLE NOT NULL CHECK (is_positive(units_p95)),  -- High end, 95th percentile
  h100e DOUBLE NOT NULL CHECK (is_positive(h100e)),  -- H100 equivalents by the 8-bit rate of the source [H100 equivalents, 8-bit]
  h100e_p5 DOUBLE NOT NULL CHECK (is_positive(h100e_p5)),  -- Low end, 5th percentile [H100 equivalents, 8-bit]
  h100e_p95 DOUBLE NOT NULL CHECK (is_positive(h100e_p95)),  -- High end, 95th percentile [H100 equivalents, 8-bit]
  is_complete BOOLEAN NOT NULL,  -- No where the quarter is not yet complete in the source
  confidence VARCHAR NOT NULL CHECK (is_confidence(confidence)),  -- How well it is known
  source_id VARCHAR NOT NULL REFERENCES sources (source_id),  -- Source
  note VARCHAR,  -- Remark of the editor
  PRIMARY KEY (chip_id, period),
  CHECK (units_p5 <= units AND units <= units_p95)
);

CREATE TABLE installed_base (
  owner_org_id VARCHAR NOT NULL REFERENCES organisations (org_id),  -- Owner, or a group of owners
  vendor_org_id VARCHAR NOT NULL REFERENCES organisations (org_id),  -- Designer of the chips
  as_of VARCHAR NOT NULL CHECK (is_period(as_of)),  -- End of this quarter
  units DOUBLE NOT NULL CHECK (is_positive(units)),  -- Chips owned, central estimate
  h100e DOUBLE NOT NULL CHECK (is_positive(h100e)),  -- H100 equivalents by the 8-bit rate of the source [H100 equivalents, 8-bit]
  h100e_p5 DOUBLE NOT NULL CHECK (is_positive(h100e_p5)),  -- Low end, 5th percentile [H100 equivalents, 8-bit]
  h100e_p95 DOUBLE NOT NULL CHECK (is_positive(h100e_p95)),  -- High end, 95th percentile [H100 equivalents, 8-bit]
  power_mw DOUBLE NOT NULL CHECK (is_positive(power_mw)),  -- Power of the chips [MW]
  is_complete BOOLEAN NOT NULL,  -- No where vendors are missing for the quarter
  confidence VARCHAR NOT NULL CHECK (is_confidence(confidence)),  -- How well it is known
  source_id VARCHAR NOT NULL REFERENCES sources (source_id),  -- Source
  note VARCHAR,  -- Remark of the editor
  PRIMARY KEY (owner_org_id, vendor_org_id, as_of)
);

CREATE TABLE models (
  model_id VARCHAR PRIMARY KEY CHECK (is_id(model_id)),  -- Id of the model
  name VARCHAR NOT NULL UNIQUE,  -- Name
  family VARCHAR,  -- Family
  org_id VARCHAR NOT NULL REFERENCES organisations (org_id),  -- Maker
  iso3 VARCHAR NOT NULL REFERENCES countries (iso3),  -- Country that the model is counted for
  consortium_id VARCHAR REFERENCES consortia (consortium_id),  -- Consortium that made it
  role VARCHAR NOT NULL CHECK (role IN ('national', 'comparator')),  -- A model of the country, or a rival that stands only in a table of scores
  released VARCHAR CHECK (is_date(released)),  -- Date of release
  parameters_b DOUBLE CHECK (is_positive(parameters_b)),  -- Parameters [billion]
  active_parameters_b DOUBLE CHECK (is_positive(active_parameters_b)),  -- Parameters active for a token [billion]
  training_tokens_t DOUBLE CHECK (is_positive(training_tokens_t)),  -- Training tokens [trillion]
  training_compute_flop DOUBLE CHECK (is_positive(training_compute_flop)),  -- Training compute [FLOP]
  training_chip_id VARCHAR REFERENCES chips (chip_id),  -- Chip that it was trained on
  training_chip_count INTEGER CHECK (training_chip_count > 0),  -- Number of these chips
  context_tokens INTEGER CHECK (context_tokens > 0),  -- Context window [tokens]
  modality VARCHAR,  -- What goes in and out
  has_open_weights BOOLEAN,  -- Whether the weights can be downloaded
  licence VARCHAR,  -- Licence of the weights
  from_scratch VARCHAR CHECK (from_scratch IN ('yes', 'no', 'disputed')),  -- Trained from scratch, or on the weights of another model
  base_model VARCHAR,  -- Model whose weights it stands on
  base_iso3 VARCHAR REFERENCES countries (iso3),  -- Country of that model
  hugging_face_repo VARCHAR,  -- Repository of the weights
  confidence VARCHAR NOT NULL CHECK (is_confidence(confidence)),  -- How well it is known
  source_id VARCHAR NOT NULL REFERENCES sources (source_id),  -- Source
  note VARCHAR,  -- Remark of the editor
  CHECK (active_parameters_b <= parameters_b),
  CHECK (training_chip_count IS NULL OR training_chip_id IS NOT NULL)
);

CREATE TABLE scores (
  model_id VARCHAR NOT NULL REFERENCES models (model_id),  -- Model
  benchmark VARCHAR NOT NULL,  -- Benchmark
  setting VARCHAR NOT NULL,  -- Version and setting, as the source states them
  score DOUBLE NOT NULL CHECK (isfinite(score)),  -- Score, in the unit of the benchmark
  unit VARCHAR NOT NULL CHECK (unit IN ('%', 'score of 10', 'score', 'index', 'Elo', 'rank')),  -- Unit
  as_of VARCHAR NOT NULL CHECK (is_date(as_of)),  -- Date of the result
  measured_by VARCHAR NOT NULL CHECK (measured_by IN ('self-reported', 'independent', 'government')),  -- Who measured
  is_rival_figure BOOLEAN NOT NULL,  -- Yes where the maker of another model gave the figure
  confidence VARCHAR NOT NULL CHECK (is_confidence(confidence)),  -- How well it is known
  source_id VARCHAR NOT NULL REFERENCES sources (source_id),  -- Source
  note VARCHAR,  -- Remark of the editor
  PRIMARY KEY (model_id, benchmark, setting, as_of, source_id)
);

CREATE TABLE events (
  event_id VARCHAR PRIMARY KEY CHECK (is_id(event_id)),  -- Id of the event
  date VARCHAR NOT NULL CHECK (is_date(date)),  -- When
  iso3 VARCHAR NOT NULL REFERENCES countries (iso3),  -- Country that acts
  kind VARCHAR NOT NULL CHECK (kind IN ('selection', 'evaluation', 'policy', 'investment', 'compute', 'chip', 'capacity', 'model-release', 'partnership', 'export-control', 'tariff', 'price', 'controversy')),  -- Kind
  title VARCHAR NOT NULL,  -- What happened, in one line
  org_id VARCHAR REFERENCES organisations (org_id),  -- Organisation that it is about
  programme_id VARCHAR REFERENCES programmes (programme_id),  -- Programme that it is about
  consortium_id VARCHAR REFERENCES consortia (consortium_id),  -- Consortium that it is about
  subject VARCHAR,  -- Subject, where it is none of these
  confidence VARCHAR NOT NULL CHECK (is_confidence(confidence)),  -- How well it is known
  source_id VARCHAR NOT NULL REFERENCES sources (source_id),  -- Source
  note VARCHAR  -- Remark of the editor
);
