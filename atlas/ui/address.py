"""The reader's choice and the address: widgets and URL kept in step, links that carry the choice, controls for the parameters of a page."""

from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from urllib.parse import quote, urlencode

import streamlit as st

from atlas.selection import (
    EMBEDDING,
    GLOBAL_NAMES,
    HERE,
    PRINT,
    Parameter,
    Selection,
    global_parameters,
    language_of,
    parse,
    shared_query,
    to_query,
    to_selection,
)
from atlas.texts import escape
from atlas.ui.page import Page


def _raw_query() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _came_from_outside(page: str, raw: Mapping[str, Sequence[str]]) -> bool:
    """Whether the URL is not the one this page wrote last: a link, reload, back, another page."""
    return st.session_state.get("url") != (
        page,
        {name: values[-1] for name, values in raw.items() if name not in EMBEDDING},
    )


def browser_language() -> str:
    """The language that the reader's browser asks for."""
    return language_of(st.context.headers.get("Accept-Language"))


def parameters_of(module: ModuleType, unread: Page, browser_lang: str) -> list[Parameter]:
    """All that may be chosen on a page; `unread` is the page before its choice is known."""
    return [*global_parameters(unread.countries, browser_lang), *module.parameters(unread), PRINT]


def coming(page: str) -> Mapping[str, str]:
    """What the choice on a page is about to be, as it was written: for a page whose parameters hang on one of them."""
    raw = _raw_query()
    if _came_from_outside(page, raw):
        return {name: values[-1] for name, values in raw.items()}
    chosen = {name.removeprefix("choice:"): value for name, value in st.session_state.items() if str(name).startswith("choice:")}
    return {name: value for name, value in chosen.items() if isinstance(value, str)}


def follow_url(page: str, parameters: Sequence[Parameter]) -> tuple[Selection, list[tuple[str, str]]]:
    """The choice on this run, and what in the URL had to be dropped.

    The URL wins when it is not the one this page wrote last (a link, reload, back, another page); else the widgets win, and the URL follows them.
    Widgets read and write session_state under `choice:<name>`; the choice of each page is kept, so that coming back to it finds it again.
    """
    state = st.session_state
    raw = _raw_query()
    came_from_outside = _came_from_outside(page, raw)
    dropped: list[tuple[str, str]] = []
    if "id" in raw and page != "profile" and page in state.get("queries", {}):
        # The step that st.switch_page leaves in the history, on the way from this page to a profile: it stands for this page as it was left.
        raw = {name: raw[name] for name in GLOBAL_NAMES if name in raw} | {name: [value] for name, value in state["queries"][page].items()}
    if came_from_outside:
        values, dropped = parse(raw, parameters)
        for parameter in parameters:
            state[f"choice:{parameter.name}"] = _for_widget(parameter, values[parameter.name])
    else:
        values = {parameter.name: _from_widget(parameter, state.get(f"choice:{parameter.name}")) for parameter in parameters}
    browser_lang = browser_language()
    query = to_query(values, parameters)
    written = query
    if "lang" not in raw and values["lang"] == (browser_lang,):
        # What the browser asked for is in nobody's way: an entry in the history for it would stop a reader who goes back.
        written = {name: value for name, value in query.items() if name != "lang"}
    if came_from_outside or written != state["url"][1]:
        extra = {name: raw[name][-1] for name in EMBEDDING if name in raw}
        # Only where it differs: every write is an entry in the history of the browser, which a reader would have to go back through.
        # A link from a page to itself carries a mark, so that it differs: Streamlit follows it without a change of the address.
        if extra | written != {name: found[-1] for name, found in raw.items()}:
            st.query_params.from_dict(extra | written)
        state["url"] = (page, written)
    state["query"] = query
    # Streamlit forgets the state of a widget that a page does not draw; assigning it keeps it.
    for parameter in parameters:
        state[f"choice:{parameter.name}"] = _for_widget(parameter, values[parameter.name])
    state.setdefault("queries", {})[page] = {
        name: value for name, value in query.items() if name not in (*GLOBAL_NAMES, "card", PRINT.name)
    }
    return to_selection(values, browser_lang), dropped


def _for_widget(parameter: Parameter, values: tuple[str, ...]) -> list[str] | str | None:
    return list(values) if parameter.most > 1 else next(iter(values), "" if parameter.allowed is None else None)


def _from_widget(parameter: Parameter, value) -> tuple[str, ...]:
    if parameter.most > 1:
        return tuple(value or ()) if parameter.name != "evidence" else tuple(code for code in parameter.default if code in (value or ()))
    return (value,) if value else () if parameter.allowed is None else parameter.default


def query_for(page: str, chosen: Selection) -> dict[str, str]:
    """The query with which a link to another page keeps the shared choice and finds that page as it was left."""
    return shared_query(chosen) | st.session_state.get("queries", {}).get(page, {})


def link_here(page: Page, label: str, query: Mapping[str, str], **options) -> None:
    """A link to another choice on the same page; what all pages share stays."""
    st.page_link(page.links[page.name], label=escape(label), query_params=shared_query(page.chosen) | query | {HERE: "1"}, **options)


def profile_address(page: Page, thing: str, name: str) -> str:
    """Address of a profile, relative to any page; the name stands behind it, for tables to show."""
    return f"profile?{urlencode(shared_query(page.chosen) | {'id': thing}, safe=',')}#{quote(name)}"


def profile_link(page: Page, thing: str, label: str, **options) -> None:
    """A link that opens the profile of a thing on the same page of the browser."""
    mark = {HERE: "1"} if page.name == "profile" else {}
    st.page_link(page.links["profile"], label=escape(label), query_params=shared_query(page.chosen) | {"id": thing} | mark, **options)


def address(**changes: str | None) -> str:
    """The whole address of what the reader sees, language included, with parameters set or (None) left out."""
    query = {name: value for name, value in (st.session_state["query"] | changes).items() if value is not None}
    base = (st.context.url or "").split("?")[0]
    return f"{base}?{urlencode(query, safe=',')}" if query else base


def choice(page: Page, name: str, options: Sequence[str], labels: Callable[[str], str]) -> None:
    """A select box for a parameter of the page."""
    st.selectbox(page.words(f"control.{name}"), options, format_func=labels, key=f"choice:{name}")


def tabs(page: Page, names: Sequence[str]) -> str:
    """Tabs of which only the open one draws; it is in the URL, and the result."""
    labels = {name: page.words(f"tab.{page.name}.{name}") for name in names}
    st.segmented_control(
        page.words("control.tab"),
        names,
        format_func=labels.get,
        key="choice:tab",
        required=True,
        label_visibility="collapsed",
        width="stretch",
        wrap=True,
    )
    return page.chosen.one("tab")
