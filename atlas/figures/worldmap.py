"""Sites on a map: one frame (longitude, latitude, size) in, one scatter over coastlines out. Drawn as ordinary traces, since Plotly's own maps fetch their shapes from a CDN."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from atlas.figures.base import LEGEND, NEUTRAL, Chart, axis, extremes, layout, plain, with_shape_legend
from atlas.figures.contrast import pale
from atlas.texts import Words

# Equal Earth projection: Šavrič, Patterson and Jenny (2019), polynomial coefficients.
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796


def equal_earth(longitude: np.ndarray, latitude: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Longitudes and latitudes in degrees -> x and y on an equal-area map of about 5.4 by 2.6 units."""
    theta = np.arcsin(np.sqrt(3) / 2 * np.sin(np.radians(latitude)))
    slope = A1 + 3 * A2 * theta**2 + theta**6 * (7 * A3 + 9 * A4 * theta**2)
    x = 2 * np.sqrt(3) * np.radians(longitude) * np.cos(theta) / (3 * slope)
    y = theta * (A1 + A2 * theta**2 + theta**6 * (A3 + A4 * theta**2))
    return x, y


@cache
def _outline() -> tuple[np.ndarray, np.ndarray]:
    shapes = json.loads((Path(__file__).parent / "world.json").read_text())
    longitude, latitude = (np.array(shapes[name], dtype=float) for name in ("longitude", "latitude"))
    longitude[1:][np.abs(np.diff(longitude)) > 180] = np.nan  # a shape that crosses the date line goes on at the other edge
    return equal_earth(longitude, latitude)


def worldmap(frame: pd.DataFrame, words: Words, *, unit: str, states: list[str], state_labels: dict[str, str]) -> Chart:
    """`frame`: longitude, latitude, size (NaN: not known, drawn as the smallest mark), state, tone, label, hover. Sites without coordinates are left out and counted."""
    placed = frame[frame["latitude"].notna()]
    coast_x, coast_y = _outline()
    data = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": coast_x.round(3),
            "y": coast_y.round(3),
            "line": {"width": 0.7, "color": NEUTRAL},
            "opacity": 0.6,
            "hoverinfo": "skip",
            "showlegend": False,
        }
    ]
    largest = placed["size"].max() if placed["size"].notna().any() else 1
    for state in states:
        points = placed[placed["state"] == state].sort_values("size", ascending=False)
        if points.empty:
            continue
        x, y = equal_earth(points["longitude"].to_numpy(), points["latitude"].to_numpy())
        size = 5 + 33 * np.sqrt(points["size"].fillna(0).to_numpy() / largest)
        hollow = state != "operational"
        data.append(
            {
                "type": "scatter", "mode": "markers", "x": x, "y": y, "name": plain(state_labels[state]),
                "marker": {"size": size, "symbol": "circle-open" if hollow else "circle", "color": [tone if hollow else pale(tone, 0.7) for tone in points["tone"]], "line": {"width": 1.5 if hollow else 1, "color": list(points["tone"])}},
                "customdata": [[plain(label), plain(hover)] for label, hover in zip(points["label"], points["hover"], strict=True)],
                "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>",
            }
        )  # fmt: skip
    drawn = {
        state_labels[state]: "circle" if state == "operational" else "circle-open" for state in states if (placed["state"] == state).any()
    }
    figure = {
        "data": with_shape_legend(data, {plain(name): symbol for name, symbol in drawn.items()}),
        "layout": layout(
            470, separators=words.separators, left=0, right=0, top=24, bottom=0, dragmode="pan",
            xaxis=axis(visible=False, range=[-2.75, 2.75]) | {"fixedrange": False}, yaxis=axis(visible=False, scaleanchor="x", range=[-1.1, 1.35]) | {"fixedrange": False},
            showlegend=len(drawn) > 1, legend=LEGEND,
        ),
    }  # fmt: skip
    sized = placed[placed["size"].notna()]
    biggest = sized.sort_values("size", ascending=False).head(5)
    left_out = len(frame) - len(placed)
    text = ". ".join(words("pair", name=row.label, value=f"{words.short(row.size)} {unit}") for row in biggest.itertuples())
    compared = extremes(list(zip(sized["label"], sized["size"], strict=True)), lambda value: f"{words.short(value)} {unit}", words)
    return Chart(figure, compared + text + (f". {words('alt.left_out', n=left_out)}" if left_out else "") + ".")
