"""Colours: text reads at 4.5:1 and marks stand out at 3:1 in both themes; countries stay apart for every eye, and in grey print by more than their tone.

The formulas stand here again, apart from those of the code: WCAG 2.2 for contrast, Machado, Oliveira and Fernandes (2009) for sight, CIE 1976 for differences.
"""

import ast
import math
import tomllib
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from atlas.figures import base, contrast, matrix
from atlas.figures.bars import bars
from atlas.figures.dots import dots
from atlas.figures.flows import flows
from atlas.figures.intervals import intervals
from atlas.figures.lines import lines
from atlas.figures.network import network
from atlas.figures.panels import bar_panels, line_panels
from atlas.figures.quick import Drawing, quick
from atlas.figures.scatter import scatter
from atlas.figures.strip import strip
from atlas.figures.worldmap import worldmap
from pages import what_if
from pages.common import RELATION_TONES
from tests.conftest import ROOT, words

WORDS = words()
TEXT, MARK = 4.5, 3
APART = 18  # CIE76, between colours side by side
GREY_APART = 9  # L*
CAPTION, TINT = 0.6, 0.1  # how Streamlit mixes captions from the text, and the ground of what is selected from the primary colour
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
# What each part of the screen is set in: a part without a colour of its own has that of the theme.
PLACES = {
    f"{theme} {place}": THEME[theme] | (THEME[theme].get("sidebar", {}) if place == "sidebar" else {})
    for theme in base.INKS
    for place in ("page", "sidebar")
}
# Those of the shell, which cannot be imported, since it draws.
PRESETS = next(
    ast.literal_eval(line.value)
    for line in ast.parse((ROOT / "atlas" / "shell.py").read_text(encoding="utf-8")).body
    if isinstance(line, ast.Assign) and line.targets[0].id == "PRESETS"
)
OTHER_SETS = {"relations": RELATION_TONES, "what a stop does": what_if.TONES}
# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
BLINDNESS = {
    "none": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}


def linear(tone: str) -> np.ndarray:
    channels = np.array([int(tone[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def ratio(one: str, other: str) -> float:
    light, dark = sorted((linear(tone) @ (0.2126, 0.7152, 0.0722) for tone in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(tone: str, ground: str, opacity: float) -> str:
    return "#" + "".join(f"{round(int(tone[i : i + 2], 16) * opacity + int(ground[i : i + 2], 16) * (1 - opacity)):02X}" for i in (1, 3, 5))


def lab(tone: str, blindness: np.ndarray = BLINDNESS["none"]) -> np.ndarray:
    xyz = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]) @ np.clip(
        blindness @ linear(tone), 0, 1
    )
    part = xyz / (0.95047, 1, 1.08883)
    f = np.where(part > 0.008856, np.cbrt(part), 7.787 * part + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def far(one: str, other: str, blindness: str) -> float:
    return np.linalg.norm(lab(one, BLINDNESS[blindness]) - lab(other, BLINDNESS[blindness]))


def in_grey(one: str, other: str) -> float:
    return abs(lab(one)[0] - lab(other)[0])


# The theme ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
def test_the_text_of_the_theme_can_be_read_wherever_it_stands(place):
    part = PLACES[place]
    page, field = part["backgroundColor"], part["secondaryBackgroundColor"]
    pairs = {
        "text": (part["textColor"], page),
        "text in a field": (part["textColor"], field),
        "link": (part["linkColor"], page),
        "link in a field": (part["linkColor"], field),
        "caption": (mixed(part["textColor"], page, CAPTION), page),
        "caption in a field": (mixed(part["textColor"], field, CAPTION), field),
        "what is selected": (part["primaryColor"], mixed(part["primaryColor"], page, TINT)),
    }
    assert {name: round(ratio(*pair), 2) for name, pair in pairs.items() if ratio(*pair) < TEXT} == {}


@pytest.mark.parametrize("place", PLACES)
def test_what_is_selected_and_what_has_the_focus_stand_out_from_the_page(place):
    assert ratio(PLACES[place]["primaryColor"], PLACES[place]["backgroundColor"]) >= MARK


@pytest.mark.parametrize("theme", base.INKS)
def test_charts_are_drawn_for_the_page_of_the_theme(theme):
    assert base.PAGES[theme] == THEME[theme]["backgroundColor"]
    assert base.INKS[theme][0] == THEME[theme]["textColor"]


# Charts ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", base.INKS)
def test_marks_stand_out_from_the_page(theme):
    tones = (*base.HUES, base.NEUTRAL, *matrix.RAMPS.values(), *(tone for tones in OTHER_SETS.values() for tone in tones.values()))
    assert {tone: round(ratio(tone, base.PAGES[theme]), 2) for tone in tones if ratio(tone, base.PAGES[theme]) < MARK} == {}


@pytest.mark.parametrize("theme", base.INKS)
def test_companies_of_one_country_stand_out_from_the_page(theme):
    frame = pd.concat([pd.DataFrame({"series": name, "x": pd.to_datetime(["2025-01-01", "2026-01-01"]), "y": [1, 2], "period": ["2025", "2026"]}) for name in "abc"])  # fmt: skip
    for country in PRESETS["europe"] + PRESETS["east-asia"]:
        drawn = lines(frame, WORDS, unit="%", names=dict(zip("abc", "abc", strict=True)), homes=dict.fromkeys("abc", country)).figure[
            "data"
        ]
        assert min(ratio(trace["line"]["color"], base.PAGES[theme]) for trace in drawn) >= MARK


@pytest.mark.parametrize("theme", base.INKS)
def test_the_ink_of_charts_can_be_read(theme):
    ink, pale = base.INKS[theme]
    muted = mixed(ink, base.PAGES[theme], base.note("", x=0, y=0, muted=True)["opacity"])
    assert min(ratio(tone, base.PAGES[theme]) for tone in (ink, pale, muted)) >= TEXT


@pytest.mark.parametrize("theme", base.INKS)
@pytest.mark.parametrize("tone", [*base.HUES, base.NEUTRAL])
def test_a_label_in_the_colour_of_its_line_can_be_read_and_keeps_its_hue(theme, tone):
    page = base.PAGES[theme]
    figure = {"data": [], "layout": base.layout(100, separators=".,", annotations=[base.note("a", x=0, y=0, font={"color": tone})])}
    (label,) = base.inked(figure, theme)["layout"]["annotations"]
    assert ratio(label["font"]["color"], page) >= TEXT
    assert far(label["font"]["color"], tone, "none") < 25


@pytest.mark.parametrize("theme", base.INKS)
@pytest.mark.parametrize("ramp", matrix.RAMPS)
def test_the_number_in_a_cell_can_be_read_over_the_whole_ramp(theme, ramp):
    shares = [float(share) for share in range(101)]
    frame = pd.DataFrame({"row": [str(share) for share in shares], "column": "KOR", "value": shares})
    rows = list(frame["row"])
    chart = matrix.matrix(frame, WORDS, rows=rows, columns=["KOR"], row_labels=dict(zip(rows, rows, strict=True)), column_labels={"KOR": "Korea"}, ramp=ramp)  # fmt: skip
    figure = base.inked(chart.figure, theme)
    (_, faint), (_, full) = figure["data"][0]["colorscale"]
    low, high = (float(tone.rstrip(")").split(",")[3]) for tone in (faint, full))
    cells = [mixed(matrix.RAMPS[ramp], base.PAGES[theme], low + (high - low) * share / 100) for share in shares]
    numbers = [label["font"]["color"] for label in figure["layout"]["annotations"]]
    assert min(ratio(number, cell) for number, cell in zip(numbers, cells, strict=True)) >= TEXT


@pytest.mark.parametrize("tone", [*base.HUES, base.NEUTRAL, *RELATION_TONES.values(), *what_if.TONES.values()])
def test_the_number_in_a_piece_of_a_bar_can_be_read(tone):
    frame = pd.DataFrame({"row": ["a"], "part": ["b"], "value": [5.0]})
    chart = bars(frame, WORDS, unit="x", rows=["a"], row_labels={"a": "a"}, parts=["b"], part_labels={"b": "b"}, tones={"b": tone})
    assert ratio(chart.figure["data"][0]["insidetextfont"]["color"], tone) >= TEXT


def test_what_is_shown_under_the_pointer_has_the_ink_and_the_page_of_the_theme():
    figure = base.inked({"data": [], "layout": base.layout(100, separators=".,")}, "dark")
    assert figure["layout"]["hoverlabel"] | {"align": ""} == {
        "align": "",
        "bgcolor": base.PAGES["dark"],
        "font": {"color": base.INKS["dark"][0]},
    }


# Every eye ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_country_colours_stay_apart_for_every_eye(blindness):
    assert [pair for pair in combinations(base.HUES, 2) if far(*pair, blindness) < APART] == []


def test_the_colour_of_a_country_is_fixed_and_the_first_three_differ():
    assert len({base.colour(code) for code in ("KOR", "USA", "CHN")}) == 3
    assert base.colour("KOR") == base.colour("KOR")
    assert base.colour(None) == base.NEUTRAL


@pytest.mark.parametrize("blindness", BLINDNESS)
@pytest.mark.parametrize("preset", PRESETS)
def test_countries_that_are_chosen_together_differ_in_hue_or_in_dash(preset, blindness):
    codes = PRESETS[preset]
    dash = base.dashes(codes)
    alike = [(one, other) for one, other in combinations(codes, 2) if far(base.colour(one), base.colour(other), blindness) < APART]
    assert [pair for pair in alike if dash[pair[0]] == dash[pair[1]]] == []


@pytest.mark.parametrize("blindness", BLINDNESS)
@pytest.mark.parametrize("name", OTHER_SETS)
def test_the_other_sets_of_colours_stay_apart_for_every_eye_and_in_grey_print(name, blindness):
    pairs = list(combinations(OTHER_SETS[name].values(), 2))
    assert [pair for pair in pairs if far(*pair, blindness) < APART] == []
    assert [pair for pair in pairs if in_grey(*pair) < GREY_APART] == []


# Grey print -----------------------------------------------------------------------------------------------------------

# Each draws the chosen countries with one kind of figure and returns, by country, its tone and what else tells it: a label at or beside its mark, a dash, a
# shape, a pattern. Figures whose rows or panels are countries have their names on the axis or above the panel.


def names_of(codes):
    return {code: WORDS.country(code) for code in codes}


def times(codes):
    days = pd.to_datetime(["2025-01-01", "2026-01-01"])
    return pd.concat([pd.DataFrame({"series": code, "x": days, "y": [1.0, 2.0 + n], "period": ["2025", "2026"]}) for n, code in enumerate(codes)])  # fmt: skip


def notes(figure) -> str:
    return "\n".join(label["text"] for label in figure["layout"]["annotations"])


def rows_told(figure, codes) -> dict:
    written = "\n".join(figure["layout"]["yaxis"]["ticktext"]).replace("<br>", " ")
    return {code: (base.colour(code), WORDS.country(code) if WORDS.country(code) in written else "") for code in codes}


def told_in_lines(codes):
    chart = lines(times(codes), WORDS, unit="%", names=names_of(codes), homes={code: code for code in codes}, dash=base.dashes(codes))
    said = notes(chart.figure)
    return {code: (trace["line"]["color"], base.short_name(trace["name"]) if base.short_name(trace["name"]) in said else "") for code, trace in zip(codes, chart.figure["data"], strict=True)}  # fmt: skip


def told_in_line_panels(codes):
    figure = line_panels(times(codes), WORDS, unit="%", panels=codes, names=names_of(codes)).figure
    return {code: (base.colour(code), WORDS.country(code) if WORDS.country(code) in notes(figure) else "") for code in codes}


def told_in_bar_panels(codes):
    frame = pd.DataFrame({"panel": "p", "row": codes, "value": 1.0, "hover": ""})
    return rows_told(bar_panels(frame, WORDS, panels=[("p", "p", "x")], rows=codes, names=names_of(codes)).figure, codes)


def told_in_dots(codes):
    frame = pd.DataFrame({"row": codes, "state": "operational", "value": 5.0})
    return rows_told(dots(frame, WORDS, unit="x", rows=codes, row_labels=names_of(codes), states=["operational"], state_labels={"operational": "o"}).figure, codes)  # fmt: skip


def told_in_intervals(codes):
    frame = pd.DataFrame({"row": codes, "low": 1, "value": 2, "high": 3})
    return rows_told(intervals(frame, WORDS, unit="x", row_labels=names_of(codes), tones={}).figure, codes)


def told_in_bars(codes):
    frame = pd.DataFrame({"row": "a", "part": codes, "value": 5.0})
    chart = bars(frame, WORDS, unit="x", rows=["a"], row_labels={"a": "a"}, parts=codes, part_labels=names_of(codes), tones={code: base.colour(code) for code in codes})  # fmt: skip
    return {code: (trace["marker"]["color"], trace["marker"]["pattern"]["shape"]) for code, trace in zip(codes, chart.figure["data"], strict=True)}  # fmt: skip


def told_in_matrix(codes):
    chart = matrix.matrix(pd.DataFrame({"row": "a", "column": codes, "value": 5.0}), WORDS, rows=["a"], columns=codes, row_labels={"a": "a"}, column_labels=names_of(codes), ramp="need")  # fmt: skip
    heads = [head.replace("<br>", " ") for head in chart.figure["layout"]["xaxis"]["ticktext"]]
    return {code: (matrix.RAMPS["need"], head) for code, head in zip(codes, heads, strict=True)}


def shapes_told(figure, codes):
    keys = {trace["name"]: trace["marker"] for trace in figure["data"] if trace.get("name")}
    return {code: (keys[WORDS.country(code)]["color"], keys[WORDS.country(code)]["symbol"]) for code in codes}


def told_in_scatter(codes):
    frame = pd.DataFrame({"x": 1.0, "y": range(1, len(codes) + 1), "label": "a", "tone": [base.colour(code) for code in codes], "group": [WORDS.country(code) for code in codes], "strong": False, "hollow": False, "hover": ""})  # fmt: skip
    figure = scatter(frame, WORDS, x_title="x", y_title="y").figure
    (drawn,) = [trace for trace in figure["data"] if "customdata" in trace]
    told = shapes_told(figure, codes)
    assert drawn["marker"]["symbol"] == [shape for _, shape in told.values()]
    return told


def told_in_quick(codes):
    frame = pd.DataFrame({"x": range(len(codes)), "y": 1.0, "country": [WORDS.country(code) for code in codes]})
    return shapes_told(quick(frame, WORDS, Drawing("scatter", "x", "y", "country"), {WORDS.country(code): code for code in codes}).figure, codes)  # fmt: skip


def told_in_strip(codes):
    frame = pd.DataFrame({"lane": "a", "group": codes, "day": pd.Timestamp("2025-01-01"), "label": "l", "hollow": False, "hover": ""})
    span = (pd.Timestamp("2024-01-01"), pd.Timestamp("2026-01-01"))
    return shapes_told(strip(frame, WORDS, lanes=["a"], lane_labels={"a": "a"}, groups=codes, group_labels=names_of(codes), span=span, planned_label="p").figure, codes)  # fmt: skip


def told_in_flows(codes):
    frame = pd.DataFrame({"source": codes, "target": "end", "hover": "h", "is_planned": False})
    chart = flows(frame, WORDS, labels=dict.fromkeys(codes, "firm") | {"end": "end"}, homes={code: code for code in codes}, things={})
    nodes = [node for node in chart.figure["series"][0]["data"] if node["name"].startswith("firm")]
    return {code: (node["itemStyle"]["color"], node["label"]["formatter"]) for code, node in zip(codes, nodes, strict=True)}


def told_in_network(codes):
    frame = pd.DataFrame({"team": "t", "org_id": codes, "member": codes, "home": codes, "role": "member", "has_ended": False, "hover": "h"})
    chart = network(frame, WORDS, names={"t": "t"}, homes={"t": None}, country_names=names_of(codes))
    keys = {key["name"]: key["icon"] for key in chart.figure["legend"]["data"]}
    nodes = chart.figure["series"][0]["data"][1:]
    assert [node["symbol"] for node in nodes] == [keys[WORDS.country(code)] for code in codes]
    return {code: (node["itemStyle"]["color"], node["symbol"]) for code, node in zip(codes, nodes, strict=True)}


def told_on_the_map(codes):
    places = {"longitude": [10.0 * n for n in range(len(codes))], "latitude": 0.0}
    frame = pd.DataFrame(places | {"size": 5.0, "state": "operational", "tone": [base.colour(code) for code in codes], "label": "a", "hover": ""})  # fmt: skip
    drawn = worldmap(frame, WORDS, unit="x", states=["operational"], state_labels={"operational": "o"}).figure["data"][1]
    return {code: (base.colour(code), x) for code, x in zip(codes, drawn["x"], strict=True)}  # a place on the map is that of a country


FIGURES = {function.__name__.removeprefix("told_in_").removeprefix("told_on_the_"): function for name, function in list(globals().items()) if name.startswith("told_")}  # fmt: skip


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("figure", FIGURES)
def test_in_grey_print_countries_differ_in_lightness_or_in_something_else(figure, preset):
    told = FIGURES[figure](list(PRESETS[preset]))
    assert set(told) == set(PRESETS[preset])
    alike = [
        (one, other)
        for one, other in combinations(told, 2)
        if in_grey(told[one][0], told[other][0]) < GREY_APART and told[one][1] == told[other][1]
    ]
    assert alike == []


def test_every_kind_of_figure_is_looked_at():
    kinds = {path.stem for path in (ROOT / "atlas" / "figures").glob("*.py")} - {"__init__", "base", "contrast", "framing"}
    assert kinds - {"panels", "worldmap", "bracket"} <= set(FIGURES)  # panels are two kinds, the bracket knows no countries
    assert {"line_panels", "bar_panels", "map"} <= set(FIGURES)


def test_too_many_tones_share_the_last_style():
    assert contrast.apart(["#000000"] * 3, ("a", "b")) == ["a", "b", "b"]
    assert math.isclose(contrast.lightness("#FFFFFF"), 100)
