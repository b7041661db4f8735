"""The sandbox: what a reader asks in SQL is answered; whatever else a text tries is refused or bounded, with a reason, and the next reader notices nothing."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from atlas.store.sandbox import MOST_CHARACTERS, MOST_ROWS, Sandbox
from atlas.store.worker import Reader, locked


@pytest.fixture(scope="module")
def sandbox():
    one = Sandbox()
    yield one
    one.close()


@pytest.fixture
def ask(sandbox, database):
    return lambda sql: sandbox.ask(database.version, database.path, sql)


def children() -> list[int]:
    """The processes of the sandboxes of this process."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if parent == os.getpid() and "atlas.store.worker" in (folder / "cmdline").read_text():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


SECRET = "what-no-reader-may-see"
WRITES = [
    "CREATE TABLE mine (a INTEGER)",
    "CREATE TEMP TABLE mine AS SELECT 1",
    "CREATE VIEW mine AS SELECT 1",
    "CREATE MACRO mine() AS 1",
    "CREATE SEQUENCE mine",
    "CREATE TYPE mine AS ENUM ('a')",
    "CREATE SECRET mine (TYPE s3)",
    "INSERT INTO chips SELECT * FROM chips",
    "UPDATE chips SET name = 'mine'",
    "DELETE FROM chips",
    "DROP TABLE chips",
    "ALTER TABLE chips ADD COLUMN mine INTEGER",
    "TRUNCATE chips",
    "COMMENT ON TABLE chips IS 'mine'",
]
COMMANDS = [
    "ATTACH '/tmp/other.duckdb' AS other",
    "ATTACH ':memory:' AS other",
    "DETACH atlas",
    "USE memory",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET memory_limit = '100GB'",
    "SET enable_external_access = true",
    "RESET lock_configuration",
    "PRAGMA database_list",
    "PRAGMA enable_profiling",
    "CALL pragma_version()",
    "CHECKPOINT",
    "VACUUM",
    "BEGIN",
    "COPY chips TO '/tmp/mine.csv'",
    "COPY (SELECT 1) TO '/dev/stdout'",
    "COPY chips FROM '/etc/passwd'",
    "EXPORT DATABASE '/tmp/mine'",
    "IMPORT DATABASE '/tmp/mine'",
    "PREPARE mine AS SELECT 1",
    "EXECUTE mine",
    "SET VARIABLE mine = 1",
    "EXPLAIN ANALYZE SELECT 1",
    "SHOW DATABASES",
    "SHOW ALL TABLES",
]
FUNCTIONS = [
    "SELECT read_text('/etc/passwd')",
    "FROM read_csv('/etc/passwd')",
    "FROM read_text('/proc/self/environ')",
    "FROM read_blob('/etc/shadow')",
    "FROM read_json('https://example.org/a.json')",
    "FROM read_parquet('s3://bucket/a.parquet')",
    "FROM parquet_scan('a.parquet')",
    "FROM parquet_metadata('a.parquet')",
    "FROM glob('/*')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "FROM query('SELECT 1')",
    "FROM query_table('chips')",
    "FROM duckdb_settings()",
    "FROM duckdb_databases()",
    "FROM duckdb_secrets()",
    "FROM duckdb_extensions()",
    "FROM duckdb_logs()",
    "FROM pragma_database_size()",
    "FROM which_secret('s3://a', 's3')",
    "FROM arrow_scan(1, 2, 3)",
    "FROM pandas_scan(1)",
    "FROM python_map_function()",
    "FROM json_execute_serialized_sql('{}')",
    "FROM sqlite_scan('a', 'b')",
    "FROM postgres_query('a', 'b')",
    "FROM test_all_types()",
    "FROM force_checkpoint('atlas')",
    "FROM repeat('x', 1000000000000)",
    "SELECT current_setting('home_directory')",
    "SELECT getenv('HOME')",
    "SELECT write_log('mine')",
    "SELECT json_serialize_sql('SELECT 1')",
    "SELECT 1 WHERE EXISTS (FROM (SELECT * FROM read_text('/etc/passwd')))",
    "WITH a AS (FROM glob('*')) FROM a",
    "SELECT (SELECT max(path) FROM duckdb_databases())",
    "SELECT list_transform([1], x -> (SELECT count(*) FROM glob('*')))",
    "FROM chips, LATERAL (FROM read_text(name))",
    "SELECT 1 ORDER BY (SELECT count(*) FROM glob('*'))",
    "SUMMARIZE FROM read_csv('/etc/passwd')",
    "DESCRIBE FROM read_csv('/etc/passwd')",
    "PIVOT (FROM read_text('/etc/passwd')) ON filename IN ('a') USING count(*)",
    "FROM system.main.read_text('/etc/passwd')",
    "FROM \"READ_TEXT\"('/etc/passwd')",
]
TABLES = [
    "FROM '/etc/passwd'",
    "FROM 'data.csv'",
    "FROM 'https://example.org/a.parquet'",
    "FROM duckdb_databases",
    "FROM pragma_database_list",
    "FROM sqlite_master",
    "FROM pg_catalog.pg_settings",
    "FROM information_schema.tables",
    "FROM memory.main.chips",
    "FROM system.main.duckdb_settings",
    "FROM os",
    "FROM frame",
    "FROM environ",
    "FROM reader",
    # A name of one's own in one place must not open the same name in another.
    "SELECT * FROM duckdb_databases, (WITH duckdb_databases AS (SELECT 1) SELECT 1)",
]
WRONG = [
    'SELECT * FROM "/etc/passwd", (WITH "/etc/passwd" AS (SELECT 1) SELECT 1)',
    "SELECT nme FROM chips",
    "SELECT FROM WHERE",
    "SELECT 'no end",
    "SELECT $1",
    "SELECT 'a'::INTEGER",
    "SELECT error('mine')",
    "SELECT st_point(1, 2)",
    "SELECT " + "[" * 4000 + "]" * 4000,
    "SELECT 1" + " + 1" * 2000,
    "SELECT " + "NOT " * 2000 + "true",
    "SELECT * FROM (" * 500 + "SELECT 1" + ")" * 500,
    "\0",
]
BOMBS = [
    "SELECT repeat('x', 2000000000)",
    "SELECT range(1000000000)",
    "SELECT list(i) FROM range(1000000000) t(i)",
    "SELECT string_agg(repeat('x', 1000), '') FROM range(10000000)",
    "SELECT length(repeat(repeat('x', 10000), i::INTEGER)) FROM range(100000) t(i)",
    "SELECT repeat('x', 900000) FROM range(20000)",
    "SELECT repeat('x', 20000) FROM range(2000)",
    "WITH RECURSIVE a AS (SELECT 1 x UNION ALL SELECT x + 1 FROM a) FROM a",
    "SELECT a.*, b.* FROM sites a, sites b, sites c, sites d ORDER BY random()",
    "SELECT lpad('x', 2000000000, 'y')",
    "SELECT array_agg(s) FROM (SELECT s FROM sites s, sites t, sites u, sites v)",
    "SELECT approx_top_k(i::VARCHAR, 900000) FROM range(2000000) t(i) GROUP BY i % 1000",
]
ENDLESS = [
    "SELECT count(*) FROM range(10000000000000) t(i) WHERE i % 3 = 1",
    "WITH RECURSIVE a AS (SELECT 1 x UNION ALL SELECT x + 1 FROM a) SELECT max(x) FROM a",
    "SELECT levenshtein(repeat('x', 1000000), repeat('y', 1000000))",  # DuckDB 1.5 does not look at an interrupt in here
    "SELECT count(*) FROM sites a, sites b, sites c, sites d WHERE regexp_matches(a.name || b.name || c.name || d.name, '(a*)*(b*)*(x+x+)+y$')",
]


@pytest.mark.parametrize("sql", WRITES)
def test_nothing_is_written(ask, sql):
    assert ask(sql).refused == "kind"


@pytest.mark.parametrize("sql", COMMANDS)
def test_a_command_is_no_question(ask, sql):
    assert ask(sql).refused in ("kind", "wrong")
    assert ask(sql).frame.empty


@pytest.mark.parametrize("sql", FUNCTIONS)
def test_no_function_reaches_files_network_or_machine(ask, sql):
    answer = ask(sql)
    assert answer.refused in ("function", "wrong", "kind"), answer
    assert answer.frame.empty
    assert answer.refused != "wrong" or "does not exist" in answer.details["message"] or "syntax" in answer.details["message"], answer


@pytest.mark.parametrize("sql", TABLES)
def test_only_what_the_atlas_holds_can_be_read(ask, sql):
    answer = ask(sql)
    assert answer.refused == "table", answer


@pytest.mark.parametrize("sql", WRONG)
def test_a_wrong_question_is_answered_with_what_is_wrong(ask, sql):
    answer = ask(sql)
    assert answer.refused in ("wrong", "memory", "empty", "crash"), answer
    assert answer.frame.empty
    assert ask("SELECT 1 AS a").frame["a"].tolist() == [1]


@pytest.mark.parametrize("sql", BOMBS)
def test_memory_and_size_are_bounded(ask, sql):
    started = time.perf_counter()
    answer = ask(sql)
    assert answer.refused in ("memory", "size", "time"), answer.refused
    assert time.perf_counter() - started < 15
    assert ask("SELECT count(*) AS n FROM chips").frame["n"].iloc[0] > 100


@pytest.mark.parametrize("sql", ENDLESS)
def test_time_is_bounded(ask, sql):
    started = time.perf_counter()
    assert ask(sql).refused == "time"
    assert time.perf_counter() - started < 15
    assert ask("SELECT count(*) AS n FROM chips").frame["n"].iloc[0] > 100


@pytest.mark.parametrize("sql", [*FUNCTIONS, *TABLES, *WRONG, *COMMANDS])
def test_no_refusal_tells_a_path_of_the_machine(ask, database, sql):
    told = str(dict(ask(sql).details))
    assert str(database.path.parent) not in told
    assert str(Path.home() / ".duckdb") not in told
    assert "Traceback" not in told


def test_the_process_of_a_query_has_no_environment_of_ours(database, monkeypatch):
    monkeypatch.setenv("ATLAS_SECRET", SECRET)
    one = Sandbox()
    one.ask(database.version, database.path, "FROM chips")
    assert children()
    assert not [child for child in children() if SECRET in Path(f"/proc/{child}/environ").read_text()]
    one.close()


def test_the_locks_hold_below_the_check_of_names(database):
    """What the check would let through by an error of ours still meets DuckDB's own locks."""
    connection = locked(str(database.path))
    import duckdb

    secret = [SECRET]
    assert secret
    for sql in (
        "FROM read_text('/etc/passwd')",
        "FROM '/etc/passwd'",
        "FROM glob('/*')",
        "FROM secret",
        "SET memory_limit = '10GB'",
        "SET enable_external_access = true",
        "ATTACH '/tmp/other.duckdb' AS other",
        "COPY (SELECT 1) TO '/tmp/mine.csv'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "UPDATE chips SET name = 'mine'",
        "CREATE TABLE mine (a INTEGER)",
    ):
        with pytest.raises(duckdb.Error):
            connection.execute(sql).fetchall()


def test_twenty_readers_at_once_are_answered_or_told_to_wait(database):
    one = Sandbox(wait_seconds=1)
    bombs = [*ENDLESS[:2], *BOMBS[:8]] * 2
    started = time.perf_counter()
    with ThreadPoolExecutor(20) as readers:
        answers = list(readers.map(lambda sql: one.ask(database.version, database.path, sql), bombs))
    assert time.perf_counter() - started < 30
    assert {answer.refused for answer in answers} <= {"time", "memory", "size", "busy"}
    assert "busy" in {answer.refused for answer in answers}
    assert len(children()) <= 2 + 2  # those of the shared sandbox of this module, and of this one
    assert one.ask(database.version, database.path, "SELECT 1 AS a").frame["a"].tolist() == [1]
    one.close()


def test_twenty_readers_get_the_rows_of_their_own_question(database):
    one = Sandbox(wait_seconds=60)
    with ThreadPoolExecutor(20) as readers:
        answers = readers.map(lambda n: one.ask(database.version, database.path, f"SELECT {n} AS n FROM range({n})"), range(1, 101))
        assert [answer.frame["n"].tolist() for answer in answers] == [[n] * n for n in range(1, 101)]
    one.close()


def test_a_process_that_dies_over_a_question_is_replaced(database):
    one = Sandbox(most_running=1)
    one.ask(database.version, database.path, "SELECT 1")
    mine = set(children())
    with ThreadPoolExecutor(1) as reader:
        answer = reader.submit(one.ask, database.version, database.path, ENDLESS[0])
        time.sleep(0.5)
        for child in mine:
            os.kill(child, signal.SIGKILL)
        assert answer.result().refused == "crash"
    assert one.ask(database.version, database.path, "SELECT 2 AS a").frame["a"].tolist() == [2]
    one.close()
    assert not mine & set(children())


def test_a_new_version_of_the_data_is_read_at_once(folder):
    one = Sandbox(most_running=1)
    sql = "SELECT count(*) AS n FROM organisations"
    old = folder.database()
    assert one.ask(old.version, old.path, sql).frame["n"].tolist() == [1]
    folder.add_organisations(a="KOR")
    new = folder.database()
    assert one.ask(new.version, new.path, sql).frame["n"].tolist() == [2]
    one.close()


def test_rows_beyond_the_most_are_cut_and_said_so(ask):
    answer = ask(f"FROM range({MOST_ROWS + 1})")
    assert (len(answer.frame), answer.is_cut) == (MOST_ROWS, True)
    whole = ask(f"FROM range({MOST_ROWS})")
    assert (len(whole.frame), whole.is_cut) == (MOST_ROWS, False)


def test_rows_without_end_are_cut_without_being_made(ask):
    started = time.perf_counter()
    assert ask("FROM range(100000000000000)").is_cut
    assert time.perf_counter() - started < 3


@pytest.mark.parametrize("sql", ["FROM chips", "FROM chips;", "-- why\nSELECT * FROM atlas.chips", "FROM main.chips", "TABLE Chips", "WITH c AS (FROM chips) FROM c"])  # fmt: skip
def test_tables_are_read_by_plain_names(ask, database, sql):
    assert len(ask(sql).frame) == len(database.read("chips"))


def test_every_table_view_and_macro_of_the_list_can_be_asked_for(ask, database):
    for name, kind, call in database.read("askable", columns="DISTINCT name, kind, call").to_numpy():
        arguments = {"evidence": "['official']", "scale": "'absolute'", "wanted": "'KOR'", "older": "0", "newer": "1"}
        sql = call.split("(")[0]
        if kind == "macro":
            sql += "(" + ", ".join(arguments[parameter] for parameter in call[len(sql) + 1 : -1].split(", ")) + ")"
        assert ask(f"FROM {sql} LIMIT 5").refused == "", name


def test_a_table_is_described_and_summed_up(ask):
    assert "chip_id" in set(ask("DESCRIBE chips").frame["column_name"])
    assert "chip_id" in set(ask("SUMMARIZE chips").frame["column_name"])
    assert "chips" in set(ask("SHOW TABLES").frame["name"])


def test_cells_of_every_type_arrive_as_numbers_dates_texts_or_lists(ask):
    row = ask(
        "SELECT 1 AS a, 2 AS a, 1.5::DECIMAL(9, 2) AS d, DATE '2020-01-02' AS day, INTERVAL 1 DAY AS i, {'a': 1} AS s, MAP {'k': 1} AS m, "
        "['x', NULL] AS l, 'b'::BLOB AS b, uuid() AS u, TIME '10:00' AS t, NULL AS n, true AS y, 10::HUGEINT AS h, 'p'::ENUM('p') AS e, now() AS z"
    ).frame.iloc[0]
    assert (row["a"], row["a_1"], row["d"], str(row["day"])[:10], row["s"], row["l"], row["h"], row["e"]) == (
        1, 2, 1.5, "2020-01-02", '{"a": 1}', ["x", "None"], 10, "p",
    )  # fmt: skip
    assert all(isinstance(row[name], str) for name in "imbutz")
    assert pd.isna(row["n"])


@pytest.mark.parametrize(("sql", "reason"), [("", "empty"), (" ; ", "empty"), ("-- only a thought", "empty"), ("SELECT 1; SELECT 2", "several"), ("SELECT 1" + " " * MOST_CHARACTERS, "long")])  # fmt: skip
def test_a_text_that_is_not_one_question_is_told_why(ask, sql, reason):
    assert ask(sql).refused == reason


def test_a_wrong_name_is_answered_with_a_near_one_and_the_place(ask):
    answer = ask("SELECT name,\n  '한국'\nFROM chps")
    assert answer.refused == "table"
    assert answer.details["near"].startswith("chips")
    assert answer.details["place"].splitlines() == ["LINE 3: FROM chps", "             ^"]
    wrong = ask("SELECT name,\n  nme\nFROM chips").details["message"]
    assert "LINE 2:   nme" in wrong
    assert "^" in wrong.splitlines()[-1]


def test_questions_can_be_switched_off(ask, monkeypatch):
    monkeypatch.setenv("ATLAS_SQL", "off")
    assert ask("SELECT 1").refused == "off"
    monkeypatch.setenv("ATLAS_SQL", "on")
    assert ask("SELECT 1").refused == ""


def test_the_same_question_is_answered_from_what_is_kept(database):
    one = Sandbox()
    first, second = (one.ask(database.version, database.path, "SELECT random() AS r").frame["r"].iloc[0] for _ in range(2))
    assert first == second
    one.close()


def test_the_check_reads_what_duckdb_reads(database):
    """Comments, quotes and case hide no name."""
    reader = Reader(str(database.path))
    for sql in ("FROM/**/glob('*')", "FROM \"glob\"('*')", "fRoM GLOB('*')", "SELECT 'FROM chips' FROM glob('*')"):
        assert reader.answer(sql).refused == "function", sql
    assert reader.answer("SELECT 'read_text(1)' AS a -- glob('*')").frame["a"].tolist() == ["read_text(1)"]
