"""ETO: provision of inputs by firms and countries."""

import pytest

from atlas.store import DATA_DIR
from atlas.upstream.eto import ADAPTERS, SEGMENTS
from atlas.upstream.known import read_rows
from atlas.upstream.layer import Drift
from tests.upstream.layers import as_csv, decide, facts, parse, problems, spoiled, values, without_column

(ADAPTER,) = ADAPTERS
HEADER = "provider_name,provider_id,provided_name,provided_id,share_provided,year,source"
INPUTS = as_csv("input_id,input_name,type,stage_name,stage_id,description,year", 'N20,EUV lithography tools,tool_resource,,,"Light of ""13.5 nm""\nand more",2024',
                "N19,Lithography tools,tool_resource,,,,2024")  # fmt: skip
PROVIDERS = as_csv("provider_name,alias,provider_id,provider_type,country", "NLD,Netherlands,P45,country,", "KOR,South Korea,P4,country,",
                   "ASML,,P88,organization,NLD", "Canon,,P159,organization,JPN", "Canon,Canon ANELVA,P159,organization,JPN",
                   "Nikon,,P89,organization,JPN", "Various countries,,P5,country,")  # fmt: skip
EUV = "EUV lithography tools,N20"


def tables(*provision, header=HEADER, inputs=INPUTS, providers=PROVIDERS):
    return {"provision.csv": as_csv(header, *provision), "inputs.csv": inputs, "providers.csv": providers}


@pytest.fixture
def folder(folder):
    folder.add(
        "countries",
        *(
            {"iso3": iso3, "iso2": iso2, "name": name, "kind": "country"}
            for iso3, iso2, name in (("NLD", "NL", "Netherlands"), ("JPN", "JP", "Japan"))
        ),
    )
    folder.add("organisations", *({"org_id": org_id, "name": name, "iso3": iso3, "kind": "company", "sector": "s"}
                                  for org_id, name, iso3 in (("asml", "ASML", "NLD"), ("canon", "Canon ANELVA", "JPN"), ("nikon", "Nikon", "KOR"))))  # fmt: skip
    folder.add("segments", *({"segment_id": name, "stage": "equipment", "position": position, "market_iso3": "WLD", "is_competitors_market": "yes",
                              "is_whole_market": "yes", "description": "d"} for position, name in enumerate(("lithography", "euv-lithography"), 1)))  # fmt: skip
    return folder


def test_a_firm_gives_a_market_share_that_no_chart_prefers(folder):
    layer = parse(
        ADAPTER, folder, tables(f"ASML,P88,{EUV},100.0,2024,CSET analysis", "ASML,P88,Lithography tools,N19,78.5,2024,CSET analysis")
    )
    columns = ("segment_id", "period", "metric", "tracker", "org_id", "share_pct", "is_preferred", "note")
    assert values(layer, "market_shares", *columns) == {
        ("euv-lithography", "2024", "revenue", "ETO", "asml", "100", "no", "CSET analysis"),
        ("lithography", "2024", "revenue", "ETO", "asml", "78.5", "no", "CSET analysis"),
    }
    assert problems(folder, ADAPTER, layer) == []


def test_the_share_of_a_country_is_a_fact_about_the_segment(folder):
    layer = parse(ADAPTER, folder, tables(f"NLD,P45,{EUV},100.0,2024,"))
    assert facts(layer) == {("segments", "euv-lithography", "share_pct_NLD_2024"): "100"}
    assert layer.rows == {}


def test_a_firm_is_found_by_any_of_its_aliases(folder):
    layer = parse(ADAPTER, folder, tables("Canon,P159,Lithography tools,N19,6.1,2024,"))
    assert values(layer, "market_shares", "org_id", "share_pct") == {("canon", "6.1")}


def test_older_tables_state_per_cent_signs_and_the_year_of_the_input(folder):
    header = "Order added,provider_name,provider_id,provided_name,provided_id,share_provided,negligible_share"
    older = tables(f"130,ASML,P88,{EUV},57%,", f"13,NLD,P45,{EUV},,negligible", header=header, providers=without_column(PROVIDERS, "alias"))
    layer = parse(ADAPTER, folder, older)
    assert values(layer, "market_shares", "period", "share_pct") == {("2024", "57")}
    assert problems(folder, ADAPTER, layer) == []


@pytest.mark.parametrize("share", ["", "negligible", "n/a", "101", "-1", "<1"])
def test_a_share_that_is_not_known_is_no_row(folder, share):
    layer = parse(ADAPTER, folder, tables(f"ASML,P88,{EUV},{share},2024,"))
    assert (layer.rows, layer.facts, layer.dropped) == ({}, [], {"no share stated": 1})


def test_a_share_of_zero_is_measured(folder):
    assert values(parse(ADAPTER, folder, tables(f"ASML,P88,{EUV},0.0,2024,")), "market_shares", "share_pct") == {("0",)}


def test_a_share_without_a_year_is_left_out(folder):
    layer = parse(ADAPTER, folder, tables("ASML,P88,EUV lithography tools,N999,50,,"))
    assert (layer.rows, layer.dropped) == ({}, {"no year stated": 1})


def test_what_is_none_of_ours_is_listed(folder):
    layer = parse(
        ADAPTER, folder, tables("ASML,P88,Dry etch tools,N103,1,2024,", f"Zeiss,P98,{EUV},1,2024,", f"Various countries,P5,{EUV},1,2024,")
    )
    assert {(name.kind, name.name) for name in layer.unmapped} == {
        ("segment", "Dry etch tools"),
        ("organisation", "Zeiss"),
        ("country", "Various countries"),
    }
    assert (layer.rows, layer.facts) == ({}, [])


def test_an_editor_may_map_an_input_and_set_another_aside(folder):
    decide(folder, "segment,Dry etch tools,lithography", "segment,EUV lithography tools,")
    layer = parse(ADAPTER, folder, tables("ASML,P88,Dry etch tools,N103,1,2024,", f"ASML,P88,{EUV},100,2024,"))
    assert values(layer, "market_shares", "segment_id", "share_pct") == {("lithography", "1")}
    assert (layer.unmapped, layer.dropped) == ([], {"segment that is none of ours": 1})


def test_a_namesake_in_another_country_is_doubtful(folder):
    layer = parse(ADAPTER, folder, tables("Nikon,P89,Lithography tools,N19,7,2024,"))
    assert layer.rows == {}
    assert [(doubt.thing_id, doubt.reason) for doubt in layer.doubtful] == [("nikon", "its country is JPN there and KOR here")]


def test_it_is_asked_for_by_name_only_and_never_published():
    assert ADAPTER.is_opt_in
    assert not ADAPTER.is_redistributable


def test_every_segment_of_the_table_is_one_of_ours():
    assert set(SEGMENTS.values()) <= {row["segment_id"] for row in read_rows(DATA_DIR / "segments.csv")}


@pytest.mark.parametrize(
    ("name", "column"),
    [("provision.csv", column) for column in ("provider_name", "provider_id", "provided_name", "provided_id", "share_provided")]
    + [("inputs.csv", "input_id"), ("inputs.csv", "year"), ("providers.csv", "provider_type"), ("providers.csv", "country")],
)
def test_a_missing_column_is_drift(folder, name, column):
    files = tables(f"ASML,P88,{EUV},100.0,2024,")
    with pytest.raises(Drift, match=f"{name} has no column {column}"):
        parse(ADAPTER, folder, files | {name: without_column(files[name], column)})


def test_the_marks_of_an_unfinished_merge_are_drift(folder):
    content = b"<<<<<<< Updated upstream\n" + tables(f"ASML,P88,{EUV},100.0,2024,")["provision.csv"] + b"=======\n"
    with pytest.raises(Drift, match=r"provision\.csv has no column provider_name"):
        parse(ADAPTER, folder, tables() | {"provision.csv": content})


@spoiled
@pytest.mark.parametrize("name", ["provision.csv", "inputs.csv", "providers.csv"])
def test_a_spoiled_file_is_drift(folder, name, content):
    with pytest.raises(Drift, match=name):
        parse(ADAPTER, folder, tables(f"ASML,P88,{EUV},100.0,2024,") | {name: content})
