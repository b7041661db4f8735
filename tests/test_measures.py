"""Measures: hand-made frames in, answers worked out by hand; and what holds for every frame."""

import numpy as np
import pandas as pd
import pytest
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


# The index -------------------------------------------------------------------------------------------------------------

EQUAL = dict.fromkeys(measures.LAYERS, 1.0)


def shares(**countries):
    """Dependence per country, a number or None per layer in the order of LAYERS -> a frame as measures.dependence gives it."""
    rows = [
        (iso3, layer, share)
        for iso3, layers in countries.items()
        for layer, share in zip(measures.LAYERS, layers, strict=True)
        if share is not None
    ]
    frame = pd.DataFrame(rows, columns=["iso3", "layer", "share_pct"])
    return frame.assign(source_ids=[["s"]] * len(frame))


def index_of(frame, weights=EQUAL):
    return measures.self_reliance(frame, weights).set_index("iso3")


def test_the_index_is_hundred_less_the_weighted_mean_of_what_is_known():
    frame = shares(KOR=[100, 100, 40, 100, 0, 0, 20, None])
    weights = dict(zip(measures.LAYERS, [3, 1, 1, 1, 1, 1, 2, 2], strict=True))
    korea = index_of(frame, weights).loc["KOR"]
    # (3x100 + 1x100 + 1x40 + 1x100 + 0 + 0 + 2x20) / (3+1+1+1+1+1+2) = 580 / 10 = 58; known 10 of the 12
    assert korea["index"] == pytest.approx(42)
    assert korea["coverage_pct"] == pytest.approx(100 * 10 / 12)
    assert korea["missing"] == ["consortium"]


def test_a_country_of_which_too_little_is_known_has_no_index():
    frame = shares(KOR=[0] * 5 + [None] * 3, CHL=[0] * 4 + [None] * 4)
    index = index_of(frame)
    assert index.loc["KOR", "index"] == 100  # 5 of 8 layers, 62.5 per cent
    assert np.isnan(index.loc["CHL", "index"])  # 4 of 8 layers, 50 per cent
    assert index.loc["CHL", "missing"] == list(measures.LAYERS[4:])
    assert list(measures.rank_intervals(frame, EQUAL)["iso3"]) == ["KOR"]


def test_ranks_count_from_the_most_self_reliant_and_ties_share():
    frame = shares(USA=[10] * 8, KOR=[50] * 8, TWN=[50] * 8, MYS=[90] * 8)
    assert index_of(frame)["rank"].to_dict() == {"KOR": 2, "MYS": 4, "TWN": 2, "USA": 1}


def test_an_interval_is_one_rank_where_no_weight_can_change_it():
    frame = shares(USA=[10] * 8, KOR=[50] * 8, MYS=[90] * 8)
    ranks = measures.rank_intervals(frame, EQUAL).set_index("iso3")
    assert ranks.loc["USA"].tolist() == [1, 1]
    assert ranks.loc["MYS"].tolist() == [3, 3]


def test_an_interval_is_wide_where_the_weights_decide():
    frame = shares(AAA=[0, 0, 0, 0, 100, 100, 100, 100], BBB=[100, 100, 100, 100, 0, 0, 0, 0])
    ranks = measures.rank_intervals(frame, EQUAL).set_index("iso3")
    assert ranks.loc["AAA"].tolist() == ranks.loc["BBB"].tolist() == [1, 2]


def test_the_layer_that_carries_a_country_moves_its_rank():
    frame = shares(AAA=[0] + [60] * 7, BBB=[55] * 8)
    moved = measures.sensitivity(frame, EQUAL).set_index(["iso3", "layer"])["change"]
    assert moved["AAA", "design"] == -1  # first with it (52.5 against 55), second without (60 against 55)
    assert moved["BBB", "design"] == 1
    assert moved["AAA", "memory"] == 0


dependences = st.dictionaries(
    st.sampled_from(["AAA", "BBB", "CCC", "DDD"]), st.lists(st.one_of(st.none(), st.floats(0, 100)), min_size=8, max_size=8), min_size=1
).filter(lambda countries: any(share is not None for layers in countries.values() for share in layers))
some_weights = st.lists(st.floats(0.1, 10), min_size=8, max_size=8).map(lambda numbers: dict(zip(measures.LAYERS, numbers, strict=True)))


@given(dependences, some_weights, st.floats(0.01, 100))
def test_the_index_does_not_change_when_all_weights_are_scaled(countries, weights, factor):
    frame = shares(**countries)
    scaled = {layer: weight * factor for layer, weight in weights.items()}
    pd.testing.assert_frame_equal(measures.self_reliance(frame, weights), measures.self_reliance(frame, scaled), check_exact=False)


@given(dependences, some_weights, st.randoms())
def test_index_and_intervals_are_bounded_and_do_not_hang_on_the_order_of_rows(countries, weights, random):
    frame = shares(**countries)
    index = measures.self_reliance(frame, weights)
    assert index["index"].dropna().between(-1e-9, 100 + 1e-9).all()
    assert index["coverage_pct"].between(0, 100 + 1e-9).all()
    ranks = measures.rank_intervals(frame, weights, draws=50)
    assert (ranks["rank_low"] <= ranks["rank_high"]).all()
    assert ranks["rank_low"].between(1, max(len(ranks), 1)).all()
    order = list(range(len(frame)))
    random.shuffle(order)
    shuffled = frame.iloc[order].reset_index(drop=True)
    pd.testing.assert_frame_equal(index, measures.self_reliance(shuffled, weights))
    pd.testing.assert_frame_equal(ranks, measures.rank_intervals(shuffled, weights, draws=50))


@given(st.lists(st.tuples(st.sampled_from(["KOR", "USA", "CHN", None]), st.floats(0.01, 1e6)), min_size=1, max_size=12))
def test_taking_a_domestic_supplier_away_never_lowers_the_dependence_on_abroad(parties):
    frame = holdings(*(("KOR", "memory", "sites", party, weight) for party, weight in parties))
    without = frame[frame["party_iso3"] != "KOR"]
    if without.empty:
        return
    before, _ = share(frame, "KOR", "memory")
    after, _ = share(without, "KOR", "memory")
    assert np.isnan(before) or np.isnan(after) or after >= before - 1e-9
