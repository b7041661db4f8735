"""Compare: two to six countries side by side, on every indicator that is known of them."""

import pandas as pd
import streamlit as st

from atlas import brief, cards, comparison, measures, ui
from atlas.cards import chosen_rows, country_names
from atlas.comparison import indicator_name
from atlas.figures.panels import bar_panels, line_panels
from atlas.selection import Parameter
from pages.common import show_tabs

NAME, PATH, ICON = "compare", "compare", ":material/compare_arrows:"
MOST_PANELS = 12
LOG_FROM = 10  # highest over lowest of the newest values, from which on a plain axis would press the smaller countries flat


def parameters(page: ui.Page) -> tuple[Parameter, ...]:
    series = tuple(page.read("series_indicators", columns="indicator_id")["indicator_id"])
    return (
        Parameter("tab", (next(iter(TABS)),), TABS),
        Parameter("series", ("top500-rmax-pflops",), series),
        Parameter("group", ("compute",), measures.GROUPS),
        Parameter("card", (), ("comparison", "series", "panels")),
    )


def show(page: ui.Page) -> None:
    words = page.words
    if len(page.chosen.countries) < 2:
        if not page.chosen.one("card"):
            st.title(words("page.compare"), anchor=False)
        st.info(words("compare.choose_two"), icon=":material/public:")
        return
    if not page.chosen.one("card"):
        st.title(
            ui.escape(page.once("compare headline", lambda: comparison.compare_headline(page, comparison.compared(page)))), anchor=False
        )
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.caption(words("compare.lead"), width=720)
            briefing_button(page)
    show_tabs(page, TABS)


def briefing_button(page: ui.Page) -> None:
    """The briefing on the choice of this page; it is made when it is asked for, without the session."""
    reading = cards.Reading(page.chosen, page.words, page.database)
    st.download_button(
        page.words("download.brief"),
        lambda: brief.document(reading),
        file_name=brief.file_name(reading),
        mime="text/html",
        on_click="ignore",
        key="brief",
        icon=":material/description:",
        help=page.words("download.brief_help"),
    )


def compared_rows(page: ui.Page) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """The table for the eye, a row per indicator; the same for programs, a row per indicator and country; and how many more are known of others only."""
    words, codes = page.words, page.chosen.countries
    frame = comparison.compared(page)
    rows = comparison.indicators(page, frame)
    shown = pd.DataFrame(
        [
            {
                "group": words(f"group.{row.group_id}"),
                "indicator": row.name,
                **{words.country(code): row.value(words, code) for code in codes},
                "unit": row.unit,
                "period": row.said(words, "period"),
                "confidence": row.said(words, "confidence"),
                **{words("compare.rank_of", country=words.country(code)): row.rank(words, code) for code in codes},
                "source_ids": measures.merged(pd.Series([cell.source_ids for cell in row.cells.values()])),
            }
            for row in rows
        ]
    )
    names = {(row.group_id, row.indicator_id): row.name for row in rows}
    mine = chosen_rows(page, frame)
    mine = mine.assign(
        group=mine["group_id"],
        indicator=[names[key] for key in zip(mine["group_id"], mine["indicator_id"], strict=True)],
        country=mine["iso3"].map(words.country),
        mark=measures.extremes(mine),
    )
    others = len(frame[["group_id", "indicator_id"]].drop_duplicates()) - len(rows)
    mine = mine[
        [
            "group",
            "indicator",
            "iso3",
            "country",
            "value",
            "unit",
            "period",
            "confidence",
            "direction",
            "mark",
            "rank",
            "known",
            "source_ids",
        ]
    ]
    return shown, mine, others


def table(page: ui.Page) -> None:
    """Every indicator in one table, a column per country."""
    words = page.words
    shown, rows, others = page.once("comparison", lambda: compared_rows(page))
    ui.table_card(
        page,
        "comparison",
        shown,
        subtitle=words(
            "card.comparison.subtitle", best=words("compare.best"), worst=words("compare.worst"), shown=len(shown), others=others
        ),
        height=720,
        pinned="indicator",
        rows=rows,
    )  # fmt: skip
    if not page.chosen.one("card"):
        with st.popover(words("panel.method"), type="tertiary"):
            st.markdown(words("method.compare.text"))


def series(page: ui.Page) -> None:
    """One series through time: a small panel per country, all on the same axes."""
    words, codes, wanted = page.words, page.chosen.countries, page.chosen.one("series")
    offered = page.read("series_indicators").set_index("indicator_id")
    names = {code: indicator_name(words, "", code, row["indicator"]) for code, row in offered.iterrows()}
    if not page.chosen.one("card"):
        ui.choice(page, "series", sorted(names, key=lambda code: words.sort_key(names[code])), names.get)
    unit = words.or_code("unit", offered.loc[wanted, "unit"])
    frame = chosen_rows(page, page.read("indicator_series", where={"indicator_id": [wanted]}, evidence=page.evidence))
    frame = frame.assign(series=frame["iso3"], x=pd.to_datetime(frame["day"]), y=frame["value"], unit=unit)
    newest = frame.sort_values("x").drop_duplicates("iso3", keep="last")["value"]
    log = bool(len(newest) and frame["value"].min() > 0 and newest.max() > LOG_FROM * newest.min() and "%" not in unit)
    ui.card(
        page,
        "series",
        frame,
        lambda rows: line_panels(
            rows, words, unit=unit, panels=codes, names=country_names(page, codes), log=log, top=105 if wanted.endswith("-chip-share") else None
        ),
        title=names[wanted],
        subtitle=words("card.series.subtitle.log" if log else "card.series.subtitle", unit=unit),
        columns=["country", "period", "value", "unit", "confidence", "source_ids"],
        basis=(wanted,),
    )  # fmt: skip


def panels(page: ui.Page) -> None:
    """The indicators of one group: a small panel each, the countries in the same order."""
    words, codes, group = page.words, page.chosen.countries, page.chosen.one("group")
    if not page.chosen.one("card"):
        ui.choice(page, "group", measures.GROUPS, lambda code: words(f"group.{code}"))
    rows = [row for row in comparison.indicators(page, comparison.compared(page)) if row.group_id == group]
    met = sorted(rows, key=lambda row: -len(row.cells))[:MOST_PANELS]
    met = [row for row in rows if row in met]
    less = words("compare.less")
    frame = pd.DataFrame(
        [
            {
                "panel": row.indicator_id, "row": code, "indicator": row.name, "country": words.country(code), "value": cell.value, "unit": row.unit, "period": cell.period,
                "confidence": cell.confidence, "rank": cell.rank, "known": row.known, "hover": "\n".join(part for part in (cell.period, cell.confidence, row.rank(words, code)) if part), "source_ids": cell.source_ids,
            }
            for row in met
            for code, cell in row.cells.items()
        ]
    )  # fmt: skip
    ui.card(
        page,
        "panels",
        frame,
        lambda data: bar_panels(
            data,
            words,
            panels=[
                (row.indicator_id, row.name, f"{row.unit}, {less}" if row.direction < 0 else row.unit) for row in met
            ],
            rows=codes,
            names=country_names(page, codes),
        ),
        title=words("card.panels.title", group=words(f"group.{group}")),
        subtitle=words("card.panels.subtitle", shown=len(met), rows=len(rows)),
        columns=["indicator", "country", "value", "unit", "period", "confidence", "rank", "known", "source_ids"],
        basis=(group,),
    )  # fmt: skip


TABS = {"table": table, "series": series, "panels": panels}
