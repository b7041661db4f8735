"""Cells of Epoch AI's CSV files: a file in; rows by column name and numbers that are numbers out, or Drift in a sentence."""

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from atlas.upstream.known import plain
from atlas.upstream.layer import Drift

Row = dict[str, str]
CERTAINTY_MARK = "#"  # `Meta #confident`
COORDINATES = re.compile(r"(-?\d{1,2}\.\d{3,}),\s*(-?\d{1,3}\.\d{3,})")
WEB_ADDRESS = re.compile(r"https?://[^\s<>\")\]]+")
DATE = re.compile(r"(?P<date>(?P<year>(?:19|20)\d\d)(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?)(?:[ T][\d:.+-]+)?")


def text_of(path: Path) -> str:
    """The text of a file in UTF-8 (with or without mark), else in Windows-1252, which reads Latin-1 too. Raises Drift for anything that is no text."""
    data = path.read_bytes()
    if not data.strip():
        raise Drift(f"{path.name} is empty")
    if b"\0" in data:
        raise Drift(f"{path.name} is no text in UTF-8 or Latin-1: it holds zero bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError as error:
            raise Drift(f"{path.name} is neither in UTF-8 nor in Latin-1: byte {error.start}") from error
    if text.lstrip().startswith("<"):
        raise Drift(f"{path.name} is a web page and not a CSV file")
    return text


def read_table(files: Mapping[str, Path], name: str, needed: Iterable[str]) -> list[Row]:
    """The rows of one file, read by its header, blanks at the ends of cells removed. Columns beyond the needed ones are welcome.

    Raises Drift where the file, a needed column or the end of a row is missing, and where there is no row at all.
    """
    if name not in files:
        raise Drift(f"{name} is missing")
    reader = csv.DictReader(io.StringIO(text_of(files[name]), newline=""), strict=True, restval=None)
    try:
        found = list(reader)
    except csv.Error as error:
        raise Drift(f"{name} is no well-formed CSV file: {error}") from error
    header = [column.strip() for column in reader.fieldnames or ()]
    missing = [column for column in needed if column not in header]
    if missing:
        raise Drift(f"{name} lacks the columns: {', '.join(missing)}")
    if not found:
        raise Drift(f"{name} has a header and no rows")
    rows = []
    for number, row in enumerate(found, start=1):
        if None in row.values() or None in row:
            raise Drift(f"{name}: row {number} has not as many cells as the header, the file is cut or damaged")
        rows.append({column.strip(): cell.strip() for column, cell in row.items()})
    return rows


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
