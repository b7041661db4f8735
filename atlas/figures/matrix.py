"""A matrix of shares: one frame (row, column, value) in, one heat map out in which every cell carries its number, and unknown is a word."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from atlas.figures.base import NEUTRAL, Chart, axis, extremes, layout, note, plain, wrap
from atlas.figures.contrast import pale
from atlas.texts import Words

# A ramp is one hue from faint to full, so that low values are quiet on a light and on a dark page alike.
RAMPS = {"need": "#B63B2F", "hold": "#1A64C0"}
FAINT = 0.07
CORNERS, WHOLE = (0.12, 0.28), (0.12, 0.28, 0.44, 0.6, 0.76, 0.88)  # distances of hatching from the corners of a cell
MOST_WORDED = 3  # columns up to which a cell has room for a word on a phone


def matrix(
    frame: pd.DataFrame,
    words: Words,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    row_labels: dict[str, str],
    column_labels: dict[str, str],
    ramp: str,
    emphasis: Sequence[str] = (),
) -> Chart:
    """`frame`: row, column, value in per cent (NaN: not known), text (what the cell says instead of its value), hover (both optional).

    Every cell of the grid is drawn: not known is hatched and says so (in a key, where the cells are small), unless its text says why there is no value.
    """
    grid = {(cell["row"], cell["column"]): cell for cell in frame.drop_duplicates(["row", "column"]).to_dict("records")}
    values = np.full((len(rows), len(columns)), np.nan)
    worded = len(columns) <= MOST_WORDED
    unknown, labels, hover, said = [], [], [], {column: ([], []) for column in columns}
    for i, row in enumerate(rows):
        hover.append([])
        for j, column in enumerate(columns):
            cell = grid.get((row, column), {})
            value = cell.get("value", np.nan)
            known = bool(pd.notna(value))
            own = cell.get("text") if isinstance(cell.get("text"), str) else None
            values[i, j] = value
            if known or own:
                text, word = own or words.number(value, 0), own or words.percent(value)
                said[column][0].append(f"{row_labels[row]} {word}")
            else:
                text, word = "<br>".join(words("unknown").split(" ", 1)) if worded else "", words("unknown")
                unknown.append((i, j))
                said[column][1].append(row_labels[row])
            labels.append(
                {
                    "x": j,
                    "y": i,
                    "text": f"<b>{text}</b>" if known and column in emphasis else text,
                    "showarrow": False,
                    "font": {"size": 13 if known else 9},
                    "opacity": 1 if known else 0.8,
                    **({"ground": (RAMPS[ramp], FAINT + (1 - FAINT) * min(max(value, 0), 100) / 100)} if known else {}),
                }
            )
            more = f"<br>{plain(cell['hover'])}" if cell.get("hover") else ""
            hover[i].append(f"<b>{plain(column_labels[column])}</b>, {plain(row_labels[row])}<br>{plain(word)}{more}")
    if unknown and not worded:
        key = f"▨ {words('unknown')}"
        labels.append(note(key, x=1, y=0, xref="paper", yref="paper", xanchor="right", yanchor="top", muted=True, font={"size": 11}))
    heads = ["<br>".join(plain(column_labels[code]).split(" ", 1)) for code in columns]
    cells = [(row, column) for row in rows for column in columns]
    figure = {
        "data": [
            {
                "type": "heatmap", "z": values, "x": np.arange(len(columns)), "y": np.arange(len(rows)), "zmin": 0, "zmax": 100,
                "colorscale": [[0, pale(RAMPS[ramp], FAINT)], [1, pale(RAMPS[ramp], 1)]], "showscale": False, "xgap": 3, "ygap": 3,
                "hoverinfo": "skip",
            },
            # What a pointer meets, since Plotly lets no one choose a cell of a heat map.
            {
                "type": "scatter", "mode": "markers", "x": [columns.index(column) for _, column in cells], "y": [rows.index(row) for row, _ in cells],
                "marker": {"size": 30, "symbol": "square", "opacity": 0}, "selected": {"marker": {"opacity": 0}}, "unselected": {"marker": {"opacity": 0}},
                "text": [text for line in hover for text in line], "hovertemplate": "%{text}<extra></extra>",
            },
        ],
        "layout": layout(
            86 + 40 * len(rows), separators=words.separators, top=52, bottom=30,
            xaxis=axis(side="top", tickvals=list(range(len(columns))), ticktext=[f"<b>{head}</b>" if code in emphasis else head for code, head in zip(columns, heads, strict=True)], showgrid=False, autotickangles=[0, -90], range=[-0.5, len(columns) - 0.5]),
            yaxis=axis(tickvals=list(range(len(rows))), ticktext=[wrap(plain(row_labels[row]), 20) for row in rows], showgrid=False, range=[len(rows) - 0.5, -0.5]),
            annotations=labels,
            shapes=[{"type": "path", "path": _hatch(unknown, CORNERS if worded else WHOLE), "line": {"width": 1, "color": NEUTRAL}, "opacity": 0.35, "layer": "below"}] if unknown else [],
        ),
    }  # fmt: skip
    sentences = [
        words(
            "pair",
            name=column_labels[column],
            value=", ".join(known + ([words("pair", name=words("unknown"), value=", ".join(missing))] if missing else [])),
        )
        for column, (known, missing) in said.items()
    ]
    shares = [
        (f"{column_labels[column]}, {row_labels[row]}", values[i, j])
        for i, row in enumerate(rows)
        for j, column in enumerate(columns)
        if not np.isnan(values[i, j])
    ]
    nodes = tuple((f"{column}/{row}", f"{column_labels[column]}, {row_labels[row]}") for row, column in cells)
    return Chart(figure, extremes(shares, words.percent, words) + ". ".join(sentences) + ".", nodes)


def _hatch(cells: list[tuple[int, int]], steps: Sequence[float]) -> str:
    """Diagonals through cells, at these distances from two of their corners: the first few leave the middle free for a word."""
    strokes = []
    for i, j in cells:
        for step in steps:
            strokes.append(f"M{j - 0.47:.2f},{i - 0.44 + step:.2f}L{j - 0.47 + step:.2f},{i - 0.44:.2f}")
            strokes.append(f"M{j + 0.47 - step:.2f},{i + 0.44:.2f}L{j + 0.47:.2f},{i + 0.44 - step:.2f}")
    return "".join(strokes)
