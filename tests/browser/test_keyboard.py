"""With the keyboard alone: a profile is opened, a table read, its rows downloaded, a source followed, a cell and a node chosen; whatever has the focus looks different."""

import pytest
from playwright.sync_api import expect

# The element that has the focus, inside the parts of the page that stand by themselves too.
FOCUSED = "let e = document.activeElement; while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;"
SAID = (
    f"() => {{ {FOCUSED} return e === document.body ? '' : (e.getAttribute('aria-label') || e.innerText || e.title || e.tagName).trim(); }}"
)
# Whether it, or what it stands in, looks otherwise than without the focus. What moves is brought to its end first.
SHOWS = f"""() => {{
  {FOCUSED}
  const look = () => {{
    document.getAnimations().forEach(one => {{ try {{ one.finish(); }} catch {{ one.cancel(); }} }});
    const looks = [];
    for (let part = e, steps = 0; part instanceof Element && steps < 4; part = part.parentElement, steps++) {{
      const style = getComputedStyle(part);
      looks.push([style.outlineStyle, style.boxShadow, style.borderColor, style.backgroundColor].join());
    }}
    return looks.join("|");
  }};
  const focused = look();
  e.blur();
  const other = look();
  e.focus({{preventScroll: true}});
  return focused !== other;
}}"""
# Streamlit's own: the whole page, which takes the focus to be scrolled.
UNSHOWN = ("MAIN",)
MOST_STOPS = 160


def go_to(one, *ends: str) -> str:
    """Tab by tab to the first element whose name ends in one of these; on every way there the focus must be seen."""
    for _ in range(MOST_STOPS):
        one.page.keyboard.press("Tab")
        said = one.page.evaluate(SAID)
        if said.endswith(ends):
            assert one.page.evaluate(SHOWS), said
            return said
    raise AssertionError(f"no way to {ends} with the keyboard")


@pytest.mark.parametrize("path", ["/", "/self-reliance?tab=ranks", "/consortia?tab=members", "/what-if", "/data"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_whatever_has_the_focus_shows_it(reader, path, theme):
    one = reader(color_scheme=theme, reduced_motion="reduce")
    one.open(path)
    unshown, seen = [], 0
    for _ in range(MOST_STOPS):
        one.page.keyboard.press("Tab")
        if not one.page.evaluate(SAID):
            break
        seen += 1
        is_whole = one.page.evaluate("() => document.activeElement.tagName") in UNSHOWN
        if not is_whole and not one.page.evaluate(SHOWS):
            unshown.append(one.page.evaluate(SAID)[:60])
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
    go_to(one, "Countries, six at most")
    one.page.keyboard.type("Japan")
    expect(one.page.get_by_role("option", name="Japan")).to_be_visible()
    one.page.keyboard.press("Enter")
    one.page.wait_for_function("() => decodeURIComponent(location.search).includes('countries=KOR,USA,CHN,JPN')")


def test_a_tab_is_chosen(reader):
    one = reader()
    one.open("/compute")
    go_to(one, "Amounts")
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
    for _ in range(20):
        one.page.keyboard.press("Tab")
        if one.page.evaluate("() => document.activeElement.getAttribute('role')") == "gridcell":
            break
    first = one.page.evaluate("() => document.activeElement.dataset.testid")
    one.page.keyboard.press("ArrowDown")
    one.page.keyboard.press("ArrowRight")
    assert (first, one.page.evaluate("() => document.activeElement.dataset.testid")) == ("glide-cell-0-0", "glide-cell-1-1")
    assert one.page.evaluate(SAID) != "TD"


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
    """From the newest events of the Overview, where each publisher is a link; no way leads out of the machine, so its address is what is looked at."""
    one = reader()
    one.open("/")
    link = one.page.locator('[data-testid="stMain"] a[href^="http"][target="_blank"]:not([href*="127.0.0.1"])').first
    address, publisher = link.get_attribute("href"), link.inner_text()
    assert address in set(database.read("sources")["url"])
    go_to(one, publisher)
    with one.page.context.expect_page() as opened:
        one.page.keyboard.press("Enter")
    asked = opened.value.wait_for_event("requestfailed") if opened.value.url == "about:blank" else None
    assert address.rstrip("/") in ((asked.url if asked else opened.value.url).rstrip("/"), address.rstrip("/"))


def test_a_cell_of_a_matrix_is_chosen_in_the_box_below_it(reader):
    one = reader()
    one.open("/self-reliance")
    box = one.page.locator(".st-key-choice-cell input")
    go_to(one, box.get_attribute("aria-label"))
    one.page.keyboard.press("ArrowDown")
    one.page.keyboard.press("Enter")
    one.page.wait_for_url("**cell=**")


def test_a_node_of_a_network_is_opened_in_the_box_below_it(reader):
    one = reader()
    one.open("/consortia?tab=members")
    box = one.page.locator('[class*="st-key-open-network"] input')
    go_to(one, box.get_attribute("aria-label"))
    one.page.keyboard.press("ArrowDown")
    one.page.keyboard.press("Enter")
    one.page.wait_for_url("**/profile?**id=**")


def test_a_slider_moves_by_arrows(reader):
    one = reader()
    one.open("/self-reliance?tab=ranks")
    slider = one.page.get_by_role("slider").first
    before = slider.get_attribute("aria-valuenow") or slider.input_value()
    slider.scroll_into_view_if_needed()
    for _ in range(MOST_STOPS):
        one.page.keyboard.press("Tab")
        if slider.evaluate("element => element === document.activeElement"):
            break
    assert one.page.evaluate(SHOWS)
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
