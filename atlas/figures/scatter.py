"""Two measures against each other: one frame (x, y, label) in, one scatter out with direct labels for the points that matter."""

import numpy as np
import pandas as pd

from atlas.figures.base import LEGEND, NEUTRAL, SHAPES, TIMES, Chart, axis, extremes, layout, log_ticks, note, plain, text_width, wrap
from atlas.figures.contrast import apart, pale
from atlas.texts import Words

TITLE_CHARACTERS = 56  # of an axis in one line on a phone


def scatter(
    frame: pd.DataFrame,
    words: Words,
    *,
    x_title: str,
    y_title: str,
    log_x: bool = False,
    log_y: bool = False,
    height: int = 440,
    x_range: tuple[float, float] | None = None,
    y_range: tuple[float, float] | None = None,
    dates: bool = False,
) -> Chart:
    """`frame`: x, y, label, tone, strong (drawn large and labelled; `labelled`, where given, says which of them), hollow (planned), hover. Points with an unknown x or y are left out, and counted in the words.

    Where the frame has `group` (what the tone stands for; empty: nothing), groups differ in their shape too, and stand in a legend.
    """
    known = frame[frame["x"].notna() & frame["y"].notna()]
    groups = _groups(known)
    shapes = {name: shape for name, _, shape in groups}
    known = known.assign(
        shape=[
            shapes.get(name, SHAPES[0]) + "-open" * bool(hollow)
            for name, hollow in zip(known.get("group", [""] * len(known)), known["hollow"], strict=True)
        ]
    )
    data = []
    for strong in (False, True):
        points = known[known["strong"] == strong]
        if points.empty:
            continue
        data.append(
            {
                "type": "scatter", "mode": "markers", "x": points["x"].dt.strftime("%Y-%m-%d").to_numpy() if dates else points["x"].to_numpy(), "y": points["y"].to_numpy(),
                "marker": {"size": 12 if strong else 9, "color": [tone if strong or hollow else pale(tone, 0.4) for tone, hollow in zip(points["tone"], points["hollow"], strict=True)], "symbol": list(points["shape"]), "line": {"width": 2 if strong else 1, "color": list(points["tone"])}},
                "customdata": [[plain(label), plain(hover)] for label, hover in zip(points["label"], points["hover"], strict=True)],
                "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>", "showlegend": False,
            }
        )  # fmt: skip
    data += [
        {
            "type": "scatter", "mode": "markers", "x": [None], "y": [None], "name": plain(name), "hoverinfo": "skip",
            "marker": {"symbol": shape, "size": 10, "color": tone},
        }
        for name, tone, shape in groups
    ]  # fmt: skip
    room = 19 * -(-len(groups) // 2)  # two names a line on a phone
    strong = known[known["strong"]]
    x_axis = axis(showgrid=True, **_range(known["x"], log_x, x_range, words), **(TIMES if dates else {}))
    y_axis = axis(showgrid=True, nticks=6, **_range(known["y"], log_y, y_range, words))
    across = _places(known["x"], log_x, None if dates else x_axis.get("range"))
    up = _places(known["y"], log_y, y_axis.get("range"))
    across_title, up_title = wrap(x_title, TITLE_CHARACTERS), wrap(y_title, TITLE_CHARACTERS)
    top, bottom = (least + 13 * title.count("<br>") for least, title in ((30, up_title), (48, across_title)))
    labels = [
        _label(row, place, log_x, log_y, dates)
        for row, place in _placed(strong[strong["labelled"]] if "labelled" in strong else strong, across, up, height + 78 - top - bottom)
    ]
    small = {"xref": "paper", "yref": "paper", "muted": True, "font": {"size": 11}}
    titles = [
        note(across_title, x=1, y=0, xanchor="right", yanchor="top", yshift=-26, align="right", **small),
        note(up_title, x=0, y=1, xanchor="left", yanchor="bottom", yshift=6, align="left", **small),
    ]
    figure = {
        "data": data,
        "layout": layout(
            height + room,
            separators=words.separators,
            top=top + room,
            right=20,
            bottom=bottom,
            xaxis=x_axis,
            yaxis=y_axis,
            annotations=[*labels, *titles],
            showlegend=bool(groups),
            legend=LEGEND | {"y": 1 + 24 / (height - 78)},
        ),
    }
    missing = len(frame) - len(known)
    sentences = [
        words("pair", name=row.label, value=row.hover.replace("\n", ", ")) for row in (strong if len(strong) else known).itertuples()
    ]
    compared = extremes(list(zip(known["label"], known["y"], strict=True)), lambda value: f"{words.short(value)} ({y_title})", words)
    return Chart(
        figure, f"{x_title}; {y_title}. {compared}" + ". ".join(sentences) + (f". {words('alt.left_out', n=missing)}" if missing else ".")
    )


def _groups(known: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Name, tone and shape of each group that the points belong to, in their order."""
    if "group" not in known:
        return []
    tones = dict(known.loc[known["group"] != "", ["group", "tone"]].to_numpy())
    return list(zip(tones, tones.values(), apart(list(tones.values()), SHAPES), strict=True))


def _range(values: pd.Series, log: bool, given: tuple[float, float] | None, words: Words) -> dict:
    return log_ticks(values, words.short) if log and len(values) else {"range": list(given)} if given else {}


def _places(values: pd.Series, log: bool, span: list[float] | None) -> pd.Series:
    """Positions from 0 to 1 along an axis whose range is `span` (exponents on a logarithmic one), or a little wider than the values."""
    numbers = values.astype("int64") if values.dtype.kind == "M" else np.log10(values) if log else values
    numbers = numbers.astype(float)
    low, high = span or (numbers.min(), numbers.max())
    room = 0 if span else 0.05 * (high - low)
    return (numbers - low + room) / ((high - low + 2 * room) or 1)


NARROW_PX = 250  # room across on a phone: labels that keep apart there do so on every screen
# Around the mark (above, below, right, left), then further off with a line to it.
PLACES = (
    ("center", 0, 15),
    ("center", 0, -15),
    ("left", 9, 0),
    ("right", -9, 0),
    *((anchor, 0, rise) for rise in (-45, 45, -75, -105, -135, -165, -195) for anchor in ("center", "right")),
)


def _placed(labelled: pd.DataFrame, across: pd.Series, up: pd.Series, height: int):
    """Rows with a place for their label, in the order of the frame; a row whose label would lie on a mark, a label or the edge is left to the hover."""
    x, y = across * NARROW_PX, up * (height - 78)
    taken = [(x[index] - 7, x[index] + 7, y[index], 6.0) for index in x.index]
    for row in labelled.itertuples():
        width = 5.8 * text_width(row.label)
        for anchor, right, rise in PLACES:
            middle = y[row.Index] + rise
            left = x[row.Index] + right - {"left": 0, "right": width, "center": width / 2}[anchor]
            inside = left > -30 and left + width < NARROW_PX + 15 and 0 < middle < height - 60
            if inside and all(left > end or left + width < start or abs(middle - level) > half + 6 for start, end, level, half in taken):
                taken.append((left, left + width, middle, 6.0))
                yield row, (anchor, right, rise)
                break


def _label(row, place: tuple[str, int, int], log_x: bool, log_y: bool, dates: bool) -> dict:
    anchor, right, rise = place
    line = {"showarrow": True, "ax": 0, "ay": -rise, "arrowhead": 0, "arrowwidth": 1, "arrowcolor": row.tone, "standoff": 6}
    return note(
        plain(row.label),
        x=row.x.strftime("%Y-%m-%d") if dates else np.log10(row.x) if log_x else row.x,
        y=np.log10(row.y) if log_y else row.y,
        xanchor=anchor,
        font={"size": 11, "color": row.tone if row.tone != NEUTRAL else None},
        **(line if abs(rise) > 15 else {"xshift": right, "yshift": rise}),
    )
