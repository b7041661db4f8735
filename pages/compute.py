"""Compute: how much AI compute stands in each country, running or only planned; whose chips; who operates and owns it; since when."""

import pandas as pd
import streamlit as st

from atlas import measures, ui
from atlas.figures.bars import bars
from atlas.figures.base import NEUTRAL, colour, dashes
from atlas.figures.dots import dots
from atlas.figures.lines import lines
from atlas.figures.scatter import scatter
from atlas.figures.worldmap import worldmap
from atlas.selection import Parameter
from pages.common import (
    RELATION_TONES,
    STATES,
    chosen_rows,
    compute_by_state,
    country_names,
    labels,
    need_countries,
    show_tabs,
    state_labels,
    tones,
)

NAME, PATH, ICON = "compute", "compute", ":material/memory:"
TOP500 = ("top500-rmax-pflops", "top500-performance-share", "top500-us-designed-chip-share", "top500-system-count")
CONTROL_LAYERS = ("design", "operator", "owner")
RANKED = 25


def parameters(page: ui.Page) -> tuple[Parameter, ...]:
    cards = (
        "compute-states",
        "compute-ranking",
        "power-states",
        "designers",
        "top500-us",
        "control",
        "map",
        "growth",
        "frontier-growth",
        "machines",
        "top500",
        "cost",
        "national",
        "sites",
        "plans",
    )
    return (
        Parameter("tab", (next(iter(TABS)),), TABS),
        Parameter("state", (STATES[0],), STATES),
        Parameter("top500", (TOP500[0],), TOP500),
        Parameter("card", (), cards),
    )


def show(page: ui.Page) -> None:
    if need_countries(page):
        return
    if not page.chosen.one("card"):
        st.title(ui.escape(headline(page)), anchor=False)
        st.caption(page.words("compute.lead"))
    show_tabs(page, TABS)


def headline(page: ui.Page) -> str:
    """What the open tab says of the country chosen first."""
    headlines = {"designers": designer_headline, "control": control_headline, "growth": growth_headline, "top500": top500_headline}
    return headlines.get(page.chosen.one("tab"), amount_headline)(page)


def designer_headline(page: ui.Page) -> str:
    words, code = page.words, page.chosen.countries[0]
    frame = page.read("compute_by_designer", where={"iso3": [code]}, evidence=page.evidence)
    frame = frame[frame["designer_iso3"].notna()]
    if frame.empty:
        return words("compute.headline.none", country=words.country(code))
    most = frame.loc[frame["share_pct"].idxmax()]
    return words(
        "compute.headline.designers",
        country=words.country(code),
        share=words.percent(most["share_pct"]),
        designers=words.country(most["designer_iso3"]),
    )


def control_headline(page: ui.Page) -> str:
    words, code = page.words, page.chosen.countries[0]
    frame = page.read("control", where={"iso3": [code]}, evidence=page.evidence)
    abroad = frame[frame["relation"] == "abroad"].set_index("layer")["share_pct"]
    unknown = frame[frame["relation"] == "unknown"].set_index("layer")["share_pct"]
    if frame.empty:
        return words("compute.headline.none", country=words.country(code))
    shares = {
        layer: words.percent(abroad.get(layer, 0)) if unknown.get(layer, 0) < 100 - measures.LEAST_KNOWN_PCT else words("unknown")
        for layer in CONTROL_LAYERS
    }
    return words("compute.headline.control", country=words.country(code), **shares)


def growth_headline(page: ui.Page) -> str:
    words, code = page.words, page.chosen.countries[0]
    frame = page.read("compute_growth", where={"iso3": [code]}, evidence=page.evidence).sort_values("quarter")
    if frame.empty:
        return words("compute.headline.none", country=words.country(code))
    last = frame.iloc[-1]
    before = frame[frame["quarter"] <= last["quarter"] - pd.DateOffset(years=2)]
    if before.empty:
        return words("compute.headline.growth_short", country=words.country(code), value=words.short(last["h100e"]))
    return words(
        "compute.headline.growth",
        country=words.country(code),
        value=words.short(last["h100e"]),
        before=words.short(before.iloc[-1]["h100e"]),
        then=words.date(quarter(before.iloc[-1]["quarter"])),
    )


def quarter(day: pd.Timestamp) -> str:
    return f"{day.year}-Q{day.quarter}"


def top500_headline(page: ui.Page) -> str:
    words, code = page.words, page.chosen.countries[0]
    frame = page.read("top500", where={"iso3": [code], "indicator_id": [page.chosen.one("top500")], "confidence": page.evidence})
    if frame.empty:
        return words("compute.headline.no_top500", country=words.country(code))
    newest = frame.loc[frame["list_date"].idxmax()]
    return words(
        "compute.headline.top500",
        country=words.country(code),
        measure=words.or_code("top500", page.chosen.one("top500")),
        value=words.number(newest["value"]),
        unit=words.or_code("unit", newest["unit"]),
        period=words.date(newest["as_of"]),
    )


def amount_headline(page: ui.Page) -> str:
    """What the country chosen first runs per head, and its place among all countries."""
    words, codes = page.words, page.chosen.countries
    frame = page.read("compute_by_country", evidence=page.evidence)
    running = frame[(frame["status"] == "operational") & (frame["sites_with_h100e"] > 0)].set_index("iso3")["h100e_per_million"]
    if codes[0] not in running:
        return words("compute.headline.none", country=words.country(codes[0]))
    place = int(running.rank(ascending=False)[codes[0]])
    return words(
        "compute.headline", country=words.country(codes[0]), value=words.number(running[codes[0]], 0), place=place, countries=len(running)
    )


def amounts(page: ui.Page) -> None:
    left, right = ui.side_by_side(page)
    with left:
        compute_by_state(page, "h100e", "compute-states")
        compute_by_state(page, "power_mw", "power-states")
    with right:
        ranking(page)


def ranking(page: ui.Page) -> None:
    """All countries by compute in one state, running where no other is chosen; the chosen countries in colour."""
    words, state = page.words, page.chosen.one("state")
    if not page.chosen.one("card"):
        ui.choice(page, "state", STATES, state_labels(page).get)
    measure, unit = page.scaled("h100e")
    frame = page.read("compute_by_country", where={"status": [state]}, evidence=page.evidence)
    frame = frame[frame["sites_with_h100e"] > 0].sort_values(measure, ascending=False)
    rows = list(dict.fromkeys([*frame.head(RANKED)["iso3"], *[code for code in frame["iso3"] if code in page.chosen.countries]]))
    frame = frame[frame["iso3"].isin(rows)]
    frame = frame.assign(
        row=frame["iso3"],
        state=state,
        value=frame[measure],
        hover=[
            words("compute.sites_known", known=known, sites=sites)
            for known, sites in zip(frame["sites_with_h100e"], frame["sites"], strict=True)
        ],
    )
    chosen_tones = {code: colour(code) if code in page.chosen.countries else NEUTRAL for code in rows}
    ui.card(
        page,
        "compute-ranking",
        frame,
        lambda data: dots(
            data,
            words,
            unit=unit,
            rows=rows,
            row_labels=country_names(page, rows),
            states=(state,),
            state_labels=state_labels(page),
            tones=chosen_tones,
            emphasis=page.chosen.countries,
            label_all=False,
        ),
        subtitle=words("card.compute-ranking.subtitle", unit=unit, state=words(f"status.{state}")),
        method=words("card.compute-ranking.method", ranked=RANKED),
        columns=["country", "status", measure, "sites", "sites_with_h100e", "source_ids"],
    )


def designers(page: ui.Page) -> None:
    words, codes = page.words, page.chosen.countries
    left, right = ui.side_by_side(page)
    with left:
        frame = chosen_rows(page, page.read("compute_by_designer", evidence=page.evidence))
        frame = frame.assign(
            part=frame["designer_iso3"].where(frame["designer_iso3"].notna(), "unknown"),
            row=frame["iso3"],
            value=frame["share_pct"],
            hover=[
                words("compute.designer_hover", value=words.short(value), sites=sites)
                for value, sites in zip(frame["h100e"], frame["sites"], strict=True)
            ],
        )
        parts = [*sorted(set(frame["part"]) - {"unknown"}, key=lambda part: -frame[frame["part"] == part]["h100e"].sum()), "unknown"]
        ui.card(
            page,
            "designers",
            frame,
            lambda rows: bars(
                rows,
                words,
                unit=words("unit.share"),
                rows=codes,
                row_labels=country_names(page, codes),
                parts=parts,
                part_labels={part: words.country(part) if part != "unknown" else words("unknown") for part in parts},
                tones=tones(parts[:-1]),
                hatched=("unknown",),
                top=100,
                label_from=6,
                digits=0,
            ),
            columns=["country", "designer_country", "share_pct", "h100e", "sites", "source_ids"],
        )
    with right:
        top500_lines(page, "top500-us", "top500-us-designed-chip-share", top=105)


def top500_lines(page: ui.Page, card: str, indicator: str, *, log: bool = False, top: float | None = None) -> None:
    words, codes = page.words, page.chosen.countries
    frame = chosen_rows(page, page.read("top500", where={"indicator_id": [indicator], "confidence": page.evidence}))
    frame = frame.assign(series=frame["iso3"], x=frame["list_date"], y=frame["value"], period=frame["as_of"])
    unit = words.or_code("unit", frame["unit"].iloc[0]) if len(frame) else ""
    title = None if card != "top500" else words.or_code("top500", indicator)
    ui.card(
        page,
        card,
        frame,
        lambda rows: lines(
            rows,
            words,
            unit=unit,
            names=country_names(page, codes),
            homes={code: code for code in codes},
            dash=dashes(codes),
            log=log,
            top=top,
        ),
        title=title,
        columns=["country", "indicator", "period", "value", "unit", "confidence", "source_ids"],
        basis=(indicator,),
    )


def control(page: ui.Page) -> None:
    """Where it stands, whose design, who operates, who owns: the compute in each chosen country by relation to it."""
    words, codes = page.words, page.chosen.countries
    frame = chosen_rows(page, page.read("control", evidence=page.evidence))
    frame = frame.assign(
        row=frame["iso3"] + "/" + frame["layer"],
        part=frame["relation"],
        value=frame["share_pct"],
        hover=[f"{words.short(value)} {words('unit.h100e')}" for value in frame["h100e"]],
    )
    rows = [f"{code}/{layer}" for code in codes for layer in CONTROL_LAYERS]
    names = {
        f"{code}/{layer}": words("pair", name=words.country(code), value=words(f"control.{layer}"))
        for code in codes
        for layer in CONTROL_LAYERS
    }
    parts = ("own", "union", "abroad", "unknown")
    ui.card(
        page,
        "control",
        frame,
        lambda data: bars(
            data,
            words,
            unit=words("unit.share"),
            rows=rows,
            row_labels=names,
            parts=parts,
            part_labels=labels(page, "relation", parts),
            tones=RELATION_TONES,
            hatched=("unknown",),
            top=100,
            label_from=6,
            digits=0,
        ),
        columns=["country", "layer", "relation", "share_pct", "h100e", "source_ids"],
    )


def world(page: ui.Page) -> None:
    words = page.words
    frame = page.read("site_compute", where={"status": list(STATES), "confidence": page.evidence})
    frame = frame[frame["counts_in_total"]].fillna({"chip_names": "", "owners": ""})
    frame = frame.assign(
        size=frame["power_mw"],
        state=frame["status"],
        tone=[colour(code) if code in page.chosen.countries else NEUTRAL for code in frame["iso3"]],
        label=frame["name"],
        hover=[site_hover(page, row) for row in frame.itertuples()],
    )
    ui.card(
        page,
        "map",
        frame,
        lambda rows: worldmap(rows, words, unit=words("unit.power_mw"), states=list(STATES), state_labels=state_labels(page)),
        columns=[
            "name",
            "country",
            "location",
            "latitude",
            "longitude",
            "status",
            "power_mw",
            "h100e",
            "owners",
            "operators",
            "source_ids",
        ],
    )


def site_hover(page: ui.Page, row) -> str:
    words = page.words
    amount = words.short(row.h100e) + " " + words("unit.h100e") if pd.notna(row.h100e) else words("compute.h100e_unknown")
    power = words.number(row.power_mw) + " " + words("unit.power_mw") if pd.notna(row.power_mw) else ""
    return "\n".join(part for part in (words(f"status.{row.status}"), amount, power, row.chip_names, row.owners) if part)


def growth(page: ui.Page) -> None:
    words, codes = page.words, page.chosen.countries
    left, right = ui.side_by_side(page)
    with left:
        frame = chosen_rows(page, page.read("compute_growth", evidence=page.evidence))
        frame = frame.assign(series=frame["iso3"], x=frame["quarter"], y=frame["h100e"], period=frame["quarter"].map(quarter))
        ui.card(
            page,
            "growth",
            frame,
            lambda rows: lines(
                rows,
                words,
                unit=words("unit.h100e"),
                names=country_names(page, codes),
                homes={code: code for code in codes},
                dash=dashes(codes),
                log=True,
                step=True,
            ),
            columns=["country", "period", "h100e", "sites", "source_ids"],
        )
    with right:
        frame = page.read("frontier_growth", where={"confidence": page.evidence})
        frame = frame[~frame["is_planned"]]
        frame = frame.assign(series=frame["iso3"], x=frame["as_of_date"], y=frame["h100e_8bit"], period=frame["as_of"])
        frame = frame[frame["y"] > 0]
        shown = list(dict.fromkeys(frame.sort_values("h100e_8bit", ascending=False)["iso3"]))
        ui.card(
            page,
            "frontier-growth",
            frame,
            lambda rows: lines(
                rows,
                words,
                unit=words("unit.h100e_8bit"),
                names=country_names(page, shown),
                homes={code: code for code in shown},
                dash=dashes(shown),
                emphasis=codes,
                log=True,
            ),
            columns=["country", "as_of", "h100e_8bit", "basis", "source_ids", "period"],
        )
    machines(page)


def machines(page: ui.Page) -> None:
    """Machines that grew: every state of one, from the first build to today's (Titan, Jean Zay, ABCI ...), for the chosen countries."""
    words = page.words
    frame = page.read("machine_states", where={"iso3": page.chosen.countries, "confidence": page.evidence})
    ui.table_card(
        page,
        "machines",
        frame[
            [
                "name",
                "country",
                "status",
                "operational_date",
                "retired_date",
                "chip_names",
                "chip_count",
                "h100e",
                "rmax_pflops",
                "power_mw",
                "note",
                "source_ids",
            ]
        ],
        empty=words("empty.machines"),
    )


def top500(page: ui.Page) -> None:
    if not page.chosen.one("card"):
        ui.choice(page, "top500", TOP500, lambda code: page.words(f"top500.{code}"))
    indicator = page.chosen.one("top500")
    top500_lines(page, "top500", indicator, log=indicator == "top500-rmax-pflops", top=105 if indicator.endswith("chip-share") else None)


def cost(page: ui.Page) -> None:
    words = page.words
    frame = page.read("site_compute", where={"confidence": page.evidence})
    frame = frame[
        frame["cost_usd_m"].notna()
        & frame["power_mw"].notna()
        & (frame["cost_basis"] == "reported")
        & ~frame["kind"].isin(("programme-plan", "total"))
    ]
    frame = frame.assign(
        x=frame["power_mw"],
        y=1e6 * frame["cost_usd_m"],
        label=frame["name"],
        strong=frame["iso3"].isin(page.chosen.countries),
        hollow=frame["status"].isin(("planned", "under-construction")),
        group=[words.country(code) if code in page.chosen.countries else "" for code in frame["iso3"]],
        tone=[colour(code) if code in page.chosen.countries else NEUTRAL for code in frame["iso3"]],
        hover=[
            f"{words.country(row.iso3)}, {words(f'status.{row.status}')}\n{words.number(row.power_mw)} {words('unit.power_mw')}, {words.dollars(1e6 * row.cost_usd_m)}"
            for row in frame.itertuples()
        ],
    )
    place = {code: index for index, code in enumerate(page.chosen.countries)}
    frame = frame.sort_values("iso3", key=lambda codes: codes.map(lambda code: place.get(code, len(place))), kind="stable")
    ui.card(
        page,
        "cost",
        frame,
        lambda rows: scatter(rows, words, x_title=words("axis.power"), y_title=words("axis.cost"), log_x=True, log_y=True),
        columns=["name", "country", "status", "power_mw", "cost_usd_m", "cost_basis", "confidence", "source_ids"],
    )


def site_list(page: ui.Page) -> None:
    words = page.words
    frame = chosen_rows(page, page.read("site_compute", where={"confidence": page.evidence}))
    columns = [
        "name",
        "country",
        "status",
        "is_overdue",
        "operational_date",
        "h100e",
        "h100e_basis",
        "chip_names",
        "chip_count",
        "power_mw",
        "rmax_pflops",
        "owners",
        "operators",
        "tenants",
        "location",
        "kind",
        "purpose",
        "cost_usd_m",
        "counts_in_total",
        "confidence",
        "note",
        "source_ids",
    ]
    own = frame[~frame["kind"].isin(("programme-plan", "total"))]
    ui.table_card(page, "sites", own[columns], empty=words("empty.sites"), height=480)
    ui.table_card(page, "plans", frame[frame["kind"].isin(("programme-plan", "total"))][columns], empty=words("empty.plans"), height=240)
    national = page.read("national_compute", where={"confidence": page.evidence}).sort_values(["indicator", "as_of_date"])
    national = chosen_rows(page, national)
    ui.table_card(
        page,
        "national",
        national[["country", "indicator", "as_of", "value", "unit", "basis", "confidence", "note", "source_ids"]],
        empty=words("empty.card"),
        height=300,
    )


TABS = {
    "amounts": amounts,
    "designers": designers,
    "control": control,
    "map": world,
    "growth": growth,
    "top500": top500,
    "cost": cost,
    "sites": site_list,
}
