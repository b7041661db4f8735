"""Two measures against each other: one frame (x, y, label) in, one scatter out with direct labels for the points that matter."""

import numpy as np
import pandas as pd

from atlas.figures.base import NEUTRAL, Chart, axis, layout, log_ticks, note, plain
from atlas.texts import Words


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
    """`frame`: x, y, label, tone, strong (drawn large and labelled; `labelled`, where given, says which of them), hollow (planned), hover. Points with an unknown x or y are left out, and counted in the words."""
    known = frame[frame["x"].notna() & frame["y"].notna()]
    data = []
    for strong in (False, True):
        points = known[known["strong"] == strong]
        if points.empty:
            continue
        data.append(
            {
                "type": "scatter", "mode": "markers", "x": points["x"].dt.strftime("%Y-%m-%d").to_numpy() if dates else points["x"].to_numpy(), "y": points["y"].to_numpy(),
                "marker": {"size": 12 if strong else 9, "color": list(points["tone"]), "opacity": 1 if strong else 0.55, "symbol": ["circle-open" if hollow else "circle" for hollow in points["hollow"]], "line": {"width": 2 if strong else 1, "color": list(points["tone"])}},
                "customdata": [[plain(label), plain(hover)] for label, hover in zip(points["label"], points["hover"], strict=True)],
                "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>",
            }
        )  # fmt: skip
    strong = known[known["strong"]]
    labels = _labels(strong[strong["labelled"]] if "labelled" in strong else strong, known, height, log_x, log_y, dates)
    figure = {
        "data": data,
        "layout": layout(
            height, separators=words.separators, top=30, right=20, bottom=48,
            xaxis=axis(showgrid=True, **({"tickformat": None} if dates else {}), **(log_ticks(known["x"], words.short) if log_x and len(known) else {"range": list(x_range)} if x_range else {})),
            yaxis=axis(showgrid=True, nticks=6, **(log_ticks(known["y"], words.short) if log_y and len(known) else {"range": list(y_range)} if y_range else {"rangemode": "tozero"})),
            annotations=[*labels, note(x_title, x=1, y=0, xref="paper", yref="paper", xanchor="right", yanchor="top", yshift=-26, muted=True, font={"size": 11}), note(y_title, x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=6, muted=True, font={"size": 11})],
        ),
    }  # fmt: skip
    missing = len(frame) - len(known)
    sentences = [f"{row.label}: {row.hover.replace(chr(10), ', ')}" for row in (strong if len(strong) else known).itertuples()]
    return Chart(figure, f"{x_title}; {y_title}. " + ". ".join(sentences) + (f". {words('alt.left_out', n=missing)}" if missing else "."))


def _unit(values: pd.Series, log: bool) -> np.ndarray:
    """Positions from 0 to 1 over the span of the values."""
    numbers = (
        values.astype("int64").to_numpy(dtype=float)
        if values.dtype.kind == "M"
        else np.log10(values.to_numpy(dtype=float))
        if log
        else values.to_numpy(dtype=float)
    )
    low, high = numbers.min(), numbers.max()
    return (numbers - low) / ((high - low) or 1)


NARROW_PX = 250  # room across on a phone: labels that keep apart there do so on every screen
# Around the mark (above, below, right, left), then further off with a line to it.
PLACES = (
    ("center", 0, 15),
    ("center", 0, -15),
    ("left", 9, 0),
    ("right", -9, 0),
    *((anchor, 0, rise) for rise in (-45, 45, -75, -105, -135) for anchor in ("center", "right")),
)


def _labels(labelled: pd.DataFrame, known: pd.DataFrame, height: int, log_x: bool, log_y: bool, dates: bool) -> list[dict]:
    """Labels around their points, in the order of the frame, where there is room; one that would lie on a mark, a label or the edge is left to the hover."""
    if known.empty:
        return []
    across = dict(zip(known.index, _unit(known["x"], log_x) * NARROW_PX, strict=True))
    up = dict(zip(known.index, _unit(known["y"], log_y) * (height - 90), strict=True))
    taken = [(across[index] - 7, across[index] + 7, up[index], 6.0) for index in known.index]
    labels = []
    for row in labelled.itertuples():
        width = 5.6 * len(row.label)
        for anchor, right, rise in PLACES:
            middle = up[row.Index] + rise
            left = across[row.Index] + right - {"left": 0, "right": width, "center": width / 2}[anchor]
            inside = left > -40 and left + width < NARROW_PX + 20
            if inside and all(left > end or left + width < start or abs(middle - level) > half + 6 for start, end, level, half in taken):
                taken.append((left, left + width, middle, 6.0))
                labels.append(
                    note(
                        plain(row.label),
                        x=row.x.strftime("%Y-%m-%d") if dates else np.log10(row.x) if log_x else row.x,
                        y=np.log10(row.y) if log_y else row.y,
                        xanchor=anchor,
                        **(
                            {"xshift": right, "yshift": rise}
                            if abs(rise) <= 15
                            else {
                                "showarrow": True,
                                "ax": 0,
                                "ay": -rise,
                                "arrowhead": 0,
                                "arrowwidth": 1,
                                "arrowcolor": row.tone,
                                "standoff": 6,
                            }
                        ),
                        font={"size": 11, "color": row.tone if row.tone != NEUTRAL else None},
                    )
                )
                break
    return labels
