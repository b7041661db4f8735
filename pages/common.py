"""What several pages compose with: labels of codes, orders, and the sentence for an empty choice."""

from collections.abc import Iterable

import streamlit as st

from atlas import cards, ui
from atlas.cards import CONTEST, SEGMENTS, STATES, chosen_rows, country_names, labels, state_labels, tones
from atlas.figures.dots import dots

__all__ = ["CONTEST", "SEGMENTS", "STATES", "chosen_rows", "country_names", "labels", "state_labels", "tones"]

# Not those of countries, since they stand for whoever is chosen; apart for every eye and in grey print (tests/figures/test_palette.py).
RELATION_TONES = {"own": "#3464A4", "union": "#9D8BC1", "abroad": "#BD632F"}


def need_countries(page: ui.Page) -> bool:
    """Says so where no country is chosen; True where there is nothing to show."""
    if page.chosen.countries:
        return False
    st.info(page.words("empty.countries"), icon=":material/public:")
    return True


def show_tabs(page: ui.Page, tabs: dict) -> None:
    """Draws the open tab; where one card is asked for, every tab gets its turn and only that card draws."""
    if page.chosen.one("card"):
        for show in tabs.values():
            show(page)
    else:
        tabs[ui.tabs(page, list(tabs))](page)


def state_of_money(page: ui.Page) -> None:
    """Programme money of the chosen countries: public and private apart, budgets apart from what is only announced."""
    words, codes = page.words, page.chosen.countries
    measure, _ = page.scaled("budget_usd_m")
    factor, unit = cards.drawn_money(page)
    frame = chosen_rows(page, page.read("money_by_country", evidence=page.evidence))
    frame = frame.assign(
        row=frame["iso3"],
        state=[
            f"{funding}-{'announced' if announced else 'budget'}"
            for funding, announced in zip(frame["funding"], frame["is_announced_only"], strict=True)
        ],
        value=factor * frame[measure],
        hover=[
            words("money.programmes", known=known, programmes=count)
            for known, count in zip(frame["programmes_with_budget"], frame["programmes"], strict=True)
        ],
    )
    states = ("public-budget", "public-announced", "mixed-budget", "mixed-announced", "private-budget", "private-announced")
    symbols = dict(zip(states, ("circle", "circle-open", "square", "square-open", "diamond", "diamond-open"), strict=True))
    ui.card(
        page,
        "money",
        frame if frame["value"].notna().any() else frame.head(0),
        lambda rows: dots(
            rows,
            words,
            unit=unit,
            rows=codes,
            row_labels=country_names(page, codes),
            states=states,
            state_labels=labels(page, "money", states),
            symbols=symbols,
        ),
        subtitle=words("card.money.subtitle", unit=unit),
        method=words("card.money.method", **page.years),
        columns=["country", "funding", "is_announced_only", measure, "programmes", "programmes_with_budget", "source_ids"],
    )


def compute_by_state(page: ui.Page, measure: str, card: str) -> None:
    ui.show(page, cards.compute_by_state(page, measure, card))


def leverage_matrix(page: ui.Page, card: str, segments: Iterable[str] | None = None, picks: str | None = None) -> None:
    ui.show(page, cards.leverage_matrix(page, card, segments, picks))


def dependence_matrix(page: ui.Page, card: str = "dependence", picks: str | None = None) -> None:
    ui.show(page, cards.dependence_matrix(page, card, picks))


def need_hold(page: ui.Page) -> None:
    ui.show(page, cards.need_hold(page))


def contest_card(page: ui.Page) -> None:
    ui.show(page, cards.contest(page))
