"""Data: every table as it is, with what its columns mean and where each row comes from; and every source."""

import streamlit as st

from atlas import ui
from atlas.selection import Parameter
from pages.common import show_tabs

NAME, PATH, ICON = "data", "data", ":material/table_view:"


def parameters(page: ui.Page) -> tuple[Parameter, ...]:
    tables = tuple(page.read("dictionary", columns="DISTINCT table_name")["table_name"])
    return (
        Parameter("tab", (next(iter(TABS)),), TABS),
        Parameter("table", ("consortia",), tables),
        Parameter("q", (), None),
        Parameter("card", (), ("rows", "source-list")),
    )


def show(page: ui.Page) -> None:
    words = page.words
    if not page.chosen.one("card"):
        state = page.read("data_state").iloc[0]
        tables = page.read("dictionary", columns="DISTINCT table_name")
        st.title(
            words("data.headline", rows=words.number(state["table_rows"]), tables=len(tables), sources=words.number(state["sources"])),
            anchor=False,
        )
        st.caption(words("data.lead", version=page.version, newest=state["newest_source"]))
    show_tabs(page, TABS)


def search_box(page: ui.Page) -> None:
    st.text_input(page.words("control.q"), key="choice:q", placeholder=page.words("control.q_placeholder"), icon=":material/search:")


def tables(page: ui.Page) -> None:
    """One table, filtered by words and by the kinds of evidence chosen, and the meaning of its columns."""
    words, name = page.words, page.chosen.one("table")
    dictionary = page.read("dictionary")
    if not page.chosen.one("card"):
        left, right = st.columns(2, gap="large")
        sizes = dict(dictionary[["table_name", "table_rows"]].drop_duplicates().to_numpy())
        with left:
            ui.choice(
                page,
                "table",
                list(sizes),
                lambda table: words("data.table_entry", table=words.or_code("table", table), rows=words.number(sizes[table])),
            )
        with right:
            search_box(page)
    columns = dictionary[dictionary["table_name"] == name]
    where = {"confidence": page.evidence} if "confidence" in set(columns["column_name"]) else {}
    frame = page.read(name, where=where, text=page.chosen.one("q"))
    if name == "sources":
        frame = frame.assign(source_ids=[[source] for source in frame["source_id"]])
    else:
        urls = page.read("sources", columns="source_id, url").set_index("source_id")["url"]
        frame = frame.assign(source_url=frame["source_id"].map(urls), source_ids=[[source] for source in frame["source_id"]])
    meanings = dict(columns[["column_name", "comment"]].to_numpy())
    ui.table_card(
        page,
        "rows",
        frame,
        title=words.or_code("table", name),
        subtitle=words(
            "data.rows" if where else "data.rows_all",
            shown=words.number(len(frame)),
            rows=words.number(columns["table_rows"].iloc[0]),
            table=name,
        ),
        empty=words("empty.rows"),
        height=560,
        meanings=meanings,
    )
    if not page.chosen.one("card"):
        with st.expander(words("data.dictionary", table=name)):
            st.dataframe(
                columns[["column_name", "data_type", "comment"]],
                hide_index=True,
                column_config={column: words(f"column.{column}") for column in ("column_name", "data_type", "comment")},
                alt=words("data.dictionary", table=name),
            )


def sources(page: ui.Page) -> None:
    """Every source with the number of rows that rest on it."""
    words = page.words
    if not page.chosen.one("card"):
        search_box(page)
    frame = page.read("source_list", text=page.chosen.one("q")).sort_values("rows_resting", ascending=False)
    ui.table_card(
        page,
        "source-list",
        frame[
            [
                "publisher",
                "title",
                "published",
                "kind",
                "rows_resting",
                "tables",
                "is_weak",
                "licence",
                "retrieved",
                "note",
                "url",
                "source_ids",
            ]
        ],
        empty=words("empty.rows"),
        height=620,
    )


TABS = {"tables": tables, "sources": sources}
