"""Codes: a column of the data and its cells in, the cells in words out. Tables of raw data keep the codes."""

from collections.abc import Iterable

from atlas.texts import Words

# The beginnings of the texts for the codes of a column. Some columns of one name hold codes of several kinds: kinds of organisations, sites, chips, events, sources.
VOCABULARIES = {
    "basis": ("basis",),
    "budget_stage": ("stage",),
    "confidence": ("evidence",),
    "cost_basis": ("basis",),
    "flow": ("flow",),
    "from_scratch": ("from_scratch",),
    "funding": ("funding",),
    "h100e_basis": ("basis",),
    "item": ("item",),
    "kind": ("kind", "lane", "publisher", "thing"),
    "layer": ("layer", "brings"),
    "measured_by": ("measured",),
    "metric": ("metric",),
    "origin": ("origin", "country"),
    "part": ("part", "home", "exposed"),
    "product": ("product", "trade"),
    "purpose": ("purpose",),
    "relation": ("relation",),
    "resource": ("resource",),
    "role": ("role",),
    "round": ("round",),
    "scope": ("scope",),
    "sector": ("sector",),
    "segment_id": ("segment",),
    "stage": ("stage",),
    "statistic": ("statistic",),
    "status": ("status",),
    "table_name": ("table",),
    "unit": ("unit",),
}


def in_words(words: Words, column: str, cells: Iterable) -> list:
    """The cells of a column, codes in words; the vocabulary that knows most of the cells goes first, and what none knows (free text, a new code) stays."""
    cells = list(cells)
    codes = {cell for cell in cells if isinstance(cell, str)}
    vocabularies = sorted(VOCABULARIES.get(column, ()), key=lambda key: -sum(words.has(f"{key}.{code}") for code in codes))
    said = {code: next((words(f"{key}.{code}") for key in vocabularies if words.has(f"{key}.{code}")), code) for code in codes}
    return [said[cell] if isinstance(cell, str) else cell for cell in cells]
