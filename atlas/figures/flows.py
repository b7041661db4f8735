"""Who supplies whom: one frame of relations (source, target) in, one Sankey out. Their sizes are not known, so each counts one."""

import pandas as pd

from atlas.figures.base import NEUTRAL, Chart, colour, layout, plain
from atlas.texts import Words


def flows(frame: pd.DataFrame, words: Words, *, labels: dict[str, str], homes: dict[str, str]) -> Chart:
    """`frame`: source, target, hover, is_planned. Names and home countries by node; nodes without a home are grey."""
    nodes = list(dict.fromkeys([*frame["source"], *frame["target"]]))
    place = {node: index for index, node in enumerate(nodes)}
    tones = [colour(homes[node]) if isinstance(homes.get(node), str) else NEUTRAL for node in nodes]
    first = len(set(frame["source"]) - set(frame["target"]))  # the fullest column: those who have no supplier here
    figure = {
        "data": [
            {
                "type": "sankey",
                "arrangement": "snap",
                "node": {
                    "label": [plain(labels[node]) for node in nodes],
                    "color": tones,
                    "pad": 12,
                    "thickness": 12,
                    "align": "right",
                    "line": {"width": 0},
                    "hovertemplate": "%{label}<extra></extra>",
                },
                "link": {
                    "source": [place[node] for node in frame["source"]],
                    "target": [place[node] for node in frame["target"]],
                    "value": [1] * len(frame),
                    "color": [
                        _pale(tones[place[node]], 0.18 if planned else 0.42)
                        for node, planned in zip(frame["source"], frame["is_planned"], strict=True)
                    ],
                    "customdata": [plain(hover) for hover in frame["hover"]],
                    "hovertemplate": "%{customdata}<extra></extra>",
                },
            }
        ],
        "layout": layout(max(300, 40 + 26 * first), separators=words.separators, top=14, bottom=14),
    }
    return Chart(figure, ". ".join(f"{labels[row.source]} → {labels[row.target]}: {row.hover}" for row in frame.itertuples()) + ".")


def _pale(tone: str, opacity: float) -> str:
    return f"rgba({int(tone[1:3], 16)},{int(tone[3:5], 16)},{int(tone[5:7], 16)},{opacity})"
