"""Chip supply: who holds which share of each segment, how concentrated it is, who supplies whom, and how domestic chips compare."""

import pandas as pd
import streamlit as st

from atlas import measures, ui
from atlas.cards import counted_by
from atlas.figures.bars import bars
from atlas.figures.base import NEUTRAL, colour, dashes, short_name
from atlas.figures.flows import flows
from atlas.figures.lines import lines
from atlas.figures.scatter import scatter
from atlas.selection import Parameter
from pages.common import country_names, leverage_matrix, need_countries, show_tabs

NAME, PATH, ICON = "chip-supply", "chip-supply", ":material/account_tree:"
SHOWN_COMPANIES = 7
TRADER = "KOR"  # the one country whose chip exports the data holds by month
PRODUCTS = ("semiconductors", "memory", "system semiconductors")
STAGES = ("equipment", "material", "design-ip", "foundry", "memory", "packaging", "accelerator", "system", "cloud")
MEASURES = ("fp16_dense_tflops", "fp8_dense_tflops", "memory_bandwidth_gb_s", "memory_gb", "tdp_w")


def parameters(page: ui.Page) -> tuple[Parameter, ...]:
    segments = tuple(page.read("segments", columns="segment_id, position").sort_values("position")["segment_id"])
    firms = page.read("supply", columns="DISTINCT customer_org_id")["customer_org_id"]
    cards = (
        "companies",
        "countries",
        "hhi",
        "chokepoints",
        "flows",
        "links",
        "accelerators",
        "chip-list",
        "fabs",
        "fab-list",
        "trade",
        "trade-list",
        "share-list",
    )
    return (
        Parameter("tab", (next(iter(TABS)),), TABS),
        Parameter("segment", ("hbm",), segments),
        Parameter("firm", ("nvidia",), frozenset(firms)),
        Parameter("measure", (MEASURES[0],), MEASURES),
        Parameter("card", (), cards),
    )


def show(page: ui.Page) -> None:
    if need_countries(page):
        return
    if not page.chosen.one("card"):
        st.title(ui.escape(headline(page)), anchor=False)
        st.caption(page.words("chip-supply.lead"))
    show_tabs(page, TABS)


def headline(page: ui.Page) -> str:
    """What the open tab says, in one sentence."""
    headlines = {
        "chokepoints": chokepoint_headline,
        "supply": supply_headline,
        "accelerators": chip_headline,
        "fabs": fab_headline,
        "trade": trade_headline,
    }
    return headlines.get(page.chosen.one("tab"), segment_headline)(page)


def chokepoint_headline(page: ui.Page) -> str:
    """In how many segments the country chosen first holds most, and in which."""
    words, code = page.words, page.chosen.countries[0]
    first = page.read("leverage", evidence=page.evidence).sort_values("share_pct", ascending=False).drop_duplicates("segment_id")
    own = first[first["iso3"] == code].sort_values("position")["segment_id"]
    key = "chip-supply.headline.leads" if len(own) else "chip-supply.headline.leads_none"
    names = words.listing(words.or_code("segment", segment) for segment in own)
    return words(key, country=words.country(code), leads=len(own), segments=len(first), names=names)


def fab_headline(page: ui.Page) -> str:
    """The largest capacity in operation of a company of the country chosen first."""
    words, code = page.words, page.chosen.countries[0]
    frame = page.read("fab_capacity", where={"home_iso3": [code], "status": ["operational"], "confidence": page.evidence})
    frame = frame[frame["is_preferred"] & frame["wafers_per_month_k"].notna()].sort_values("wafers_per_month_k")
    if frame.empty:
        return words("chip-supply.headline.no_fab", country=words.country(code))
    row = frame.iloc[-1]
    product = words.or_code("product", row["product"])
    return words(
        "chip-supply.headline.fab",
        country=words.country(code),
        company=row["company"],
        fab=row["fab"],
        product=product,
        wafers=words.number(row["wafers_per_month_k"]),
        as_of=words.date(row["as_of"]),
    )


def trade_headline(page: ui.Page) -> str:
    """The newest month of Korea's chip exports against the same month a year before."""
    words = page.words
    frame = page.read(
        "chip_trade",
        where={
            "reporter_iso3": [TRADER],
            "partner_iso3": ["WLD"],
            "flow": ["export"],
            "product": [PRODUCTS[0]],
            "confidence": page.evidence,
        },
    )
    months = frame[frame["is_month"]].set_index("period_start")["value_usd_m"].sort_index()
    if months.empty or (before := months.index[-1] - pd.DateOffset(years=1)) not in months.index:
        return words("chip-supply.headline.no_trade")
    rise = 100 * (months.iloc[-1] / months[before] - 1)
    return words(
        "chip-supply.headline.trade",
        country=words.country(TRADER),
        value=words.dollars(1e6 * months.iloc[-1]),
        month=words.date(f"{months.index[-1]:%Y-%m}"),
        rise=words.percent(rise),
    )


def supply_headline(page: ui.Page) -> str:
    """How many suppliers of the chosen firm are known, and from how many countries."""
    links = page.read("supply", where={"confidence": page.evidence, "customer_org_id": [page.chosen.one("firm")]})
    links = links[links["status"] != "ended"]
    if links.empty:
        return page.words("empty.flows")
    return page.words(
        "chip-supply.headline.supply",
        firm=links["customer"].iloc[0],
        suppliers=links["supplier_org_id"].nunique(),
        countries=links["supplier_iso3"].nunique(),
    )


def chip_headline(page: ui.Page) -> str:
    """How the best chip designed in the country chosen first compares with an H100, the unit of computing power on all pages."""
    words, measure = page.words, page.chosen.one("measure")
    chips = page.read("accelerators", where={"confidence": page.evidence})
    chips = chips[chips[measure].notna() & ~chips["is_planned"]].sort_values(measure, ascending=False)
    own = chips[chips["iso3"].isin(page.chosen.countries[:1])]
    unit = chips[chips["chip_id"] == "nvidia-h100"]
    if own.empty or unit.empty:
        return words("chip-supply.headline.no_chip", country=words.listing(map(words.country, page.chosen.countries[:1])))
    return words(
        "chip-supply.headline.chip",
        country=words.country(page.chosen.countries[0]),
        chip=own["chip"].iloc[0],
        share=words.percent(100 * own[measure].iloc[0] / unit[measure].iloc[0]),
        unit=unit["chip"].iloc[0],
        measure=words(f"column.{measure}"),
    )


def segment_headline(page: ui.Page) -> str:
    """Who holds most of the chosen segment, by company and by country, in its newest period."""
    words, segment = page.words, page.chosen.one("segment")
    shares = page.read("company_shares", where={"segment_id": [segment]}, evidence=page.evidence)
    shares = shares[shares["share_pct"].notna() & ~shares["is_group"]]
    if shares.empty:
        return words("chip-supply.headline.none", segment=words.or_code("segment", segment))
    newest = shares[shares["period_end"] == shares["period_end"].max()].sort_values("share_pct", ascending=False)
    country = newest.groupby("iso3")["share_pct"].sum().sort_values(ascending=False)
    known = newest["share_pct"].sum()
    return words(
        "chip-supply.headline" if known >= measures.LEAST_KNOWN_PCT else "chip-supply.headline.few",
        known=words.percent(known),
        segment=words.or_code("segment", segment),
        period=words.date(newest["period"].iloc[0]),
        company=newest["company"].iloc[0],
        share=words.percent(newest["share_pct"].iloc[0]),
        country=words.country(country.index[0]),
        country_share=words.percent(min(country.iloc[0], 100)),
    )


def shares(page: ui.Page) -> None:
    words = page.words
    if not page.chosen.one("card"):
        options = list(page.read("segments", columns="segment_id, position").sort_values("position")["segment_id"])
        ui.choice(page, "segment", options, lambda code: words.or_code("segment", code))
    segment = page.chosen.one("segment")
    name = words.or_code("segment", segment)
    left, right = ui.side_by_side(page)
    with left:
        frame = page.read("company_shares", where={"segment_id": [segment]}, evidence=page.evidence)
        frame = frame[frame["share_pct"].notna()]
        frame = frame.assign(
            series=frame["org_id"], x=frame["period_end"], y=frame["share_pct"], counted=frame["tracker"] + frame["metric"]
        )
        largest = frame.sort_values("period_end").groupby("org_id")["share_pct"].last().sort_values(ascending=False).index[:SHOWN_COMPANIES]
        names = {row.org_id: row.company for org in largest for row in frame[frame["org_id"] == org].head(1).itertuples()}
        frame = frame[frame["org_id"].isin(names)]
        ui.card(
            page,
            "companies",
            frame,
            lambda rows: lines(
                rows,
                words,
                unit=words("unit.share"),
                names=names,
                homes=dict(frame[["org_id", "iso3"]].to_numpy()),
                digits=1 if frame["share_pct"].max() < 10 else 0,
            ),
            title=words("card.companies.title", segment=name),
            subtitle=counted_by(words, frame),
            method=words("card.companies.method", shown=SHOWN_COMPANIES),
            columns=["company", "country", "period", "share_pct", "value_usd_m", "metric", "tracker", "note", "source_ids"],
            basis=(segment,),
        )
    with right:
        frame = page.read("country_shares", where={"segment_id": [segment]}, evidence=page.evidence)
        frame = frame.assign(series=frame["iso3"], x=frame["period_end"], y=frame["share_pct"], counted=frame["tracker"] + frame["metric"])
        order = list(frame.sort_values("period_end").groupby("iso3")["share_pct"].last().sort_values(ascending=False).index)
        ui.card(
            page,
            "countries",
            frame,
            lambda rows: lines(
                rows,
                words,
                unit=words("unit.share"),
                names=country_names(page, order),
                homes={code: code for code in order},
                dash=dashes(order),
                emphasis=page.chosen.countries,
                digits=0,
            ),
            title=words("card.countries.title", segment=name),
            columns=["country", "period", "share_pct", "companies", "known_pct", "metric", "tracker", "source_ids"],
            basis=(segment,),
        )
    concentration(page, segment, name)
    every = page.read("all_shares", where={"segment_id": [segment], "confidence": page.evidence}).sort_values(
        ["period_end", "tracker", "share_pct"], ascending=[False, True, False]
    )
    ui.table_card(
        page,
        "share-list",
        every[
            [
                "period",
                "company",
                "share_pct",
                "value_usd_m",
                "metric",
                "tracker",
                "is_forecast",
                "is_preferred",
                "confidence",
                "note",
                "source_ids",
            ]
        ],
        height=380,
    )


def concentration(page: ui.Page, segment: str, name: str) -> None:
    words = page.words
    gaps = page.read("missing_companies", where={"segment_id": [segment]}, evidence=page.evidence)
    shares = page.read("company_shares", where={"segment_id": [segment]}, evidence=page.evidence)
    frame = measures.hhi(shares[~shares["period"].isin(gaps["period"])])
    ui.card(
        page,
        "hhi",
        frame,
        lambda rows: lines(
            rows.melt(["period", "period_end"], ["low", "high"], "series", "y").rename(columns={"period_end": "x"}),
            words,
            unit=words("unit.hhi"),
            names={"low": words("hhi.low"), "high": words("hhi.high")},
            homes={},
            dash={"low": "solid", "high": "dot"},
            top=10000,
            digits=0,
            height=280,
            level=measures.HIGHLY_CONCENTRATED_2023,
        ),
        title=words("card.hhi.title", segment=name),
        subtitle=words("card.hhi.subtitle", highly=words.number(measures.HIGHLY_CONCENTRATED_2023)),
        empty=words("empty.hhi"),
        columns=["period", "low", "high", "companies", "rest_pct", "source_ids"],
        basis=(segment,),
    )


def chokepoints(page: ui.Page) -> None:
    """Every segment of the world market by country, newest period."""
    leverage_matrix(page, "chokepoints")


def relations(links: pd.DataFrame) -> pd.DataFrame:
    """Links of one supplier to one customer at one stage as one row: how many there are, of what, and whether all of them are only announced."""
    if links.empty:
        return links
    rows = (
        links.groupby(["source", "target", "supplier", "supplier_iso3", "supplier_country", "stage", "customer"], dropna=False, sort=False)
        .agg(
            links=("link_id", "count"),
            products=("product", lambda products: "; ".join(dict.fromkeys(products))),
            is_announced_only=("status", lambda states: (states == "announced").all()),
            source_ids=("source_ids", measures.merged),
        )
        .reset_index()
    )
    return rows.assign(
        hover=[f"{row.supplier} → {row.customer}\n" + "\n".join(row.products.split("; ")[:6]) for row in rows.itertuples()],
        is_planned=rows["is_announced_only"],
    )


def supply(page: ui.Page) -> None:
    """Who supplies the chosen firm with what, and who supplies those suppliers."""
    words = page.words
    links = page.read("supply", where={"confidence": page.evidence})
    firms = dict(links.sort_values("customer", key=words.sort_keys)[["customer_org_id", "customer"]].drop_duplicates().to_numpy())
    if not page.chosen.one("card"):
        ui.choice(page, "firm", list(firms), firms.get)
    firm = page.chosen.one("firm")
    live = links[links["status"] != "ended"]
    direct = live[live["customer_org_id"] == firm]
    second = live[
        live["customer_org_id"].isin(set(direct["supplier_org_id"]) - {firm})
        & live["stage"].isin(("equipment", "material", "foundry", "packaging"))
    ]
    left, right = ui.side_by_side(page)
    with left:
        tiers = pd.concat(
            [
                second.assign(source=second["supplier_org_id"] + "/2", target=second["customer_org_id"] + "/1"),
                direct.assign(source=direct["supplier_org_id"] + "/1", target=direct["stage"] + "/0"),
            ]
        )
        ui.card(
            page,
            "flows",
            relations(tiers),
            lambda rows: flows(
                rows,
                words,
                labels=dict(rows[["source", "supplier"]].to_numpy())
                | {f"{stage}/0": words.or_code("stage", stage) for stage in set(direct["stage"])},
                homes=dict(rows[["source", "supplier_iso3"]].to_numpy()),
                things={node: node.split("/")[0] for node in rows["source"]},
            ),
            title=words("card.flows.title", firm=firms.get(firm, firm)),
            empty=words("empty.flows"),
            columns=["supplier", "supplier_country", "stage", "customer", "links", "products", "is_announced_only", "source_ids"],
            basis=(firm,),
        )
    with right:
        listed = links[(links["customer_org_id"] == firm) | (links["supplier_org_id"] == firm)]
        listed = listed.assign(sells=listed["supplier_org_id"] == firm).sort_values(["sells", "stage", "supplier", "customer"])
        ui.table_card(
            page,
            "links",
            listed[
                [
                    "supplier",
                    "customer",
                    "stage",
                    "product",
                    "chip",
                    "status",
                    "since",
                    "until",
                    "share_of_customer_pct",
                    "share_of_supplier_pct",
                    "value_usd_m",
                    "confidence",
                    "note",
                    "source_ids",
                ]
            ],
            title=words("card.links.title", firm=firms.get(firm, firm)),
            empty=words("empty.flows"),
            height=520,
        )


def accelerators(page: ui.Page) -> None:
    """Chips of the chosen countries beside all others: a measure against the year."""
    words, codes = page.words, page.chosen.countries
    if not page.chosen.one("card"):
        ui.choice(page, "measure", MEASURES, lambda code: words(f"column.{code}"))
    measure = page.chosen.one("measure")
    frame = page.read("accelerators", where={"confidence": page.evidence})
    known = frame[frame[measure].notna() & frame["released_day"].notna()]
    english = {own: name for name, own in page.names.items()}  # the names of chips begin with it
    known = known.assign(
        x=known["released_day"],
        y=known[measure],
        label=[row.chip.removeprefix(f"{english.get(row.vendor, row.vendor)} ").split(" (")[0] for row in known.itertuples()],
        strong=known["iso3"].isin(codes),
        hollow=known["is_planned"],
        group=[words.country(code) if code in codes else "" for code in known["iso3"]],
        tone=[colour(code) if code in codes else NEUTRAL for code in known["iso3"]],
    )
    # All chips of the country chosen first have a label, the best of each other one, the H100 and the best of Nvidia,
    # in this order while there is room.
    known = known.assign(
        place=known.groupby("iso3")["y"].rank(ascending=False, method="first"),
        turn=known["iso3"].map(lambda code: codes.index(code) if code in codes else len(codes)),
    ).sort_values(["place", "turn"])
    nvidia = known[known["vendor_org_id"] == "nvidia"].sort_values("y", ascending=False)["chip_id"].head(1)
    reference = known["chip_id"].isin(["nvidia-h100", *nvidia])
    known = known.assign(labelled=(known["turn"] == 0) | (known["place"] == 1) | reference).sort_values(
        "labelled", ascending=False, kind="stable"
    )
    known = known.fillna({"foundries": words("unknown"), "memory_makers": words("unknown")})
    known = known.assign(
        hover=[
            "\n".join(
                [
                    ", ".join(
                        part
                        for part in (
                            row.vendor,
                            words.country(row.iso3) if isinstance(row.iso3, str) else "",
                            words.date(row.released if isinstance(row.released, str) else row.announced),
                        )
                        if part
                    ),
                    words("pair", name=words(f"column.{measure}"), value=words.number(row.y)),
                    words("pair", name=words("column.foundries"), value=row.foundries),
                    words("pair", name=words("column.memory_makers"), value=row.memory_makers),
                ]
            )
            for row in known.itertuples()
        ]
    )
    columns = [
        "chip",
        "vendor",
        "country",
        "released",
        "announced",
        "is_planned",
        "process_nm",
        "foundries",
        "memory_type",
        "memory_gb",
        "memory_bandwidth_gb_s",
        "memory_makers",
        "packagers",
        "fp16_dense_tflops",
        "fp8_dense_tflops",
        "int8_dense_tops",
        "tdp_w",
        "fp16_tflops_per_w",
        "purpose",
        "export_class",
        "confidence",
        "note",
        "source_ids",
    ]
    ui.card(
        page,
        "accelerators",
        known,
        lambda rows: scatter(
            rows, words, x_title=words("axis.released"), y_title=words(f"column.{measure}"), log_y=True, dates=True, height=480
        ),
        subtitle=words("card.accelerators.subtitle", measure=words(f"column.{measure}")),
        columns=[*columns],
        basis=(measure,),
    )
    listed = frame.assign(rank=frame["iso3"].map(lambda code: codes.index(code) if code in codes else len(codes))).sort_values(
        ["rank", "vendor", "released_day"]
    )
    ui.table_card(page, "chip-list", listed[columns], height=460)


def fabs(page: ui.Page) -> None:
    """Capacity of whole companies, each in the colour of its home; plans of their time are hatched."""
    words = page.words
    frame = page.read("fab_capacity", where={"confidence": page.evidence}).sort_values(["product", "company", "as_of_day"])
    totals = frame[frame["is_company_total"] & frame["is_preferred"] & frame["wafers_per_month_k"].notna()]
    totals = totals.assign(
        row=[f"{short_name(row.company)}, {words.or_code('product', row.product)}, {row.as_of}" for row in totals.itertuples()],
        part=totals["home_iso3"] + totals["status"].map(lambda status: "/planned" if status == "planned" else ""),
        value=totals["wafers_per_month_k"],
        hover=totals["note"].fillna(""),
    )
    rows = list(dict.fromkeys(totals["row"]))
    homes = list(dict.fromkeys(totals["home_iso3"]))
    planned = tuple(f"{code}/planned" for code in homes)
    names = country_names(page, homes) | {f"{code}/planned": words("fab.planned", country=words.country(code)) for code in homes}
    ui.card(
        page,
        "fabs",
        totals,
        lambda data: bars(
            data,
            words,
            unit=words("unit.wafers"),
            rows=rows,
            row_labels={row: row for row in rows},
            parts=[part for code in homes for part in (code, f"{code}/planned") if part in set(totals["part"])],
            part_labels=names,
            tones={part: colour(part[:3]) for part in names},
            hatched=planned,
            label_from=60,
        ),
        columns=["company", "product", "as_of", "status", "wafers_per_month_k", "confidence", "note", "source_ids"],
    )
    ui.table_card(
        page,
        "fab-list",
        frame[
            [
                "company",
                "fab",
                "country",
                "product",
                "node",
                "status",
                "as_of",
                "wafers_per_month_k",
                "investment_usd_m",
                "is_company_total",
                "is_preferred",
                "confidence",
                "note",
                "source_ids",
            ]
        ],
        height=380,
    )


def trade(page: ui.Page) -> None:
    words = page.words
    frame = page.read(
        "chip_trade", where={"confidence": page.evidence, "partner_iso3": ["WLD"], "flow": ["export"], "reporter_iso3": [TRADER]}
    )
    frame = frame[frame["is_month"]]
    frame = frame.assign(series=frame["product"], x=frame["period_start"], y=1e6 * frame["value_usd_m"])
    products = [product for product in PRODUCTS if product in set(frame["product"])]
    ui.card(
        page,
        "trade",
        frame,
        lambda rows: lines(
            rows,
            words,
            unit=words("unit.USD"),
            names={product: words.or_code("trade", product) for product in products},
            homes=dict.fromkeys(products, TRADER),
            height=400,
        ),
        columns=["reporter", "partner", "product", "flow", "period", "value_usd_m", "confidence", "note", "source_ids"],
    )
    every = page.read("chip_trade", where={"confidence": page.evidence}).sort_values(["reporter", "product", "flow", "period_start"])
    ui.table_card(
        page,
        "trade-list",
        every[["reporter", "partner", "product", "flow", "period", "value_usd_m", "confidence", "note", "source_ids"]],
        height=380,
    )


TABS = {"shares": shares, "chokepoints": chokepoints, "supply": supply, "accelerators": accelerators, "fabs": fabs, "trade": trade}
