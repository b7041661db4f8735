"""Method: what every figure means, how it is computed, what it leaves out, and how to cite it. Figures inside the text are computed."""

import streamlit as st

from atlas import measures, ui
from atlas.selection import EVIDENCE, Parameter

NAME, PATH, ICON = "method", "method", ":material/menu_book:"
SECTIONS = (
    "states",
    "h100e",
    "evidence",
    "control",
    "dependence",
    "leverage",
    "index",
    "exposure",
    "compare",
    "models",
    "hhi",
    "money",
    "scale",
    "top500",
    "maps",
    "limits",
    "licences",
    "cite",
)
# The sources of a definition; the sources of the facts stand beside each chart.
SECTION_SOURCES = {
    "index": ["oecd-jrc-2008-handbook"],
    "hhi": ["doj-ftc-2023-12-merger-guidelines", "dangerous-economist-2023-07-hhi"],
    "maps": ["savric-2018-equal-earth", "natural-earth-110m"],
}


def parameters(page: ui.Page) -> tuple[Parameter, ...]:
    return (Parameter("card", (), ("rates",)),)


def show(page: ui.Page) -> None:
    words = page.words
    if not page.chosen.one("card"):
        st.title(words("method.headline"), anchor=False)
        st.caption(words("method.lead"))
        values = figures(page)
        links = page.read(
            "sources",
            columns="source_id, publisher, title, url",
            where={"source_id": sorted(source for sources in SECTION_SOURCES.values() for source in sources)},
        ).set_index("source_id")
        for section in SECTIONS:
            st.header(words(f"method.{section}.title"), anchor=section)
            st.markdown(words(f"method.{section}.text", **values))
            cited = [
                f"[{ui.escape(words('pair', name=links.loc[source, 'publisher'], value=links.loc[source, 'title']))}]({links.loc[source, 'url']})"
                for source in SECTION_SOURCES.get(section, ())
            ]
            if cited:
                st.caption(words("method.sources", sources="; ".join(cited)))
    rates = page.read("exchange_rates").assign(source_ids=lambda rows: [[source] for source in rows["source_id"]])
    ui.table_card(page, "rates", rates.drop(columns="source_id"))


def figures(page: ui.Page) -> dict[str, str]:
    """The numbers that the text speaks of, from the data and from the code that uses them."""
    words = page.words
    state = page.read("data_state").iloc[0]
    h100 = page.read("chips", columns="name, fp16_dense_tflops", where={"chip_id": ["nvidia-h100"]}).iloc[0]
    sites = page.read(
        "site_compute",
        columns="count(*) AS sites, count(DISTINCT iso3) AS countries, count(h100e) FILTER (h100e_basis = 'stated') AS stated",
    ).iloc[0]
    return {
        "h100_name": h100["name"],
        "h100_tflops": words.number(h100["fp16_dense_tflops"], 1),
        "least_coverage": words.percent(measures.LEAST_COVERAGE_PCT),
        "draws": words.number(measures.DRAWS),
        "least_known": words.percent(measures.LEAST_KNOWN_PCT),
        "highly_2023": words.number(measures.HIGHLY_CONCENTRATED_2023),
        "highly_2010": words.number(measures.HIGHLY_CONCENTRATED_2010),
        **page.years,
        "sites": words.number(sites["sites"]),
        "site_countries": words.number(sites["countries"]),
        "stated": words.number(sites["stated"]),
        "known_sites": words.percent(state["sites_with_h100e_pct"]),
        "weak": words.percent(state["weak_pct"]),
        "version": page.version,
        "newest": words.date(state["newest_source"]),
        "evidence": words.listing(words(f"evidence.{kind}").lower() for kind in EVIDENCE),
        "link": (st.context.url or "").split("?")[0],
    }
