"""Figures: every value of the frame stands in the figure once, in its order; unknown is a word; empty and single rows draw."""

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from atlas.figures import base
from atlas.figures.bars import bars
from atlas.figures.base import INKS, Chart, inked, spread, text_width, wrap
from atlas.figures.bracket import bracket
from atlas.figures.dots import dots
from atlas.figures.flows import distinct, flows
from atlas.figures.intervals import intervals
from atlas.figures.lines import lines
from atlas.figures.matrix import matrix
from atlas.figures.scatter import scatter
from atlas.figures.worldmap import equal_earth, worldmap
from tests.conftest import words

WORDS = words()
NAMES = {"a": "Alpha", "b": "Beta <b>", "c": "Gamma"}


def drawn(chart: Chart) -> go.Figure:
    """The figure as Plotly validates it, with the text colours of a theme."""
    assert isinstance(chart.alt, str)
    return go.Figure(inked(chart.figure, "light"))


def texts(figure: go.Figure) -> list[str]:
    return [annotation.text for annotation in figure.layout.annotations]


def quarters(series, values):
    days = pd.to_datetime([f"2025-{month:02}-01" for month in (1, 4, 7, 10)][: len(values)])
    return pd.DataFrame({"series": series, "x": days, "y": values, "period": [f"2025-Q{n + 1}" for n in range(len(values))]})


def test_lines_hold_every_value_once_in_order_and_label_their_ends():
    frame = pd.concat([quarters("a", [10, 20, 30]), quarters("b", [50, 40, 30.5])]).sample(frac=1, random_state=3)
    chart = lines(frame, WORDS, unit="per cent", names=NAMES, homes={"a": "KOR", "b": "USA"})
    figure = drawn(chart)
    assert [list(trace.y) for trace in figure.data] == [[10, 20, 30], [50, 40, 30.5]]
    assert [list(trace.x) for trace in figure.data] == [["2025-01-01", "2025-04-01", "2025-07-01"]] * 2
    assert any("Alpha" in text and "30" in text for text in texts(figure))
    assert chart.alt.startswith(
        "Newest values, highest of 2: Beta <b>, 30.5 per cent; lowest: Alpha, 30 per cent. Alpha, per cent: 10 in Q1 2025, 20 in Q2 2025, 30 in Q3 2025. "
    )


def test_a_long_series_is_described_by_its_ends_and_extremes():
    values = [5, 7, 1, *range(2, 30), 9]
    days = pd.date_range("2020-01-01", periods=len(values), freq="MS")
    frame = pd.DataFrame({"series": "a", "x": days, "y": values, "period": days.strftime("%Y-%m")})
    chart = lines(frame, WORDS, unit="per cent", names=NAMES, homes={})
    said = "Alpha, per cent, first, lowest, highest and last of 32 periods: 5 in January 2020, 1 in March 2020, 29 in July 2022, 9 in August 2022."
    assert chart.alt == said


def test_a_plain_axis_counts_large_amounts_as_the_language_does():
    frame = quarters("a", [1e10, 2e10, 3.7e10])
    for lang, ticks in (("en", ["0", "10bn", "20bn", "30bn"]), ("ko", ["0", "100억", "200억", "300억"])):
        figure = drawn(lines(frame, words(lang), unit="USD", names=NAMES, homes={}))
        assert list(figure.layout.yaxis.ticktext) == ticks
    assert drawn(lines(quarters("a", [10, 20]), WORDS, unit="%", names=NAMES, homes={})).layout.yaxis.ticktext is None


def test_a_label_in_korean_has_the_room_of_its_letters():
    frame, korean = quarters("a", [10, 20]), {"a": "에스케이하이닉스"}
    assert text_width("SK하이닉스") == 10
    narrow, wide = (drawn(lines(frame, WORDS, unit="%", names=names, homes={})).layout.margin.r for names in ({"a": "Alphabet"}, korean))
    assert wide - narrow == round(16 * 6.9) - round(8 * 6.9)


def test_lines_skip_the_unknown_and_do_not_draw_it_as_zero():
    figure = drawn(lines(quarters("a", [10, math.nan, 30]), WORDS, unit="%", names=NAMES, homes={}))
    assert list(figure.data[0].y) == [10, 30]


def test_line_ends_do_not_overlap():
    assert np.diff(sorted(spread([10, 10, 10.5, 40], 4))).min() >= 4 - 1e-6
    assert spread([1, 50], 4) == [1, 50]


def test_companies_of_one_country_differ_in_tone_and_dash():
    frame = pd.concat([quarters(name, [1, 2]) for name in "abc"])
    figure = drawn(lines(frame, WORDS, unit="%", names=NAMES, homes={"a": "KOR", "b": "KOR", "c": "USA"}))
    styles = {(trace.line.color, trace.line.dash) for trace in figure.data}
    assert len(styles) == 3
    assert figure.data[0].line.color == base.colour("KOR")
    assert figure.data[2].line.color == base.colour("USA")


def cells(*values):
    return pd.DataFrame(values, columns=["row", "column", "value"])


def test_a_matrix_says_every_value_once_and_not_known_where_it_is_not():
    frame = cells(("hbm", "KOR", 79.0), ("hbm", "USA", 21.0), ("foundry", "KOR", math.nan))
    chart = matrix(
        frame,
        WORDS,
        rows=["foundry", "hbm"],
        columns=["KOR", "USA"],
        row_labels={"hbm": "HBM", "foundry": "Foundry"},
        column_labels={"KOR": "Korea", "USA": "United States"},
        ramp="hold",
    )
    figure = drawn(chart)
    np.testing.assert_array_equal(np.array(figure.data[0].z, dtype=float), [[np.nan, np.nan], [79, 21]])
    assert texts(figure) == ["not<br>known", "not<br>known", "79", "21"]
    assert (
        chart.alt
        == "Of 2 known values, highest: Korea, HBM, 79%; lowest: United States, HBM, 21%. Korea: HBM 79%, not known: Foundry. United States: HBM 21%, not known: Foundry."
    )


def amounts(*values):
    return pd.DataFrame(values, columns=["row", "state", "value"])


def test_dots_keep_the_states_apart_and_zero_apart_from_unknown():
    frame = amounts(
        ("KOR", "operational", 100.0), ("KOR", "planned", 5000.0), ("USA", "operational", math.nan), ("CHN", "operational", 0.0)
    )
    chart = dots(
        frame,
        WORDS,
        unit="H100e",
        rows=["KOR", "USA", "CHN"],
        row_labels={"KOR": "Korea", "USA": "US", "CHN": "China"},
        states=["operational", "planned"],
        state_labels={"operational": "running", "planned": "planned"},
    )
    figure = drawn(chart)
    marks = [(trace.name, list(trace.x)) for trace in figure.data if trace.mode == "markers" and trace.customdata is not None]
    assert marks == [("running", [100]), ("planned", [5000])]
    assert (
        chart.alt
        == "Of 3 known values, highest: Korea, planned, 5k H100e; lowest: China, running, 0 H100e. Korea: running 100, planned 5k. US: not known. China: 0. H100e"
    )
    assert [text for text in texts(figure) if text in ("not known", "0")] == ["not known", "0"]
    assert {trace.marker.symbol for trace in figure.data if trace.name == "planned"} == {"circle-open"}


def test_bars_hold_every_piece_once_and_unknown_is_a_word():
    frame = pd.DataFrame(
        {"row": ["KOR", "KOR", "USA", "CHN"], "part": ["own", "abroad", "own", "own"], "value": [30.0, 70.0, 100.0, math.nan]}
    )
    chart = bars(
        frame,
        WORDS,
        unit="%",
        rows=["KOR", "USA", "CHN"],
        row_labels={"KOR": "Korea", "USA": "US", "CHN": "China"},
        parts=["own", "abroad"],
        part_labels={"own": "own", "abroad": "abroad"},
        tones={},
    )
    figure = drawn(chart)
    assert [(trace.name, list(trace.y), list(trace.x)) for trace in figure.data] == [("own", [0, 1], [30, 100]), ("abroad", [0], [70])]
    assert chart.alt.startswith(
        "Of 3 known values, highest: US, own, 100 %; lowest: Korea, own, 30 %. Korea: own 30, abroad 70. US: own 100. China: not known"
    )
    assert "not known" in texts(figure)


def points(**columns):
    size = len(columns["x"])
    return pd.DataFrame(
        {"label": [f"p{n}" for n in range(size)], "tone": "#123456", "strong": True, "hollow": False, "hover": "h"} | columns
    )


def test_a_scatter_counts_what_it_cannot_place():
    chart = scatter(points(x=[1.0, 2.0, math.nan], y=[3.0, 4.0, 5.0]), WORDS, x_title="x", y_title="y")
    figure = drawn(chart)
    assert list(figure.data[0].x) == [1, 2]
    assert "1 more with an unknown value" in chart.alt


def test_flows_hold_every_link_once():
    links = pd.DataFrame({"source": ["a", "b"], "target": ["c", "c"], "hover": ["a→c", "b→c"], "is_planned": [False, True]})
    chart = flows(links, WORDS, labels=NAMES, homes={"a": "KOR"}, things={"a": "alpha"})
    (series,) = chart.figure["series"]
    assert [node["name"] for node in series["data"]] == [NAMES["a"], NAMES["b"], NAMES["c"]]
    assert [(link["source"], link["target"]) for link in series["links"]] == [(NAMES["a"], NAMES["c"]), (NAMES["b"], NAMES["c"])]
    assert [node["tooltip"]["formatter"] for node in series["data"]] == [
        "Alpha, South Korea",
        "Beta &lt;b&gt;",
        "Gamma",
    ]  # a tooltip is read as HTML
    assert chart.nodes == (("alpha", NAMES["a"]), (None, NAMES["b"]), (None, NAMES["c"]))


def test_flows_are_described_link_by_link():
    links = pd.DataFrame({"source": ["a", "b"], "target": ["c", "c"], "hover": ["A → C\nscanners\nlasers", "B → C"], "is_planned": False})
    assert (
        flows(links, WORDS, labels=NAMES, homes={}, things={}).alt
        == "Relations: 2; most of them: Gamma, 2. A → C, scanners, lasers. B → C."
    )


def test_nodes_of_one_name_stay_apart():
    assert len(set(distinct(["TSMC", "TSMC", "ASML", "TSMC"]))) == 4


def test_an_interval_reaches_from_its_low_to_its_high_end():
    frame = pd.DataFrame({"row": ["KOR", "USA"], "low": [2, 1], "value": [5, 2], "high": [14, 9]})
    chart = intervals(frame, WORDS, unit="rank", row_labels={"KOR": "Korea", "USA": "USA"}, tones={})
    bar, point = drawn(chart).data
    assert list(bar.base) == [2, 1]
    assert list(bar.x) == [12, 8]
    assert list(point.x) == [5, 2]
    assert chart.alt.startswith("In order, first of 2: Korea: 5 (2–14); last: USA: 2 (1–9). Korea: 5 (2–14). USA: 2 (1–9)")


def test_a_cell_of_a_matrix_can_be_chosen_by_its_mark():
    chart = matrix(cells(("hbm", "KOR", 50.0)), WORDS, rows=["hbm", "dram"], columns=["KOR", "USA"], row_labels={"hbm": "HBM", "dram": "DRAM"}, column_labels={"KOR": "Korea", "USA": "USA"}, ramp="need")  # fmt: skip
    marks = drawn(chart).data[-1]
    assert [(code, x, y) for (code, _), x, y in zip(chart.nodes, marks.x, marks.y, strict=True)] == [("KOR/hbm", 0, 0), ("USA/hbm", 1, 0), ("KOR/dram", 0, 1), ("USA/dram", 1, 1)]  # fmt: skip


def changes(*rows):
    return pd.DataFrame(rows, columns=["lead", "status_date", "status", "round", "rank"])


def test_a_bracket_ends_where_a_team_drops_out_and_starts_again_where_it_comes_back():
    frame = changes(
        ("A", "2025-07-20", "applied", "bids", None),
        ("A", "2025-08-04", "selected", "presentations", 1),
        ("B", "2025-07-20", "applied", "bids", None),
        ("B", "2025-08-04", "not-selected", "presentations", None),
        ("B", "2026-02-20", "added", "extra-call", None),
    )
    chart = bracket(frame, WORDS)
    figure = drawn(chart)
    lines_of = [(list(trace.x), list(trace.y)) for trace in figure.data if trace.mode == "lines"]
    assert sorted(lines_of) == sorted([([0, 2], [0, 0]), ([0, 1], [1, 1]), ([2, 2], [1, 1])]) or sorted(lines_of) == sorted(
        [([0, 2], [1, 1]), ([0, 1], [0, 0]), ([2, 2], [0, 0])]
    )
    assert "A: " in chart.alt
    assert "20 February 2026" in chart.alt


def test_the_map_places_sites_and_counts_those_without_a_place():
    frame = pd.DataFrame(
        {
            "longitude": [127.0, math.nan],
            "latitude": [37.5, math.nan],
            "size": [100.0, 5.0],
            "state": "operational",
            "tone": "#123456",
            "label": ["Seoul", "Nowhere"],
            "hover": "h",
        }
    )
    chart = worldmap(frame, WORDS, unit="H100e", states=["operational"], state_labels={"operational": "running"})
    figure = drawn(chart)
    assert len(figure.data[1].x) == 1
    assert "1 more" in chart.alt


def test_equal_earth_keeps_its_known_points():
    """Corners of the projection: the equator's end at 2.7066 and the pole line at 1.3173 (Šavrič, Patterson and Jenny 2019)."""
    x, y = equal_earth(np.array([180.0, 0.0]), np.array([0.0, 90.0]))
    assert x[0] == pytest.approx(2.7066, abs=1e-3)
    assert y[1] == pytest.approx(1.3173, abs=1e-3)


EMPTY_AND_ONE = [
    lambda n: lines(quarters("a", [5.0][:n]), WORDS, unit="%", names=NAMES, homes={}),
    lambda n: matrix(cells(*[("hbm", "KOR", 50.0)][:n]), WORDS, rows=["hbm"], columns=["KOR"], row_labels={"hbm": "HBM"}, column_labels={"KOR": "Korea"}, ramp="need"),
    lambda n: dots(amounts(*[("KOR", "operational", 5.0)][:n]), WORDS, unit="x", rows=["KOR"], row_labels={"KOR": "Korea"}, states=["operational", "planned"], state_labels={"operational": "o", "planned": "p"}),
    lambda n: bars(pd.DataFrame([("KOR", "own", 5.0)][:n], columns=["row", "part", "value"]), WORDS, unit="x", rows=["KOR"], row_labels={"KOR": "Korea"}, parts=["own"], part_labels={"own": "own"}, tones={}),
    lambda n: scatter(points(x=[1.0][:n], y=[2.0][:n]), WORDS, x_title="x", y_title="y", log_x=True, log_y=True),
    lambda n: flows(pd.DataFrame([("a", "b", "h", False)][:n], columns=["source", "target", "hover", "is_planned"]), WORDS, labels=NAMES, homes={}, things={}),
    lambda n: intervals(pd.DataFrame([("KOR", 1, 2, 3)][:n], columns=["row", "low", "value", "high"]), WORDS, unit="x", row_labels={"KOR": "Korea"}, tones={}),
    lambda n: bracket(changes(*[("A", "2025-07-20", "applied", "bids", None)][:n]), WORDS),
    lambda n: worldmap(pd.DataFrame([(1.0, 2.0, 3.0, "operational", "#123456", "l", "h")][:n], columns=["longitude", "latitude", "size", "state", "tone", "label", "hover"]), WORDS, unit="x", states=["operational"], state_labels={"operational": "o"}),
]  # fmt: skip


@pytest.mark.parametrize(
    "draw", EMPTY_AND_ONE, ids=["lines", "matrix", "dots", "bars", "scatter", "flows", "intervals", "bracket", "worldmap"]
)
@pytest.mark.parametrize("rows", [0, 1])
def test_no_row_and_one_row_draw(draw, rows):
    chart = draw(rows)
    if "series" in chart.figure:
        assert len(chart.figure["series"][0]["links"]) == rows
        return
    drawn(chart)
    assert "template" not in chart.figure["layout"]  # the theme of the page supplies it


@pytest.mark.parametrize("draw", EMPTY_AND_ONE)
def test_no_figure_moves(draw):
    """So a reader who asked for reduced motion needs nothing else."""
    figure = draw(1).figure
    if "series" in figure:
        assert figure["animation"] is False
    else:
        assert set(figure) == {"data", "layout"}
        assert {"transition", "updatemenus", "sliders"} & set(figure["layout"]) == set()


@pytest.mark.parametrize("theme", INKS)
def test_a_number_in_a_hatched_piece_has_the_ink_of_the_page(theme):
    frame = pd.DataFrame({"row": ["KOR", "KOR"], "part": ["own", "unknown"], "value": [5.0, 5.0]})
    chart = bars(frame, WORDS, unit="x", rows=["KOR"], row_labels={"KOR": "Korea"}, parts=["own", "unknown"], part_labels={"own": "own", "unknown": "?"}, tones={"own": "#1868C8"}, hatched=["unknown"])  # fmt: skip
    solid, hatched = inked(chart.figure, theme)["data"]
    assert solid["insidetextfont"]["color"] == "#FFFFFF"
    assert hatched["insidetextfont"]["color"] == INKS[theme][0]


def test_a_label_is_never_broken_inside_a_number():
    assert wrap("Objectif de 50\u202f000 GPU", 14) == "Objectif de<br>50\u202f000 GPU"
    assert wrap("one\ntwo three", 8) == "one two<br>three"
