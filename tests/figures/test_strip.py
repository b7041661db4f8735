"""Strip: lanes in order, a row per country, hollow where planned, labels of moments that do not cross."""

import pandas as pd
import plotly.graph_objects as go
import pytest

from atlas.figures.base import colour
from atlas.figures.strip import strip
from tests.conftest import words

WORDS = words()
SPAN = (pd.Timestamp(2025, 1, 1), pd.Timestamp(2027, 1, 1))


def entry(lane, group, day, hollow=False, label="x", hover=""):
    return {"lane": lane, "group": group, "day": pd.Timestamp(day), "hollow": hollow, "label": label, "hover": hover}


def drawn(*entries, groups=("KOR", "USA"), moments=()):
    lanes = ["policy", "chip", "site"]
    return strip(pd.DataFrame(entries), WORDS, lanes=lanes, lane_labels={lane: lane.title() for lane in lanes}, groups=groups, group_labels={code: code for code in groups}, span=SPAN, moments=moments, planned_label="planned")  # fmt: skip


def points(chart):
    return [trace for trace in chart.figure["data"] if trace["x"][0] is not None]


def test_lanes_keep_their_order_and_those_without_an_entry_are_left_out():
    chart = drawn(entry("site", "KOR", "2025-05-01"), entry("policy", "KOR", "2025-06-01"))
    go.Figure(chart.figure)
    assert chart.figure["layout"]["yaxis"]["ticktext"] == ["Policy", "Site"]
    assert list(points(chart)[0]["y"].round()) == [1, 0]


@pytest.mark.parametrize("count", range(1, 7))
def test_each_country_has_a_row_of_its_own_inside_the_lane(count):
    groups = ("KOR", "USA", "CHN", "TWN", "JPN", "EUU")[:count]
    rows = [trace["y"][0] for trace in points(drawn(*(entry("chip", code, "2025-05-01") for code in groups), groups=groups))]
    assert rows == sorted(set(rows))
    assert all(-0.5 < row < 0.5 for row in rows)


def test_planned_is_hollow_and_in_the_legend_only_where_there_is_any():
    chart = drawn(entry("chip", "KOR", "2025-05-01"), entry("chip", "KOR", "2026-12-01", hollow=True))
    assert points(chart)[0]["marker"]["symbol"] == ["circle", "circle-open"]
    assert [trace.get("name") for trace in chart.figure["data"]][-1] == "planned"
    assert "planned" not in [trace.get("name") for trace in drawn(entry("chip", "KOR", "2025-05-01")).figure["data"]]


def test_countries_of_one_hue_differ_in_their_shape():
    assert colour("TWN") == colour("GBR")
    chart = drawn(entry("chip", "TWN", "2025-05-01"), entry("chip", "GBR", "2025-05-01"), groups=("TWN", "GBR"))
    assert [trace["marker"]["symbol"] for trace in points(chart)] == [["circle"], ["diamond"]]


def test_labels_of_moments_close_in_time_stand_above_each_other():
    moments = [(pd.Timestamp(day), name) for day, name in (("2025-07-21", "Bids"), ("2025-07-25", "Documents"), ("2026-12-18", "End"))]
    chart = drawn(entry("chip", "KOR", "2025-05-01"), moments=moments)
    heights = [label["y"] for label in chart.figure["layout"]["annotations"]]
    assert heights[0] < heights[1]
    assert heights[2] == heights[0]
    lines = [shape for shape in chart.figure["layout"]["shapes"] if shape["type"] == "line"]
    assert [line["x0"] for line in lines] == ["2025-07-21", "2025-07-25", "2026-12-18"]


def test_text_of_the_data_is_text_and_the_words_count_every_lane():
    chart = drawn(entry("chip", "KOR", "2025-05-01", label="<b>H20</b>"), entry("chip", "USA", "2025-05-02"), moments=[(SPAN[0], "Bids")])
    assert points(chart)[0]["customdata"][0][0] == "&lt;b&gt;H20&lt;/b&gt;"
    assert chart.alt == "Entries: 2, from 1 May 2025 to 2 May 2025; most of them: Chip, KOR, 1. Chip: KOR 1, USA 1. Bids 1 January 2025."


def test_the_legend_stands_above_the_highest_label_even_over_one_lane():
    moments = [(pd.Timestamp(2025, 7, day), f"Round {day}") for day in range(1, 8)]
    layout = drawn(entry("chip", "KOR", "2025-05-01"), groups=("KOR",), moments=moments).figure["layout"]
    assert max(label["y"] for label in layout["annotations"]) < layout["legend"]["y"] <= 3
