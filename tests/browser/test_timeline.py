"""Timeline in the browser: a deep link first, the slider and the words move the link with the chart."""

from playwright.sync_api import expect


def test_a_deep_link_opens_months_kinds_and_words(reader):
    one = reader()
    one.open("/timeline?from=2025-07&to=2026-08&kind=selection,evaluation&q=upstage")
    assert one.title.startswith("South Korea, July 2025 to August 2026:")
    assert one.query == "?from=2025-07&to=2026-08&kind=selection,evaluation&q=upstage"
    chart = one.page.locator('[data-testid="stPlotlyChart"]')
    expect(chart).to_contain_text("Selection")
    expect(chart).not_to_contain_text("Policy")


def test_the_slider_moves_the_link_and_back_moves_the_slider(reader):
    one = reader()
    one.open("/timeline")
    title = one.title
    end = one.page.get_by_role("slider").nth(1)
    end.focus()
    end.press("ArrowLeft")
    one.page.wait_for_function("() => location.search.includes('to=2027-11')")
    one.settle()
    expect(one.page.locator("h1")).to_contain_text("2023 to November 2027")
    one.page.go_back()
    one.page.wait_for_function("() => !location.search.includes('to=')")
    one.settle()
    expect(one.page.locator("h1")).to_have_text(title)
    expect(one.page.get_by_text("2027-12", exact=True)).to_be_visible()


def test_words_that_are_typed_stand_in_the_link(reader):
    one = reader()
    one.open("/timeline?countries=KOR")
    box = one.page.get_by_role("textbox", name="Search in all columns")
    box.fill("HBM")
    box.press("Enter")
    one.page.wait_for_function("() => location.search.includes('q=HBM')")
    one.settle()
    assert one.query == "?countries=KOR&q=HBM"
    again = reader()
    again.open("/timeline?countries=KOR&q=HBM")
    assert again.title == one.title


def test_wrong_dates_are_dropped_with_a_hint(reader):
    one = reader()
    one.open("/timeline?from=1066&to=2026")
    expect(one.page.get_by_text("from=1066")).to_be_visible()
    assert one.query == "?to=2026"
