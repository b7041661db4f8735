"""Checking: the CSV files and the layers beside them in, typed tables with line numbers out, or every wrong row with file, line, rule and remedy.

The whole check is set-based SQL on a throw-away in-memory database, so that one pass finds all wrong rows of all files.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import duckdb

from atlas.store.beside import note
from atlas.store.declaration import TYPE_WORDS, Table, read_declaration
from atlas.store.files import MOST_PROBLEMS_PER_RULE, DataError, Problem, as_text, quoted, read_raw
from atlas.store.layer_files import layer_folders
from atlas.store.layers import Layers


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


def _key_problems(connection: duckdb.DuckDBPyConnection, table: Table, layers: Layers) -> list[Problem]:
    problems = []
    for key in table.keys:
        columns = ", ".join(map(quoted, key))
        known = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in key)
        found = connection.execute(
            f"SELECT line, concat_ws(', ', {columns}), min(line) OVER (PARTITION BY {columns}) AS first_line FROM {table.name} WHERE {known}"
            f" QUALIFY line > first_line ORDER BY line LIMIT {MOST_PROBLEMS_PER_RULE}"
        ).fetchall()
        for line, value, first_line in found:
            file, first_line = layers.place(table.name, first_line)
            of_file = "" if file == layers.place(table.name, line)[0] else f" of {file}"
            rule = f"it repeats the key of line {first_line}{of_file}: delete one of the two rows, or correct its {' + '.join(key)}"
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


def load_tables(
    data_dir: Path, progress=lambda step: None, folders: Mapping[str, Path] | None = None
) -> tuple[duckdb.DuckDBPyConnection, dict[str, Table]]:
    """Check all files of `data_dir`; an in-memory database whose schema `csv` holds every table typed, with the column `line`, and the tables of layers.sql.

    `folders` are the layers to read by name, where they are not those of `data_dir`.
    Raises DataError with every wrong row. A file that cannot be read does not hide the problems of the others.
    """
    try:
        connection, tables = read_declaration(data_dir / "schema.sql")
    except (OSError, duckdb.Error, KeyError) as error:
        raise DataError([Problem("schema.sql", None, "", "", f"it cannot be read: {error}")]) from error
    # The tables that schema.sql made carry the constraints; csv.<table> shadows them with the rows as they stand in the files.
    connection.execute("CREATE SCHEMA raw; CREATE SCHEMA csv; SET search_path = 'csv,main'")
    layers = Layers(connection, layer_folders(data_dir) if folders is None else folders)
    problems: list[Problem] = []
    loaded: set[str] = set()
    for table in tables.values():
        progress(table.name)
        cells = ", ".join(f"{as_text(name)} VARCHAR" for name in table.column_names)
        connection.execute(f"CREATE TABLE raw.{table.name} (line BIGINT, {cells})")
        if wrong := read_raw(connection, table, data_dir / f"{table.name}.csv", f"{table.name}.csv"):
            problems += wrong
        else:
            loaded.add(table.name)
            problems += layers.read(table)
            problems += _row_problems(connection, table) + _key_problems(connection, table, layers)
    for name in loaded:
        problems += _reference_problems(connection, tables[name], loaded)
    for path in sorted(data_dir.glob("*.csv")):
        if path.stem not in tables:
            problems.append(
                Problem(path.name, None, "", "", "no table of this name is declared in schema.sql: declare it, or delete the file")
            )
    progress("checks")
    if loaded == set(tables):  # a check over a table that is not there would say nothing true
        problems += note(connection, layers, data_dir, tables)
        try:
            problems += _check_problems(connection, data_dir / "checks.sql")
        except (OSError, duckdb.Error) as error:
            problems.append(Problem("checks.sql", None, "", "", f"it does not fit the tables: {str(error).splitlines()[0]}"))
    if problems:
        raise DataError(list(map(layers.placed, problems)))
    return connection, tables
