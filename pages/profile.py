"""Profile: everything about one organisation, site, chip, model, consortium, programme or country."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd
import streamlit as st

from atlas import codes, measures, ui
from atlas.figures.lines import lines
from atlas.selection import EVIDENCE, Parameter

NAME, PATH, ICON = "profile", "profile", ":material/badge:"
LEAST_PERIODS, MOST_LINES = 3, 6
FEW_SECTIONS = 3  # so few read better one after the other than behind tabs
FEW_ON_FIRST = 2  # with fewer tables beside the facts, the events join them
LONG_TEXT = 44  # characters; a longer value is cut in a table and stands below it
TABS = ("facts", "compute", "supply", "consortia", "models", "events", "sources")
RATED = ("confidence", "note", "source_ids")


@dataclass(frozen=True)
class Section:
    """A table of a profile: the rows of `view` whose column `by` holds the id. Where `is_needed`, none is a gap in the data and said; else it is left out."""

    name: str
    tab: str
    view: str
    by: str
    columns: tuple[str, ...]
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_needed: bool = False


@dataclass(frozen=True)
class Facts:
    """The key facts of a kind of thing: always said, even where not known; and said only where known."""

    view: str
    by: str
    always: tuple[str, ...]
    if_known: tuple[str, ...] = ()


SITES = ("status", "chip_names", "chip_count", "h100e", "h100e_basis", "power_mw", "operational_date", "owners", "operators")
SUPPLIERS, CUSTOMERS = ("stage", "supplier", "supplier_country"), ("stage", "customer", "home_country")
DEALS = ("product", "chip", "status", "since", "until")
SUPPLY_FIGURES = ("share_of_customer_pct", "share_of_supplier_pct", "value_usd_m", "is_preferred", *RATED)
MEMBERS = ("home_country", "kind", "role", "layer", "since", "until", *RATED)
TEAMS = ("consortium", "lead", "status", "status_date", "members", "ended", "focus", *RATED)
PROGRAMMES = ("programme", "country", "run_by", "funding", "status", "budget_usd_m_at_rate", "budget_stage", "announced", *RATED)
CHIPS = ("kind", "released", "process_nm", "memory_type", "memory_gb", "fp16_dense_tflops", "tdp_w", "purpose", *RATED)
MODELS = ("released", "parameters_b", "from_scratch", "base_model", "base_country", "has_open_weights", *RATED)
SCORES = ("benchmark", "setting", "score", "unit", "as_of", "measured_by", "is_rival_figure", *RATED)
GRANTS = (
    "programme",
    "receiver",
    "resource",
    "stage",
    "quantity",
    "unit",
    "chip",
    "amount",
    "currency",
    "from_date",
    "to_date",
    "provider",
    *RATED,
)
FABS = ("fab", "product", "node", "status", "as_of", "wafers_per_month_k", "investment_usd_m", "is_company_total", "is_preferred", *RATED)
MADE_OF, SOLD_AS = ("equipment", "material", "design-ip", "foundry", "memory", "packaging"), ("accelerator", "system", "cloud")

FACTS = {
    "organisation": Facts("profile_organisations", "org_id", ("kind", "sector", "confidence"), ("note",)),
    "programme": Facts("programme_money", "programme_id", ("status", "funding", "announced", "budget_value", "budget_currency", "budget_usd_m_at_rate", "budget_stage", "goal", "confidence"), ("ends", "counts_in_total", "note")),
    "consortium": Facts("profile_consortia", "consortium_id", ("status", "status_date", "members", "focus", "confidence"), ("ended", "note")),
    "site": Facts("site_compute", "site_id", ("status", "kind", "sector", "location", "operational_date", "chip_names", "chip_count", "h100e", "h100e_basis", "power_mw", "cost_usd_m", "confidence"), ("figures_as_of", "retired_date", "rmax_pflops", "cost_basis", "purpose", "counts_in_total", "is_overdue", "note")),
    "chip": Facts("profile_chips", "chip_id", ("kind", "released", "process_nm", "memory_type", "memory_gb", "memory_bandwidth_gb_s", "fp16_dense_tflops", "fp8_dense_tflops", "tdp_w", "purpose", "confidence"), ("announced", "int8_dense_tops", "interconnect", "price_usd", "export_class", "is_family", "note")),
    "model": Facts("profile_models", "model_id", ("released", "parameters_b", "training_tokens_t", "training_compute_flop", "has_open_weights", "licence", "from_scratch", "confidence"), ("family", "active_parameters_b", "context_tokens", "modality", "base_model", "base_country", "hugging_face_repo", "note")),
    "country": Facts("country_scale", "iso3", ("population_m", "population_year", "gdp_usd_bn", "gdp_year")),
}  # fmt: skip
SECTIONS = {
    "organisation": (
        Section("profile-memberships", "facts", "members", "org_id", ("consortium", "programme", "country", "role", "layer", "since", "until", *RATED)),
        Section("profile-runs", "facts", "profile_runs", "org_id", PROGRAMMES),
        Section("profile-daughters", "facts", "profile_organisations", "parent_org_id", ("organisation", "country", "kind", "sector", *RATED)),
        Section("profile-sites", "compute", "profile_sites", "org_id", ("role", "site", "country", *SITES, *RATED)),
        Section("profile-installed", "compute", "profile_installed", "owner_org_id", ("vendor", "as_of", "units", "h100e_8bit", "power_mw", "is_complete", *RATED)),
        Section("profile-chips", "compute", "profile_chips", "vendor_org_id", ("chip", *CHIPS)),
        Section("profile-chip-sites", "compute", "profile_site_chips", "vendor_org_id", ("chip", "site", "country", "status", "chip_count", "confidence", "source_ids")),
        Section("profile-suppliers", "supply", "profile_supply", "customer_org_id", SUPPLIERS + DEALS + SUPPLY_FIGURES),
        Section("profile-customers", "supply", "profile_supply", "supplier_org_id", CUSTOMERS + DEALS + SUPPLY_FIGURES),
        Section("profile-shares", "supply", "profile_shares", "org_id", ("segment_id", "period", "share_pct", "value_usd_m", "metric", "tracker", "is_preferred", "is_forecast", *RATED)),
        Section("profile-fabs", "supply", "fab_capacity", "org_id", ("country", *FABS)),
        Section("profile-models", "models", "profile_models", "org_id", ("model", *MODELS)),
        Section("profile-scores", "models", "profile_scores", "org_id", ("model", *SCORES)),
        Section("profile-support", "consortia", "profile_support", "lead_org_id", GRANTS),
        Section("profile-support-given", "consortia", "profile_support", "provider_org_id", GRANTS),
    ),
    "programme": (
        Section("profile-consortia", "facts", "profile_consortia", "programme_id", TEAMS),
        Section("profile-parts", "facts", "programme_money", "part_of_programme_id", PROGRAMMES),
        Section("profile-members", "consortia", "members", "programme_id", ("consortium", "member", *MEMBERS)),
        Section("profile-support", "consortia", "profile_support", "programme_id", GRANTS),
    ),
    "consortium": (
        Section("profile-members", "facts", "members", "consortium_id", ("member", *MEMBERS), is_needed=True),
        Section("profile-status", "facts", "contest", "consortium_id", ("status_date", "status", "round", "rank", *RATED)),
        Section("profile-support", "consortia", "profile_support", "consortium_id", GRANTS),
        Section("profile-points", "consortia", "evaluation_points", "consortium_id", ("round", "evaluated", "part", "item", "points", "max_points", "is_best", *RATED)),
        Section("profile-models", "models", "profile_models", "consortium_id", ("model", "organisation", *MODELS)),
    ),
    "site": (
        Section("profile-parties", "facts", "profile_parties", "site_id", ("organisation", "role", "home_country", "sector", "confidence", "source_ids"), is_needed=True),
        Section("profile-site-chips", "facts", "profile_site_chips", "site_id", ("chip", "vendor", "chip_count", "is_family", "confidence", "source_ids"), is_needed=True),
        Section("profile-states", "facts", "profile_states", "about_site_id", ("relation", "site", *SITES, "counts_in_total", *RATED)),
        Section("profile-chip-suppliers", "supply", "profile_site_supply", "site_id", ("chip", "stage", "supplier", "supplier_country", "product", "status", *SUPPLY_FIGURES), is_needed=True),
    ),
    "chip": (
        Section("profile-chip-suppliers", "facts", "profile_supply", "chip_id", (*SUPPLIERS, "product", "status", "since", "until", *SUPPLY_FIGURES), {"stage": MADE_OF}, is_needed=True),
        Section("profile-customers", "supply", "profile_supply", "chip_id", ("stage", "supplier", "customer", "home_country", "product", "status", "since", "until", *SUPPLY_FIGURES), {"stage": SOLD_AS}),
        Section("profile-chip-sites", "compute", "profile_site_chips", "chip_id", ("site", "country", "status", "chip_count", "confidence", "source_ids"), is_needed=True),
        Section("profile-shipments", "supply", "profile_shipments", "chip_id", ("period", "units", "units_p5", "units_p95", "h100e_8bit", "is_complete", *RATED)),
        Section("profile-support", "consortia", "profile_support", "chip_id", GRANTS),
    ),
    "model": (
        Section("profile-scores", "facts", "profile_scores", "model_id", SCORES, is_needed=True),
    ),
    "country": (
        Section("profile-indicators", "facts", "profile_indicators", "iso3", ("indicator", "value", "unit", "as_of", "basis", *RATED)),
        Section("profile-programmes", "consortia", "programme_money", "iso3", PROGRAMMES, is_needed=True),
        Section("profile-consortia", "consortia", "profile_consortia", "iso3", ("programme", *TEAMS)),
        Section("profile-sites-running", "compute", "site_compute", "iso3", ("name", *SITES, *RATED), {"status": ("operational",)}, is_needed=True),
        Section("profile-sites-building", "compute", "site_compute", "iso3", ("name", *SITES, *RATED), {"status": ("under-construction",)}),
        Section("profile-sites-planned", "compute", "site_compute", "iso3", ("name", *SITES, *RATED), {"status": ("planned",)}),
        Section("profile-chips", "supply", "profile_chips", "iso3", ("chip", "vendor", *CHIPS)),
        Section("profile-fabs", "supply", "fab_capacity", "iso3", ("company", *FABS)),
        Section("profile-trade", "supply", "chip_trade", "reporter_iso3", ("partner", "product", "flow", "period", "value_usd_m", *RATED)),
        Section("profile-organisations", "supply", "profile_organisations", "iso3", ("organisation", "local_name", "kind", "sector", *RATED)),
        Section("profile-models", "models", "profile_models", "iso3", ("model", "organisation", *MODELS)),
    ),
}  # fmt: skip
# What other data sets say of the thing stands beside what the Atlas says of it.
UPSTREAM = Section("profile-upstream", "facts", "upstream_values", "about_id", ("field", "curated_value", "upstream_value", "is_otherwise", "upstream_name", "layer", "url", "source_ids"))  # fmt: skip
EVENTS = Section("profile-events", "events", "profile_events", "id", ("date", "kind", "title", "about", "country", *RATED))
CARDS = frozenset(section.name for sections in SECTIONS.values() for section in (*sections, UPSTREAM, EVENTS)) | {
    "profile-facts", "profile-share-lines", "profile-dependence", "profile-leverage", "profile-sources",
}  # fmt: skip


def parameters(page: ui.Page) -> tuple[Parameter, ...]:
    return (Parameter("id", (), None), Parameter("tab", (TABS[0],), TABS), Parameter("card", (), CARDS))


def show(page: ui.Page) -> None:
    thing = page.chosen.one("id")
    if thing not in page.things[0]:
        nothing(page, thing)
        return
    kind = page.things[0][thing][0]
    facts, links, sections = page.once("profile", lambda: gathered(page, kind, thing))
    derived = {"country": country_measures, "organisation": share_lines}.get(kind, lambda *_: [])(page, thing, sections)
    if [section.tab for section, _ in sections].count(TABS[0]) + [tab for tab, *_ in derived].count(TABS[0]) < FEW_ON_FIRST:
        sections = [(replace(section, tab=TABS[0]) if section is EVENTS else section, rows) for section, rows in sections]
    facts = page.once("profile facts", lambda: pd.concat([facts, counts_of(page, sections, derived)], ignore_index=True))
    sources = [frame for frame in (facts, links, *(rows for _, rows in sections), *(rows for _, rows, _ in derived)) if len(frame)]
    if page.chosen.one("card"):
        show_facts(page, facts)
        for tab in TABS:
            show_sections(page, tab, sections, derived)
        show_sources(page, sources)
        return
    heading(page, kind, thing, links)
    if len(sections) + len(derived) <= FEW_SECTIONS:
        overview(page, facts, sections, derived, [tab for tab in TABS if tab != "sources"])
        show_sources(page, sources)
        return
    tabs = [tab for tab in TABS if tab in ("facts", "sources") or any(tab == used for used in (*(s.tab for s, _ in sections), *(d[0] for d in derived)))]  # fmt: skip
    if page.chosen.one("tab") not in tabs:
        st.session_state["choice:tab"] = tabs[0]  # the link is of another thing, which has more to show
    ui.tabs(page, tabs)
    tab = st.session_state["choice:tab"]
    if tab == "facts":
        overview(page, facts, sections, derived, ["facts"])
    elif tab == "sources":
        show_sources(page, sources)
    else:
        show_sections(page, tab, sections, derived)


def gathered(page: ui.Page, kind: str, thing: str) -> tuple[pd.DataFrame, pd.DataFrame, list[tuple[Section, pd.DataFrame]]]:
    """Key facts, what it belongs to, and every section that has rows or whose gap is to be said."""
    sections = [(section, rows_of(page, section, thing)) for section in (*SECTIONS[kind], UPSTREAM, EVENTS)]
    kept = [(section, rows) for section, rows in sections if len(rows) or section.is_needed]
    return facts_of(page, kind, thing), page.read("profile_links", where={"id": [thing]}), kept


def nothing(page: ui.Page, wanted: str) -> None:
    """No such thing: what was asked for, as plain text, and the names most like it."""
    words = page.words
    st.title(words("profile.none"), anchor=False)
    if not wanted.strip():
        st.info(words("profile.search"), icon=":material/search:")
        return
    st.info(words("profile.unknown", id=ui.escape(wanted)), icon=":material/search_off:")
    nearest = page.read("nearest_things", wanted=wanted)
    if len(nearest):
        st.markdown(words("profile.nearest"))
    for row in nearest.itertuples():
        ui.profile_link(page, row.id, words("profile.entry", name=row.name, kind=words(f"thing.{row.kind}")))


def heading(page: ui.Page, kind: str, thing: str, links: pd.DataFrame) -> None:
    """Name, kind, country and other names, then what it belongs to, as links."""
    words = page.words
    row = page.read("things", where={"kind": [kind], "id": [thing]}).iloc[0]
    name = words.country(thing) if kind == "country" else row["name"]
    st.title(ui.escape(name), anchor=False)
    known = [words(f"thing.{kind}")]
    if kind != "country":
        known.append(words.country(row["iso3"]) if isinstance(row["iso3"], str) else words("profile.no_country"))
    (spellings,) = page.read("search_names", where={"kind": [kind], "id": [thing]})["entry"].str.split(" · ")
    known += [other.strip() for other in dict.fromkeys(spellings) if other.strip() != name]
    st.caption(ui.escape(" · ".join(known)))
    if len(links):
        with st.container(horizontal=True, gap="small"):
            for link in links.itertuples():
                other = words.country(link.other_id) if link.other_kind == "country" else link.other
                ui.profile_link(
                    page, link.other_id, words("profile.link", relation=words(f"link.{link.relation}"), name=other), width="content"
                )


def rows_of(page: ui.Page, section: Section, thing: str) -> pd.DataFrame:
    evidence = {"confidence": page.evidence} if "confidence" in section.columns else {}
    frame = page.read(section.view, where={section.by: (thing,)} | dict(section.where) | evidence)
    if "segment_id" in section.columns:
        frame = frame.assign(segment_id=[page.words.or_code("segment", segment) for segment in frame["segment_id"]])
    if "field" in section.columns:
        frame = frame.assign(field=[page.words.or_code("column", field) for field in frame["field"]])
    return frame


def facts_of(page: ui.Page, kind: str, thing: str) -> pd.DataFrame:
    """One row a fact, its value in words; unknown is said where a reader would look for it."""
    words, facts = page.words, FACTS[kind]
    rows = page.read(facts.view, where={facts.by: [thing]}).iloc[:1]
    if rows.empty:
        return pd.DataFrame(columns=["fact", "value", "source_ids"])
    row = rows.iloc[0]
    named = [*facts.always, *(column for column in facts.if_known if pd.notna(row[column]))]
    return pd.DataFrame(
        {
            "fact": [words(f"fact.{column}") if words.has(f"fact.{column}") else words(f"column.{column}") for column in named],
            "value": [in_words(page, column, row[column]) for column in named],
            "source_ids": [row["source_ids"]] * len(named),
        }
    )


def counts_of(page: ui.Page, sections: list, derived: list) -> pd.DataFrame:
    """How much stands behind the other tabs, and the newest share of each segment: the first things to know of a company or country."""
    words = page.words
    counts = [
        (words(f"card.{section.name}.title"), words("profile.rows", rows=words.number(len(rows))), rows)
        for section, rows in sections
        if section.tab != TABS[0] and len(rows)
    ]
    shares = [rows.drop_duplicates("segment_id", keep="last") for tab, rows, _ in derived if tab == "supply"]
    newest = [
        (
            words("profile.share", segment=words.or_code("segment", row.segment_id), period=words.date(row.period)),
            words.percent(row.share_pct),
            rows[rows["segment_id"] == row.segment_id].tail(1),
        )
        for rows in shares
        for row in rows.itertuples()
    ]
    return pd.DataFrame(
        [(fact, value, measures.merged(rows["source_ids"])) for fact, value, rows in (*newest, *counts)],
        columns=["fact", "value", "source_ids"],
    )


def in_words(page: ui.Page, column: str, value) -> str:
    words = page.words
    if pd.isna(value):
        return words("unknown")
    if pd.api.types.is_bool(value):
        return words("yes" if value else "no")
    if pd.api.types.is_number(value):
        return f"{value:.0f}" if column.endswith("year") else f"{value:.3g}" if value >= 1e15 else words.number(value)
    return codes.in_words(words, column, [value])[0]


def overview(page: ui.Page, facts: pd.DataFrame, sections: list, derived: list, tabs: list[str]) -> None:
    left, right = ui.side_by_side(page)
    with left:
        show_facts(page, facts)
    with right:
        for tab in tabs:
            show_sections(page, tab, sections, derived)


def show_facts(page: ui.Page, facts: pd.DataFrame) -> None:
    long = facts["value"].str.len() > LONG_TEXT
    ui.table_card(page, "profile-facts", facts.loc[~long, ["fact", "value"]], height="content", rows=facts)
    if not page.chosen.one("card"):
        for row in facts[long].itertuples():
            st.markdown(page.words("profile.fact", fact=ui.escape(row.fact), value=ui.escape(row.value)))


def show_sections(page: ui.Page, tab: str, sections: list, derived: list) -> None:
    words = page.words
    for where, rows, draw in derived:
        if where == tab:
            draw(rows)
    for section, rows in sections:
        if section.tab != tab:
            continue
        # Rows that the reader switched off are not a gap in the data.
        gap = f"profile.missing.{section.name.removeprefix('profile-')}" if set(page.evidence) == set(EVIDENCE) else "empty.card"
        ui.table_card(
            page,
            section.name,
            rows[[*section.columns]],
            subtitle=words("profile.rows", rows=words.number(len(rows))),
            empty=words(gap),
            height=420,
        )


def show_sources(page: ui.Page, frames: list[pd.DataFrame]) -> None:
    """Every source that something on this page rests on, whichever tab shows it."""
    ids = pd.DataFrame({"source_ids": [ids for frame in frames for ids in frame["source_ids"]]})
    sources = ui.sources_of(page, ids)
    ui.table_card(
        page,
        "profile-sources",
        sources.assign(source_ids=[[source] for source in sources["source_id"]])[
            ["publisher", "title", "published", "kind", "is_weak", "licence", "url", "source_ids"]
        ],
        subtitle=page.words("profile.rows", rows=page.words.number(len(sources))),
        height=620,
    )


def share_lines(page: ui.Page, thing: str, sections: list) -> list:
    """The shares of a company through time: a line per segment of which enough periods are known; the table has the rest."""
    words = page.words
    frame, segments = page.once("profile shares", lambda: shares_of(page, thing))
    if not segments:
        return []

    def draw(rows: pd.DataFrame) -> None:
        ui.card(
            page,
            "profile-share-lines",
            rows,
            lambda data: lines(
                data,
                words,
                unit=words("unit.share"),
                names={segment: words.or_code("segment", segment) for segment in segments},
                homes=dict(data[["series", "iso3"]].to_numpy()),
            ),
            columns=["segment_id", "period", "share_pct", "metric", "tracker", "confidence", "note", "source_ids"],
        )

    return [("supply", frame, draw)]


def shares_of(page: ui.Page, thing: str) -> tuple[pd.DataFrame, list[str]]:
    """The shares of a company in the segments of which enough periods are known, and these segments."""
    words = page.words
    frame = page.read("company_shares", where={"org_id": [thing]}, evidence=page.evidence)
    frame = frame[frame["share_pct"].notna()]
    periods = frame.groupby("segment_id")["period"].nunique().sort_values(ascending=False, kind="stable")
    segments = list(periods[periods >= LEAST_PERIODS].index[:MOST_LINES])
    frame = frame[frame["segment_id"].isin(segments)].sort_values("period_end")
    frame = frame.assign(
        segment_id=[words.or_code("segment", segment) for segment in frame["segment_id"]],
        series=frame["segment_id"],
        x=frame["period_end"],
        y=frame["share_pct"],
        counted=frame["tracker"] + frame["metric"],
    )
    return frame, segments


def measures_of(page: ui.Page, thing: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Dependence per layer and leverage per segment of a country, in words."""
    words = page.words
    known = page.dependence[page.dependence["iso3"] == thing].set_index("layer")
    dependence = known.reindex(list(measures.LAYERS)).reset_index() if len(known) else known.reset_index()
    dependence = dependence.assign(
        layer=[words(f"layer.{layer}") for layer in dependence["layer"]],
        share_pct=[words.percent(share) for share in dependence["share_pct"]],
        known_pct=[words.percent(share) for share in dependence["known_pct"]],
        basis=[words(f"basis.{basis}") if isinstance(basis, str) else words("unknown") for basis in dependence["basis"]],
        source_ids=[ids if isinstance(ids, list) else [] for ids in dependence["source_ids"]],
    )
    leverage = page.read("leverage", where={"iso3": [thing]}, evidence=page.evidence).sort_values("share_pct", ascending=False)
    leverage = leverage.assign(segment_id=[words.or_code("segment", segment) for segment in leverage["segment_id"]])
    return dependence, leverage


def country_measures(page: ui.Page, thing: str, sections: list) -> list:
    """Dependence per layer and leverage per segment."""
    dependence, leverage = page.once("profile measures", lambda: measures_of(page, thing))

    def draw_dependence(rows: pd.DataFrame) -> None:
        ui.table_card(page, "profile-dependence", rows[["layer", "share_pct", "known_pct", "basis", "items", "source_ids"]])

    def draw_leverage(rows: pd.DataFrame) -> None:
        ui.table_card(
            page,
            "profile-leverage",
            rows[["segment_id", "share_pct", "period", "companies", "known_pct", "metric", "tracker", "source_ids"]],
        )

    return [entry for entry in (("facts", dependence, draw_dependence), ("facts", leverage, draw_leverage)) if len(entry[1])]
