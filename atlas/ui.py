"""Drawing with Streamlit: cached reads, the reader's choice kept in step with the URL, controls, and the one card that shows every chart."""

import csv
import io
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import quote, urlencode

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from cachetools import LRUCache

from atlas.cards import Card, Reading
from atlas.figures.base import Chart, inked
from atlas.selection import GLOBAL_NAMES, HERE, Parameter, Selection, global_parameters, parse, to_query, to_selection

TABLE_MOST_ROWS = 5000
T = TypeVar("T")
PANELS = ("table", "sources", "method", "download", "link")
# Columns that hold the name of one thing, and of which kind it is where names of two kinds are the same; and those that may hold several.
NAMED = {
    "name": "", "thing": "", "company": "organisation", "member": "organisation", "lead": "organisation", "receiver": "organisation", "provider": "organisation",
    "vendor": "organisation", "supplier": "organisation", "customer": "organisation", "maker": "organisation", "organisation": "organisation",
    "programme": "programme", "consortium": "consortium", "chip": "chip", "machine": "site", "site": "site", "model": "model", "country": "country",
    "home_country": "country", "designer_country": "country", "supplier_country": "country", "reporter": "country", "partner": "country",
}  # fmt: skip
LISTED = ("owners", "operators", "tenants", "run_by", "companies", "foundries", "memory_makers", "packagers", "chip_names", "members")
WIDTHS = {"indicator": 220, "confidence": 150, "date": 105, "title": 400}  # where the longest cell says more than the column would show
SOURCE_COLUMNS = "source_id, publisher, title, published, published_day, kind, is_weak, licence, url"


# Reading ------------------------------------------------------------------------------------------------------------


# Keyed by the version of the data, bounded, shared by all readers. Streamlit's own caches hash every key anew, which cost more than what they saved.
_frames: LRUCache = LRUCache(1024)
_charts: LRUCache = LRUCache(512)
_lock = threading.Lock()


def _once(cache: LRUCache, key: tuple, make: Callable[[], T]) -> T:
    with _lock:
        if key in cache:
            return cache[key]
    made = make()
    with _lock:
        cache[key] = made
    return made


def _chart(chart: Chart, theme: str) -> tuple[go.Figure | dict, Chart]:
    """A chart in the ink of a theme, ready to be sent."""
    if "series" in chart.figure:
        return inked(chart.figure, theme), chart
    figure = go.Figure(inked(chart.figure, theme))
    figure.layout.template = None  # Plotly puts its own in, which would be sent with every chart; the theme of the page replaces it
    return figure, chart


@dataclass(frozen=True)
class Page(Reading):
    """What a page is given: a reading whose answers are kept, and where links lead."""

    name: str
    links: Mapping[str, object] = field(default_factory=dict)

    @property
    def things(self) -> tuple[dict[str, tuple[str, str]], dict[tuple[str, str], str]]:
        """Every thing that has a profile: id -> (kind, name), and (kind, name) -> id. The empty kind stands for any; the more general thing wins."""
        return self.kept(("things",), self._things)

    def _things(self) -> tuple[dict, dict]:
        rows = self.database.read("things", columns="kind, id, name").to_dict("records")
        ids = {(row["kind"], row["name"]): row["id"] for row in rows}
        for country in [row["id"] for row in rows if row["kind"] == "country"]:  # a table may write a country as the reader's language does
            ids |= {("country", name): country for name in self.database.texts.get(f"country.{country}", {}).values() if name}
        return {row["id"]: (row["kind"], row["name"]) for row in rows}, {("", row["name"]): row["id"] for row in reversed(rows)} | ids

    def go(self, name: str, **query: str) -> None:
        """Leave for another page, with the choice that all pages share."""
        st.switch_page(self.links[name], query_params=shared_query(self.chosen) | query)

    def read(
        self, view: str, *, columns: str = "*", where: Mapping[str, Sequence[str]] | None = None, text: str = "", **arguments
    ) -> pd.DataFrame:
        key = (
            view,
            columns,
            tuple((name, tuple(codes)) for name, codes in (where or {}).items()),
            text,
            tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in arguments.items()),
        )
        return self.kept(key, lambda: Reading.read(self, view, columns=columns, where=where, text=text, **arguments))

    def kept(self, key: tuple, make: Callable[[], T]) -> T:
        return _once(_frames, (self.version, *key), make)


# The choice and the URL ---------------------------------------------------------------------------------------------


def follow_url(page: str, parameters: Sequence[Parameter]) -> tuple[Selection, list[tuple[str, str]]]:
    """The choice on this run, and what in the URL had to be dropped.

    The URL wins when it is not the one this page wrote last (a link, reload, back, another page); else the widgets win, and the URL follows them.
    Widgets read and write session_state under `choice:<name>`; the choice of each page is kept, so that coming back to it finds it again.
    """
    state = st.session_state
    raw = {name: st.query_params.get_all(name) for name in st.query_params}
    came_from_outside = state.get("url") != (
        page,
        {name: values[-1] for name, values in raw.items() if name not in ("embed", "embed_options")},
    )
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
    query = to_query(values, parameters)
    if came_from_outside or query != state["url"][1]:
        extra = {name: raw[name][-1] for name in ("embed", "embed_options") if name in raw}
        # Only where it differs: every write is an entry in the history of the browser, which a reader would have to go back through.
        # A link from a page to itself carries a mark, so that it differs: Streamlit follows it without a change of the address.
        if extra | query != {name: found[-1] for name, found in raw.items()}:
            st.query_params.from_dict(extra | query)
        state["url"] = (page, query)
    # Streamlit forgets the state of a widget that a page does not draw; assigning it keeps it.
    for parameter in parameters:
        state[f"choice:{parameter.name}"] = _for_widget(parameter, values[parameter.name])
    state.setdefault("queries", {})[page] = {name: value for name, value in query.items() if name not in (*GLOBAL_NAMES, "card")}
    return to_selection(values), dropped


def _for_widget(parameter: Parameter, values: tuple[str, ...]) -> list[str] | str | None:
    return list(values) if parameter.most > 1 else next(iter(values), "" if parameter.allowed is None else None)


def _from_widget(parameter: Parameter, value) -> tuple[str, ...]:
    if parameter.most > 1:
        return tuple(value or ()) if parameter.name != "evidence" else tuple(code for code in parameter.default if code in (value or ()))
    return (value,) if value else () if parameter.allowed is None else parameter.default


def shared_query(chosen: Selection) -> dict[str, str]:
    """The part of the query that all pages share."""
    shared = {"countries": chosen.countries, "evidence": chosen.evidence, "scale": (chosen.scale,), "lang": (chosen.lang,)}
    return to_query(shared, global_parameters(()))


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


# The card -----------------------------------------------------------------------------------------------------------


def newest(sources: pd.DataFrame) -> str:
    """Date of the newest of some sources (rows of source_list), as exact as it is known; empty where none has a date."""
    dated = sources[sources["published_day"].notna()]
    return dated.loc[dated["published_day"].idxmax(), "published"] if len(dated) else ""


def sources_of(page: Page, frame: pd.DataFrame) -> pd.DataFrame:
    """The sources that the rows of a frame rest on, newest first."""
    ids = sorted({source for sources in frame["source_ids"] for source in sources})

    def make() -> pd.DataFrame:
        return page.read("source_list", columns=SOURCE_COLUMNS, where={"source_id": ids}).sort_values(
            "published_day", ascending=False, na_position="last"
        )

    return page.kept(("sources", tuple(ids)), make)


def csv_of(page: Page, link: str, title: str, subtitle: str, frame: pd.DataFrame, sources: pd.DataFrame) -> str:
    """Exactly the rows that the card shows, then their sources. Lines that start with # are about the data. Needs no session: a download may ask for it later."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for line in (title, subtitle, page.words("csv.version", version=page.version), page.words("csv.link", link=link)):
        writer.writerow([f"# {line}"])
    rows = frame.assign(source_ids=["; ".join(ids) for ids in frame["source_ids"]])
    rows.to_csv(out, index=False, lineterminator="\n")
    for source in sources.itertuples():
        writer.writerow([f"# {source.source_id}: {source.publisher}, {source.title}, {source.published}, {source.url}"])
    return out.getvalue()


def link_to(page: Page, card: str) -> str:
    """Address of this card alone, with the whole choice."""
    query = dict(st.session_state["url"][1]) | {"card": card}
    base = (st.context.url or "").split("?")[0]
    return f"{base}?{urlencode(query, safe=',')}"


def show_table(page: Page, frame: pd.DataFrame, *, key: str, height: int | str = "auto", meanings: Mapping[str, str] | None = None, pinned: str | None = None) -> None:  # fmt: skip
    """A frame as a sortable table: headers in words (what a column means as their help), numbers in the reader's own form, links as links."""
    words = page.words
    shown = frame.head(TABLE_MOST_ROWS)
    config: dict[str, object] = {}
    for column in shown.columns:
        label = column if meanings is not None else words(f"column.{column}") if words.has(f"column.{column}") else column.replace("_", " ")
        about = {
            "help": (meanings or {}).get(column),
            "width": WIDTHS.get(column) if meanings is None else None,
            "pinned": column == pinned,
        }
        if column == "status":
            shown = shown.assign(status=[words.or_code("status", code) for code in shown["status"]])
        # Raw tables hold ids, the others names.
        kind = NAMED.get(column) if meanings is None else "id" if column.endswith(("_id", "iso3")) else None
        links = page.once(f"{key}/{column}", lambda kind=kind, names=shown[column]: _links(page, kind, names)) if kind is not None else None
        if links:
            shown = shown.assign(**{column: links})
            config[column] = st.column_config.LinkColumn(label, display_text=r"#(.*)$", alignment="left", **about)
        elif column == "source_ids":
            shown = shown.assign(source_ids=[", ".join(ids) for ids in shown["source_ids"]])
            config[column] = st.column_config.TextColumn(label, **about | {"width": "medium"})
        elif column in ("url", "source_url"):
            config[column] = st.column_config.LinkColumn(label, display_text=r"https?://(?:www\.)?([^/]+)", **about | {"width": "small"})
        elif pd.api.types.is_bool_dtype(shown[column]):
            config[column] = st.column_config.CheckboxColumn(label, **about)
        elif pd.api.types.is_numeric_dtype(shown[column]):
            wide = "medium" if (shown[column].abs() >= 1e9).any() else None  # a number is cut at its front where the column is too narrow
            config[column] = st.column_config.NumberColumn(
                label, format="localized" if not column.endswith("year") else "plain", **about | {"width": wide or about["width"]}
            )
        elif pd.api.types.is_datetime64_any_dtype(shown[column]):
            config[column] = st.column_config.DateColumn(label, format="YYYY-MM-DD", **about)
        else:
            config[column] = st.column_config.Column(label, **about)
    height = "content" if isinstance(height, int) and 36 * (len(shown) + 1) < height else height
    several = [column for column in LISTED if column in frame.columns and meanings is None and pd.api.types.is_string_dtype(frame[column])]
    picked = st.dataframe(
        shown,
        hide_index=True,
        column_config=config,
        key=key,
        height=height,
        alt=words("alt.table", rows=words.number(len(frame))),
        placeholder="",
        **({"on_select": "rerun", "selection_mode": "single-row"} if several else {}),
    )
    if several and picked.selection.rows:
        row = frame.iloc[picked.selection.rows[0]]
        names = dict.fromkeys(name for column in several if isinstance(row[column], str) for name in row[column].split(", "))
        with st.container(horizontal=True):
            for name in names:
                if thing := page.things[1].get(("", name)):
                    profile_link(page, thing, name)
    if len(frame) > len(shown):
        st.caption(words("table.cut", shown=words.number(len(shown)), rows=words.number(len(frame))))


def _links(page: Page, kind: str, names: pd.Series) -> list[str | None]:
    """The addresses behind the names (or, of kind "id", the ids) in a column of a table; empty where none of them has a profile."""
    things, ids = page.things
    if kind == "id":
        found = {name: name for name in names.dropna() if name in things}
    else:
        found = {name: thing for name in names.dropna() if (thing := ids.get((kind, name)) or ids.get(("", name)))}
    return [_linked(page, found, name) for name in names] if found else []


def _linked(page: Page, found: Mapping[str, str], name) -> str | None:
    """The address behind one name; a name that has no profile leads to the rows about it."""
    if not isinstance(name, str) or not name:
        return None
    if name in found:
        return profile_address(page, found[name], name)
    return f"data?{urlencode(shared_query(page.chosen) | {'table': 'organisations', 'q': name}, safe=',')}#{quote(name)}"


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
    with st.container(key=f"card-{name}", gap="xsmall"):
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
    st.markdown(f"#### {escape(title)}", anchors=False)
    st.caption(escape(subtitle))
    if frame.empty:
        st.info(empty or words("empty.card"), icon=":material/search_off:")
        return
    panel = st.session_state.get(f"panel:{name}")
    theme = st.context.theme.type or "light"
    figure, chart = _once(_charts, (page.version, name, theme, *page.chosen.key, title, *basis), lambda: _chart(draw(frame), theme))
    image = st.session_state.get(f"image:{name}") or "png"
    config = {
        "displaylogo": False,
        "displayModeBar": panel == "download",
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": image, "filename": f"atlas-{name}", "scale": 2},
        "locale": "en",
    }
    alt = f"{title}. {subtitle}. {chart.alt}"
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
    shown = frame[list(columns)]
    sources = sources_of(page, frame)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(words("card.sources", n=len(sources), newest=newest(sources) or words("unknown")), width="content")
        for other in PANELS:
            st.button(
                words(f"panel.{other}"),
                key=f"{other}:{name}",
                type="tertiary",
                on_click=_toggle,
                args=(name, other),
                help=words(f"panel.help.{other}", title=title),
            )
    if panel == "table":
        show_table(page, shown, key=f"rows:{name}")
    elif panel == "sources":
        show_table(page, sources.drop(columns=["source_id", "published_day"]), key=f"cited:{name}")
    elif panel == "method":
        st.markdown(method)
    elif panel == "download":
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.download_button(
                words("download.csv"),
                csv_of(page, link_to(page, name), title, subtitle, shown, sources),
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
    elif panel == "link":
        st.code(link_to(page, name), language=None, wrap_lines=True)


def _pick(name: str, parameter: str, chart: Chart) -> None:
    """Takes the mark that was clicked into the choice."""
    points = st.session_state[f"chart:{name}"].selection.points
    if points:
        st.session_state[f"choice:{parameter}"] = chart.nodes[points[0]["point_index"]][0]
        st.session_state[f"picked:{name}"] = True


def _network(page: Page, name: str, option: dict, chart: Chart, alt: str, image: str | None) -> None:
    """An ECharts figure whose nodes lead to profiles, by a click or by the box below it, which the keyboard reaches too."""
    tools = {"feature": {"saveAsImage": {"type": image or "png", "name": f"atlas-{name}", "title": ""}}} if image else None
    picked = st.echarts_chart(
        # ECharts would take a height of the whole for that of each part.
        {name: part for name, part in option.items() if name != "height"} | ({"toolbox": tools} if tools else {}),
        key=f"chart:{name}",
        on_select="rerun",
        renderer="canvas" if image == "png" else "svg",
        height=option["height"],
        alt=alt,
    )
    things = page.things[0]
    chosen = [chart.nodes[index][0] for series in picked.selection.selected for index in series["data_indices"] if index < len(chart.nodes)]
    known = {label: thing for thing, label in sorted(chart.nodes, key=lambda node: node[1].lower()) if thing in things}
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
) -> None:
    """A table with title, sources and download: for what is better read than seen. `rows` are downloaded in its place where it is set for the eye; the column `pinned` stays in sight."""
    only = page.chosen.one("card")
    if only and only != name:
        return
    words = page.words
    title, subtitle = title or words(f"card.{name}.title"), subtitle or words(f"card.{name}.subtitle")
    with st.container(key=f"card-{name}", gap="xsmall"):
        st.markdown(f"#### {escape(title)}", anchors=False)
        st.caption(escape(subtitle))
        if frame.empty:
            st.info(empty or words("empty.card"), icon=":material/search_off:")
            return
        show_table(page, frame, key=f"table:{name}", height=height, meanings=meanings, pinned=pinned)
        sources = sources_of(page, frame if rows is None else rows)
        link = link_to(page, name)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(words("card.sources", n=len(sources), newest=newest(sources) or words("unknown")), width="content")
            st.download_button(
                words("download.csv"),
                lambda: csv_of(page, link, title, subtitle, frame if rows is None else rows, sources),
                file_name=f"atlas-{name}.csv",
                mime="text/csv",
                on_click="ignore",
                key=f"csv:{name}",
                icon=":material/download:",
                type="tertiary",
            )
            with st.popover(words("panel.sources"), type="tertiary"):
                show_table(page, sources.drop(columns=["source_id", "published_day"]), key=f"sources:{name}")


def escape(text: str) -> str:
    """Text from the data as plain text in Markdown."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>#+-!|~$:" else char for char in text)
