"""What data/schema.sql declares: text in, tables with their columns, rules and meanings out. Nothing is declared a second time."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

TYPE_WORDS = {
    "VARCHAR": "text",
    "DOUBLE": "a number with a point as decimal sign, without thousands separators",
    "INTEGER": "a whole number without thousands separators",
    "BOOLEAN": "yes or no",
}
WORDS = ("texts", "translations")  # tables of words, not of data: no list of tables, no file, count or history has them
COLUMN_COMMENT = re.compile(r"^  (?P<column>[a-z_0-9]+) .*?--\s*(?P<meaning>.+?)(?:\s*\[(?P<unit>[^\]]+)\])?$")


@dataclass(frozen=True)
class Column:
    """A column: its DuckDB type, meaning and unit; `unit` is empty where the values have none."""

    name: str
    type: str
    meaning: str
    unit: str
    required: bool


@dataclass(frozen=True)
class Rule:
    """A rule inside one row: an SQL condition, the columns it reads, and its wording for a data editor."""

    columns: tuple[str, ...]
    condition: str
    wording: str


@dataclass(frozen=True)
class Table:
    """A table as schema.sql declares it. `keys` hold unique columns, the primary key first; `references` map columns to (table, column)."""

    name: str
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...]
    keys: tuple[tuple[str, ...], ...]
    references: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def _comments(schema: str) -> dict[tuple[str, str], tuple[str, str]]:
    found, table = {}, ""
    for line in schema.splitlines():
        if line.startswith("CREATE TABLE "):
            table = line.split()[2]
        elif table and (match := COLUMN_COMMENT.match(line)):
            found[table, match["column"]] = (match["meaning"], match["unit"] or "")
    return found


def read_declaration(schema: str | Path) -> tuple[duckdb.DuckDBPyConnection, dict[str, Table]]:
    """An in-memory database with the empty tables of schema.sql (its path or its text), and the tables in load order."""
    schema = schema.read_text(encoding="utf-8") if isinstance(schema, Path) else schema
    connection = duckdb.connect()
    connection.execute(schema)
    comments = _comments(schema)
    wordings = dict(
        connection.execute("SELECT function_name, comment FROM duckdb_functions() WHERE NOT internal AND comment IS NOT NULL").fetchall()
    )

    def wording(condition: str) -> str:
        called = re.match(r"(\w+)\(", condition)
        return (
            f"it must be {wordings[called[1]]}"
            if called and called[1] in wordings
            else f"it must hold: {condition.removeprefix('(').removesuffix(')') if condition.startswith('(') else condition}"
        )

    columns_of, constraints_of = (
        defaultdict(list),
        defaultdict(list),
    )  # asked for at once: a question for each table takes ten times as long
    for name, *column in connection.execute(
        "SELECT table_name, column_name, data_type, NOT is_nullable FROM duckdb_columns() WHERE NOT internal ORDER BY table_name, column_index"
    ).fetchall():
        columns_of[name].append(column)
    for name, *constraint in connection.execute(
        "SELECT table_name, constraint_type, constraint_column_names, expression, referenced_table, referenced_column_names"
        " FROM duckdb_constraints() ORDER BY table_name, constraint_index"
    ).fetchall():
        constraints_of[name].append(constraint)
    tables = {}
    for (name,) in connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY table_oid").fetchall():
        columns, constraints = columns_of[name], constraints_of[name]
        tables[name] = Table(
            name=name,
            columns=tuple(Column(column, type_, *comments[name, column], required) for column, type_, required in columns),
            rules=tuple(Rule(tuple(read), check, wording(check)) for kind, read, check, _, _ in constraints if kind == "CHECK"),
            keys=tuple(tuple(read) for kind, read, *_ in constraints if kind in ("PRIMARY KEY", "UNIQUE")),
            references={read[0]: (other, key[0]) for kind, read, _, other, key in constraints if kind == "FOREIGN KEY"},
        )
    return connection, tables
