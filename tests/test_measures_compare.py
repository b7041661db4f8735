"""The comparison: hand-made rows in, directions, ranks and marks worked out by hand."""

import pandas as pd
import pytest

from atlas.measures import COMPARED, GROUPS, LAYERS, LESS_IS_BETTER, NEITHER_IS_BETTER, comparison, direction, extremes, tally

COUNTRIES = ("KOR", "USA", "CHN", "FRA")
NO_NEED = pd.DataFrame(columns=["iso3", "layer", "basis", "share_pct", "known_pct", "items", "source_ids"])
NO_HOLD = pd.DataFrame(columns=["segment_id", "position", "iso3", "share_pct", "known_pct", "period", "source_ids"])


def values(indicator_id, group_id="compute", **amounts):
    return pd.DataFrame(
        [
            {
                "group_id": group_id, "indicator_id": indicator_id, "indicator": "Name", "iso3": iso3, "country": iso3, "value": value, "unit": "x", "period": "2025",
                "confidence": "official", "source_ids": ["s"],
            }
            for iso3, value in amounts.items()
        ]
    )  # fmt: skip


def ranks(frame):
    return dict(zip(frame["iso3"], frame["rank"], strict=True))


def test_the_highest_ranks_first_and_equals_share_a_rank():
    frame = comparison(values("machines", KOR=5.0, USA=9.0, CHN=5.0, FRA=1.0), NO_NEED, NO_HOLD, COUNTRIES)
    assert ranks(frame) == {"USA": 1, "KOR": 2, "CHN": 2, "FRA": 4}
    assert set(frame["known"]) == {4}


def test_where_less_is_better_the_lowest_ranks_first():
    frame = comparison(values("electricity-carbon-intensity", "economy", KOR=400.0, USA=380.0, FRA=50.0), NO_NEED, NO_HOLD, COUNTRIES)
    assert ranks(frame) == {"FRA": 1, "USA": 2, "KOR": 3}
    assert set(frame["direction"]) == {-1}


def test_only_known_values_rank():
    frame = comparison(values("machines", KOR=5.0, USA=9.0), NO_NEED, NO_HOLD, COUNTRIES)
    assert set(frame["iso3"]) == {"KOR", "USA"}
    assert set(frame["known"]) == {2}


def test_a_union_does_not_rank_among_its_members():
    frame = comparison(values("machines", KOR=5.0, FRA=3.0, EUU=9.0), NO_NEED, NO_HOLD, COUNTRIES)
    assert ranks(frame)["KOR"] == 1
    assert ranks(frame)["FRA"] == 2
    assert pd.isna(ranks(frame)["EUU"])
    assert set(frame["known"]) == {2}


def test_what_is_known_of_one_country_alone_compares_nothing_save_a_share_of_the_world():
    hold = pd.DataFrame(
        [
            {
                "segment_id": "fluoride",
                "position": 1,
                "iso3": "FRA",
                "share_pct": 80.0,
                "known_pct": 80.0,
                "period": "2020",
                "source_ids": ["s"],
            }
        ]
    )
    frame = comparison(values("racks", CHN=5.0), NO_NEED, hold, COUNTRIES)
    assert list(frame["indicator_id"]) == ["fluoride"]


def test_dependence_ranks_the_least_dependent_first_and_leaves_out_what_is_not_known():
    need = pd.DataFrame(
        [
            {"iso3": iso3, "layer": "design", "basis": "sites", "share_pct": share, "known_pct": 100, "items": 1, "source_ids": ["s"]}
            for iso3, share in (("KOR", 100.0), ("USA", 0.0), ("CHN", 59.0), ("FRA", float("nan")))
        ]
    )
    frame = comparison(values("machines", KOR=1.0, USA=2.0), need, NO_HOLD, COUNTRIES)
    needs = frame[frame["group_id"] == "dependence"]
    assert ranks(needs) == {"USA": 1, "CHN": 2, "KOR": 3}
    assert set(needs["unit"]) == {"share"}


def test_a_country_that_is_not_named_in_a_fully_known_segment_holds_nothing_of_it():
    hold = pd.DataFrame(
        [{"segment_id": "euv", "position": 1, "iso3": "NLD", "share_pct": 100.0, "known_pct": 100.0, "period": "2025", "source_ids": ["s"]}]
    )
    frame = comparison(values("machines", KOR=1.0, USA=2.0), NO_NEED, hold, (*COUNTRIES, "NLD"))
    held = frame[frame["group_id"] == "leverage"]
    assert dict(zip(held["iso3"], held["value"], strict=True)) == {"NLD": 100, "KOR": 0, "USA": 0, "CHN": 0, "FRA": 0}
    assert ranks(held)["KOR"] == 2


def test_nothing_known_is_an_empty_table():
    frame = comparison(values("x").reindex(columns=COMPARED), NO_NEED, NO_HOLD, COUNTRIES)
    assert frame.empty
    assert list(extremes(frame)) == []
    assert tally(frame, "KOR") == (0, 0, 0)


def test_best_and_worst_are_among_the_rows_given():
    frame = comparison(values("machines", KOR=5.0, USA=9.0, CHN=7.0, FRA=1.0), NO_NEED, NO_HOLD, COUNTRIES)
    chosen = frame[frame["iso3"].isin(["KOR", "CHN"])]
    assert dict(zip(chosen["iso3"], extremes(chosen), strict=True)) == {"KOR": "worst", "CHN": "best"}
    assert tally(chosen, "CHN") == (1, 0, 1)
    assert tally(chosen, "KOR") == (0, 1, 1)


@pytest.mark.parametrize(
    ("indicator", "amounts"),
    [
        ("population", {"KOR": 50.0, "USA": 340.0}),
        ("compute-planned", {"KOR": 5.0, "USA": 9.0}),
        ("machines", {"KOR": 5.0, "USA": 5.0}),
        ("machines", {"KOR": 5.0}),
    ],
)
def test_nothing_is_best_without_a_better_a_second_or_a_difference(indicator, amounts):
    rows = values(indicator, **amounts).assign(direction=direction("compute", indicator))
    assert set(extremes(rows)) == {""}


def test_every_direction_is_declared_of_an_indicator_that_is_there(database):
    every = set(database.read("indicators")["indicator_id"])
    every |= set(
        database.read("indicator_values", evidence=["official", "reported", "estimated", "planned"], scale="absolute")["indicator_id"]
    )
    assert set(LESS_IS_BETTER) | set(NEITHER_IS_BETTER) <= every
    assert not set(LESS_IS_BETTER) & set(NEITHER_IS_BETTER)


def test_needing_others_is_worse_and_holding_something_better():
    assert {direction("dependence", layer) for layer in LAYERS} == {-1}
    assert direction("leverage", "hbm") == direction("compute", "power-operational") == 1
    assert set(GROUPS) >= {"dependence", "leverage"}
