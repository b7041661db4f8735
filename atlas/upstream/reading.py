"""Reading: a downloaded file in, its rows or JSON out, cells as they stand. Whatever cannot be read with certainty is Drift, told with the name of the file."""

import csv
import io
import json
import math
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from atlas.upstream.layer import Drift

BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
YEAR = re.compile(r"(199|20[0-9])[0-9]|2100")  # those that our tables take
NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?([eE][+-]?\d+)?|[+-]?\.\d+([eE][+-]?\d+)?", re.ASCII)


def read_bytes(path: Path) -> bytes:
    """The content of a file; Drift where it is empty or a web page in place of data."""
    content = path.read_bytes()
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not content.strip():
        raise Drift(f"{path.name} is empty")
    if start.startswith((b"<!doctype", b"<html", b"<head", b"<?xml")):
        raise Drift(f"{path.name} is a web page or another text in tags, not data")
    return content


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, or in UTF-16 with a byte order mark. Another encoding is not guessed: it is Drift."""
    content = read_bytes(path)
    encoding = next((encoding for mark, encoding in BYTE_ORDER_MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Drift(f"{path.name} is not {encoding} at byte {error.start}") from error


def _folded(header: str) -> str:
    return re.sub(r"[\W_]", "", header).lower()


def find_column(header: Sequence[str], spellings: Iterable[str], file_name: str) -> str:
    """The column of a header that is one of the known spellings, without regard to case, spaces and signs."""
    spellings = list(spellings)
    folded = {_folded(name): name for name in header}
    for spelling in spellings:
        if _folded(spelling) in folded:
            return folded[_folded(spelling)]
    raise Drift(f"{file_name} has no column {' or '.join(spellings)}; it has {', '.join(header)}")


def read_csv(path: Path, columns: Iterable[str]) -> list[dict[str, str]]:
    """The rows of a CSV file, each cell on one line. The named columns must be there, in any order and beside any others.

    A row of more or fewer cells than the header is Drift: the file was cut, or its quotation marks are damaged.
    """
    try:
        lines = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
        header = [name.strip() for name in next(lines, [])]
        columns = list(columns)
        if missing := [column for column in columns if column not in header]:
            raise Drift(f"{path.name} has no column {', '.join(missing)}; it has {', '.join(header)}")
        if twice := [column for column in columns if header.count(column) > 1]:
            raise Drift(f"{path.name} has twice the column {', '.join(twice)}")
        rows = []
        for cells in lines:
            if len(cells) not in (0, len(header)):
                raise Drift(f"{path.name} line {lines.line_num} has {len(cells)} cells instead of {len(header)}")
            if cells:
                rows.append(dict(zip(header, map(one_line, cells), strict=True)))
    except csv.Error as error:
        raise Drift(f"{path.name} line {lines.line_num} cannot be read as CSV: {error}") from error
    if not rows:
        raise Drift(f"{path.name} has a header and no rows")
    return rows


def read_json(path: Path) -> Any:
    """The content of a JSON file; Drift with the place where it is damaged."""
    try:
        return json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise Drift(f"{path.name} cannot be read as JSON: {error}") from error


def member(content: Any, *steps: str | int, kind: type, file_name: str) -> Any:
    """What stands in JSON under these names or positions, one inside the other; Drift where it is missing or of another kind."""
    place = " / ".join(map(str, steps)) or "a row"
    for step in steps:
        try:
            content = content[step]
        except (KeyError, IndexError, TypeError) as error:
            raise Drift(f"{file_name} has nothing at {place}") from error
    if not isinstance(content, kind):
        raise Drift(f"{file_name} has {str(content)[:40]!r} at {place}, which is no {kind.__name__}")
    return content


def one_line(text: str) -> str:
    """A text as a cell of ours: on one line, without control characters, and without spaces at its ends."""
    return " ".join((text if text.isprintable() else "".join(sign if sign.isprintable() else " " for sign in text)).split())


def year(cell: object) -> str | None:
    """A year from 1990 to 2100; None for anything else."""
    return str(cell) if YEAR.fullmatch(str(cell)) else None


def number(cell: object) -> float | None:
    """A finite number from a cell of text, JSON or a spreadsheet; None where it is unknown, and never zero for unknown. 1,234.5 is read, 1.234,5 is not."""
    if isinstance(cell, str):
        cell = cell.strip()
        cell = cell.replace(",", "") if NUMBER.fullmatch(cell) else None
    if cell is None or isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return None
    try:
        value = float(cell)
    except OverflowError:
        return None
    return value if math.isfinite(value) else None


def share_pct(cell: object) -> float | None:
    """A share from 0 to 100 per cent, with or without its sign: 61% and 61 are the same; None for anything else."""
    value = number(cell.removesuffix("%")) if isinstance(cell, str) else number(cell)
    return value if value is not None and 0 <= value <= 100 else None


def as_cell(value: float) -> str:
    """A number as our CSV files hold it: whole numbers without a point."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))
