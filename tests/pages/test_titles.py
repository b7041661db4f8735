"""Names on the pages: the titles and names of the data are in the language of the link, and lead where the English ones do."""

import csv
import json

from atlas.store import DATA_DIR
from tests.pages.test_pages import built, charts, opened, said  # noqa: F401 (built is a fixture)

with (DATA_DIR / "translations.csv").open(encoding="utf-8", newline="") as file:
    SAID = {(row["table_name"], row["row_id"], row["language"]): row["text"] for row in csv.DictReader(file)}


def test_a_french_timeline_shows_french_titles():
    app = opened("timeline", lang="fr", countries="KOR", kind="evaluation,policy")
    french = {text for (table, _, language), text in SAID.items() if (table, language) == ("events", "fr")}
    titles = list(app.dataframe[0].value["title"])
    assert titles
    assert set(titles) <= french
    dots = json.loads(charts(app)[0].spec)["data"][0]["customdata"]
    assert {title.replace("<br>", " ") for (title, *_) in dots} == set(titles)


def test_an_overview_in_korean_tells_its_events_in_korean():
    assert SAID["events", "kor-ev-2026-10-06-frontier-ai-policy", "ko"] in said(opened("overview", lang="ko", countries="KOR")).replace(
        "\\", ""
    )


def test_compare_in_korean_shows_korean_indicators():
    table = opened("compare", lang="ko", countries="KOR,FRA").dataframe[0].value
    assert {SAID["indicators", name, "ko"] for name in ("population", "gdp-usd", "top500-rmax-pflops")} <= set(table["indicator"])


def test_a_programme_is_called_by_its_korean_name_and_leads_to_its_profile():
    name = SAID["programmes", "kor-sovereign-fm", "ko"]
    app = opened("profile", lang="ko", id="kor-sovereign-fm")
    assert app.title[0].value.replace("\\", "") == name
    listed = opened("profile", lang="ko", id="KOR", tab="consortia").dataframe
    cells = [cell for table in listed if "programme" in table.value for cell in table.value["programme"]]
    assert any("id=kor-sovereign-fm" in cell and "%EB%8F%85" in cell for cell in cells)


def test_a_french_profile_of_a_country_has_french_indicators_and_events():
    facts = opened("profile", lang="fr", id="FRA").dataframe
    (table,) = [table.value for table in facts if "indicator" in table.value]
    assert SAID["indicators", "population", "fr"] in set(table["indicator"])
    assert "habitants" in set(table["unit"])
    events = opened("profile", lang="fr", id="FRA", tab="events").dataframe[0].value
    assert set(events["title"]) <= {text for (table, _, language), text in SAID.items() if (table, language) == ("events", "fr")}


def test_the_items_of_an_evaluation_are_in_words():
    (table,) = [
        table.value for table in opened("profile", lang="fr", id="kor-lg-ai-research", tab="consortia").dataframe if "item" in table.value
    ]
    assert "Benchmark de la NIA" in set(table["item"])
    assert not {"all", "citizens", "expert users"} & set(table["item"])
