"""What other data sets say: the layers that a refresh brought, where they say otherwise than our rows, and what an editor has to decide."""

import pandas as pd
import streamlit as st

from atlas import ui
from pages.data.common import search_box

CARDS = ("layers", "upstream-values", "upstream-doubts", "upstream-names")


def show(page: ui.Page) -> None:
    words, layers = page.words, page.read("layer_list")
    if layers.empty:
        if not page.chosen.one("card"):
            st.info(words("upstream.none"), icon=":material/layers:")
        return
    if not page.chosen.one("card"):
        values = page.read("upstream_values", columns="count(*) AS facts, count_if(is_otherwise) AS otherwise").iloc[0]
        st.header(
            ui.escape(
                words(
                    "upstream.headline",
                    layers=len(layers),
                    rows=words.number(layers["rows_added"].sum()),
                    facts=words.number(values["facts"]),
                    otherwise=words.number(values["otherwise"]),
                )
            ),
            anchor=False,
        )
        st.caption(words("upstream.lead"))
    ui.table_card(page, "layers", layers, height=320)
    if not page.chosen.one("card"):
        search_box(page)
    for card, view in (
        ("upstream-values", "upstream_values"),
        ("upstream-doubts", "upstream_doubts"),
        ("upstream-names", "upstream_names"),
    ):
        frame = page.read(view, text=page.chosen.one("q"))
        ui.table_card(page, card, in_words(page, frame.drop(columns="about_id", errors="ignore")), empty=words("empty.rows"), height=420)


def in_words(page: ui.Page, frame: pd.DataFrame) -> pd.DataFrame:
    """Tables by their titles, and fields as the pages call them."""
    words = page.words
    named = {
        "table_name": lambda table: words.or_code("table", table),
        "field": lambda field: words.or_code("column", field),
    }
    return frame.assign(**{column: frame[column].map(name) for column, name in named.items() if column in frame})
