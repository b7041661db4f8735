"""Models in the browser: deep links first."""

from playwright.sync_api import expect

from pages.models import TEST


def test_a_deep_link_opens_a_measure(reader):
    one = reader()
    one.open("/models?countries=KOR,CHN&measure=training_compute_flop")
    assert one.query == "?countries=KOR,CHN&measure=training_compute_flop"
    expect(one.page.locator('[data-testid="stPlotlyChart"]')).to_have_count(1)
    expect(one.page.locator("h2").first).to_contain_text("ompute")


def test_a_benchmark_that_is_chosen_stands_in_the_link(reader):
    one = reader()
    one.open("/models?tab=scores")
    expect(one.page.locator('[data-testid="stPlotlyChart"]')).to_contain_text("Motif 3")
    one.page.locator('[data-testid="stMain"] [data-testid="stSelectbox"] input').click()
    one.page.get_by_role("option").nth(1).click()
    one.page.wait_for_function("() => location.search.includes('test=')")
    one.settle()
    assert "tab=scores" in one.query
    assert TEST not in one.query
