"""Entries on one time axis: one frame (lane, group, day) in, one strip chart out. Filled has happened, hollow is planned; moments are thin lines through all lanes."""

from collections.abc import Sequence

import pandas as pd

from atlas.figures.base import LEGEND, NEUTRAL, SHAPES, TIMES, Chart, axis, colour, layout, note, plain, text_width, wrap
from atlas.figures.contrast import apart, pale
from atlas.texts import Words

NARROW_PX = 230  # room across on a phone: labels that keep apart there do so on every screen
LEVEL_PX = 13
LEAST_PX = 64  # Plotly places nothing higher than three times the body


def strip(
    frame: pd.DataFrame, words: Words, *, lanes: Sequence[str], lane_labels: dict[str, str], groups: Sequence[str], group_labels: dict[str, str],
    span: tuple[pd.Timestamp, pd.Timestamp], moments: Sequence[tuple[pd.Timestamp, str]] = (), planned_label: str,
) -> Chart:  # fmt: skip
    """`frame`: lane, group, day, label, hollow, hover. Lanes without an entry are left out; in a lane each group has a row of its own."""
    lanes = [lane for lane in lanes if (frame["lane"] == lane).any()]
    place = {lane: row for row, lane in enumerate(lanes)}
    step = 0.72 / max(len(groups), 1)
    shapes = dict(zip(groups, apart([colour(group) for group in groups], SHAPES), strict=True))
    data, sentences = [], []
    for row, group in enumerate(groups):
        mine = frame[(frame["group"] == group) & frame["lane"].isin(place)]
        if mine.empty:
            continue
        tone = colour(group)
        data.append(
            {
                "type": "scatter", "mode": "markers", "x": mine["day"].dt.strftime("%Y-%m-%d").to_numpy(),
                "y": (mine["lane"].map(place) + (row - (len(groups) - 1) / 2) * step).to_numpy(),
                "marker": {"size": 8, "symbol": [shapes[group] + "-open" * hollow for hollow in mine["hollow"]], "color": [tone if hollow else pale(tone, 0.7) for hollow in mine["hollow"]], "line": {"width": 1.5, "color": tone}},
                "customdata": [[wrap(plain(label), 48), plain(hover)] for label, hover in zip(mine["label"], mine["hover"], strict=True)],
                "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>", "showlegend": False, "cliponaxis": False,
            }
        )  # fmt: skip
    present = [group for group in groups if (frame["group"] == group).any()]
    keys = [(group_labels[group], shapes[group], colour(group)) for group in present]
    keys += [(planned_label, "circle-open", NEUTRAL)] if frame["hollow"].any() else []
    data += [
        {
            "type": "scatter", "mode": "markers", "x": [None], "y": [None], "name": plain(name), "hoverinfo": "skip",
            "marker": {"symbol": symbol, "size": 9, "color": tone, "line": {"width": 1.5, "color": tone}},
        }
        for name, symbol, tone in keys
    ]  # fmt: skip
    counts = frame.groupby(["lane", "group"]).size()
    for lane in lanes:
        parts = [f"{group_labels[group]} {words.number(counts[lane, group])}" for group in groups if (lane, group) in counts]
        sentences.append(words("pair", name=lane_labels[lane], value=", ".join(parts)))
    sentences += [f"{label} {words.date(day)}" for day, label in moments]
    levels = _levels(moments, span)
    above = LEVEL_PX * (max(levels) + 1) + 4 if levels else 0
    body, bottom = max(LEAST_PX, max(26, 14 + 9 * len(groups)) * len(lanes)), 30
    top = above + 22 + 18 * (sum(text_width(name) + 5 for name, _, _ in keys) > NARROW_PX / 6)
    bands = [
        {
            "type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": row - 0.5, "y1": row + 0.5,
            "fillcolor": NEUTRAL, "opacity": 0.09, "line": {"width": 0}, "layer": "below",
        }
        for row in range(0, len(lanes), 2)
    ]  # fmt: skip
    days = [day.strftime("%Y-%m-%d") for day, _ in moments]
    rises = [1 + (LEVEL_PX * (level + 0.5)) / body for level in levels]
    lines = [
        {"type": "line", "x0": day, "x1": day, "yref": "paper", "y0": 0, "y1": rise, "line": {"width": 1, "color": NEUTRAL}, "layer": "below"}
        for day, rise in zip(days, rises, strict=True)
    ]  # fmt: skip
    texts = [
        note(plain(label), x=day, y=rise, yref="paper", xanchor="right", yanchor="middle", xshift=-1, muted=True, font={"size": 10})
        for (_, label), day, rise in zip(moments, days, rises, strict=True)
    ]
    figure = {
        "data": data,
        "layout": layout(
            body + top + bottom, separators=words.separators, top=top, bottom=bottom, right=12, shapes=[*bands, *lines], annotations=texts, showlegend=True, legend=LEGEND | {"y": 1 + above / body},
            xaxis=axis(showgrid=True, nticks=7, **TIMES, range=[day.strftime("%Y-%m-%d") for day in span]),
            yaxis=axis(tickvals=list(range(len(lanes))), ticktext=[wrap(plain(lane_labels[lane]), 16) for lane in lanes], showgrid=False, range=[len(lanes) - 0.5, -0.5]),
        ),
    }  # fmt: skip
    whole = ""
    if len(frame):
        (lane, group), most = counts.idxmax(), counts.max()
        name, first, last = f"{lane_labels[lane]}, {group_labels[group]}", frame["day"].min(), frame["day"].max()
        whole = (
            words(
                "alt.counts",
                n=words.number(len(frame)),
                first=words.date(f"{first:%Y-%m-%d}"),
                last=words.date(f"{last:%Y-%m-%d}"),
                name=name,
                most=words.number(most),
            )
            + " "
        )
    return Chart(figure, whole + ". ".join(sentences) + ".")


def _levels(moments: Sequence[tuple[pd.Timestamp, str]], span: tuple[pd.Timestamp, pd.Timestamp]) -> list[int]:
    """How high the label of each moment (in order of time) stands, left of its line: above every earlier line that it would cross."""
    start, end = span
    levels: list[int] = []
    across: list[float] = []
    for day, label in moments:
        x = (day - start) / (end - start) * NARROW_PX
        left = x - 5.6 * text_width(label) - 4
        levels.append(max((level + 1 for level, earlier in zip(levels, across, strict=True) if earlier > left), default=0))
        across.append(x)
    return levels
