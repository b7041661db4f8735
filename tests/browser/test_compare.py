"""Compare and its briefing in the browser: a deep link first, then downloads; the briefing opens with every network shut, and prints."""

import csv
import io
import re
from pathlib import Path

import pytest

from atlas import brief

A4_CONTENT_PX = 267 * 96 / 25.4  # height of the paper without its margins


def test_a_deep_link_is_the_first_request_and_opens_the_comparison(reader):
    one = reader()
    one.open("/compare?countries=KOR,FRA,JPN&tab=series&series=population")
    assert one.title.startswith("South Korea")
    assert one.query == "?countries=KOR,FRA,JPN&tab=series&series=population"
    chart = one.page.locator('[data-testid="stPlotlyChart"]')
    assert chart.count() == 1
    for name in ("South Korea", "France", "Japan"):
        assert name in chart.inner_text()


def test_another_series_is_in_the_url_and_in_the_chart(reader):
    one = reader()
    one.open("/compare?tab=series")
    one.page.get_by_role("combobox", name="Series").click()
    one.page.get_by_role("option", name="TOP500 machines").click()
    one.page.wait_for_url("**series=top500-system-count**")
    one.settle()
    assert one.page.locator("h2", has_text="TOP500 machines").count() == 1


def test_the_rows_are_downloaded_as_numbers_with_their_ranks(reader, database):
    one = reader()
    one.open("/compare?countries=KOR,USA")
    with one.page.expect_download() as started:
        one.page.get_by_role("button", name="Rows as CSV").click()
    text = Path(started.value.path()).read_text(encoding="utf-8")
    rows = list(csv.DictReader(line for line in io.StringIO(text) if not line.startswith(("#", '"#'))))
    population = next(row for row in rows if row["indicator"] == "Population" and row["iso3"] == "KOR")
    expected = database.read(
        "indicator_values", where={"indicator_id": ["population"], "iso3": ["KOR"]}, evidence=["official", "estimated"], scale="absolute"
    )
    assert float(population["value"]) == expected["value"].iloc[0]
    assert float(population["rank"]) > 1
    assert {row["mark"] for row in rows} == {"", "best", "worst"}


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("tab", ["table", "series", "panels"])
def test_nothing_is_wider_than_the_screen(reader, width, tab):
    one = reader(viewport={"width": width, "height": 900})
    one.open(f"/compare?countries=KOR,USA,CHN,TWN,JPN,EUU&tab={tab}")
    assert one.page.evaluate("() => document.documentElement.scrollWidth") <= width
    if tab != "table":
        assert cut_texts(one.page, '[data-testid="stPlotlyChart"]') == []


def cut_texts(page, chart: str) -> list[str]:
    """The labels that stick out of their chart at a side."""
    return page.evaluate(
        """chart => [...document.querySelectorAll(chart)].flatMap(place => {
          const box = place.getBoundingClientRect();
          return [...place.querySelectorAll('svg text')].filter(text => {
            const own = text.getBoundingClientRect();
            return own.width > 0 && (own.left < box.left - 2 || own.right > box.right + 2 || own.top < box.top - 2 || own.bottom > box.bottom + 2);
          }).map(text => text.textContent);
        })""",
        chart,
    )


def test_the_briefing_is_downloaded_from_the_page(reader, tmp_path):
    one = reader()
    one.open("/compare?countries=FRA,DEU&lang=fr")
    with one.page.expect_download() as started:
        one.page.get_by_test_id("stDownloadButton").first.get_by_role("button").click()
    assert started.value.suggested_filename == "sovereign-ai-atlas-fra-deu-fr.html"
    html = Path(started.value.path()).read_text(encoding="utf-8")
    assert '<html lang="fr">' in html
    assert "France" in html


@pytest.fixture
def opened(chromium, database, tmp_path):
    """A briefing opened as a file, every network shut; what it asked for and complained of."""
    contexts = []

    def make(*countries, **options):
        path = tmp_path / "brief.html"
        brief.write(brief.reading(database, countries, "en"), path)
        context = chromium.new_context(offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        asked, faults = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(path.as_uri())
        page.wait_for_function("() => [...document.querySelectorAll('.chart')].every(chart => chart.querySelector('.main-svg'))")
        return page, [url for url in asked if not url.startswith(("file:", "data:", "blob:"))], faults

    yield make
    for context in contexts:
        context.close()


@pytest.mark.parametrize("countries", [("KOR", "USA", "CHN"), ("EUU", "FRA", "DEU", "ARE", "JPN", "KOR"), ("KEN",)], ids="-".join)
def test_the_briefing_draws_offline_and_fits_the_paper(opened, countries):
    page, asked, faults = opened(*countries)
    assert asked == []
    assert faults == []
    assert page.locator(".chart .main-svg").count() > 0
    assert cut_texts(page, ".chart") == []
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 1000})
    heights = page.evaluate("() => [...document.querySelectorAll('.whole, tr, li')].map(part => part.getBoundingClientRect().height)")
    assert max(heights) < A4_CONTENT_PX
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 680
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert pdf.startswith(b"%PDF")
    sizes = {tuple(round(float(number)) for number in box.split()) for box in re.findall(rb"/MediaBox \[([\d. ]+)\]", pdf)}
    assert sizes == {(0, 0, 595, 842)}


def test_the_briefing_can_be_read_on_a_phone(opened):
    page, _, _ = opened("KOR", "USA", viewport={"width": 390, "height": 800})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
