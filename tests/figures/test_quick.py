"""Quick charts: what suits the columns of any rows, and a mark for every row of them."""

import numpy as np
import pandas as pd
import pytest

from atlas.figures.base import colour
from atlas.figures.quick import MOST, Drawing, columns, days, drawing, quick
from tests.conftest import words

SHARES = pd.DataFrame(
    {
        "period": ["2025-Q1", "2025-Q1", "2025-Q2", "2025-Q2", "2025-Q3", "2025-Q3"],
        "country": ["South Korea", "United States"] * 3,
        "share_pct": [83.0, 17.0, 79.0, 21.0, 80.0, 20.0],
        "source_ids": [["a"]] * 6,
    }
)
SITES = pd.DataFrame({"name": ["A", "B", "C"], "country": ["X", "X", "Y"], "power_mw": [1.0, 2.0, 30.0], "h100e": [10.0, np.nan, 300.0]})


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (SHARES, Drawing("line", "period", "share_pct", "country")),
        (SITES, Drawing("bar", "name", "power_mw")),
        (SITES[["power_mw", "h100e"]], Drawing("scatter", "h100e", "power_mw")),
        (SITES[["name"]], None),
        (SITES[["power_mw"]], None),
        (pd.DataFrame(), None),
    ],
)
def test_the_columns_tell_which_chart_suits_them(frame, expected):
    assert drawing(frame) == expected


def test_dates_out_of_order_are_no_course():
    assert drawing(pd.DataFrame({"name": list("abc"), "announced": ["2025", "2021", "2023"], "cost": [3.0, 2.0, 1.0]})).kind == "bar"


def test_what_is_chosen_wins_where_it_can_be_drawn():
    assert drawing(SITES, "scatter", "h100e", "power_mw", "country") == Drawing("scatter", "h100e", "power_mw", "country")
    assert drawing(SITES, "line").kind == "bar"  # no column of dates
    assert drawing(SITES, x="name", y="country").y == "power_mw"  # a text is no amount
    assert drawing(SHARES, colour="source_ids").colour == "country"  # a list is no colour
    assert drawing(SHARES, colour="-").colour == ""


def test_lists_cannot_be_chosen():
    assert columns(SHARES) == ["period", "country", "share_pct"]


def test_dates_of_every_exactness_are_days():
    found = days(pd.Series(["2025", "2025-Q3", "2025-08", "2025-08-04", None]))
    assert [str(day)[:10] for day in found] == ["2025-01-01", "2025-07-01", "2025-08-01", "2025-08-04", "NaT"]
    assert [str(day)[:10] for day in days(pd.Series([2024, 2025], name="year"))] == ["2024-01-01", "2025-01-01"]
    assert days(pd.Series(["2025", "soon"])) is None
    assert days(pd.Series([2024, 2025], name="chips")) is None


def test_rows_without_a_value_are_left_out_and_never_zero():
    chart = quick(drawing(SITES, "bar", "name", "h100e").rows(SITES), words(), drawing(SITES, "bar", "name", "h100e"), {})
    assert chart.figure["data"][0]["x"].tolist() == [10, 300]


def test_numbers_without_end_are_left_out():
    frame = pd.DataFrame({"name": list("abc"), "value": [1.0, np.inf, -np.inf]})
    assert len(drawing(frame).rows(frame)) == 1


def test_rows_that_share_a_name_are_not_added_up():
    frame = pd.DataFrame({"country": ["X", "X", "Y"], "sites": [1, 2, 3]})
    chart = quick(frame, words(), Drawing("bar", "country", "sites"), {})
    assert chart.figure["data"][0]["x"].tolist() == [1, 2, 3]
    assert chart.figure["layout"]["yaxis"]["ticktext"] == ["X", "X", "Y"]


def test_every_country_has_its_own_colour():
    chart = quick(SHARES, words(), drawing(SHARES), {"South Korea": "KOR", "United States": "USA"})
    assert [trace["line"]["color"] for trace in chart.figure["data"]] == [colour("KOR"), colour("USA")]


def test_many_colours_are_gathered_as_others():
    frame = pd.DataFrame({"name": [f"n{i}" for i in range(20)], "kind": [f"k{i}" for i in range(20)], "value": range(20)})
    chart = quick(frame, words(), Drawing("bar", "name", "value", "kind"), {})
    assert len(chart.figure["data"]) == 7
    assert words()("sql.other_parts") in [trace["name"] for trace in chart.figure["data"]]


@pytest.mark.parametrize("kind", MOST)
def test_a_chart_shows_no_more_rows_than_can_be_told_apart(kind):
    frame = pd.DataFrame({"day": pd.date_range("2000-01-01", periods=3000), "value": range(3000)})
    assert len(Drawing(kind, "day", "value").rows(frame)) == MOST[kind]


@pytest.mark.parametrize("kind", MOST)
@pytest.mark.parametrize("name", ["x", "y", "part", "label", "row", "value", "series", "period", "tone", "<b>", "index"])
def test_columns_of_any_name_are_drawn_as_text(kind, name):
    frame = pd.DataFrame({"day": ["2024", "2025", "2026"], name: [1, 2, 3], "who": ["<i>a</i>", "b", None]})
    chart = quick(frame, words(), Drawing(kind, "day", name, "who"), {})
    assert len(chart.figure["data"]) >= 1
    assert "<i>" not in str([trace.get("name") for trace in chart.figure["data"]])
    assert chart.alt
