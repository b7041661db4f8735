"""SQL in the browser: a link shows its rows, a new question moves the link, a wrong one is told where."""

from urllib.parse import quote

from playwright.sync_api import expect

QUESTION = "SELECT name, iso3 FROM countries WHERE iso3 IN ('KOR', 'FRA') ORDER BY iso3"


def rows(one):
    return one.page.locator(".st-key-card-sql-rows")


def cells(one) -> str:
    """The text of the table, which draws itself on a canvas and repeats its cells for those who do not see it."""
    table = rows(one).locator('[data-testid="stDataFrame"] table')
    table.wait_for(state="attached")
    return table.inner_text() or table.text_content()


def test_a_link_to_a_question_shows_its_rows_and_its_words(reader):
    one = reader()
    one.open(f"/data?tab=sql&sql={quote(QUESTION)}")
    expect(one.page.get_by_role("textbox", name="Question in SQL")).to_have_value(QUESTION)
    expect(rows(one)).to_contain_text("2 rows, 2 columns")
    assert "South Korea" in cells(one)


def test_a_new_question_is_in_the_link_and_outlives_a_reload(reader):
    one = reader()
    one.open("/data?tab=sql")
    box = one.page.get_by_role("textbox", name="Question in SQL")
    box.fill("SELECT chip_id, tdp_w\nFROM chips\nWHERE tdp_w IS NOT NULL ORDER BY tdp_w DESC LIMIT 7")
    one.page.get_by_role("button", name="Run").click()
    one.page.wait_for_function("() => decodeURIComponent(location.search).includes('LIMIT')")
    one.settle()
    expect(rows(one)).to_contain_text("7 rows, 2 columns")
    one.page.reload()
    one.settle()
    expect(rows(one)).to_contain_text("7 rows, 2 columns")
    expect(box).to_have_value("SELECT chip_id, tdp_w\nFROM chips\nWHERE tdp_w IS NOT NULL ORDER BY tdp_w DESC LIMIT 7")


def test_control_and_enter_runs_the_question(reader):
    one = reader()
    one.open("/data?tab=sql")
    box = one.page.get_by_role("textbox", name="Question in SQL")
    box.fill("SELECT 1 AS one FROM range(3)")
    box.press("Control+Enter")
    expect(rows(one)).to_contain_text("3 rows, 1 columns")


def test_a_wrong_question_is_told_what_and_where(reader):
    one = reader()
    one.open(f"/data?tab=sql&sql={quote('SELECT name,' + chr(10) + '  nme' + chr(10) + 'FROM chips')}")
    expect(one.page.get_by_role("alert")).to_contain_text("The database does not understand the question")
    expect(one.page.locator('[data-testid="stCode"]')).to_contain_text("LINE 2:   nme")
    expect(rows(one)).to_have_count(0)


def test_an_example_answers_with_one_click(reader):
    one = reader()
    one.open("/data?tab=sql")
    one.page.get_by_role("link", name="Programmes with the largest budgets").click()
    one.page.wait_for_function("() => decodeURIComponent(location.search).includes('programme_money')")
    one.settle()
    expect(rows(one)).to_contain_text("25 rows")
    expect(one.page.locator(".st-key-card-sql-chart h2")).to_contain_text("budget_usd_m_at_rate by programme")


def test_what_the_chart_shows_is_chosen_and_in_the_link(reader):
    one = reader(viewport={"width": 390, "height": 844})
    one.open(f"/data?tab=sql&sql={quote('SELECT name, h100e, power_mw FROM site_compute WHERE h100e > 0 AND power_mw > 0')}")
    one.page.get_by_role("button", name="What the chart shows").click()
    one.page.get_by_role("combobox", name="Kind of chart").click()
    one.page.get_by_role("option", name="Points").click()
    one.page.wait_for_function("() => location.search.includes('chart=scatter')")
    one.settle()
    expect(one.page.locator(".st-key-card-sql-chart h2")).to_contain_text("h100e by power_mw")
    assert one.page.evaluate("() => document.documentElement.scrollWidth <= 390")
