"""Drawing with Streamlit: what a page is given, the choice and its address, tables, the one card that shows every chart, and the frame around a page. Only shell and pages draw beside it."""

from atlas.texts import escape
from atlas.ui.address import browser_language, choice, coming, follow_url, link_here, parameters_of, profile_link, query_for, tabs
from atlas.ui.figure_card import card, show, side_by_side, table_card
from atlas.ui.frame import PAPER_WIDTH_PX, foot, top
from atlas.ui.page import Page
from atlas.ui.several import several
from atlas.ui.sources import SOURCE_COLUMNS, sources_of
from atlas.ui.table import show_table

__all__ = [
    "PAPER_WIDTH_PX",
    "SOURCE_COLUMNS",
    "Page",
    "browser_language",
    "card",
    "choice",
    "coming",
    "escape",
    "follow_url",
    "foot",
    "link_here",
    "parameters_of",
    "profile_link",
    "query_for",
    "several",
    "show",
    "show_table",
    "side_by_side",
    "sources_of",
    "table_card",
    "tabs",
    "top",
]
