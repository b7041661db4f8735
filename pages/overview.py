"""Overview: how far is each country from self-reliance, and what do others need from it? The finding first."""

import pandas as pd
import streamlit as st

from atlas import cards, ui
from atlas.cards import SEGMENTS
from atlas.selection import Parameter
from pages.common import (
    compute_by_state,
    contest_card,
    dependence_matrix,
    leverage_matrix,
    need_countries,
    need_hold,
    show_tabs,
    state_of_money,
)

NAME, PATH, ICON = "overview", "", ":material/hub:"


def parameters(page: ui.Page) -> tuple[Parameter, ...]:
    cards = ("dependence", "leverage", "contest", "compute-states", "hbm-companies", "need-hold", "money")
    return (Parameter("tab", (next(iter(TABS)),), TABS), Parameter("card", (), cards))


def show(page: ui.Page) -> None:
    if need_countries(page):
        return
    if not page.chosen.one("card"):
        st.title(ui.escape(headline(page)), anchor=False)
        st.caption(page.words("overview.lead"))
    left, right = ui.side_by_side(page)
    with left:
        dependence_matrix(page)
    with right:
        leverage_matrix(page, "leverage", SEGMENTS)
    if not page.chosen.one("card"):
        key_figures(page)
    left, right = ui.side_by_side(page)
    with left:
        show_tabs(page, TABS)
    with right:
        events(page)
        if not page.chosen.one("card"):
            freshness(page)


def key_figures(page: ui.Page) -> None:
    """A tile for every figure: large for the country chosen first, the others below it."""
    frame = page.once("key figures", lambda: cards.key_figures(page, leverage_of(page)))
    with st.grid(3, min_column_width=230, gap="xsmall"):
        for label, (first, *others) in zip(frame.index, frame.itertuples(index=False, name=None), strict=True):
            with st.container(border=True, height="stretch", gap="xxsmall"):
                st.caption(f"**{ui.escape(label)}**")  # the label of a metric is cut where it is long
                st.metric(ui.escape(label), first.value, label_visibility="collapsed")
                said = [ui.escape(first.detail)] if first.detail else []
                said += [
                    f"{ui.escape(country)} **{ui.escape(other.value)}** {ui.escape(other.detail)}"
                    for country, other in zip(frame.columns[1:], others, strict=True)
                ]
                st.caption("  \n".join(said))


def leverage_of(page: ui.Page) -> pd.DataFrame:
    """What every country holds of the segments that the page shows."""
    return page.read("leverage", where={"segment_id": SEGMENTS}, evidence=page.evidence)


def headline(page: ui.Page) -> str:
    return cards.headline(page, leverage_of(page))


def compute(page: ui.Page) -> None:
    compute_by_state(page, "h100e", "compute-states")


def hbm(page: ui.Page) -> None:
    ui.show(page, cards.hbm_companies(page))


TABS = {"contest": contest_card, "compute": compute, "hbm": hbm, "scatter": need_hold, "money": state_of_money}


def events(page: ui.Page) -> None:
    """The newest events of the chosen countries, each with its source."""
    if page.chosen.one("card"):
        return
    words, frame = page.words, cards.newest_events(page)
    st.markdown(f"## {words('overview.events')}", anchors=False)
    if frame.empty:
        st.info(words("empty.events"), icon=":material/event:")
    for event in frame.itertuples():
        st.markdown(
            f"**{words.date(event.date)}** · {ui.escape(words('pair', name=words.country(event.iso3), value=event.title))} ([{ui.escape(event.publisher)}]({event.url}))"
        )


def freshness(page: ui.Page) -> None:
    """How new and how complete the data is, counted."""
    words = page.words
    state = page.read("data_state").iloc[0]
    st.markdown(f"## {words('overview.freshness')}", anchors=False)
    st.markdown(
        words(
            "overview.freshness_text",
            newest=words.date(state["newest_source"]),
            sources=words.number(state["sources"]),
            rows=words.number(state["table_rows"]),
            single=words.percent(state["weak_pct"]),
            sites=words.number(state["sites"]),
            known=words.percent(state["sites_with_h100e_pct"]),
        )
    )
