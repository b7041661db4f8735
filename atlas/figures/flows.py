"""Who supplies whom: one frame of relations (source, target) in, one Sankey out. Their sizes are not known, so each counts one."""

import pandas as pd

from atlas.figures.base import NEUTRAL, Chart, colour, plain
from atlas.texts import Words


def flows(frame: pd.DataFrame, words: Words, *, labels: dict[str, str], homes: dict[str, str], things: dict[str, str]) -> Chart:
    """`frame`: source, target, hover (the two by name, then a line for each thing that is said of them), is_planned. Names, home countries and things (what has a profile) by node; nodes without a home are grey."""
    nodes = list(dict.fromkeys([*frame["source"], *frame["target"]]))
    names = distinct([labels[node] for node in nodes])
    name = dict(zip(nodes, names, strict=True))
    sources, targets = set(frame["source"]), set(frame["target"])
    fullest = max(len(sources - targets), len(sources & targets), len(targets - sources))  # nodes in the fullest column, about
    height = max(300, 60 + 26 * fullest)
    right = 12 + 6 * max((len(labels[node]) for node in targets - sources), default=0)  # pixels: room for the names behind the last column
    figure = {
        "height": height,
        "animation": False,
        "tooltip": {"trigger": "item", "confine": True},
        "series": [
            {
                "type": "sankey",
                "left": 4, "right": right, "top": 8, "height": height - 24, "nodeWidth": 12, "nodeGap": 8, "nodeAlign": "right", "draggable": False, "selectedMode": "single",
                "emphasis": {"focus": "adjacency"},
                "label": {"fontSize": 11},
                "data": [
                    {
                        "name": name[node],
                        "itemStyle": {"color": colour(home) if home else NEUTRAL, "borderWidth": 0},
                        "label": {"formatter": labels[node] if is_country or not home else f"{labels[node]} ({home})"},
                        "tooltip": {"formatter": plain(labels[node] if is_country or not home else f"{labels[node]}, {words.country(home)}")},
                    }
                    for node in nodes
                    for home in [homes[node] if isinstance(homes.get(node), str) else ""]
                    for is_country in [labels[node] == words.country(home)]
                ],
                "links": [
                    {
                        "source": name[row.source],
                        "target": name[row.target],
                        "value": 1,
                        "lineStyle": {"color": "source", "opacity": 0.18 if row.is_planned else 0.42},
                        "tooltip": {"formatter": plain(row.hover)},
                    }
                    for row in frame.itertuples()
                ],
            }
        ],
    }  # fmt: skip
    ends = pd.concat([frame["source"], frame["target"]]).map(labels).value_counts()
    compared = (
        words("alt.links", n=words.number(len(frame)), name=ends.index[0], most=words.number(ends.iloc[0])) + " " if len(frame) else ""
    )
    return Chart(
        figure,
        compared + ". ".join(", ".join(hover.splitlines()) for hover in frame["hover"]) + ".",
        tuple((things.get(node), labels[node]) for node in nodes),
    )


def distinct(names: list[str]) -> list[str]:
    """Names made different from each other by characters that do not show, since a node of ECharts is known by its name."""
    seen: dict[str, int] = {}
    result = []
    for one in names:
        result.append(one + "\u200b" * seen.get(one, 0))
        seen[one] = seen.get(one, 0) + 1
    return result
