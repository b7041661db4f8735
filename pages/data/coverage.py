"""What the Atlas does not know: how much of what it looks for is filled, per country, table and field, and what an editor should look for next."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from atlas import measures, ui
from atlas.figures.base import Chart
from atlas.figures.matrix import matrix
from atlas.selection import EVIDENCE, Parameter
from pages.common import country_names

CARDS = ("coverage", "coverage-fields", "coverage-rows", "gaps")
MOST_COUNTRIES = 9  # columns of a matrix that a phone can show


def parameters(page: ui.Page) -> tuple[Parameter, ...]:
    return (Parameter("cell", (), cells(page)),)


def cells(page: ui.Page) -> frozenset[str]:
    """The codes of all cells that a link may name: country/table, and country/table/field."""

    def make() -> frozenset[str]:
        asked = page.read("coverage", columns="DISTINCT table_name, field", evidence=EVIDENCE)
        rows = {*asked["table_name"], *(asked["table_name"] + "/" + asked["field"])}
        return frozenset(f"{code}/{row}" for code in page.read("countries", columns="iso3")["iso3"] for row in rows)

    return page.kept(("coverage cells",), make)


def show(page: ui.Page) -> None:
    by_table = page.read("coverage_by_table", evidence=page.evidence)
    codes = page.once("coverage columns", lambda: columns(page, by_table))
    table = page.once("coverage open table", lambda: open_table(page, by_table))
    if not page.chosen.one("card"):
        st.header(ui.escape(page.once("coverage headline", lambda: headline(page, by_table))), anchor=False)
    tables_matrix(page, by_table, codes)
    choose_cell(page, codes, table)
    fields_matrix(page, codes, table)
    rows_of_cell(page, codes, table)
    gaps(page)


def columns(page: ui.Page, by_table: pd.DataFrame) -> list[str]:
    """The chosen countries, then those about which most is looked for."""
    most = by_table.groupby("iso3")["cells"].sum().sort_values(ascending=False).index
    return [*page.chosen.countries, *(code for code in most if code not in page.chosen.countries)][:MOST_COUNTRIES]


def tables(page: ui.Page) -> list[str]:
    """All tables in which something may be unknown, in the order of schema.sql."""

    def make() -> list[str]:
        looked_for = set(page.read("coverage", columns="DISTINCT table_name, field", evidence=EVIDENCE)["table_name"])
        return [name for name in dict.fromkeys(page.read("dictionary")["table_name"]) if name in looked_for]

    return page.kept(("coverage tables",), make)


def open_table(page: ui.Page, by_table: pd.DataFrame) -> str:
    """The table of the chosen cell; else the one in which most is empty for the country chosen first (for all, where none is chosen)."""
    if cell := page.chosen.one("cell"):
        return cell.split("/")[1]
    mine = by_table[by_table["iso3"].isin(page.chosen.countries[:1])] if page.chosen.countries else by_table
    empty = (mine["cells"] - mine["known_cells"]).groupby(mine["table_name"]).sum()
    return tables(page)[0] if empty.empty else empty.idxmax()


def headline(page: ui.Page, by_table: pd.DataFrame) -> str:
    """How much of what is looked for about the country chosen first is known, and in which table least."""
    words = page.words
    code = next(iter(page.chosen.countries), None)
    mine = by_table[by_table["iso3"] == code] if code else by_table
    if mine.empty:
        return words("coverage.headline.none", country=words.country(code) if code else words("coverage.all"))
    sums = mine.groupby("table_name")[["cells", "known_cells"]].sum()
    shares = 100 * sums["known_cells"] / sums["cells"]
    return words(
        "coverage.headline",
        country=words.country(code) if code else words("coverage.all"),
        share=words.percent(100 * sums["known_cells"].sum() / sums["cells"].sum()),
        cells=words.number(sums["cells"].sum()),
        table=words.or_code("table", shares.idxmin()),
        least=words.percent(shares.min()),
    )


def named(page: ui.Page, row: str) -> str:
    """The words for a row of either matrix: a table, or a field of one."""
    table, _, field = row.partition("/")
    return page.words.or_code("field", field) if field else page.words.or_code("table", table)


def in_words(page: ui.Page, frame: pd.DataFrame, rows: pd.Series) -> pd.DataFrame:
    """The frame as cells of a matrix: country in the column, share known as the value, what it rests on in the hover."""
    words = page.words
    return frame.assign(
        country=frame["iso3"].map(words.country),
        row=rows,
        column=frame["iso3"],
        value=frame["known_pct"],
        known_pct=frame["known_pct"].round(1),
        hover=[
            words(
                "coverage.hover",
                known=words.number(cell.known_cells),
                cells=words.number(cell.cells),
                kinds=", ".join(
                    f"{words(f'evidence.{kind}')} {words.number(getattr(cell, kind))}" for kind in EVIDENCE if getattr(cell, kind)
                )
                or words("coverage.nothing"),
                newest=cell.newest if isinstance(cell.newest, str) else words("unknown"),
            )
            for cell in frame.itertuples()
        ],
    )


def known_matrix(page: ui.Page, frame: pd.DataFrame, rows: Sequence[str], codes: Sequence[str]) -> Chart:
    """Known parts, rows (tables or fields) by country."""
    return matrix(
        frame,
        page.words,
        rows=rows,
        columns=codes,
        row_labels={row: named(page, row) for row in rows},
        column_labels=country_names(page, codes),
        ramp="hold",
        emphasis=page.chosen.countries[:1],
    )


def tables_matrix(page: ui.Page, by_table: pd.DataFrame, codes: list[str]) -> None:
    words, rows = page.words, tables(page)

    def make() -> pd.DataFrame:
        frame = by_table[by_table["iso3"].isin(codes)]
        return in_words(page, frame, frame["table_name"]).assign(table_name=[words.or_code("table", name) for name in frame["table_name"]])

    ui.card(
        page,
        "coverage",
        page.once("coverage by table", make),
        lambda data: known_matrix(page, data, rows, codes),
        columns=["country", "table_name", "known_pct", "known_cells", "cells", *EVIDENCE, "newest", "source_ids"],
        picks="cell",
    )


def choose_cell(page: ui.Page, codes: list[str], table: str) -> None:
    """A box for what a click does: the tables of the countries shown, and the fields of the open table."""
    if page.chosen.one("card"):
        return
    words = page.words
    rows = [*tables(page), *(f"{table}/{field}" for field in fields(page, table))]
    options = [f"{code}/{row}" for code in codes for row in rows]
    chosen = page.chosen.one("cell")
    st.selectbox(
        words("control.coverage_cell"),
        options if not chosen or chosen in options else [*options, chosen],
        index=None,
        format_func=lambda cell: cell_name(page, cell),
        key="choice:cell",
        placeholder=words("control.cell_none"),
    )


def cell_name(page: ui.Page, cell: str) -> str:
    code, table, *field = cell.split("/")
    parts = [page.words.or_code("table", table), *(page.words.or_code("field", name) for name in field)]
    return page.words("pair", name=page.words.country(code), value=", ".join(parts))


def fields(page: ui.Page, table: str) -> list[str]:
    """The fields of a table, best known first."""

    def make() -> list[str]:
        asked = page.read("coverage", evidence=EVIDENCE)
        sums = asked[asked["table_name"] == table].groupby("field")[["known_cells", "cells"]].sum()
        return list((sums["known_cells"] / sums["cells"]).sort_values(ascending=False, kind="stable").index)

    return page.kept(("coverage fields", table), make)


def fields_matrix(page: ui.Page, codes: list[str], table: str) -> None:
    words = page.words
    rows = [f"{table}/{field}" for field in fields(page, table)]

    def make() -> pd.DataFrame:
        frame = page.read("coverage", evidence=page.evidence)
        frame = frame[(frame["table_name"] == table) & frame["iso3"].isin(codes)]
        rows = frame["table_name"] + "/" + frame["field"]
        return in_words(page, frame, rows).assign(field=[words.or_code("field", field) for field in frame["field"]])

    ui.card(
        page,
        "coverage-fields",
        page.once(f"coverage of {table}", make),
        lambda data: known_matrix(page, data, rows, codes),
        title=words("card.coverage-fields.title", table=words.or_code("table", table)),
        columns=["country", "field", "known_pct", "known_cells", "cells", *EVIDENCE, "newest", "source_ids"],
        basis=(table,),
        picks="cell",
    )


def rows_of_cell(page: ui.Page, codes: list[str], table: str) -> None:
    """The rows behind a cell that was chosen, unknown ones first, and the way to them in the table itself."""
    cell = page.chosen.one("cell") or (f"{codes[0]}/{table}" if codes and page.chosen.one("card") == "coverage-rows" else "")
    if not cell:
        return
    words = page.words
    code, table, *field = cell.split("/")

    def make() -> pd.DataFrame:
        where = {"iso3": [code], "table_name": [table], "confidence": page.evidence} | ({"field": field} if field else {})
        frame = page.read("looked_for", where=where)
        urls = page.read("sources", columns="source_id, url").set_index("source_id")["url"]
        things = page.things[0]
        return frame.assign(
            thing=[things[thing][1] if thing in things else thing for thing in frame["thing_id"]],
            field=[words.or_code("field", name) for name in frame["field"]],
            confidence=[words(f"evidence.{kind}") for kind in frame["confidence"]],
            source_url=[urls.get(ids[0]) for ids in frame["source_ids"]],
        ).sort_values(["is_known", "thing", "field"])[["thing", "field", "is_known", "confidence", "published", "source_url", "source_ids"]]

    shown = page.once(f"coverage rows of {cell}", make)
    ui.table_card(
        page,
        "coverage-rows",
        shown,
        title=cell_name(page, cell),
        subtitle=words("card.coverage-rows.subtitle", known=words.number(shown["is_known"].sum()), cells=words.number(len(shown))),
        empty=words("coverage.no_rows"),
        height=360,
    )
    if not page.chosen.one("card"):
        link_to_rows(page, code, table, field)


def link_to_rows(page: ui.Page, code: str, table: str, field: list[str]) -> None:
    """The way to the rows in the table itself, to those in which the field is empty where it is a column; a table without a country of its own has none."""
    dictionary = page.read("dictionary")
    columns = set(dictionary[dictionary["table_name"] == table]["column_name"])
    if "iso3" in columns:
        empty = {name: "null" for name in field if name in columns}
        words = page.words
        label = words(
            "coverage.open_empty" if empty else "coverage.open_rows", table=words.or_code("table", table), country=words.country(code)
        )
        ui.link_here(page, label, {"table": table, "iso3": code} | empty)


def unknown_layers(page: ui.Page) -> pd.DataFrame:
    """The layers whose dependence is not known, for the chosen countries: each is one of the layers of the index."""
    known = page.dependence[page.dependence["share_pct"].notna()].groupby("iso3")["layer"].agg(set)
    rows = [
        {"iso3": code, "gap": "layer", "id": layer, "weight_pct": 100 / len(measures.LAYERS), "source_ids": []}
        for code in page.chosen.countries
        for layer in measures.LAYERS
        if layer not in known.get(code, set())
    ]
    return pd.DataFrame(rows, columns=["iso3", "gap", "id", "thing", "period", "weight_pct", "source_ids"])


def ranked(page: ui.Page) -> pd.DataFrame:
    """The gaps of the chosen countries (of all, where none is chosen), heaviest first; equal ones share a rank."""
    words, codes = page.words, page.chosen.countries
    found = page.read("gaps", evidence=page.evidence, **({"where": {"iso3": codes}} if codes else {}))
    parts = [part for part in (found, unknown_layers(page)) if len(part)]
    frame = pd.concat(parts) if parts else found
    frame = frame.assign(
        country=frame["iso3"].map(words.country),
        thing=[thing if isinstance(thing, str) else None for thing in frame["thing"]],
        gap=[
            words(
                f"gap.{row.gap}",
                name=words(f"layer.{row.id}") if row.gap == "layer" else words.or_code("segment", row.id),
                period=row.period,
            )
            for row in frame.itertuples()
        ],
        figure=[words(f"gap.figure.{gap}") for gap in frame["gap"]],
        rank=frame["weight_pct"].round(6).rank(ascending=False, method="min").astype(int),
        weight_pct=frame["weight_pct"].round(1),
    )
    return frame.sort_values(["rank", "country", "gap", "thing"])[["rank", "country", "gap", "thing", "weight_pct", "figure", "source_ids"]]


def gaps(page: ui.Page) -> None:
    words = page.words
    frame = page.once("gaps ranked", lambda: ranked(page))
    ui.table_card(
        page,
        "gaps",
        frame,
        subtitle=words("card.gaps.subtitle", gaps=words.number(len(frame))),
        empty=words("coverage.no_gaps"),
        height=470,
    )
    if not page.chosen.one("card"):
        with st.expander(words("panel.method")):
            st.markdown(words("card.gaps.method"))
