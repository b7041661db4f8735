"""In the browser: deep links first, then pages, filters, back, reload, downloads; and nothing leaves the machine."""

import csv
import io

import pytest
from playwright.sync_api import expect

from pages import PAGES

DEEP_LINK = "/chip-supply?countries=KOR,USA&segment=dram"


def test_a_deep_link_is_the_first_request_and_opens_its_page(reader):
    """The first request after a start once fell into Streamlit's old multipage mode, with blank pages. This test comes first on a fresh server."""
    one = reader()
    one.open(DEEP_LINK)
    assert one.title.startswith("DRAM")
    assert one.page.locator('[data-testid="stPlotlyChart"]').count() >= 2
    assert one.query == "?countries=KOR,USA&segment=dram"


@pytest.mark.parametrize("module", PAGES, ids=lambda module: module.NAME)
def test_every_page_opens_by_its_link_without_a_fault(reader, module):
    one = reader()
    faults = []
    one.page.on("pageerror", lambda error: faults.append(str(error)))
    one.open(f"/{module.PATH}")
    assert one.title
    assert one.page.locator('[data-testid="stException"]').count() == 0
    assert faults == []


def test_the_tab_of_the_browser_has_the_title_that_a_preview_of_the_link_has(reader):
    one = reader()
    for path in ("/", "/chip-supply?segment=dram", "/profile?id=sk-hynix"):
        one.open(path)
        served = one.page.request.get(one.server + path).text()
        assert f"<title>{one.page.title()}</title>" in served
    one.page.get_by_role("link", name="Compute", exact=True).click()
    one.page.wait_for_function("() => document.title === 'Compute · Sovereign AI Atlas'")


def test_the_choice_survives_page_switch_reload_and_back_and_opens_for_another_reader(reader):
    one = reader()
    one.open("/?countries=KOR,FRA")
    one.page.get_by_role("link", name="Compute", exact=True).click()
    one.page.wait_for_url("**/compute**")
    one.settle()
    assert one.query == "?countries=KOR,FRA"
    one.page.get_by_text("per person", exact=True).click()
    one.page.wait_for_url("**scale=per-capita**")
    one.settle()
    assert one.query == "?countries=KOR,FRA&scale=per-capita"
    one.page.reload()
    one.settle()
    assert one.query == "?countries=KOR,FRA&scale=per-capita"
    expect(one.page.get_by_test_id("stSidebar").get_by_role("button", name="France")).to_have_count(1)
    title = one.title
    other = reader()
    other.open(one.page.url.removeprefix(one.server))
    assert other.title == title
    assert other.query == one.query
    one.page.go_back()
    one.page.wait_for_function("() => !location.search.includes('scale')")
    one.settle()
    assert one.query == "?countries=KOR,FRA"
    expect(one.page.get_by_role("radio", name="total")).to_be_checked()


def test_each_page_is_found_again_as_it_was_left(reader):
    one = reader()
    one.open("/chip-supply?segment=nand")
    one.page.get_by_role("link", name="Overview", exact=True).click()
    one.page.wait_for_function("() => location.pathname === '/'")
    one.settle()
    assert "segment" not in one.query
    one.page.get_by_role("link", name="Chip supply", exact=True).click()
    one.page.wait_for_url("**/chip-supply**")
    one.settle()
    assert one.query == "?segment=nand"
    assert one.title.startswith("NAND")


def test_a_filter_changes_the_charts(reader):
    one = reader()
    one.open("/compute")
    chart = one.page.locator('[data-testid="stPlotlyChart"]').first
    before = chart.inner_text()
    one.page.get_by_role("combobox", name="Add a country").click()
    one.page.keyboard.type("Japan")
    one.page.get_by_role("option", name="Japan").click()
    one.page.wait_for_function("() => decodeURIComponent(location.search) === '?countries=KOR,USA,CHN,JPN'")
    one.settle()
    one.page.wait_for_function("text => document.querySelector('[data-testid=\"stPlotlyChart\"]').innerText !== text", arg=before)
    assert "Japan" in chart.inner_text()


def test_the_downloaded_rows_are_those_of_the_view(reader, database):
    one = reader()
    one.open("/chip-supply?segment=hbm")
    card = one.page.locator(".st-key-card-companies")
    card.get_by_role("button", name="Download").click()
    with one.page.expect_download() as download:
        card.get_by_role("button", name="Rows as CSV").click()
    text = download.value.path().read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(("# ", '"# '))]
    rows = list(csv.DictReader(io.StringIO("\n".join(lines))))
    view = database.read("company_shares", where={"segment_id": ["hbm"]}, evidence=["official", "reported", "estimated", "planned"])
    view = view[view["share_pct"].notna()]
    assert len(rows) == len(view)
    assert {(row["company"], row["period"], float(row["share_pct"])) for row in rows} == set(
        zip(view["company"], view["period"], view["share_pct"], strict=True)
    )
    version, licence, link = text.splitlines()[2:5]
    assert "data version" in version
    assert "CC BY 4.0" in licence
    assert "card=companies" in link
    sources = {source for ids in view["source_ids"] for source in ids}
    assert {source for row in rows for source in row["source_ids"].split("; ")} == sources
    assert all(any(f"# {source}: " in line for line in text.splitlines()[-len(sources) :]) for source in sources)


def test_a_card_can_be_opened_alone_and_leads_back(reader):
    one = reader()
    one.open("/chip-supply?card=companies&segment=foundry")
    assert one.page.locator('[data-testid="stPlotlyChart"]').count() == 1
    one.page.get_by_role("button", name="Back to the whole page").click()
    one.page.wait_for_function("() => !location.search.includes('card')")
    one.settle()
    assert one.query == "?segment=foundry"
    assert one.title


def test_what_the_address_says_wrongly_is_dropped_with_a_hint(reader):
    one = reader()
    one.open("/compute?countries=KOR,Atlantis&lang=xx")
    assert one.page.get_by_text("countries=Atlantis").is_visible()
    assert one.query == "?countries=KOR"


def test_no_country_is_a_sentence(reader):
    one = reader()
    one.open("/?countries=")
    assert one.page.get_by_test_id("stAlert").first.is_visible()
    assert one.page.locator('[data-testid="stPlotlyChart"]').count() == 0


def test_back_leads_from_page_to_page_with_their_choices(reader):
    one = reader()
    one.open("/?countries=KOR,JPN&tab=money")
    entries = one.page.evaluate("() => history.length")
    one.page.get_by_role("link", name="Compute", exact=True).click()
    one.page.wait_for_url("**/compute**")
    one.settle()
    assert one.page.evaluate("() => history.length") == entries + 1
    one.page.go_back()
    one.page.wait_for_function("() => location.pathname === '/'")
    one.settle()
    assert one.query == "?countries=KOR,JPN&tab=money"
    expect(one.page.get_by_text("Programme money")).to_have_count(1)  # the page may still show the one before


def test_a_search_leads_to_the_profile_and_back(reader):
    one = reader()
    one.open("/?countries=KOR,JPN")
    one.page.get_by_role("combobox").first.click()
    one.page.keyboard.type("Haein")
    one.page.get_by_role("option").first.click()
    one.page.wait_for_url("**/profile**")
    one.settle()
    assert "id=" in one.query
    assert "Haein" in one.title
    one.page.go_back()
    one.page.wait_for_function("() => location.pathname === '/'")
    one.settle()
    assert one.query.startswith("?countries=KOR,JPN")
    assert "Haein" not in one.title


@pytest.mark.parametrize("module", PAGES, ids=lambda module: module.NAME)
def test_nothing_is_wider_than_a_phone(reader, module):
    one = reader(viewport={"width": 390, "height": 844})
    one.open(f"/{module.PATH}")
    overflow = one.page.evaluate(
        "() => document.querySelector('[data-testid=\"stMain\"]').scrollWidth - document.querySelector('[data-testid=\"stMain\"]').clientWidth"
    )
    assert overflow <= 0
