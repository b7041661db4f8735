"""Wikidata: items that bear a name of ours."""

from urllib.parse import unquote

import pytest

from atlas.upstream.layer import Drift
from atlas.upstream.wikidata import ADAPTERS, LONGEST_URL, VARIABLES
from tests.upstream.layers import as_json, fact_of, facts, known, parse, spoiled, survives_junk

(ADAPTER,) = ADAPTERS


def results(*rows, variables=VARIABLES):
    """SPARQL JSON results of rows of text; a value that is None is not bound."""
    bindings = [
        {name: {"type": "uri" if name == "item" else "literal", "value": value} for name, value in row.items() if value} for row in rows
    ]
    return {"head": {"vars": list(variables)}, "results": {"bindings": bindings}}


def row(item="Q50", name="SK hynix", **values):
    return {
        "item": f"http://www.wikidata.org/entity/{item}",
        "name": name,
        "label_en": "SK Hynix Inc.",
        "label_ko": "SK하이닉스",
        "iso3": "KOR",
    } | values


@pytest.fixture
def folder(folder):
    for org_id, name, local_name, iso3, kind in (
        ("sk-hynix", "SK hynix", "SK하이닉스", "KOR", "company"), ("sk-group", "SK Group", "", "KOR", "company"),
        ("orange", "Orange", "", "FRA", "company"), ("homeless", "Homeless", "", "", "company"), ("total", "All suppliers", "", "", "aggregate"),
    ):  # fmt: skip
        folder.add("organisations", {"org_id": org_id, "name": name, "local_name": local_name, "iso3": iso3, "kind": kind, "sector": "s"})
    return folder


def layer_of(folder, *rows):
    return parse(ADAPTER, folder, {"organisations-01.json": as_json(results(*rows))})


def test_an_item_of_the_same_name_and_country_gives_facts(folder):
    layer = layer_of(folder, row(label_fr="SK Hynix SA", parent="SK Square"))
    assert facts(layer) == {
        ("organisations", "sk-hynix", "label_en"): "SK Hynix Inc.",
        ("organisations", "sk-hynix", "label_fr"): "SK Hynix SA",
        ("organisations", "sk-hynix", "label_ko"): "SK하이닉스",
        ("organisations", "sk-hynix", "iso3"): "KOR",
        ("organisations", "sk-hynix", "parent"): "SK Square",
    }
    assert (fact_of(layer, "iso3").upstream_name, fact_of(layer, "iso3").url) == ("SK Hynix Inc.", "https://www.wikidata.org/entity/Q50")
    assert (layer.rows, layer.doubtful) == ({}, [])
    assert ADAPTER.is_redistributable


def test_a_parent_of_ours_is_given_by_its_id(folder):
    assert facts(layer_of(folder, row(parent="SK Group")))["organisations", "sk-hynix", "parent_org_id"] == "sk-group"


def test_two_parents_are_both_named(folder):
    assert (
        facts(layer_of(folder, row(parent="SK Square"), row(parent="SK Group")))["organisations", "sk-hynix", "parent"]
        == "SK Group;SK Square"
    )


def test_a_match_may_come_from_a_local_name(folder):
    assert ("organisations", "sk-hynix", "iso3") in facts(layer_of(folder, row(name="SK하이닉스", label_en=None)))


def test_several_items_of_one_organisation_are_doubtful(folder):
    layer = layer_of(folder, row(), row("Q51", label_en="SK hynix"))
    assert layer.facts == []
    assert [(doubt.upstream_name, doubt.thing_id, doubt.reason) for doubt in layer.doubtful] == [
        ("SK Hynix Inc. (Q50)", "sk-hynix", "several items of this name in this country"),
        ("SK hynix (Q51)", "sk-hynix", "several items of this name in this country"),
    ]


def test_a_namesake_in_another_country_does_not_hide_the_one_at_home(folder):
    layer = layer_of(folder, row(), row("Q51", iso3="USA"))
    assert {fact.url for fact in layer.facts} == {"https://www.wikidata.org/entity/Q50"}
    assert layer.doubtful == []


@pytest.mark.parametrize(
    ("found", "reason"),
    [(row(iso3="USA"), "the country is USA"), (row(iso3=None), "the country is not stated"), (row(name="Homeless", label_en="Homeless", label_ko=None), "the country is KOR")],
)  # fmt: skip
def test_the_same_name_alone_is_doubtful(folder, found, reason):
    layer = layer_of(folder, found)
    assert layer.facts == []
    assert [doubt.reason for doubt in layer.doubtful] == [reason]


def test_an_item_that_bears_names_of_two_of_ours_is_doubtful(folder):
    layer = layer_of(folder, row(), row(name="SK Group"))
    assert layer.facts == []
    assert [(doubt.thing_id, doubt.reason) for doubt in layer.doubtful] == [
        (name, "it bears names of sk-group and sk-hynix") for name in ("sk-group", "sk-hynix")
    ]


def test_a_similar_name_is_no_match(folder):
    layer = layer_of(folder, row(name="SK hynix system ic", label_en="SK hynix system ic", label_ko=None))
    assert (layer.facts, layer.doubtful) == ([], [])


def test_nothing_found_is_no_error(folder):
    assert layer_of(folder).facts == []


def test_all_names_are_asked_for_in_addresses_that_are_short_enough(folder):
    folder.add("organisations", *({"org_id": f"org-{number}", "name": f'The "{number}" works', "local_name": f"조직 {number}", "iso3": "KOR",
                                   "kind": "company", "sector": "s"} for number in range(300)))  # fmt: skip
    files = ADAPTER.files_for(known(folder))
    queries = [unquote(file.urls[0]) for file in files]
    assert len({file.name for file in files}) == len(files) > 1
    assert max(len(file.urls[0]) for file in files) <= LONGEST_URL
    for literal in ('"SK hynix"@en', '"SK하이닉스"@ko', '"The \\"299\\" works"@en', '"조직 299"@ko', '"Orange"@en'):
        assert sum(f" {literal} " in query for query in queries) == 1, literal
    assert not any("All suppliers" in query for query in queries)
    assert all(queries[0].count(f"?{name}") > 1 for name in VARIABLES)  # asked for and bound


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (results(row(), variables=["item", "name"]), "lacks the variables label_en"),
        (results({"name": "SK hynix"}), "without item or name"),
        (results(row() | {"item": "https://example.org/Q50"}), "without item or name"),
        ({"head": {}}, "has nothing at head / vars"),
        ({"head": {"vars": list(VARIABLES)}, "results": {"bindings": [7]}}, "'7' at a row, which is no dict"),
        ([], "has nothing at head / vars"),
        ("text", "has nothing at head / vars"),
    ],
)
def test_an_answer_of_another_form_is_drift(folder, content, said):
    with pytest.raises(Drift, match=rf"organisations-01\.json.*{said}"):
        parse(ADAPTER, folder, {"organisations-01.json": as_json(content)})


@spoiled
def test_a_spoiled_file_is_drift(folder, content):
    with pytest.raises(Drift, match=r"organisations-01\.json"):
        parse(ADAPTER, folder, {"organisations-01.json": content})


def test_junk_in_any_part_of_an_answer_is_drift_or_unknown(folder):
    refused, read = survives_junk(ADAPTER, folder, {"all.json": as_json(results(row(parent="SK Square"), row("Q51")))}, "all.json")
    assert refused > 0
    assert read > 0
