"""What all figures share: country colours, layout, axes, direct labels. Plain dicts for Plotly, so no template is copied; the theme of the page supplies fonts and text colours."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from atlas.figures.contrast import legible, over, text_on
from atlas.texts import Words

# Seven hues, the same in both themes: each at least 3:1 against white and against the dark page, and at least 18 (CIE76) apart from the others
# in normal sight and under protan-, deuteran- and tritanopia (Machado et al. 2009). Seven tones cannot differ in grey print too: a shape, a pattern or
# a label tells them apart there. tests/figures/test_palette.py computes all three.
HUES = ("#1868C8", "#D63E36", "#B88000", "#9088C8", "#00A888", "#805880", "#B04050")
FIXED_HUES = {
    "KOR": 0,
    "USA": 1,
    "CHN": 2,
    "JPN": 3,
    "TWN": 4,
    "FRA": 5,
    "DEU": 6,
    "GBR": 4,
    "EUU": 3,
    "ARE": 4,
    "SAU": 5,
    "IND": 6,
    "CAN": 3,
    "NLD": 5,
    "SGP": 6,
    "ISR": 5,
}
NEUTRAL = "#7F8A96"  # not known, others, what is shown for context
ACCENT = HUES[0]
DASHES = ("solid", "dash", "dot")
SHAPES = ("circle", "diamond", "square", "triangle-up", "triangle-down", "pentagon", "star")  # each has an open form
STATUS_SYMBOLS = {"operational": "circle", "under-construction": "circle-cross-open", "planned": "circle-open"}
HATCH = {"size": 5, "solidity": 0.25}

# Above the figure, to be read and not to be clicked: a legend that hides traces changes what a chart says without a word.
LEGEND = {
    "orientation": "h", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom", "font": {"size": 11},
    "traceorder": "normal", "itemclick": False, "itemdoubleclick": False, "maxheight": 400,  # pixels: Plotly would hide part of it behind a bar
}  # fmt: skip

MOST_PERIODS_SAID = 12  # of a series; with more, its description names the ends and the extremes
# Ticks of a time axis as tables write dates: names of months would be those of one language, whoever reads. The first that fits counts.
TIMES = {
    "type": "date",
    "tickformat": None,
    "tickformatstops": [
        {"dtickrange": ["M12", None], "value": "%Y"},
        {"dtickrange": ["M1", "M6"], "value": "%Y-%m"},
        {"dtickrange": [None, "M1"], "value": "%Y-%m-%d"},
    ],
}
WRITTEN_OUT = 1e6  # highest value up to which the ticks of a plain axis are numbers written out

INKS = {"light": ("#0F1923", "#5B626C"), "dark": ("#E7E9EC", "#AEB5BE")}  # text, and the paler text of ticks, per theme
PAGES = {"light": "#FFFFFF", "dark": "#10161D"}  # what charts stand on, per theme: that of .streamlit/config.toml


@dataclass(frozen=True)
class Chart:
    """A figure as a plain dict, and its description in words for those who do not see it.

    The figure is one of Plotly, or, where it has `series`, an option of ECharts. `nodes` are the marks that a reader may choose, code and name, in the order
    in which the figure has them (in Plotly: in its last trace).
    """

    figure: dict
    alt: str
    nodes: tuple[tuple[str | None, str], ...] = ()


def inked(figure: dict, theme: str) -> dict:
    """The figure with the text colours of a theme: the only part of a figure that depends on it."""
    (ink, pale), page = INKS[theme], PAGES[theme]
    if "series" in figure:
        legend = {"legend": figure["legend"] | {"textStyle": {"color": pale}}} if "legend" in figure else {}
        return (
            figure
            | legend
            | {
                "textStyle": {"color": ink},
                "series": [one | {"label": {"color": ink} | one["label"]} for one in figure["series"]],
            }
        )
    axes = {
        name: {**value, "tickfont": {"color": pale} | value.get("tickfont", {})}
        for name, value in figure["layout"].items()
        if name.startswith(("xaxis", "yaxis"))
    }
    # Plotly picks the colour of a number in a piece by the tone of the piece; a hatched one shows the page.
    data = [
        trace | {"insidetextfont": {"color": ink}} if trace.get("insidetextfont", {}).get("color", ink) is None else trace
        for trace in figure["data"]
    ]
    text = {
        "annotations": [_inked(one, ink, page) for one in figure["layout"].get("annotations", ())],
        "hoverlabel": figure["layout"]["hoverlabel"] | {"bgcolor": page, "font": {"color": ink}},
        "font": {"color": ink},
    }
    return figure | {"data": data, "layout": figure["layout"] | axes | text}


def _inked(label: dict, ink: str, page: str) -> dict:
    """A label that can be read: one in the colour of its mark a little darker or lighter where that needs it, one on a ground of its own in what stands out from it."""
    font = label.get("font", {})
    if "ground" in label:
        font = font | {"color": text_on(over(label["ground"][0], page, label["ground"][1]), ink)}
    elif font.get("color"):
        font = font | {"color": legible(font["color"], page)}
    return {name: value for name, value in label.items() if name != "ground"} | ({"font": font} if font else {})


def colour(iso3: str | None) -> str:
    """The colour of a country: fixed, on every chart and in both themes."""
    if not iso3 or iso3 == "WLD":
        return NEUTRAL
    return HUES[FIXED_HUES[iso3] if iso3 in FIXED_HUES else 3 + sum(map(ord, iso3)) % 4]


def dashes(codes: Sequence[str], styles: Sequence[str] = DASHES) -> dict[str, str]:
    """Line style (or another one) per country: countries that share a hue differ in it."""
    seen: Counter = Counter()
    result = {}
    for code in codes:
        result[code] = styles[seen[colour(code)] % len(styles)]
        seen[colour(code)] += 1
    return result


def layout(height: int, *, separators: str, left: int = 8, right: int = 8, top: int = 8, bottom: int = 8, **more) -> dict:
    return {
        "height": height,
        "margin": {"l": left, "r": right, "t": top, "b": bottom, "pad": 4},
        "separators": separators,
        "showlegend": False,
        "hovermode": "closest",
        "hoverlabel": {"align": "left"},
        "dragmode": False,
        "barcornerradius": 2,
    } | more


def axis(**more) -> dict:
    return {"fixedrange": True, "automargin": True, "zeroline": False, "ticks": "", "title": None, "tickformat": ",.3~f"} | more


def note(text: str, *, x, y, xref: str = "x", yref: str = "y", strong: bool = False, muted: bool = False, **more) -> dict:
    """A label in the chart. Muted ones are paler by opacity, so that they keep the text colour of the theme."""
    return {
        "text": f"<b>{text}</b>" if strong else text,
        "x": x,
        "y": y,
        "xref": xref,
        "yref": yref,
        "showarrow": False,
        "opacity": 0.8 if muted else 1,
    } | more


def log_ticks(values: Iterable[float], short) -> dict:
    """Powers of ten that span the values, written out."""
    values = [value for value in values if value and value > 0]
    low = int(np.floor(np.log10(min(values)))) if values else 0
    high = int(np.ceil(np.log10(max(values)))) if values else 1
    step = 2 if high - low > 7 else 1
    powers = list(range(low, max(high, low + 1) + 1, step))
    return {
        "type": "log",
        "tickvals": [10.0**power for power in powers],
        "ticktext": [short(10.0**power) for power in powers],
        "range": [low - 0.15, max(high, low + 1) + 0.15],
    }


def linear_ticks(top: float, words: Words, most: int = 5) -> dict:
    """An axis from zero to `top`; ticks at round numbers, which are written short where they are long."""
    if top <= WRITTEN_OUT:
        return {"range": [0, top], "nticks": most}
    rough = top / most
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(step for step in (power, 2 * power, 5 * power, 10 * power) if step >= rough)
    values = np.arange(0, top, step)
    return {"range": [0, top], "tickvals": values.tolist(), "ticktext": [words.short(value) for value in values]}


def with_shape_legend(traces: list[dict], symbols: dict[str, str]) -> list[dict]:
    """Traces with a legend of shapes in grey: in that of Plotly a shape has the colour of whichever point comes first."""
    shapes = [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [None],
            "y": [None],
            "name": name,
            "marker": {"symbol": symbol, "size": 10, "color": NEUTRAL, "line": {"width": 2, "color": NEUTRAL}},
            "hoverinfo": "skip",
            "showlegend": True,
        }
        for name, symbol in symbols.items()
    ]
    return [trace | {"showlegend": False} for trace in traces] + shapes


def spread(positions: Sequence[float], gap: float) -> list[float]:
    """Positions moved apart to at least `gap`, in their order: for labels at line ends that would overlap."""
    order = np.argsort(positions)
    moved = np.array(positions, dtype=float)
    for _ in range(50):
        for low, high in pairwise(order):
            lack = gap - (moved[high] - moved[low])
            if lack > 1e-9:
                moved[low] -= lack / 2
                moved[high] += lack / 2
    return moved.tolist()


def text_width(text: str) -> int:
    """Room that a text takes in a line, in letters: one of Korean or Chinese takes that of two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def wrap(text: str, width: int = 24) -> str:
    """A label broken into lines at spaces; a no-break space holds together what is around it, as in a French number."""
    lines, line = [], ""
    for word in re.split(r"[ \n]+", text):
        if line and text_width(f"{line} {word}") > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "<br>".join([*lines, line])


def short_name(name: str, most: int = 26) -> str:
    """A name for a label: its own short form where it has one in brackets, else cut to `most` characters."""
    if name.endswith(")") and " (" in name and name.rsplit(" (", 1)[1][:-1].isupper():
        return name.rsplit(" (", 1)[1][:-1]
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def plain(text: str) -> str:
    """Text from the data made harmless for Plotly, which reads a few HTML tags; line breaks are kept."""
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")


def extremes(values: Sequence[tuple[str, float]], write: Callable[[float], str], words: Words, key: str = "alt.extremes") -> str:
    """The comparison that a chart makes, in words: the highest and the lowest of some known values by name, and of how many; empty where there are not two."""
    if len(values) < 2:
        return ""
    (low_name, low), (high_name, high) = min(values, key=lambda one: one[1]), max(values, key=lambda one: one[1])
    return words(key, n=words.number(len(values)), high=high_name, most=write(high), low=low_name, least=write(low)) + " "


def through_time(name: str, points: pd.DataFrame, words: Words, unit: str, digits: int | None = None) -> str:
    """A series in words, from its known points (y, period) in order: every one, or where they are many, the first, the lowest, the highest and the last."""
    values, periods = points["y"].to_numpy(), points["period"].to_numpy()
    if not len(values):
        return words("pair", name=name, value=words("unknown")) + "."
    is_short = len(values) <= MOST_PERIODS_SAID
    said = range(len(values)) if is_short else sorted({0, int(values.argmin()), int(values.argmax()), len(values) - 1})
    return words(
        "alt.line" if is_short else "alt.line.some",
        name=name,
        unit=unit,
        periods=len(values),
        points=", ".join(
            words("alt.line.point", value=words.number(values[place], digits), period=words.date(periods[place])) for place in said
        ),
    )
