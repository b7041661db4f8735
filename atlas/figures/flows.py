"""Who supplies whom: one frame of links (source, target) in, one Sankey out. Links have no common size, so each counts one."""

from collections.abc import Sequence

import pandas as pd

from atlas.figures.base import NEUTRAL, Chart, colour, layout, plain
from atlas.texts import Words


def flows(frame: pd.DataFrame, words: Words, *, labels: dict[str, str], homes: dict[str, str], columns: Sequence[Sequence[str]]) -> Chart:
    """`frame`: source, target, hover, is_planned. `columns`: node ids from left to right, in the order in which they stand."""
    nodes = [node for column in columns for node in column]
    place = {node: index for index, node in enumerate(nodes)}
    links = frame[frame["source"].isin(place) & frame["target"].isin(place)]
    x, y = [], []
    for number, column in enumerate(columns):
        for index in range(len(column)):
            x.append(0.001 + 0.998 * number / max(len(columns) - 1, 1))
            y.append((index + 0.5) / len(column))
    tones = [colour(homes.get(node)) if homes.get(node) else NEUTRAL for node in nodes]
    figure = {
        "data": [
            {
                "type": "sankey", "arrangement": "fixed",
                "node": {"label": [plain(labels[node]) for node in nodes], "color": tones, "pad": 10, "thickness": 12, "x": x, "y": y, "line": {"width": 0}, "hovertemplate": "%{label}<extra></extra>"},
                "link": {
                    "source": [place[node] for node in links["source"]], "target": [place[node] for node in links["target"]], "value": [1] * len(links),
                    "color": [_pale(tones[place[node]], 0.18 if planned else 0.42) for node, planned in zip(links["source"], links["is_planned"], strict=True)],
                    "customdata": [plain(hover) for hover in links["hover"]], "hovertemplate": "%{customdata}<extra></extra>",
                },
            }
        ],
        "layout": layout(max(320, 60 + 30 * max(map(len, columns), default=1)), separators=words.separators, top=14, bottom=14),
    }  # fmt: skip
    return Chart(figure, ". ".join(f"{labels[row.source]} → {labels[row.target]}: {row.hover}" for row in links.itertuples()) + ".")


def _pale(tone: str, opacity: float) -> str:
    return f"rgba({int(tone[1:3], 16)},{int(tone[3:5], 16)},{int(tone[5:7], 16)},{opacity})"
