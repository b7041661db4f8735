"""Reading: a view and its arguments in, a frame out. One database per process, followed through rebuilds while readers go on."""

import os
import threading
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import duckdb
import pandas as pd

from atlas.store.build import build, inputs, read_pointer
from atlas.store.load import DataError, Problem

ROOT = Path(__file__).parent.parent.parent
DATA_DIR = ROOT / "data"


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
    def texts(self) -> dict[str, dict[str, str | None]]:
        """The words of the interface: key -> language -> text."""
        with self.cursor() as cursor:
            names, rows = ("en", "fr", "ko"), cursor.execute("SELECT key, en, fr, ko FROM texts").fetchall()
        return {key: dict(zip(names, texts, strict=True)) for key, *texts in rows}

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
        words = text.split()
        conditions += [
            f"contains(lower(strip_accents(concat_ws(' ', *COLUMNS(*)))), lower(strip_accents($word_{number})))"
            for number in range(len(words))
        ]
        bound = (
            arguments
            | {f"where_{number}": list(codes) for number, codes in enumerate((where or {}).values())}
            | {f"word_{number}": word for number, word in enumerate(words)}
        )
        query = f"SELECT {columns} FROM {call}" + (f" WHERE {' AND '.join(conditions)}" if conditions else "")
        with self.cursor() as cursor:
            return cursor.execute(query, bound or None).df()


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
            data = [(path.name, _stamp(path)) for path in inputs(DATA_DIR)]
            if data != self._data or self._database is None or _stamp(self._database.path) != self._built:
                self._refresh()
                self._data, self._built = data, _stamp(self._database.path)
            return self._database, self._problems

    def _refresh(self) -> None:
        self._problems = []
        try:
            version, path = build(DATA_DIR, build_dir())
        except DataError as error:
            last_good = read_pointer(build_dir())
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
