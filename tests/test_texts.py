"""Words: every text that the code asks for is there in English, none is unused, numbers are written as a reader of the language writes them."""

import csv
import math
import re
import string

import pytest

from atlas import codes, measures
from atlas.selection import EVIDENCE, LANGUAGES, SCALES
from atlas.store import WORDS
from atlas.texts import Words
from pages import PAGES
from tests.conftest import ROOT, TABLES, words

with (ROOT / "data" / "texts.csv").open(encoding="utf-8", newline="") as file:
    TEXTS = list(csv.DictReader(file))
KEYS = {row["key"] for row in TEXTS}
SOURCES = [path for folder in ("atlas", "pages") for path in (ROOT / folder).rglob("*.py")]
CODE = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)


def test_the_file_is_in_order_and_complete_in_every_language():
    keys = [row["key"] for row in TEXTS]
    assert keys == sorted(set(keys))
    assert [(row["key"], language) for row in TEXTS for language in LANGUAGES if not row[language]] == []
    assert set(TEXTS[0]) == {"key", *LANGUAGES}


def test_every_text_that_the_code_names_is_there():
    named = set(re.findall(r'words\(\s*"([a-z0-9_.-]+)"', CODE.replace("'", '"')))
    assert named
    assert named - KEYS == set()


def test_placeholders_are_well_formed():
    for row in TEXTS:
        for language in LANGUAGES:
            if row[language]:
                assert {name for _, name, _, _ in string.Formatter().parse(row[language]) if name} == {
                    name for _, name, _, _ in string.Formatter().parse(row["en"]) if name
                }, row["key"]


def test_no_text_is_unused():
    """A key is used where the code names it, or names its beginning, which a code of the data completes (`status.` + `planned`)."""
    code = CODE.replace("'", '"')
    beginnings = set(re.findall(r'f"([a-z0-9_.-]+\.)\{', code)) | set(re.findall(r'"([a-z0-9_.-]+\.)" \+', code))
    beginnings |= {f"{key}." for key in re.findall(r'(?:or_code|labels)\((?:page, )?"([a-z._-]+)"', code)}
    beginnings |= {f"{key}." for keys in codes.VOCABULARIES.values() for key in keys}
    assert [key for key in sorted(KEYS) if f'"{key}"' not in code and not key.startswith(tuple(beginnings))] == []


def test_the_texts_of_a_card_belong_to_a_card():
    """`card.` is such a beginning for every card: so each name is looked for by itself."""
    assert [key for key in KEYS if key.count(".") == 2 and key.startswith("card.") and f'"{key.split(".")[1]}"' not in CODE] == []


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        ("page", [module.NAME for module in PAGES]),
        ("evidence", EVIDENCE),
        ("scale", SCALES),
        ("lang", LANGUAGES),
        ("layer", measures.LAYERS),
        ("table", set(TABLES) - set(WORDS)),
    ],
)
def test_every_code_has_a_word(key, codes):
    assert [code for code in codes if f"{key}.{code}" not in KEYS] == []


def test_every_country_has_a_name(database):
    assert [code for code in database.read("countries")["iso3"] if f"country.{code}" not in KEYS] == []


def test_codes_of_the_data_have_a_word(database):
    for key, table, column in (
        ("segment", "segments", "segment_id"),
        ("metric", "market_shares", "metric"),
        ("brings", "memberships", "layer"),
        ("status", "sites", "status"),
        ("stage", "supply_links", "stage"),
    ):
        codes = set(database.read(table)[column])
        assert [code for code in codes if f"{key}.{code}" not in KEYS] == [], key


def test_numbers():
    english = words()
    assert [english.number(value) for value in (0, 1234567, 12.345, 0.012345, 57.0)] == ["0", "1,234,567", "12.3", "0.0123", "57"]
    assert [english.short(value) for value in (950, 45300, 11_100_000, 2.5e9, 0)] == ["950", "45.3k", "11.1M", "2.5bn", "0"]
    assert words("fr").number(1234.5, 1) == "1\u202f234,5"


@pytest.mark.parametrize(
    ("lang", "written"),
    [
        ("en", ["9,500", "45.3k", "1M", "11.1M", "250M", "2.5bn", "1.2tn"]),
        ("fr", ["9\u202f500", "45,3\u202fk", "1\u202fM", "11,1\u202fM", "250\u202fM", "2,5\u202fMd", "1\u202f200\u202fMd"]),
        ("ko", ["9,500", "4.5만", "100만", "1,110만", "2.5억", "25억", "1.2조"]),
    ],
)
def test_large_numbers_are_counted_as_the_language_counts(lang, written):
    assert [words(lang).amount(value) for value in (9500, 45_300, 999_950, 11_100_000, 2.5e8, 2.5e9, 1.2e12)] == written


def test_dollars_stand_as_the_press_of_the_language_writes_them():
    assert [words(lang).dollars(17.3e9) for lang in LANGUAGES] == ["$17.3bn", "17,3\u202fMd\u00a0$", "173억 달러"]


@pytest.mark.parametrize(
    ("lang", "written"),
    [
        ("en", ["2025", "Q3 2025", "August 2025", "4 August 2025"]),
        ("fr", ["2025", "T3 2025", "août 2025", "4 août 2025"]),
        ("ko", ["2025", "2025년 3분기", "2025년 8월", "2025년 8월 4일"]),
    ],
)
def test_a_date_is_written_out_as_exact_as_it_is_known(lang, written):
    assert [words(lang).date(text) for text in ("2025", "2025-Q3", "2025-08", "2025-08-04")] == written
    assert words(lang).date("turn of 2025/26") == "turn of 2025/26"


def test_shares_have_the_sign_of_the_language():
    assert [words(lang).percent(1234.5, 1) for lang in LANGUAGES] == ["1,234.5%", "1\u202f234,5\u00a0%", "1,234.5%"]


def test_names_stand_in_the_order_of_the_language():
    names = ["Estonie", "Égypte", "espagne", "Zambie"]
    assert sorted(names, key=words("fr").sort_key) == ["Égypte", "espagne", "Estonie", "Zambie"]
    assert sorted(["ABCI", "프랑스", "SK하이닉스", "가나"], key=words("ko").sort_key) == ["가나", "프랑스", "ABCI", "SK하이닉스"]


def test_french_sets_the_colon_apart():
    assert [words(lang)("pair", name="A", value="1") for lang in LANGUAGES] == ["A: 1", "A\u00a0: 1", "A: 1"]


def test_unknown_is_a_word_and_never_zero():
    english = words()
    assert english.number(math.nan) == english.number(None) == english.short(None) == english("unknown") == "not known"


def test_a_text_that_an_editor_broke_costs_no_reader_the_page():
    broken = Words("fr", {"a": {"en": "{n} sites", "fr": "{m} sites"}, "b": {"en": "one\\ntwo", "fr": None}})
    assert broken("a", n=3) == "{m} sites"
    assert broken("b") == "one\ntwo"
    assert broken("gone") == "gone"
