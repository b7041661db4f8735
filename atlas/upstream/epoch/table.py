"""Cells of Epoch AI's CSV files: a file in; rows by column name and numbers that are numbers out, or Drift in a sentence."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from atlas.upstream.known import plain
from atlas.upstream.layer import Drift
from atlas.upstream.reading import read_csv

Row = dict[str, str]
CERTAINTY_MARK = "#"  # `Meta #confident`
COORDINATES = re.compile(r"(-?\d{1,2}\.\d{3,}),\s*(-?\d{1,3}\.\d{3,})")
WEB_ADDRESS = re.compile(r"https?://[^\s<>\")\]]+")
DATE = re.compile(r"(?P<date>(?P<year>(?:19|20)\d\d)(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?)(?:[ T][\d:.+-]+)?")


def read_table(files: Mapping[str, Path], name: str, needed: Iterable[str]) -> list[Row]:
    """The rows of one file; Drift where it is missing, or not what it was."""
    if name not in files:
        raise Drift(f"{name} is missing")
    return read_csv(files[name], needed)


def named(rows: list[Row], column: str, dropped: Counter[str]) -> list[Row]:
    """The rows with a name of letters or figures in the column; the others are counted."""
    found = [row for row in rows if plain(row[column])]
    if len(found) < len(rows):
        dropped["name not stated"] += len(rows) - len(found)
    return found


def number(row: Row, column: str, dropped: Counter[str]) -> float | None:
    """The number in a cell, zero or more. An empty cell is unknown; so is a cell that is no number, and it is counted under its column."""
    cell = row.get(column, "").split(CERTAINTY_MARK)[0].strip()
    if not cell:
        return None
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0 or "_" in cell:
        dropped[f"cells of {column} that are no number"] += 1
        return None
    return value


def plain_number(value: float | None) -> str:
    """A number as a cell of ours: six digits that count, whole numbers whole, no exponent, and nothing for unknown or zero."""
    if not value:
        return ""
    if value >= 1e15:
        return f"{value:.6g}"
    rounded = float(f"{value:.6g}") if value < 1e6 else round(value)
    return f"{rounded:.10f}".rstrip("0").rstrip(".")


def parts(cell: str) -> list[str]:
    """The names in a cell that lists several, without the marks of certainty behind them."""
    return [name for part in cell.split(",") if (name := part.split(CERTAINTY_MARK)[0].strip())]


def speculative_parts(cell: str) -> list[str]:
    """The names in a cell that the source itself calls speculative."""
    return [
        name
        for part in cell.split(",")
        if "speculative" in part.partition(CERTAINTY_MARK)[2].lower() and (name := part.split(CERTAINTY_MARK)[0].strip())
    ]


def position_of(row: Row, place: str, dropped: Counter[str]) -> tuple[float, float] | None:
    """Latitude and longitude [degrees], from their columns where the file has them, else from a pair of numbers in the text of the place."""
    cells = (row.get("latitude") or row.get("Latitude"), row.get("longitude") or row.get("Longitude"))
    found = COORDINATES.search(place)
    if not all(cells) and not found:
        return None
    try:
        latitude, longitude = (float(cell) for cell in (cells if all(cells) else found.groups()))
    except ValueError:
        latitude = longitude = math.nan
    if abs(latitude) <= 90 and abs(longitude) <= 180:
        return latitude, longitude
    dropped["cells of latitude and longitude that are no position"] += 1
    return None


def first_address(text: str) -> str:
    """The first web address in a text, or nothing."""
    found = WEB_ADDRESS.search(text)
    return found.group() if found else ""


def date_of(row: Row, column: str, dropped: Counter[str]) -> str:
    """The date in a cell as one of ours (year, month or day); empty where there is none, and counted where the cell is no date."""
    cell = row.get(column, "")
    if not cell:
        return ""
    found = DATE.fullmatch(cell)
    try:
        date.fromisoformat(f"{found['year']}-{found['month'] or '01'}-{found['day'] or '01'}")
    except (TypeError, ValueError):
        dropped[f"cells of {column} that are no date"] += 1
        return ""
    return found["date"]
