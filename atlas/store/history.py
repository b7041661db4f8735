"""History: the file built before and the rows of a new one in; versions, and every row added, removed or changed between them, out, in the new file itself.

Each database file carries the history that led to it, written in the transaction of its build: whole exactly when the build is. The comparison is
set-based, one full join per table over its key. Tables of words are no data, and left out.

Rows are the same where the values of their key are. A changed value is one that differs; a column that is new in schema.sql counts where it has a value, one
that is gone where it had one. Where the key got more columns, or fewer, rows cannot be matched: the old ones are removed, the new ones added.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from atlas.store.declaration import WORDS, Table
from atlas.store.files import DataError, Problem, quoted

MOST_VERSIONS = 200
# Tables whose rows have a profile; the last is the most general, and leads only where a row refers to nothing else. A test compares them with the view `things`.
THINGS = ("organisations", "programmes", "consortia", "sites", "chips", "models", "countries")

SCHEMA = """
CREATE TABLE versions (
  version_no INTEGER PRIMARY KEY,  -- running number: the same data may come back later (A, B, A) as a version of its own
  data_version VARCHAR NOT NULL,   -- hash of the inputs
  recorded_at TIMESTAMP NOT NULL,  -- UTC
  table_rows BIGINT NOT NULL,
  previous_version VARCHAR,        -- data_version that it was compared with; NULL for a base
  base_because VARCHAR,            -- why there was nothing to compare with: first, or unreadable; NULL where there was
  reason VARCHAR                   -- sentence of the editor, where there is one
);
CREATE TABLE version_tables (version_no INTEGER, table_name VARCHAR, key_columns VARCHAR[], table_rows BIGINT);
CREATE TABLE row_changes (
  version_no INTEGER,          -- version that brought the change
  table_name VARCHAR,
  row_key VARCHAR,             -- values of the primary key, / between them; a / inside a value of a longer key is %2F
  row_name VARCHAR,            -- name or title of the row, else its key with names in place of ids
  thing_id VARCHAR,            -- thing with a profile that the row is, or is about; NULL where there is none
  kind VARCHAR,                -- added, removed, changed
  column_name VARCHAR,         -- column that changed; NULL for rows added and removed
  old_value VARCHAR,
  new_value VARCHAR,           -- values as text; NULL is not known
  source_id VARCHAR,           -- source of the new row; of the old one where it was removed
  cells MAP(VARCHAR, VARCHAR)  -- known values of a removed row, and of one that came back: by them the two can be compared. NULL otherwise
);
"""
TABLES = ("versions", "version_tables", "row_changes")


def attach(connection: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Attach a database file as `previous`, for reading; False where it is no readable database of the Atlas."""
    if not path.is_file():
        return False
    try:
        name = str(path).replace("'", "''")
        connection.execute(f"ATTACH '{name}' AS previous (TYPE duckdb, READ_ONLY)")
        connection.execute("SELECT data_version, built_at, table_rows FROM previous.build_info")
    except duckdb.Error:
        return False
    return True


def refuse_foreign(path: Path) -> None:
    """Raises DataError where a file is no database of the Atlas."""
    with duckdb.connect() as connection:
        if not attach(connection, path):
            rule = "it is no database file of the Atlas: give one that `python -m atlas build` made"
            raise DataError([Problem("", None, "", str(path), rule)])


@dataclass(frozen=True)
class Entry:
    """What a build adds to the history. `previous`: the file to compare with. `is_lost`: there was a build, which cannot be read any more."""

    previous: Path | None
    is_lost: bool
    reason: str | None

    def write(self, connection: duckdb.DuckDBPyConnection, tables: dict[str, Table], version: str, recorded_at: datetime) -> None:
        """Write the history into the database in use, called target, whose tables are filled; inside the transaction of the build.

        Data of the version that was recorded last is no new version; its reason is replaced where a new one is given.
        """
        tables = {name: table for name, table in tables.items() if name not in WORDS}
        connection.execute(SCHEMA)
        before = _copy(connection, tables) if self._is_attached(connection) else None
        if before and before[1] == version:
            if self.reason:
                connection.execute("UPDATE versions SET reason = ? WHERE version_no = ?", [self.reason, before[0]])
            return
        number, previous_version = (before[0] + 1, before[1]) if before else (1, None)
        because = None if before else "unreadable" if self.is_lost or self.previous else "first"
        _count(connection, number, "target", tables)
        connection.execute(
            "INSERT INTO versions SELECT $1, $2, $3, sum(table_rows), $4, $5, $6 FROM version_tables WHERE version_no = $1",
            [number, version, recorded_at, previous_version, because, self.reason],
        )
        if before:
            _compare(connection, number, tables)
            _forget(connection)

    def attach(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Open the previous file beside the new one; before the transaction, which a file that cannot be read would end."""
        if self.previous:
            attach(connection, self.previous)

    def _is_attached(self, connection: duckdb.DuckDBPyConnection) -> bool:
        return bool(connection.execute("SELECT 1 FROM duckdb_databases() WHERE database_name = 'previous'").fetchone())


def _columns(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, dict[str, str]]:
    """Types of the columns of every table of a database."""
    found: dict[str, dict[str, str]] = {}
    for table, column, type_ in connection.execute(
        "SELECT c.table_name, column_name, data_type FROM duckdb_columns() c JOIN duckdb_tables() t USING (table_oid, database_name)"
        " WHERE database_name = ? ORDER BY c.table_name, column_index",
        [database],
    ).fetchall():
        found.setdefault(table, {})[column] = type_
    return found


def _count(connection: duckdb.DuckDBPyConnection, number: int, database: str, tables: dict[str, Table]) -> None:
    """Note the tables of a version with their keys and sizes."""
    for table in tables.values():
        connection.execute(
            f"INSERT INTO version_tables SELECT ?, ?, ?, count(*) FROM {database}.{quoted(table.name)}",
            [number, table.name, list(table.keys[0])],
        )


def _copy(connection: duckdb.DuckDBPyConnection, tables: dict[str, Table]) -> tuple[int, str]:
    """Take over the history of the previous file; number and data version of its last record.

    A file without a history, from before there was one, is its own first record.
    """
    new, old = _columns(connection, "target"), _columns(connection, "previous")
    if any(old.get(name) != new[name] for name in TABLES):
        connection.execute(
            "INSERT INTO versions SELECT 1, data_version, built_at, table_rows, NULL, 'first', NULL FROM previous.build_info"
        )
        _count(connection, 1, "previous", {name: table for name, table in tables.items() if name in old})
    else:
        for name in TABLES:
            connection.execute(f"INSERT INTO {name} FROM previous.{name}")
    return connection.execute("SELECT version_no, data_version FROM versions ORDER BY version_no DESC LIMIT 1").fetchone()


def _forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep the newest MOST_VERSIONS, of which those that changed no row (other words, another view) make room first: no net change is lost with them."""
    connection.execute(
        "DELETE FROM versions WHERE version_no NOT IN (SELECT version_no FROM versions ORDER BY version_no IN ("
        " SELECT version_no FROM row_changes UNION ALL SELECT min(version_no) FROM versions UNION ALL SELECT max(version_no) FROM versions"
        f") DESC, version_no DESC LIMIT {MOST_VERSIONS})"
    )
    for name in TABLES[1:]:
        connection.execute(f"DELETE FROM {name} WHERE version_no NOT IN (SELECT version_no FROM versions)")


def _compare(connection: duckdb.DuckDBPyConnection, number: int, tables: dict[str, Table]) -> None:
    """Note what a version changed: in every table that it has, or that the version before had."""
    new, old = _columns(connection, "target"), _columns(connection, "previous")
    old_keys = dict(
        connection.execute("SELECT table_name, key_columns FROM version_tables WHERE version_no = (SELECT max(version_no) FROM versions WHERE version_no < ?)", [number]).fetchall()
    )  # fmt: skip
    for name in dict.fromkeys([*tables, *old_keys]):
        references = tables[name].references if name in tables else {}
        after = _State("n", "target", name, list(tables[name].keys[0]), references, new) if name in tables else None
        before = _State("o", "previous", name, old_keys[name], references, old) if name in old_keys else None
        for change in _changes(connection, before, after):
            connection.execute(f"INSERT INTO row_changes {change}", {"number": number, "table": name})


@dataclass(frozen=True)
class _State:
    """One of the two states of a table, and how to say in SQL what a change tells of its rows."""

    alias: str
    database: str
    table: str
    key: list[str]
    references: dict[str, tuple[str, str]]
    all_columns: dict[str, dict[str, str]]  # of every table of the database: name -> type

    @property
    def rows(self) -> str:
        return f"{self.database}.{quoted(self.table)} {self.alias}"

    @property
    def columns(self) -> dict[str, str]:
        return self.all_columns[self.table]

    def cell(self, column: str) -> str:
        return f"{self.alias}.{quoted(column)}"

    def text(self, column: str) -> str:
        return f"{self.cell(column)}::VARCHAR" if column in self.columns else "NULL::VARCHAR"

    def referred(self) -> dict[str, tuple[str, str]]:
        """Columns that name a row of another table: (table, key), as far as this state has all of them."""
        return {
            column: (other, key) for column, (other, key) in self.references.items() if column in self.columns and key in self.all_columns.get(other, {})
        }  # fmt: skip

    @property
    def row_key(self) -> str:
        if len(self.key) == 1:
            return self.text(self.key[0])
        return "concat_ws('/', " + ", ".join(f"replace({self.text(column)}, '/', '%2F')" for column in self.key) + ")"

    @property
    def row_name(self) -> str:
        titled = next((column for column in ("name", "title") if column in self.columns), None)
        if titled:
            return self.cell(titled)
        names = []
        for column in self.key:
            other, key = self.referred().get(column, ("", ""))
            if "name" in self.all_columns.get(other, {}):
                names.append(f"(SELECT r.name FROM {self.database}.{quoted(other)} r WHERE r.{quoted(key)} = {self.cell(column)})")
            else:
                names.append(self.text(column))
        return f"concat_ws(' · ', {', '.join(names)})"

    @property
    def thing_id(self) -> str:
        if self.table in THINGS:
            return self.text(self.key[0])
        referred = [(column, other) for column, (other, _) in self.referred().items() if other in THINGS]
        referred.sort(key=lambda reference: reference[1] == THINGS[-1])
        return f"coalesce({', '.join(self.text(column) for column, _ in referred)}, NULL)" if referred else "NULL"

    @property
    def cells(self) -> str:
        pairs = ", ".join(f"{{'key': '{column}', 'value': {self.text(column)}}}" for column in self.columns)
        return f"map_from_entries(list_filter([{pairs}], lambda cell: cell.value IS NOT NULL))"

    def change(self, kind: str, values: str = "NULL, NULL, NULL", cells: str = "NULL") -> str:
        """The columns of row_changes about a row of this state."""
        return f"SELECT $number, $table, {self.row_key}, {self.row_name}, {self.thing_id}, '{kind}', {values}, {self.text('source_id')}, {cells}"


def _changes(connection: duckdb.DuckDBPyConnection, before: _State | None, after: _State | None) -> list[str]:
    """Queries for the rows removed, added and changed between two states of a table; none for what did not happen, which is most of it in most builds."""
    if before and after and len(before.key) == len(after.key):
        return _matched_changes(connection, before, after)
    removed = [f"{before.change('removed', cells=before.cells)} FROM {before.rows}"] if before else []
    return removed + ([f"{_added(after)} FROM {after.rows}"] if after else [])


def _added(after: _State) -> str:
    came_back = f"EXISTS (FROM row_changes r WHERE r.kind = 'removed' AND r.table_name = $table AND r.row_key = {after.row_key})"
    return after.change("added", cells=f"CASE WHEN {came_back} THEN {after.cells} END")


def _matched_changes(connection: duckdb.DuckDBPyConnection, before: _State, after: _State) -> list[str]:
    def old_text(column: str) -> str:
        """The old value as the new type writes it, so that 5 and 5.0 are the same."""
        type_ = after.columns.get(column)
        is_other_type = column in before.columns and type_ and type_ != before.columns[column]
        return (
            f"coalesce(try_cast({before.cell(column)} AS {type_})::VARCHAR, {before.text(column)})"
            if is_other_type
            else before.text(column)
        )

    def is_other(column: str) -> str:
        if before.columns.get(column) == after.columns.get(column):
            return f"{after.cell(column)} IS DISTINCT FROM {before.cell(column)}"
        return f"{after.text(column)} IS DISTINCT FROM {old_text(column)}"

    same_row = " AND ".join(
        f"{after.cell(new)} = {before.cell(old)}"
        if after.columns[new] == before.columns[old]
        else f"{after.text(new)} = {before.text(old)}"
        for new, old in zip(after.key, before.key, strict=True)
    )
    compared = [column for column in dict.fromkeys([*after.columns, *before.columns]) if column not in (*after.key, *before.key)]
    is_changed = " OR ".join(map(is_other, compared)) or "false"
    is_new, is_gone = f"{before.cell(before.key[0])} IS NULL", f"{after.cell(after.key[0])} IS NULL"
    removed, added, changed = connection.execute(
        f"SELECT count(*) FILTER ({is_gone}), count(*) FILTER ({is_new}), count(*) FILTER (NOT ({is_new} OR {is_gone}) AND ({is_changed}))"
        f" FROM {after.rows} FULL JOIN {before.rows} ON {same_row}"
    ).fetchone()
    queries = []
    if removed:
        queries.append(f"{before.change('removed', cells=before.cells)} FROM {before.rows} ANTI JOIN {after.rows} ON {same_row}")
    if added:
        queries.append(f"{_added(after)} FROM {after.rows} ANTI JOIN {before.rows} ON {same_row}")
    if changed:
        cells = ", ".join(
            f"CASE WHEN {is_other(column)} THEN {{'name': '{column}', 'old': {old_text(column)}, 'new': {after.text(column)}}} END"
            for column in compared
        )
        queries.append(
            f"{after.change('changed', 'cell.name, cell.old, cell.new')} FROM {after.rows} JOIN {before.rows} ON {same_row},"
            f" unnest([{cells}]) AS cells(cell) WHERE ({is_changed}) AND cell IS NOT NULL"
        )
    return queries
