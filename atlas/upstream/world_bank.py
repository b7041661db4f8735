"""World Bank: answers of its indicator API in, observations per country and year out."""

from collections.abc import Mapping
from pathlib import Path

from atlas.upstream.known import Known
from atlas.upstream.layer import Adapter, Drift, File, Layer
from atlas.upstream.placing import Figure, place
from atlas.upstream.reading import as_cell, number, one_line, read_json, year

INDICATORS = {  # World Bank code -> ours, where definition and unit are the same
    "NY.GDP.MKTP.CD": "gdp-usd",
    "SP.POP.TOTL": "population",
    "GB.XPD.RSDV.GD.ZS": "rd-spend-pct-gdp",
}


def read_answer(path: Path) -> list[dict]:
    """The rows of an answer `[meta, rows]` of one page; Drift with the World Bank's own words where it refuses."""
    answer = read_json(path)
    if not isinstance(answer, list) or not answer or not isinstance(answer[0], dict):
        raise Drift(f"{path.name} is not an answer of the form [meta, rows]")
    meta = answer[0]
    if "message" in meta:
        raise Drift(f"{path.name}: the World Bank answers {meta['message']}")
    rows = answer[1] if len(answer) > 1 else None
    if meta.get("pages") != 1:
        raise Drift(f"{path.name} comes in {meta.get('pages')} pages instead of 1: ask for more rows a page")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise Drift(f"{path.name} has no rows")
    if meta.get("total") != len(rows):
        raise Drift(f"{path.name} has {len(rows)} of {meta.get('total')} rows")
    return rows


def parse(files: Mapping[str, Path], known: Known) -> Layer:
    """Years without a value are unknown and give no row. Regions, income groups and countries that the Atlas does not cover are left out and counted."""
    layer, figures = Layer(), []
    for code, indicator in INDICATORS.items():
        path = files[f"{code}.json"]
        for row in read_answer(path):
            try:
                answered, two_letters, name, iso3 = (
                    row["indicator"]["id"],
                    row["country"]["id"],
                    row["country"]["value"],
                    row["countryiso3code"],
                )
                observed, value = year(row["date"]), number(row["value"])
            except (KeyError, TypeError) as error:
                raise Drift(f"{path.name} has a row without {error}") from error
            if answered != code:
                raise Drift(f"{path.name} holds the indicator {answered}")
            layer.read += 1
            ours = known.country(iso3) or known.country(two_letters) or known.country(name)
            if value is None:
                layer.dropped["no value"] += 1
            elif observed is None:
                layer.dropped["not a year from 1990 on"] += 1
            elif ours:
                cells = {"iso3": ours, "indicator_id": indicator, "year": observed, "value": as_cell(value), "confidence": "official"}
                page = f"https://data.worldbank.org/indicator/{code}"
                figures.append(Figure(cells | {"source_id": "upstream-world-bank", "note": ""}, f"{one_line(name)}, {code}", page))
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
