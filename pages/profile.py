"""Profile: everything about one organisation, site, chip, model, consortium, programme or country."""

import streamlit as st

from atlas import ui
from atlas.selection import Parameter

NAME, PATH, ICON = "profile", "profile", ":material/badge:"


def parameters(page: ui.Page) -> tuple[Parameter, ...]:
    return (Parameter("id", (), None), Parameter("card", (), ()))


def show(page: ui.Page) -> None:
    _, name = page.things[0].get(page.chosen.one("id"), ("", ""))
    st.title(ui.escape(name or page.words("profile.none")), anchor=False)
