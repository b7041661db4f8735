"""Small multiples: shared axes, one order of countries, unknown in words."""

import pandas as pd
import plotly.graph_objects as go
import pytest

from atlas.figures.base import NEUTRAL, colour
from atlas.figures.panels import bar_panels, line_panels
from tests.conftest import words

WORDS = words()
SIX = ["KOR", "USA", "CHN", "TWN", "JPN", "EUU"]
NAMES = {code: code.title() for code in SIX}


def series(codes, years=(2020, 2021, 2022)):
    return pd.DataFrame(
        [{"series": code, "x": pd.Timestamp(year, 1, 1), "y": float(place + year - 2019), "period": str(year)} for place, code in enumerate(codes) for year in years]
    )  # fmt: skip


def axes(chart, letter):
    return [value for name, value in chart.figure["layout"].items() if name.startswith(f"{letter}axis")]


@pytest.mark.parametrize("count", range(1, 7))
@pytest.mark.parametrize("log", [True, False])
def test_all_panels_of_lines_share_both_axes(count, log):
    chart = line_panels(series(SIX[:count]), WORDS, unit="MW", panels=SIX[:count], names=NAMES, log=log)
    go.Figure(chart.figure)
    for letter in "xy":
        assert len(axes(chart, letter)) == count
        assert len({tuple(axis["range"]) for axis in axes(chart, letter)}) == 1


def test_in_each_panel_one_country_is_strong_and_the_others_are_pale():
    chart = line_panels(series(SIX[:3]), WORDS, unit="MW", panels=SIX[:3], names=NAMES)
    for number, code in enumerate(SIX[:3]):
        lines = [trace for trace in chart.figure["data"] if trace["xaxis"] == ("x" if number == 0 else f"x{number + 1}")]
        assert [trace["line"]["color"] for trace in lines] == [NEUTRAL, NEUTRAL, colour(code)]
        assert lines[-1]["line"]["width"] > lines[0]["line"]["width"]


def test_a_country_without_values_keeps_its_panel_and_says_so():
    chart = line_panels(series(["KOR"]), WORDS, unit="MW", panels=["KOR", "USA"], names=NAMES)
    assert len(axes(chart, "x")) == 2
    assert "not known" in [label["text"] for label in chart.figure["layout"]["annotations"]][1]
    assert "Usa: not known." in chart.alt


def test_one_value_alone_is_drawn_as_a_point():
    chart = line_panels(series(["KOR", "USA"], years=(2024,)), WORDS, unit="MW", panels=["KOR", "USA"], names=NAMES)
    go.Figure(chart.figure)
    assert {trace["mode"] for trace in chart.figure["data"] if trace["opacity"] == 1} == {"lines+markers"}


def bars():
    return pd.DataFrame(
        [
            {"panel": "a", "row": "KOR", "value": 5.0, "hover": ""},
            {"panel": "a", "row": "USA", "value": 0.0, "hover": ""},
            {"panel": "b", "row": "USA", "value": 2e6, "hover": "<b>"},
        ]
    )


PANELS = [("a", "First <script>", "MW"), ("b", "Second", "USD, less is better")]


def test_panels_of_bars_have_axes_of_their_own_and_one_order_of_countries():
    chart = bar_panels(bars(), WORDS, panels=PANELS, rows=SIX[:3], names=NAMES)
    go.Figure(chart.figure)
    assert len({axis["range"][1] for axis in axes(chart, "x")}) == 2
    assert [axis["ticktext"] for axis in axes(chart, "y")] == [["Kor", "Usa", "Chn"]] * 2
    assert [list(trace["marker"]["color"]) for trace in chart.figure["data"]] == [[colour("KOR"), colour("USA")], [colour("USA")]]


def test_not_known_is_a_word_and_zero_is_a_zero():
    chart = bar_panels(bars(), WORDS, panels=PANELS, rows=SIX[:3], names=NAMES)
    unknown = [(label["xref"], label["y"]) for label in chart.figure["layout"]["annotations"] if label["text"] == "not known"]
    assert unknown == [("x", 2), ("x2", 0), ("x2", 2)]
    assert list(chart.figure["data"][0]["text"]) == ["5", "0"]
    assert "Kor 5, Usa 0, Chn not known" in chart.alt


def test_names_of_the_data_are_harmless():
    chart = bar_panels(bars(), WORDS, panels=PANELS, rows=SIX[:3], names=NAMES)
    assert "<script>" not in str(chart.figure)


@pytest.mark.parametrize("panels", range(1, 13))
def test_any_number_of_panels_fits(panels):
    wanted = [(str(number), f"Indicator with a long name {number}", "MW") for number in range(panels)]
    for rows in (2, 6):
        frame = pd.DataFrame([{"panel": panel, "row": "KOR", "value": 1.0, "hover": ""} for panel, _, _ in wanted])
        go.Figure(bar_panels(frame, WORDS, panels=wanted, rows=SIX[:rows], names=NAMES).figure)
