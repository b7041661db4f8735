"""Self-reliance: what each country needs from others and others from it, one index over the layers with the reader's own weights, and how firm the ranks are."""

import pandas as pd
import streamlit as st

from atlas import measures, ui
from atlas.figures.base import NEUTRAL, colour
from atlas.figures.intervals import intervals
from atlas.figures.matrix import matrix
from atlas.selection import Parameter, Weights
from pages.common import SEGMENTS, country_names, dependence_matrix, labels, leverage_matrix, need_countries, need_hold, show_tabs

NAME, PATH, ICON = "self-reliance", "self-reliance", ":material/balance:"
HIGHEST = 10
# Weights in the order of measures.LAYERS: four of hardware, two of control, models, consortium.
PRESETS = {"equal": (1,) * 8, "hardware": (3, 3, 3, 3, 1, 1, 1, 1), "models": (1, 1, 1, 1, 1, 1, 6, 2)}


def parameters(page: ui.Page) -> tuple[Parameter, ...]:
    cells = [f"{code}/{row}" for code in page.read("countries", columns="iso3")["iso3"] for row in (*measures.LAYERS, *SEGMENTS)]
    cards = ("needs", "holds", "cell", "ranks", "sensitivity", "need-hold")
    return (
        Parameter("tab", (next(iter(TABS)),), TABS),
        Weights("weights", tuple(f"{weight:g}" for weight in PRESETS["equal"]), None, len(measures.LAYERS), HIGHEST),
        Parameter("cell", (), frozenset(cells)),
        Parameter("card", (), cards),
    )


def weights_of(page: ui.Page) -> dict[str, float]:
    return dict(zip(measures.LAYERS, map(float, page.chosen.page["weights"]), strict=True))


def indexed(page: ui.Page) -> pd.DataFrame:
    """Every country with its index, rank and the interval of its rank, most self-reliant first; those without an index last."""
    return page.kept(("index", page.evidence, page.chosen.page["weights"]), lambda: measures.ranked(page.dependence, weights_of(page)))


def show(page: ui.Page) -> None:
    if need_countries(page):
        return
    if not page.chosen.one("card"):
        st.title(ui.escape(headline(page)), anchor=False)
        st.caption(page.words("self-reliance.lead"))
    left, right = ui.side_by_side(page)
    with left:
        dependence_matrix(page, "needs", picks="cell")
    with right:
        leverage_matrix(page, "holds", SEGMENTS, picks="cell")
    evidence_of_cell(page)
    show_tabs(page, TABS)


def headline(page: ui.Page) -> str:
    """Place and index of the country chosen first, with the interval of its place."""
    words, code = page.words, page.chosen.countries[0]
    index = indexed(page)
    row = index[index["iso3"] == code]
    if row.empty or pd.isna(row["index"].iloc[0]):
        return words("self-reliance.headline.none", country=words.country(code), least=words.percent(measures.LEAST_COVERAGE_PCT))
    row = row.iloc[0]
    return words(
        "self-reliance.headline",
        country=words.country(code),
        rank=words.number(row["rank"]),
        countries=words.number(index["index"].notna().sum()),
        index=words.number(row["index"], 0),
        low=words.number(row["rank_low"]),
        high=words.number(row["rank_high"]),
    )


# The evidence of a cell ---------------------------------------------------------------------------------------------


def evidence_of_cell(page: ui.Page) -> None:
    """The rows behind one cell of either matrix, and the formula with its numbers. A click chooses the cell, and so does the box."""
    words = page.words
    names = {f"{code}/{row}": cell_name(page, code, row) for code in page.chosen.countries for row in (*measures.LAYERS, *SEGMENTS)}
    cell = page.chosen.one("cell") or (next(iter(names)) if page.chosen.one("card") == "cell" else "")
    if cell and cell not in names:  # a click may choose a country that stands in the matrix without being among the chosen
        code, row = cell.split("/")
        names[cell] = cell_name(page, code, row)
    if not page.chosen.one("card"):
        st.selectbox(
            words("control.cell"), list(names), index=None, format_func=names.get, key="choice:cell", placeholder=words("control.cell_none")
        )
    if cell:
        code, row = cell.split("/")
        (needed if row in measures.LAYERS else held)(page, code, row, names[cell])


def cell_name(page: ui.Page, code: str, row: str) -> str:
    words = page.words
    return words("pair", name=words.country(code), value=words.or_code("layer" if row in measures.LAYERS else "segment", row))


def needed(page: ui.Page, code: str, layer: str, name: str) -> None:
    words = page.words
    share = page.dependence[(page.dependence["iso3"] == code) & (page.dependence["layer"] == layer)]
    rows = page.read("holding_rows", where={"iso3": [code], "layer": [layer]}, evidence=page.evidence)
    if share.empty:
        ui.table_card(page, "cell", rows.head(0), title=name, subtitle=words("cell.none"), empty=words("cell.none"))
        return
    share = share.iloc[0]
    rows = rows[rows["basis"] == share["basis"]]
    union = page.read("countries", columns="union_iso3", where={"iso3": [code]})["union_iso3"].iloc[0]
    total, known = rows["weight"].sum(), rows[rows["party_iso3"].notna()]["weight"].sum()
    abroad = rows[rows["party_iso3"].notna() & ~rows["party_iso3"].isin([code, union])]["weight"].sum()
    unit = words(f"cell.unit.{share['basis']}")
    subtitle = words(
        "cell.formula" if pd.notna(share["share_pct"]) else "cell.formula_unknown",
        abroad=words.number(abroad),
        known=words.number(known),
        share=words.percent(share["share_pct"], 1),
        total=words.number(total),
        known_pct=words.percent(share["known_pct"]),
        least=words.percent(measures.LEAST_KNOWN_PCT),
        unit=unit,
    )
    shown = rows.assign(
        party=[words.country(party) if isinstance(party, str) else words("unknown") for party in rows["party_iso3"]],
        weight=rows["weight"].round(1),
        weight_pct=(100 * rows["weight"] / total).round(1),
    ).sort_values("weight", ascending=False)
    ui.table_card(page, "cell", shown[["item", "party", "weight", "weight_pct", "source_ids"]], title=name, subtitle=subtitle, height=320)


def held(page: ui.Page, code: str, segment: str, name: str) -> None:
    words = page.words
    leverage = page.read("leverage", where={"segment_id": [segment]}, evidence=page.evidence)
    mine = measures.with_zeros(leverage, [code])
    mine = mine[mine["iso3"] == code]
    if mine.empty:
        ui.table_card(page, "cell", leverage.head(0), title=name, subtitle=words("cell.none"), empty=words("cell.none_held"))
        return
    mine = mine.iloc[0]
    if segment == "ai-compute-sites":
        rows = page.read("compute_by_designer", where={"designer_iso3": [code]}, evidence=page.evidence).sort_values(
            "h100e", ascending=False
        )
        rows = rows[["country", "h100e", "sites", "source_ids"]]
        parts = words("cell.sites", h100e=words.short(rows["h100e"].sum()))
    else:
        rows = page.read("company_shares", where={"segment_id": [segment], "period": [mine["period"]]}, evidence=page.evidence)
        rows = rows[rows["share_pct"].notna()].sort_values("share_pct", ascending=False)
        own = rows[rows["iso3"] == code]
        parts = " + ".join(f"{row.company} {words.number(row.share_pct, 1)}" for row in own.itertuples()) or words("cell.no_company")
        rows = rows[["company", "country", "period", "share_pct", "metric", "tracker", "source_ids"]]
    subtitle = words(
        "cell.held",
        parts=parts,
        share=words.percent(mine["share_pct"], 1),
        period=words.date(mine["period"]),
        known=words.percent(mine["known_pct"]),
    )
    ui.table_card(page, "cell", rows, title=name, subtitle=subtitle, height=320)


# The index ----------------------------------------------------------------------------------------------------------


def ranked(page: ui.Page) -> pd.DataFrame:
    """Every country with an index, as rows of the chart of ranks."""
    words = page.words
    index = indexed(page)
    known = index[index["index"].notna()]
    return known.assign(
        country=known["iso3"].map(words.country),
        row=known["iso3"],
        low=known["rank_low"],
        value=known["rank"],
        high=known["rank_high"],
        hover=[
            words("self-reliance.hover", index=words.number(row.index_value, 1), coverage=words.percent(row.coverage_pct), missing=words.listing(words(f"layer.{layer}") for layer in row.missing) or words("self-reliance.nothing"))
            for row in known.rename(columns={"index": "index_value"}).itertuples()
        ],
    )  # fmt: skip


def ranks(page: ui.Page) -> None:
    words = page.words
    left, right = ui.side_by_side(page)
    with left:
        if not page.chosen.one("card"):
            weigh(page)
    with right:
        frame = page.once("ranks", lambda: ranked(page))
        codes = page.chosen.countries
        ui.card(
            page,
            "ranks",
            frame,
            lambda rows: intervals(
                rows,
                words,
                unit=words("axis.rank"),
                row_labels={code: words("self-reliance.row", country=words.country(code), index=words.number(index, 0)) for code, index in zip(rows["iso3"], rows["index"], strict=True)},
                tones={code: colour(code) if code in codes else NEUTRAL for code in rows["iso3"]},
                emphasis=codes,
            ),
            method=words("card.ranks.method", draws=words.number(measures.DRAWS), least=words.percent(measures.LEAST_COVERAGE_PCT)),
            columns=["country", "index", "rank", "rank_low", "rank_high", "coverage_pct", "source_ids"],
        )  # fmt: skip


def weigh(page: ui.Page) -> None:
    """Sliders for the weights, which count when they are applied, presets, and who has no index with them."""
    words = page.words
    st.markdown(f"## {words('weights.title')}", anchors=False)
    with st.container(horizontal=True):
        for preset, weights in PRESETS.items():
            st.button(
                words(f"weights.{preset}"),
                key=f"weights:{preset}",
                on_click=lambda weights=weights: st.session_state.update({"choice:weights": [f"{weight:g}" for weight in weights]}),
            )
    for layer, weight in weights_of(page).items():
        st.session_state[f"weight:{layer}"] = weight
    with st.form("weights", border=False):
        columns = st.columns(2)
        for number, layer in enumerate(measures.LAYERS):
            columns[number % 2].slider(words(f"layer.{layer}"), 0.0, float(HIGHEST), step=0.5, format="%.1f", key=f"weight:{layer}")
        st.form_submit_button(words("weights.apply"), on_click=_weigh, type="primary")
    index = indexed(page)
    without = index[index["iso3"].isin(page.chosen.countries) & index["index"].isna()]
    for row in without.itertuples():
        missing = words.listing(words(f"layer.{layer}") for layer in row.missing)
        st.caption(
            words("self-reliance.missing", country=words.country(row.iso3), coverage=words.percent(row.coverage_pct), missing=missing)
        )


def _weigh() -> None:
    st.session_state["choice:weights"] = [f"{st.session_state[f'weight:{layer}']:g}" for layer in measures.LAYERS]


def sensitivity(page: ui.Page) -> None:
    """How far each chosen country would move if a layer did not count, and which layer moves the ranks most."""
    words, codes = page.words, page.chosen.countries
    moved = page.kept(
        ("sensitivity", page.evidence, page.chosen.page["weights"]), lambda: measures.sensitivity(page.dependence, weights_of(page))
    )
    if moved.empty:
        st.info(words("empty.sensitivity"), icon=":material/search_off:")
        return
    mean = moved.assign(moved=moved["change"].abs()).groupby("layer")["moved"].mean().sort_values(ascending=False)
    sources = page.dependence.groupby(["iso3", "layer"])["source_ids"].agg(measures.merged)
    frame = moved[moved["iso3"].isin(codes)]
    frame = frame.assign(
        country=frame["iso3"].map(words.country),
        row=frame["layer"],
        column=frame["iso3"],
        value=(frame["change"].abs() / max(moved["change"].abs().max(), 1) * 100),
        text=[words("sensitivity.cell", change=words.number(abs(change), 0), direction=words(f"sensitivity.{'up' if change > 0 else 'down'}")) if change else words("sensitivity.none") for change in frame["change"].fillna(0)],
        mean_change=frame["layer"].map(mean),
        source_ids=[sources.get((code, layer), []) for code, layer in zip(frame["iso3"], frame["layer"], strict=True)],
    )  # fmt: skip
    shown = [code for code in codes if code in set(frame["iso3"])]
    ui.card(
        page,
        "sensitivity",
        frame,
        lambda rows: matrix(
            rows,
            words,
            rows=list(mean.index),
            columns=shown,
            row_labels={layer: words("sensitivity.row", layer=words(f"layer.{layer}"), mean=words.number(value, 1)) for layer, value in mean.items()},
            column_labels=country_names(page, shown),
            ramp="hold",
            emphasis=codes[:1],
        ),
        subtitle=words("card.sensitivity.subtitle", layer=labels(page, "layer", [mean.index[0]])[mean.index[0]], mean=words.number(mean.iloc[0], 1)),
        columns=["country", "layer", "rank", "rank_without", "change", "mean_change", "source_ids"],
        empty=words("empty.sensitivity"),
    )  # fmt: skip


TABS = {"ranks": ranks, "sensitivity": sensitivity, "scatter": need_hold}
