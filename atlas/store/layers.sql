-- What upstream sources say beside the curated rows. The tables are in every database, and empty where no layer is there.
-- Rows that a layer adds to the tables of schema.sql carry its source: upstream-<layer>, or an id that goes on from it.

-- Two values as text that are not the same. 0.53 and 0.5297 say the same: ours is rounded.
CREATE MACRO says_otherwise(theirs, ours) AS coalesce(
  abs(try_cast(theirs AS DOUBLE) - try_cast(ours AS DOUBLE)) > 0.500001 * pow(10, -length(split_part(ours, '.', 2))), lower(theirs) <> lower(ours), false);

CREATE TABLE layers (
  layer VARCHAR PRIMARY KEY,  -- Name of the layer, and of its folder in data/upstream/
  source_id VARCHAR NOT NULL,  -- Source under which its rows and facts stand
  publisher VARCHAR NOT NULL,  -- Who published it
  title VARCHAR NOT NULL,  -- Title of the data set
  page VARCHAR NOT NULL,  -- Address for readers
  licence VARCHAR NOT NULL,  -- Licence of the data set
  is_noncommercial BOOLEAN NOT NULL,  -- Yes where the licence forbids commercial use
  is_redistributable BOOLEAN NOT NULL,  -- Yes where the licence allows the layer in a public repository
  retrieved VARCHAR NOT NULL,  -- Day on which it was downloaded
  note VARCHAR,  -- What it covers and what to beware of
  rows_read BIGINT NOT NULL,  -- Upstream rows that were read
  rows_added BIGINT NOT NULL,  -- Rows that it adds to the tables, without those of sources
  facts BIGINT NOT NULL,  -- Upstream values that stand beside rows of ours
  unmapped BIGINT NOT NULL,  -- Names that stand for none of our ids
  doubtful BIGINT NOT NULL  -- Upstream things that may be one of ours, and are in no total
);

CREATE TABLE upstream_facts (
  layer VARCHAR NOT NULL,  -- Layer
  table_name VARCHAR NOT NULL,  -- Table of our row
  thing_id VARCHAR NOT NULL,  -- Primary key of our row; the parts of a longer key stand with a slash between them
  field VARCHAR NOT NULL,  -- Column of the table, or the name of what no column holds
  value VARCHAR NOT NULL,  -- Upstream value
  curated_value VARCHAR,  -- What our row says; empty where it says nothing
  upstream_name VARCHAR NOT NULL,  -- Name of the thing upstream
  url VARCHAR,  -- Address of the value, where it has one
  source_id VARCHAR NOT NULL  -- Source of the layer
);

CREATE TABLE upstream_unmapped (
  layer VARCHAR NOT NULL,  -- Layer
  kind VARCHAR NOT NULL,  -- What the name is of: country, chip, organisation ...
  name VARCHAR NOT NULL,  -- Upstream name
  rows BIGINT NOT NULL,  -- Upstream rows with that name
  example VARCHAR,  -- The one where it was met first
  source_id VARCHAR NOT NULL  -- Source of the layer
);

CREATE TABLE upstream_doubtful (
  layer VARCHAR NOT NULL,  -- Layer
  table_name VARCHAR NOT NULL,  -- Table that it would stand in
  upstream_name VARCHAR NOT NULL,  -- Name of the thing upstream
  thing_id VARCHAR NOT NULL,  -- Row of ours that it may be
  reason VARCHAR NOT NULL,  -- Why it is not clear
  source_id VARCHAR NOT NULL  -- Source of the layer
);
