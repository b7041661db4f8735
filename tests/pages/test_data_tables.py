"""The tables tab as a reader's session runs it: filters, order, windows, and files that say the same as the page."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from atlas import store
from atlas.filters import Query, parse_query
from atlas.formats import MEDIA_TYPES
from tests.pages.test_pages import WORDS, opened, said


def rows(app):
    return next(table.value for table in app.dataframe if "source_ids" in table.value or "source_id" in table.value)


def addresses(app) -> list[str]:
    return [button.proto.url for button in app.get("link_button") if "/tables/" in button.proto.url]


def test_filters_sort_and_search_are_in_the_address(database):
    app = opened("data", table="chips", vendor_org_id="nvidia|amd", memory_gb="80..192", sort="-memory_gb", q="instinct")
    shown = rows(app)
    assert shown["memory_gb"].is_monotonic_decreasing
    assert shown["memory_gb"].between(80, 192).all()
    assert shown["name"].str.contains("Instinct").all()
    assert len(shown) > 3


def test_every_file_is_the_view(database):
    app = opened("data", table="chips", vendor_org_id="nvidia", sort="-memory_gb", evidence="official,reported")
    shown = [address.split("#")[-1] for address in rows(app)["chip_id"]]
    files = addresses(app)
    assert [urlsplit(address).path.rsplit(".")[-1] for address in files] == list(MEDIA_TYPES)
    types = {column.name: column.type for column in database.tables["chips"].columns}
    for address in files:
        query = parse_query("chips", types, parse_qsl(urlsplit(address).query))
        assert database.rows(query)["chip_id"].tolist() == shown


@pytest.mark.parametrize(("name", "value"), [("memory_gb", "big"), ("power_mw", "1.."), ("sort", "power_mw"), ("page", "0")])
def test_a_filter_that_the_table_does_not_take_is_dropped_with_a_hint(name, value):
    app = opened("data", table="chips", **{name: value})
    assert WORDS("hint.dropped", items="")[:20] in said(app)
    assert len(rows(app)) == store.current()[0].count(Query("chips"))


def test_a_long_table_comes_in_windows(database):
    whole = database.count(Query("observations"))
    first, second = rows(opened("data", table="observations")), rows(opened("data", table="observations", page="2"))
    assert len(first) == 500
    assert (first.head(1) != second.head(1)).to_numpy().any()
    last = rows(opened("data", table="observations", page="999999"))
    assert len(last) == whole % 500 or 500


def test_nothing_found_is_said():
    assert WORDS("empty.rows") in said(opened("data", table="chips", name="=no such chip"))


def test_an_active_filter_can_be_removed():
    app = opened("data", table="chips", vendor_org_id="nvidia")
    before = len(rows(app))
    app.button(key="drop:vendor_org_id").click().run()
    assert len(rows(app)) > before


@pytest.mark.parametrize("table", store.read_declaration(store.DATA_DIR / "schema.sql")[1])
def test_every_table_can_be_browsed(table):
    if table not in store.WORDS:
        assert len(rows(opened("data", table=table)))
