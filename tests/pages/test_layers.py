"""Layers on the page: a card that rests on one says what it covers and what its licence forbids, and no other card does."""

import pytest

from atlas.store import database as reading
from atlas.upstream.known import read_rows
from atlas.upstream.layer import Doubtful, Fact, Layer, Unmapped
from tests.layers import add_layer, site
from tests.pages.test_pages import opened, said

SITE = "skt-haein-b200"  # a site of ours
SAID = ("Not for commercial use: the licence of Upstream forbids it.", "up data (Upstream): Covers little.")


def plainly_said(app) -> str:
    """What a page says, without the signs that keep a text from being taken for markup."""
    return said(app).replace("\\", "")


@pytest.fixture(autouse=True)
def following(real_data, tmp_path, monkeypatch):
    """The database of the pages, over a copy of the data that a test may add to."""
    monkeypatch.setattr(reading, "DATA_DIR", real_data)
    monkeypatch.setenv("ATLAS_BUILD_DIR", str(tmp_path / "build"))
    monkeypatch.setattr(reading, "_current", reading._Current())


@pytest.mark.parametrize("query", [{"page": "compute", "card": "compute-states"}, {"page": "data", "table": "sites", "countries": "KOR"}])
def test_a_card_that_rests_on_a_layer_says_so(real_data, query):
    page, words = query["page"], {name: value for name, value in query.items() if name != "page"}
    assert not any(line in plainly_said(opened(page, **words)) for line in SAID)
    add_layer(real_data, Layer(rows={"sites": [site("Theirs")]}), licence="CC BY-NC 4.0", note="Covers little.")
    text = plainly_said(opened(page, **words))
    assert all(line in text for line in SAID), text


def test_a_card_that_rests_on_no_layer_says_nothing(real_data):
    add_layer(real_data, Layer(rows={"sites": [site("Theirs")]}), licence="CC BY-NC 4.0", note="Covers little.")
    assert not any(line in plainly_said(opened("chip-supply")) for line in SAID)


def rows_of(app, column: str):
    """The table that has a column."""
    return next(table.value for table in app.dataframe if column in table.value)


def test_without_layers_the_tab_says_how_to_get_some():
    assert "python -m atlas refresh" in said(opened("data", tab="upstream"))


def test_the_tab_shows_every_layer_and_what_it_leaves_open(real_data):
    name = next(row["name"] for row in read_rows(real_data / "sites.csv") if row["site_id"] == SITE)
    layer = Layer(
        rows={"sites": [site("Theirs")]},
        facts=[Fact("sites", SITE, "iso3", "USA", "Theirs"), Fact("sites", SITE, "name", name, "Theirs")],
        unmapped=[Unmapped("chip", "Mystery X1", "row 5", 3)],
        doubtful=[Doubtful("sites", "Some cluster", SITE, "same owner")],
    )
    add_layer(real_data, layer, licence="CC BY-NC 4.0")
    app = opened("data", tab="upstream")
    text = plainly_said(app)
    assert "Other data sets loaded: 1; rows added: 1; values beside rows of ours: 2, of which 1 say otherwise" in text
    assert rows_of(app, "is_noncommercial")["is_noncommercial"].tolist() == [True]
    values = rows_of(app, "upstream_value")
    assert values["is_otherwise"].tolist() == [True, False]
    assert values["upstream_value"].iloc[0] == "USA"
    assert rows_of(app, "reason")["upstream_name"].tolist() == ["Some cluster"]
    assert rows_of(app, "rows")["rows"].tolist() == [3]


def test_a_profile_shows_what_others_say_beside_ours(real_data):
    add_layer(real_data, Layer(facts=[Fact("sites", SITE, "power_mw", "777", "Theirs")]))
    assert rows_of(opened("profile", id=SITE), "upstream_value")["upstream_value"].tolist() == ["777"]
