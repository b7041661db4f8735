"""Building and reading: the pointer always names a whole, checked file; readers never see another."""

import gc
import json
import os
import shutil
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from atlas import store
from atlas.store import database as reading


def test_the_same_data_is_built_once(folder):
    first = store.build(folder.path, folder.build_dir)
    assert store.build(folder.path, folder.build_dir) == first
    assert store.read_pointer(folder.build_dir) == first


def test_changed_data_gets_a_new_file_and_the_old_one_goes(folder):
    version, path = store.build(folder.path, folder.build_dir)
    folder.add_organisations(a="KOR")
    new_version, new_path = store.build(folder.path, folder.build_dir)
    assert new_version != version
    assert new_path.exists()
    assert not path.exists()


def test_wrong_data_leaves_the_last_good_build_as_it_was(folder):
    built = store.build(folder.path, folder.build_dir)
    folder.add("organisations", {"org_id": "a", "name": "A", "iso3": "XXX", "kind": "company", "sector": "x"})
    with pytest.raises(store.DataError):
        store.build(folder.path, folder.build_dir)
    assert store.read_pointer(folder.build_dir) == built
    assert sorted(path.name for path in folder.build_dir.iterdir()) == sorted(["CURRENT", "LOCK", built[1].name])


def damage(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path, pointer: path.unlink(),
        lambda path, pointer: path.write_bytes(path.read_bytes()[:1000]),
        lambda path, pointer: damage(path),
        lambda path, pointer: pointer.write_text("{"),
        lambda path, pointer: pointer.write_text(json.dumps({"version": "x"})),
        lambda path, pointer: pointer.unlink(),
    ],
)
def test_a_deleted_or_damaged_file_or_pointer_is_rebuilt(folder, spoil):
    folder.add_organisations(a="KOR")
    version, path = store.build(folder.path, folder.build_dir)
    spoil(path, folder.build_dir / "CURRENT")
    assert store.read_pointer(folder.build_dir) is None
    rebuilt = store.build(folder.path, folder.build_dir)
    assert rebuilt[0] == version
    assert list(store.Database(*rebuilt).read("organisations")["org_id"]) == ["nvidia", "a"]


def test_constraints_and_meanings_are_in_the_file(folder):
    database = folder.database()
    with duckdb.connect(database.path, read_only=True) as connection:
        kinds = {kind for (kind,) in connection.execute("SELECT DISTINCT constraint_type FROM duckdb_constraints()").fetchall()}
        (comment,) = connection.execute(
            "SELECT comment FROM duckdb_columns() WHERE table_name = 'sites' AND column_name = 'power_mw'"
        ).fetchone()
    assert {"PRIMARY KEY", "FOREIGN KEY", "CHECK", "UNIQUE", "NOT NULL"} <= kinds
    assert comment == "Power as the source states it [MW]"


def test_the_file_is_read_only(folder):
    database = folder.database()
    with database.cursor() as cursor, pytest.raises(duckdb.InvalidInputException):
        cursor.execute("DELETE FROM countries")


def test_read_filters_by_values_and_words(folder):
    folder.add(
        "organisations",
        *(
            {"org_id": org, "name": name, "local_name": local, "iso3": "KOR", "kind": "company", "sector": "memory"}
            for org, name, local in (("sk-hynix", "SK hynix", "SK하이닉스"), ("eclair", "Éclair", ""))
        ),
    )
    database = folder.database()
    assert list(database.read("organisations", text="HYNIX memory")["org_id"]) == ["sk-hynix"]
    assert list(database.read("organisations", text="하이닉스")["org_id"]) == ["sk-hynix"]
    assert list(database.read("organisations", text="eclair")["org_id"]) == ["eclair"]
    assert list(database.read("organisations", columns="org_id", where={"org_id": ["eclair", "x"]}, text="company")["org_id"]) == ["eclair"]
    assert database.read("organisations", text="%").empty


@pytest.fixture
def following(folder, monkeypatch):
    """The database of a process of its own that follows a small data folder."""
    folder.add_organisations(a="KOR")
    monkeypatch.setattr(reading, "DATA_DIR", folder.path)
    monkeypatch.setenv("ATLAS_BUILD_DIR", str(folder.build_dir))
    return reading._Current()


def organisations(following):
    return list(following.get()[0].read("organisations")["org_id"])


def test_an_edit_is_seen_on_the_next_read(following, folder):
    assert organisations(following) == ["nvidia", "a"]
    folder.add_organisations(b="USA")
    assert organisations(following) == ["nvidia", "a", "b"]


def test_a_wrong_edit_keeps_the_last_good_data_and_says_what_is_wrong_until_it_is_corrected(following, folder):
    assert organisations(following) == ["nvidia", "a"]
    good = (folder.path / "organisations.csv").read_bytes()
    folder.add_organisations(b="XXX")
    database, problems = following.get()
    assert list(database.read("organisations")["org_id"]) == ["nvidia", "a"]
    assert [(problem.file, problem.line, problem.column, problem.value) for problem in problems] == [
        ("organisations.csv", 4, "iso3", "XXX")
    ]
    (folder.path / "organisations.csv").write_bytes(good)
    assert following.get()[1] == []


def test_a_process_that_starts_on_wrong_data_serves_the_last_good_build(following, folder):
    organisations(following)
    folder.add_organisations(b="XXX")
    fresh = reading._Current()
    assert organisations(fresh) == ["nvidia", "a"]
    assert fresh.get()[1]


def test_without_any_good_build_the_problems_are_raised(following, folder):
    folder.add_organisations(b="XXX")
    with pytest.raises(store.DataError):
        following.get()


def test_a_database_file_deleted_under_a_running_process_is_rebuilt(following):
    database, _ = following.get()
    database.path.unlink()
    assert organisations(following) == ["nvidia", "a"]
    assert following.get()[0].path.exists()


def test_a_database_file_damaged_under_a_running_process_is_rebuilt(following):
    database, _ = following.get()
    damage(database.path)
    assert organisations(following) == ["nvidia", "a"]
    assert store.read_pointer(following.get()[0].path.parent) is not None
    assert following.get()[0].path != database.path


def test_an_old_database_closes_when_its_last_reader_has_gone(following, folder):
    old, _ = following.get()
    watch = weakref.ref(old)
    folder.add_organisations(b="USA")
    following.get()
    assert list(old.read("organisations")["org_id"]) == ["nvidia", "a"]
    del old
    gc.collect()
    assert watch() is None
    open_files = [os.readlink(link) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert [name for name in open_files if str(folder.build_dir) in name and "(deleted)" in name] == []


def test_sixteen_threads_read_right_rows(database):
    """One connection shared by threads gives wrong rows without an error; a cursor for each read does not."""
    companies = ["sk-hynix", "samsung-electronics", "micron", "nvidia"]
    expected = {company: len(database.read("market_shares", where={"org_id": [company]})) for company in companies}
    barrier = threading.Barrier(16)

    def work(number):
        barrier.wait()
        company = companies[number % len(companies)]
        return [
            (company, set(frame["org_id"]), len(frame))
            for frame in (database.read("market_shares", where={"org_id": [company]}) for _ in range(30))
        ]

    with ThreadPoolExecutor(16) as pool:
        for answers in pool.map(work, range(16)):
            for company, names, rows in answers:
                assert names == {company}
                assert rows == expected[company]


def test_readers_go_on_while_the_data_is_rebuilt(following, folder):
    following.get()
    stop, seen, failed = threading.Event(), set(), []

    def read():
        while not stop.is_set():
            try:
                database, _ = following.get()
                seen.add(len(database.read("organisations")))
            except Exception as error:  # every kind of failure is what this test is about
                failed.append(error)

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    for number in range(5):
        folder.add_organisations(**{f"x{number}": "USA"})
        following.get()
    stop.set()
    for reader in readers:
        reader.join()
    assert failed == []
    assert 7 in seen
    assert len(list(folder.build_dir.glob("*.duckdb"))) == 1


def test_every_view_and_macro_carries_its_header_as_its_meaning(folder):
    askable = folder.database().read("askable", columns="DISTINCT name, kind, about", where={"kind": ["view", "macro"]})
    assert len(askable) > 50
    assert askable["about"].notna().all()
    about = dict(askable[["name", "about"]].to_numpy())
    assert about["members"].startswith("Members with what they bring and where they come from. Grain:")
    assert "Grain: segment x period x company" in about["company_shares"]


def test_the_same_data_has_the_same_version_wherever_it_lies(tmp_path):
    """Also where the folder sorts before or behind that of the views."""
    versions = {store.data_version(shutil.copytree(store.DATA_DIR, tmp_path / name)) for name in ("a", "z")}
    assert versions == {store.data_version(store.DATA_DIR)}
