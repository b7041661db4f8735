"""What charts say to those who do not see them: their comparison, a period, what is not known, in the reader's language; and the table that each one has."""

import csv
import re

import pytest

from atlas.selection import LANGUAGES
from pages import PAGES
from tests.conftest import ROOT, words
from tests.pages.test_pages import WITH_CARDS, built, charts, opened  # noqa: F401 (one build for the module, as there)

TABS = [(module.NAME, tab) for module in PAGES if module.NAME in WITH_CARDS for tab in getattr(module, "TABS", [""])]
# A network or a strip counts; every other chart names its highest and its lowest, its first and its last, or its most.
COMPARED = ("alt.extremes", "alt.newest", "alt.order", "alt.links", "alt.contest", "alt.team", "alt.counts")
with (ROOT / "data" / "texts.csv").open(encoding="utf-8", newline="") as file:
    TEXTS = list(csv.DictReader(file))


def pattern(text: str) -> re.Pattern:
    """A text with anything in its placeholders."""
    return re.compile(".+?".join(re.escape(part) for part in re.split(r"\{\w+\}", text)))


COMPARISONS = {lang: [pattern(row[lang]) for row in TEXTS if row["key"] in COMPARED] for lang in LANGUAGES}
# What the data itself says stays in the language of the data: names and units of indicators, products, titles of sources.
with (ROOT / "data" / "indicators.csv").open(encoding="utf-8", newline="") as file:
    OF_THE_DATA = "\n".join(f"{row['name']}\n{row['unit']}" for row in csv.DictReader(file))
with (ROOT / "data" / "supply_links.csv").open(encoding="utf-8", newline="") as file:
    OF_THE_DATA += "\n".join(row["product"] for row in csv.DictReader(file))
# English texts, long enough not to be a name, that another language says otherwise.
ENGLISH = {
    lang: [
        row["en"]
        for row in TEXTS
        if row["en"] != row[lang] and len(row["en"]) > 15 and " " in row["en"] and "{" not in row["en"] and row["en"] not in OF_THE_DATA
    ]
    for lang in LANGUAGES
}
# Columns of numbers in a table that its chart does not draw.
BESIDE = {"rank", "value_usd_m", "h100e_stated"}


def blocks(node):
    """All containers of a page."""
    for child in getattr(node, "children", {}).values():
        if hasattr(child, "children"):
            yield child
            yield from blocks(child)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("page", "tab"), TABS)
def test_every_chart_says_its_comparison_and_its_period_in_the_language_of_the_reader(page, tab, lang):
    app = opened(page, lang=lang, **({"tab": tab} if tab else {}))
    for chart in charts(app):
        assert re.search(r"(?<!\d)(19|20)\d\d(?!\d)", chart.alt), chart.alt
        assert any(comparison.search(chart.alt) for comparison in COMPARISONS[lang]), chart.alt
        assert [text for text in ENGLISH[lang] if text in chart.alt] == []
        assert "  " not in chart.alt
        assert ".." not in chart.alt.replace("…", "")


@pytest.mark.parametrize(("page", "tab"), TABS)
def test_every_chart_has_a_table_with_its_rows_and_says_what_they_leave_unknown(page, tab):
    app = opened(page, **({"tab": tab} if tab else {}))
    names = [button.key.removeprefix("table:") for button in app.button if str(button.key).startswith("table:")]
    assert len(names) == len(charts(app))
    for name in names:
        app.session_state[f"panel:{name}"] = "table"
    app.run()
    assert not app.exception
    unknown, left_out = words()("unknown"), words()("alt.left_out", n="").strip()
    for name in names:
        (card,) = [block for block in blocks(app.main) if getattr(block.proto, "id", "").endswith(f"-card-{name}")]
        (chart,), (table,) = charts(card), (frame.value for frame in card.dataframe)
        assert len(table)
        lacking = [column for column in table.select_dtypes("number") if table[column].isna().any() and column not in BESIDE]
        assert not lacking or unknown in chart.alt or left_out in chart.alt, (name, lacking)
