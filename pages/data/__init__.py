"""Data: every table as it is, and what each of its rows rests on. A module per tab: parameters beyond those of the page, and show(page)."""

import streamlit as st

from atlas import ui
from atlas.selection import Parameter
from pages.common import show_tabs
from pages.data import changes, coverage, query, sources, tables, upstream

NAME, PATH, ICON = "data", "data", ":material/table_view:"
TABS = {
    "tables": tables.show,
    "sql": query.show,
    "sources": sources.show,
    "coverage": coverage.show,
    "changes": changes.show,
    "upstream": upstream.show,
}


def parameters(page: ui.Page) -> tuple[Parameter, ...]:
    layer_cards = upstream.CARDS if len(page.read("layer_list")) else ()
    return (
        Parameter("tab", (next(iter(TABS)),), TABS),
        Parameter("q", (), None),
        *tables.parameters(page),
        *sources.parameters(page),
        *coverage.parameters(page),
        *changes.parameters(page),
        *query.parameters(page),
        Parameter("card", (), ("rows", *query.CARDS, *sources.CARDS, *coverage.CARDS, *changes.cards(page), *layer_cards)),
    )


def show(page: ui.Page) -> None:
    words = page.words
    if not page.chosen.one("card"):
        state = page.read("data_state").iloc[0]
        tables = page.read("dictionary", columns="DISTINCT table_name")
        st.title(
            words("data.headline", rows=words.number(state["table_rows"]), tables=len(tables), sources=words.number(state["sources"])),
            anchor=False,
        )
        st.caption(words("data.lead", version=page.version, newest=state["newest_source"]))
    show_tabs(page, TABS)
