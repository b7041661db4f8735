"""Small multiples: one frame in, one chart of small panels out: lines by country on shared axes, or bars by indicator with the countries in one order."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from atlas.figures.base import NEUTRAL, Chart, axis, colour, extremes, layout, log_ticks, note, plain, through_time, wrap
from atlas.texts import Words

GAP = 0.04  # between columns of panels, as a part of the width


def line_panels(frame: pd.DataFrame, words: Words, *, unit: str, panels: Sequence[str], names: dict[str, str], log: bool = False, top: float | None = None) -> Chart:  # fmt: skip
    """`frame`: series, x (date), y, period. A panel per series, its own line strong and the others pale behind it; all panels have the same axes."""
    rows = frame[frame["series"].isin(list(panels)) & frame["y"].notna() & ((frame["y"] > 0) | (not log))].sort_values("x")
    columns = {2: 2, 4: 2}.get(len(panels), min(len(panels), 3))
    heads = {series: wrap(plain(names[series]), 24 if columns < 3 else 14) for series in panels}
    height, places = _grid(len(panels), columns, head=39 + 15 * max(head.count("<br>") + 1 for head in heads.values()), body=126)
    x_range = [rows["x"].min(), rows["x"].max()]
    if x_range[0] == x_range[1]:
        x_range = [x_range[0] - pd.DateOffset(months=6), x_range[1] + pd.DateOffset(months=6)]
    highest = rows["y"].max()
    y_ticks = log_ticks(rows["y"], words.short) if log else {"range": [0, top or highest * 1.08 or 1], "nticks": 4, "rangemode": "tozero"}
    lines = {series: rows[rows["series"] == series] for series in panels}
    axes, data, labels, sentences = {}, [], [], []
    for number, (series, (left, right, bottom, upper, is_first, is_last)) in enumerate(zip(panels, places, strict=True)):
        mark = "" if number == 0 else str(number + 1)
        tone, mine = colour(series), lines[series]
        axes[f"xaxis{mark}"] = axis(
            domain=[left, right],
            anchor=f"y{mark}",
            showgrid=False,
            range=[day.strftime("%Y-%m-%d") for day in x_range],
            showticklabels=is_last,
            **_years(*x_range),
        )
        axes[f"yaxis{mark}"] = axis(domain=[bottom, upper], anchor=f"x{mark}", showgrid=True, showticklabels=is_first, **y_ticks)
        for other, points in [*((code, points) for code, points in lines.items() if code != series), (series, mine)]:
            if points.empty:
                continue
            own = other == series
            data.append(
                {
                    "type": "scatter", "mode": "lines+markers" if own and len(points) < 12 else "lines", "x": points["x"].dt.strftime("%Y-%m-%d").to_numpy(), "y": points["y"].to_numpy(), "xaxis": f"x{mark}", "yaxis": f"y{mark}",
                    "name": plain(names[other]), "line": {"color": tone if own else NEUTRAL, "width": 3 if own else 1}, "opacity": 1 if own else 0.55, "marker": {"size": 5, "color": tone}, "cliponaxis": False,
                    **({"customdata": [[plain(words.date(period)), words.number(value)] for period, value in zip(points["period"], points["y"], strict=True)],
                        "hovertemplate": "<b>" + plain(names[other]) + "</b> %{customdata[1]} " + plain(unit) + "<br>%{customdata[0]}<extra></extra>"} if own else {"hoverinfo": "skip"}),
                }
            )  # fmt: skip
        said = f"{words.amount(mine['y'].iloc[-1])} ({plain(words.date(mine['period'].iloc[-1]))})" if len(mine) else words("unknown")
        labels.append(_head(f"<b>{heads[series]}</b><br>{said}", left, upper, tone if len(mine) else None))
        sentences.append(through_time(names[series], mine, words, unit))
    newest = [(names[series], points["y"].iloc[-1]) for series, points in lines.items() if len(points)]
    return Chart(
        {"data": data, "layout": layout(height, separators=words.separators, bottom=26, right=16, annotations=labels, **axes)},
        extremes(newest, lambda value: f"{words.amount(value)} {unit}", words, "alt.newest") + " ".join(sentences),
    )


def bar_panels(frame: pd.DataFrame, words: Words, *, panels: Sequence[tuple[str, str, str]], rows: Sequence[str], names: dict[str, str]) -> Chart:  # fmt: skip
    """`frame`: panel, row, value (no row, or NaN: not known), hover. `panels`: id, title and unit of each. Every panel has an axis of its own and the same order of rows."""
    titles = [f"<b>{wrap(plain(title), 17)}</b><br>{wrap(plain(unit), 18)}" for _, title, unit in panels]
    columns = min(len(panels), 2)
    head = 23 + 15 * max(title.count("<br>") + 1 for title in titles)
    height, places = _grid(len(panels), columns, head=head, body=22 * len(rows) + 6)
    known = {(row.panel, row.row): row for row in frame[frame["value"].notna()].itertuples()}
    axes, data, labels, sentences = {}, [], [], []
    for number, ((panel, title, unit), (left, right, bottom, upper, is_first, _)) in enumerate(zip(panels, places, strict=True)):
        mark = "" if number == 0 else str(number + 1)
        cells = [(place, row, known[panel, row]) for place, row in enumerate(rows) if (panel, row) in known]
        values = np.array([cell.value for _, _, cell in cells])
        most = values.max() if len(values) and values.max() > 0 else 1
        axes[f"xaxis{mark}"] = axis(
            domain=[left, right], anchor=f"y{mark}", range=[0, most * 1.32], showgrid=False, showticklabels=False
        )  # room for the number behind the longest bar
        axes[f"yaxis{mark}"] = axis(
            domain=[bottom, upper],
            anchor=f"x{mark}",
            showgrid=False,
            range=[len(rows) - 0.5, -0.5],
            tickvals=list(range(len(rows))),
            ticktext=[wrap(plain(names[row]), 14) for row in rows],
            showticklabels=is_first,
        )
        data.append(
            {
                "type": "bar", "orientation": "h", "x": values, "y": [place for place, _, _ in cells], "xaxis": f"x{mark}", "yaxis": f"y{mark}", "width": 0.66,
                "marker": {"color": [colour(row) for _, row, _ in cells], "line": {"width": 0}}, "text": [words.amount(value) for value in values], "textposition": "outside", "textangle": 0, "cliponaxis": False, "constraintext": "none",
                "customdata": [[plain(names[row]), words.number(cell.value), plain(cell.hover)] for _, row, cell in cells],
                "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]} " + plain(unit) + "<br>%{customdata[2]}<extra></extra>",
            }
        )  # fmt: skip
        labels += [
            note(words("unknown"), x=0, y=place, xref=f"x{mark}", yref=f"y{mark}", xanchor="left", muted=True, font={"size": 11})
            for place, row in enumerate(rows)
            if (panel, row) not in known
        ]
        labels.append(_head(titles[number], left, upper))
        said = ", ".join(
            f"{names[row]} {words.amount(known[panel, row].value) if (panel, row) in known else words('unknown')}" for row in rows
        )
        told = [(names[row], cell.value) for _, row, cell in cells]
        sentences.append(f"{words('pair', name=f'{title} ({unit})', value=said)}. {extremes(told, words.amount, words)}".rstrip())
    return Chart(
        {"data": data, "layout": layout(height, separators=words.separators, annotations=labels, **axes)},
        " ".join(sentences),
    )


def _head(text: str, left: float, upper: float, tone: str | None = None) -> dict:
    return note(
        text, x=left, y=upper, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=5, align="left", font={"size": 12, "color": tone}
    )  # fmt: skip


def _grid(count: int, columns: int, *, head: int, body: int) -> tuple[int, list[tuple[float, float, float, float, bool, bool]]]:
    """Height of the chart, and per panel left, right, bottom and top as parts of it, whether it is the first of its row, and whether none stands below it."""
    lines = -(-count // columns)
    inner, step, width = lines * (head + body), head + body, (1 - GAP * (columns - 1)) / columns
    places = []
    for number in range(count):
        line, column = divmod(number, columns)
        left, upper = column * (width + GAP), 1 - (line * step + head) / inner
        edges = (min(max(round(edge, 6), 0), 1) for edge in (left, left + width, upper - body / inner, upper))
        places.append((*edges, column == 0, number + columns >= count))
    return inner + 34, places


def _years(first: pd.Timestamp, last: pd.Timestamp) -> dict:
    """Ticks at two turns of a year inside the panel, so that the labels of neighbours do not meet; where there are not two, at the first and the last day."""
    years = range(first.year + (first.day_of_year > 1), last.year + 1) if pd.notna(first) else range(0)
    if len(years) > 1:
        inset = len(years) // 5
        picked = [years[inset], years[-1 - inset]]
        return {"tickvals": [date(year, 1, 1).isoformat() for year in picked], "ticktext": [str(year) for year in picked]}
    days = [day.strftime("%Y-%m") for day in dict.fromkeys((first, last)) if pd.notna(day)]
    return {"tickvals": [f"{day}-01" for day in days], "ticktext": days}
