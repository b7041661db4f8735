"""Amounts side by side: one frame (row, state, value) in, one dot plot out. Filled is running, crossed is under construction, hollow is planned: never one bar."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from atlas.figures.base import LEGEND, STATUS_SYMBOLS, Chart, axis, colour, extremes, layout, log_ticks, note, plain, with_shape_legend
from atlas.texts import Words


def dots(
    frame: pd.DataFrame, words: Words, *, unit: str, rows: Sequence[str], row_labels: dict[str, str], states: Sequence[str], state_labels: dict[str, str], symbols: dict[str, str] | None = None,
    tones: dict[str, str] | None = None, log: bool = True, emphasis: Sequence[str] = (), label_all: bool = True,
) -> Chart:  # fmt: skip
    """`frame`: row, state, value (NaN: not known), hover (optional). A row without any value keeps its place and says that it is not known."""
    symbols = symbols or STATUS_SYMBOLS
    known = frame[frame["value"].notna() & (frame["value"] > 0)]
    place = {row: index for index, row in enumerate(rows)}
    data, labels, sentences = [], [], []
    for row in rows:
        values = known[known["row"] == row]["value"]
        if len(values) > 1:
            tone = (tones or {}).get(row, colour(row))
            data.append(
                {
                    "type": "scatter",
                    "mode": "lines",
                    "x": [values.min(), values.max()],
                    "y": [place[row]] * 2,
                    "line": {"color": tone, "width": 1},
                    "opacity": 0.5,
                    "hoverinfo": "skip",
                }
            )
        if values.empty:
            is_zero = frame.loc[frame["row"] == row, "value"].eq(0).any()  # measured, but a logarithmic axis has no place for it
            labels.append(
                note(
                    "0" if is_zero else words("unknown"), x=0.01, y=place[row], xref="paper", xanchor="left", muted=True, font={"size": 11}
                )
            )
    for state in states:
        points = known[(known["state"] == state) & known["row"].isin(place)]
        if points.empty:
            continue
        tone = [(tones or {}).get(row, colour(row)) for row in points["row"]]
        more = points["hover"] if "hover" in points else [""] * len(points)
        data.append(
            {
                "type": "scatter", "mode": "markers", "x": points["value"].to_numpy(), "y": [place[row] for row in points["row"]], "name": plain(state_labels[state]),
                "marker": {"symbol": symbols[state], "size": 12, "color": tone, "line": {"width": 2, "color": tone}},
                "customdata": [[plain(row_labels[row]), words.number(value), plain(text)] for row, value, text in zip(points["row"], points["value"], more, strict=True)],
                "hovertemplate": "<b>%{customdata[0]}</b>, " + plain(state_labels[state]) + "<br>%{customdata[1]} " + plain(unit) + "<br>%{customdata[2]}<extra></extra>",
            }
        )  # fmt: skip
    if label_all:
        span = np.log10(known["value"].max() / known["value"].min()) if log and len(known) else known["value"].max()
        for row in rows:
            mine = known[(known["row"] == row) & known["state"].isin(states)].sort_values("value")
            level = 0  # above the mark, below it, far above it: neighbours that are close take the next
            for index, (value, state) in enumerate(zip(mine["value"], mine["state"], strict=True)):
                x = np.log10(value) if log else value
                before = mine["value"].iloc[index - 1] if index else None
                close = before is not None and x - (np.log10(before) if log else before) < 0.11 * (span or 1)
                level = (level + 1) % 3 if close else 0
                labels.append(
                    note(words.short(value), x=x, y=place[row], yshift=(14, -14, 27)[level], font={"size": 11}, muted=state != states[0])
                )
    for row in rows:
        parts = [
            f"{state_labels[state]} {words.short(value)}"
            for state in states
            for value in known[(known["row"] == row) & (known["state"] == state)]["value"]
        ]
        lacking = frame[(frame["row"] == row) & frame["value"].isna() & frame["state"].isin(list(states))]["state"] if parts else ()
        parts += [f"{state_labels[state]} {words('unknown')}" for state in dict.fromkeys(lacking)]
        is_zero = frame.loc[frame["row"] == row, "value"].eq(0).any()
        sentences.append(words("pair", name=row_labels[row], value=", ".join(parts) or ("0" if is_zero else words("unknown"))))
    x_axis = axis(
        showgrid=True,
        side="bottom",
        **(log_ticks(known["value"], words.short) if log and len(known) else {"rangemode": "tozero", "nticks": 6}),
    )
    figure = {
        "data": data,
        "layout": layout(
            104 + 11 * len(states) * (len(states) > 3) + (38 if label_all else 24) * len(rows), separators=words.separators, top=34 + 11 * len(states) * (len(states) > 3), right=16, bottom=46, xaxis=x_axis,
            yaxis=axis(tickvals=list(range(len(rows))), ticktext=[f"<b>{plain(row_labels[row])}</b>" if row in emphasis else plain(row_labels[row]) for row in rows], showgrid=False, range=[len(rows) - 0.4, -0.8]),
            annotations=[*labels, note(unit, x=1, y=0, xref="paper", yref="paper", xanchor="right", yanchor="top", yshift=-24, muted=True, font={"size": 11})],
            showlegend=len(states) > 1, legend=LEGEND,
        ),
    }  # fmt: skip
    if len(states) > 1:
        figure["data"] = with_shape_legend(data, {plain(state_labels[state]): symbols[state] for state in states})
    told = frame[frame["value"].notna() & frame["row"].isin(place) & frame["state"].isin(list(states))]
    amounts = [
        (f"{row_labels[row]}, {state_labels[state]}", value)
        for row, state, value in zip(told["row"], told["state"], told["value"], strict=True)
    ]
    return Chart(figure, extremes(amounts, lambda value: f"{words.short(value)} {unit}", words) + ". ".join(sentences) + ". " + unit)
