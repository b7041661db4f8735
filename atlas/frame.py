"""What stands above and below every page: its place, the introduction, links to share and to print, and what the page rests on."""

import pandas as pd
import streamlit as st

from atlas import ui

INTRODUCTION = "atlas_introduction"  # the cookie that says it was closed
PAPER_WIDTH_PX = 680  # A4 without its margins, at 96 pixels an inch
STEPS = {"choose": ":material/public:", "read": ":material/query_stats:", "check": ":material/fact_check:"}


def top(page: ui.Page) -> None:
    """Where the reader is, and what can be done with the page as a whole; in another page and on paper, whose chart it is."""
    words = page.words
    if st.context.is_embedded:
        return
    if page.is_on_paper:
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.caption(ui.escape(f"{words('app.name')} · {words('print.of', version=page.version)}"), width="content")
            ui.prepare(words.lang)
            ui.print_button(words("browser.print"), key="print")
            st.link_button(words("print.back"), ui.address(print=None), icon=":material/arrow_back:", type="tertiary")
        return
    if page.chosen.one("card"):
        st.button(
            words("card.all"),
            icon=":material/arrow_back:",
            type="tertiary",
            on_click=lambda: st.session_state.update({"choice:card": None}),
        )
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"):
        st.caption(f"**{words(f'page.{page.name}')}**", width="content")
        with st.container(horizontal=True, vertical_alignment="center", width="content", gap="small"):
            ui.prepare(words.lang)
            ui.copy_button(words, words("browser.copy"), ui.address(), key="copy")
            st.link_button(words("browser.print"), ui.address(print="yes"), icon=":material/print:", type="tertiary")
    introduction(page)


def introduction(page: ui.Page) -> None:
    """Three steps for a first visit; closed once, it stays away."""
    words, state = page.words, st.session_state
    if INTRODUCTION in st.context.cookies or state.get(INTRODUCTION):
        return
    with st.container(border=True, key="introduction"):
        *columns, last = st.columns([3] * len(STEPS) + [1.2], gap="medium", vertical_alignment="center")
        for column, (step, icon) in zip(columns, STEPS.items(), strict=True):
            column.caption(f"{icon} **{words(f'introduction.{step}.title')}**  \n{words(f'introduction.{step}')}")
        with last:
            ui.close_button(words("introduction.close"), INTRODUCTION, lambda: state.update({INTRODUCTION: True}), key="introduction-close")


def foot(page: ui.Page) -> None:
    """What the page rests on: who published it, in words; on paper every source."""
    words = page.words
    if st.context.is_embedded:
        st.caption(f"[{words('embed.back', app=words('app.name'))}]({ui.address(embed=None, embed_options=None)})")
        return
    if not page.cited or (page.chosen.one("card") and not page.is_on_paper):
        return
    cited = sorted(page.cited)
    sources = page.read("source_list", columns=ui.SOURCE_COLUMNS, where={"source_id": cited})
    if page.is_on_paper:
        st.markdown(f"## {words('print.sources', n=words.number(len(sources)))}", anchors=False)
        st.markdown(page.kept(("listed", tuple(cited), words.lang), lambda: "\n".join(_listed(page, sources))))
        return
    with st.container(key="foot", gap="xsmall"):
        st.divider()
        publishers = ", ".join(sources["publisher"].value_counts().index)
        st.caption(ui.escape(words("page.rests_on", n=words.number(len(sources)), publishers=publishers)))
        st.caption(ui.escape(words("page.licence", version=page.version)))


def _listed(page: ui.Page, sources: pd.DataFrame) -> list[str]:
    """A line of a list for every source: publisher, title, date and address, as text."""
    words = page.words
    return [
        f"- {ui.escape(words('pair', name=row.publisher, value=row.title))}, {ui.escape(row.published or words('brief.undated'))}. {ui.escape(row.url)}"
        for row in sources.sort_values("publisher").itertuples()
    ]
