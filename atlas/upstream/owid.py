"""Our World in Data: the file of a chart and its metadata in, observations per country and year out."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from atlas.upstream.known import Known
from atlas.upstream.layer import Adapter, Drift, File, Layer
from atlas.upstream.placing import Figure, place
from atlas.upstream.reading import as_cell, find_column, member, number, one_line, read_csv, read_json, year


@dataclass(frozen=True)
class Chart:
    """A chart of one series that measures one of our indicators, with the units in which it may state it and the decimals of our rows."""

    indicator_id: str
    decimals: int
    units: tuple[str, ...]


# R&D is read from the World Bank, where this source has it from: two layers must not give one key.
CHARTS = {
    "electricity-generation": Chart("electricity-generation-twh", 2, ("terawatt-hours", "TWh")),
    "carbon-intensity-electricity": Chart(
        "electricity-carbon-intensity",
        2,
        (
            "grams of CO₂ equivalents per kilowatt-hour",
            "grams of CO₂ equivalents per kilowatt-hour of electricity",
            "gCO₂/kWh",
            "gCO₂e/kWh",
        ),
    ),
    "share-electricity-renewables": Chart("electricity-renewables-share", 3, ("%",)),
    "share-electricity-low-carbon": Chart("electricity-low-carbon-share", 3, ("%",)),
}
SINCE = 2015  # as for the World Bank: the file holds all years, and a file of fewer years holds fewer countries too
GROUPS = {"OWID_WRL": "WLD", "OWID_EU27": "EUU"}  # its codes for groups that the Atlas has a row of


def read_metadata(path: Path, chart: Chart) -> tuple[str, str]:
    """The column and the citation of the chart's series in our unit. Where it states another unit the values would be wrong by a factor: that is Drift."""
    described = [
        series for series in member(read_json(path), "columns", kind=dict, file_name=path.name).values() if isinstance(series, dict)
    ]
    matching = [series for series in described if series.get("unit") in chart.units or series.get("shortUnit") in chart.units]
    if len(matching) != 1:
        units = ", ".join(str(series.get("unit")) for series in described)
        raise Drift(f"{path.name} has {len(matching)} series in {chart.units[0]}; it states {units or 'no unit'}")
    column, citation = (one_line(member(matching[0], name, kind=str, file_name=path.name)) for name in ("shortName", "citationShort"))
    if not citation:
        raise Drift(f"{path.name} has an empty citationShort, and the origin must be named")
    return column, citation


def parse(files: Mapping[str, Path], known: Known) -> Layer:
    """Empty cells are unknown and give no row. Continents, income groups and countries that the Atlas does not cover are left out and counted."""
    layer, figures = Layer(), []
    for slug, chart in CHARTS.items():
        column, citation = read_metadata(files[f"{slug}.metadata.json"], chart)
        path = files[f"{slug}.csv"]
        rows = read_csv(path, [column])
        entity, code, observed = (find_column(list(rows[0]), [name], path.name) for name in ("Entity", "Code", "Year"))
        layer.read += len(rows)
        for row in rows:
            value = number(row[column])
            if value is None:
                layer.dropped["no value"] += 1
            elif (year(row[observed]) or "") < str(SINCE):
                layer.dropped[f"before {SINCE}"] += 1
            elif iso3 := known.country(GROUPS.get(row[code], row[code])) or known.country(row[entity]):
                cells = {
                    "iso3": iso3,
                    "indicator_id": chart.indicator_id,
                    "year": row[observed],
                    "value": as_cell(round(value, chart.decimals)),
                    "confidence": "estimated",
                }
                page = f"https://ourworldindata.org/grapher/{slug}"
                figures.append(Figure(cells | {"source_id": "upstream-owid", "note": citation}, f"{row[entity]}, {slug}", page))
            else:
                layer.dropped["group or country that the Atlas does not cover"] += 1
    place(layer, known, "observations", figures)
    return layer


def files_of(slug: str) -> tuple[File, ...]:
    query = "v=1&csvType=full&useColumnShortNames=true"
    return tuple(
        File(f"{slug}.{form}", (f"https://ourworldindata.org/grapher/{slug}.{form}?{query}",)) for form in ("csv", "metadata.json")
    )


ADAPTERS = (
    Adapter(
        name="owid",
        publisher="Our World in Data",
        title="Electricity by country",
        page="https://ourworldindata.org/energy",
        licence="CC-BY-4.0, with the terms of each origin",
        files=tuple(file for slug in CHARTS for file in files_of(slug)),
        parse=parse,
        is_redistributable=False,  # the terms of the origins differ, and are not read here
        note="Processed by Our World in Data; the citation of the origin stands in the note of each row.",
    ),
)
