"""Names: what the data calls events, indicators and programmes, in the reader's language; English where there is no other."""

import csv
import re

import pandas as pd
import pytest

from atlas import brief
from atlas.cards import newest_events
from atlas.comparison import compared, indicators
from atlas.selection import LANGUAGES
from atlas.store import DATA_DIR
from atlas.texts import Words
from atlas.titles import NAMED, in_language
from tests.conftest import words

TABLES = {"events": ("event_id", "title"), "indicators": ("indicator_id", "name"), "programmes": ("programme_id", "name")}
SIGNS = {"%", "EFLOP/s", "MW", "PFLOP/s", "TWh", "gCO2/kWh"}  # units written alike in every language


def rows(table: str) -> list[dict[str, str]]:
    with (DATA_DIR / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def reading(database, *countries, lang):
    return brief.reading(database, countries, lang)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_every_row_of_the_curated_data_is_named_in_every_language(table, language):
    named = {row["row_id"] for row in rows("translations") if (row["table_name"], row["language"]) == (table, language)}
    assert [row[TABLES[table][0]] for row in rows(table) if row[TABLES[table][0]] not in named] == []


def test_the_file_is_in_order():
    keys = [(row["table_name"], row["row_id"], row["language"]) for row in rows("translations")]
    assert keys == sorted(keys)


def test_a_name_is_a_name_and_fills_nothing_in():
    assert [row["text"] for row in rows("translations") if re.search(r"[{}<>|]|TODO|\?\?", row["text"])] == []


def test_a_korean_title_is_korean():
    """A name made of names alone (a model, a company abroad) may stay in Latin letters; a title says what happened."""
    korean = [row for row in rows("translations") if (row["table_name"], row["language"]) == ("events", "ko")]
    assert [row["row_id"] for row in korean if not re.search("[가-힣]", row["text"])] == []


def test_the_figures_of_a_french_title_are_those_of_the_english():
    """A count of thousands or more may be written out in another scale; small numbers and names of models may not change."""
    english = {row["event_id"]: row["title"] for row in rows("events")}
    titles = {row["row_id"]: row["text"] for row in rows("translations") if (row["table_name"], row["language"]) == ("events", "fr")}
    small = {row: set(re.findall(r"(?<![\d.,])\d{2}(?![\d.,\u202f]|\s?(?:trillion|crore))\b", title)) for row, title in english.items()}
    assert {row: missing for row, found in small.items() if (missing := {n for n in found if n not in titles[row]})} == {}


def test_every_unit_of_an_indicator_is_in_words():
    assert [row["unit"] for row in rows("indicators") if row["unit"] not in SIGNS and not words().has(f"unit.{row['unit']}")] == []


def test_a_programme_bears_its_official_korean_name():
    korean = {row["row_id"]: row["text"] for row in rows("translations") if (row["table_name"], row["language"]) == ("programmes", "ko")}
    local = {row["programme_id"]: row["local_name"] for row in rows("programmes") if row["iso3"] == "KOR" and row["local_name"]}
    assert [row for row, name in local.items() if not korean[row].startswith(name)] == []


# Reading ------------------------------------------------------------------------------------------------------------


def test_a_row_without_a_translation_is_called_what_it_is_in_english():
    french = Words("fr", {("events", "a"): {"fr": "Ouverture"}})
    assert french.said("events", "a", "Opening") == "Ouverture"
    assert french.said("events", "b", "Closing") == "Closing"
    assert Words("ko", {("events", "a"): {"fr": "Ouverture"}}).said("events", "a", "Opening") == "Opening"
    assert Words("en", {("events", "a"): {"fr": "Ouverture"}}).said("events", "a", "Opening") == "Opening"


def test_a_name_without_the_id_of_its_row_stays_as_it_is():
    french = Words("fr", {("events", "a"): {"fr": "Ouverture"}})
    sources = pd.DataFrame({"source_id": ["a"], "title": ["Opening"]})
    assert in_language(french, sources) is sources
    mixed = pd.DataFrame({"event_id": ["a", None], "title": ["Opening", "Alpha: Model 1"]})
    assert list(in_language(french, mixed)["title"]) == ["Ouverture", "Alpha: Model 1"]
    assert list(mixed["title"]) == ["Opening", "Alpha: Model 1"]


def test_a_name_that_is_not_known_stays_not_known():
    frame = in_language(Words("fr", {}), pd.DataFrame({"indicator_id": ["compute-growth"], "indicator": [None], "unit": ["h100e"]}))
    assert frame["indicator"].isna().all()


@pytest.mark.parametrize(
    ("view", "column"),
    [
        ("event_list", "title"),
        ("timeline", "title"),
        ("profile_events", "title"),
        ("series_indicators", "indicator"),
        ("top500", "indicator"),
        ("national_compute", "indicator"),
        ("profile_indicators", "indicator"),
        ("programme_money", "programme"),
        ("profile_runs", "programme"),
        ("profile_consortia", "programme"),
        ("profile_support", "programme"),
        ("members", "programme"),
    ],
)
def test_a_view_that_shows_a_name_bears_its_id(database, view, column):
    assert {column, NAMED[column][1]} <= set(database.read(view))


def test_the_newest_events_are_told_in_the_language_of_the_reader(database):
    titles = {row["row_id"]: row["text"] for row in rows("translations") if (row["table_name"], row["language"]) == ("events", "fr")}
    frame = newest_events(reading(database, "KOR", "USA", lang="fr"))
    assert list(frame["title"]) == [titles[event] for event in frame["event_id"]]
    assert {event.title for event in newest_events(reading(database, "KOR", lang="en")).itertuples()} <= {
        row["title"] for row in rows("events")
    }


def test_a_comparison_in_korean_has_korean_indicators_and_units(database):
    page = reading(database, "KOR", "FRA", lang="ko")
    names = {row.indicator_id: (row.name, row.unit) for row in indicators(page, compared(page))}
    assert names["population"] == ("인구", "명")
    assert names["rd-spend-pct-gdp"] == ("연구개발비", "GDP 대비 %")
    assert names["top500-rmax-pflops"] == ("TOP500 성능", "PFLOP/s")


def test_a_briefing_in_french_has_french_indicators_and_events(database):
    page = reading(database, "KOR", "USA", lang="fr")
    html = brief.document(page)
    assert "Intensité carbone de l’électricité" in html
    assert "Carbon intensity of electricity" not in html
    english = {row["event_id"]: row["title"] for row in rows("events")}
    for event in newest_events(page).itertuples():
        assert event.title.replace("’", "&#x27;") in html or event.title in html
        assert english[event.event_id] not in html


def test_the_timeline_is_searched_in_every_language(database):
    frame = database.read("timeline", text="초거대AI 경쟁력")
    assert "kor-ev-2023-04-14-hyperscale-ai-2023-policy" in set(frame["event_id"])


def test_an_event_that_an_editor_adds_in_english_only_is_shown_in_english(folder):
    folder.add("events", {"event_id": "new", "date": "2026-01", "iso3": "KOR", "kind": "policy", "title": "A new act", "subject": "Act"})
    assert list(reading(folder.database(), "KOR", lang="ko").read("event_list")["title"]) == ["A new act"]


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("row_id", "gone", "the table has no row of this id: correct table_name or row_id, or delete the line"),
        ("language", "de", "fr (French) or ko (Korean)"),
        ("table_name", "sites", "one of events, indicators, programmes"),
        ("text", "", "must not be empty"),
    ],
)
def test_a_wrong_translation_is_refused_with_line_rule_and_remedy(folder, column, value, rule):
    folder.add("events", {"event_id": "new", "date": "2026-01", "iso3": "KOR", "kind": "policy", "title": "A new act", "subject": "Act"})
    good = {"table_name": "events", "row_id": "new", "language": "fr", "text": "Une loi"}
    folder.add("translations", good, good | {"language": "ko", "text": "새 법"} | {column: value})
    (problem,) = folder.problems()
    assert (problem.file, problem.line, problem.column, problem.value) == ("translations.csv", 3, column, value)
    assert rule in problem.rule
