"""History: every build that changes the data records what it changed, in the file itself; two versions show their net difference."""

import csv
import signal
import subprocess
import sys
import threading

import duckdb
import pytest

from atlas import store
from atlas.store import history
from tests.conftest import ROOT, DataFolder


def edit(folder, table: str, change) -> None:
    """Rewrite a data file: `change` gets its rows, as dictionaries, and returns those that are to stand there."""
    path = folder.path / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows, columns = change(list(reader)), reader.fieldnames
    columns = list(rows[0]) if rows else columns
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def correct(folder, table: str, key: str, **values) -> None:
    """Give other values to the row whose first column is `key`."""
    edit(folder, table, lambda rows: [row | values if next(iter(row.values())) == key else row for row in rows])


def without(folder, table: str, key: str) -> None:
    edit(folder, table, lambda rows: [row for row in rows if next(iter(row.values())) != key])


def declare(folder, old: str, new: str) -> None:
    path = folder.path / "schema.sql"
    schema = path.read_text(encoding="utf-8")
    assert old in schema
    path.write_text(schema.replace(old, new), encoding="utf-8")


def versions(database):
    """The recorded versions, oldest first; None where something is not known."""
    frame = database.read("version_list").sort_values("version_no").reset_index(drop=True)
    return frame.astype(object).where(frame.notna(), None)


def changes(database, older: int | None = None, newer: int | None = None):
    """(table, row, kind, column, old, new) of every net change; from the first to the newest version where none are named."""
    numbers = versions(database)["version_no"]
    frame = database.read("changes", older=older or int(numbers.min()), newer=newer or int(numbers.max()))
    columns = ["table_name", "row_key", "kind", "column_name", "old_value", "new_value"]
    return sorted(
        (tuple(None if value != value or value is None else value for value in row) for row in frame[columns].to_numpy()), key=str
    )


@pytest.fixture
def chips(folder) -> DataFolder:
    """A folder whose first version is built; its chip h20 has no price yet."""
    folder.add_chips(h20=("nvidia", 148))
    folder.database()
    return folder


# Versions -------------------------------------------------------------------------------------------------------------


def test_the_first_build_is_the_base(folder):
    database = folder.database()
    (base,) = versions(database).to_dict("records")
    assert base["version_no"] == 1
    assert base["data_version"] == database.version
    assert base["base_because"] == "first"
    assert base["previous_version"] is None
    assert base["reason"] is None
    assert base["table_rows"] == 7 + 1 + 1 + 1  # countries, source, organisation, chip
    assert (base["added"], base["removed"], base["changed"]) == (0, 0, 0)
    assert changes(database) == []


def test_a_version_knows_the_size_and_key_of_every_table(chips):
    with chips.database().cursor() as cursor:
        found = cursor.execute("SELECT table_name, key_columns, table_rows FROM version_tables WHERE table_rows > 0").fetchall()
        (tables,) = cursor.execute("SELECT count(*) FROM version_tables").fetchone()
    assert sorted(found) == [("chips", ["chip_id"], 2), ("countries", ["iso3"], 7), ("organisations", ["org_id"], 1), ("sources", ["source_id"], 1)]  # fmt: skip
    assert tables == len(store.read_declaration(chips.path / "schema.sql")[1]) - len(store.WORDS)


def test_rows_added_removed_and_changed_are_recorded_and_nothing_else(chips):
    chips.add_organisations(rebellions="KOR")
    correct(chips, "chips", "h20", price_usd="12000", memory_type="HBM3")
    correct(chips, "chips", "nvidia-h100", note="a remark")
    edit(chips, "countries", lambda rows: [row for row in rows if row["iso3"] != "TWN"])
    database = chips.database()
    assert changes(database) == [
        ("chips", "h20", "changed", "memory_type", None, "HBM3"),
        ("chips", "h20", "changed", "price_usd", None, "12000.0"),
        ("chips", "nvidia-h100", "changed", "note", None, "a remark"),
        ("countries", "TWN", "removed", None, None, None),
        ("organisations", "rebellions", "added", None, None, None),
    ]
    newest = versions(database).iloc[-1]
    assert (newest["added"], newest["removed"], newest["changed"]) == (1, 1, 2)
    assert newest["previous_version"] == versions(database).iloc[0]["data_version"]
    assert newest["base_because"] is None


def test_a_change_names_its_row_thing_source_and_reason(chips):
    chips.add("sources", {"source_id": "price-list", "publisher": "P", "title": "Prices", "url": "https://example.org/p", "retrieved": "2026-02", "kind": "press", "is_weak": "no"})  # fmt: skip
    correct(chips, "chips", "h20", price_usd="12000", source_id="price-list")
    store.build(chips.path, chips.build_dir, reason="The vendor published its prices")
    frame = chips.database().read("changes", older=1, newer=2).set_index(["table_name", "column_name"])
    price = frame.loc[("chips", "price_usd")]
    assert (price["row_name"], price["thing_id"], price["thing"], price["reason"]) == ("h20 chip", "h20", "h20 chip", "The vendor published its prices")  # fmt: skip
    assert list(price["source_ids"]) == ["price-list"]
    assert price["recorded_at"].date() == versions(chips.database()).iloc[-1]["recorded_at"].date()


def test_a_row_without_a_name_of_its_own_bears_those_that_its_key_names(chips):
    chips.add_site("titan", "KOR", chips={"h20": 8}, parties={("nvidia", "owner"): 1})
    chips.add("events", {"event_id": "deal", "date": "2026", "iso3": "KOR", "kind": "policy", "title": "A deal", "org_id": "nvidia"})
    frame = chips.database().read("changes", older=1, newer=2).set_index("table_name")
    assert frame.loc["site_chips", ["row_key", "row_name", "thing_id"]].tolist() == ["titan/h20", "titan site · h20 chip", "titan"]
    assert frame.loc["site_parties", "row_name"] == "titan site · nvidia works · owner"
    assert frame.loc["events", ["row_name", "thing_id"]].tolist() == ["A deal", "nvidia"]


def test_a_slash_inside_a_longer_key_does_not_part_it(chips):
    trade = {"reporter_iso3": "KOR", "flow": "export", "period": "2025", "value_usd_m": 1, "is_preferred": "yes", "partner_iso3": "WLD"}
    chips.add("trade", trade | {"product": "DRAM/NAND"})
    assert [change[1] for change in changes(chips.database())] == ["KOR/WLD/DRAM%2FNAND/export/2025/s"]


def test_building_the_same_data_again_records_nothing(chips):
    first = store.build(chips.path, chips.build_dir)
    assert store.build(chips.path, chips.build_dir) == first
    assert len(versions(store.Database(*first))) == 1


def test_other_words_are_a_version_without_changes(chips):
    chips.add("texts", {"key": "a", "en": "A"})
    database = chips.database()
    assert len(versions(database)) == 2
    assert changes(database) == []


def test_a_reason_can_be_given_to_a_version_that_a_running_dashboard_has_recorded(chips):
    chips.add_organisations(rebellions="KOR")
    chips.database()
    store.build(chips.path, chips.build_dir, reason="A new maker")
    database = chips.database()
    assert list(versions(database)["reason"]) == [None, "A new maker"]
    assert len(changes(database)) == 1


# Net changes over several versions ------------------------------------------------------------------------------------


def test_going_back_is_a_version_of_its_own_and_no_net_change(chips):
    correct(chips, "chips", "h20", price_usd="12000")
    chips.database()
    correct(chips, "chips", "h20", price_usd="")
    database = chips.database()
    assert list(versions(database)["version_no"]) == [1, 2, 3]
    first, second, third = versions(database)["data_version"]
    assert first == third != second
    assert changes(database, 1, 3) == []
    assert changes(database, 1, 2) == [("chips", "h20", "changed", "price_usd", None, "12000.0")]
    assert changes(database, 2, 3) == [("chips", "h20", "changed", "price_usd", "12000.0", None)]


def test_the_first_old_and_the_last_new_value_count(chips):
    for price in ("12000", "13000", "14000"):
        correct(chips, "chips", "h20", price_usd=price)
        chips.database()
    database = chips.database()
    assert changes(database) == [("chips", "h20", "changed", "price_usd", None, "14000.0")]
    assert changes(database, 2, 4) == [("chips", "h20", "changed", "price_usd", "12000.0", "14000.0")]


def test_what_came_and_went_vanishes_and_what_came_and_changed_is_added(chips):
    chips.add_organisations(gone="KOR", stays="KOR")
    chips.database()
    without(chips, "organisations", "gone")
    correct(chips, "organisations", "stays", sector="memory")
    database = chips.database()
    assert changes(database, 1, 3) == [("organisations", "stays", "added", None, None, None)]


def test_what_went_and_came_back_shows_the_values_that_differ(chips):
    correct(chips, "chips", "h20", price_usd="1", tdp_w="400")
    chips.database()
    correct(chips, "chips", "h20", price_usd="2")
    chips.database()
    without(chips, "chips", "h20")
    chips.database()
    chips.add_chips(h20=("nvidia", 148))
    correct(chips, "chips", "h20", memory_type="HBM3")
    chips.database()
    correct(chips, "chips", "h20", price_usd="3")
    database = chips.database()
    assert list(versions(database)["version_no"]) == [1, 2, 3, 4, 5, 6]
    assert changes(database, 2, 6) == [
        ("chips", "h20", "changed", "memory_type", None, "HBM3"),
        ("chips", "h20", "changed", "price_usd", "1.0", "3.0"),
        ("chips", "h20", "changed", "tdp_w", "400.0", None),
    ]
    assert changes(database, 1, 4) == [("chips", "h20", "removed", None, None, None)]
    assert changes(database, 4, 6) == [("chips", "h20", "added", None, None, None)]


# Another declaration --------------------------------------------------------------------------------------------------


def test_a_new_column_counts_where_it_has_a_value_and_a_column_that_goes_where_it_had_one(chips):
    declare(
        chips,
        "  price_usd DOUBLE CHECK (is_positive(price_usd)),",
        "  colour VARCHAR,  -- Colour\n  price_usd DOUBLE CHECK (is_positive(price_usd)),",
    )
    order = [column.name for column in store.read_declaration(chips.path / "schema.sql")[1]["chips"].columns]
    edit(
        chips, "chips", lambda rows: [{name: (row | {"colour": "red" * (row["chip_id"] == "h20")})[name] for name in order} for row in rows]
    )
    assert changes(chips.database()) == [("chips", "h20", "changed", "colour", None, "red")]
    declare(chips, "  colour VARCHAR,  -- Colour\n", "")
    edit(chips, "chips", lambda rows: [{name: value for name, value in row.items() if name != "colour"} for row in rows])
    database = chips.database()
    assert changes(database, 2, 3) == [("chips", "h20", "changed", "colour", "red", None)]
    assert changes(database, 1, 3) == []


def test_another_type_for_the_same_values_is_no_change(chips):
    chips.add_site("titan", "KOR", chips={"h20": 8})
    chips.database()
    declare(chips, "chip_count INTEGER CHECK", "chip_count DOUBLE CHECK")
    assert changes(chips.database(), 2, 3) == []


def test_a_new_table_adds_its_rows_and_a_table_that_goes_removes_them(chips):
    declare(chips, "CREATE TABLE events (", "CREATE TABLE colours (\n  colour VARCHAR PRIMARY KEY,  -- Colour\n  source_id VARCHAR NOT NULL REFERENCES sources (source_id)  -- Source\n);\n\nCREATE TABLE events (")  # fmt: skip
    (chips.path / "colours.csv").write_text("colour,source_id\nred,s\n", encoding="utf-8")
    assert changes(chips.database()) == [("colours", "red", "added", None, None, None)]
    schema = (chips.path / "schema.sql").read_text(encoding="utf-8")
    start = schema.index("CREATE TABLE colours")
    (chips.path / "schema.sql").write_text(schema[:start] + schema[schema.index("CREATE TABLE events") :], encoding="utf-8")
    (chips.path / "colours.csv").unlink()
    database = chips.database()
    assert changes(database, 2, 3) == [("colours", "red", "removed", None, None, None)]
    assert changes(database, 1, 3) == []


def test_a_key_of_more_columns_removes_the_old_rows_and_adds_the_new(chips):
    chips.add_site("titan", "KOR", chips={"h20": 8})
    chips.database()
    declare(chips, "PRIMARY KEY (site_id, chip_id)", "PRIMARY KEY (site_id, chip_id, source_id)")
    assert changes(chips.database(), 2, 3) == [
        ("site_chips", "titan/h20", "removed", None, None, None),
        ("site_chips", "titan/h20/s", "added", None, None, None),
    ]


# Broken, missing and foreign files ------------------------------------------------------------------------------------


def test_after_a_damaged_file_the_history_starts_again_and_says_so(chips):
    _, path = store.build(chips.path, chips.build_dir)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    chips.add_organisations(rebellions="KOR")
    (base,) = versions(chips.database()).to_dict("records")
    assert (base["version_no"], base["base_because"]) == (1, "unreadable")


def test_a_file_from_before_there_was_a_history_is_its_first_record(chips):
    version, path = store.build(chips.path, chips.build_dir)
    with duckdb.connect(path) as connection:
        connection.execute(
            "DROP VIEW version_list; DROP MACRO TABLE changes; DROP TABLE versions; DROP TABLE version_tables; DROP TABLE row_changes"
        )
    from atlas.store.build import _move_pointer

    _move_pointer(chips.build_dir, version, path)
    chips.add_organisations(rebellions="KOR")
    database = chips.database()
    assert versions(database)["data_version"].iloc[0] == version
    assert list(versions(database)["base_because"]) == ["first", None]
    assert changes(database) == [("organisations", "rebellions", "added", None, None, None)]


@pytest.mark.parametrize("milliseconds", [0, 10, 20, 40, 80, 160])
def test_a_killed_build_leaves_the_history_whole(chips, milliseconds):
    """Killed this long after the rows were checked, while the file is written: the history is that of the build before, or all of the new one."""
    chips.add_organisations(rebellions="KOR")
    code = (
        "import os, signal, sys, threading; from pathlib import Path; from atlas import store\n"
        f"die = threading.Timer({milliseconds / 1000}, lambda: os.kill(os.getpid(), signal.SIGKILL))\n"
        "store.build(Path(sys.argv[1]), Path(sys.argv[2]), lambda step: die.start() if step == 'database' else None); die.join()"
    )
    killed = subprocess.run([sys.executable, "-c", code, chips.path, chips.build_dir], cwd=ROOT, check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert len(versions(store.Database(*store.read_pointer(chips.build_dir)))) in (1, 2)
    database = chips.database()
    assert len(versions(database)) == 2
    assert changes(database) == [("organisations", "rebellions", "added", None, None, None)]


def test_two_builders_record_a_version_once(chips):
    chips.add_organisations(rebellions="KOR")
    builders = [threading.Thread(target=store.build, args=(chips.path, chips.build_dir)) for _ in range(2)]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join()
    assert len(versions(chips.database())) == 2


def test_a_reader_keeps_the_versions_that_it_opened(chips):
    reader = chips.database()
    chips.add_organisations(rebellions="KOR")
    assert len(versions(chips.database())) == 2
    assert len(versions(reader)) == 1


def test_a_fresh_folder_goes_on_from_an_earlier_file(chips, tmp_path):
    chips.add_organisations(rebellions="KOR")
    _, path = store.build(chips.path, chips.build_dir, reason="A new maker")
    kept = path.rename(tmp_path / "kept.duckdb")
    same = store.Database(*store.build(chips.path, tmp_path / "same", since=kept))
    assert list(versions(same)["reason"]) == [None, "A new maker"]
    without(chips, "organisations", "rebellions")
    other = store.Database(*store.build(chips.path, tmp_path / "other", since=kept))
    assert list(versions(other)["version_no"]) == [1, 2, 3]
    assert changes(other, 2, 3) == [("organisations", "rebellions", "removed", None, None, None)]


@pytest.mark.parametrize("content", [b"not a database", b"", None, "duckdb"])
def test_a_file_that_is_no_database_of_the_atlas_is_refused_in_a_sentence(chips, tmp_path, content):
    path = tmp_path / "since.duckdb"
    if content == "duckdb":
        duckdb.connect(path).close()
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(store.DataError, match="is no database file of the Atlas"):
        store.build(chips.path, tmp_path / "other", since=path)


# Bounds and the rest of the Atlas -------------------------------------------------------------------------------------


def test_the_history_is_bounded_and_versions_without_changes_make_room_first(chips, monkeypatch):
    monkeypatch.setattr(history, "MOST_VERSIONS", 4)
    for number in range(3):
        correct(chips, "chips", "h20", price_usd=f"{number + 1}")
        chips.database()
        chips.add("texts", {"key": f"a{number}", "en": "A"})
        chips.database()
    database = chips.database()
    assert list(versions(database)["version_no"]) == [2, 4, 6, 7]
    assert changes(database) == [("chips", "h20", "changed", "price_usd", "1.0", "3.0")]
    with database.cursor() as cursor:
        for table in ("version_tables", "row_changes"):
            (kept,) = cursor.execute(f"SELECT list_sort(list_distinct(list(version_no))) FROM {table}").fetchone()
            assert set(kept) <= {2, 4, 6, 7}


def test_the_things_of_the_history_are_those_with_a_profile(database):
    tables = {"organisation": "organisations", "programme": "programmes", "consortium": "consortia", "site": "sites", "chip": "chips", "model": "models", "country": "countries"}  # fmt: skip
    assert {tables[kind] for kind in database.read("things")["kind"]} == set(history.THINGS)


def test_the_keys_of_all_rows_of_the_atlas_are_told_apart(real_data, tmp_path):
    """Other data in place of that of the Atlas: each row that went and came has a key of its own, a name and a source."""
    built = store.build(real_data, tmp_path / "build")
    database = store.Database(*built)
    (tmp_path / "other").mkdir()
    emptied = store.Database(*store.build(DataFolder(tmp_path / "other").path, tmp_path / "build"))
    frame = emptied.read("changes", older=1, newer=2)
    assert frame["row_name"].notna().all()
    assert (frame["source_ids"].map(len) == 1).all()
    assert not frame.duplicated(["table_name", "row_key", "column_name"]).any()
    removed = (frame["kind"] == "removed").sum()
    rows = versions(emptied)["table_rows"]
    assert rows[0] - removed + (frame["kind"] == "added").sum() == rows[1]
    assert rows[0] == database.read("data_state")["table_rows"][0]
