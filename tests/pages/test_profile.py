"""Profiles, run as a reader's session runs them: every kind of thing, what is not known, and every kind of bad id."""

import pytest

from atlas.selection import MOST_CHARACTERS
from pages import profile
from tests.pages.test_pages import WORDS, built, charts, opened, said  # noqa: F401

THINGS = {
    "sk-hynix": "SK hynix", "nvidia": "NVIDIA", "sk-telecom": "SK Telecom", "skt-titan-2025": "SKT Titan", "nvidia-h100": "NVIDIA H100", "a-x-k1": "A.X K1",
    "kor-sk-telecom": "SK Telecom team", "kor-sovereign-fm": "Sovereign AI Foundation Model Project", "KOR": "South Korea", "EUU": "European Union",
}  # fmt: skip
HOSTILE = ["<script>alert(1)</script>", "**bold** [x](javascript:alert(1)) $x$", "' OR 1=1 --", "x" * 10_000, "\u202e\0", ":red[x]"]


def cards(app) -> set[str]:
    return {element.value.removeprefix("## ") for element in app.get("markdown") if element.value.startswith("## ")}


def title(card: str) -> str:
    return WORDS(f"card.{card}.title")


def table(app, *columns: str):
    """The table that has these columns."""
    (frame,) = [frame.value for frame in app.dataframe if {*columns} <= {*frame.value.columns}]
    return frame


def leads_to(app) -> list[str]:
    return [link.proto.label for link in app.get("page_link") if link.proto.page == "profile" or "profile" in link.proto.page]


@pytest.mark.parametrize("tab", profile.TABS)
@pytest.mark.parametrize("thing", THINGS)
def test_every_kind_of_thing_has_a_profile_in_every_tab(thing, tab):
    app = opened("profile", id=thing, tab=tab)
    assert app.title[0].value.replace("\\", "").startswith(THINGS[thing])
    assert cards(app)
    assert "nan" not in said(app).lower().split()
    for chart in charts(app):
        assert len(chart.alt) > 20


@pytest.mark.parametrize("evidence", ["", "planned", "official"])
@pytest.mark.parametrize("thing", THINGS)
def test_a_profile_draws_for_any_kind_of_evidence(thing, evidence):
    assert cards(opened("profile", id=thing, evidence=evidence))


def test_every_profile_of_the_data_opens(database):
    """One in forty of all things, since they are many."""
    for thing in database.read("things")["id"][::40]:
        assert cards(opened("profile", id=thing)), thing


def test_a_company_shows_suppliers_customers_and_shares_with_the_rival_counts_beside_the_preferred():
    app = opened("profile", id="sk-hynix", tab="supply")
    assert {title(card) for card in ("profile-suppliers", "profile-customers", "profile-shares", "profile-share-lines")} <= cards(app)
    assert set(table(app, "is_forecast")["is_preferred"]) == {True, False}
    assert len(charts(app)) == 1


def test_names_in_a_table_lead_to_their_profiles():
    members = table(opened("profile", id="kor-sk-telecom", countries="KOR"), "member")
    assert "profile?countries=KOR&id=rebellions#Rebellions" in set(members["member"])
    assert "profile?countries=KOR&id=USA#United%20States" in set(members["home_country"])


def test_a_team_shows_its_members_and_every_change_of_state(database):
    app = opened("profile", id="kor-sk-telecom")
    assert len(table(app, "member")) == (database.read("memberships")["consortium_id"] == "kor-sk-telecom").sum()
    assert len(table(app, "status_date")) == (database.read("consortium_status")["consortium_id"] == "kor-sk-telecom").sum()


def test_a_country_shows_operational_sites_apart_from_those_under_construction_and_planned():
    app = opened("profile", id="KOR", tab="compute")
    states = {
        f"profile-sites-{name}": state
        for name, state in (("running", "operational"), ("building", "under construction"), ("planned", "planned"))
    }
    assert {title(card) for card in states} <= cards(app)
    assert [set(frame.value["status"]) for frame in app.dataframe if "status" in frame.value.columns] == [
        {state} for state in states.values()
    ]


def test_a_chip_without_a_known_supplier_is_not_said_to_be_independent(database):
    without = set(database.read("chips")["chip_id"]) - set(database.read("supply_links")["chip_id"].dropna())
    assert WORDS("profile.missing.chip-suppliers") in said(opened("profile", id=min(without)))


def test_rows_that_the_reader_switched_off_are_not_called_a_gap_in_the_data():
    text = said(opened("profile", id="nvidia-h100", evidence=""))
    assert WORDS("profile.missing.chip-suppliers") not in text
    assert WORDS("empty.card") in text


def test_what_is_not_known_of_a_thing_is_said():
    facts = table(opened("profile", id="skt-titan-2025"), "fact").set_index("fact")["value"]
    assert facts[WORDS("fact.power_mw")] == WORDS("unknown")
    assert facts[WORDS("column.h100e")] == "391"


def test_a_tab_that_a_thing_does_not_have_gives_way_to_the_first():
    app = opened("profile", id="kor-sk-telecom", tab="supply")
    assert app.session_state["choice:tab"] == "facts"
    assert title("profile-facts") in cards(app)


@pytest.mark.parametrize(("thing", "card"), [("sk-hynix", "profile-share-lines"), ("KOR", "profile-dependence"), ("nvidia", "profile-sources"), ("nvidia-h100", "profile-facts")])  # fmt: skip
def test_a_card_of_a_profile_can_be_opened_alone(thing, card):
    app = opened("profile", id=thing, card=card)
    assert cards(app) == {title(card)}
    assert not app.title


def test_every_card_that_a_profile_draws_has_a_link():
    sections = {section.name for sections in profile.SECTIONS.values() for section in (*sections, profile.EVENTS)}
    assert sections <= profile.CARDS


def test_all_sources_are_those_of_all_tabs(database):
    rows = table(opened("profile", id="kor-sk-telecom", tab="sources"), "publisher", "source_ids")
    listed = {source for ids in rows["source_ids"] for source in ids.split(", ")}
    rested = database.read("members", where={"consortium_id": ["kor-sk-telecom"]})["source_ids"]
    assert {source for ids in rested for source in ids} <= listed


def test_an_unknown_id_is_said_with_the_nearest_names():
    app = opened("profile", id="SK Hynx")
    assert "SK Hynx" in said(app)
    assert any("SK hynix" in label.replace("\\", "") for label in leads_to(app))
    assert len([label for label in leads_to(app) if "(" in label]) <= 5


def test_an_empty_id_says_where_to_search():
    assert WORDS("profile.search") in said(opened("profile"))
    assert WORDS("profile.search") in said(opened("profile", id="   "))


@pytest.mark.parametrize("wanted", HOSTILE)
def test_a_hostile_id_is_plain_text(wanted):
    app = opened("profile", id=wanted)
    (info,) = [info for info in app.info if "knows nothing" in info.value]
    assert len(info.value) < 2 * MOST_CHARACTERS + 100
    for sign in "<*[$":
        assert info.value.count(sign) == info.value.count("\\" + sign)
