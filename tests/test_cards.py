"""Cards: what a reader must know of the sources that a card rests on stands with it, on the screen, in the download and in the briefing."""

import pandas as pd

from atlas import brief
from atlas.cards import caveats
from atlas.selection import EVIDENCE, Selection
from atlas.ui.figure_card import csv_of
from atlas.ui.page import Page
from atlas.ui.sources import sources_of
from atlas.upstream.layer import Layer
from tests.conftest import words
from tests.layers import add_layer, site

NOTE = "up data (Upstream): Covers little."
FORBIDDEN = "Not for commercial use: the licence of Upstream forbids it."


def sources(*rows: tuple[str, str | None, str | None]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"source_id": source, "publisher": f"P {source}", "title": "T", "licence": licence, "note": note}
            for source, licence, note in rows
        ]
    )


def test_curated_sources_of_free_licences_need_no_caveat():
    assert caveats(words(), sources(("s", None, "a remark of the editor"), ("t", "CC BY 4.0", None))) == []


def test_every_publisher_whose_licence_forbids_commercial_use_is_named_once():
    rows = sources(("b", "CC BY-NC 4.0", None), ("a", "CC-BY-NC-SA-4.0", None), ("c", "ENCORE", None))
    assert caveats(words(), rows) == ["Not for commercial use: the licence of P a and P b forbids it."]


def test_the_note_of_a_layer_stands_where_it_is_a_source():
    assert caveats(words(), sources(("upstream-x", "CC BY 4.0", "Covers little."), ("s", None, "not this"))) == [
        "T (P upstream-x): Covers little."
    ]


def page_of(folder) -> Page:
    add_layer(folder.path, Layer(rows={"sites": [site("Theirs")]}), licence="CC BY-NC 4.0", note="Covers little.")
    database = folder.database()
    return Page(Selection(("KOR",), EVIDENCE, "absolute", "en"), words(), database, name="compute")


def test_a_download_says_what_the_licence_forbids_and_the_layer_covers(folder):
    page = page_of(folder)
    frame = pd.DataFrame({"n": [1], "source_ids": [["upstream-up"]]})
    lines = csv_of(page, "link", "title", "subtitle", frame, sources_of(page, frame)).splitlines()
    assert {f"# {FORBIDDEN}", f"# {NOTE}"} <= set(lines)


def test_a_briefing_says_it_above_its_sources(real_data, tmp_path):
    from atlas import store

    add_layer(real_data, Layer(rows={"sites": [site("Theirs")]}), licence="CC BY-NC 4.0", note="Covers little.")
    database = store.Database(*store.build(real_data, tmp_path / "build"))
    document = brief.document(brief.reading(database, ["KOR"], "en"))
    assert f"{FORBIDDEN} {NOTE}" in document
