"""One table: filtered by column, words and kinds of evidence, sorted, a window of it at a time; and the meaning of its columns."""

import math

import pandas as pd
import streamlit as st

from atlas import ui
from atlas.filters import ColumnFilter, Query, QueryError, any_of, parse_filter
from atlas.formats import MEDIA_TYPES
from atlas.selection import EVIDENCE, Parameter, WholeNumbers
from pages.data.common import search_box

DEFAULT = "consortia"
WINDOW_ROWS = 500
MOST_OPTIONS = 80  # a column with more different values is filtered by writing


def parameters(page: ui.Page) -> tuple[Parameter, ...]:
    """The table, its order and window, and a filter for each of its columns."""
    tables = page.database.tables
    wanted = page.coming.get("table")
    columns = tables[wanted if wanted in tables else DEFAULT].columns
    names = [column.name for column in columns]
    return (
        Parameter("table", (DEFAULT,), tuple(tables)),
        Parameter("sort", (), (*names, *(f"-{name}" for name in names))),
        Parameter("page", ("1",), WholeNumbers()),
        *(ColumnFilter(column.name, (), None, type=column.type) for column in columns),
    )


def query_of(page: ui.Page) -> Query:
    """The rows that the reader asks for, as the same query stands in the address of their file."""
    chosen, table = page.chosen, page.database.tables[page.chosen.one("table")]
    filters = [(name, raw) for name in table.column_names if (raw := chosen.one(name))]
    if "confidence" in table.column_names and len(page.evidence) < len(EVIDENCE):
        filters.append(("confidence", any_of(page.evidence) if page.evidence else "null"))
    return Query(table.name, tuple(filters), chosen.one("q"), (), chosen.one("sort"))


def show(page: ui.Page) -> None:
    words, query = page.words, query_of(page)
    table = page.database.tables[query.table]
    if not page.chosen.one("card"):
        controls(page)
    found = page.kept(("count", query), lambda: page.database.count(query))
    pages = max(math.ceil(found / WINDOW_ROWS), 1)
    number = min(int(page.chosen.one("page")), pages)
    window = Query(query.table, query.filters, query.text, (), query.sort, WINDOW_ROWS, (number - 1) * WINDOW_ROWS)
    sources = page.kept(("sources of", query), lambda: page.database.sources_of(query)["source_id"].tolist())
    ui.table_card(
        page,
        "rows",
        page.kept(("window", window), lambda: with_links(page, page.database.rows(window))),
        title=words.or_code("table", table.name),
        subtitle=words(
            "data.rows" if "confidence" in table.column_names else "data.rows_all",
            shown=words.number(found),
            rows=words.number(page.kept(("count", table.name), lambda: page.database.count(Query(table.name)))),
            table=table.name,
        ),
        empty=words("empty.rows"),
        height=560,
        meanings={column.name: column.meaning + (f" [{column.unit}]" if column.unit else "") for column in table.columns},
        sources=ui.sources_of(page, pd.DataFrame({"source_ids": [sources]})),
        files={ending: query.address(ending, **({"about": "yes"} if ending == "csv" else {})) for ending in MEDIA_TYPES},
    )
    if pages > 1:
        st.pagination(pages, key="window", on_change=lambda: st.session_state.update({"choice:page": str(st.session_state["window"])}))
    if not page.chosen.one("card"):
        dictionary(page)


def with_links(page: ui.Page, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with the address of their source, which ids alone do not give."""
    urls = page.read("sources", columns="source_id, url").set_index("source_id")["url"]
    linked = frame if "url" in frame.columns else frame.assign(source_url=frame["source_id"].map(urls))
    return linked.assign(source_ids=[[source] for source in frame["source_id"]])


def controls(page: ui.Page) -> None:
    words, table = page.words, page.database.tables[page.chosen.one("table")]
    left, middle, right = st.columns([2, 2, 2], gap="medium")
    with left:
        sizes = page.kept(("sizes",), lambda: {name: page.database.count(Query(name)) for name in page.database.tables})
        ui.choice(
            page,
            "table",
            list(sizes),
            lambda name: words("data.table_entry", table=words.or_code("table", name), rows=words.number(sizes[name])),
        )
    with middle:
        search_box(page)
    with right:
        st.selectbox(
            words("control.sort"),
            [f"{sign}{column}" for column in table.column_names for sign in ("", "-")],
            index=None,
            format_func=lambda code: words(f"data.sort.{'down' if code.startswith('-') else 'up'}", column=code.removeprefix("-")),
            key="choice:sort",
            placeholder=words("control.sort_none"),
        )
    active = [column for column in table.columns if page.chosen.one(column.name)]
    filters = st.expander(words("data.filters"), key="filters", icon=":material/filter_alt:", on_change="rerun")
    if filters.open:
        with filters:
            for start in range(0, len(table.columns), 4):
                for place, column in zip(st.columns(4, gap="small"), table.columns[start : start + 4], strict=False):
                    with place:
                        column_filter(page, table.name, column)
            st.caption(words("data.filter_grammar"))
    with st.container(horizontal=True, gap="xsmall"):
        for column in active:
            st.button(
                words("data.filter_active", column=column.name, value=ui.escape(page.chosen.one(column.name))),
                key=f"drop:{column.name}",
                icon=":material/close:",
                type="tertiary",
                help=words("data.filter_drop"),
                on_click=lambda name=column.name: st.session_state.update({f"choice:{name}": "", "choice:page": "1"}),
            )


def column_filter(page: ui.Page, table: str, column) -> None:
    """The filter of one column: a list of its values where they are few, else a field in the grammar of filters. Both only mirror what the address says."""
    words, raw, key = page.words, page.chosen.one(column.name), f"filter:{table}:{column.name}"
    options = page.kept(("values", table, column.name), lambda: values_of(page, table, column))
    label, about = column.name, column.meaning + (f" [{column.unit}]" if column.unit else "")
    listed = listed_values(column, raw)
    if options and listed is not None and set(listed) <= {*options, "null"}:
        st.session_state[key] = listed
        ui.several(
            label,
            [*options, *([] if column.required else ["null"])],
            lambda code: words("unknown") if code == "null" else named(page, code),
            key=key,
            add=words("data.filter_any"),
            help=about,
            on_change=lambda: take_values(column.name, key),
        )
        return
    st.session_state[key] = raw
    st.text_input(
        label,
        key=key,
        help=about,
        placeholder=words(f"data.filter.{'text' if column.type == 'VARCHAR' else 'truth' if column.type == 'BOOLEAN' else 'number'}"),
        on_change=take_text,
        args=(column.name, column.type, key),
    )
    if wrong := st.session_state.pop(f"wrong:{key}", None):
        st.warning(ui.escape(wrong), icon=":material/rule:")


def listed_values(column, raw: str) -> list[str] | None:
    """A filter as values chosen from a list, of which `null` stands for not known; None where a list cannot say it."""
    condition = parse_filter(column.name, column.type, raw) if raw else None
    return [] if condition is None else {"unknown": ["null"], "any": list(condition.values)}.get(condition.kind)


def values_of(page: ui.Page, table: str, column) -> list[str]:
    """The values that a column can be filtered by from a list; none where they are many, or numbers, or remarks."""
    if column.type != "VARCHAR" or column.name == "note":
        return []
    return page.database.values(table, column.name, MOST_OPTIONS) or []


def named(page: ui.Page, code: str) -> str:
    """A code with the name of what it stands for."""
    if len(code) == 3 and code.isupper():
        return f"{page.words.country(code)} ({code})"
    _, name = page.things[0].get(code, ("", ""))
    return f"{name} ({code})" if name else code


def take_values(column: str, key: str) -> None:
    chosen = st.session_state[key]
    listed = [value for value in chosen if value != "null"]
    # Not known and a value exclude each other: the one chosen last counts.
    st.session_state[f"choice:{column}"] = "null" if chosen and (chosen[-1] == "null" or not listed) else any_of(listed) if listed else ""
    st.session_state["choice:page"] = "1"


def take_text(column: str, type_: str, key: str) -> None:
    raw = st.session_state[key].strip()
    if type_ == "VARCHAR" and raw and is_plain(column, raw):
        raw = f"~{raw}"  # who writes a word into a field looks for it anywhere
    try:
        if raw:
            parse_filter(column, type_, raw)
    except QueryError as error:
        st.session_state[f"wrong:{key}"] = str(error)
        return
    st.session_state[f"choice:{column}"] = raw
    st.session_state["choice:page"] = "1"


def is_plain(column: str, raw: str) -> bool:
    """Whether a text uses nothing of the grammar of filters."""
    try:
        condition = parse_filter(column, "VARCHAR", raw)
    except QueryError:
        return False
    return condition.kind == "any" and "|" not in raw and not raw.startswith("=")


def dictionary(page: ui.Page) -> None:
    words, name = page.words, page.chosen.one("table")
    columns = page.read("dictionary", where={"table_name": [name]})
    with st.expander(words("data.dictionary", table=name)):
        st.dataframe(
            columns[["column_name", "data_type", "comment"]],
            hide_index=True,
            column_config={column: words(f"column.{column}") for column in ("column_name", "data_type", "comment")},
            alt=words("data.dictionary", table=name),
        )
