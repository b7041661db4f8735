"""Amounts and shares as bars: one frame (row, part, value) in, one bar chart out. Not known is hatched grey, what is only announced is hatched."""

from collections.abc import Sequence

import pandas as pd

from atlas.figures.base import HATCH, LEGEND, NEUTRAL, Chart, axis, extremes, layout, note, plain, text_width, wrap
from atlas.figures.contrast import BLACK, WHITE, apart, text_on
from atlas.texts import Words

SHORT_LABEL = 14  # characters
PATTERNS = ("", ".", "-", "x", "|", "+")  # of parts whose tones grey print would not keep apart
HATCHES = ("/", "\\")  # of what is not known or only announced


def bars(
    frame: pd.DataFrame, words: Words, *, unit: str, rows: Sequence[str], row_labels: dict[str, str], parts: Sequence[str], part_labels: dict[str, str], tones: dict[str, str], hatched: Sequence[str] = (), stacked: bool = True,
    top: float | None = None, label_from: float = 0.0, emphasis: Sequence[str] = (), digits: int | None = None,
) -> Chart:  # fmt: skip
    """`frame`: row, part, value (NaN: not known), hover (optional). One bar a row, one piece a part, in the order given; the number stands in pieces of at least `label_from`."""
    data, sentences = [], []
    widest = frame[frame["row"].isin(list(rows))].groupby("row")["value"].sum().max()
    label_from = max(label_from, 0.06 * widest) if stacked else label_from  # a number needs room inside its piece
    place = {row: index for index, row in enumerate(rows)}
    solid = [part for part in parts if part not in hatched]
    patterns = {
        part: shape
        for group, shapes in ((solid, PATTERNS), (list(hatched), HATCHES))
        for part, shape in zip(group, apart([tones.get(part, NEUTRAL) for part in group], shapes), strict=True)
    }
    for part in parts:
        pieces = frame[(frame["part"] == part) & frame["row"].isin(place) & frame["value"].notna()]
        if pieces.empty:
            continue
        values = pieces["value"].to_numpy()
        tone = tones.get(part, NEUTRAL)
        number = None if part in hatched else text_on(tone)
        data.append(
            {
                "type": "bar", "orientation": "h", "x": values, "y": [place[row] for row in pieces["row"]], "name": plain(part_labels[part]),
                "marker": {"color": tone, "pattern": HATCH | {"shape": patterns[part], "fgcolor": tone, "fillmode": "replace"} if part in hatched else _pattern(patterns[part], number), "line": {"width": 1 if part in hatched else 0, "color": tone}},
                "text": [words.number(value, digits) if value < 10000 else words.short(value) for value in values],
                "textposition": ["inside" if stacked and value >= label_from else "none" if stacked else "outside" for value in values], "insidetextanchor": "middle", "insidetextfont": {"color": number}, "textangle": 0, "constraintext": "inside" if stacked else "none", "cliponaxis": False,
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
    told = frame[frame["value"].notna() & frame["row"].isin(place) & frame["part"].isin(list(parts))]
    amounts = [
        (row_labels[row] if len(parts) == 1 else f"{row_labels[row]}, {part_labels[part]}", value)
        for row, part, value in zip(told["row"], told["part"], told["value"], strict=True)
    ]
    return Chart(
        figure, extremes(amounts, lambda value: f"{words.number(value, digits)} {unit}", words) + ". ".join(sentences) + ". " + unit
    )


def _pattern(shape: str, number: str) -> dict:
    """A pattern over the tone of a piece, away from the colour of the number in it, which it makes easier to read."""
    return (
        {
            "shape": shape,
            "fgcolor": BLACK if number == WHITE else WHITE,
            "fgopacity": 0.4,
            "fillmode": "overlay",
            "size": 6,
            "solidity": 0.25,
        }
        if shape
        else {"shape": ""}
    )
