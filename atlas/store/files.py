"""Reading: one CSV file in, its cells as text in raw.<table> out, or what is wrong with the file as a file."""

import csv
from dataclasses import dataclass
from pathlib import Path

import duckdb

from atlas.store.declaration import Table

MOST_PROBLEMS_PER_RULE = 50


@dataclass(frozen=True, order=True)
class Problem:
    """One wrong thing in the data: where (file, line, column), what (value), which rule it breaks and what to do."""

    file: str
    line: int | None
    column: str
    value: str
    rule: str

    def __str__(self) -> str:
        where = (
            (f"data/{self.file}" if self.file else "build")
            + (f" line {self.line}" if self.line else "")
            + (f", column {self.column}" if self.column else "")
        )
        shown = self.value if len(self.value) <= 80 else self.value[:77] + "..."
        return f"{where}: {shown!r}: {self.rule}" if self.value else f"{where}: {self.rule}"


class DataError(Exception):
    """The data breaks its rules; `problems` holds every wrong row."""

    def __init__(self, problems: list[Problem]):
        self.problems = sorted(set(problems), key=lambda problem: (problem.file, problem.line or 0, problem.column))
        super().__init__("\n".join(map(str, self.problems)))


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def as_text(name: str) -> str:
    """The column of raw.<table> that holds the cells of a column as they stand in the file."""
    return quoted(f"{name} as text")


def file_problem(path: Path) -> str | None:
    """What is wrong with a file as a file; None where it can be read as CSV."""
    if path.is_dir():
        return "it is a folder: put a CSV file of this name there"
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return "the file is missing: restore it, at least with its header line"
    except OSError as error:
        return f"it cannot be read ({error.strerror}): correct its permissions"
    if not content.strip():
        return "the file is empty: restore it, at least with its header line"
    if content.startswith(b"\xef\xbb\xbf"):
        return "it starts with a byte order mark: save it as UTF-8 without BOM"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return f"line {line} is not UTF-8: save the file in the encoding UTF-8"
    if b"\x00" in content:
        return f"line {content[: content.index(bytes(1))].count(bytes([10])) + 1} holds a NUL character: delete it"
    if b"\r" in content:
        return "its lines end in CR or CRLF: save it with the line end LF"
    return None


def header_of(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as lines:
        return next(csv.reader(lines))


def header_problems(table: Table, header: list[str]) -> list[str]:
    expected = table.column_names
    problems = [f"column {name} is missing: add it to the header and to every row" for name in expected if name not in header]
    problems += [
        f"column {name!r} is not declared in schema.sql: delete it, or declare it there" for name in header if name not in expected
    ]
    problems += [f"column {name} stands twice: delete one" for name in expected if header.count(name) > 1]
    if not problems and header != expected:
        problems = [f"the columns must stand in the order of schema.sql: {', '.join(expected)}"]
    return problems


def _broken_lines(path: Path, width: int) -> list[tuple[int, str]]:
    """Lines whose cells cannot be told apart, found with the slower reader of the standard library once the fast one gave up."""
    found, start = [], 1
    csv.field_size_limit(2**31 - 1)
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines, strict=True)
        try:
            for row in reader:
                if any("\n" in cell for cell in row):
                    found.append((start, "a cell holds a line break, or a quotation mark is not closed: write the cell in one line"))
                elif len(row) != width:
                    found.append((start, f"it has {len(row)} cells instead of {width}: quote cells that hold a comma, delete extra commas"))
                start = reader.line_num + 1
        except csv.Error as error:
            found.append((start, f"its quotation marks cannot be read ({error}): double every quotation mark inside a quoted cell"))
    return found


def read_raw(connection: duckdb.DuckDBPyConnection, table: Table, path: Path, file: str, before: int = 0) -> list[Problem]:
    """Add the rows of one file to raw.<table>, all cells as text beside their line number; the problems where that fails.

    `file` is the name of the file in messages, `before` the number of lines of the files that were read into the table before it.
    """
    if wrong := file_problem(path):
        return [Problem(file, None, "", "", wrong)]
    if wrong := header_problems(table, header_of(path)):
        return [Problem(file, 1, "", "", rule) for rule in wrong]
    columns = ", ".join(f"'{name} as text': 'VARCHAR'" for name in table.column_names)
    try:
        rows = connection.execute(
            f"INSERT INTO raw.{table.name} SELECT $before + row_number() OVER () + 1, * FROM read_csv($path, header = true, auto_detect = false,"
            f" delim = ',', quote = '\"', escape = '\"', nullstr = '', strict_mode = true, max_line_size = 20000000, columns = {{{columns}}})",
            {"path": str(path), "before": before},
        ).fetchone()[0]
        lines = path.read_bytes().count(b"\n")
        broken = [] if rows + 1 in (lines, lines + 1) else _broken_lines(path, len(table.columns))
    except duckdb.Error as error:
        broken = _broken_lines(path, len(table.columns)) or [(None, f"it cannot be read as CSV: {str(error).splitlines()[0]}")]
    return [Problem(file, line, "", "", rule) for line, rule in broken]
