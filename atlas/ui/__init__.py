"""Drawing with Streamlit: what a page is given, the choice and its address, tables, and the one card that shows every chart. Only shell and pages draw beside it."""

from atlas.texts import escape
from atlas.ui.address import choice, coming, follow_url, link_here, profile_link, query_for, tabs
from atlas.ui.figure_card import SOURCE_COLUMNS, card, show, sources_of, table_card
from atlas.ui.page import Page
from atlas.ui.table import show_table

__all__ = [
    "SOURCE_COLUMNS",
    "Page",
    "card",
    "choice",
    "coming",
    "escape",
    "follow_url",
    "link_here",
    "profile_link",
    "query_for",
    "show",
    "show_table",
    "sources_of",
    "table_card",
    "tabs",
]
