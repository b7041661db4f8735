"""Exposure: a chain drawn by hand, with the answers worked out beside it; and what holds for every chain."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas import exposure
from atlas.exposure import Stop


def suppliers(*rows):
    """(chip, stage, organisation, part)"""
    frame = pd.DataFrame(rows, columns=["chip_id", "stage", "org_id", "part"])
    return frame.assign(source_ids=[[f"{row.org_id}-{row.chip_id}"] for row in frame.itertuples()])


def inputs(*rows):
    """(stage, input, organisation, customer)"""
    frame = pd.DataFrame(rows, columns=["stage", "input", "org_id", "customer_org_id"])
    return frame.assign(source_ids=[[f"{row.org_id}-{row.customer_org_id}"] for row in frame.itertuples()])


def sites(*rows):
    """(site, country, status, chip or None, H100 equivalents or NaN)"""
    frame = pd.DataFrame(rows, columns=["site_id", "iso3", "status", "chip_id", "h100e"])
    return frame.assign(country=frame["iso3"], source_ids=[["s"]] * len(frame))


MADE = suppliers(
    ("h100", "foundry", "tsmc", 1.0),
    ("h100", "memory", "sk-hynix", 1.0),
    ("b200", "foundry", "tsmc", 1.0),
    ("b200", "memory", "sk-hynix", 0.5),
    ("b200", "memory", "micron", 0.5),
    ("rebel", "foundry", "samsung", 1.0),
    ("rebel", "memory", "samsung", 1.0),
)
TOOLS = inputs(
    ("equipment", "euv", "asml", "tsmc"),
    ("equipment", "euv", "asml", "samsung"),
    ("material", "photoresist", "tok", "tsmc"),
    ("material", "photoresist", "jsr", "tsmc"),
    ("material", "wafers", "sumco", "tsmc"),
    ("material", "photoresist", "dongjin", "samsung"),
)
RUNNING = sites(
    ("one", "KOR", "operational", "h100", 60.0),
    ("two", "KOR", "operational", "b200", 20.0),
    ("three", "KOR", "operational", "rebel", 10.0),
    ("four", "KOR", "operational", None, 10.0),
    ("later", "KOR", "planned", "b200", 400.0),
    ("uncounted", "KOR", "planned", "h100", np.nan),
)


def bounds(*organisations, stage="all", only=(), made=MADE, tools=TOOLS):
    frame = exposure.chips(made, tools, Stop(frozenset(organisations), stage, frozenset(only))).set_index("chip_id")
    return {chip: (row["low"], row["high"]) for chip, row in frame.iterrows()}


def country(*organisations, status="operational", **more):
    stop = Stop(frozenset(organisations), more.pop("stage", "all"), frozenset(more.pop("only", ())))
    return exposure.countries(RUNNING, exposure.chips(MADE, TOOLS, stop)).set_index("status").loc[status]


def test_a_chip_counts_between_the_part_of_the_stopped_and_all_of_it():
    assert bounds("sk-hynix", stage="memory") == {"h100": (1, 1), "b200": (0.5, 1), "rebel": (0, 0)}


def test_all_suppliers_of_a_chip_stopped_is_all_of_it():
    assert bounds("sk-hynix", "micron", stage="memory")["b200"] == (1, 1)


def test_a_country_is_exposed_by_the_weight_of_its_known_chips():
    korea = country("sk-hynix", stage="memory")
    # at least (60 x 1 + 20 x 0.5 + 10 x 0) / 90 = 77.8, at most (60 + 20) / 90 = 88.9; 90 of 100 known
    assert korea["low_pct"] == pytest.approx(100 * 70 / 90)
    assert korea["high_pct"] == pytest.approx(100 * 80 / 90)
    assert korea["known_pct"] == pytest.approx(90)
    assert (korea["sites"], korea["sites_hit"]) == (4, 2)


def test_planned_sites_are_a_row_of_their_own():
    assert country("sk-hynix", stage="memory", status="planned")["h100e"] == 400
    assert country("sk-hynix", stage="memory")["h100e"] == 100


def test_a_site_of_unknown_power_adds_nothing_and_is_still_hit():
    planned = country("sk-hynix", stage="memory", status="planned")
    assert (planned["h100e"], planned["sites_hit"]) == (400, 2)


def test_a_maker_of_tools_stops_the_chips_of_those_it_supplies():
    assert bounds("asml", stage="equipment") == {"h100": (1, 1), "b200": (1, 1), "rebel": (1, 1)}
    assert country("asml", stage="equipment")["low_pct"] == 100


def test_one_of_two_suppliers_of_an_input_is_half_at_least_and_the_worst_input_counts():
    assert bounds("tok", stage="material")["h100"] == (0.5, 1)
    assert bounds("tok", "sumco", stage="material")["h100"] == (1, 1)


def test_a_stop_may_be_of_some_inputs_only():
    assert bounds("tok", "sumco", stage="material", only=["photoresist"])["h100"] == (0.5, 1)


def test_a_stage_at_which_a_supplier_has_no_part_is_not_hit():
    assert bounds("tsmc", stage="memory") == {"h100": (0, 0), "b200": (0, 0), "rebel": (0, 0)}
    assert bounds("tsmc", stage="foundry")["rebel"] == (0, 0)


def test_a_chip_without_a_known_supplier_is_not_known_and_not_safe():
    assert "tpu" not in bounds("tsmc", stage="foundry")
    lone = exposure.countries(sites(("x", "USA", "operational", "tpu", 50.0)), exposure.chips(MADE, TOOLS, Stop(frozenset(["tsmc"]))))
    assert lone["known_pct"].iloc[0] == 0
    assert np.isnan(lone["low_pct"].iloc[0])
    assert np.isnan(lone["high_pct"].iloc[0])


USERS = pd.DataFrame(
    [("one", "sk-telecom", "owner"), ("sk-telecom", "kor-skt", "lead"), ("kor-skt", "a-x", "model"), ("three", "tsmc", "owner")],
    columns=["from_id", "to_id", "relation"],
).assign(source_ids=[["u1"], ["u2"], ["u3"], ["u4"]])
KINDS = {"one": "site", "three": "site", "sk-telecom": "organisation", "tsmc": "organisation", "kor-skt": "consortium", "a-x": "model"}


def hits(*organisations, stage="all"):
    stop = Stop(frozenset(organisations), stage)
    return exposure.hits(exposure.graph(MADE, TOOLS, RUNNING, USERS, KINDS, stop), stop).set_index("id")


def test_the_path_leads_from_the_supplier_of_tools_to_the_model_with_a_source_for_every_link():
    found = hits("asml", stage="equipment")
    steps = found.loc["a-x", "steps"]
    assert [step[0][1] for step in steps] + [steps[-1][2][1]] == ["asml", "tsmc", "h100", "one", "sk-telecom", "kor-skt", "a-x"]
    assert [step[3] for step in steps] == ["asml-tsmc", "tsmc-h100", "s", "u1", "u2", "u3"]
    assert found.loc["a-x", "source_ids"] == ["asml-tsmc", "tsmc-h100", "s", "u1", "u2", "u3"]


def test_only_what_lies_behind_the_stopped_is_hit():
    assert set(hits("samsung", stage="foundry").index) == {"rebel", "three"}


def test_computing_on_a_chip_does_not_pass_the_stop_on_to_the_chips_that_the_owner_makes():
    """TSMC owns a site with a chip of Samsung: that does not put the chips that TSMC makes at risk."""
    assert "h100" not in hits("samsung").index


def test_a_supplier_without_links_hits_nothing():
    assert hits("nobody").empty


chip_rows = st.lists(st.tuples(st.sampled_from(["c1", "c2", "c3"]), st.sampled_from(["foundry", "memory"]), st.sampled_from("abcd")), min_size=1, max_size=12, unique=True)  # fmt: skip
input_rows = st.lists(st.tuples(st.sampled_from(["equipment", "material"]), st.sampled_from(["p", "q"]), st.sampled_from("wxyz"), st.sampled_from("abcd")), max_size=10, unique=True)  # fmt: skip
site_rows = st.lists(st.tuples(st.sampled_from(["KOR", "USA"]), st.sampled_from(["c1", "c2", "c3", None]), st.floats(0.1, 1e6)), min_size=1, max_size=8)  # fmt: skip
stopped = st.sets(st.sampled_from("abcdwxyz"))
stages = st.sampled_from(["foundry", "memory", "equipment", "material", "all"])


def world(chips, tools, held):
    parts = pd.Series([(chip, stage) for chip, stage, _ in chips]).value_counts()
    made = suppliers(*((chip, stage, org, 1 / parts[(chip, stage)]) for chip, stage, org in chips))
    return made, inputs(*tools), sites(*((f"s{n}", iso3, "operational", chip, power) for n, (iso3, chip, power) in enumerate(held)))


@given(chip_rows, input_rows, site_rows, stopped, stopped, stages)
def test_exposure_is_bounded_and_grows_with_what_stops(chips, tools, held, first, more, stage):
    made, bought, running = world(chips, tools, held)
    few = exposure.countries(running, exposure.chips(made, bought, Stop(frozenset(first), stage)))
    many = exposure.countries(running, exposure.chips(made, bought, Stop(frozenset(first | more), stage)))
    for frame in (few, many):
        known = frame.dropna(subset="low_pct")
        assert known["low_pct"].between(0, 100).all()
        assert (known["low_pct"] <= known["high_pct"] + 1e-9).all()
        assert (known["high_pct"] <= 100).all()
    assert few["known_pct"].equals(many["known_pct"])
    for bound in ("low_pct", "high_pct"):
        assert (many[bound].fillna(0) >= few[bound].fillna(0) - 1e-9).all()


@given(chip_rows, input_rows, site_rows, stopped, stages, st.randoms())
def test_the_order_of_rows_does_not_matter(chips, tools, held, orgs, stage, random):
    def result(*lists):
        made, bought, running = world(*lists)
        return exposure.countries(running.sort_values("site_id"), exposure.chips(made, bought, Stop(frozenset(orgs), stage)))

    shuffled = [random.sample(rows, len(rows)) for rows in (chips, tools)]
    pd.testing.assert_frame_equal(result(chips, tools, held), result(*shuffled, held))


def test_a_site_that_is_only_planned_is_not_said_to_compute():
    relations = {
        row["id"]: row["steps"][-1][1] for _, row in hits("tsmc", stage="foundry").reset_index().iterrows() if row["kind"] == "site"
    }
    assert relations == {"one": "runs", "two": "runs", "later": "planned", "uncounted": "planned"}
