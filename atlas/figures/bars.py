"""Amounts and shares as bars: one frame (row, part, value) in, one bar chart out. Not known is hatched grey, what is only announced is hatched."""

from collections.abc import Sequence

import pandas as pd

from atlas.figures.base import HATCH, LEGEND, NEUTRAL, Chart, axis, layout, note, plain, text_width, wrap
from atlas.texts import Words

SHORT_LABEL = 14  # characters


def bars(
    frame: pd.DataFrame, words: Words, *, unit: str, rows: Sequence[str], row_labels: dict[str, str], parts: Sequence[str], part_labels: dict[str, str], tones: dict[str, str], hatched: Sequence[str] = (), stacked: bool = True,
    top: float | None = None, label_from: float = 0.0, emphasis: Sequence[str] = (), digits: int | None = None,
) -> Chart:  # fmt: skip
    """`frame`: row, part, value (NaN: not known), hover (optional). One bar a row, one piece a part, in the order given; the number stands in pieces of at least `label_from`."""
    data, sentences = [], []
    widest = frame[frame["row"].isin(list(rows))].groupby("row")["value"].sum().max()
    label_from = max(label_from, 0.06 * widest) if stacked else label_from  # a number needs room inside its piece
    place = {row: index for index, row in enumerate(rows)}
    for part in parts:
        pieces = frame[(frame["part"] == part) & frame["row"].isin(place) & frame["value"].notna()]
        if pieces.empty:
            continue
        values = pieces["value"].to_numpy()
        tone = tones.get(part, NEUTRAL)
        data.append(
            {
                "type": "bar", "orientation": "h", "x": values, "y": [place[row] for row in pieces["row"]], "name": plain(part_labels[part]),
                "marker": {"color": tone, "pattern": HATCH | {"fgcolor": tone, "fillmode": "replace"} if part in hatched else {"shape": ""}, "line": {"width": 1 if part in hatched else 0, "color": tone}},
                "text": [words.number(value, digits) if value < 10000 else words.short(value) for value in values],
                "textposition": ["inside" if stacked and value >= label_from else "none" if stacked else "outside" for value in values], "insidetextanchor": "middle", "insidetextfont": {"color": None if part in hatched else "#FFFFFF"}, "textangle": 0, "constraintext": "inside" if stacked else "none", "cliponaxis": False,
                "customdata": [[plain(row_labels[row]), words.number(value, digits), plain(more)] for row, value, more in zip(pieces["row"], values, pieces["hover"] if "hover" in pieces else [""] * len(pieces), strict=True)],
                "hovertemplate": "<b>%{customdata[0]}</b>, " + plain(part_labels[part]) + "<br>%{customdata[1]} " + plain(unit) + "<br>%{customdata[2]}<extra></extra>",
            }
        )  # fmt: skip
    labels = []
    for row in rows:
        mine = frame[(frame["row"] == row) & frame["value"].notna()]
        if mine.empty:
            labels.append(note(words("unknown"), x=0.01, y=place[row], xref="paper", xanchor="left", muted=True, font={"size": 11}))
        sentences.append(
            words(
                "pair",
                name=row_labels[row],
                value=", ".join(
                    f"{part_labels[part]} {words.number(value, digits)}" for part in parts for value in mine[mine["part"] == part]["value"]
                )
                or words("unknown"),
            )
        )
    # On a phone a legend of many parts stands in one column, or in two where its words are short.
    legend = (
        19 * (len(data) if max(text_width(part_labels[part]) for part in parts) > SHORT_LABEL else -(-len(data) // 2)) - 34
        if len(data) > 4
        else 0
    )
    lines = max((wrap(row_labels[row], 26).count("<br>") + 1 for row in rows), default=1)
    height_of_row = max(30, 6 + 14 * lines) if stacked else 14 + 17 * max(len(data), 1)
    figure = {
        "data": data,
        "layout": layout(
            100 + height_of_row * len(rows) + legend, separators=words.separators, top=34 + legend, right=24 if stacked else 60, bottom=46, barmode="stack" if stacked else "group", bargap=0.3,
            xaxis=axis(showgrid=True, nticks=5, **({"range": [0, top * 1.005]} if top else {"rangemode": "tozero"})),
            yaxis=axis(tickvals=list(range(len(rows))), ticktext=[f"<b>{label}</b>" if row in emphasis else label for row in rows for label in [wrap(plain(row_labels[row]), 26)]], showgrid=False, range=[len(rows) - 0.5, -0.5]),
            annotations=[*labels, note(unit, x=1, y=0, xref="paper", yref="paper", xanchor="right", yanchor="top", yshift=-24, muted=True, font={"size": 11})],
            showlegend=len(data) > 1, legend=LEGEND,
        ),
    }  # fmt: skip
    return Chart(figure, ". ".join(sentences) + ". " + unit)
