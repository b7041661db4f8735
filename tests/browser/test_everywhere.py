"""A page wherever it is read: in the language of the browser, embedded, on paper, as a link and as an image; and on a first visit."""

import io
import re
import unicodedata

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from pages import PAGES
from tests.conftest import words

A4_PX = (794, 1123)
CHART = '[data-testid="stPlotlyChart"] .main-svg, [data-testid="stEChartsChart"] svg'


# Language -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("locale", "lang"), [("fr-CA", "fr"), ("ko-KR", "ko"), ("de-DE", "en"), ("en-GB", "en")])
def test_a_page_opens_in_the_language_of_the_browser(reader, locale, lang):
    one = reader(locale=locale)
    one.open("/compute")
    expect(one.page.get_by_role("link", name=words(lang)("page.compute"), exact=True)).to_have_count(1)
    assert one.page.evaluate("() => document.documentElement.lang") == lang
    assert one.query == ""  # nothing that a reader would have to go back through


def test_the_address_wins_over_the_browser(reader):
    one = reader(locale="ko-KR")
    one.open("/compute?lang=fr")
    expect(one.page.get_by_role("link", name=words("fr")("page.compute"), exact=True)).to_have_count(1)


def test_the_switch_keeps_every_other_choice_and_tells_the_browser(reader):
    one = reader(locale="fr-FR")
    one.open("/chip-supply?countries=KOR,JPN&scale=per-capita&evidence=official,reported&segment=dram")
    one.page.get_by_role("radio", name="KO", exact=True).click()
    one.page.wait_for_url("**lang=ko**")
    one.settle()
    expected = "?countries=KOR,JPN&evidence=official,reported&scale=per-capita&lang=ko&segment=dram"
    assert one.query == expected
    assert one.page.evaluate("() => document.documentElement.lang") == "ko"
    one.page.get_by_role("link", name=words("ko")("page.models"), exact=True).click()
    one.page.wait_for_url("**/models**")
    assert "lang=ko" in one.query


def test_english_is_a_choice_for_a_french_browser(reader):
    one = reader(locale="fr-FR")
    one.open("/")
    one.page.get_by_role("radio", name="EN", exact=True).click()
    one.page.wait_for_url("**lang=en**")
    one.page.get_by_role("link", name="Compute", exact=True).click()
    one.page.wait_for_url("**/compute?lang=en")
    one.page.reload()
    one.settle()
    expect(one.page.get_by_role("link", name="Compute", exact=True)).to_have_count(1)


def test_hangul_is_set_in_the_font_of_the_server(reader):
    one = reader(locale="ko-KR")
    one.open("/")
    one.page.wait_for_function(
        "() => [...document.fonts].filter(font => font.family.includes('Plex KR') && font.status === 'loaded').length === 2"
    )


# Sharing --------------------------------------------------------------------------------------------------------------


def test_the_link_that_is_copied_opens_the_same_page_for_a_reader_of_another_language(reader):
    one = reader(locale="fr-FR", permissions=["clipboard-read", "clipboard-write"])
    one.open("/chip-supply?countries=KOR,FRA&segment=nand")
    one.page.get_by_role("button", name=words("fr")("browser.copy")).click()
    expect(one.page.get_by_text(words("fr")("browser.copied"))).to_have_count(1)
    link = one.page.evaluate("() => navigator.clipboard.readText()")
    other = reader(locale="ko-KR")
    other.open(link.removeprefix(one.server))
    assert other.title == one.title
    assert "lang=fr" in other.query


def test_a_card_offers_a_link_and_the_code_that_embeds_it_in_a_theme(reader, chromium):
    one = reader()
    one.open("/compute?countries=KOR,JPN")
    card = one.page.locator(".st-key-card-compute-states")
    card.get_by_role("button", name="Share").click()
    card.get_by_role("radio", name="dark").click()
    code = card.locator("code").filter(has_text="<iframe")
    expect(code).to_contain_text("embed_options=dark_theme")
    host = reader()
    host.page.set_content(code.inner_text())
    frame = host.page.frame_locator("iframe")
    expect(frame.locator(CHART).first).to_be_visible()
    expect(frame.get_by_role("heading")).to_have_count(1)
    assert frame.locator("body").evaluate("() => getComputedStyle(document.querySelector('.stApp')).backgroundColor") == "rgb(16, 22, 29)"


@pytest.mark.parametrize("width", [390, 820])
def test_an_embedded_card_shows_one_chart_with_its_sources_and_a_way_to_the_whole(reader, width):
    one = reader(viewport={"width": width, "height": 640})
    one.open("/?embed=true&card=leverage&lang=fr&countries=KOR,FRA")
    assert one.page.locator('[data-testid="stPlotlyChart"]').count() == 1
    assert one.page.get_by_test_id("stSidebar").count() == 0
    expect(one.page.get_by_role("heading", name=words("fr")("card.leverage.title"))).to_be_visible()
    expect(one.page.get_by_text(re.compile("^Sources : ")).first).to_be_visible()
    assert one.page.evaluate("() => document.documentElement.scrollWidth") <= width
    back = one.page.get_by_role("link", name=re.compile(words("fr")("app.name")))
    assert back.get_attribute("href").endswith("?countries=KOR,FRA&lang=fr&card=leverage")


def bare(text: str) -> str:
    """Text without spaces, and without what a font makes of letters: ligatures, apostrophes."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("\u02bc", "’")


# On paper -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", PAGES, ids=lambda module: module.NAME)
def test_a_printed_page_is_a4_with_whole_charts_and_its_sources_as_text(reader, module, database):
    one = reader()
    one.open(f"/{module.PATH}?print=yes" + ("&id=sk-hynix" if module.NAME == "profile" else ""))
    assert one.page.get_by_test_id("stSidebar").count() == 0
    pdf = one.page.pdf(format="A4", print_background=True)
    sheets = PdfReader(io.BytesIO(pdf)).pages
    assert all(abs(width - 595) <= 1 and abs(height - 842) <= 1 for sheet in sheets for width, height in [sheet.mediabox[2:]])
    text = bare("".join(sheet.extract_text() for sheet in sheets))
    assert bare(one.title)[:30] in text
    assert bare(words()("print.back")) not in text
    listed = one.page.get_by_test_id("stMarkdownContainer").locator("li").all_inner_texts()
    assert [line for line in listed if bare(line)[:40] not in text] == []
    one.page.emulate_media(media="print")
    one.page.set_viewport_size({"width": A4_PX[0], "height": A4_PX[1]})
    charts = one.page.evaluate(
        """selector => [...document.querySelectorAll(selector)].map(chart => {
            const card = chart.closest('[class*="st-key-card-"]'), box = chart.getBoundingClientRect();
            return [card.className, Math.round(box.right), Math.round(card.getBoundingClientRect().height), getComputedStyle(card).breakInside];
        })""",
        CHART,
    )
    assert [chart for chart in charts if chart[1] > A4_PX[0] or chart[2] > A4_PX[1] or chart[3] != "avoid"] == []
    if module.NAME not in ("method", "data", "profile", "compare"):  # which begin with tables
        assert charts
        assert len(listed) > 3


def test_a_page_for_print_leads_back_to_the_page_with_its_choice(reader):
    one = reader()
    one.open("/compute?countries=KOR,FRA")
    with one.context.expect_page() as opened:
        one.page.get_by_role("link", name=words()("browser.print")).click()
    paper = opened.value
    paper.wait_for_url("**print=yes**")
    paper.get_by_role("button", name=words()("print.back")).click()
    paper.wait_for_url("**/compute?countries=KOR,FRA")


# An image goes without its page ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "card"), [("/", "dependence"), ("/consortia?tab=members", "network")])
def test_an_image_says_what_it_shows(reader, path, card):
    """As SVG, since the words can be read in it."""
    one = reader()
    one.open(path)
    place = one.page.locator(f".st-key-card-{card}")
    place.get_by_role("button", name="Download", exact=True).click()
    place.get_by_role("radio", name="SVG").click()
    one.settle()
    title = place.get_by_role("heading").inner_text()
    with one.page.expect_download() as download:
        if card == "network":
            place.get_by_test_id("stEChartsChart").hover()
            place.get_by_role("button", name="Download as SVG").click()
        else:
            place.locator(".modebar-btn").click()
    text = re.sub(r"<[^>]+>|\s+", "", download.value.path().read_text(encoding="utf-8"))
    sources = place.get_by_test_id("stCaptionContainer").get_by_text(re.compile("^Sources: ")).inner_text()
    newest = re.search(r"newest (.+)", sources)[1]
    for said in (title, sources.split(" · ")[0], newest, "CC BY 4.0"):
        assert re.sub(r"\s+", "", said) in text


# The first visit ------------------------------------------------------------------------------------------------------


def test_the_introduction_has_three_steps_and_never_comes_back_once_closed(reader):
    one = reader()
    one.open("/")
    introduction = one.page.locator(".st-key-introduction")
    assert all(introduction.get_by_text(words()(f"introduction.{step}.title")).count() == 1 for step in ("choose", "read", "check"))
    one.page.get_by_role("button", name="Got it").click()
    expect(introduction).to_have_count(0)
    one.page.get_by_role("link", name="Compute", exact=True).click()
    one.page.wait_for_url("**/compute**")
    one.settle()
    assert introduction.count() == 0
    again = one.context.new_page()
    again.goto(one.server + "/models")
    expect(again.get_by_role("heading", level=1)).to_be_visible()
    assert again.locator(".st-key-introduction").count() == 0


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_jumps_while_a_page_loads(reader, width):
    """By the measure of the web, the cumulative layout shift: 0.1 and less is good. That the side menu opens beside an empty page is Streamlit's own."""
    one = reader(viewport={"width": width, "height": 900})
    one.page.add_init_script(
        """window.shifts = [];
        new PerformanceObserver(list => list.getEntries().forEach(entry => {
            const opens = entry.sources.some(source => source.node?.contains?.(document.querySelector('[data-testid="stMain"]')));
            if (!opens) window.shifts.push(entry.value);
        })).observe({ type: "layout-shift", buffered: true });"""
    )
    for path in ("/", "/compute", "/consortia"):
        one.open(path)
        assert one.page.evaluate("() => window.shifts.reduce((sum, shift) => sum + shift, 0)") < 0.1
