"""Overview: how far is each country from self-reliance, and what do others need from it? The finding first."""

import pandas as pd
import streamlit as st

from atlas import cards, measures, ui
from atlas.cards import SEGMENTS
from atlas.figures.base import NEUTRAL, colour
from atlas.figures.scatter import scatter
from atlas.selection import Parameter
from pages.common import compute_by_state, contest_card, leverage_matrix, need_countries, show_tabs, state_of_money

NAME, PATH, ICON = "overview", "", ":material/hub:"


def parameters(page: ui.Page) -> tuple[Parameter, ...]:
    cards = ("dependence", "leverage", "contest", "compute-states", "hbm-companies", "need-hold", "money")
    return (Parameter("tab", (next(iter(TABS)),), TABS), Parameter("card", (), cards))


def show(page: ui.Page) -> None:
    if need_countries(page):
        return
    shares = measures.dependence(page.read("holdings", evidence=page.evidence))
    leverage = page.read("leverage", where={"segment_id": SEGMENTS}, evidence=page.evidence)
    if not page.chosen.one("card"):
        st.title(ui.escape(cards.headline(page, shares, leverage)), anchor=False)
        st.caption(page.words("overview.lead"))
        st.table(cards.key_figures(page, shares, leverage), border="horizontal", alt=page.words("alt.key_figures"))
    left, right = st.columns(2, gap="large")
    with left:
        ui.show(page, cards.dependence(page, shares))
    with right:
        leverage_matrix(page, "leverage", SEGMENTS)
    left, right = st.columns([3, 2], gap="large")
    with left:
        show_tabs(page, TABS)
    with right:
        events(page)
        if not page.chosen.one("card"):
            freshness(page)


def compute(page: ui.Page) -> None:
    compute_by_state(page, "h100e", "compute-states")


def hbm(page: ui.Page) -> None:
    ui.show(page, cards.hbm_companies(page))


def need_hold(page: ui.Page) -> None:
    words = page.words
    mean = measures.mean_dependence(measures.dependence(page.read("holdings", evidence=page.evidence)))
    hold = measures.strongest_segment(page.read("leverage", where={"segment_id": SEGMENTS}, evidence=page.evidence))
    frame = mean.merge(
        hold[["iso3", "segment_id", "share_pct", "period", "source_ids"]], on="iso3", how="inner", suffixes=("_need", "_hold")
    )
    frame = frame.assign(
        source_ids=[measures.merged(pd.Series([need, held])) for need, held in zip(frame["source_ids_need"], frame["source_ids_hold"], strict=True)], country=frame["iso3"].map(words.country), x=frame["share_pct_need"], y=frame["share_pct_hold"].clip(upper=100),
        label=[f"{words.country(code)}: {words.or_code('segment', segment)}" for code, segment in zip(frame["iso3"], frame["segment_id"], strict=True)], strong=True, hollow=False, tone=[colour(code) if code in page.chosen.countries else NEUTRAL for code in frame["iso3"]],
    )  # fmt: skip
    frame = frame.assign(
        hover=[
            words(
                "scatter.need_hold",
                need=words.percent(need),
                hold=words.percent(held),
                segment=words.or_code("segment", segment),
                period=period,
            )
            for need, held, segment, period in zip(frame["x"], frame["y"], frame["segment_id"], frame["period"], strict=True)
        ]
    )
    ui.card(
        page,
        "need-hold",
        frame,
        lambda rows: scatter(
            rows, words, x_title=words("axis.need"), y_title=words("axis.hold", segments=len(SEGMENTS)), x_range=(0, 105), y_range=(0, 112)
        ),
        subtitle=words("card.need-hold.subtitle", segments=len(SEGMENTS)),
        method=words("card.need-hold.method", segments=len(SEGMENTS), layers=measures.LEAST_LAYERS, all_layers=len(measures.LAYERS)),
        columns=["country", "share_pct_need", "layers_known", "segment_id", "period", "share_pct_hold", "source_ids"],
    )


TABS = {"contest": contest_card, "compute": compute, "hbm": hbm, "scatter": need_hold, "money": state_of_money}


def events(page: ui.Page) -> None:
    """The newest events of the chosen countries, each with its source."""
    if page.chosen.one("card"):
        return
    words, frame = page.words, cards.newest_events(page)
    st.markdown(f"#### {words('overview.events')}", anchors=False)
    if frame.empty:
        st.info(words("empty.events"), icon=":material/event:")
    for event in frame.itertuples():
        st.markdown(
            f"**{event.date}** · {ui.escape(words.country(event.iso3))}: {ui.escape(event.title)} ([{ui.escape(event.publisher)}]({event.url}))"
        )


def freshness(page: ui.Page) -> None:
    """How new and how complete the data is, counted."""
    words = page.words
    state = page.read("data_state").iloc[0]
    st.markdown(f"#### {words('overview.freshness')}", anchors=False)
    st.markdown(
        words(
            "overview.freshness_text",
            newest=state["newest_source"],
            sources=words.number(state["sources"]),
            rows=words.number(state["table_rows"]),
            single=words.percent(state["weak_pct"]),
            sites=words.number(state["sites"]),
            known=words.percent(state["sites_with_h100e_pct"]),
        )
    )
