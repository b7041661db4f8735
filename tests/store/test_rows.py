"""Rows of a table: what a filter keeps is what pandas keeps, and pieces are the whole."""

import threading

import pandas as pd
import pytest

from atlas.filters import Query, parse_query


def query(database, table, **items):
    types = {column.name: column.type for column in database.tables[table].columns}
    return parse_query(table, types, list(items.items()))


def assert_same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Cell by cell; whether a column without any value is one of texts is not of the data."""
    frames = [frame.astype(object).where(frame.notna(), None).reset_index(drop=True) for frame in (found, expected)]
    pd.testing.assert_frame_equal(*frames)


KEPT = [
    ("chips", {"vendor_org_id": "nvidia|amd"}, lambda t: t["vendor_org_id"].isin(["nvidia", "amd"])),
    ("chips", {"vendor_org_id": "!nvidia"}, lambda t: t["vendor_org_id"].ne("nvidia")),
    ("chips", {"memory_gb": "80..192"}, lambda t: t["memory_gb"].between(80, 192)),
    ("chips", {"memory_gb": "100.."}, lambda t: t["memory_gb"] >= 100),
    ("chips", {"memory_gb": "null"}, lambda t: t["memory_gb"].isna()),
    ("chips", {"memory_gb": "!80"}, lambda t: t["memory_gb"].notna() & t["memory_gb"].ne(80)),
    ("chips", {"is_family": "yes"}, lambda t: t["is_family"]),
    ("chips", {"released": "2024..2025"}, lambda t: t["released"].str[:4].isin(["2024", "2025"])),
    ("organisations", {"name": "~HYNIX"}, lambda t: t["name"].str.lower().str.contains("hynix")),
    ("organisations", {"local_name": "!null"}, lambda t: t["local_name"].notna()),
    ("events", {"iso3": "KOR", "kind": "policy|chip"}, lambda t: t["iso3"].eq("KOR") & t["kind"].isin(["policy", "chip"])),
]


@pytest.mark.parametrize(("table", "items", "kept"), KEPT, ids=[f"{table}-{items}" for table, items, _ in KEPT])
def test_a_filter_keeps_what_it_says(database, table, items, kept):
    whole = database.rows(Query(table))
    expected = whole[kept(whole).astype(bool)].reset_index(drop=True)
    assert 0 < len(expected) < len(whole)
    asked = query(database, table, **items)
    assert_same(database.rows(asked), expected)
    assert database.count(asked) == len(expected)
    assert set(database.sources_of(asked)["source_id"]) == set(expected["source_id"])


def test_rows_come_in_the_order_of_the_file_and_unknown_last_where_they_are_sorted(database):
    assert database.rows(query(database, "chips", sort="-memory_gb"))["memory_gb"].dropna().is_monotonic_decreasing
    ascending = database.rows(query(database, "chips", sort="memory_gb"))
    assert ascending["memory_gb"].dropna().is_monotonic_increasing
    assert ascending["memory_gb"].isna().tolist() == sorted(ascending["memory_gb"].isna())
    whole = database.rows(Query("chips"))
    windows = [database.rows(query(database, "chips", limit="40", offset=str(start))) for start in range(0, len(whole) + 40, 40)]
    assert_same(pd.concat(windows), whole)


def test_the_columns_come_as_they_were_asked_for(database):
    assert list(database.rows(query(database, "chips", columns="name,chip_id"))) == ["name", "chip_id"]


@pytest.mark.parametrize("table", ["scores", "events"])
def test_the_pieces_are_the_whole(database, table):
    pieces = list(database.batches(Query(table)))
    assert pieces[0].num_rows == 0
    assert pieces[0].schema.names == database.tables[table].column_names
    assert sum(piece.num_rows for piece in pieces) == database.count(Query(table)) == len(database.rows(Query(table)))


def test_a_query_without_rows_still_names_its_columns(database):
    (piece, *_) = database.batches(query(database, "chips", name="=no such chip"))
    assert piece.schema.names == database.tables["chips"].column_names


def test_many_readers_at_once_get_their_own_rows(database):
    expected = {name: database.count(Query(name)) for name in database.tables}
    wrong = []

    def read():
        for _ in range(5):
            for name, rows in expected.items():
                if sum(piece.num_rows for piece in database.batches(Query(name))) != rows:
                    wrong.append(name)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_declaration_travels_with_the_file(database):
    from atlas import store

    declared = store.read_declaration(store.DATA_DIR / "schema.sql")[1]
    assert database.tables == {name: table for name, table in declared.items() if name not in store.WORDS}
