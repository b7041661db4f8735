"""An image of a chart: its title, unit, sources and date are in it, and what was in the chart is untouched."""

from atlas.figures.base import layout
from atlas.figures.framing import credited, framed

PLOT = {"data": [{"type": "bar", "x": [1], "y": [2]}], "layout": layout(200, separators=".,", annotations=[{"text": "5"}])}
FOOT = "Sources: one, two · 2 in all, newest 2026-09-09"


def test_a_plot_gains_a_title_a_unit_and_a_foot_and_the_height_for_them():
    figure = framed(PLOT, "Who <makes> HBM", "Share, per cent", FOOT)
    assert figure["data"] is PLOT["data"]
    assert figure["layout"]["title"]["text"] == "Who &lt;makes&gt; HBM"
    assert figure["layout"]["title"]["subtitle"]["text"] == "Share, per cent"
    own, foot = figure["layout"]["annotations"]
    assert own == {"text": "5"}
    assert foot["text"].replace("<br>", " ") == FOOT
    margins = [sum(one["layout"]["margin"][side] for side in "tb") for one in (PLOT, figure)]
    assert figure["layout"]["height"] - PLOT["layout"]["height"] <= margins[1] - margins[0]


def test_what_is_long_is_broken_into_lines_for_which_there_is_room():
    short, long = (framed(PLOT, "word " * n, "unit " * n, "source " * n)["layout"] for n in (1, 60))
    assert long["title"]["text"].count("<br>") > 3
    assert long["height"] > short["height"] + 200


def test_a_network_of_echarts_keeps_room_for_its_credit():
    option = {"height": 300, "textStyle": {"color": "#000000"}, "series": [{"type": "graph"}], "grid": {"top": 44, "bottom": 34}}
    figure = credited(option, "Teams", "Members", FOOT)
    (text,) = figure["title"]
    assert text["text"].splitlines() == ["Teams", "Members", FOOT]
    room = figure["height"] - 300
    assert room > 3 * text["textStyle"]["lineHeight"]
    assert figure["grid"] == {"top": 44, "bottom": 34 + room}


def test_a_flow_of_echarts_keeps_its_height_above_its_credit():
    option = {"height": 300, "textStyle": {"color": "#000000"}, "series": [{"type": "sankey", "top": 8, "height": 276}]}
    figure = credited(option, "Who supplies whom", "Links", FOOT)
    assert figure["series"] == option["series"]
    assert figure["height"] > 300
