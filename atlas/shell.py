"""The frame around every page: page setup, the reader's choice, search, navigation, and what to say when the data is wrong."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))  # `streamlit run dashboard.py` puts only this folder on the path

import streamlit as st

from atlas import frame, head, store, ui
from atlas.selection import EVIDENCE, LANGUAGES, MOST_COUNTRIES, SCALES
from atlas.texts import APP_NAME, NO_DATA, Words
from pages import PAGES

PRESETS = {
    "default": ("KOR", "USA", "CHN"),
    "east-asia": ("KOR", "CHN", "JPN", "TWN"),
    "europe": ("FRA", "DEU", "GBR", "ITA", "ESP", "CHE"),
    "gulf": ("ARE", "SAU", "QAT"),
    "middle-powers": ("KOR", "JPN", "FRA", "GBR", "IND", "CAN"),
}


def is_local() -> bool:
    """Whether the reader sits at the machine itself, and not behind a hosted address: only then are faults in the data shown in detail."""
    host = (st.context.headers.get("Host") or "").rsplit(":", 1)[0].strip("[]")
    return not os.environ.get("ATLAS_HOSTED") and host in ("localhost", "127.0.0.1", "::1", "")


def show_problems(words: Words, problems: list[store.Problem], has_data: bool) -> None:
    if not problems:
        return
    if not is_local():
        if not has_data:
            st.error(NO_DATA, icon=":material/rule:")
        return
    with st.container(border=True):
        st.error(words("data.broken_kept", n=len(problems)) if has_data else NO_DATA, icon=":material/rule:")
        for problem in problems[:50]:
            st.markdown(f"- {ui.escape(str(problem))}")


def sidebar(page: ui.Page, links: list, countries: dict[str, str]) -> None:
    words, chosen = page.words, page.chosen
    st.markdown(f"### {words('app.name')}", anchors=False)
    for link, module in links:
        if module.NAME == "profile":
            continue  # reached by search and by every name
        st.page_link(
            link,
            label=words(f"page.{module.NAME}"),
            icon=module.ICON,
            query_params=ui.query_for(module.NAME, chosen),
            width="stretch",
        )
    if not page.chosen.one(
        "card"
    ):  # a card alone is for other pages and for assistants: the names of all things would make its answer six times as long
        search(page)
    ui.several(
        words("control.countries"),
        list(countries),
        countries.get,
        key="choice:countries",
        add=words("control.countries_add"),
        most=MOST_COUNTRIES,
    )
    st.menu_button(
        words("control.presets"),
        list(PRESETS),
        format_func=lambda preset: words(f"preset.{preset}"),
        key="preset",
        type="tertiary",
        on_click=lambda: st.session_state.update({"choice:countries": list(PRESETS[st.session_state["preset"]])}),
    )
    st.pills(
        words("control.evidence"),
        EVIDENCE,
        format_func=lambda code: words(f"evidence.{code}"),
        selection_mode="multi",
        key="choice:evidence",
        help=words("help.evidence"),
    )
    st.segmented_control(
        words("control.scale"),
        SCALES,
        format_func=lambda code: words(f"scale.{code}"),
        key="choice:scale",
        required=True,
        help=words("help.scale", **page.years),
    )
    st.segmented_control(words("control.lang"), LANGUAGES, format_func=lambda code: words(f"lang.{code}"), key="choice:lang", required=True)


def search(page: ui.Page) -> None:
    """A name, in any of its spellings -> its profile."""
    entries = page.kept(("entries", page.words.lang), lambda: entries_of(page))
    turn = st.session_state.setdefault(
        "searches", 0
    )  # a new widget for every search: the old one would search again when the reader comes back
    found = st.selectbox(
        page.words("control.search"),
        list(entries),
        index=None,
        key=f"search:{turn}",
        placeholder=page.words("control.search_placeholder"),
        label_visibility="collapsed",
    )
    if found:
        st.session_state["searches"] = turn + 1
        page.go("profile", id=entries[found])


def entries_of(page: ui.Page) -> dict[str, str]:
    """What the search box lists, with the id of each thing: names with their other spellings, countries in every language."""
    words, codes = page.words, dict(page.read("countries", columns="iso3, iso2").to_numpy())
    entries = {}
    for row in page.read("search_names").itertuples():
        entry = " · ".join(words.country_spellings(row.id, codes[row.id])) if row.kind == "country" else row.entry
        entries[f"{entry} ({words(f'thing.{row.kind}')})"] = row.id
    return entries


def run() -> None:
    # Before the pages are declared: the browser would fetch the icon of a page from another host.
    st.set_page_config(page_icon=str(Path(__file__).parent / "assets" / "icon.svg"), layout="wide", initial_sidebar_state="auto")
    try:
        database, problems = store.current()
    except store.DataError as error:
        st.set_page_config(page_title=APP_NAME)
        show_problems(Words("en", {}), error.problems, has_data=False)
        return
    english = Words("en", database.texts)
    links = [
        (
            st.Page(module.show, title=english(f"page.{module.NAME}"), icon=module.ICON, url_path=module.PATH, default=not module.PATH),
            module,
        )
        for module in PAGES
    ]
    current = st.navigation([link for link, _ in links], position="hidden")
    module = next(module for link, module in links if link.url_path == current.url_path)
    unread = ui.Page(None, english, database, module.NAME, coming=ui.coming(module.NAME))
    chosen, dropped = ui.follow_url(module.NAME, ui.parameters_of(module, unread, ui.browser_language()))
    words = Words(chosen.lang, database.texts)
    page = ui.Page(chosen, words, database, module.NAME, {module.NAME: link for link, module in links})
    st.set_page_config(page_title=head.title(page))
    if not (page.is_on_paper or st.context.is_embedded):
        with st.sidebar:
            sidebar(
                page,
                links,
                dict(sorted(((code, words.country(code)) for code in page.countries), key=lambda item: words.sort_key(item[1]))),
            )
    show_problems(words, problems, has_data=True)
    if dropped:
        st.info(
            words("hint.dropped", items=words.listing(ui.escape(f"{name}={value}"[:60]) for name, value in dropped[:5])),
            icon=":material/info:",
        )
    with st.container(width=frame.PAPER_WIDTH_PX if page.is_on_paper else "stretch"):
        frame.top(page)
        module.show(page)
        frame.foot(page)


run()
