"""Self-reliance and what-if in the browser: deep links first, clicks that choose, links that open the same again."""

from playwright.sync_api import expect


def click_at(one, chart, across, down):
    box = one.page.locator('[data-testid="stPlotlyChart"]').nth(chart).bounding_box()
    one.page.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])


def test_a_deep_link_opens_a_scenario(reader):
    one = reader()
    one.open("/what-if?stop=sk-hynix,samsung-electronics&stage=memory")
    assert one.title.startswith("If SK hynix and Samsung Electronics stopped (memory)")
    expect(one.page.locator('[data-testid="stEChartsChart"] svg')).to_have_count(1)
    assert one.query == "?stop=sk-hynix,samsung-electronics&stage=memory"


def test_a_click_on_a_cell_opens_its_evidence_and_stands_in_the_link(reader):
    one = reader()
    one.open("/self-reliance?countries=KOR,USA,CHN")
    before = one.page.locator("h2").all_inner_texts()
    click_at(one, 0, 0.4, 0.3)
    one.page.wait_for_function("() => location.search.includes('cell=')")
    one.settle()
    cell = one.query.split("cell=")[1]
    assert cell.startswith("KOR/")
    expect(one.page.locator("h2").filter(has_text="South Korea: ")).to_have_count(1)
    assert [title for title in before if title.startswith("South Korea: ")] == []
    again = reader()
    again.open(f"/self-reliance?cell={cell}")
    expect(again.page.locator("h2").filter(has_text="South Korea: ")).to_have_count(1)


def test_weights_are_applied_together_and_stand_in_the_link(reader):
    one = reader()
    one.open("/self-reliance?weights=3,3,3,3,1,1,1,1")
    title = one.title
    one.page.get_by_role("button", name="Equal (reset)").click()
    one.page.wait_for_function("() => !location.search.includes('weights')")
    one.settle()
    assert one.title != title
    slider = one.page.get_by_role("slider").first
    slider.focus()
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    assert "weights" not in one.query  # nothing counts before it is applied
    one.page.get_by_role("button", name="Apply").click()
    one.page.wait_for_function("() => location.search.includes('weights')")
    assert one.query == "?weights=2,1,1,1,1,1,1,1"


def test_a_scenario_is_a_link(reader):
    one = reader()
    one.open("/what-if?countries=KOR,JPN")
    one.page.get_by_role("link", name="ASML stops").click()
    one.page.wait_for_function("() => location.search.includes('stop=asml')")
    one.settle()
    expect(one.page.locator("h1")).to_contain_text("If ASML stopped")
    assert "countries=KOR,JPN" in one.query


def test_a_node_leads_to_its_profile_and_back_keeps_the_choice(reader):
    one = reader()
    one.open("/what-if?countries=KOR,JPN&stop=tsmc&stage=foundry")
    node = one.page.locator('[data-testid="stEChartsChart"] svg text', has_text="TSMC").first
    node.scroll_into_view_if_needed()
    one.page.wait_for_timeout(1500)  # nodes glide to their places when a chart is first drawn
    box = node.bounding_box()
    one.page.mouse.click(box["x"] - 8, box["y"] + box["height"] / 2)
    one.page.wait_for_url("**/profile**")
    one.settle()
    expect(one.page.locator("h1")).to_contain_text("TSMC")
    assert "countries=KOR,JPN" in one.query
    one.page.go_back()
    one.page.wait_for_function("() => location.pathname === '/what-if'")
    one.settle()
    expect(one.page.locator("h1")).to_contain_text("If TSMC stopped")


def test_the_box_below_a_network_leads_to_profiles_for_the_keyboard(reader):
    one = reader()
    one.open("/chip-supply?tab=supply")
    box = one.page.get_by_role("combobox", name="Open the profile of …")
    box.focus()
    box.press_sequentially("SK hyn")
    one.page.get_by_role("option", name="SK hynix").first.wait_for()
    box.press("Enter")
    one.page.wait_for_url("**/profile**")
    expect(one.page.locator("h1")).to_contain_text("SK hynix")
