"""What if: a supplier stops at a stage; whose compute stands on it, which chips, sites, consortia and models, by which path, and who else could deliver."""

import pandas as pd
import streamlit as st

from atlas import exposure, ui
from atlas.exposure import ANY_STAGE, INPUTS, MAKING, STAGES, Stop
from atlas.figures.bars import bars
from atlas.figures.flows import flows
from atlas.selection import Parameter
from pages.common import STATES, chosen_rows, labels, need_countries, show_tabs

NAME, PATH, ICON = "what-if", "what-if", ":material/power_off:"
MOST_STOPPED = 12
SCENARIOS = {
    "tsmc": {"stop": "tsmc", "stage": "foundry"},
    "hbm": {"stop": "sk-hynix,samsung-electronics", "stage": "memory"},
    "us-design": {"stop": "USA", "stage": "design"},
    "asml": {"stop": "asml", "stage": "equipment"},
    "japan": {"stop": "JPN", "stage": "material", "inputs": "photoresist,silicon-wafer"},
    "gallium": {"stop": "CHN", "stage": "material"},
}
# The segments whose shares say who else could deliver, stage by stage; for equipment and materials the links themselves say which.
SEGMENTS_OF = {"design": ("ai-server-chip",), "foundry": ("foundry",), "memory": ("hbm",), "packaging": ("osat",)}
PARTS = ("low", "more", "safe", "unknown")
TONES = {"low": "#B6362D", "more": "#CE806D", "safe": "#4281AF"}
MOST_CHIPS = 12


def parameters(page: ui.Page) -> tuple[Parameter, ...]:
    suppliers, inputs, things = page.kept(("what-if allows",), lambda: allowed(page))
    cards = ("exposed", "exposed-all", "stream", "hits", "path", "others", "other-links")
    return (
        Parameter("stop", ("tsmc",), suppliers, MOST_STOPPED),
        Parameter("stage", ("foundry",), (*STAGES, *INPUTS, ANY_STAGE)),
        Parameter("inputs", (), inputs, MOST_STOPPED),
        Parameter("kind", (), exposure.HITS, len(exposure.HITS)),
        Parameter("hit", (), things),
        Parameter("tab", (next(iter(TABS)),), TABS),
        Parameter("card", (), cards),
    )


def named(page: ui.Page) -> pd.DataFrame:
    """Every link by its supplier: org_id, organisation, iso3."""
    return pd.concat([page.read(view, columns="org_id, organisation, iso3") for view in ("chip_suppliers", "chipmaker_inputs")])


def allowed(page: ui.Page) -> tuple[frozenset, frozenset, frozenset]:
    """Codes that may stop (organisations and countries), inputs, and things that may be hit."""
    names = named(page)
    hits = page.read("things", columns="id", where={"kind": exposure.HITS})
    return frozenset({*names["org_id"], *names["iso3"].dropna()}), frozenset(page.read("chipmaker_inputs")["input"]), frozenset(hits["id"])


def stop_of(page: ui.Page) -> Stop:
    """What stops: the organisations chosen, and all of the countries chosen that the data knows as suppliers."""
    chosen = page.chosen.page
    return page.kept(
        ("stop", *key_of(page)),
        lambda: exposure.stopped(
            page.read("chip_suppliers"), page.read("chipmaker_inputs"), chosen["stop"], page.chosen.one("stage"), chosen["inputs"]
        ),
    )


def links_of(page: ui.Page) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    return page.read("chip_suppliers"), page.read("chipmaker_inputs"), page.read("site_chip_compute", where={"confidence": page.evidence})


def key_of(page: ui.Page) -> tuple:
    return (page.evidence, page.chosen.page["stop"], page.chosen.one("stage"), page.chosen.page["inputs"])


def exposed(page: ui.Page) -> pd.DataFrame:
    def make() -> pd.DataFrame:
        suppliers, inputs, sites = links_of(page)
        return exposure.countries(sites, exposure.chips(suppliers, inputs, stop_of(page)))

    return page.kept(("exposed", *key_of(page)), make)


def hit(page: ui.Page) -> pd.DataFrame:
    def make() -> pd.DataFrame:
        suppliers, inputs, sites = links_of(page)
        stop, kinds = stop_of(page), {thing: kind for thing, (kind, _) in page.things[0].items()}
        found = exposure.hits(exposure.graph(suppliers, inputs, sites, page.read("compute_users"), kinds, stop), stop)
        bounds = exposure.chips(suppliers, inputs, stop).set_index("chip_id")
        return found.assign(**{f"{bound}_pct": 100 * found["id"].map(bounds[bound]) for bound in ("low", "high")})

    return page.kept(("hits", *key_of(page)), make)


def show(page: ui.Page) -> None:
    if need_countries(page):
        return
    words = page.words
    if not page.chosen.one("card"):
        st.title(ui.escape(headline(page)), anchor=False)
        st.caption(words("what-if.lead"))
        controls(page)
    if not page.chosen.page["stop"]:
        st.info(words("what-if.nobody"), icon=":material/power:")
        return
    if hit(page).empty:
        st.info(words("what-if.no_effect", who=who(page), stage=words(f"stop.{page.chosen.one('stage')}")), icon=":material/link_off:")
        alternatives(page)
        return
    show_tabs(page, TABS)


def who(page: ui.Page) -> str:
    """The stopped suppliers by name: countries as all their companies."""
    things = page.things[0]
    names = [
        page.words("what-if.all_of", country=page.words.country(code)) if code.isupper() else things.get(code, ("", code))[1]
        for code in page.chosen.page["stop"]
    ]
    return page.words.listing(names)


def headline(page: ui.Page) -> str:
    """How much of the running compute of the countries chosen first and second stands on what stops."""
    words, stopped = page.words, page.chosen.page["stop"]
    if not stopped:
        return words("what-if.headline.nobody")
    running = exposed(page)
    running = running[(running["status"] == "operational") & running["high_pct"].notna()].set_index("iso3")
    first = [code for code in page.chosen.countries if code in running.index][:2]
    values = {"who": who(page), "stage": words(f"stop.{page.chosen.one('stage')}")}
    if hit(page).empty or not first:
        return words("what-if.headline.unknown", **values)
    parts = [words("what-if.part", country=words.country(code), share=_range(page, running.loc[code])) for code in first]
    return words("what-if.headline", parts=words.listing(parts), **values)


def _range(page: ui.Page, row: pd.Series) -> str:
    """A share with its bounds; one number where they meet."""
    low, high = page.words.number(row["low_pct"], 0), page.words.percent(row["high_pct"])
    return high if low == page.words.number(row["high_pct"], 0) else page.words("what-if.range", low=low, high=high)


def controls(page: ui.Page) -> None:
    """Ready-made scenarios as links, and the boxes to make one's own."""
    words = page.words
    with st.container(horizontal=True, gap="small"):
        for scenario, query in SCENARIOS.items():
            ui.link_here(page, words(f"scenario.{scenario}"), query, icon=":material/bolt:")
    options = page.kept(("who may stop", words.lang), lambda: stoppable(page))
    left, middle, right = ui.side_by_side(page, 3)
    with left:
        ui.several(words("control.stop"), list(options), options.get, key="choice:stop", add=words("control.stop_add"), most=MOST_STOPPED)
    with middle:
        ui.choice(page, "stage", (*STAGES, *INPUTS, ANY_STAGE), lambda stage: words(f"stop.{stage}"))
    with right:
        products = dict(page.read("chipmaker_inputs", columns="DISTINCT input, product").drop_duplicates("input").to_numpy())
        ui.several(
            words("control.inputs"),
            list(products),
            lambda code: words.or_code("segment", code),
            key="choice:inputs",
            add=words("control.inputs_all"),
            disabled=page.chosen.one("stage") not in (*INPUTS, ANY_STAGE),
        )
    st.caption(words("what-if.limits"))


def stoppable(page: ui.Page) -> dict[str, str]:
    """Who may be chosen to stop: all of a country, or one supplier, by name."""
    names = named(page)
    words = page.words
    homes = sorted(set(names["iso3"].dropna()), key=lambda code: words.sort_key(words.country(code)))
    countries = {code: words("what-if.all_of", country=words.country(code)) for code in homes}
    organisations = names.sort_values("organisation", key=words.sort_keys)
    return countries | dict(organisations[["org_id", "organisation"]].drop_duplicates().to_numpy())


# Tabs ---------------------------------------------------------------------------------------------------------------


def countries(page: ui.Page) -> None:
    left, right = ui.side_by_side(page)
    with left:
        shares(page)
    with right:
        stream(page)
    frame = exposed(page)
    ui.table_card(
        page,
        "exposed-all",
        frame[frame["high_pct"] > 0].sort_values(["status", "low_pct"], ascending=[True, False])[
            ["country", "status", "low_pct", "high_pct", "known_pct", "h100e", "sites", "sites_hit", "source_ids"]
        ],
        empty=page.words("empty.exposed"),
        height=320,
    )


def share_parts(page: ui.Page) -> pd.DataFrame:
    """Per country and state the parts of its computing power: hit at least, hit at most, not hit, not known; together 100."""
    words = page.words
    frame = chosen_rows(page, exposed(page))
    frame = frame[frame["h100e"] > 0]
    parts = {
        "low": frame["low_pct"] * frame["known_pct"] / 100,
        "more": (frame["high_pct"] - frame["low_pct"]) * frame["known_pct"] / 100,
        "safe": (100 - frame["high_pct"]) * frame["known_pct"] / 100,
        "unknown": (100 - frame["known_pct"]).where(frame["low_pct"].notna(), 100),
    }
    long = pd.concat([frame.assign(part=part, value=values) for part, values in parts.items()])
    long = long[long["value"] > 0.05]
    return long.assign(
        row=long["iso3"] + "/" + long["status"],
        hover=[words("what-if.hover", low=words.percent(row.low_pct), high=words.percent(row.high_pct), known=words.percent(row.known_pct), hit=row.sites_hit, sites=row.sites) for row in long.itertuples()],
    )  # fmt: skip


def shares(page: ui.Page) -> None:
    """Each chosen country, state by state: at least hit, at most hit, not hit, not known."""
    words = page.words
    long = page.once("shares", lambda: share_parts(page))
    rows = [f"{code}/{state}" for code in page.chosen.countries for state in STATES if f"{code}/{state}" in set(long["row"])]
    ui.card(
        page,
        "exposed",
        long,
        lambda data: bars(
            data,
            words,
            unit=words("unit.share"),
            rows=rows,
            row_labels={
                f"{code}/{state}": f"{words.country(code)}, {words(f'status.{state}')}"
                for code in page.chosen.countries
                for state in STATES
            },
            parts=PARTS,
            part_labels=labels(page, "exposed", PARTS),
            tones=TONES,
            hatched=("unknown",),
            top=100,
            label_from=6,
            digits=0,
        ),
        subtitle=words("card.exposed.subtitle", who=who(page), stage=words(f"stop.{page.chosen.one('stage')}")),
        columns=["country", "status", "part", "value", "low_pct", "high_pct", "known_pct", "h100e", "sites", "sites_hit", "source_ids"],
        empty=words("empty.exposed"),
    )


def bands(page: ui.Page) -> pd.DataFrame:
    """The links from what stops over the chips with most compute to the chosen countries."""
    words, stop = page.words, stop_of(page)
    suppliers, inputs, sites = links_of(page)
    chips = exposure.chips(suppliers, inputs, stop)
    reached = chosen_rows(
        page, sites[sites["chip_id"].isin(set(chips[chips["high"] > 0]["chip_id"]))].sort_values("status")
    )  # what runs stands first
    top = reached.groupby("chip_id")["h100e"].sum().sort_values(ascending=False).head(MOST_CHIPS).index
    reached = reached[reached["chip_id"].isin(top)]
    through = suppliers[
        suppliers["stage"].isin(stop.at(STAGES)) & suppliers["org_id"].isin(stop.organisations) & suppliers["chip_id"].isin(top)
    ]
    bought = stop.bought(inputs)
    makers = suppliers[
        suppliers["org_id"].isin(set(bought["customer_org_id"])) & suppliers["stage"].isin(MAKING) & suppliers["chip_id"].isin(top)
    ]
    bought = bought[bought["customer_org_id"].isin(set(makers["org_id"]))]
    edges = pd.concat(
        [
            bought.assign(source="1/" + bought["org_id"], target="2/" + bought["customer_org_id"], from_name=bought["organisation"], to_name=bought["customer"], relation=bought["stage"], home=bought["iso3"]),
            makers.assign(source="2/" + makers["org_id"], target="3/" + makers["chip_id"], from_name=makers["organisation"], to_name=makers["chip"], relation=makers["stage"], home=makers["iso3"]),
            through.assign(source="2/" + through["org_id"], target="3/" + through["chip_id"], from_name=through["organisation"], to_name=through["chip"], relation=through["stage"], home=through["iso3"]),
            reached.assign(source="3/" + reached["chip_id"], target="4/" + reached["iso3"], from_name=reached["chip"], to_name=reached["iso3"].map(words.country), relation=(reached["status"] == "operational").map({True: "runs", False: "planned"}), home=None),
        ]
    )  # fmt: skip
    edges = edges.groupby(["source", "target", "from_name", "to_name"], sort=False, as_index=False).agg(
        relation=("relation", "first"),
        home=("home", "first"),
        source_ids=("source_ids", lambda lists: sorted({one for ids in lists for one in ids})),
    )
    return edges.assign(
        hover=[f"{row.from_name} → {row.to_name}\n{words.or_code('relation', row.relation)}" for row in edges.itertuples()],
        is_planned=edges["relation"] == "planned",
    )


def stream(page: ui.Page) -> None:
    """From what stops over its chips to the chosen countries."""
    words = page.words
    edges = page.once("stream", lambda: bands(page))
    ends = {f"4/{code}": code for code in page.chosen.countries}
    ui.card(
        page,
        "stream",
        edges,
        lambda rows: flows(
            rows,
            words,
            labels=dict(rows[["source", "from_name"]].to_numpy()) | dict(rows[["target", "to_name"]].to_numpy()),
            homes=dict(rows[["source", "home"]].to_numpy()) | ends,
            things={node: node.split("/", 1)[1] for node in (*rows["source"], *rows["target"])},
        ),
        subtitle=words("card.stream.subtitle", most=MOST_CHIPS),
        columns=["from_name", "relation", "to_name", "source_ids"],
        empty=words("empty.stream"),
    )


def listed(page: ui.Page) -> None:
    """Everything that is hit, with its path in words."""
    words = page.words
    counts = hit(page)["kind"].value_counts()
    if not page.chosen.one("card"):
        st.pills(
            words("control.kind"),
            exposure.HITS,
            format_func=lambda kind: words("what-if.kind", kind=words(f"things.{kind}"), n=words.number(counts.get(kind, 0))),
            selection_mode="multi",
            key="choice:kind",
        )
    ui.table_card(page, "hits", page.once("listed", lambda: described(page)), empty=words("empty.hits"), height=560)


def described(page: ui.Page) -> pd.DataFrame:
    """What is hit, of the kinds chosen, with names and the path; those of the chosen countries first."""
    words, things, found = page.words, page.things[0], hit(page)
    kinds = page.chosen.page["kind"] or exposure.HITS
    homes = dict(page.read("things", columns="id, iso3").to_numpy())
    order = {code: place for place, code in enumerate(page.chosen.countries)}
    found = found[found["kind"].isin(kinds)]
    found = found.assign(
        name=[things[thing][1] for thing in found["id"]],
        country=[words.country(homes[thing]) if homes.get(thing) else None for thing in found["id"]],
        place=[order.get(homes.get(thing), len(order)) for thing in found["id"]],
        turn=found["kind"].map(exposure.HITS.index),
        path=[" → ".join(things.get(node[1], ("", node[1]))[1] for node in (steps[0][0], *(step[2] for step in steps))) for steps in found["steps"]],
        kind=found["kind"].map(lambda kind: words(f"thing.{kind}")),
    ).sort_values(["turn", "place", "name"])  # fmt: skip
    return found[["name", "kind", "country", "low_pct", "high_pct", "path", "source_ids"]]


def path(page: ui.Page) -> None:
    """The path from the supplier to one thing that is hit, link by link with the source of each."""
    words, things = page.words, page.things[0]
    found = hit(page).set_index("id")
    homes = dict(page.read("things", columns="id, iso3").to_numpy())
    order = {code: place for place, code in enumerate(page.chosen.countries)}
    # The longest path of the country chosen first comes first: it shows most.
    options = sorted(
        found.index, key=lambda thing: (order.get(homes.get(thing), 99), -len(found.at[thing, "steps"]), words.sort_key(things[thing][1]))
    )
    if not page.chosen.one("card"):
        st.selectbox(
            words("control.hit"),
            options,
            index=None,
            format_func=lambda thing: f"{things[thing][1]} ({words(f'thing.{things[thing][0]}')})",
            key="choice:hit",
            placeholder=words("control.hit"),
        )
    wanted = page.chosen.one("hit")
    if wanted and wanted not in found.index:
        st.info(words("what-if.not_hit", name=ui.escape(things[wanted][1])), icon=":material/link_off:")
        return
    steps = found.at[wanted or options[0], "steps"]
    frame = pd.DataFrame(
        {
            "from_name": [things.get(start[1], ("", start[1]))[1] for start, *_ in steps],
            "relation": [words.or_code("relation", relation) for _, relation, _, _ in steps],
            "to_name": [things.get(end[1], ("", end[1]))[1] for _, _, end, _ in steps],
            "source_ids": [[source] for *_, source in steps],
        }
    )
    cited = page.read("source_list", columns=ui.SOURCE_COLUMNS, where={"source_id": [source for *_, source in steps]}).set_index(
        "source_id"
    )
    frame.insert(3, "publisher", [cited.at[ids[0], "publisher"] for ids in frame["source_ids"]])
    frame.insert(4, "url", [cited.at[ids[0], "url"] for ids in frame["source_ids"]])
    ui.table_card(page, "path", frame, title=words("card.path.title", name=things[wanted or options[0]][1]))


def alternatives(page: ui.Page) -> None:
    """Who else delivers: the market shares of the segment, and the other suppliers of the same input that the links know."""
    words, stop = page.words, stop_of(page)
    inputs = page.read("chipmaker_inputs")
    own = inputs[inputs["stage"].isin(stop.at(INPUTS)) & (inputs["org_id"].isin(stop.organisations) | inputs["input"].isin(stop.inputs))]
    if stop.inputs:
        own = own[own["input"].isin(stop.inputs)]
    segments = [segment for stage in stop.at(STAGES) for segment in SEGMENTS_OF[stage]] + sorted(set(own["segment_id"].dropna()))
    shares = page.read("company_shares", where={"segment_id": segments}, evidence=page.evidence)
    shares = shares[shares["share_pct"].notna() & ~shares["is_group"]]
    newest = shares[shares["period_end"] == shares.groupby("segment_id")["period_end"].transform("max")]
    newest = newest.assign(
        segment=newest["segment_id"].map(lambda segment: words.or_code("segment", segment)),
        stops=newest["org_id"].isin(stop.organisations),
    ).sort_values(["segment", "stops", "share_pct"], ascending=[True, True, False])
    left, right = ui.side_by_side(page)
    with left:
        ui.table_card(
            page,
            "others",
            newest[["segment", "company", "country", "share_pct", "period", "stops", "tracker", "source_ids"]],
            empty=words("empty.others"),
            height=420,
        )
    with right:
        suppliers = page.read("chip_suppliers")
        made = suppliers[suppliers["stage"].isin(stop.at(STAGES))]
        chips = made[made["org_id"].isin(stop.organisations)][["chip_id", "stage"]].drop_duplicates()
        second = made.merge(chips, on=["chip_id", "stage"]).rename(columns={"chip": "product"})
        also = inputs.merge(own[["stage", "input"]].drop_duplicates(), on=["stage", "input"]).assign(
            product=lambda rows: rows["product"] + " → " + rows["customer"]
        )
        links = pd.concat([second, also])
        links = links[~links["org_id"].isin(stop.organisations)].assign(country=lambda rows: [words.country(code) if isinstance(code, str) else None for code in rows["iso3"]], stage=lambda rows: [words(f"stop.{stage}") for stage in rows["stage"]])  # fmt: skip
        ui.table_card(
            page,
            "other-links",
            links.rename(columns={"organisation": "supplier"})[["supplier", "country", "stage", "product", "source_ids"]],
            empty=words("empty.other_links"),
            height=420,
        )


TABS = {"countries": countries, "hits": listed, "path": path, "alternatives": alternatives}
