"""In the browser: a link to a profile first, then the ways that lead to one."""

import re

FIRST_ROW = 52  # pixels below the top of a table


def click_cell(one, card: str, x: int) -> None:
    """A table is drawn on a canvas, so there is no cell to ask for."""
    table = one.page.locator(f".st-key-card-{card} canvas").first
    table.scroll_into_view_if_needed()
    one.page.wait_for_timeout(500)
    box = table.bounding_box()
    for step in (4, 0):  # a link is one only once it is pointed at
        one.page.mouse.move(box["x"] + x - step, box["y"] + FIRST_ROW - step)
        one.page.wait_for_timeout(200)
    one.page.mouse.click(box["x"] + x, box["y"] + FIRST_ROW)


DEEP_LINK = "/profile?id=kor-sk-telecom&countries=KOR"


def test_a_link_to_a_profile_is_the_first_request_and_opens_it(reader):
    one = reader()
    one.open(DEEP_LINK)
    assert one.title == "SK Telecom team"
    assert one.page.locator(".st-key-card-profile-members").count() == 1


def test_the_tab_of_a_profile_is_in_its_link_and_gives_way_where_a_thing_has_none(reader):
    one = reader()
    one.open("/profile?id=sk-hynix&tab=supply")
    assert one.page.locator(".st-key-card-profile-share-lines").count() == 1
    one.open("/profile?id=kor-kaist&tab=supply")
    assert one.title == "KAIST team"
    assert one.page.locator(".st-key-card-profile-facts").count() == 1


def test_a_link_in_a_profile_leads_on_and_back_leads_home(reader):
    one = reader()
    one.open(DEEP_LINK)
    one.page.get_by_role("link", name="Lead: SK Telecom").click()
    one.page.wait_for_function("() => document.querySelector('h1').innerText === 'SK Telecom'")
    one.page.wait_for_function("() => location.search === '?countries=KOR&id=sk-telecom'")
    one.page.go_back()
    one.page.wait_for_function("() => document.querySelector('h1').innerText === 'SK Telecom team'")


def test_a_search_leads_from_one_profile_to_another_and_back(reader):
    one = reader()
    one.open(DEEP_LINK)
    one.page.get_by_role("combobox").first.click()
    one.page.keyboard.type("Moloco")
    one.page.get_by_role("option").first.click()
    one.page.wait_for_function("() => location.search === '?countries=KOR&id=moloco'")
    one.page.wait_for_function("() => document.querySelector('h1').innerText === 'Moloco'")
    one.page.go_back()
    one.page.wait_for_function("() => document.querySelector('h1').innerText === 'SK Telecom team'")


def test_a_name_in_a_table_opens_its_profile_in_a_new_page(reader):
    one = reader()
    one.open("/profile?id=kor-sk-telecom&countries=KOR")
    with one.context.expect_page() as opened:
        click_cell(one, "profile-members", 22)
    other = opened.value
    other.wait_for_selector("h1")
    assert re.search(r"/profile\?countries=KOR&id=[a-z0-9-]+#", other.url)
    assert other.locator("h1").inner_text() == "42dot"


def test_a_node_of_the_network_leads_to_its_profile_and_a_line_does_not(reader):
    one = reader()
    one.open("/consortia?tab=members&countries=KOR")
    label = one.page.locator(".st-key-card-network svg text", has_text="KAIST").last
    label.scroll_into_view_if_needed()
    label.click()
    one.page.wait_for_url("**/profile**")
    one.settle()
    assert "KAIST" in one.title


def test_the_network_is_reached_by_the_keyboard_too(reader):
    one = reader()
    one.open("/consortia?tab=members")
    one.page.locator(".st-key-card-network").get_by_role("combobox").click()
    one.page.keyboard.type("Moloco")
    one.page.get_by_role("option", name="Moloco").click()
    one.page.wait_for_url("**/profile**")
    one.settle()
    assert one.title == "Moloco"


def test_search_finds_korean_french_and_english_names(reader):
    for written, title in (
        ("하이닉스", "SK hynix"),
        ("Corée du Sud", "South Korea"),
        ("대한민국", "South Korea"),
        ("Allemagne", "Germany"),
    ):
        one = reader()
        one.open("/?countries=KOR")
        one.page.get_by_role("combobox").first.click()
        one.page.keyboard.insert_text(written)
        one.page.get_by_role("option").first.click()
        one.page.wait_for_url("**/profile**")
        one.settle()
        assert one.title == title


def test_a_row_with_several_names_shows_their_profiles(reader):
    one = reader()
    one.open("/profile?id=KOR")
    click_cell(one, "profile-leverage", 16)
    one.page.locator(".st-key-card-profile-leverage").get_by_role("link", name="SK hynix").click()
    one.page.wait_for_function("() => document.querySelector('h1').innerText === 'SK hynix'")


def test_a_hostile_id_is_plain_text(reader):
    one = reader()
    one.open("/profile?id=%3Cscript%3Ealert(1)%3C/script%3E**bold**%5Bx%5D(javascript:1)")
    alert = one.page.get_by_test_id("stAlert").first
    assert "<script>alert(1)</script>**bold**[x](javascript:1)" in alert.inner_text()
    assert alert.locator("strong, a, script").count() == 0
