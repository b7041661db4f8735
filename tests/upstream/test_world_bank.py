"""World Bank: answers of the indicator API."""

import pytest

from atlas.upstream.layer import Drift
from atlas.upstream.world_bank import ADAPTERS, INDICATORS
from tests.upstream.layers import as_json, decide, facts, parse, problems, spoiled, survives_junk, values

(ADAPTER,) = ADAPTERS
COUNTRIES = {"KOR": ("KR", "Korea, Rep."), "EUU": ("EU", "European Union"), "WLD": ("1W", "World"), "AFG": ("AF", "Afghanistan"), "AFE": ("ZH", "Africa Eastern and Southern")}  # fmt: skip


def answer(code, *cells, **meta):
    """An answer with rows of (country, year, value)."""
    rows = [
        {
            "indicator": {"id": code, "value": "An indicator"},
            "country": dict(zip(("id", "value"), COUNTRIES[iso3], strict=True)),
            "countryiso3code": iso3,
            "date": year,
            "value": value,
            "unit": "",
            "obs_status": "",
            "decimal": 0,
        }
        for iso3, year, value in cells
    ]
    return [{"page": 1, "pages": 1, "per_page": 20000, "total": len(rows), "sourceid": "2", "lastupdated": "2026-10-07"} | meta, rows]


def answers(*cells):
    """The files of a refresh: these cells of the population, and one of every other indicator."""
    files = {f"{code}.json": as_json(answer(code, ("KOR", "2024", 1))) for code in INDICATORS}
    files["SP.POP.TOTL.json"] = as_json(answer("SP.POP.TOTL", *cells))
    return files


@pytest.fixture
def folder(folder):
    folder.add("indicators", *({"indicator_id": name, "name": name, "unit": "u", "description": "d"} for name in INDICATORS.values()))
    return folder


def test_every_indicator_gives_observations(folder):
    layer = parse(ADAPTER, folder, answers(("KOR", "2024", 51751065), ("WLD", "2024", 8.1e9), ("EUU", "2024", 449_000_000)))
    assert values(layer, "observations", "iso3", "indicator_id", "year", "value") == {
        ("KOR", "gdp-usd", "2024", "1"),
        ("KOR", "rd-spend-pct-gdp", "2024", "1"),
        ("KOR", "population", "2024", "51751065"),
        ("WLD", "population", "2024", "8100000000"),
        ("EUU", "population", "2024", "449000000"),
    }
    assert problems(folder, ADAPTER, layer) == []


def test_values_have_the_decimals_of_our_rows(folder):
    gdp, research = (as_json(answer(code, ("KOR", "2024", 1869285340219.4567))) for code in ("NY.GDP.MKTP.CD", "GB.XPD.RSDV.GD.ZS"))
    layer = parse(ADAPTER, folder, answers(("KOR", "2024", 1)) | {"NY.GDP.MKTP.CD.json": gdp, "GB.XPD.RSDV.GD.ZS.json": research})
    assert values(layer, "observations", "indicator_id", "value") >= {
        ("gdp-usd", "1869285340219"),
        ("rd-spend-pct-gdp", "1869285340219.457"),
    }


@pytest.mark.parametrize("unknown", [None, "", "..", "n/a"])
def test_a_year_without_a_value_is_unknown_and_not_zero(folder, unknown):
    layer = parse(ADAPTER, folder, answers(("KOR", "2024", unknown), ("KOR", "2023", 0)))
    assert values(layer, "observations", "year", "value", "indicator_id") >= {("2023", "0", "population")}
    assert ("2024", "population") not in values(layer, "observations", "year", "indicator_id")
    assert layer.dropped["no value"] == 1


def test_groups_and_countries_that_the_atlas_does_not_cover_are_counted(folder):
    layer = parse(ADAPTER, folder, answers(("AFE", "2024", 1), ("AFG", "2024", 2), ("AFG", "2023", 2)))
    assert layer.dropped == {"group or country that the Atlas does not cover": 3}
    assert not any(code == "population" for (code,) in values(layer, "observations", "indicator_id"))


def test_a_country_is_found_by_its_two_letters_and_by_a_decision(folder):
    decide(folder, "country,Afghanistan,FRA")
    content = answer("SP.POP.TOTL", ("KOR", "2024", 1), ("AFG", "2024", 2))
    content[1][0]["countryiso3code"] = "ROK"
    layer = parse(ADAPTER, folder, answers() | {"SP.POP.TOTL.json": as_json(content)})
    assert values(layer, "observations", "iso3", "value", "indicator_id") >= {("KOR", "1", "population"), ("FRA", "2", "population")}


def test_a_curated_observation_stays(folder):
    folder.add("observations", {"iso3": "KOR", "indicator_id": "population", "year": "2024", "value": "50"})
    layer = parse(ADAPTER, folder, answers(("KOR", "2024", 51)))
    assert facts(layer) == {("observations", "KOR/population/2024", "value"): "51"}


REFUSAL = [{"message": [{"id": "120", "key": "Invalid value", "value": "The provided parameter value is not valid"}]}]
CELL = ("KOR", "2024", 1)
NAMELESS = answer("SP.POP.TOTL", CELL)
del NAMELESS[1][0]["countryiso3code"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (REFUSAL, "the World Bank answers .*not valid"),
        (answer("SP.POP.TOTL", CELL, pages=3), "comes in 3 pages"),
        (answer("SP.POP.TOTL", CELL, total=2), "has 1 of 2 rows"),
        (answer("SP.POP.TOTL"), "has 0 of 0 rows"),
        (answer("SP.POP.TOTL", CELL)[:1], "has nothing at 1"),
        (answer("NY.GDP.MKTP.CD", CELL), "holds the indicator NY.GDP.MKTP.CD"),
        (NAMELESS, "has nothing at countryiso3code"),
        ([NAMELESS[0], [None]], "has nothing at indicator / id"),
        ({"value": []}, "has nothing at 0"),
        ([], "has nothing at 0"),
        (7, "has nothing at 0"),
    ],
)
def test_an_answer_of_another_form_is_drift(folder, content, said):
    with pytest.raises(Drift, match=f"SP.POP.TOTL.json.*{said}"):
        parse(ADAPTER, folder, answers(CELL) | {"SP.POP.TOTL.json": as_json(content)})


@spoiled
def test_a_spoiled_file_is_drift(folder, content):
    with pytest.raises(Drift, match=r"SP\.POP\.TOTL\.json"):
        parse(ADAPTER, folder, answers(CELL) | {"SP.POP.TOTL.json": content})


def test_junk_in_any_part_of_an_answer_is_drift_or_unknown(folder):
    refused, read = survives_junk(ADAPTER, folder, answers(("KOR", "2024", 1), ("AFG", "2023", None)), "SP.POP.TOTL.json")
    assert refused > 0
    assert read > 0
