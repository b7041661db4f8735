"""A question in SQL, its rows, and a quick chart of them. The question is in the address; a link to it shows its answer at once."""

import re
from pathlib import Path

import pandas as pd
import streamlit as st

from atlas import ui
from atlas.figures.quick import MOST, PLAIN, Drawing, columns, drawing, numbers, quick
from atlas.selection import Parameter

EXAMPLES = dict(
    re.findall(r"^-- ([a-z-]+)\n(.+?);$", (Path(__file__).parent / "examples.sql").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
)
CARDS = ("sql-rows", "sql-chart")
MOST_CHARACTERS = 10_000  # of a question: the sandbox refuses longer ones
PANEL_HEIGHT = 290


def parameters(page: ui.Page) -> tuple[Parameter, ...]:
    relations = tuple(page.read("askable", columns="DISTINCT name")["name"])
    return (
        Parameter("sql", (EXAMPLES["hbm-by-country"],), None, longest=MOST_CHARACTERS),
        Parameter("chart", (), tuple(MOST)),
        *(Parameter(name, (), None) for name in ("x", "y", "colour")),
        Parameter("relation", ("market_shares",), relations),
    )


def show(page: ui.Page) -> None:
    words, only = page.words, page.chosen.one("card")
    if only and only not in CARDS:
        return
    if not page.database.takes_questions:
        st.info(words("sql.off"), icon=":material/lock:")
        return
    if not only:
        left, right = ui.side_by_side(page)
        with left:
            _editor(page)
        with right:
            _help(page)
    answer = page.database.ask(page.chosen.one("sql"))
    if answer.refused:
        _refusal(page, answer)
        return
    frame = _with_sources(answer.frame)
    _chart(page, frame)
    cut = "sql.cut" if answer.is_cut else "sql.rows"
    ui.table_card(
        page,
        "sql-rows",
        frame,
        subtitle=words(cut, rows=words.number(len(frame)), columns=len(answer.frame.columns), seconds=words.number(answer.seconds, 2)),
        empty=words("empty.sql"),
        height=560,
        meanings=dict.fromkeys(frame.columns, None),
        about=[words("csv.query", query=" ".join(page.chosen.one("sql").split()))],
    )
    if len(frame) and "source_ids" not in frame:
        st.caption(words("sql.no_sources"))


def _editor(page: ui.Page) -> None:
    with st.form("sql", border=False):
        st.text_area(page.words("control.sql"), key="choice:sql", height=PANEL_HEIGHT - 30, max_chars=MOST_CHARACTERS)
        st.form_submit_button(page.words("sql.run"), icon=":material/play_arrow:", type="primary")


def _help(page: ui.Page) -> None:
    """What can be asked: questions to start from, and every table and view with its columns."""
    words = page.words
    examples, schema = st.tabs([words("sql.examples"), words("sql.schema")])
    with examples, st.container(height=PANEL_HEIGHT, border=False, gap="xsmall"):
        for code, sql in EXAMPLES.items():
            ui.link_here(page, words(f"example.{code}"), {"tab": "sql", "sql": sql})
    with schema, st.container(height=PANEL_HEIGHT, border=False, gap="xsmall"):
        askable = page.read("askable")
        calls = dict(askable[["name", "call"]].drop_duplicates().to_numpy())
        kinds = dict(askable[["name", "kind"]].to_numpy())
        ui.choice(
            page, "relation", list(calls), lambda name: words("sql.relation", name=calls[name], kind=words(f"sql.kind.{kinds[name]}"))
        )
        chosen = askable[askable["name"] == page.chosen.one("relation")]
        if pd.notna(chosen["about"].iloc[0]):
            st.caption(ui.escape(chosen["about"].iloc[0]))
        columns = chosen[chosen["column_name"].notna()]
        if len(columns):
            meanings = [
                comment if pd.notna(comment) else words(f"column.{column}") if words.has(f"column.{column}") else ""
                for column, comment in zip(columns["column_name"], columns["comment"], strict=True)
            ]
            ui.show_table(page, columns[["column_name", "data_type"]].assign(comment=meanings), key="sql:schema", height="content")


def _refusal(page: ui.Page, answer) -> None:
    """Why there are no rows, in a sentence, and where the question is wrong: as text, whatever the reader wrote."""
    words = page.words
    details = {name: ui.escape(str(value)) for name, value in answer.details.items()}
    key = f"sql.refused.{answer.refused}"
    near = "near" if answer.details.get("near") else ""
    st.error(words(f"{key}.{near}" if near else key, **details), icon=":material/error:")
    place = answer.details.get("place") or answer.details.get("message")
    if place:
        st.code(place, language=None, wrap_lines=False)


def _with_sources(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with the sources that they name, as lists, where they name any."""
    if "source_ids" in frame:
        ids = [cell if isinstance(cell, list) else [str(cell)] if pd.notna(cell) else [] for cell in frame["source_ids"]]
    elif "source_id" in frame:
        ids = [[str(cell)] if pd.notna(cell) else [] for cell in frame["source_id"]]
    else:
        return frame
    return frame.assign(source_ids=ids)


def _chart(page: ui.Page, frame: pd.DataFrame) -> None:
    words, chosen = page.words, page.chosen
    if not numbers(frame) or len(frame) < 2:
        return
    wanted = drawing(frame, *(chosen.one(name) for name in ("chart", "x", "y", "colour")))
    if not chosen.one("card"):
        _controls(page, frame, wanted)
    if wanted is None:
        return
    rows = wanted.rows(frame)
    homes = {name: thing for (kind, name), thing in page.things[1].items() if kind == "country"} | {
        thing: thing for thing, (kind, _) in page.things[0].items() if kind == "country"
    }
    ui.card(
        page,
        "sql-chart",
        rows,
        lambda data: quick(data, words, wanted, homes),
        title=words("card.sql-chart.title", x=wanted.x, y=wanted.y),
        subtitle=words(
            "card.sql-chart.subtitle", shown=words.number(len(rows)), rows=words.number(len(frame)), most=words.number(MOST[wanted.kind])
        ),
    )


def _controls(page: ui.Page, frame: pd.DataFrame, drawn: Drawing | None) -> None:
    """What the chart shows; where nothing is chosen, what suits the columns."""
    words = page.words
    options = {"chart": list(MOST), "x": columns(frame), "y": numbers(frame), "colour": [PLAIN, *columns(frame)]}

    def label(name: str, code: str) -> str:
        return words(f"sql.chart.{code}") if name == "chart" else words("sql.one_colour") if code == PLAIN else code

    with st.popover(words("sql.chart_of"), icon=":material/tune:", type="tertiary"):
        for name in options:
            if st.session_state.get(f"choice:{name}") not in options[name]:  # chosen for the columns of another question
                st.session_state[f"choice:{name}"] = ""
            automatic = words("sql.automatic", found=label(name, getattr(drawn, "kind" if name == "chart" else name, "") or PLAIN))
            ui.choice(page, name, ["", *options[name]], lambda code, name=name, first=automatic: label(name, code) if code else first)
