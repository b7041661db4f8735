"""What the tabs of the Data page share."""

import streamlit as st

from atlas import ui


def search_box(page: ui.Page) -> None:
    st.text_input(page.words("control.q"), key="choice:q", placeholder=page.words("control.q_placeholder"), icon=":material/search:")
