"""What several pages compose with: labels of codes, orders, and the sentence for an empty choice."""

from collections.abc import Iterable

import pandas as pd
import streamlit as st

from atlas import measures, ui
from atlas.figures.base import NEUTRAL, colour
from atlas.figures.bracket import OUT, bracket
from atlas.figures.dots import dots
from atlas.figures.matrix import matrix
from atlas.figures.scatter import scatter

CONTEST = "kor-sovereign-fm"  # Korea's contest for national models: the programme that the Atlas starts from
MOST_COLUMNS = 9
RELATION_TONES = {"own": "#4F86B5", "union": "#8C8CC0", "abroad": "#C2693D"}  # not those of countries: they stand for whoever is chosen
# The links of the chain that a stop would be felt at first, from tools to memory: the rows of the Overview.
SEGMENTS = ("euv-lithography", "silicon-wafer", "photoresist", "ai-compute-sites", "foundry", "hbm", "dram", "nand")
STATES = ("operational", "under-construction", "planned")


def need_countries(page: ui.Page) -> bool:
    """Says so where no country is chosen; True where there is nothing to show."""
    if page.chosen.countries:
        return False
    st.info(page.words("empty.countries"), icon=":material/public:")
    return True


def country_names(page: ui.Page, codes: Iterable[str]) -> dict[str, str]:
    return {code: page.words.country(code) for code in codes}


def state_labels(page: ui.Page) -> dict[str, str]:
    return {state: page.words(f"status.{state}") for state in STATES}


def labels(page: ui.Page, key: str, codes: Iterable[str]) -> dict[str, str]:
    return {code: page.words.or_code(key, code) for code in codes}


def tones(codes: Iterable[str]) -> dict[str, str]:
    return {code: colour(code) for code in codes}


def chosen_rows(page: ui.Page, frame: pd.DataFrame, column: str = "iso3") -> pd.DataFrame:
    """The rows of the chosen countries, in the order of the choice."""
    place = {code: index for index, code in enumerate(page.chosen.countries)}
    return frame[frame[column].isin(place)].sort_values(column, key=lambda codes: codes.map(place), kind="stable")


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
    measure, unit = page.scaled("budget_usd_m")
    frame = chosen_rows(page, page.read("money_by_country", evidence=page.evidence))
    frame = frame.assign(
        row=frame["iso3"],
        state=[
            f"{funding}-{'announced' if announced else 'budget'}"
            for funding, announced in zip(frame["funding"], frame["is_announced_only"], strict=True)
        ],
        value=frame[measure],
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
    """Computing power or electric power of the chosen countries: running, being built and planned, each by itself."""
    words, codes = page.words, page.chosen.countries
    column, unit = page.scaled(measure)
    known = {"h100e": "sites_with_h100e", "power_mw": "sites_with_power"}[measure]
    frame = chosen_rows(page, page.read("compute_by_country", evidence=page.evidence))
    frame = frame.assign(
        row=frame["iso3"],
        state=frame["status"],
        value=frame[column],
        hover=[words("compute.sites_known", known=some, sites=sites) for some, sites in zip(frame[known], frame["sites"], strict=True)],
    )
    ui.card(
        page,
        card,
        frame if frame["value"].notna().any() else frame.head(0),
        lambda rows: dots(
            rows, words, unit=unit, rows=codes, row_labels=country_names(page, codes), states=STATES, state_labels=state_labels(page)
        ),
        subtitle=words(f"card.{card}.subtitle", unit=unit),
        empty=words(
            f"empty.{measure}", countries=words.listing(map(words.country, codes)), sites=frame["sites"].sum() if len(frame) else 0
        ),
        columns=["country", "status", column, *(["h100e_stated"] if column == "h100e" else []), "sites", known, "source_ids"],
    )


def leverage_cells(page: ui.Page, segments: Iterable[str] | None) -> tuple[list[str], list[str], dict[str, str], pd.DataFrame]:
    """Segments, countries, the newest period of each segment, and the cells: the chosen countries, then those that hold most of any segment."""
    words = page.words
    leverage = page.read("leverage", evidence=page.evidence)
    rows = list(segments or dict.fromkeys(leverage.sort_values("position")["segment_id"]))
    leverage = leverage[leverage["segment_id"].isin(rows)]
    leaders = measures.strongest_segment(leverage)["iso3"]
    codes = list(dict.fromkeys([*page.chosen.countries, *leaders]))[:MOST_COLUMNS]
    newest = dict(leverage[["segment_id", "period"]].drop_duplicates("segment_id").to_numpy())
    frame = measures.with_zeros(leverage, codes)
    frame = frame[frame["iso3"].isin(codes)]
    frame = frame.assign(
        country=frame["iso3"].map(words.country),
        row=frame["segment_id"],
        column=frame["iso3"],
        value=frame["share_pct"].clip(upper=100),
        hover=[
            f"{row.period}, {words.or_code('metric', row.metric)}, {row.tracker}\n{row.companies}".strip() for row in frame.itertuples()
        ],
    )
    return rows, codes, newest, frame


def leverage_matrix(page: ui.Page, card: str, segments: Iterable[str] | None = None, picks: str | None = None) -> None:
    """Shares of the world's supply, segments by country: the chosen countries, then those that hold most of any segment."""
    words = page.words
    rows, codes, newest, frame = page.once(f"cells of {card}", lambda: leverage_cells(page, segments))
    ui.card(
        page,
        card,
        frame,
        lambda data: matrix(
            data,
            words,
            rows=rows,
            columns=codes,
            row_labels={segment: f"{words.or_code('segment', segment)} {newest.get(segment, '')}".strip() for segment in rows},
            column_labels=country_names(page, codes),
            ramp="hold",
            emphasis=page.chosen.countries[:1],
        ),
        method=words(
            f"card.{card}.method", nearly_all=words.percent(measures.NEARLY_ALL_PCT, 1), least=words.percent(measures.LEAST_KNOWN_PCT)
        ),
        columns=["segment_id", "stage", "country", "period", "share_pct", "companies", "known_pct", "metric", "tracker", "source_ids"],
        picks=picks,
    )


def contest_card(page: ui.Page) -> None:
    """Korea's contest: every team through the rounds."""
    words = page.words
    frame = page.read("contest", where={"programme_id": [CONTEST], "confidence": page.evidence})
    now = frame.sort_values("status_day").drop_duplicates("consortium_id", keep="last")
    bids, left = frame.loc[frame["round"] == "bids", "consortium_id"].nunique(), (~now["status"].isin(OUT)).sum()
    ui.card(
        page,
        "contest",
        frame,
        lambda rows: bracket(rows, words),
        title=words("card.contest.title", bids=bids, left=left),
        columns=["lead", "lead_local_name", "status", "status_date", "round", "rank", "focus", "note", "source_ids"],
    )


def dependence_cells(page: ui.Page) -> pd.DataFrame:
    """What the chosen countries need from others, as the cells of a matrix."""
    words = page.words
    frame = chosen_rows(page, page.dependence).assign(country=lambda rows: rows["iso3"].map(words.country))
    return frame.assign(
        row=frame["layer"],
        column=frame["iso3"],
        value=frame["share_pct"],
        text=[
            words("matrix.sales", share=words.number(share, 0)) if basis == "sales" and pd.notna(share) else None
            for basis, share in zip(frame["basis"], frame["share_pct"], strict=True)
        ],
        hover=[
            words("matrix.need_basis", items=items, basis=words(f"basis.{basis}"), known=words.percent(known))
            for items, basis, known in zip(frame["items"], frame["basis"], frame["known_pct"], strict=True)
        ],
    )


def dependence_matrix(page: ui.Page, card: str = "dependence", picks: str | None = None) -> None:
    """What the chosen countries need from others, layer by layer."""
    words, codes = page.words, page.chosen.countries
    frame = page.once("cells of dependence", lambda: dependence_cells(page))
    ui.card(
        page,
        card,
        frame,
        lambda rows: matrix(
            rows,
            words,
            rows=measures.LAYERS,
            columns=codes,
            row_labels=labels(page, "layer", measures.LAYERS),
            column_labels=country_names(page, codes),
            ramp="need",
            emphasis=codes[:1],
        ),
        columns=["country", "layer", "share_pct", "known_pct", "items", "basis", "source_ids"],
        picks=picks,
    )


def need_hold(page: ui.Page) -> None:
    words = page.words
    mean = measures.mean_dependence(page.dependence)
    hold = measures.strongest_segment(page.read("leverage", where={"segment_id": SEGMENTS}, evidence=page.evidence))
    frame = mean.merge(
        hold[["iso3", "segment_id", "share_pct", "period", "source_ids"]], on="iso3", how="inner", suffixes=("_need", "_hold")
    )
    frame = frame.assign(
        source_ids=[measures.merged(pd.Series([need, held])) for need, held in zip(frame["source_ids_need"], frame["source_ids_hold"], strict=True)], country=frame["iso3"].map(words.country), x=frame["share_pct_need"], y=frame["share_pct_hold"].clip(upper=100),
        label=[f"{words.country(code)}: {words.or_code('segment', segment)}" for code, segment in zip(frame["iso3"], frame["segment_id"], strict=True)], strong=True, hollow=False, tone=[colour(code) if code in page.chosen.countries else NEUTRAL for code in frame["iso3"]],
    )  # fmt: skip
    frame = frame.assign(
        hover=[
            words(
                "scatter.need_hold",
                need=words.percent(need),
                hold=words.percent(held),
                segment=words.or_code("segment", segment),
                period=period,
            )
            for need, held, segment, period in zip(frame["x"], frame["y"], frame["segment_id"], frame["period"], strict=True)
        ]
    )
    ui.card(
        page,
        "need-hold",
        frame,
        lambda rows: scatter(
            rows, words, x_title=words("axis.need"), y_title=words("axis.hold", segments=len(SEGMENTS)), x_range=(0, 105), y_range=(0, 112)
        ),
        subtitle=words("card.need-hold.subtitle", segments=len(SEGMENTS)),
        method=words("card.need-hold.method", segments=len(SEGMENTS), layers=measures.LEAST_LAYERS, all_layers=len(measures.LAYERS)),
        columns=["country", "share_pct_need", "layers_known", "segment_id", "period", "share_pct_hold", "source_ids"],
    )
