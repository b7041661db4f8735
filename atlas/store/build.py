"""Building: checked tables in, a versioned DuckDB file and a pointer to it out.

A build never touches the file that readers have open: it writes `atlas-<version>.duckdb` under a temporary name, makes it durable,
renames it, and only then moves the pointer `CURRENT`. So the pointer always names a whole, checked file, whatever stops a build.
"""

import fcntl
import hashlib
import json
import os
import re
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from atlas.store import history
from atlas.store.declaration import WORDS, Table
from atlas.store.files import DataError, Problem, quoted
from atlas.store.layer_files import LAYER_TABLES, LAYERS_DECLARATION, layer_files
from atlas.store.load import load_tables

VIEWS_DIR = Path(__file__).parent.parent / "views"
POINTER = "CURRENT"
QUESTION = re.compile(r"((?:^--.*\n)+)CREATE (VIEW|TABLE|MACRO) (\w+)(\(.*\) AS TABLE$)?", re.MULTILINE)


def inputs(data_dir: Path) -> list[Path]:
    """The files that a build is made of, in a fixed order."""
    return [*sorted([*data_dir.glob("*.csv"), *data_dir.glob("*.sql")]), *sorted(VIEWS_DIR.glob("*.sql")), *layer_files(data_dir)]


def data_version(data_dir: Path) -> str:
    """Sixteen hex digits over the content of all inputs: the same data has the same version on every machine."""
    digest = hashlib.sha256()
    for path in inputs(data_dir):
        name = path.relative_to(data_dir).as_posix() if path.is_relative_to(data_dir) else path.name  # layers have files of one name
        digest.update(f"{name}\0{path.stat().st_size}\0".encode() if path.is_file() else name.encode())
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def code_version() -> str:
    """Sixteen hex digits over the code that makes a database file: a file that other code made may lack what this one reads."""
    digest = hashlib.sha256()
    for path in sorted([*Path(__file__).parent.glob("*.py"), LAYERS_DECLARATION]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _write(
    path: Path, version: str, data_dir: Path, loaded: duckdb.DuckDBPyConnection, tables: dict[str, Table], entry: history.Entry
) -> None:
    """Fill a new database file: tables with their constraints and comments, rows, history, views, and one row about the build."""
    loaded.execute(f"ATTACH {_literal(str(path))} AS target (BLOCK_SIZE 16384); USE target")  # small blocks: the tables are many and short
    schema = (data_dir / "schema.sql").read_text(encoding="utf-8")
    loaded.execute(schema)
    entry.attach(loaded)
    loaded.execute("BEGIN")
    for table in tables.values():
        columns = ", ".join(map(quoted, table.column_names))
        loaded.execute(f"INSERT INTO target.{table.name} ({columns}) SELECT {columns} FROM memory.csv.{table.name} ORDER BY line")
        for column in table.columns:
            meaning = column.meaning + (f" [{column.unit}]" if column.unit else "")
            loaded.execute(f"COMMENT ON COLUMN target.{table.name}.{quoted(column.name)} IS {_literal(meaning)}")
    loaded.execute("CREATE TABLE build_info (data_version VARCHAR, built_at TIMESTAMP, table_rows BIGINT, schema_sql VARCHAR)")
    rows = " + ".join(f"(SELECT count(*) FROM {name})" for name in tables if name not in WORDS)
    built_at = datetime.now(UTC).replace(tzinfo=None)
    loaded.execute(f"INSERT INTO build_info SELECT ?, ?, {rows}, ?", [version, built_at, schema])
    entry.write(loaded, tables, version, built_at)
    loaded.execute(LAYERS_DECLARATION.read_text(encoding="utf-8"))
    for name in LAYER_TABLES:
        loaded.execute(f"INSERT INTO target.{name} FROM memory.csv.{name}")
    for view in sorted(VIEWS_DIR.glob("*.sql")):
        text = view.read_text(encoding="utf-8")
        loaded.execute(text)
        for lines, kind, name, is_table_macro in QUESTION.findall(text):
            about = " ".join(line.lstrip("- ") for line in lines.splitlines())
            kind = "MACRO TABLE" if is_table_macro else kind
            loaded.execute(f"COMMENT ON {kind} {name} IS {_literal(about)}")
    loaded.execute("COMMIT")
    loaded.execute("CHECKPOINT target; USE memory; DETACH target")


def durable(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _one_builder(build_dir: Path):
    with (build_dir / "LOCK").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def sha256(path: Path) -> str:
    """The digest of the content of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_pointer(build_dir: Path, code: str | None = None) -> tuple[str, Path] | None:
    """Version and file that the pointer names, if that file is there and whole, and made by the code of version `code` where that is given; else None."""
    try:
        pointer = json.loads((build_dir / POINTER).read_text(encoding="utf-8"))
        path = build_dir / pointer["file"]
        is_good = sha256(path) == pointer["sha256"] and code in (None, pointer.get("code"))
        return (pointer["version"], path) if is_good else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _move_pointer(build_dir: Path, version: str, path: Path) -> None:
    pointer = {"version": version, "code": code_version(), "file": path.name, "sha256": sha256(path)}
    temporary = build_dir / f"{POINTER}.{os.getpid()}"
    temporary.write_text(json.dumps(pointer), encoding="utf-8")
    durable(temporary)
    temporary.replace(build_dir / POINTER)
    durable(build_dir)


def build(
    data_dir: Path, build_dir: Path, progress=lambda step: None, *, reason: str | None = None, since: Path | None = None
) -> tuple[str, Path]:
    """Check the data and build its database file, unless the current one is of this version; (version, file).

    `reason` is the editor's sentence for the history, also for a version that is built already; `since` an earlier database file that the history goes on
    from where the folder holds no build. Raises DataError with everything that is wrong, and then leaves the file and the pointer as they were.
    """
    if since:
        history.refuse_foreign(since)
    try:
        build_dir.mkdir(parents=True, exist_ok=True)
        with _one_builder(build_dir):
            version = data_version(data_dir)
            current = read_pointer(build_dir)  # a file that other code made is built again, and still tells what was there before
            if current and current[0] == version and not reason and read_pointer(build_dir, code_version()):
                return current
            entry = history.Entry(current[1] if current else since, is_lost=(build_dir / POINTER).exists(), reason=reason)
            loaded, tables = load_tables(data_dir, progress)
            progress("database")
            try:
                path = _build_file(build_dir, version, data_dir, loaded, tables, entry)
            finally:
                loaded.close()
            _remove_old(build_dir, keep=path)
            return version, path
    except (OSError, duckdb.IOException) as error:
        reason = str(error).splitlines()[0]
        raise DataError(
            [
                Problem(
                    "",
                    None,
                    "",
                    str(build_dir),
                    f"the database cannot be written there ({reason}): make room, permit it, or set ATLAS_BUILD_DIR",
                )
            ]
        ) from error
    except duckdb.Error as error:
        raise DataError([Problem("schema.sql", None, "", "", f"a view does not fit it: {str(error).splitlines()[0]}")]) from error


def _build_file(
    build_dir: Path, version: str, data_dir: Path, loaded: duckdb.DuckDBPyConnection, tables: dict[str, Table], entry: history.Entry
) -> Path:
    temporary = build_dir / f"building-{os.getpid()}.duckdb"
    temporary.unlink(missing_ok=True)
    try:
        _write(temporary, version, data_dir, loaded, tables, entry)
        durable(temporary)
        # A name of its own for every build: DuckDB keeps one instance per path, so a file put in place of an open one shows the old rows.
        path = build_dir / f"atlas-{version}-{datetime.now(UTC):%Y%m%d%H%M%S%f}.duckdb"
        temporary.rename(path)
        _move_pointer(build_dir, version, path)
        return path
    finally:
        temporary.unlink(missing_ok=True)


def _remove_old(build_dir: Path, keep: Path) -> None:
    """Old files go at once: a reader that still has one open keeps its rows until it closes it."""
    for path in build_dir.glob("atlas-*.duckdb"):
        if path != keep:
            path.unlink(missing_ok=True)
