"""Views about the data itself: what is known and what is not, what to look for next, what the facts rest on."""

import csv
from datetime import date

import pandas as pd
import pytest

from atlas import store
from atlas.selection import EVIDENCE
from tests.conftest import TABLES

ALL = list(EVIDENCE)
# Columns that may be empty without being looked for: being empty says something else than "not known", or another column says the same.
NOT_LOOKED_FOR = {
    "chips": {"announced", "fp8_dense_tflops", "int8_dense_tops", "export_class"},  # announced: released is asked; the others: the chip may have none
    "fabs": set(),
    "consortia": set(),
    "market_shares": {"value_usd_m"},  # a share is enough
    "memberships": {"until"},  # empty while it lasts
    "models": {"family", "consortium_id", "active_parameters_b"},  # of no family or team, a dense model
    "programmes": {"local_name", "part_of_programme_id", "budget_currency", "budget_usd_m"},  # the last two stand with budget_value
    "site_chips": set(),
    "sites": {"longitude", "figures_as_of", "retired_date", "part_of_site_id", "supersedes_site_id", "h100e_stated", "rmax_pflops", "cost_basis"},
    "supply_links": {"segment_id", "chip_id", "until"},  # of the firm as a whole, in force
    "support": {"consortium_id", "unit", "currency", "provider_org_id"},  # for a programme as a whole, given by the state itself
}  # fmt: skip
# Tables with empty cells that say nothing about a country, or are empty for a reason.
NOT_ASKED = {"sources", "countries", "indicators", "organisations", "consortium_status", "evaluations", "events"}
MADE_OF_SEVERAL = {
    "sites": {"chip_names", "h100e", "owners", "operators"},
    "chips": {"foundries", "memory_makers", "packagers"},
    "programmes": {"run_by"},
}
# What the key of a table holds that is no part of the fact: who counted, how and when, and the source.
WHO_COUNTED = {"metric", "tracker", "source_id"}


@pytest.fixture
def coverage(folder):
    """Three running sites of Korea, of which two have a known power, one of them on a weak source."""
    folder.add("sources", source("weak", is_weak="yes", published="2020-06-30"), source("later", published="2026-01-20"))
    folder.add_site("a", "KOR", chips={"nvidia-h100": 300}, power_mw=5)
    folder.add_site("b", "KOR", chips={"nvidia-h100": 100}, source_id="later")
    folder.add_site("c", "KOR", power_mw=1, source_id="weak", confidence="reported")
    return folder


def source(source_id: str, **columns) -> dict:
    row = {"source_id": source_id, "publisher": "P", "title": source_id, "url": f"https://example.org/{source_id}", "retrieved": "2026-02"}
    return row | {"kind": "press", "is_weak": "no"} | columns


def cell(frame, iso3, table, field):
    return frame[(frame["iso3"] == iso3) & (frame["table_name"] == table) & (frame["field"] == field)].iloc[0]


# What is known ------------------------------------------------------------------------------------------------------


def test_every_column_that_may_be_empty_is_looked_for_or_left_out_for_a_reason(database):
    frame = database.read("looked_for", columns="DISTINCT table_name, field")
    asked = {table: set(rows["field"]) for table, rows in frame.groupby("table_name")}
    for name, table in TABLES.items():
        optional = {column.name for column in table.columns if not column.required} - {"note"}
        if name in NOT_LOOKED_FOR:
            assert asked[name] == (optional - NOT_LOOKED_FOR[name]) | MADE_OF_SEVERAL.get(name, set()), name
        else:
            assert name not in asked
            assert name in NOT_ASKED or not optional or name in store.WORDS, name


def test_the_known_part_of_a_field_is_counted_by_kind_of_evidence(coverage):
    power = cell(coverage.database().read("coverage", evidence=ALL), "KOR", "sites", "power_mw")
    assert (power["cells"], power["known_cells"], power["known_pct"]) == (3, 2, pytest.approx(200 / 3))
    assert [power[kind] for kind in EVIDENCE] == [1, 1, 0, 0]
    assert list(power["source_ids"]) == ["later", "s", "weak"]


def test_the_newest_date_is_that_of_what_is_known(coverage):
    frame = coverage.database().read("coverage", evidence=ALL)
    assert cell(frame, "KOR", "sites", "h100e")["newest"] == "2026-01-20"
    assert cell(frame, "KOR", "sites", "power_mw")["newest"] == "2026-01-01"
    assert pd.isna(cell(frame, "KOR", "sites", "cost_usd_m")["newest"])


def test_rows_of_evidence_that_is_switched_off_are_not_looked_at(coverage):
    power = cell(coverage.database().read("coverage", evidence=["official"]), "KOR", "sites", "power_mw")
    assert (power["cells"], power["known_cells"]) == (2, 1)


def test_columns_that_are_always_filled_do_not_make_a_table_look_known(coverage):
    frame = coverage.database().read("coverage", evidence=ALL)
    assert not set(frame[frame["table_name"] == "sites"]["field"]) & {"name", "kind", "sector", "status", "counts_in_total"}
    whole = coverage.database().read("coverage_by_table", where={"iso3": ["KOR"], "table_name": ["sites"]}, evidence=ALL).iloc[0]
    fields = frame[frame["table_name"] == "sites"]
    assert (whole["cells"], whole["known_cells"]) == (fields["cells"].sum(), fields["known_cells"].sum())
    assert whole["known_cells"] == 2 + 2 + 2  # power of two, chips and computing power of two


def test_a_country_without_rows_has_no_cell_and_no_zero(coverage):
    assert coverage.database().read("coverage", where={"iso3": ["TWN"]}, evidence=ALL).empty


def test_a_row_counts_for_the_country_of_what_it_is_of(folder):
    folder.add_organisations(maker="TWN")
    folder.add_chips(made=("maker", ""))
    folder.add_site("abroad", "FRA", chips={"made": 10})
    folder.add("supply_links", {"link_id": "l", "supplier_org_id": "maker", "customer_org_id": "nvidia", "stage": "foundry", "product": "dies", "status": "in-force", "is_preferred": "yes"})  # fmt: skip
    rows = folder.database().read("looked_for", columns="DISTINCT table_name, iso3, thing_id")
    found = {(row.table_name, row.thing_id): row.iso3 for row in rows.itertuples()}
    assert found["chips", "made"] == "TWN"
    assert found["site_chips", "abroad"] == "FRA"
    assert found["supply_links", "maker"] == "TWN"


def test_a_field_is_looked_for_only_where_a_row_can_have_it(folder):
    folder.add_organisations(maker="KOR")
    models = (("own", {"from_scratch": "yes", "has_open_weights": "no"}), ("tuned", {"from_scratch": "no", "has_open_weights": "yes"}))
    for name, more in models:
        folder.add("models", {"model_id": name, "name": name, "org_id": "maker", "iso3": "KOR", "role": "national"} | more)
    folder.add("models", {"model_id": "rival", "name": "rival", "org_id": "maker", "iso3": "KOR", "role": "comparator"})
    rows = folder.database().read("looked_for", where={"table_name": ["models"]})
    asked = {field: set(things["thing_id"]) for field, things in rows.groupby("field")}
    assert asked["base_model"] == asked["licence"] == asked["hugging_face_repo"] == {"tuned"}
    assert asked["released"] == {"own", "tuned"}


def test_plans_and_sums_are_no_sites_to_be_completed(coverage):
    coverage.add_site("target", "KOR", kind="programme-plan", counts_in_total="no", status="planned")
    coverage.add_site("sum", "KOR", kind="total", counts_in_total="no")
    assert cell(coverage.database().read("coverage", evidence=ALL), "KOR", "sites", "power_mw")["cells"] == 3


def test_the_numbers_of_the_real_data_agree_with_its_files(database, real_data):
    with (real_data / "fabs.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["iso3"] == "TWN"]
    capacity = cell(database.read("coverage", evidence=ALL), "TWN", "fabs", "wafers_per_month_k")
    assert (capacity["cells"], capacity["known_cells"]) == (len(rows), sum(row["wafers_per_month_k"] != "" for row in rows))


# What to look for next ----------------------------------------------------------------------------------------------


def gaps_of(folder) -> dict:
    frame = folder.database().read("gaps", evidence=ALL)
    return {(row.gap, row.id): row.weight_pct for row in frame.itertuples()}


def test_a_gap_weighs_what_rests_on_it(coverage):
    found = gaps_of(coverage)
    assert found["site-power", "b"] == pytest.approx(25)  # 100 of the 400 H100 equivalents known
    assert found["site-h100e", "c"] == pytest.approx(100 / 3)  # one of three sites
    assert found["site-weak", "c"] == pytest.approx(100 / 3)
    assert found["chip-memory", "nvidia-h100"] == pytest.approx(100)
    assert ("site-power", "a") not in found


def test_only_what_counts_and_runs_is_a_gap(coverage):
    coverage.add_site("plan", "KOR", status="planned", confidence="planned")
    coverage.add_site("part", "KOR", part_of_site_id="a", counts_in_total="no")
    assert {thing for _, thing in gaps_of(coverage)} & {"plan", "part"} == set()


def test_a_site_with_a_second_and_better_source_is_no_weak_one(coverage):
    coverage.add("site_chips", {"site_id": "c", "chip_id": "nvidia-h100", "chip_count": 1})
    assert ("site-weak", "c") not in gaps_of(coverage)


def test_a_budget_in_dollars_alone_is_a_known_budget(folder):
    common = {"iso3": "KOR", "funding": "public", "status": "active", "is_umbrella": "no", "counts_in_total": "yes"}
    for name, more in (("open", {}), ("dollars", {"budget_usd_m": 5}), ("part", {"counts_in_total": "no"})):
        folder.add("programmes", {"programme_id": name, "name": name} | common | more)
    found = gaps_of(folder)
    assert {thing: weight for (gap, thing), weight in found.items() if gap == "programme-budget"} == {"open": 50}


def test_market_shares_that_are_a_year_older_than_the_data_are_to_be_renewed(folder):
    folder.add_organisations(maker="KOR")
    for position, (segment, period) in enumerate((("old", "2024-Q4"), ("new", "2025-Q4")), 1):
        folder.add("segments", {"segment_id": segment, "stage": "memory", "position": position, "market_iso3": "WLD", "is_competitors_market": "yes", "is_whole_market": "yes", "description": "d"})  # fmt: skip
        for year in ("2020", period):
            folder.add("market_shares", {"segment_id": segment, "period": year, "metric": "revenue", "tracker": "t", "org_id": "maker", "share_pct": 40, "is_forecast": "no", "is_preferred": "yes"})  # fmt: skip
    assert gaps_of(folder) == {("segment-old", "old"): 50}


# What the facts rest on ---------------------------------------------------------------------------------------------


def test_the_key_of_a_fact_is_that_of_its_table_without_who_counted(database):
    """source_use is written by hand: where a table has a key of several columns, the fact has as many, less those that say who counted."""
    lengths = database.read("source_use", columns="DISTINCT table_name, len(fact) AS columns").set_index("table_name")["columns"]
    other = {"scores": {"as_of", "source_id"}, "market_shares": WHO_COUNTED - {"source_id"}, "trade": {"source_id"}}
    for name, table in TABLES.items():
        key = set(table.keys[0]) if table.keys and name not in store.WORDS else set()
        if len(key) > 1:
            extra = 1 if name == "market_shares" else 0  # a forecast is another fact than the figure
            assert lengths[name] == len(key - other.get(name, set())) + extra, name


def test_lists_of_codes_state_no_fact(database):
    without = set(database.read("source_use", columns="DISTINCT table_name, fact IS NULL AS none").query("none")["table_name"])
    assert without == {
        name for name, table in TABLES.items() if "source_id" in table.column_names and "confidence" not in table.column_names
    } - {"sources"}


@pytest.fixture
def shares(folder):
    """One share that two trackers of two sources count, one that two trackers of one source count, one on a weak source."""
    folder.add("sources", source("t"), source("weak", is_weak="yes"))
    folder.add_organisations(a="KOR", b="KOR", c="KOR")
    folder.add("segments", {"segment_id": "hbm", "stage": "memory", "position": 1, "market_iso3": "WLD", "is_competitors_market": "yes", "is_whole_market": "yes", "description": "d"})  # fmt: skip
    for org, tracker, source_id in (("a", "x", "s"), ("a", "y", "t"), ("b", "x", "s"), ("b", "y", "s"), ("c", "x", "weak")):
        folder.add("market_shares", {"segment_id": "hbm", "period": "2025", "metric": "revenue", "tracker": tracker, "org_id": org, "share_pct": 30, "is_forecast": "no", "is_preferred": "yes" if tracker == "x" else "no", "source_id": source_id})  # fmt: skip
    return folder


def test_rival_rows_are_one_fact_on_two_sources(shares):
    row = shares.database().read("fact_support", where={"table_name": ["market_shares"]}).iloc[0]
    assert (row["facts"], row["alone"], row["alone_weak"], row["weak_only"]) == (3, 2, 1, 1)
    assert row["alone_pct"] == pytest.approx(200 / 3)


def test_a_forecast_does_not_confirm_a_figure(shares):
    shares.add("market_shares", {"segment_id": "hbm", "period": "2025", "metric": "revenue", "tracker": "z", "org_id": "b", "share_pct": 30, "is_forecast": "yes", "is_preferred": "no", "source_id": "t"})  # fmt: skip
    row = shares.database().read("fact_support", where={"table_name": ["market_shares"]}).iloc[0]
    assert (row["facts"], row["alone"]) == (4, 3)


def test_a_source_knows_what_rests_on_it_alone(shares):
    frame = shares.database().read("source_evidence").set_index("source_id")
    assert (frame.loc["t", "rows_resting"], frame.loc["t", "facts_alone"]) == (1, 0)
    assert (frame.loc["weak", "rows_resting"], frame.loc["weak", "facts_alone"]) == (1, 1)


def test_every_fact_alone_is_counted_at_one_source(database):
    assert database.read("source_evidence")["facts_alone"].sum() == database.read("fact_support")["alone"].sum()


def test_a_source_is_as_old_as_its_date_on_the_day_of_the_build(folder):
    folder.add("sources", source("undated"))
    database = folder.database()
    age = database.read("source_evidence").set_index("source_id")["age_years"]
    built = database.read("build_info")["built_at"].iloc[0].date()
    assert age["s"] == pytest.approx((built - date(2026, 1, 1)).days / 365.25)
    assert age[["undated"]].isna().all()


def test_years_and_tables_of_sources_add_up_to_all(database):
    assert database.read("source_years")["sources"].sum() == len(database.read("sources"))
    assert database.read("source_tables")["row_count"].sum() == len(database.read("source_use"))
