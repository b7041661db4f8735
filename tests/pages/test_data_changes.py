"""The tab Changes: the difference between two versions in a sentence, by table and row by row; one version alone is said to be the first."""

import csv
import shutil

import pytest

from atlas import store
from atlas.store import database as reading
from tests.pages.test_pages import WORDS, opened, said


@pytest.fixture(scope="module")
def edited(tmp_path_factory):
    """The Atlas with three versions: prices and a remark corrected, then an organisation added and an event removed."""
    path = tmp_path_factory.mktemp("changes")
    data = path / "data"
    shutil.copytree(store.DATA_DIR, data)
    store.build(data, path / "build")
    correct(data, "chips", "nvidia-h100", price_usd="31234.5", note="A remark of the test")
    store.build(data, path / "build", reason="The vendor published its prices")
    with (data / "organisations.csv").open("a", encoding="utf-8") as file:
        file.write("test-works,Test Works,,KOR,company,test,,,official," + first_source(data) + ",\n")
    *kept, last = (data / "events.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (data / "events.csv").write_text("".join(kept), encoding="utf-8")
    titles = (data / "translations.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (data / "translations.csv").write_text("".join(title for title in titles if f",{last.split(',')[0]}," not in title), encoding="utf-8")
    store.build(data, path / "build")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(reading, "DATA_DIR", data)
        patched.setattr(reading, "_current", reading._Current())
        patched.setenv("ATLAS_BUILD_DIR", str(path / "build"))
        yield data


def first_source(data) -> str:
    return (data / "sources.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[0]


def correct(data, table: str, key: str, **values: str) -> None:
    path = data / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = [row | values if row[reader.fieldnames[0]] == key else row for row in reader]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def tables(app):
    """The counts by table and the changes."""
    return [frame.value for frame in app.dataframe if "table" in frame.value.columns]


def test_the_newest_version_is_compared_with_the_one_before(edited):
    app = opened("data", tab="changes")
    assert "1 added and 1 removed" in app.header[0].value
    counts, changes = tables(app)
    assert dict(zip(counts["table"], counts["added"] - counts["removed"], strict=True)) == {"Organisations": 1, "Events": -1}
    assert sorted(changes["change"]) == ["added", "removed"]
    assert "Test Works" in set(changes["row"])
    assert changes.loc[changes["row"] == "Test Works", "thing"].iloc[0].endswith("#Test%20Works")
    assert "id=test-works" in changes.loc[changes["row"] == "Test Works", "thing"].iloc[0]


def test_the_versions_of_the_link_are_compared_whichever_comes_first(edited):
    for query in ({"from": "1", "to": "2"}, {"from": "2", "to": "1"}):
        app = opened("data", tab="changes", **query)
        assert "1 corrected" in app.header[0].value
        _, changes = tables(app)
        price = changes.set_index("column_name").loc["Price, USD"]
        assert price["new_value"] == "31,234.5"
        assert price["change"] == "corrected"
        assert price["reason"] == "The vendor published its prices"
        assert price["source_ids"]


def test_several_versions_are_one_difference(edited):
    app = opened("data", tab="changes", **{"from": "1"})
    assert "1 added, 1 removed and 1 corrected" in app.header[0].value


def test_a_version_chosen_in_the_box_is_in_the_link(edited):
    app = opened("data", tab="changes")
    app.selectbox(key="choice:from").set_value("1").run()
    assert not app.exception
    assert app.query_params["from"] in ("1", ["1"])
    assert "1 corrected" in app.header[0].value


def test_words_find_changes_and_nothing_found_is_a_sentence(edited):
    _, changes = tables(opened("data", tab="changes", q="test works", **{"from": "1"}))
    assert list(changes["row"]) == ["Test Works"]
    assert WORDS("empty.changes_words") in said(opened("data", tab="changes", q="no such word anywhere"))


def test_a_version_compared_with_itself_differs_in_nothing(edited):
    text = said(opened("data", tab="changes", **{"from": "3", "to": "3"}))
    assert WORDS("empty.changes") in text
    assert WORDS("changes.none") in text


@pytest.mark.parametrize("query", [{"from": "9"}, {"to": "0"}, {"from": "x"}, {"to": "1' OR 1"}])
def test_a_version_that_is_not_recorded_is_dropped_with_a_hint(edited, query):
    assert WORDS("hint.dropped", items="")[:20] in said(opened("data", tab="changes", **query))


@pytest.mark.parametrize("card", ["change-counts", "changes"])
def test_each_card_opens_alone(edited, card):
    app = opened("data", card=card)
    assert [title.value for title in app.markdown if title.value.startswith("## ")] == [f"## {WORDS(f'card.{card}.title')}"]
    assert len(tables(app)) == 1


def test_the_first_version_is_said_to_be_the_first(tmp_path, monkeypatch):
    monkeypatch.setenv("ATLAS_BUILD_DIR", str(tmp_path))
    monkeypatch.setattr(reading, "DATA_DIR", store.DATA_DIR)
    monkeypatch.setattr(reading, "_current", reading._Current())
    app = opened("data", tab="changes")
    (info,) = app.info
    assert info.value.startswith("This is the first recorded version")
    assert store.data_version(store.DATA_DIR) in info.value
