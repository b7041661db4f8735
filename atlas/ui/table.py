"""A frame as a table: headers in words, numbers as the reader writes them, names that lead to profiles."""

import datetime
import numbers
import re
from collections.abc import Mapping
from urllib.parse import quote, urlencode

import numpy as np
import pandas as pd
import streamlit as st

from atlas import codes
from atlas.selection import shared_query
from atlas.texts import Words, escape
from atlas.ui.address import profile_address, profile_link
from atlas.ui.page import Page

SITE = re.compile(r"https?://(?:www\.)?([^/]+)")  # what a link is shown as: its whole address takes the width of the table
TABLE_MOST_ROWS, PAPER_MOST_ROWS = 5000, 200
# Columns that hold the name of one thing, and of which kind it is where names of two kinds are the same; and those that may hold several.
NAMED = {
    "name": "", "thing": "", "company": "organisation", "member": "organisation", "lead": "organisation", "receiver": "organisation", "provider": "organisation",
    "vendor": "organisation", "supplier": "organisation", "customer": "organisation", "maker": "organisation", "organisation": "organisation",
    "programme": "programme", "consortium": "consortium", "chip": "chip", "machine": "site", "site": "site", "model": "model", "country": "country",
    "home_country": "country", "designer_country": "country", "supplier_country": "country", "reporter": "country", "partner": "country",
}  # fmt: skip
LISTED = ("owners", "operators", "tenants", "run_by", "companies", "foundries", "memory_makers", "packagers", "chip_names", "members")
WIDTHS = {"indicator": 220, "confidence": 150, "date": 105, "title": 400}  # where the longest cell says more than the column would show


def show_table(page: Page, frame: pd.DataFrame, *, key: str, height: int | str = "auto", meanings: Mapping[str, str] | None = None, pinned: str | None = None) -> None:  # fmt: skip
    """A frame as a sortable table: headers in words (what a column means as their help), codes in words (in raw tables, which have `meanings`, as they are), numbers in the reader's own form, links as links."""
    words = page.words
    if page.is_on_paper:
        _on_paper(page, frame, is_raw=meanings is not None)
        return
    shown = frame.head(TABLE_MOST_ROWS)
    config: dict[str, object] = {}
    for column in shown.columns:
        label = column if meanings is not None else _label(words, column)
        about = {
            "help": (meanings or {}).get(column),
            "width": WIDTHS.get(column) if meanings is None else None,
            "pinned": column == pinned,
        }
        if meanings is None and column in codes.VOCABULARIES:
            shown = shown.assign(**{column: codes.in_words(words, column, shown[column])})
        # Raw tables hold ids, the others names.
        kind = NAMED.get(column) if meanings is None else "id" if column.endswith(("_id", "iso3")) else None
        links = page.once(f"{key}/{column}", lambda kind=kind, names=shown[column]: _links(page, kind, names)) if kind is not None else None
        if links:
            shown = shown.assign(**{column: links})
            config[column] = st.column_config.LinkColumn(label, display_text=r"#(.*)$", alignment="left", **about)
        elif column == "source_ids":
            shown = shown.assign(source_ids=[", ".join(ids) for ids in shown["source_ids"]])
            config[column] = st.column_config.TextColumn(label, **about | {"width": "medium"})
        elif column in ("url", "source_url") and shown[column].dropna().map(is_address).all():
            config[column] = st.column_config.LinkColumn(label, display_text=SITE.pattern, **about | {"width": "small"})
        elif pd.api.types.is_bool_dtype(shown[column]):
            config[column] = st.column_config.CheckboxColumn(label, **about)
        elif pd.api.types.is_numeric_dtype(shown[column]):
            wide = "medium" if (shown[column].abs() >= 1e9).any() else None  # a number is cut at its front where the column is too narrow
            config[column] = st.column_config.NumberColumn(
                label, format="localized" if not column.endswith("year") else "plain", **about | {"width": wide or about["width"]}
            )
        elif pd.api.types.is_datetime64_any_dtype(shown[column]):
            config[column] = st.column_config.DateColumn(label, format="YYYY-MM-DD", **about)
        else:
            config[column] = st.column_config.Column(label, **about)
    height = "content" if isinstance(height, int) and 36 * (len(shown) + 1) < height else height
    several = [column for column in LISTED if column in frame.columns and meanings is None and pd.api.types.is_string_dtype(frame[column])]
    picked = st.dataframe(
        shown,
        hide_index=True,
        column_config=config,
        key=key,
        height=height,
        alt=words("alt.table", rows=words.number(len(frame))),
        placeholder="",
        **({"on_select": "rerun", "selection_mode": "single-row"} if several else {}),
    )
    if several and picked.selection.rows:
        row = frame.iloc[picked.selection.rows[0]]
        names = dict.fromkeys(name for column in several if isinstance(row[column], str) for name in row[column].split(", "))
        with st.container(horizontal=True):
            for name in names:
                if thing := page.things[1].get(("", name)):
                    profile_link(page, thing, name)
    if len(frame) > len(shown):
        st.caption(words("table.cut", shown=words.number(len(shown)), rows=words.number(len(frame))))


def _label(words: Words, column: str) -> str:
    return words(f"column.{column}") if words.has(f"column.{column}") else column.replace("_", " ")


def _on_paper(page: Page, frame: pd.DataFrame, *, is_raw: bool) -> None:
    """The same rows as text: a table that scrolls would be cut on paper."""
    words, shown = page.words, frame.head(PAPER_MOST_ROWS)
    cells = {
        column if is_raw else _label(words, column): [
            _as_text(words, column, cell) for cell in (shown[column] if is_raw else codes.in_words(words, column, shown[column]))
        ]
        for column in shown.columns
        if column != "source_ids"  # whose titles stand at the end of the page
    }
    st.table(pd.DataFrame(cells), border="horizontal", hide_index=True)
    if len(frame) > len(shown):
        st.caption(words("table.cut", shown=words.number(len(shown)), rows=words.number(len(frame))))


def _as_text(words: Words, column: str, cell) -> str:
    if isinstance(cell, bool | np.bool_):
        return words("yes") if cell else ""
    if not isinstance(cell, str) and not pd.api.types.is_scalar(cell):
        return ", ".join(map(str, cell))
    if pd.isna(cell):
        return ""
    if isinstance(cell, datetime.date):
        return cell.isoformat()[:10]
    if isinstance(cell, numbers.Number):
        return str(int(cell)) if column.endswith("year") else words.number(cell)
    return escape(SITE.match(cell)[1] if is_address(cell) else str(cell))


def is_address(cell) -> bool:
    """Whether a cell is an address of the web: nothing else may become a link."""
    return isinstance(cell, str) and cell.startswith(("https://", "http://"))


def _links(page: Page, kind: str, names: pd.Series) -> list[str | None]:
    """The addresses behind the names (or, of kind "id", the ids) in a column of a table; empty where none of them has a profile."""
    things, ids = page.things
    if kind == "id":
        found = {name: name for name in names.dropna() if name in things}
    else:
        found = {name: thing for name in names.dropna() if (thing := ids.get((kind, name)) or ids.get(("", name)))}
    return [_linked(page, found, name) for name in names] if found else []


def _linked(page: Page, found: Mapping[str, str], name) -> str | None:
    """The address behind one name; a name that has no profile leads to the rows about it."""
    if not isinstance(name, str) or not name:
        return None
    if name in found:
        return profile_address(page, found[name], name)
    return f"data?{urlencode(shared_query(page.chosen) | {'table': 'organisations', 'q': name}, safe=',')}#{quote(name)}"
