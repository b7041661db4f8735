"""The data package: valid by the Frictionless library, over the server and as a folder."""

import json

import feedparser
import frictionless
import pandas as pd
import pytest
from starlette.requests import Request

from atlas import export, store
from atlas.filters import Query
from atlas.open_data.feed import feed
from tests.conftest import DataFolder


def faults(descriptor: dict, basepath: str | None = None) -> list:
    with frictionless.system.use_context(trusted=True):
        report = frictionless.Package.from_descriptor(descriptor, basepath=basepath).validate()
    return report.flatten(["resourceName", "rowNumber", "fieldName", "type", "note"])


def test_the_package_on_the_server_is_valid(client):
    assert faults(client.ask("/api/v1/datapackage.json").json) == []


@pytest.fixture
def data_folder(tmp_path):
    (tmp_path / "small").mkdir()
    return DataFolder(tmp_path / "small")


@pytest.fixture(scope="module")
def folder(database, tmp_path_factory):
    path = tmp_path_factory.mktemp("export") / "atlas-data"
    export.export(database, path)
    return path


def test_the_package_in_a_folder_is_valid(folder):
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert faults(descriptor, str(folder)) == []


def test_a_wrong_cell_would_be_found(folder):
    """The test above can fail: the descriptor holds types, keys and references."""
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    chips = next(resource for resource in descriptor["resources"] if resource["name"] == "chips")
    path = folder / chips["path"]
    good = path.read_text(encoding="utf-8")
    lines = good.splitlines()
    path.write_text(
        "\n".join([lines[0], lines[1].replace("yes", "perhaps").replace(",no,", ",perhaps,"), *lines[1:]]) + "\n", encoding="utf-8"
    )
    try:
        assert {fault[3] for fault in faults(descriptor, str(folder))} >= {"type-error", "primary-key"}
    finally:
        path.write_text(good, encoding="utf-8")


def test_the_folder_holds_every_table_in_every_format(folder, database):
    for name in database.tables:
        rows = database.count(Query(name))
        assert len(pd.read_csv(folder / "csv" / f"{name}.csv", low_memory=False)) == rows
        assert len(pd.read_parquet(folder / "parquet" / f"{name}.parquet")) == rows


def test_the_database_of_an_export_opens_by_itself(folder, database, tmp_path):
    import duckdb

    with duckdb.connect(folder / "atlas.duckdb", read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM chips").fetchone()[0] == database.count(Query("chips"))
        assert connection.execute("SELECT count(*) FROM leverage(['official', 'reported', 'estimated', 'planned'])").fetchone()[0] > 0


def test_the_readme_explains_every_column_and_names_the_licence(folder, database):
    text = (folder / "README.md").read_text(encoding="utf-8")
    for table in database.tables.values():
        assert f"### {table.name}\n" in text
        for column in table.columns:
            assert f"| {column.name} | " in text
            assert column.meaning in text
    assert "CC-BY-4.0" in text
    assert database.version in (folder / "CITATION.cff").read_text(encoding="utf-8")
    assert "CC-BY-4.0" in (folder / "LICENSE").read_text(encoding="utf-8")


def test_an_export_replaces_an_earlier_one_and_nothing_else(folder, database, tmp_path):
    (folder / "csv" / "old.csv").write_text("x", encoding="utf-8")
    export.export(database, folder)
    assert not (folder / "csv" / "old.csv").exists()
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(export.ExportError, match="no earlier export"):
        export.export(database, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    with pytest.raises(export.ExportError, match="cannot be written"):
        export.export(database, tmp_path / "mine.txt" / "x")


def test_an_export_that_is_broken_off_leaves_the_earlier_one(folder, database, monkeypatch):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def broken(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export, "readme", broken)
    with pytest.raises(export.ExportError, match="No space left"):
        export.export(database, folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_changes_between_versions_are_in_the_export_and_in_the_feed(data_folder, tmp_path):
    """One price corrected, one organisation added, one removed: each a row of CHANGES.csv, the version an entry of the feed."""
    data_folder.add_organisations(stays="KOR", goes="KOR")
    data_folder.database()
    rows = data_folder.path / "organisations.csv"
    rows.write_text(
        rows.read_text().replace("goes,goes works", "comes,comes works").replace("stays works", "stayed works"), encoding="utf-8"
    )
    database = store.Database(*store.build(data_folder.path, data_folder.build_dir, reason="looked up"))
    export.export(database, tmp_path / "export")
    changes = pd.read_csv(tmp_path / "export" / "CHANGES.csv")
    assert sorted(zip(changes["row_key"], changes["kind"], strict=True)) == [("comes", "added"), ("goes", "removed"), ("stays", "changed")]
    changed = changes[changes["kind"] == "changed"].iloc[0]
    assert (changed["column_name"], changed["old_value"], changed["new_value"]) == ("name", "stays works", "stayed works")
    assert set(changes["reason"]) == {"looked up"}
    assert set(changes["source_ids"]) == {"s"}
    told = feedparser.parse(
        feed(
            Request(
                {
                    "type": "http",
                    "method": "GET",
                    "scheme": "http",
                    "server": ("127.0.0.1", 80),
                    "path": "/feed.xml",
                    "headers": [],
                    "query_string": b"",
                }
            ),
            database,
        ).body
    )
    (entry,) = [entry for entry in told.entries if entry.tags[0].term == "data"]
    assert "1 rows added, 1 removed, 1 corrected" in entry.title
    assert entry.summary == "looked up"


def test_a_first_version_has_no_changes(folder):
    assert (folder / "CHANGES.csv").read_text(encoding="utf-8").count("\n") == 1
