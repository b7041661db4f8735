"""A matrix of shares: one frame (row, column, value) in, one heat map out in which every cell carries its number, and unknown is a word."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from atlas.figures.base import NEUTRAL, Chart, axis, layout, plain
from atlas.texts import Words

# A ramp is one hue from faint to full, so that low values are quiet on a light and on a dark page alike.
RAMPS = {"need": "176,56,44", "hold": "20,92,180"}
FAINT = 0.07


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
    """`frame`: row, column, value in per cent (NaN: not known), text (what the cell says, if not its value), hover (optional). Rows and columns without a value are kept, hatched."""
    grid = frame.drop_duplicates(["row", "column"]).set_index(["row", "column"])
    values = np.full((len(rows), len(columns)), np.nan)
    hover = [["" for _ in columns] for _ in rows]
    labels = []
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            known = (row, column) in grid.index and pd.notna(grid.at[(row, column), "value"])
            if known:
                values[i, j] = grid.at[(row, column), "value"]
            own = grid.at[(row, column), "text"] if known and "text" in grid else words.number(values[i, j], 0)
            text = own if known else "<br>".join(words("unknown").split(" ", 1))
            shade = values[i, j] / 100 if known else 0
            labels.append(
                {
                    "x": j, "y": i, "text": f"<b>{text}</b>" if known and column in emphasis else text, "showarrow": False,
                    "font": {"size": 13 if known else 9, "color": "#FFFFFF" if shade > 0.66 else None},
                    "opacity": 1 if known else 0.7,
                }
            )  # fmt: skip
            more = grid.at[(row, column), "hover"] if (row, column) in grid.index and "hover" in grid.columns else ""
            hover[i][j] = (
                f"<b>{plain(column_labels[column])}</b>, {plain(row_labels[row])}<br>{'' if not known else '' if 'text' in grid else words.percent(values[i, j])}{'' if known else words('unknown')}"
                + (f"<br>{plain(more)}" if more else "")
            )
    figure = {
        "data": [
            {
                "type": "heatmap", "z": values, "x": np.arange(len(columns)), "y": np.arange(len(rows)), "zmin": 0, "zmax": 100,
                "colorscale": [[0, f"rgba({RAMPS[ramp]},{FAINT})"], [1, f"rgba({RAMPS[ramp]},1)"]], "showscale": False, "xgap": 3, "ygap": 3,
                "text": hover, "hovertemplate": "%{text}<extra></extra>", "hoverongaps": True,
            }
        ],
        "layout": layout(
            64 + 40 * len(rows), separators=words.separators, top=52,
            xaxis=axis(side="top", tickvals=list(range(len(columns))), ticktext=[f"<b>{label}</b>" if code in emphasis else label for code in columns for label in ["<br>".join(plain(column_labels[code]).split(" ", 1))]], showgrid=False, autotickangles=[0, -60], range=[-0.5, len(columns) - 0.5]),
            yaxis=axis(tickvals=list(range(len(rows))), ticktext=[plain(row_labels[row]) for row in rows], showgrid=False, range=[len(rows) - 0.5, -0.5]),
            annotations=labels,
            shapes=[{"type": "path", "path": _hatch(np.argwhere(np.isnan(values))), "line": {"width": 1, "color": NEUTRAL}, "opacity": 0.35, "layer": "below"}] if np.isnan(values).any() else [],
        ),
    }  # fmt: skip
    sentences = []
    for j, column in enumerate(columns):
        known = [
            f"{row_labels[row]} {grid.at[(row, column), 'text'] if 'text' in grid else words.percent(values[i, j])}"
            for i, row in enumerate(rows)
            if not np.isnan(values[i, j])
        ]
        unknown = [row_labels[row] for i, row in enumerate(rows) if np.isnan(values[i, j])]
        sentences.append(
            f"{column_labels[column]}: " + ", ".join(known + ([f"{words('unknown')}: {', '.join(unknown)}"] if unknown else []))
        )
    return Chart(figure, ". ".join(sentences) + ".")


def _hatch(cells: np.ndarray) -> str:
    """Diagonals in the corners of cells, so that the word in the middle stays readable."""
    strokes = []
    for i, j in cells:
        for corner in (0.12, 0.28):
            strokes.append(f"M{j - 0.47:.2f},{i - 0.44 + corner:.2f}L{j - 0.47 + corner:.2f},{i - 0.44:.2f}")
            strokes.append(f"M{j + 0.47 - corner:.2f},{i + 0.44:.2f}L{j + 0.47:.2f},{i + 0.44 - corner:.2f}")
    return "".join(strokes)
