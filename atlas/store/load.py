"""Checking: the CSV files in, typed tables with line numbers out, or every wrong row with file, line, rule and remedy.

The whole check is set-based SQL on a throw-away in-memory database, so that one pass finds all wrong rows of all files.
"""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from atlas.store.declaration import TYPE_WORDS, Table, read_declaration

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


def _file_problem(path: Path) -> str | None:
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


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as lines:
        return next(csv.reader(lines))


def _header_problems(table: Table, header: list[str]) -> list[str]:
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


def _read_raw(connection: duckdb.DuckDBPyConnection, table: Table, path: Path) -> list[Problem]:
    """Read one file into raw.<table>, all cells as text beside their line number; the problems where that fails."""
    columns = ", ".join(f"'{name} as text': 'VARCHAR'" for name in table.column_names)
    try:
        connection.execute(
            f"CREATE TABLE raw.{table.name} AS SELECT row_number() OVER () + 1 AS line, * FROM read_csv($path, header = true, auto_detect = false,"
            f" delim = ',', quote = '\"', escape = '\"', nullstr = '', strict_mode = true, max_line_size = 20000000, columns = {{{columns}}})",
            {"path": str(path)},
        )
        rows = connection.execute(f"SELECT count(*) FROM raw.{table.name}").fetchone()[0]
        lines = path.read_bytes().count(b"\n")
        broken = [] if rows + 1 in (lines, lines + 1) else _broken_lines(path, len(table.columns))
    except duckdb.Error as error:
        broken = _broken_lines(path, len(table.columns)) or [(None, f"it cannot be read as CSV: {str(error).splitlines()[0]}")]
    return [Problem(path.name, line, "", "", rule) for line, rule in broken]


def _row_problems(connection: duckdb.DuckDBPyConnection, table: Table) -> list[Problem]:
    """Rules inside one row (type, not empty, CHECK): one scan of the file."""
    rules: list[tuple[str, str, str]] = []  # column, condition that must not be false, wording
    for column in table.columns:
        cell, name = as_text(column.name), column.name
        if column.required:
            rules.append((name, f"{cell} IS NOT NULL", "it must not be empty"))
        rules.append((name, rf"NOT regexp_matches({cell}, '^\s|\s$|[\x00-\x1f\x7f]')", "no spaces at either end and no control characters"))
        if column.type != "VARCHAR":
            remedy = "; leave the cell empty where it is not known" if not column.required else ""
            rules.append(
                (name, f"{cell} IS NULL OR try_cast({cell} AS {column.type}) IS NOT NULL", f"it must be {TYPE_WORDS[column.type]}{remedy}")
            )
    rules += [(rule.columns[-1], rule.condition, rule.wording) for rule in table.rules]
    typed = ", ".join(f"try_cast({as_text(c.name)} AS {c.type}) AS {quoted(c.name)}" for c in table.columns)
    connection.execute(f"CREATE TABLE {table.name} AS SELECT line, {typed} FROM raw.{table.name}")
    broken = ", ".join(f"CASE WHEN ({condition}) IS FALSE THEN {number} END" for number, (_, condition, _) in enumerate(rules))
    found = connection.execute(
        f"SELECT line, rule FROM (SELECT line, unnest([{broken}]) AS rule FROM raw.{table.name} JOIN {table.name} USING (line))"
        f" WHERE rule IS NOT NULL QUALIFY row_number() OVER (PARTITION BY rule ORDER BY line) <= {MOST_PROBLEMS_PER_RULE}"
    ).fetchall()
    problems = []
    for line, number in found:
        name, _, wording = rules[number]
        (value,) = connection.execute(f"SELECT {as_text(name)} FROM raw.{table.name} WHERE line = ?", [line]).fetchone()
        problems.append(Problem(f"{table.name}.csv", line, name, value or "", wording))
    return problems


def _key_problems(connection: duckdb.DuckDBPyConnection, table: Table) -> list[Problem]:
    problems = []
    for key in table.keys:
        columns = ", ".join(map(quoted, key))
        known = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in key)
        found = connection.execute(
            f"SELECT line, concat_ws(', ', {columns}), min(line) OVER (PARTITION BY {columns}) AS first_line FROM {table.name} WHERE {known}"
            f" QUALIFY line > first_line ORDER BY line LIMIT {MOST_PROBLEMS_PER_RULE}"
        ).fetchall()
        for line, value, first_line in found:
            rule = f"it repeats the key of line {first_line}: delete one of the two rows, or correct its {' + '.join(key)}"
            problems.append(Problem(f"{table.name}.csv", line, ", ".join(key), value, rule))
    return problems


def _reference_problems(connection: duckdb.DuckDBPyConnection, table: Table, loaded: set[str]) -> list[Problem]:
    problems = []
    for column, (other, key) in table.references.items():
        if other not in loaded:
            continue
        found = connection.execute(
            f"SELECT t.line, t.{quoted(column)}, (SELECT arg_max(o.{quoted(key)}, jaro_winkler_similarity(o.{quoted(key)}, t.{quoted(column)}))"
            f" FROM {other} o WHERE jaro_winkler_similarity(o.{quoted(key)}, t.{quoted(column)}) > 0.85)"
            f" FROM {table.name} t ANTI JOIN {other} o ON o.{quoted(key)} = t.{quoted(column)}"
            f" WHERE t.{quoted(column)} IS NOT NULL ORDER BY t.line LIMIT {MOST_PROBLEMS_PER_RULE}"
        ).fetchall()
        for line, value, nearest in found:
            hint = f"; did you mean {nearest!r}?" if nearest else ""
            problems.append(
                Problem(
                    f"{table.name}.csv",
                    line,
                    column,
                    value,
                    f"it names no row of {other}.csv: add the row there first, or correct it{hint}",
                )
            )
    return problems


def _check_problems(connection: duckdb.DuckDBPyConnection, checks_path: Path) -> list[Problem]:
    """Rules across rows and tables: the views of wrong rows in checks.sql."""
    connection.execute(checks_path.read_text(encoding="utf-8"))
    checks = connection.execute(
        "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal AND starts_with(view_name, 'check_')"
    ).fetchall()
    problems = []
    for view, remedy in checks:
        file = re.fullmatch(r"check_(\w+?)__\w+", view)[1] + ".csv"
        found = connection.execute(
            f"SELECT line, column_name, value::VARCHAR FROM {view} ORDER BY line LIMIT {MOST_PROBLEMS_PER_RULE}"
        ).fetchall()
        problems += [Problem(file, line, column, value or "", remedy) for line, column, value in found]
    return problems


def load_tables(data_dir: Path, progress=lambda step: None) -> tuple[duckdb.DuckDBPyConnection, dict[str, Table]]:
    """Check all files of `data_dir`; an in-memory database whose schema `csv` holds every table typed, with the column `line`.

    Raises DataError with every wrong row. A file that cannot be read does not hide the problems of the others.
    """
    try:
        connection, tables = read_declaration(data_dir / "schema.sql")
    except (OSError, duckdb.Error, KeyError) as error:
        raise DataError([Problem("schema.sql", None, "", "", f"it cannot be read: {error}")]) from error
    # The tables that schema.sql made carry the constraints; csv.<table> shadows them with the rows as they stand in the files.
    connection.execute("CREATE SCHEMA raw; CREATE SCHEMA csv; SET search_path = 'csv,main'")
    problems: list[Problem] = []
    loaded: set[str] = set()
    for table in tables.values():
        progress(table.name)
        path = data_dir / f"{table.name}.csv"
        if wrong := _file_problem(path):
            problems.append(Problem(path.name, None, "", "", wrong))
        elif wrong := _header_problems(table, _header(path)):
            problems += [Problem(path.name, 1, "", "", rule) for rule in wrong]
        elif wrong := _read_raw(connection, table, path):
            problems += wrong
        else:
            loaded.add(table.name)
            problems += _row_problems(connection, table) + _key_problems(connection, table)
    for name in loaded:
        problems += _reference_problems(connection, tables[name], loaded)
    for path in sorted(data_dir.glob("*.csv")):
        if path.stem not in tables:
            problems.append(
                Problem(path.name, None, "", "", "no table of this name is declared in schema.sql: declare it, or delete the file")
            )
    progress("checks")
    if loaded == set(tables):  # a check over a table that is not there would say nothing true
        try:
            problems += _check_problems(connection, data_dir / "checks.sql")
        except (OSError, duckdb.Error) as error:
            problems.append(Problem("checks.sql", None, "", "", f"it does not fit the tables: {str(error).splitlines()[0]}"))
    if problems:
        raise DataError(problems)
    return connection, tables
