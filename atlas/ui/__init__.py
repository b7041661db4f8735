"""Drawing with Streamlit: what a page is given, the choice and its address, tables, and the one card that shows every chart. Only shell and pages draw beside it."""

from atlas.texts import escape
from atlas.ui.address import address, browser_language, choice, coming, follow_url, link_here, parameters_of, profile_link, query_for, tabs
from atlas.ui.browser import close_button, copy_button, prepare, print_button
from atlas.ui.figure_card import SOURCE_COLUMNS, card, columns, resting_on, show, sources_of, table_card
from atlas.ui.page import Page
from atlas.ui.several import several
from atlas.ui.table import show_table

__all__ = [
    "SOURCE_COLUMNS",
    "Page",
    "address",
    "browser_language",
    "card",
    "choice",
    "close_button",
    "columns",
    "coming",
    "copy_button",
    "escape",
    "follow_url",
    "link_here",
    "parameters_of",
    "prepare",
    "print_button",
    "profile_link",
    "query_for",
    "resting_on",
    "several",
    "show",
    "show_table",
    "sources_of",
    "table_card",
    "tabs",
]
