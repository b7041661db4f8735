"""The card: a chart or a table with title, sources, method, table twin, download and link."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from html import escape as html_escape

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from atlas.cards import Card, caveats
from atlas.figures.base import Chart, inked
from atlas.figures.framing import credited, framed
from atlas.texts import escape
from atlas.ui.address import address
from atlas.ui.browser import copy_button
from atlas.ui.page import Page, charts, once
from atlas.ui.sources import list_sources, rest_on, say_caveats, sources_of
from atlas.ui.table import show_table

PANELS = ("table", "sources", "method", "download", "share")
LEAST_WIDTH_PX = 340  # of a card that stands beside another one
PLOTLY_SAYS = ("Download plot as a PNG", "Download plot")
EMBED_HEIGHT_PX = 640
EMBED_THEMES = {"reader": "", "light": "light_theme", "dark": "dark_theme"}  # how Streamlit names them


def csv_of(page: Page, link: str, title: str, subtitle: str, frame: pd.DataFrame, sources: pd.DataFrame, about: Sequence[str] = ()) -> str:
    """Exactly the rows that the card shows, then their sources. Lines that start with # are about the data. Needs no session: a download may ask for it later."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    stated = page.words("csv.version", version=page.version), page.words("csv.licence"), page.words("csv.link", link=link)
    for line in (title, subtitle, *about, *stated, *caveats(page.words, sources)):
        writer.writerow([f"# {line}"])
    rows = frame.assign(source_ids=["; ".join(ids) for ids in frame["source_ids"]]) if "source_ids" in frame else frame
    rows.to_csv(out, index=False, lineterminator="\n")
    for source in sources.itertuples():
        writer.writerow([f"# {source.source_id}: {source.publisher}, {source.title}, {source.published}, {source.url}"])
    return out.getvalue()


def _chart(chart: Chart, theme: str) -> tuple[go.Figure | dict, Chart]:
    """A chart in the ink of a theme, ready to be sent."""
    return _sendable(inked(chart.figure, theme)), chart


def _sendable(figure: dict) -> go.Figure | dict:
    if "series" in figure:
        return figure
    sent = go.Figure(figure)
    sent.layout.template = None  # Plotly puts its own in, which would be sent with every chart; the theme of the page replaces it
    return sent


def card(
    page: Page, name: str, frame: pd.DataFrame, draw: Callable[[pd.DataFrame], Chart], *, title: str | None = None, subtitle: str | None = None, method: str | None = None, empty: str | None = None, columns: Sequence[str] | None = None, basis: tuple = (), picks: str | None = None,
) -> None:  # fmt: skip
    """One chart with all that belongs to it. `name` gives the texts card.<name>.title, .subtitle, .empty and .method unless they are passed.

    `frame` holds exactly what is shown; its `columns` (all, where not given) are the table and the download and end in source_ids, the others only place
    the rows in the chart. `basis` is what the chart depends on beside the choice. `picks` is the parameter that takes the code of a mark that is clicked.
    """
    only = page.chosen.one("card")
    if only and only != name:
        return
    with st.container(key=f"card-{name}", gap="xsmall", border=True):  # a card with a border stays on one sheet of paper
        _card(
            page,
            name,
            frame,
            draw,
            title or page.words(f"card.{name}.title"),
            subtitle or page.words(f"card.{name}.subtitle"),
            method or page.words(f"card.{name}.method"),
            empty,
            tuple(columns or frame.columns),
            basis,
            picks,
        )


def show(page: Page, made: Card) -> None:
    card(page, **vars(made))


def side_by_side(page: Page, places: int = 2) -> list:
    """Places for cards beside each other, where the screen has the width for them; a card that stands alone takes the whole of it."""
    with st.container() if page.chosen.one("card") else st.grid(places, min_column_width=LEAST_WIDTH_PX, gap="small"):
        return [st.container() for _ in range(places)]


def _toggle(name: str, panel: str) -> None:
    state = st.session_state
    state[f"panel:{name}"] = None if state.get(f"panel:{name}") == panel else panel


@st.fragment
def _card(
    page: Page,
    name: str,
    frame: pd.DataFrame,
    draw,
    title: str,
    subtitle: str,
    method: str,
    empty: str | None,
    columns: tuple,
    basis: tuple,
    picks: str | None,
) -> None:
    words = page.words
    _heading(title, subtitle)
    if frame.empty:
        st.info(empty or words("empty.card"), icon=":material/search_off:")
        return
    panel = st.session_state.get(f"panel:{name}")
    theme = st.context.theme.type or "light"
    figure, chart = once(charts, (page.version, name, theme, *page.chosen.key, title, *basis), lambda: _chart(draw(frame), theme))
    sources = sources_of(page, frame)
    rest = rest_on(page, sources)
    foot = f"{rest} · {words('app.name')} {page.version}, CC BY 4.0"
    if isinstance(figure, dict):
        figure = credited(figure, title, subtitle, foot)
    elif panel == "download":
        figure = _sendable(framed(inked(chart.figure, theme), title, subtitle, foot))
    image = st.session_state.get(f"image:{name}") or "png"
    config = {
        "displaylogo": False,
        "displayModeBar": panel == "download",
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": image, "filename": f"atlas-{name}", "scale": 2},
        # What Plotly would say in English on its button.
        "locale": "atlas",
        "locales": {"atlas": {"dictionary": dict.fromkeys(PLOTLY_SAYS, words("download.picture")), "format": {}}},
    }
    alt = f"{title}. {subtitle}. {chart.alt} {rest}"
    if isinstance(figure, dict):
        _network(page, name, figure, chart, alt, image if panel == "download" else None)
    elif picks:
        st.plotly_chart(
            figure, key=f"chart:{name}", config=config, alt=alt, selection_mode="points", on_select=lambda: _pick(name, picks, chart)
        )
        if st.session_state.pop(f"picked:{name}", False):
            st.rerun()  # the whole page, since what was chosen stands outside this card
    else:
        st.plotly_chart(figure, key=f"chart:{name}", config=config, alt=alt)
    say_caveats(page, sources)
    st.caption(escape(rest))
    if page.is_on_paper:
        return
    with st.container(horizontal=True, gap="small", key=f"panels-{name}"):
        for other in PANELS:
            st.button(
                words(f"panel.{other}"),
                key=f"{other}:{name}",
                type="tertiary",
                on_click=_toggle,
                args=(name, other),
                help=words(f"panel.help.{other}", title=title),
            )
    shown = frame[list(columns)]
    if panel == "table":
        show_table(page, shown, key=f"rows:{name}")
    elif panel == "sources":
        list_sources(page, sources)
    elif panel == "method":
        st.markdown(method)
    elif panel == "download":
        _download(page, name, title, subtitle, shown, sources)
    elif panel == "share":
        _share(page, name, title)


def _heading(title: str, subtitle: str) -> None:
    st.markdown(f"## {escape(title)}", anchors=False)
    st.caption(escape(subtitle))


def _download(page: Page, name: str, title: str, subtitle: str, shown: pd.DataFrame, sources: pd.DataFrame) -> None:
    words = page.words
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.download_button(
            words("download.csv"),
            csv_of(page, address(card=name), title, subtitle, shown, sources),
            file_name=f"atlas-{name}.csv",
            mime="text/csv",
            on_click="ignore",
            key=f"csv:{name}",
            icon=":material/download:",
        )
        st.segmented_control(
            words("download.image"), ["png", "svg"], format_func=str.upper, key=f"image:{name}", default="png", required=True
        )
    st.caption(words("download.image_help"))


def _share(page: Page, name: str, title: str) -> None:
    """The link to a card alone, and what puts it into another page."""
    words, link = page.words, address(card=name)
    copy_button(words, words("browser.copy"), link, key=f"copy:{name}")
    st.code(link, language=None, wrap_lines=True)
    theme = st.segmented_control(
        words("embed.theme"),
        EMBED_THEMES,
        format_func=lambda theme: words(f"embed.theme.{theme}"),
        key=f"embed:{name}",
        default="reader",
        required=True,
    )
    code = embed_code(address(card=name, embed="true", embed_options=EMBED_THEMES[theme] or None), title)
    copy_button(words, words("embed.copy"), code, key=f"iframe:{name}")
    st.code(code, language="html", wrap_lines=True)


def embed_code(link: str, title: str) -> str:
    """The HTML that shows a card in another page."""
    return f'<iframe src="{html_escape(link)}" title="{html_escape(title)}" width="100%" height="{EMBED_HEIGHT_PX}" style="border: 0" loading="lazy"></iframe>'


def _pick(name: str, parameter: str, chart: Chart) -> None:
    """Takes the mark that was clicked into the choice."""
    points = st.session_state[f"chart:{name}"].selection.points
    if points:
        st.session_state[f"choice:{parameter}"] = chart.nodes[points[0]["point_index"]][0]
        st.session_state[f"picked:{name}"] = True


def _network(page: Page, name: str, option: dict, chart: Chart, alt: str, image: str | None) -> None:
    """An ECharts figure whose nodes lead to profiles, by a click or by the box below it, which the keyboard reaches too."""
    picked = st.echarts_chart(
        # ECharts would take a height of the whole for that of each part.
        {name: part for name, part in option.items() if name != "height"},
        key=f"chart:{name}",
        on_select="rerun",
        renderer="canvas" if image == "png" else "svg",
        height=option["height"],
        alt=alt,
    )
    things = page.things[0]
    chosen = [chart.nodes[index][0] for series in picked.selection.selected for index in series["data_indices"] if index < len(chart.nodes)]
    known = {label: thing for thing, label in sorted(chart.nodes, key=lambda node: page.words.sort_key(node[1])) if thing in things}
    turn = st.session_state.setdefault(f"opened:{name}", 0)  # a new box every time: the old one would lead away again on coming back
    wanted = st.selectbox(
        page.words("control.profile"),
        list(known),
        index=None,
        placeholder=page.words("control.profile"),
        label_visibility="collapsed",
        key=f"open:{name}:{turn}",
    )
    thing = known.get(wanted) or next((thing for thing in chosen if thing in things), None)
    if thing:
        st.session_state[f"opened:{name}"] = turn + 1
        page.go("profile", id=thing)


def table_card(
    page: Page,
    name: str,
    frame: pd.DataFrame,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    empty: str | None = None,
    height: int | str = "auto",
    meanings: Mapping[str, str] | None = None,
    rows: pd.DataFrame | None = None,
    pinned: str | None = None,
    sources: pd.DataFrame | None = None,
    files: Mapping[str, str] | None = None,
    about: Sequence[str] = (),
) -> None:
    """A table with title, sources and download: for what is better read than seen. `rows` are downloaded in its place where it is set for the eye; the column `pinned` stays in sight.

    `about` are further lines at the head of the download. Where the frame is a window of a longer table, `sources` are those of all its rows, and
    `files` (format -> address) take the place of the download.
    """
    only = page.chosen.one("card")
    if only and only != name:
        return
    words = page.words
    title, subtitle = title or words(f"card.{name}.title"), subtitle or words(f"card.{name}.subtitle")
    with st.container(key=f"card-{name}", gap="xsmall", border=True):
        _heading(title, subtitle)
        if frame.empty:
            st.info(empty or words("empty.card"), icon=":material/search_off:")
            return
        show_table(page, frame, key=f"table:{name}", height=height, meanings=meanings, pinned=pinned)
        sources = sources_of(page, frame if rows is None else rows) if sources is None else sources
        say_caveats(page, sources)
        st.caption(escape(rest_on(page, sources)))
        if page.is_on_paper:
            return
        link = address(card=name)
        with st.container(horizontal=True, vertical_alignment="center"):
            for ending, file in (files or {}).items():
                st.link_button(
                    ending.upper(), file, icon=":material/download:", type="tertiary", help=words("download.file", format=ending.upper())
                )
            if not files:
                st.download_button(
                    words("download.csv"),
                    lambda: csv_of(page, link, title, subtitle, frame if rows is None else rows, sources, about),
                    file_name=f"atlas-{name}.csv",
                    mime="text/csv",
                    on_click="ignore",
                    key=f"csv:{name}",
                    icon=":material/download:",
                    type="tertiary",
                )
            if len(sources):
                with st.popover(words("panel.sources"), type="tertiary"):
                    list_sources(page, sources)
