"""Values with their intervals: one frame (row, low, value, high) in, one plot of points on bars out."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from atlas.figures.base import NEUTRAL, Chart, axis, layout, note, plain
from atlas.figures.contrast import pale
from atlas.texts import Words


def intervals(
    frame: pd.DataFrame, words: Words, *, unit: str, row_labels: dict[str, str], tones: dict[str, str], emphasis: Sequence[str] = (), digits: int = 0
) -> Chart:  # fmt: skip
    """`frame`: row, low, value, high, hover (optional), one line each from the top down in the order given. The bar reaches from low to high."""
    rows = list(frame["row"])
    place = np.arange(len(rows))
    tone = [tones.get(row, NEUTRAL) for row in rows]
    bold = [row in emphasis for row in rows]
    more = frame["hover"] if "hover" in frame else [""] * len(frame)
    said = [
        words(
            "pair", name=row_labels[row], value=f"{words.number(value, digits)} ({words.number(low, digits)}–{words.number(high, digits)})"
        )
        for row, low, value, high in zip(rows, frame["low"], frame["value"], frame["high"], strict=True)
    ]
    figure = {
        "data": [
            {
                "type": "bar", "orientation": "h", "base": frame["low"].to_numpy(), "x": (frame["high"] - frame["low"]).to_numpy(), "y": place,
                "marker": {"color": [pale(one, 0.45 if strong else 0.28) for one, strong in zip(tone, bold, strict=True)], "line": {"width": 1, "color": tone}}, "width": 0.32, "hoverinfo": "skip",
            },
            {
                "type": "scatter", "mode": "markers", "x": frame["value"].to_numpy(), "y": place, "marker": {"size": 9, "color": tone},
                "text": [f"<b>{plain(one)}</b><br>{plain(text)}" for one, text in zip(said, more, strict=True)], "hovertemplate": "%{text}<extra></extra>",
            },
        ],
        "layout": layout(
            70 + 19 * len(rows), separators=words.separators, top=8, bottom=40, right=16,
            xaxis=axis(showgrid=True, rangemode="tozero", nticks=8),
            yaxis=axis(tickvals=place, ticktext=[f"<b>{plain(row_labels[row])}</b>" if one else plain(row_labels[row]) for row, one in zip(rows, bold, strict=True)], showgrid=False, range=[len(rows) - 0.4, -0.6]),
            annotations=[note(plain(unit), x=1, y=0, xref="paper", yref="paper", xanchor="right", yanchor="top", yshift=-20, muted=True, font={"size": 11})],
        ),
    }  # fmt: skip
    order = words("alt.order", n=words.number(len(said)), first=said[0], last=said[-1]) + " " if len(said) > 1 else ""
    return Chart(figure, order + ". ".join(said) + ". " + unit)
