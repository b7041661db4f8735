"""Layers on the page: a card that rests on one says what it covers and what its licence forbids, and no other card does."""

import pytest

from atlas.store import database as reading
from atlas.upstream.layer import Layer
from tests.layers import add_layer, site
from tests.pages.test_pages import opened, said

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
