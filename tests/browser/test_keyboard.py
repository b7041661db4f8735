"""With the keyboard alone: a profile is opened, a table read, its rows downloaded, a source followed, a cell and a node chosen; whatever has the focus looks different."""

import pytest
from playwright.sync_api import expect

# The element that has the focus, inside the parts of the page that stand by themselves too.
FOCUSED = "let e = document.activeElement; while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;"
SAID = (
    f"() => {{ {FOCUSED} return e === document.body ? '' : (e.getAttribute('aria-label') || e.innerText || e.title || e.tagName).trim(); }}"
)
# How it and what it stands in look; what moves is brought to its end first.
LOOK = """
  const look = element => {
    document.getAnimations().forEach(one => { try { one.finish(); } catch { one.cancel(); } });
    const looks = [];
    for (let part = element, steps = 0; part instanceof Element && steps < 4; part = part.parentElement, steps++) {
      const style = getComputedStyle(part);
      looks.push([style.outlineStyle, style.boxShadow, style.borderColor, style.backgroundColor].join());
    }
    return looks.join("|");
  };
"""
KEEP = f"() => {{ {FOCUSED} {LOOK} window.stop = {{element: e, look: look(e)}}; }}"
LOOKS_THE_SAME = f"() => {{ {LOOK} return look(window.stop.element) === window.stop.look; }}"
# Where no style tells the focus: the whole page, which takes it to be scrolled; the link to the page that is open, which always looks as if it had it; a grid,
# which draws its ring into its picture.
UNTOLD = """() => {
  const stop = window.stop.element;
  return stop.matches("main") || (stop.dataset.testid === "stPageLink-NavLink" && new URL(stop.href).pathname === location.pathname)
    || stop.matches('[data-testid="stDataFrame"] :is(canvas, td)');
}"""
MOST_STOPS = 160


def is_seen(one) -> bool:
    """Whether what has the focus looks otherwise once the focus is on the next stop, where it is left (or nothing can be told from its style)."""
    one.page.wait_for_timeout(60)  # Streamlit draws the border of a field after the event
    one.page.evaluate(KEEP)
    one.page.keyboard.press("Tab")
    one.page.wait_for_timeout(60)
    return not one.page.evaluate(LOOKS_THE_SAME) or one.page.evaluate(UNTOLD)


def go_to(one, *ends: str) -> str:
    """Tab by tab to the first element whose name ends in one of these; on every way there the focus must be seen."""
    for _ in range(MOST_STOPS):
        one.page.keyboard.press("Tab")
        said = one.page.evaluate(SAID)
        if said.endswith(ends):
            assert is_seen(one), said
            one.page.keyboard.press("Shift+Tab")
            assert one.page.evaluate(SAID) == said
            return said
    raise AssertionError(f"no way to {ends} with the keyboard")


@pytest.mark.parametrize("path", ["/", "/self-reliance?tab=ranks", "/consortia?tab=members", "/what-if"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_whatever_has_the_focus_shows_it(reader, path, theme):
    one = reader(color_scheme=theme, reduced_motion="reduce")
    one.open(path)
    unshown, seen = [], 0
    one.page.keyboard.press("Tab")
    while (said := one.page.evaluate(SAID)) and seen < MOST_STOPS:
        seen += 1
        if not is_seen(one):
            unshown.append(said[:60])
    assert seen > 20
    assert unshown == []


def test_the_first_stop_leads_past_the_menu(reader):
    one = reader()
    one.open("/")
    one.page.keyboard.press("Tab")
    assert one.page.evaluate(SAID) == "Skip to main content"


def test_the_profile_of_a_country_is_opened(reader):
    one = reader()
    one.open("/")
    go_to(one, "Search")
    one.page.keyboard.type("South Korea")
    expect(one.page.get_by_role("option").first).to_contain_text("South Korea")
    one.page.keyboard.press("Enter")
    one.page.wait_for_url("**/profile?**id=KOR**")
    one.settle()
    assert one.title.startswith("South Korea")


def test_another_page_and_another_country_are_chosen(reader):
    one = reader()
    one.open("/")
    go_to(one, "Compute")
    one.page.keyboard.press("Enter")
    one.page.wait_for_url("**/compute**")
    one.settle()
    go_to(one, "Add a country …")
    one.page.keyboard.type("Japan")
    expect(one.page.get_by_role("option", name="Japan")).to_be_visible()
    one.page.keyboard.press("Enter")
    one.page.wait_for_function("() => decodeURIComponent(location.search).includes('countries=KOR,USA,CHN,JPN')")


def test_a_tab_is_chosen(reader):
    one = reader()
    one.open("/compute")
    go_to(one, one.page.locator(".st-key-choice-tab").get_by_role("radio").first.inner_text())
    one.page.keyboard.press("ArrowRight")
    one.page.keyboard.press("Enter")
    one.page.wait_for_url("**tab=**")


def test_the_table_of_a_chart_is_read(reader):
    one = reader()
    one.open("/chip-supply?card=companies&segment=hbm")
    go_to(one, "Table")
    one.page.keyboard.press("Enter")
    one.page.locator('[data-testid="stDataFrame"]').wait_for()
    one.settle()
    inside = "() => document.activeElement.matches('[data-testid=\"stDataFrame\"] :is(canvas, td)')"
    for _ in range(MOST_STOPS):
        one.page.keyboard.press("Tab")
        if one.page.evaluate(inside):
            break
    one.page.keyboard.press("ArrowDown")
    one.page.wait_for_function("() => document.activeElement.getAttribute('role') === 'gridcell'")
    column, row = one.page.evaluate("() => document.activeElement.dataset.testid.split('-').slice(-2).map(Number)")
    one.page.keyboard.press("ArrowDown")
    one.page.wait_for_function(f"() => document.activeElement.dataset.testid === 'glide-cell-{column}-{row + 1}'")
    assert one.page.evaluate(SAID) not in ("", "TD")


def test_an_image_of_a_chart_is_downloaded(reader):
    one = reader()
    one.open("/chip-supply?card=companies&segment=hbm")
    go_to(one, "Download")
    one.page.keyboard.press("Enter")
    one.page.get_by_role("button", name="Rows as CSV").wait_for()
    one.settle()
    for _ in range(MOST_STOPS):
        one.page.keyboard.press("Shift+Tab")
        if one.page.evaluate("() => document.activeElement.classList.contains('modebar-btn')"):
            break
    with one.page.expect_download() as download:
        one.page.keyboard.press("Enter")
    assert download.value.suggested_filename == "atlas-companies.png"


def test_the_rows_of_a_chart_are_downloaded(reader):
    one = reader()
    one.open("/chip-supply?card=companies&segment=hbm")
    go_to(one, "Download")
    one.page.keyboard.press("Enter")
    one.page.get_by_role("button", name="Rows as CSV").wait_for()
    one.settle()
    go_to(one, "Rows as CSV")
    with one.page.expect_download() as download:
        one.page.keyboard.press("Enter")
    assert download.value.suggested_filename == "atlas-companies.csv"
    assert "share_pct" in download.value.path().read_text(encoding="utf-8")


def test_a_source_is_followed(reader, database):
    """No way leads out of the machine, so the address that is asked for is what is looked at."""
    one = reader()
    one.open("/chip-supply?card=companies&segment=hbm")
    go_to(one, "Sources")
    one.page.keyboard.press("Enter")
    link = one.page.locator(".st-key-card-companies li a").first
    link.wait_for()
    address, publisher = link.get_attribute("href"), link.inner_text()
    assert address in set(database.read("sources")["url"])
    asked = []
    one.context.on("request", lambda request: asked.append(request.url))
    go_to(one, publisher)
    with one.context.expect_page():
        one.page.keyboard.press("Enter")
    one.page.wait_for_timeout(500)
    assert address in asked


@pytest.mark.parametrize(
    ("path", "box", "opened"),
    [
        pytest.param("/self-reliance", ".st-key-choice-cell input", "**cell=**", id="cell of a matrix"),
        pytest.param("/consortia?tab=members", '[class*="st-key-open-network"] input', "**/profile?**id=**", id="node of a network"),
    ],
)
def test_what_a_click_on_a_mark_opens_is_opened_in_the_box_below_it(reader, path, box, opened):
    one = reader()
    one.open(path)
    go_to(one, one.page.locator(box).get_attribute("aria-label"))
    one.page.keyboard.press("ArrowDown")
    one.page.keyboard.press("Enter")
    one.page.wait_for_url(opened)


def test_a_slider_moves_by_arrows(reader):
    one = reader()
    one.open("/self-reliance?tab=ranks")
    slider = one.page.get_by_role("slider").first
    before = slider.get_attribute("aria-valuenow") or slider.input_value()
    for _ in range(MOST_STOPS):
        one.page.keyboard.press("Tab")
        if slider.evaluate("element => element === document.activeElement"):
            break
    one.page.keyboard.press("ArrowRight")
    assert (slider.get_attribute("aria-valuenow") or slider.input_value()) != before


def test_nothing_of_ours_moves_for_a_reader_who_asked_for_stillness(reader):
    one = reader(reduced_motion="reduce")
    for path in ("/", "/consortia?tab=members", "/chip-supply?tab=supply", "/what-if"):
        one.open(path)
        moving = one.page.evaluate(
            """() => document.getAnimations().filter(one => one.playState === "running").map(one => one.effect?.target)
              .filter(target => target?.closest('[data-testid="stPlotlyChart"], [data-testid="stEchartsChart"]')).length"""
        )
        assert moving == 0
