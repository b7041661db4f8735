"""Shares or quantities through time: one frame (series, x, y) in, one chart out with every line labelled at its end."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from atlas.figures.base import (
    DASHES,
    NEUTRAL,
    TIMES,
    Chart,
    axis,
    colour,
    extremes,
    layout,
    linear_ticks,
    log_ticks,
    note,
    plain,
    short_name,
    spread,
    text_width,
    through_time,
)
from atlas.figures.contrast import over
from atlas.texts import Words


def lines(
    frame: pd.DataFrame, words: Words, *, unit: str, names: dict[str, str], homes: dict[str, str], dash: dict[str, str] | None = None, emphasis: Sequence[str] = (), log: bool = False,
    height: int = 340, top: float | None = None, step: bool = False, digits: int | None = None, level: float | None = None,
) -> Chart:  # fmt: skip
    """`frame`: series, x (date), y, and period (how the date is written). Names and home countries by series; order of series is that of `names`.

    Where the frame has `counted` (who counted, and what), a line breaks where that changes. Series that are not in `names` are left out. `level`: a value to compare with, drawn as a thin line.
    """
    data, ends, sentences = [], [], []
    shades = _shades(names, homes)
    dash = dash or _dashes(names, homes)
    for series in names:
        rows = frame[frame["series"] == series].sort_values("x")
        rows = rows[rows["y"].notna()]
        if rows.empty:
            continue
        tone = shades[series]
        drawn = _with_gaps(rows)
        wide = 3 if series in emphasis or not emphasis else 1.8
        data.append(
            {
                "type": "scatter", "mode": "lines+markers" if len(rows) < 40 else "lines", "x": drawn["x"].dt.strftime("%Y-%m-%d").to_numpy(), "y": drawn["y"].to_numpy(), "name": plain(names[series]),
                "line": {"color": tone, "width": wide, "dash": dash.get(series, "solid"), "shape": "hv" if step else "linear"}, "marker": {"size": 6 if len(rows) < 25 else 4, "color": tone}, "cliponaxis": False,
                "customdata": np.array([[words.date(period), words.number(value, digits)] for period, value in zip(drawn["period"], drawn["y"], strict=True)]),
                "hovertemplate": "<b>" + plain(names[series]) + "</b> %{customdata[1]} " + plain(unit) + "<br>%{customdata[0]}<extra></extra>",
            }
        )  # fmt: skip
        last = rows.iloc[-1]
        ends.append((series, last["x"], float(last["y"]), tone))
        sentences.append(through_time(names[series], rows, words, unit, digits))
    if not data:
        return Chart({"data": [], "layout": layout(height, separators=words.separators)}, "")
    highest = max(np.nanmax(trace["y"]) for trace in data)
    ceiling = top if top is not None else highest * 1.08
    low = min(np.nanmin(trace["y"]) for trace in data)
    y_axis = axis(showgrid=True, **(log_ticks([low, highest], words.short) if log else linear_ticks(ceiling, words)))
    bottom, upper = y_axis["range"]
    heights = spread([np.log10(end[2]) if log else end[2] for end in ends], (upper - bottom) * 17 / (height - 60))
    last_x = max(end[1] for end in ends)
    labels = [
        note(
            f"<b>{plain(short_name(names[series]))}</b> {words.number(value, digits) if value < 10000 else words.short(value)}",
            x=last_x.strftime("%Y-%m-%d"),
            y=position,
            xanchor="left",
            xshift=9,
            font={"color": tone, "size": 12},
            align="left",
        )
        for (series, _, value, tone), position in zip(ends, heights, strict=True)
    ]
    half = pd.DateOffset(months=6)
    first_x = min(trace["x"][0] for trace in data)
    longest = max(text_width(short_name(names[end[0]])) for end in ends)
    figure = {
        "data": data,
        "layout": layout(height, separators=words.separators, right=24 + round(longest * 6.9) + 34, top=26, bottom=8, xaxis=axis(showgrid=False, **({"nticks": 6} if first_x < last_x.strftime("%Y-%m-%d") else {"tickvals": [first_x], "ticktext": [plain(str(frame["period"].iloc[-1]))]}), **TIMES, range=[first_x, last_x.strftime("%Y-%m-%d")] if first_x < last_x.strftime("%Y-%m-%d") else [(last_x - half).strftime("%Y-%m-%d"), (last_x + half).strftime("%Y-%m-%d")]), yaxis=y_axis, shapes=[{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": level, "y1": level, "line": {"width": 1, "color": NEUTRAL}, "layer": "below"}] if level is not None else [], annotations=[*labels, note(unit, x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", muted=True, yshift=4)]),
    }  # fmt: skip
    newest = [(names[series], value) for series, _, value, _ in ends]
    return Chart(figure, extremes(newest, lambda value: f"{words.number(value, digits)} {unit}", words, "alt.newest") + " ".join(sentences))


def _with_gaps(rows: pd.DataFrame) -> pd.DataFrame:
    """The points of a series with an empty one wherever another count begins: a line would claim that the two can be compared."""
    if "counted" not in rows:
        return rows
    starts = rows[rows["counted"].ne(rows["counted"].shift()) & (np.arange(len(rows)) > 0)]
    return pd.concat([starts.assign(y=np.nan), rows]).sort_values("x", kind="stable")


def _shades(names: dict[str, str], homes: dict[str, str]) -> dict[str, str]:
    """Companies have the colour of their home country; the second and third of one country are greyer, so that they stay apart."""
    seen: dict[str, int] = {}
    shades = {}
    for series in names:
        tone = colour(homes.get(series))
        count = seen.get(tone, 0)
        seen[tone] = count + 1
        shades[series] = over(NEUTRAL, tone, min(0.32 * count, 0.5)) if count else tone
    return shades


def _dashes(names: dict[str, str], homes: dict[str, str]) -> dict[str, str]:
    """The second and third company of one country are dashed and dotted, beside their greyer tone."""
    seen: dict[str, int] = {}
    styles = {}
    for series in names:
        home = homes.get(series) or ""
        styles[series] = DASHES[seen.get(home, 0) % len(DASHES)]
        seen[home] = seen.get(home, 0) + 1
    return styles
