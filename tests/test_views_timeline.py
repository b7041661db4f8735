"""The timeline, on hand-made rows; the data speaks of February 2026, when its source was read."""

import pytest


def event(name, date, **more):
    return {"event_id": name, "date": date, "iso3": "KOR", "kind": "policy", "title": f"{name} happens"} | more


def model(name, **more):
    return {"model_id": name, "name": name.upper(), "org_id": "upstage", "iso3": "KOR", "role": "national"} | more


@pytest.fixture
def kept(folder):
    """An empty folder with one maker; what a test adds is read back by title."""
    folder.add_organisations(upstage="KOR")
    return folder


def titled(folder):
    return folder.database().read("timeline").set_index("title")


def test_events_models_and_sites_stand_on_one_axis_newest_first(kept):
    kept.add("events", event("law", "2025-03"))
    kept.add("models", model("solar", released="2025-12-31"))
    kept.add_site("titan", "KOR", operational_date="2024")
    rows = kept.database().read("timeline")
    assert list(zip(rows["date"], rows["kind"], rows["title"], strict=True)) == [
        ("2025-12-31", "model", "upstage works: SOLAR"),
        ("2025-03", "policy", "law happens"),
        ("2024", "site", "titan site"),
    ]
    assert list(rows["day"].dt.strftime("%Y-%m-%d")) == ["2025-12-31", "2025-03-01", "2024-01-01"]
    assert [list(ids) for ids in rows["source_ids"]] == [["s"]] * 3


def test_what_is_dated_after_the_data_or_only_announced_is_planned(kept):
    kept.add(
        "events",
        event("past", "2026-01"),
        event("begun", "2026"),
        event("announced", "2025", confidence="planned"),
        event("future", "2026-03"),
    )
    kept.add("models", model("next", released="2026-Q2"))
    planned = titled(kept)["is_planned"]
    assert {title for title, is_planned in planned.items() if is_planned} == {"announced happens", "future happens", "upstage works: NEXT"}


def test_a_site_that_does_not_run_is_planned_even_where_its_date_has_passed(kept):
    kept.add_site("late", "KOR", operational_date="2025-06", status="under-construction")
    kept.add_site("early", "KOR", operational_date="2023", status="retired", retired_date="2025", counts_in_total="no")
    assert dict(titled(kept)["is_planned"]) == {"late site": True, "early site": False}


def test_what_has_no_date_rivals_and_sums_are_left_out(kept):
    kept.add("models", model("undated"), model("gpt", released="2025", role="comparator"))
    kept.add_site("undated", "KOR")
    kept.add_site("target", "KOR", operational_date="2030", status="planned", kind="programme-plan", counts_in_total="no")
    kept.add_site("sum", "KOR", operational_date="2025", kind="total", counts_in_total="no")
    assert titled(kept).empty


def test_an_entry_leads_to_what_has_a_profile(kept):
    kept.add("organisations", {"org_id": "others", "name": "Others", "iso3": "KOR", "kind": "aggregate", "sector": "test"})
    kept.add("events", event("a", "2025", org_id="upstage"), event("b", "2025", org_id="others"), event("c", "2025", subject="HF"))
    rows = titled(kept)
    assert (rows.loc["a happens", "thing"], rows.loc["a happens", "about"]) == ("upstage", "upstage works")
    assert rows.loc[["b happens", "c happens"], ["thing", "about"]].isna().all(axis=None)


def test_words_find_entries_by_organisation_and_subject_whatever_their_case_and_accents(kept):
    kept.add_organisations(mistral="FRA")
    kept.add("organisations", {"org_id": "ecole", "name": "École", "iso3": "FRA", "kind": "university", "sector": "test"})
    kept.add("events", event("a", "2025", org_id="ecole"), event("b", "2025", subject="Hydrogen fluoride"))
    kept.add_site("titan", "KOR", operational_date="2024", parties={("mistral", "owner"): 1})
    database = kept.database()
    for text, title in (("ECOLE", "a happens"), ("fluoride hydrogen", "b happens"), ("Mistral", "titan site")):
        assert list(database.read("timeline", text=text)["title"]) == [title]


def test_every_event_of_the_atlas_is_on_the_timeline(database):
    events, rows = database.read("events"), database.read("timeline")
    assert len(rows[~rows["kind"].isin(["model", "site"])]) == len(events)
    assert rows["thing"].dropna().isin(database.read("things")["id"]).all()
