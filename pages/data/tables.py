"""One table, filtered by words and by the kinds of evidence chosen, and the meaning of its columns."""

import streamlit as st

from atlas import ui
from pages.data.common import search_box


def show(page: ui.Page) -> None:
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
