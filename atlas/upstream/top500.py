"""TOP500: lists of the 500 fastest supercomputers in, sums per country out. The lists have no open licence, so no single machine leaves this module."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import openpyxl

from atlas.upstream.known import Known
from atlas.upstream.layer import Adapter, Drift, File, Layer
from atlas.upstream.placing import Figure, list_strangers, place
from atlas.upstream.reading import as_cell, find_column, number, one_line, read_bytes

SYSTEMS = 500
# The unit stands in the header and has changed between lists. A bare "Rmax" was GFlop/s in one list and TFlop/s in another: it is not read.
RMAX = ("Rmax [TFlop/s]", "Rmax [PFlop/s]")
COUNTRY = ("Country", "Country/Region")
FILE_NAME = re.compile(r"TOP500_(\d{4})(06|11)\.xlsx")
LISTS = ("2024-11", "2025-06", "2025-11", "2026-06", "2026-11")


def list_date(path: Path, sheet_title: str) -> str:
    """The month of a list, of the name of its file. The sheet is titled with the number of the list, two of which come out a year since June 1993."""
    named = FILE_NAME.fullmatch(path.name)
    if not named:
        raise Drift(f"{path.name} does not name the month of its list: TOP500_202411.xlsx is that of November 2024")
    year, month = named.groups()
    list_number = 2 * (int(year) - 1993) + (1 if month == "06" else 2)
    if re.fullmatch(r"[0-9]+", sheet_title.strip()) and int(sheet_title) != list_number:
        raise Drift(f"{path.name} holds list {sheet_title.strip()}, and the list of {year}-{month} is number {list_number}")
    return f"{year}-{month}"


def read_sheet(path: Path) -> tuple[str, list[Sequence[object]]]:
    """Title and non-empty rows of the first sheet, the header first."""
    read_bytes(path)  # empty, or a web page in place of a spreadsheet
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = [row for row in sheet.iter_rows(values_only=True) if any(cell is not None for cell in row)]
        book.close()
    except Exception as error:  # the library lets through whatever zip, XML and cells raise on a damaged file
        raise Drift(f"{path.name} is no spreadsheet that can be read: {error}") from error
    if not rows:
        raise Drift(f"{path.name} has an empty sheet")
    return sheet.title, rows


def read_list(path: Path) -> tuple[str, list[tuple[str, float]]]:
    """The month of a list, and country and Rmax [PFLOP/s] of each of its 500 machines."""
    title, (first, *body) = read_sheet(path)
    header = [str(name or "") for name in first]
    country_column = find_column(header, COUNTRY, path.name)
    rmax_column = find_column(header, RMAX, path.name)
    pflops = 1e-3 if "tflop" in rmax_column.lower() else 1.0
    if len(body) != SYSTEMS:
        raise Drift(f"{path.name} has {len(body)} rows instead of {SYSTEMS}: it was cut, or is no full list")
    machines = []
    for line, row in enumerate(body, 2):
        cells = dict(zip(header, row, strict=False))  # a row that ends in empty cells may be shorter
        country, rmax = one_line(str(cells.get(country_column) or "")), number(cells.get(rmax_column))
        if not country or not rmax or rmax < 0:
            raise Drift(f"{path.name} row {line} has no {'country' if not country else rmax_column}: a sum without it would be too small")
        machines.append((country, rmax * pflops))
    return list_date(path, title), machines


def figures_of(as_of: str, machines: Iterable[tuple[str, float]], known: Known, strangers: Counter[tuple[str, str]]) -> list[Figure]:
    """Number, summed Rmax and share of Rmax per country, and the summed Rmax of the whole list. A country of none of our ids counts in the whole only."""
    by_name = defaultdict(list)
    for country, rmax in machines:
        by_name[country].append(rmax)
    whole = sum(map(sum, by_name.values()))
    by_country = defaultdict(list)
    for name, rmaxes in by_name.items():
        if iso3 := known.country(name):
            by_country[iso3] += rmaxes
        else:
            strangers["country", name] += len(rmaxes)

    def figure(iso3: str, indicator: str, value: float, note: str = "") -> Figure:
        row = {
            "iso3": iso3,
            "indicator_id": indicator,
            "as_of": as_of,
            "value": as_cell(value),
            "basis": "measured",
            "confidence": "reported",
        }
        page = f"https://www.top500.org/lists/top500/{as_of.replace('-', '/')}/"
        return Figure(row | {"source_id": "upstream-top500", "note": note}, f"TOP500 list of {as_of}", page)

    figures = [figure("WLD", "top500-rmax-pflops", round(whole, 1), "whole list")]
    for iso3, rmaxes in sorted(by_country.items()):
        figures += [
            figure(iso3, "top500-system-count", len(rmaxes)),
            figure(iso3, "top500-rmax-pflops", round(sum(rmaxes), 2)),
            figure(iso3, "top500-performance-share", round(100 * sum(rmaxes) / whole, 3)),
        ]
    return figures


def parse(files: Mapping[str, Path], known: Known) -> Layer:
    """Each file is one list; a list that is not out yet may be absent."""
    if not files:
        raise Drift("no list of the TOP500 was given")
    layer, figures, strangers = Layer(), [], Counter()
    for path in files.values():
        as_of, machines = read_list(path)
        layer.read += len(machines)
        figures += figures_of(as_of, machines, known, strangers)
    list_strangers(layer, known, strangers, "TOP500")
    place(layer, known, "country_series", figures)
    return layer


def file_of(as_of: str) -> File:
    year, month = as_of.split("-")
    name = f"TOP500_{year}{month}.xlsx"
    return File(name, (f"https://www.top500.org/lists/top500/{year}/{month}/download/{name}",), is_optional=True)


ADAPTERS = (
    Adapter(
        name="top500",
        publisher="TOP500",
        title="TOP500 lists, sums per country",
        page="https://www.top500.org/lists/top500/",
        licence="no open licence seen",
        files=tuple(map(file_of, LISTS)),
        parse=parse,
        is_redistributable=False,
        note="Machines that ran Linpack and were submitted; large AI clusters and Chinese machines of recent years are mostly absent.",
    ),
)
