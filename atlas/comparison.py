"""Countries side by side on every indicator: a reading in, rows with values, ranks and marks in words out. No Streamlit: the page and the briefing show them."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from atlas import measures
from atlas.cards import Reading, chosen_rows
from atlas.texts import Words


def compared(page: Reading) -> pd.DataFrame:
    """Every indicator of every country with its rank; see measures.comparison. The unit is in words; what is computed from today's stock has the month of the data."""
    return page.kept(("compared", page.evidence, page.chosen.scale, page.words.lang), lambda: _compared(page))


def _compared(page: Reading) -> pd.DataFrame:
    words = page.words
    frame = measures.comparison(
        page.read("indicator_values", evidence=page.evidence, scale=page.chosen.scale),
        page.dependence,
        page.read("leverage", evidence=page.evidence),
        tuple(page.read("countries", columns="iso3", where={"kind": ["country"]})["iso3"]),
    )
    today = page.read("data_date")["data_date"].iloc[0]
    return frame.assign(
        unit=[words.or_code("unit", unit) for unit in frame["unit"]],
        period=[period if isinstance(period, str) else f"{today:%Y-%m}" for period in frame["period"]],
    )


def indicator_name(words: Words, group_id: str, indicator_id: str, indicator: str | None) -> str:
    """The name of an indicator: that of the table of indicators, else a word of the interface."""
    if group_id == "dependence":
        return words.or_code("layer", indicator_id)
    if group_id == "leverage":
        return words.or_code("segment", indicator_id)
    return indicator if isinstance(indicator, str) else words.or_code("indicator", indicator_id)


@dataclass(frozen=True)
class Indicator:
    """One row of a comparison, for the countries chosen: a cell per country (value, mark, rank), empty where it is not known."""

    group_id: str
    indicator_id: str
    name: str
    unit: str
    direction: int
    known: int
    cells: Mapping[str, object]

    def said(self, words: Words, field: str) -> str:
        """What a field says for all countries: once where they agree, else with the countries that it holds for."""
        held: dict[str, list[str]] = {}
        for code, cell in self.cells.items():
            held.setdefault(getattr(cell, field), []).append(words.country(code))
        if len(held) == 1:
            return next(iter(held))
        return "; ".join(f"{text} ({', '.join(names)})" for text, names in held.items())

    def value(self, words: Words, code: str) -> str:
        """The value with its mark: a sign and a word."""
        if code not in self.cells:
            return words("unknown")
        cell = self.cells[code]
        return f"{words.amount(cell.value)} {words(f'compare.{cell.mark}')}" if cell.mark else words.amount(cell.value)

    def rank(self, words: Words, code: str) -> str:
        cell = self.cells.get(code)
        return words("compare.rank", rank=int(cell.rank), known=self.known) if cell and pd.notna(cell.rank) else ""


def indicators(page: Reading, frame: pd.DataFrame) -> list[Indicator]:
    """The rows of a comparison for the chosen countries, in order; what is known of none of them is left out."""
    words = page.words
    mine = chosen_rows(page, frame)
    mine = mine.assign(
        mark=measures.extremes(mine),
        confidence=[words(f"evidence.{kind}") if isinstance(kind, str) else words("compare.computed") for kind in mine["confidence"]],
    )
    cells: dict[tuple[str, str], dict[str, object]] = {}
    for cell in mine.itertuples():
        cells.setdefault((cell.group_id, cell.indicator_id), {})[cell.iso3] = cell
    made = []
    for row in frame.drop_duplicates(["group_id", "indicator_id"]).itertuples():
        if known := cells.get((row.group_id, row.indicator_id)):
            name = indicator_name(words, row.group_id, row.indicator_id, row.indicator)
            made.append(Indicator(row.group_id, row.indicator_id, name, row.unit, row.direction, int(row.known), known))
    return made


def compare_headline(page: Reading, frame: pd.DataFrame) -> str:
    """How often the country chosen first is ahead of the others, and how often behind all of them."""
    words, (first, *others) = page.words, page.chosen.countries
    best, worst, met = measures.tally(chosen_rows(page, frame), first)
    return words(
        "compare.headline" if met else "compare.headline.none",
        country=words.country(first),
        others=words.listing(map(words.country, others)),
        best=best,
        worst=worst,
        met=met,
    )
