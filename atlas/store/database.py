"""Reading: a view and its arguments in, a frame out. One database per process, followed through rebuilds while readers go on."""

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from atlas.filters import Query
from atlas.store import sandbox
from atlas.store.build import build, code_version, inputs, read_pointer
from atlas.store.declaration import WORDS, Table, read_declaration
from atlas.store.files import DataError, Problem
from atlas.store.rows import search_condition, statement

BATCH_ROWS = 2048
ARROW = {"VARCHAR": pa.string(), "DOUBLE": pa.float64(), "INTEGER": pa.int32(), "BOOLEAN": pa.bool_()}
ROOT = Path(__file__).parent.parent.parent
DATA_DIR = Path(os.environ.get("ATLAS_DATA_DIR") or ROOT / "data")  # the folder of CSV files, for a deployment that keeps its own


def build_dir() -> Path:
    """Where database files are built: $ATLAS_BUILD_DIR, else the folder `build` of the project."""
    return Path(os.environ.get("ATLAS_BUILD_DIR") or ROOT / "build")


class Database:
    """One built database file, open for reading by any number of threads. It closes with its last reference, so a reader in the middle of a rebuild goes on."""

    def __init__(self, version: str, path: Path):
        self.version = version
        self.path = path
        self._connection = duckdb.connect(path, read_only=True)

    @cached_property
    def texts(self) -> dict[str | tuple[str, str], dict[str, str | None]]:
        """The words of the interface: key -> language -> text. What the rows of a table are called in other languages stands under (table, id)."""
        with self.cursor() as cursor:
            names, rows = ("en", "fr", "ko"), cursor.execute("SELECT key, en, fr, ko FROM texts").fetchall()
            found = {key: dict(zip(names, texts, strict=True)) for key, *texts in rows}
            for table, row, language, text in cursor.execute("SELECT table_name, row_id, language, text FROM translations").fetchall():
                found.setdefault((table, row), {})[language] = text
        return found

    @contextmanager
    def cursor(self):
        """A cursor of one's own: a DuckDB connection shared by threads gives wrong rows without a word."""
        with self._connection.cursor() as cursor:
            yield cursor

    def read(
        self, view: str, /, columns: str = "*", where: Mapping[str, Sequence] | None = None, text: str = "", **arguments
    ) -> pd.DataFrame:
        """The rows of a view, or of a macro with its arguments by name (a list stands for an SQL list), as a frame; unknown values are NaN or None.

        `where` keeps the rows whose column holds one of the listed values, `text` those in which every word of it occurs, in whatever case and accents.
        Names of views and columns come from the code, values are bound.
        """
        call = f"{view}({', '.join(f'{name} := ${name}' for name in arguments)})" if arguments else view
        conditions = [f"list_contains($where_{number}, {column})" for number, column in enumerate(where or {})]
        searched, words = search_condition(text)
        conditions += searched
        bound = arguments | {f"where_{number}": list(codes) for number, codes in enumerate((where or {}).values())} | words
        query = f"SELECT {columns} FROM {call}" + (f" WHERE {' AND '.join(conditions)}" if conditions else "")
        with self.cursor() as cursor:
            return cursor.execute(query, bound or None).df()

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The tables that readers may have, as schema.sql declared them when the file was built. The words of the interface are none."""
        with self.cursor() as cursor:
            (schema,) = cursor.execute("SELECT schema_sql FROM build_info").fetchone()
        connection, tables = read_declaration(schema)
        connection.close()
        return {name: table for name, table in tables.items() if name not in WORDS}

    def rows(self, query: Query) -> pd.DataFrame:
        """The rows that a query asks for, as a frame; unknown values are NaN or None."""
        with self.cursor() as cursor:
            return cursor.execute(*statement(query, self.tables[query.table])).df()

    def batches(self, query: Query) -> Iterator[pa.RecordBatch]:
        """The same rows piece by piece, the first at once: a table of any length takes the memory of one piece. At least one batch, which may be empty."""
        table = self.tables[query.table]
        types = {column.name: ARROW[column.type] for column in table.columns}
        schema = pa.schema([(name, types[name]) for name in query.columns or types])
        yield pa.RecordBatch.from_pylist([], schema=schema)
        with self.cursor() as cursor:
            cursor.execute(*statement(query, table))
            # Not DuckDB's own Arrow reader: what version 1.5 streams version 2.0 copies as a whole, and the other way round.
            while rows := cursor.fetchmany(BATCH_ROWS):
                columns = [pa.array(values, type_) for values, type_ in zip(zip(*rows, strict=True), schema.types, strict=True)]
                yield pa.RecordBatch.from_arrays(columns, schema=schema)

    def count(self, query: Query) -> int:
        """How many rows a query finds, its window aside."""
        with self.cursor() as cursor:
            return cursor.execute(*statement(query, self.tables[query.table], select="count(*)")).fetchone()[0]

    def sources_of(self, query: Query) -> pd.DataFrame:
        """The rows of `sources` that the rows of a query rest on."""
        table = self.tables[query.table]
        sql, bound = statement(replace(query, columns=("source_id",)), table)
        with self.cursor() as cursor:
            return cursor.execute(f"FROM sources WHERE source_id IN ({sql}) ORDER BY source_id", bound or None).df()

    def values(self, table: str, column: str, most: int) -> list[str] | None:
        """The different values of a column, the most frequent first; None where there are more than `most`."""
        known = self.tables[table].column(column).name
        with self.cursor() as cursor:
            found = cursor.execute(
                f'SELECT "{known}" FROM {self.tables[table].name} WHERE "{known}" IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT {most + 1}'
            ).fetchall()
        return [value for (value,) in found] if len(found) <= most else None

    @property
    def takes_questions(self) -> bool:
        """Whether a reader may ask in SQL."""
        return sandbox.is_on()

    def ask(self, sql: str) -> sandbox.Answer:
        """What a question in a reader's own SQL comes to: rows, or the reason why there are none. It runs locked up, in a process of its own."""
        return sandbox.ask(self.version, self.path, sql)


def _stamp(path: Path) -> tuple[int, int] | None:
    """Size and time of a file; None where it is not there, as in the moment in which an editor replaces it."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_size, stat.st_mtime_ns


class _Current:
    """The database of this process: rebuilt when a data file changes, kept when the change is wrong."""

    def __init__(self):
        self._lock = threading.Lock()
        self._data: list | None = None  # name, size and time of every input: cheap enough to be taken on every rerun
        self._built: tuple[int, int] | None = None
        self._database: Database | None = None
        self._problems: list[Problem] = []

    def get(self) -> tuple[Database, list[Problem]]:
        with self._lock:
            # Taken before the build, so that an edit during it is not missed.
            data = [(path, _stamp(path)) for path in inputs(DATA_DIR)]
            if data != self._data or self._database is None or _stamp(self._database.path) != self._built:
                self._refresh()
                self._data, self._built = data, _stamp(self._database.path)
            return self._database, self._problems

    def _refresh(self) -> None:
        self._problems = []
        try:
            version, path = build(DATA_DIR, build_dir())
        except DataError as error:
            last_good = read_pointer(build_dir(), code_version())
            if self._database is None and last_good is None:
                raise
            self._problems = error.problems
            if self._database is not None:
                return
            version, path = last_good
        if self._database is None or self._database.path != path:
            self._database = Database(version, path)


_current = _Current()


def current() -> tuple[Database, list[Problem]]:
    """The database to read from, and what is wrong with the data files if it is the last good one.

    Raises DataError where the data is wrong and no good build is there yet.
    """
    return _current.get()
