"""Any rows of a query as a chart: one frame and four choices in, one chart out. Nothing is added up or averaged: a mark is a row."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import cycle

import numpy as np
import pandas as pd

from atlas.figures.bars import bars
from atlas.figures.base import HUES, Chart, colour, short_name
from atlas.figures.lines import lines
from atlas.figures.scatter import scatter
from atlas.texts import Words

MOST = {"bar": 30, "line": 2000, "scatter": 500}  # rows that a reader can still tell apart
MOST_COLOURS = len(HUES)
LONGEST_NAME = 40  # characters, on average
MOST_LABELS = 40
PLAIN = "-"  # chosen in place of a column: one colour for all
STANDING_IN = (
    "KOR",
    "USA",
    "CHN",
    "JPN",
    "TWN",
    "FRA",
    "DEU",
)  # lines have the colours of countries: series that are none borrow seven different ones


@dataclass(frozen=True)
class Drawing:
    """Which columns a chart shows, and how. `colour` is empty where all marks have one."""

    kind: str
    x: str
    y: str
    colour: str = ""

    def rows(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows that the chart shows: those with a known value, as many as it can hold, in the order of the query."""
        return frame[np.isfinite(frame[self.y]) & frame[self.x].notna() & ~frame[self.x].isin([np.inf, -np.inf])].head(MOST[self.kind])


def days(column: pd.Series) -> pd.Series | None:
    """A column of dates, of texts such as 2025, 2025-Q3 or 2025-08, or of years, as the first day of each; None where it is none of these."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return column
    known = column.dropna()
    if pd.api.types.is_integer_dtype(known) and "year" in str(column.name) and known.between(1000, 2999).all():
        return pd.to_datetime(column.astype("Int64").astype("string"), format="%Y", errors="coerce")
    if known.empty or not known.map(lambda cell: isinstance(cell, str)).all():
        return None
    parts = known.str.extract(r"^(?P<year>[12]\d{3})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])(?:-(?P<day>\d\d))?))?$")
    if parts["year"].isna().any():
        return None
    month = parts["month"].fillna(parts["quarter"].map({str(n): f"{3 * n - 2:02}" for n in range(1, 5)})).fillna("01")
    return pd.to_datetime(parts["year"] + "-" + month + "-" + parts["day"].fillna("01"), errors="coerce").reindex(column.index)


def columns(frame: pd.DataFrame) -> list[str]:
    """The columns that can place or colour a mark: all but those of lists."""
    return [name for name in frame if not frame[name].map(lambda cell: isinstance(cell, list)).any()]


def numbers(frame: pd.DataFrame) -> list[str]:
    """The columns that can be drawn as amounts."""
    return [name for name in frame if pd.api.types.is_numeric_dtype(frame[name]) and not pd.api.types.is_bool_dtype(frame[name])]


def names(frame: pd.DataFrame) -> list[str]:
    """The columns of texts that are short enough to stand beside a mark."""
    texts = {name: frame[name].dropna() for name in frame}
    return [
        name
        for name, known in texts.items()
        if len(known) and known.map(lambda cell: isinstance(cell, str)).all() and known.str.len().mean() <= LONGEST_NAME
    ]


def drawing(frame: pd.DataFrame, kind: str = "", x: str = "", y: str = "", colour: str = "") -> Drawing | None:
    """What was chosen, and for the rest what suits the columns; None where nothing can be drawn, as without a column of numbers."""
    frame = frame[columns(frame)]
    times = [name for name in frame if days(frame[name]) is not None]
    amounts = [name for name in numbers(frame) if name not in times]
    texts = [name for name in names(frame) if name not in times]
    y = y if y in numbers(frame) else next((name for name in amounts if name != x), "")
    others = [name for name in amounts if name != y]
    if x not in frame:
        # Rows in the order of time, as ORDER BY leaves them, tell of a course.
        courses = [name for name in times if frame[name].nunique() > 2 and _is_in_order(days(frame[name]))]
        groups = [name for name in texts[:1] if _telling_apart(frame, name, texts)]
        named = sorted(texts, key=lambda name: -frame[name].nunique())
        fitting = {"line": times, "scatter": [*others, *times], "bar": []}.get(kind, courses)
        x = next(iter([*fitting, *groups, *named, *times, *others]), "")
    if not x or not y:
        return None
    is_scale = x in numbers(frame) or x in times
    if not kind or (kind == "scatter" and not is_scale) or (kind == "line" and x not in times):
        kind = "line" if x in times and frame[x].nunique() > 2 else "scatter" if is_scale and x not in times else "bar"
    if colour not in frame and colour != PLAIN:
        colour = _telling_apart(frame, x, texts)
    return Drawing(kind, x, y, "" if colour == PLAIN else colour)


def _is_in_order(column: pd.Series) -> bool:
    known = column.dropna()
    return known.is_monotonic_increasing or known.is_monotonic_decreasing


def _telling_apart(frame: pd.DataFrame, x: str, texts: list[str]) -> str:
    """The column of few texts that tells apart the rows which share x; empty where none does, or none has to."""
    if not frame[x].duplicated().any():
        return ""
    return next(
        (name for name in texts if name != x and 1 < frame[name].nunique() <= MOST_COLOURS and not frame.duplicated([x, name]).any()), ""
    )


def quick(frame: pd.DataFrame, words: Words, chosen: Drawing, homes: Mapping[str, str]) -> Chart:
    """`frame`: the rows of the drawing. `homes`: the country behind a name of a country, which has its own colour on every chart."""
    parts = frame[chosen.colour].map(lambda cell: _label(cell, words)) if chosen.colour else pd.Series(chosen.y, frame.index)
    if parts.nunique() > MOST_COLOURS:
        parts = parts.where(parts.isin(parts.value_counts().index[: MOST_COLOURS - 1]), words("sql.other_parts"))
    named = next((name for name in names(frame) if name not in (chosen.x, chosen.colour)), chosen.x)
    marks = pd.DataFrame(
        {"x": frame[chosen.x], "y": frame[chosen.y], "part": parts, "label": frame[named].map(lambda cell: _label(cell, words))}
    )
    return {"bar": _bars, "line": _lines, "scatter": _scatter}[chosen.kind](marks, words, chosen, list(dict.fromkeys(parts)), homes)


def _label(cell, words: Words) -> str:
    return words("unknown") if cell is None or (isinstance(cell, float) and np.isnan(cell)) else str(cell)


def _tones(parts: list[str], homes: Mapping[str, str]) -> dict[str, str]:
    if any(part in homes for part in parts):
        return {part: colour(homes.get(part)) for part in parts}
    return dict(zip(parts, cycle(HUES), strict=False))


def _bars(marks: pd.DataFrame, words: Words, chosen: Drawing, parts: list[str], homes: Mapping[str, str]) -> Chart:
    labels = marks["x"].map(str)
    # Rows that share a name stand in one bar if their colours tell them apart, else each has a bar of its own.
    rows = labels if not marks.assign(x=labels).duplicated(["x", "part"]).any() else pd.Series(map(str, range(len(marks))), marks.index)
    return bars(
        marks.assign(row=rows, value=marks["y"]),
        words,
        unit=chosen.y,
        rows=list(dict.fromkeys(rows)),
        row_labels={row: short_name(label, 40) for row, label in zip(rows, labels, strict=True)},
        parts=parts,
        part_labels=dict(zip(parts, parts, strict=True)),
        tones=_tones(parts, homes),
        stacked=len(parts) > 1 and bool((marks["y"] >= 0).all()),
    )


def _lines(marks: pd.DataFrame, words: Words, chosen: Drawing, parts: list[str], homes: Mapping[str, str]) -> Chart:
    known = {part: homes[part] for part in parts if part in homes}
    return lines(
        marks.assign(series=marks["part"], x=days(marks["x"].rename(chosen.x)), period=marks["x"].map(_day)).dropna(subset="x"),
        words,
        unit=chosen.y,
        names=dict(zip(parts, parts, strict=True)),
        homes=known or dict(zip(parts, cycle(STANDING_IN), strict=False)),
    )


def _day(cell) -> str:
    return f"{cell:%Y-%m-%d}" if isinstance(cell, pd.Timestamp) else str(cell)


def _scatter(marks: pd.DataFrame, words: Words, chosen: Drawing, parts: list[str], homes: Mapping[str, str]) -> Chart:
    is_amount, tones = pd.api.types.is_numeric_dtype(marks["x"]), _tones(parts, homes)
    hover = [
        f"{chosen.x} {words.number(x) if is_amount else _day(x)}\n{chosen.y} {words.number(y)}"
        for x, y in zip(marks["x"], marks["y"], strict=True)
    ]
    return scatter(
        marks.assign(
            x=marks["x"] if is_amount else days(marks["x"]),
            tone=marks["part"].map(tones),
            group=marks["part"] if chosen.colour else "",
            strong=len(marks) <= MOST_LABELS,
            hollow=False,
            hover=hover,
        ),
        words,
        x_title=chosen.x,
        y_title=chosen.y,
        dates=not is_amount,
    )
