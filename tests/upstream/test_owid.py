"""Our World in Data: charts and their metadata."""

import pytest

from atlas.upstream.layer import Drift
from atlas.upstream.owid import ADAPTERS, CHARTS
from atlas.upstream.world_bank import INDICATORS
from tests.upstream.layers import as_csv, as_json, facts, parse, problems, spoiled, survives_junk, values, without_column

(ADAPTER,) = ADAPTERS
SLUG, SERIES = "electricity-generation", "total_generation__twh"
HEADER = f"Entity,Code,Year,{SERIES}"


def metadata(**series):
    described = {"titleShort": "A title", "unit": "terawatt-hours", "shortUnit": "TWh", "shortName": SERIES, "lastUpdated": "2026-06-26",
                 "citationShort": "Ember (2026) – with major processing by Our World in Data"}  # fmt: skip
    return {"chart": {"title": "A chart"}, "columns": {"Total generation - TWh": described | series}, "dateDownloaded": "2026-11-20"}


def charts(*rows, header=HEADER):
    """The files of a refresh: these rows of electricity generation, and one of every other chart."""
    files = {}
    for slug, chart in CHARTS.items():
        files[f"{slug}.csv"] = as_csv(HEADER, "South Korea,KOR,2024,1")
        files[f"{slug}.metadata.json"] = as_json(metadata(unit=chart.units[0], shortUnit=chart.units[0]))
    files[f"{SLUG}.csv"] = as_csv(header, *rows)
    return files


@pytest.fixture
def folder(folder):
    folder.add(
        "indicators",
        *({"indicator_id": chart.indicator_id, "name": slug, "unit": "u", "description": "d"} for slug, chart in CHARTS.items()),
    )
    return folder


def generation(layer):
    return {
        row[:3] for row in values(layer, "observations", "iso3", "year", "value", "indicator_id") if row[3] == "electricity-generation-twh"
    }


def test_every_chart_gives_observations_with_their_citation(folder):
    layer = parse(
        ADAPTER, folder, charts("South Korea,KOR,2024,617.5", "World,OWID_WRL,2024,30000", "European Union (27),OWID_EU27,2024,2700.25")
    )
    assert generation(layer) == {("KOR", "2024", "617.5"), ("WLD", "2024", "30000"), ("EUU", "2024", "2700.25")}
    assert {name for (name,) in values(layer, "observations", "indicator_id")} == {chart.indicator_id for chart in CHARTS.values()}
    assert values(layer, "observations", "note") == {("Ember (2026) – with major processing by Our World in Data",)}
    assert problems(folder, ADAPTER, layer) == []


def test_values_have_the_decimals_of_our_rows(folder):
    assert generation(parse(ADAPTER, folder, charts("South Korea,KOR,2024,617.53499"))) == {("KOR", "2024", "617.53")}


def test_columns_may_be_written_small(folder):
    assert generation(parse(ADAPTER, folder, charts("South Korea,KOR,2024,617.5", header=HEADER.lower()))) == {("KOR", "2024", "617.5")}


def test_an_unknown_value_is_no_row_and_zero_is_one(folder):
    layer = parse(ADAPTER, folder, charts("South Korea,KOR,2024,", "South Korea,KOR,2023,n/a", "South Korea,KOR,2022,0.0"))
    assert generation(layer) == {("KOR", "2022", "0")}
    assert layer.dropped["no value"] == 2


def test_groups_old_years_and_countries_that_the_atlas_does_not_cover_are_counted(folder):
    layer = parse(ADAPTER, folder, charts("Asia,,2024,1", "Kosovo,OWID_KOS,2024,1", "South Korea,KOR,1985,1", "Afghanistan,AFG,2024,1"))
    assert generation(layer) == set()
    assert layer.dropped == {"group or country that the Atlas does not cover": 3, "before 2015": 1}


def test_no_other_layer_gives_the_same_observations():
    assert {chart.indicator_id for chart in CHARTS.values()}.isdisjoint(INDICATORS.values())


def test_a_curated_observation_stays(folder):
    folder.add("observations", {"iso3": "KOR", "indicator_id": "electricity-generation-twh", "year": "2024", "value": "600"})
    layer = parse(ADAPTER, folder, charts("South Korea,KOR,2024,617.5"))
    assert facts(layer) == {("observations", "KOR/electricity-generation-twh/2024", "value"): "617.5"}


@pytest.mark.parametrize(
    ("described", "said"),
    [
        (metadata(unit="gigawatt-hours", shortUnit="GWh"), "0 series in terawatt-hours; it states gigawatt-hours"),
        (metadata(shortName=None), "'None' at shortName, which is no str"),
        (metadata(citationShort=""), "an empty citationShort"),
        (metadata(shortName="another_series"), f"{SLUG}.csv has no column another_series"),
        ({"chart": {}}, "has nothing at columns"),
        ({"columns": {}}, "0 series"),
        ([], "has nothing at columns"),
    ],
)
def test_metadata_that_no_longer_fit_are_drift(folder, described, said):
    with pytest.raises(Drift, match=said):
        parse(ADAPTER, folder, charts("South Korea,KOR,2024,1") | {f"{SLUG}.metadata.json": as_json(described)})


@pytest.mark.parametrize("column", HEADER.split(","))
def test_a_missing_column_is_drift(folder, column):
    files = charts("South Korea,KOR,2024,1")
    with pytest.raises(Drift, match=f"no column {column}"):
        parse(ADAPTER, folder, files | {f"{SLUG}.csv": without_column(files[f"{SLUG}.csv"], column)})


@spoiled
@pytest.mark.parametrize("name", [f"{SLUG}.csv", f"{SLUG}.metadata.json"])
def test_a_spoiled_file_is_drift(folder, name, content):
    with pytest.raises(Drift, match=name):
        parse(ADAPTER, folder, charts("South Korea,KOR,2024,1") | {name: content})


def test_the_whole_file_of_a_chart_is_asked_for():
    addresses = {file.name: file.urls[0] for file in ADAPTER.files}
    assert addresses[f"{SLUG}.csv"] == f"https://ourworldindata.org/grapher/{SLUG}.csv?v=1&csvType=full&useColumnShortNames=true"
    assert addresses.keys() == charts().keys()


def test_junk_in_any_part_of_an_answer_is_drift_or_unknown(folder):
    refused, read = survives_junk(ADAPTER, folder, charts("South Korea,KOR,2024,1"), f"{SLUG}.metadata.json")
    assert refused > 0
    assert read > 0
