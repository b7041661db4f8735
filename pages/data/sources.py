"""Every source, how old it is and what rests on it; how many facts rest on one source alone."""

import pandas as pd
import streamlit as st

from atlas import ui
from atlas.figures.bars import bars
from atlas.figures.base import HUES, NEUTRAL
from atlas.selection import Parameter
from pages.common import labels
from pages.data.common import search_box

CARDS = ("fact-support", "source-years", "source-list")
KINDS = ("official", "company", "press", "research", "dataset")
SUPPORT = ("several", "alone", "alone-weak")
FIRST_YEAR = 2019  # sources of earlier years are few and stand together


def parameters(page: ui.Page) -> tuple[Parameter, ...]:
    return (Parameter("source", (), frozenset(page.read("sources", columns="source_id")["source_id"])),)


def show(page: ui.Page) -> None:
    sources = page.read("source_evidence")
    support = page.read("fact_support")
    if not page.chosen.one("card"):
        st.header(ui.escape(page.once("sources headline", lambda: headline(page, sources, support))), anchor=False)
    left, right = ui.side_by_side(page)
    with left:
        alone(page, support)
    with right:
        years(page)
    if not page.chosen.one("card"):
        choose(page, sources)
        search_box(page)
    listed(page)


def headline(page: ui.Page, sources: pd.DataFrame, support: pd.DataFrame) -> str:
    """How many facts rest on one source alone and on weak ones alone, and how old half of the sources are."""
    words = page.words
    facts, single = support["facts"].sum(), support["alone"].sum()
    return words(
        "sources.headline",
        alone=words.number(single, 0),
        facts=words.number(facts, 0),
        share=words.percent(100 * single / facts),
        weak=words.number(support["weak_only"].sum(), 0),
        age=words.number(sources["age_years"].median(), 1),
    )


def alone(page: ui.Page, support: pd.DataFrame) -> None:
    """Facts of each table by what they rest on."""
    words = page.words

    def make() -> pd.DataFrame:
        strong = support["alone"] - support["alone_weak"]
        counts = {"several": support["facts"] - support["alone"], "alone": strong, "alone-weak": support["alone_weak"]}
        parts = [
            support.assign(
                row=support["table_name"],
                table_name=[words.or_code("table", name) for name in support["table_name"]],
                part=part,
                support=words(f"support.{part}"),
                value=100 * count / support["facts"],
                part_facts=count,
                hover=[words("sources.facts", n=words.number(n, 0), facts=words.number(facts, 0)) for n, facts in zip(count, support["facts"], strict=True)],
            )
            for part, count in counts.items()
        ]  # fmt: skip
        frame = pd.concat(parts)
        return frame[frame["part_facts"] > 0].assign(part_pct=lambda rows: rows["value"].round(1))

    # The tables with most facts on several sources first: where a second source is missing, there is nothing to compare.
    order = list(support.sort_values(["alone_pct", "facts"], ascending=[True, False])["table_name"])
    ui.card(
        page,
        "fact-support",
        page.once("fact support", make),
        lambda rows: bars(
            rows,
            words,
            unit=words("sources.pct_of_facts"),
            rows=order,
            row_labels=labels(page, "table", order),
            parts=SUPPORT,
            part_labels=labels(page, "support", SUPPORT),
            tones={"several": HUES[4], "alone": NEUTRAL, "alone-weak": HUES[1]},
            top=100,
            digits=0,
        ),
        columns=["table_name", "support", "part_facts", "facts", "part_pct", "source_ids"],
    )


def years(page: ui.Page) -> None:
    """Sources by year of publication and kind of publisher."""
    words = page.words

    def make() -> pd.DataFrame:
        frame = page.read("source_years")
        rows = ["undated" if pd.isna(year) else str(max(int(year), FIRST_YEAR - 1)) for year in frame["year"]]
        frame = frame.assign(row=rows, part=frame["kind"]).groupby(["row", "part"], as_index=False).agg(
            value=("sources", "sum"), rows_resting=("rows_resting", "sum"), source_ids=("source_ids", lambda lists: sorted({source for ids in lists for source in ids}))
        )  # fmt: skip
        return frame.assign(
            period=[period(page, row) for row in frame["row"]],
            kind=frame["part"].map(labels(page, "publisher", KINDS)),
            sources=frame["value"],
            hover=[words("sources.rows_resting", rows=words.number(n, 0)) for n in frame["rows_resting"]],
        )

    frame = page.once("source years", make)
    order = sorted(set(frame["row"]), key=lambda row: (row == "undated", row))
    ui.card(
        page,
        "source-years",
        frame,
        lambda rows: bars(
            rows,
            words,
            unit=words("unit.sources"),
            rows=order,
            row_labels={row: period(page, row) for row in order},
            parts=KINDS,
            part_labels=labels(page, "publisher", KINDS),
            tones=dict(zip(KINDS, HUES, strict=False)),
        ),
        columns=["period", "kind", "sources", "rows_resting", "source_ids"],
    )


def period(page: ui.Page, row: str) -> str:
    return (
        page.words("sources.undated")
        if row == "undated"
        else page.words("sources.before", year=FIRST_YEAR)
        if row < str(FIRST_YEAR)
        else row
    )


def choose(page: ui.Page, sources: pd.DataFrame) -> None:
    """A box for one source, and links to the rows of each table that rest on it."""
    words = page.words
    names = {
        row.source_id: words("pair", name=row.publisher, value=row.title)
        for row in sources.sort_values(["publisher", "title"]).itertuples()
    }
    st.selectbox(
        words("control.source"),
        list(names),
        index=None,
        format_func=names.get,
        key="choice:source",
        placeholder=words("control.source_none"),
    )
    if source := page.chosen.one("source"):
        with st.container(horizontal=True):
            for row in page.read("source_tables", where={"source_id": [source]}).itertuples():
                label = words("sources.rows_of", table=words.or_code("table", row.table_name), rows=words.number(row.row_count, 0))
                ui.link_here(page, label, {"table": row.table_name, "source_id": source})


def listed(page: ui.Page) -> None:
    def make() -> pd.DataFrame:
        frame = page.read("source_evidence", text=page.chosen.one("q")).sort_values("rows_resting", ascending=False)
        tables = [
            ", ".join(page.words.or_code("table", name) for name in names.split(", ")) if isinstance(names, str) else names
            for names in frame["tables"]
        ]
        return frame.assign(age_years=frame["age_years"].round(1), tables=tables)[
            [
                "publisher",
                "title",
                "published",
                "age_years",
                "kind",
                "rows_resting",
                "facts_alone",
                "tables",
                "is_weak",
                "licence",
                "retrieved",
                "note",
                "url",
                "source_ids",
            ]
        ]

    built = page.read("build_info", columns="built_at")["built_at"].iloc[0]
    ui.table_card(
        page,
        "source-list",
        page.once("source list", make),
        subtitle=page.words("card.source-list.subtitle", built=page.words.date(built)),
        empty=page.words("empty.rows"),
        height=620,
    )
