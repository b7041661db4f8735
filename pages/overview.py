"""Overview: how far is each country from self-reliance, and what do others need from it? The finding first."""

import pandas as pd
import streamlit as st

from atlas import measures, ui
from atlas.figures.lines import lines
from atlas.selection import Parameter
from pages.common import (
    SEGMENTS,
    STATES,
    compute_by_state,
    contest_card,
    dependence_matrix,
    leverage_matrix,
    need_countries,
    need_hold,
    show_tabs,
    state_of_money,
)

NAME, PATH, ICON = "overview", "", ":material/hub:"
SHOWN_EVENTS = 10


def parameters(page: ui.Page) -> tuple[Parameter, ...]:
    cards = ("dependence", "leverage", "contest", "compute-states", "hbm-companies", "need-hold", "money")
    return (Parameter("tab", (next(iter(TABS)),), TABS), Parameter("card", (), cards))


def show(page: ui.Page) -> None:
    if need_countries(page):
        return
    shares = page.dependence
    leverage = page.read("leverage", where={"segment_id": SEGMENTS}, evidence=page.evidence)
    if not page.chosen.one("card"):
        st.title(ui.escape(headline(page, shares, leverage)), anchor=False)
        st.caption(page.words("overview.lead"))
        key_figures(page, shares, leverage)
    left, right = st.columns(2, gap="large")
    with left:
        dependence_matrix(page)
    with right:
        leverage_matrix(page, "leverage", SEGMENTS)
    left, right = st.columns([3, 2], gap="large")
    with left:
        show_tabs(page, TABS)
    with right:
        events(page)
        if not page.chosen.one("card"):
            freshness(page)


def headline(page: ui.Page, shares: pd.DataFrame, leverage: pd.DataFrame) -> str:
    """What the data says of the country chosen first: its strongest hold on others, and whose chips it computes on."""
    words, code = page.words, page.chosen.countries[0]
    hold = measures.strongest_segment(leverage[leverage["iso3"] == code])
    need = shares[(shares["iso3"] == code) & (shares["layer"] == "design") & shares["share_pct"].notna()]
    values = {"country": words.country(code)}
    if len(hold):
        values |= {
            "share": words.percent(hold["share_pct"].iloc[0]),
            "segment": words.or_code("segment.in_text", hold["segment_id"].iloc[0]),
        }
    if len(need):
        values |= {"need": words.percent(need["share_pct"].iloc[0])}
    basis = f".{need['basis'].iloc[0]}" if len(need) else ""
    key = "overview.headline." + ("both" if len(hold) and len(need) else "hold" if len(hold) else "need" if len(need) else "none") + basis
    return words(key, **values)


def key_figures(page: ui.Page, shares: pd.DataFrame, leverage: pd.DataFrame) -> None:
    """A few figures per chosen country, side by side."""
    words = page.words
    measure, unit = page.scaled("h100e")
    compute = page.read("compute_by_country", evidence=page.evidence)
    budget, budget_unit = page.scaled("budget_usd_m")
    money = page.read("money_by_country", evidence=page.evidence)

    def row_of(frame: pd.DataFrame, code: str, **wanted):
        rows = frame[(frame["iso3"] == code) & (frame[list(wanted)] == pd.Series(wanted)).all(axis=1)]
        return rows.iloc[0] if len(rows) else None

    def compute_of(code, state):
        row = row_of(compute, code, status=state)
        if row is None:
            return words("unknown")
        return words("key.of_sites", value=words.short(row[measure]), known=row["sites_with_h100e"], sites=row["sites"])

    def hold_of(code):
        row = row_of(measures.strongest_segment(leverage), code)
        if row is None:
            return words("unknown")
        return words(
            "key.hold_of",
            share=words.percent(row["share_pct"]),
            segment=words.or_code("segment.in_text", row["segment_id"]),
            period=row["period"],
        )

    def need_of(code):
        row = row_of(shares, code, layer="design")
        if row is None or pd.isna(row["share_pct"]):
            return words("unknown")
        return words(f"key.need_of.{row['basis']}", share=words.percent(row["share_pct"]))

    def money_of(code):
        row = row_of(money, code, funding="public", is_announced_only=False)
        if row is None:
            return words("unknown")
        return words("key.of_programmes", value=words.short(row[budget]), known=row["programmes_with_budget"], programmes=row["programmes"])

    rows = {
        words("key.design"): need_of,
        words("key.hold"): hold_of,
        **{words(f"key.{state}", unit=unit): lambda code, state=state: compute_of(code, state) for state in STATES},
        words("key.money", unit=budget_unit): money_of,
    }
    st.table(
        pd.DataFrame({words.country(code): [figure(code) for figure in rows.values()] for code in page.chosen.countries}, index=list(rows)),
        border="horizontal",
        alt=words("alt.key_figures"),
    )


def compute(page: ui.Page) -> None:
    compute_by_state(page, "h100e", "compute-states")


def hbm(page: ui.Page) -> None:
    words = page.words
    frame = page.read("company_shares", where={"segment_id": ["hbm"]}, evidence=page.evidence)
    frame = frame[frame["period"].str.contains("Q")].assign(
        series=lambda rows: rows["org_id"],
        x=lambda rows: rows["period_end"],
        y=lambda rows: rows["share_pct"],
        counted=lambda rows: rows["tracker"] + rows["metric"],
    )
    names = dict(frame.sort_values("share_pct", ascending=False)[["org_id", "company"]].drop_duplicates("org_id").to_numpy())
    ui.card(
        page,
        "hbm-companies",
        frame,
        lambda rows: lines(
            rows, words, unit=words("unit.share"), names=names, homes=dict(frame[["org_id", "iso3"]].to_numpy()), top=100, digits=0
        ),
        subtitle=words(
            "card.companies.subtitle",
            metric=words.listing(words.or_code("metric", metric) for metric in sorted(set(frame["metric"]))),
            tracker=words.listing(sorted(set(frame["tracker"]))),
        )
        if len(frame)
        else words("empty.card"),
        columns=["company", "country", "period", "share_pct", "metric", "tracker", "source_ids"],
    )


TABS = {"contest": contest_card, "compute": compute, "hbm": hbm, "scatter": need_hold, "money": state_of_money}


def events(page: ui.Page) -> None:
    """The newest events of the chosen countries, each with its source."""
    if page.chosen.one("card"):
        return
    words = page.words
    today = page.read("data_date")["data_date"].iloc[0]
    frame = page.read("event_list", where={"iso3": page.chosen.countries, "confidence": page.evidence})
    frame = frame[frame["day"] <= today].sort_values("day", ascending=False)
    newest = frame.groupby("iso3").head(max(2, SHOWN_EVENTS // len(page.chosen.countries)))
    frame = newest.head(SHOWN_EVENTS)
    st.markdown(f"#### {words('overview.events')}", anchors=False)
    if frame.empty:
        st.info(words("empty.events"), icon=":material/event:")
        return
    links = page.read(
        "sources", columns="source_id, publisher, url", where={"source_id": sorted(ids[0] for ids in frame["source_ids"])}
    ).set_index("source_id")
    for event in frame.itertuples():
        source = links.loc[event.source_ids[0]]
        st.markdown(
            f"**{event.date}** · {ui.escape(words.country(event.iso3))}: {ui.escape(event.title)} ([{ui.escape(source['publisher'])}]({source['url']}))"
        )


def freshness(page: ui.Page) -> None:
    """How new and how complete the data is, counted."""
    words = page.words
    state = page.read("data_state").iloc[0]
    st.markdown(f"#### {words('overview.freshness')}", anchors=False)
    st.markdown(
        words(
            "overview.freshness_text",
            newest=state["newest_source"],
            sources=words.number(state["sources"]),
            rows=words.number(state["table_rows"]),
            single=words.percent(state["weak_pct"]),
            sites=words.number(state["sites"]),
            known=words.percent(state["sites_with_h100e_pct"]),
        )
    )
