"""World Bank: answers of its indicator API in, observations per country and year out."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from atlas.upstream.known import Known
from atlas.upstream.layer import Adapter, Drift, File, Layer
from atlas.upstream.placing import Figure, place
from atlas.upstream.reading import as_cell, member, number, one_line, read_json, year

INDICATORS = {
    "NY.GDP.MKTP.CD": "gdp-usd",
    "SP.POP.TOTL": "population",
    "GB.XPD.RSDV.GD.ZS": "rd-spend-pct-gdp",
}  # definition and unit are the same
DECIMALS = {"gdp-usd": 0, "population": 0, "rd-spend-pct-gdp": 3}  # those of our rows, so that a comparison tells of other values only


@dataclass(frozen=True)
class Cell:
    """One row of an answer. `value` is None where it is not known; the codes of regions and income groups are none of countries."""

    iso3: str
    iso2: str
    name: str
    year: str | None
    value: float | None


def read_answer(path: Path, code: str) -> list[Cell]:
    """The cells of an answer `[meta, rows]` of one page; Drift with the World Bank's own words where it refuses."""
    answer = read_json(path)
    meta = member(answer, 0, kind=dict, file_name=path.name)
    if "message" in meta:
        raise Drift(f"{path.name}: the World Bank answers {meta['message']}")
    if meta.get("pages") != 1:
        raise Drift(f"{path.name} comes in {meta.get('pages')} pages instead of 1: ask for more rows a page")
    rows = member(answer, 1, kind=list, file_name=path.name)
    if not rows or meta.get("total") != len(rows):
        raise Drift(f"{path.name} has {len(rows)} of {meta.get('total')} rows")
    cells = []
    for row in rows:
        text = partial(member, row, kind=str, file_name=path.name)
        if text("indicator", "id") != code:
            raise Drift(f"{path.name} holds the indicator {text('indicator', 'id')}")
        value = number(member(row, "value", kind=object, file_name=path.name))
        cells.append(Cell(text("countryiso3code"), text("country", "id"), one_line(text("country", "value")), year(text("date")), value))
    return cells


def parse(files: Mapping[str, Path], known: Known) -> Layer:
    """Years without a value are unknown and give no row. Regions, income groups and countries that the Atlas does not cover are left out and counted."""
    layer, figures = Layer(), []
    for code, indicator in INDICATORS.items():
        for cell in read_answer(files[f"{code}.json"], code):
            layer.read += 1
            if cell.value is None:
                layer.dropped["no value"] += 1
            elif cell.year is None:
                layer.dropped["not a year from 1990 on"] += 1
            elif iso3 := known.country(cell.iso3) or known.country(cell.iso2) or known.country(cell.name):
                row = {
                    "iso3": iso3,
                    "indicator_id": indicator,
                    "year": cell.year,
                    "value": as_cell(round(cell.value, DECIMALS[indicator])),
                    "confidence": "official",
                }
                page = f"https://data.worldbank.org/indicator/{code}"
                figures.append(Figure(row | {"source_id": "upstream-world-bank", "note": ""}, f"{cell.name}, {code}", page))
            else:
                layer.dropped["group or country that the Atlas does not cover"] += 1
    place(layer, known, "observations", figures)
    return layer


ADAPTERS = (
    Adapter(
        name="world-bank",
        publisher="World Bank",
        title="World Development Indicators: GDP, population, R&D",
        page="https://data.worldbank.org/",
        licence="CC-BY-4.0",
        files=tuple(
            File(f"{code}.json", (f"https://api.worldbank.org/v2/country/all/indicator/{code}?format=json&per_page=20000&date=2015:2026",))
            for code in INDICATORS
        ),
        parse=parse,
        note="Taiwan is not in it. The last years of R&D are missing for many countries.",
    ),
)
