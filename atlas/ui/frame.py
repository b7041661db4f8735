"""What stands above and below every page: its place, the introduction, links to share and to print, and what the page rests on."""

import streamlit as st

from atlas.texts import escape
from atlas.ui.address import address
from atlas.ui.browser import close_button, copy_button, leave_button, prepare, print_button
from atlas.ui.page import Page
from atlas.ui.sources import SOURCE_COLUMNS, list_sources, publishers_of

INTRODUCTION = "atlas_introduction"  # the cookie that says it was closed
MOST_PUBLISHERS = 80  # named below a page
PAPER_WIDTH_PX = 680  # A4 without its margins, at 96 pixels an inch
STEPS = {"choose": ":material/public:", "read": ":material/query_stats:", "check": ":material/fact_check:"}


def top(page: Page) -> None:
    """Where the reader is, and what can be done with the page as a whole; in another page and on paper, whose chart it is."""
    words = page.words
    if st.context.is_embedded:
        return
    if page.is_on_paper:
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.caption(escape(f"{words('app.name')} · {words('print.of', version=page.version)}"), width="content")
            prepare(words.lang)
            print_button(words("browser.print"), key="print")
            leave_button(words("print.back"), address(print=None), key="leave")
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
            prepare(words.lang)
            copy_button(words, words("browser.copy"), address(), key="copy")
            st.link_button(words("browser.print"), address(print="yes"), icon=":material/print:", type="tertiary")
    introduction(page)


def introduction(page: Page) -> None:
    """Three steps for a first visit; closed once, it stays away."""
    words, state = page.words, st.session_state
    if INTRODUCTION in st.context.cookies or state.get(INTRODUCTION):
        return
    with st.container(border=True, key="introduction"):
        with st.grid(len(STEPS), min_column_width=190, gap="xsmall"):
            for step, icon in STEPS.items():
                st.caption(f"{icon} **{words(f'introduction.{step}.title')}**  \n{words(f'introduction.{step}')}")
        close_button(words("introduction.close"), INTRODUCTION, lambda: state.update({INTRODUCTION: True}), key="introduction-close")


def foot(page: Page) -> None:
    """What the page rests on: who published it, in words; on paper every source."""
    words = page.words
    if st.context.is_embedded:
        st.caption(f"[{words('embed.back', app=words('app.name'))}]({address(embed=None, embed_options=None)})")
        return
    if not page.cited or (page.chosen.one("card") and not page.is_on_paper):
        return
    cited = sorted(page.cited)
    sources = page.read("source_list", columns=SOURCE_COLUMNS, where={"source_id": cited})
    if page.is_on_paper:
        st.markdown(f"## {words('print.sources', n=words.number(len(sources)))}", anchors=False)
        list_sources(page, sources.sort_values("publisher"))
        return
    with st.container(key="foot", gap="xsmall"):
        st.divider()
        publishers = page.kept(("publishers", words.lang, tuple(cited)), lambda: publishers_of(words, sources, MOST_PUBLISHERS))
        st.caption(escape(words("page.rests_on", n=words.number(len(sources)), publishers=publishers)))
        st.caption(escape(words("page.licence", version=page.version)))
