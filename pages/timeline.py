"""Timeline: what happened in each country and what is to come: events by kind, releases of models, sites that start, the rounds of Korea's contest."""

import pandas as pd
import streamlit as st

from atlas import ui
from atlas.figures.strip import strip
from atlas.selection import Parameter
from pages.common import CONTEST, country_names, labels, need_countries

NAME, PATH, ICON = "timeline", "timeline", ":material/timeline:"
KINDS = (
    "selection", "evaluation", "policy", "investment", "partnership", "model-release", "model", "compute", "site", "chip", "capacity",
    "export-control", "tariff", "price", "controversy",
)  # fmt: skip
YEARS_BACK, YEARS_AHEAD = 3, 1  # shown at first, around the year of the data


def parameters(page: ui.Page) -> tuple[Parameter, ...]:
    first, last, now = page.kept(("timeline years",), lambda: years(page))
    allowed = [date for year in range(first, last + 1) for date in (f"{year}", *months(year))]
    return (
        Parameter("from", (f"{max(first, now - YEARS_BACK)}",), allowed),
        Parameter("to", (f"{min(last, now + YEARS_AHEAD)}",), allowed),
        Parameter("kind", (), KINDS, len(KINDS)),
        Parameter("q", (), None),
        Parameter("card", (), ("timeline", "timeline-list")),
    )


def years(page: ui.Page) -> tuple[int, int, int]:
    """The first and the last year of any entry, and the year of the data, which lies between them."""
    days, now = page.read("timeline", columns="day")["day"], page.read("data_date")["data_date"].iloc[0]
    return min(days.min(), now).year, max(days.max(), now).year, now.year


def months(year: int) -> list[str]:
    return [f"{year}-{month:02}" for month in range(1, 13)]


def span(page: ui.Page) -> tuple[str, str]:
    """First and last month shown; the two ends may be given in either order."""
    one, other = page.chosen.one("from"), page.chosen.one("to")
    first, last = f"{one}-01"[:7], f"{other}-12"[:7]
    return (first, last) if first <= last else (f"{other}-01"[:7], f"{one}-12"[:7])


def show(page: ui.Page) -> None:
    if need_countries(page):
        return
    if not page.chosen.one("card"):
        st.title(ui.escape(page.once("timeline headline", lambda: headline(page))), anchor=False)
        st.caption(page.words("timeline.lead"))
        controls(page)
    strips(page)
    listed(page)


def controls(page: ui.Page) -> None:
    words, state = page.words, st.session_state
    first, last, _ = page.kept(("timeline years",), lambda: years(page))
    options = [month for year in range(first, last + 1) for month in months(year)]
    state["span"] = span(page)  # one slider for two parameters; its value below only says that it has two ends
    st.select_slider(words("control.span"), options, value=(options[0], options[-1]), key="span", on_change=zoom)
    left, right = ui.side_by_side(page)
    with left:
        ui.several(words("control.kind"), KINDS, labels(page, "lane", KINDS).get, key="choice:kind", add=words("control.kind_all"))
    with right:
        st.text_input(words("control.q"), key="choice:q", placeholder=words("control.q_placeholder"), icon=":material/search:")


def zoom() -> None:
    """The ends of the slider as parameters: a year where it is whole, so that links stay short."""
    state = st.session_state
    first, last = state["span"]
    state["choice:from"], state["choice:to"] = first.removesuffix("-01"), last.removesuffix("-12")


def entries(page: ui.Page) -> pd.DataFrame:
    """What the filters leave of the chosen countries, newest first, of any date."""
    where = {"iso3": page.chosen.countries, "confidence": page.evidence}
    kinds = page.chosen.page["kind"]
    return page.read("timeline", where=where | ({"kind": kinds} if kinds else {}), text=page.chosen.one("q"))


def shown(page: ui.Page) -> pd.DataFrame:
    """The entries of the months shown."""

    def make() -> pd.DataFrame:
        frame = entries(page)
        first, last = span(page)
        return frame[(frame["day"] >= pd.Timestamp(first)) & (frame["day"] < pd.Timestamp(last) + pd.DateOffset(months=1))]

    return page.once("timeline shown", make)


def headline(page: ui.Page) -> str:
    """What the months shown hold for the country chosen first: how much, of which kind most, and how much is still to come."""
    words, code = page.words, page.chosen.countries[0]
    frame = shown(page)
    mine = frame[frame["iso3"] == code]
    first, last = span(page)
    values = {"country": words.country(code), "first": words.date(first.removesuffix("-01")), "last": words.date(last.removesuffix("-12"))}
    done = mine[~mine["is_planned"]]
    if done.empty:
        return words("timeline.headline.planned" if len(mine) else "timeline.headline.none", **values, planned=words.number(len(mine)))
    counts = done["kind"].value_counts()
    most = min(counts[counts == counts.max()].index, key=KINDS.index)
    return words(
        "timeline.headline" if len(mine) > len(done) else "timeline.headline.done",
        **values,
        done=words.number(len(done)),
        kind=words(f"lane.in_text.{most}"),
        most=words.number(counts.max()),
        planned=words.number(len(mine) - len(done)),
    )


def rounds(page: ui.Page) -> list[tuple[pd.Timestamp, str]]:
    """The rounds of Korea's contest in the months shown, each at its first day."""
    first, last = (pd.Timestamp(month) for month in span(page))
    frame = page.read("contest", where={"programme_id": [CONTEST], "confidence": page.evidence})
    days = frame[frame["round"].notna()].groupby("round")["status_day"].min().sort_values()
    days = days[(days >= first) & (days < last + pd.DateOffset(months=1))]
    return [(day, page.words.or_code("round", name)) for name, day in days.items()]


def strips(page: ui.Page) -> None:
    words, codes = page.words, page.chosen.countries
    first, last = (pd.Timestamp(month) for month in span(page))
    ui.card(
        page,
        "timeline",
        page.once("timeline placed", lambda: placed(page)),
        lambda rows: strip(
            rows,
            words,
            lanes=KINDS,
            lane_labels=labels(page, "lane", KINDS),
            groups=codes,
            group_labels=country_names(page, codes),
            span=(first, last + pd.DateOffset(months=1)),
            moments=rounds(page),
            planned_label=words("timeline.planned"),
        ),
        subtitle=words(
            "card.timeline.subtitle", shown=words.number(len(shown(page))), entries=words.number(len(entries(page)))
        ),
        columns=["date", "kind", "country", "title", "thing", "is_planned", "confidence", "source_ids"],
        empty=words("empty.timeline"),
    )  # fmt: skip


def placed(page: ui.Page) -> pd.DataFrame:
    words = page.words
    frame = shown(page)
    lanes = labels(page, "lane", KINDS)
    return frame.assign(
        lane=frame["kind"],
        group=frame["iso3"],
        label=frame["title"],
        thing=frame["about"],
        hollow=frame["is_planned"],
        hover=[
            f"{words.date(row.date)}, {words.country(row.iso3)}\n{lanes[row.kind]}, {words(f'evidence.{row.confidence}')}"
            + (f", {words('timeline.planned')}" if row.is_planned and row.confidence != "planned" else "")
            for row in frame.itertuples()
        ],
    )


def listed(page: ui.Page) -> None:
    """The same entries as a list, newest first, each with the page it comes from."""
    words = page.words

    def make() -> pd.DataFrame:
        frame = shown(page)
        urls = page.read("sources", columns="source_id, url").set_index("source_id")["url"]
        return frame.assign(
            kind=frame["kind"].map(labels(page, "lane", KINDS)),
            country=frame["iso3"].map(words.country),
            thing=frame["about"],
            source_url=[urls.get(ids[0]) for ids in frame["source_ids"]],
        )[["date", "kind", "country", "title", "source_url", "thing", "is_planned", "confidence", "source_ids"]]

    frame = page.once("timeline list", make)
    ui.table_card(page, "timeline-list", frame, empty=words("empty.timeline"), height=480)
