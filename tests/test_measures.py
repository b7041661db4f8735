"""Measures: hand-made frames in, answers worked out by hand; and what holds for every frame."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from atlas import measures


def holdings(*rows):
    """(country, layer, basis, party or None, weight) -> a frame as the view holdings gives it."""
    columns = ["iso3", "layer", "basis", "party_iso3", "weight"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(
        union_iso3=["EUU" if iso3 in ("FRA", "DEU") else None for iso3 in frame["iso3"]], items=1, source_ids=[["s"]] * len(frame)
    )


def share(frame, iso3, layer):
    row = measures.dependence(frame).set_index(["iso3", "layer"]).loc[(iso3, layer)]
    return row["share_pct"], row["known_pct"]


def test_dependence_is_the_part_from_abroad_of_what_is_known():
    frame = holdings(("KOR", "design", "sites", "USA", 60), ("KOR", "design", "sites", "KOR", 20), ("KOR", "design", "sites", None, 20))
    assert share(frame, "KOR", "design") == (75, 80)  # 60 of the 80 known, 80 of 100 known


def test_a_layer_of_which_less_than_half_is_known_is_not_known():
    frame = holdings(("KOR", "memory", "sites", "USA", 49), ("KOR", "memory", "sites", None, 51))
    dependence, known = share(frame, "KOR", "memory")
    assert np.isnan(dependence)
    assert known == 49


def test_unknown_is_neither_zero_nor_hundred():
    dependence, known = share(holdings(("KOR", "model", "models", None, 3)), "KOR", "model")
    assert np.isnan(dependence)
    assert known == 0


def test_the_union_is_not_abroad_and_a_neighbour_is():
    frame = holdings(
        ("FRA", "ownership", "sites", "EUU", 50), ("FRA", "ownership", "sites", "DEU", 25), ("FRA", "ownership", "sites", "FRA", 25)
    )
    assert share(frame, "FRA", "ownership") == (25, 100)


def test_a_national_count_of_sales_goes_before_sites():
    frame = holdings(("CHN", "design", "sites", "CHN", 9000), ("CHN", "design", "sales", "USA", 60), ("CHN", "design", "sales", "CHN", 40))
    result = measures.dependence(frame).set_index("layer").loc["design"]
    assert (result["share_pct"], result["basis"]) == (60, "sales")


party = st.one_of(st.none(), st.sampled_from(["KOR", "USA", "CHN", "FRA", "EUU"]))
rows = st.lists(
    st.tuples(st.sampled_from(["KOR", "USA", "FRA"]), st.sampled_from(measures.LAYERS), st.just("sites"), party, st.floats(0.01, 1e7)),
    min_size=1,
    max_size=30,
)


@given(rows)
def test_dependence_is_between_0_and_100_and_does_not_depend_on_the_order(drawn):
    frame = holdings(*drawn)
    result = measures.dependence(frame)
    known = result["share_pct"].dropna()
    assert known.between(0, 100).all()
    assert result["known_pct"].between(-1e-9, 100 + 1e-9).all()
    shuffled = measures.dependence(frame.iloc[::-1])
    pd.testing.assert_frame_equal(result, shuffled, check_exact=False)


@given(rows)
def test_one_more_party_at_home_never_raises_dependence(drawn):
    before = measures.dependence(holdings(*drawn)).set_index(["iso3", "layer"])["share_pct"]
    after = measures.dependence(holdings(*drawn, *[(iso3, layer, "sites", iso3, 100.0) for iso3, layer in before.index])).set_index(
        ["iso3", "layer"]
    )["share_pct"]
    both = pd.concat([before, after], axis=1, keys=["before", "after"]).dropna()
    assert (both["after"] <= both["before"] + 1e-9).all()


def market(*companies, others=None):
    rows = [(f"c{n}", share, False) for n, share in enumerate(companies)] + ([("others", others, True)] if others else [])
    return pd.DataFrame(rows, columns=["org_id", "share_pct", "is_group"]).assign(
        segment_id="hbm", period="2025-Q3", period_end=pd.Timestamp("2025-07-01"), source_ids=[["s"]] * len(rows)
    )


def index(*companies, others=None):
    row = measures.hhi(market(*companies, others=others)).iloc[0]
    return row["low"], row["high"]


def test_hhi_of_a_market_that_is_known_whole():
    assert index(57, 22, 21) == (4174, 4174)  # 3,249 + 484 + 441


def test_hhi_bounds_what_nobody_is_named_for():
    assert index(50, 30) == (3400, 3800)  # the rest of 20 as nobody, or as one firm of 20
    assert index(50, 10, others=40) == (2600, 3000)  # the rest of 40 as nobody, or as four firms of 10


def test_hhi_is_not_told_where_less_than_half_is_named():
    assert measures.hhi(market(30, 19)).empty


@given(st.lists(st.floats(0.1, 100), min_size=1, max_size=12))
def test_hhi_is_between_0_and_10000(companies):
    scaled = [share * 100 / max(sum(companies), 100) for share in companies]
    for row in measures.hhi(market(*scaled)).itertuples():
        assert 0 <= row.low <= row.high + 1e-6
        assert row.high <= 10000 + 1e-6


def test_the_mean_needs_five_known_layers():
    layers = measures.LAYERS
    frame = pd.DataFrame(
        {
            "iso3": ["KOR"] * 5 + ["USA"] * 4,
            "layer": [*layers[:5], *layers[:4]],
            "share_pct": [100, 50, 0, 0, 100, 1, 1, 1, 1.0],
            "source_ids": [["s"]] * 9,
        }
    )
    mean = measures.mean_dependence(frame).set_index("iso3")["share_pct"]
    assert mean["KOR"] == 50
    assert np.isnan(mean["USA"])


def test_nothing_in_nothing_out():
    assert measures.dependence(holdings()).empty
    assert measures.strongest_segment(pd.DataFrame(columns=["iso3", "share_pct"])).empty
    assert measures.hhi(market()).empty
