"""The grammar of filters: every address is understood as one condition, or refused with a sentence."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas import ui
from atlas.filters import PATTERNS, RESERVED, ColumnFilter, Filter, Query, QueryError, any_of, parse_filter, parse_query
from atlas.selection import GLOBAL_NAMES, HERE
from pages import PAGES
from tests.conftest import TABLES, words

TYPES = {"name": "VARCHAR", "released": "VARCHAR", "memory_gb": "DOUBLE", "chip_count": "INTEGER", "is_family": "BOOLEAN"}
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("column", "raw", "expected"),
    [
        ("name", "KOR", Filter("name", "any", ("KOR",))),
        ("name", "KOR|USA", Filter("name", "any", ("KOR", "USA"))),
        ("name", "!KOR|USA", Filter("name", "none", ("KOR", "USA"))),
        ("name", "~hynix", Filter("name", "contains", ("hynix",))),
        ("name", "=~odd", Filter("name", "any", ("~odd",))),
        ("name", "null", Filter("name", "unknown")),
        ("name", "=null", Filter("name", "any", ("null",))),
        ("released", "2025..2026-03", Filter("released", "range", ("2025", "2026-03"))),
        ("memory_gb", "80..192", Filter("memory_gb", "range", (80.0, 192.0))),
        ("memory_gb", "80..", Filter("memory_gb", "range", (80.0, None))),
        ("memory_gb", "..1.5e3", Filter("memory_gb", "range", (None, 1500.0))),
        ("memory_gb", "80|96", Filter("memory_gb", "any", (80.0, 96.0))),
        ("memory_gb", "-1", Filter("memory_gb", "any", (-1.0,))),
        ("chip_count", "!null", Filter("chip_count", "known")),
        ("is_family", "yes", Filter("is_family", "any", (True,))),
        ("is_family", "!no", Filter("is_family", "none", (False,))),
    ],
)
def test_an_address_stands_for_one_condition(column, raw, expected):
    assert parse_filter(column, TYPES[column], raw) == expected


@pytest.mark.parametrize(
    ("column", "raw"),
    [("memory_gb", raw) for raw in ("", "abc", "80..x", "nan", "inf", "1e999", "1,000", "..", "80 ", "0x10", "١")]
    + [("is_family", raw) for raw in ("", "maybe", "1", "YES")]
    + [("name", raw) for raw in ("", "x" * 201, "a\x00b", "a\nb")],
)
def test_what_is_no_condition_is_refused_with_a_remedy(column, raw):
    with pytest.raises(QueryError, match=rf"^{column}=.*write"):
        parse_filter(column, TYPES[column], raw)
    assert ColumnFilter(column, (), None, type=TYPES[column]).parse([raw]) == ((), (raw[:200],) if raw else ())


@given(st.sampled_from(sorted(PATTERNS)), TEXT | st.from_regex(PATTERNS["DOUBLE"], fullmatch=True))
def test_what_the_pattern_takes_is_understood_and_nothing_else(type_, raw):
    """openapi.json states the pattern, so it must tell the truth."""
    if re.fullmatch(PATTERNS[type_], raw):
        parse_filter("x", type_, raw)
    else:
        with pytest.raises(QueryError):
            parse_filter("x", type_, raw)


@given(st.lists(TEXT.filter(lambda text: "|" not in text), min_size=1, max_size=1))
def test_one_value_survives_the_address_whatever_it_holds(values):
    assert parse_filter("x", "VARCHAR", any_of(values)) == Filter("x", "any", tuple(values))


@given(
    st.lists(
        st.from_regex(r"[a-z0-9][a-z0-9.-]{0,3}", fullmatch=True).filter(lambda code: ".." not in code), min_size=1, max_size=9, unique=True
    )
)
def test_several_ids_survive_the_address(values):
    assert parse_filter("x", "VARCHAR", any_of([value for value in values if value != "null"] or ["a"])).kind == "any"


def test_a_query_is_written_as_it_was_read():
    items = [
        ("memory_gb", "80.."),
        ("name", "~h"),
        ("q", "nvidia"),
        ("columns", "name,memory_gb"),
        ("sort", "-memory_gb"),
        ("limit", "5"),
        ("offset", "2"),
    ]
    query = parse_query("chips", TYPES, items)
    assert query.written() == items
    assert parse_query("chips", TYPES, query.written()) == query
    assert query.address("csv").startswith("api/v1/tables/chips.csv?memory_gb=80..&name=~h&q=nvidia")


@pytest.mark.parametrize(
    "item",
    [("nope", "1"), ("limit", "-1"), ("limit", "1.5"), ("offset", "x"), ("sort", "nope"), ("sort", "--name"), ("columns", "name,nope"), ("columns", ","), ("columns", ""), ("sort", ""), ("sort", "-"), ("q", "x" * 201)],
)  # fmt: skip
def test_a_query_that_cannot_be_answered_says_which_part(item):
    with pytest.raises(QueryError, match="has no column" if item[0] in ("nope", "sort", "columns") else item[0]):
        parse_query("chips", TYPES, [item])


def test_a_part_that_stands_twice_is_refused_and_a_column_may():
    with pytest.raises(QueryError, match="twice"):
        parse_query("chips", TYPES, [("limit", "1"), ("limit", "2")])
    assert len(parse_query("chips", TYPES, [("memory_gb", "1.."), ("memory_gb", "..5")]).filters) == 2
    with pytest.raises(QueryError, match="more than 5 times"):
        parse_query("chips", TYPES, [("memory_gb", "1..")] * 6)


def test_no_column_has_the_name_of_another_part_of_an_address(database):
    columns = {column for table in TABLES.values() for column in table.column_names}
    data = next(page for page in PAGES if page.NAME == "data")
    own = {part.name for part in data.parameters(ui.Page(None, words(), database, "data")) if not isinstance(part, ColumnFilter)}
    taken = {*own, *GLOBAL_NAMES, HERE, "embed", "embed_options"}
    assert columns & {*RESERVED, *taken} == set()
    assert Query("x").written() == []
