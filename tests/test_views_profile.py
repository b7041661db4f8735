"""Views of the profile: hand-made rows in, the answer worked out by hand."""

import pytest


@pytest.fixture
def things(folder):
    folder.add_organisations(hynix="KOR", skt="KOR", tsmc="TWN")
    folder.add("programmes", {"programme_id": "p", "iso3": "KOR", "name": "Programme", "is_umbrella": "no", "counts_in_total": "yes", "funding": "public", "status": "active"})  # fmt: skip
    folder.add("consortia", {"consortium_id": "team", "programme_id": "p", "iso3": "KOR", "name": "Team", "lead_org_id": "skt"})
    folder.add("consortium_status", {"consortium_id": "team", "status_date": "2025-08-04", "status": "selected"})
    return folder


def link(name, supplier, customer, **columns):
    return {"link_id": name, "supplier_org_id": supplier, "customer_org_id": customer, "stage": "memory", "product": "HBM", "status": "in-force", "is_preferred": "yes"} | columns  # fmt: skip


def test_the_nearest_names_are_found_by_id_name_local_name_and_alias_whatever_case_and_accents(things):
    things.add("organisations", {"org_id": "hyundai", "name": "Hyundai", "local_name": "현대자동차", "aliases": "Élan Motors; HMC", "iso3": "KOR", "kind": "company", "sector": "cars"})  # fmt: skip
    database = things.database()
    for wanted in ("HYUNDAY", "현대자동", "elan motor", "hmc"):
        assert database.read("nearest_things", wanted=wanted)["id"].iloc[0] == "hyundai", wanted
    assert len(database.read("nearest_things", wanted="works")) <= 5
    assert database.read("nearest_things", wanted="zzzzqqqq").empty


def test_rival_supply_rows_stand_beside_the_preferred_one(things):
    things.add(
        "supply_links",
        link("a", "hynix", "nvidia", share_of_customer_pct=50),
        link("b", "hynix", "nvidia", share_of_customer_pct=70, is_preferred="no"),
    )
    rows = things.database().read("profile_supply", where={"supplier_org_id": ["hynix"]})
    assert list(zip(rows["is_preferred"], rows["share_of_customer_pct"], strict=True)) == [(True, 50), (False, 70)]


def test_the_suppliers_of_a_site_are_those_of_its_chips_without_those_who_sell_them(things):
    things.add(
        "supply_links",
        link("a", "hynix", "nvidia", chip_id="nvidia-h100"),
        link("b", "nvidia", "skt", chip_id="nvidia-h100", stage="accelerator"),
    )
    things.add_site("titan", "KOR", chips={"nvidia-h100": 10})
    assert list(things.database().read("profile_site_supply", where={"site_id": ["titan"]})["link_id"]) == ["a"]


def test_states_and_parts_of_a_site_are_told_apart(things):
    things.add_site("old", "KOR", status="retired", counts_in_total="no", operational_date="2021", retired_date="2025")
    things.add_site("new", "KOR", operational_date="2025", supersedes_site_id="old")
    things.add_site("hall", "KOR", part_of_site_id="new", counts_in_total="no")
    rows = things.database().read("profile_states")
    assert set(zip(rows["about_site_id"], rows["site_id"], rows["relation"], strict=True)) == {
        ("new", "old", "earlier"), ("new", "new", "self"), ("new", "hall", "part"), ("old", "old", "self"), ("old", "new", "later"), ("hall", "new", "whole"),
    }  # fmt: skip


def test_a_site_stands_once_for_an_organisation_that_owns_and_operates_it(things):
    things.add_site("titan", "KOR", parties={("skt", "operator"): "", ("skt", "owner"): ""})
    rows = things.database().read("profile_sites", where={"org_id": ["skt"]})
    assert list(rows["role"]) == ["owner, operator"]


def test_links_lead_to_what_a_thing_belongs_to(things):
    rows = things.database().read("profile_links", where={"id": ["team"]})
    assert set(zip(rows["relation"], rows["other_id"], strict=True)) == {("programme", "p"), ("lead", "skt"), ("country", "KOR")}


def test_a_consortium_without_known_members_has_not_zero_of_them(things):
    row = things.database().read("profile_consortia").iloc[0]
    assert row[["members", "ended"]].isna().all()
    assert row["status"] == "selected"


def test_members_that_left_are_counted_apart(things):
    things.add("memberships", {"consortium_id": "team", "org_id": "skt", "role": "lead", "layer": "model"}, {"consortium_id": "team", "org_id": "hynix", "role": "member", "layer": "chip", "until": "2026-01"})  # fmt: skip
    row = things.database().read("profile_consortia").iloc[0]
    assert (row["members"], row["ended"]) == (1, 1)


def test_an_announcement_does_not_replace_a_newer_or_older_measurement_and_a_forecast_is_none(things):
    things.add("indicators", {"indicator_id": "gpus", "name": "GPUs", "unit": "GPUs", "description": "x"})
    things.add(
        "country_series",
        *(
            {"iso3": "KOR", "indicator_id": "gpus", "as_of": as_of, "value": value, "basis": basis}
            for as_of, value, basis in (
                ("2024", 1, "measured"),
                ("2025", 2, "measured"),
                ("2026", 9, "announced"),
                ("2030", 50, "forecast"),
            )
        ),
    )
    rows = things.database().read("profile_indicators")
    assert set(zip(rows["as_of"], rows["value"], rows["basis"], strict=True)) == {("2025", 2, "measured"), ("2026", 9, "announced")}


def test_an_event_of_a_team_is_one_of_its_lead_its_programme_and_its_country(things):
    things.add(
        "events",
        {"event_id": "e", "date": "2026", "iso3": "KOR", "kind": "selection", "title": "T", "programme_id": "p", "consortium_id": "team"},
    )
    assert set(things.database().read("profile_events")["id"]) == {"p", "team", "skt", "KOR"}


def test_every_row_of_the_curated_data_names_its_sources(database):
    for view in ("links", "organisations", "consortia", "runs", "sites", "parties", "states", "site_chips", "chips", "supply", "site_supply", "shares", "installed", "shipments", "models", "scores", "support", "indicators", "events"):  # fmt: skip
        frame = database.read(f"profile_{view}")
        assert frame.columns[-1] == "source_ids", view
        assert frame["source_ids"].map(len).min() >= 1, view
