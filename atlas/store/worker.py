"""A reader's SQL in, rows or a reason for none out: one process of its own, which may do nothing but read the built file. Started by sandbox.py.

DuckDB's own locks come first, in the order that holds: no Python variables, one thread, bounded memory, no disk, no files or network, no further setting.
They leave three gaps, which this module closes:
- some functions run on for minutes without looking at an interrupt (`levenshtein` of two long texts): the kernel's alarm ends the process;
- some memory is not counted in DuckDB's limit (a thousand long texts): the kernel's limit on the process holds it;
- some tables and functions of the system tell where files lie and how the machine is set: only tables, views and macros of the Atlas can be read.
"""

import json
import pickle
import resource
import signal
import sys
import threading
import time
from collections.abc import Iterator
from difflib import get_close_matches
from multiprocessing.connection import Connection

import duckdb
import numpy as np
import pandas as pd

from atlas.store.sandbox import MEMORY_MB, MOST_ANSWER_MB, MOST_CHARACTERS, MOST_ROWS, MOST_SECONDS, Answer

PROCESS_MB = 768  # all data of the process: Python and pandas, DuckDB, and what DuckDB does not count
CATALOG = "atlas"
LOCKS = (
    "SET python_enable_replacements = false",  # else a query reads the variables of this module
    "SET threads = 1",
    f"SET memory_limit = '{MEMORY_MB}MB'",
    "SET max_temp_directory_size = '0B'",
    "SET temp_directory = ''",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)
TABLE_FUNCTIONS = {"unnest", "range", "generate_series"}
# They tell how the machine is set, wait, write, or carry a query past the check.
REFUSED_FUNCTIONS = {
    "current_setting", "getvariable", "getenv", "write_log", "sleep_ms", "pg_sleep", "json_serialize_sql", "json_serialize_plan", "json_deserialize_sql",
}  # fmt: skip
NOWHERE = 2**64 - 1  # how DuckDB writes that it does not know the place of a word


class Refusal(Exception):
    """A query that is not run; the reason and the details for its sentence."""

    def __init__(self, reason: str, **details: str | int):
        super().__init__(reason)
        self.answer = Answer(refused=reason, details=details)


def locked(path: str) -> duckdb.DuckDBPyConnection:
    """An empty instance in memory that reads the built file and nothing else."""
    connection = duckdb.connect(":memory:")
    name = path.replace("'", "''")
    connection.execute(f"ATTACH '{name}' AS {CATALOG} (READ_ONLY)")
    connection.execute(f"USE {CATALOG}")
    for lock in LOCKS:
        connection.execute(lock)
    return connection


class Reader:
    """The built file behind its locks, and the names in it that a query may use."""

    def __init__(self, path: str):
        self._path = path
        self._connection = locked(path)
        names = self._connection.execute(
            "SELECT table_name, NULL FROM duckdb_tables() WHERE NOT internal UNION ALL SELECT view_name, NULL FROM duckdb_views() WHERE NOT internal "
            "UNION ALL SELECT NULL, function_name FROM duckdb_functions() WHERE function_type = 'table_macro' AND database_name = current_database()"
        ).fetchall()
        self._tables = {table for table, _ in names if table}
        self._table_functions = TABLE_FUNCTIONS | {macro for _, macro in names if macro}
        system = self._connection.execute(
            "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type IN ('table', 'pragma') EXCEPT "
            "SELECT function_name FROM duckdb_functions() WHERE function_type IN ('scalar', 'aggregate', 'macro')"
        ).fetchall()
        self._refused_functions = REFUSED_FUNCTIONS | {name for (name,) in system} - self._table_functions
        views = self._connection.execute("SELECT view_name FROM duckdb_views() WHERE internal").fetchall()
        self._system_views = {view for (view,) in views}

    def answer(self, sql: str) -> Answer:
        started = time.perf_counter()
        limit = threading.Timer(MOST_SECONDS, self._connection.interrupt)
        limit.start()
        try:
            self._check(sql)
            frame = _rows(self._connection.execute(sql))
            return Answer(frame.head(MOST_ROWS), is_cut=len(frame) > MOST_ROWS, seconds=time.perf_counter() - started)
        except Refusal as refusal:
            return refusal.answer
        except duckdb.InterruptException:
            return Answer(refused="time", details={"seconds": MOST_SECONDS})
        except (duckdb.OutOfMemoryException, MemoryError):
            return Answer(refused="memory", details={"megabytes": MEMORY_MB})
        except (duckdb.Error, ValueError, OverflowError) as error:
            return Answer(refused="wrong", details={"message": str(error).replace(self._path, CATALOG)})
        finally:
            limit.cancel()
            limit.join()

    def _check(self, sql: str) -> None:
        """Raises Refusal unless the text is one question about what the Atlas holds. DuckDB's own reading of it is judged, never the text."""
        if len(sql) > MOST_CHARACTERS:
            raise Refusal("long", most=MOST_CHARACTERS, characters=len(sql))
        statements = self._connection.extract_statements(sql)
        if not statements:
            raise Refusal("empty")
        if len(statements) > 1 and all(statement.type == duckdb.StatementType.SELECT for statement in statements):
            raise Refusal("several", statements=len(statements))
        if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
            raise Refusal("kind")
        tree = json.loads(self._connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchone()[0])
        if tree["error"]:
            raise Refusal("kind")
        nodes = list(_nodes(tree["statements"]))
        own = {entry["key"].lower() for node in nodes if "cte_map" in node for entry in node["cte_map"]["map"]}
        for node in nodes:
            if "function_name" in node:
                self._check_function(sql, node, is_table=False)
            if node.get("type") == "TABLE_FUNCTION":
                self._check_function(sql, node["function"], is_table=True)
            elif node.get("type") == "BASE_TABLE":
                self._check_table(sql, node, own - self._system_views)
            elif node.get("type") == "SHOW_REF" and node["table_name"].strip('"') not in ("", "tables"):
                raise Refusal("kind")

    def _check_function(self, sql: str, node: dict, is_table: bool) -> None:
        name = node["function_name"].lower()
        if name in self._refused_functions or (is_table and name not in self._table_functions):
            raise Refusal("function", name=name, place=_place(sql, node["query_location"]))

    def _check_table(self, sql: str, node: dict, own: set[str]) -> None:
        name = node["table_name"].lower()
        is_here = node["schema_name"] in ("", "main", CATALOG) and node["catalog_name"] in ("", CATALOG)
        if not is_here or name not in self._tables | own:
            near = ", ".join(get_close_matches(name, self._tables | own, n=3))
            raise Refusal("table", name=node["table_name"][:100], near=near, place=_place(sql, node["query_location"]))


def _nodes(tree: dict | list) -> Iterator[dict]:
    """Every object in a tree of JSON, however deep."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _place(sql: str, byte: int) -> str:
    """The line of a text with a caret below one of its words, as DuckDB draws it; empty where the place is not known."""
    if byte == NOWHERE:
        return ""
    before = sql.encode()[:byte].decode(errors="ignore")
    line = sql.splitlines()[before.count("\n")]
    column = len(before) - (before.rfind("\n") + 1)
    first = max(0, column - 40)
    head = f"LINE {before.count(chr(10)) + 1}: " + ("..." if first else "")
    return f"{head}{line[first : first + 80]}\n{' ' * (len(head) + column - first)}^"


def _rows(result: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The rows of a result, one more than may be shown at most: it is read in pieces, so the rest is never made."""
    chunks = [result.fetch_df_chunk()]
    while len(chunks[-1]) and sum(map(len, chunks)) <= MOST_ROWS:
        chunks.append(result.fetch_df_chunk())
    frame = pd.concat(chunks[: max(1, len(chunks) - (not len(chunks[-1])))], ignore_index=True).head(MOST_ROWS + 1)
    return frame.assign(**{column: frame[column].map(_plain) for column in frame.columns if not _is_simple(frame[column])})


def _is_simple(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) or (isinstance(column.dtype, np.dtype) and column.dtype.kind == "M")


def _plain(cell):
    """A cell as text, a list of texts, or None: what a table, a download and a chart can hold."""
    if isinstance(cell, np.ndarray | list):
        return [str(one) for one in cell]
    if isinstance(cell, dict):
        return json.dumps(cell, default=str, ensure_ascii=False)
    return None if pd.isna(cell) else cell if isinstance(cell, str | bool) else str(cell)


def _sent(answer: Answer) -> bytes:
    content = pickle.dumps(answer, protocol=pickle.HIGHEST_PROTOCOL)
    if len(content) > MOST_ANSWER_MB << 20:
        return pickle.dumps(Answer(refused="size", details={"megabytes": MOST_ANSWER_MB}))
    return content


def serve(channel: Connection, path: str) -> None:
    """Answer queries until the other side hangs up. Whatever takes much longer than it may ends this process, by the kernel."""
    reader = Reader(path)
    resource.setrlimit(resource.RLIMIT_DATA, (PROCESS_MB << 20, PROCESS_MB << 20))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while True:
        try:
            sql = channel.recv_bytes().decode()
        except EOFError:
            return
        signal.alarm(MOST_SECONDS + 1)
        try:
            content = _sent(reader.answer(sql))
        except MemoryError:
            content = pickle.dumps(Answer(refused="memory", details={"megabytes": MEMORY_MB}))
        signal.alarm(0)
        channel.send_bytes(content)


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])), sys.argv[2])
