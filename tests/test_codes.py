"""Codes: every code that schema.sql allows has a word, and what is no code stays as it is."""

import re

import pytest

from atlas import codes, store
from tests.conftest import TABLES, words

SCHEMA = (store.DATA_DIR / "schema.sql").read_text(encoding="utf-8")
SHARED = {name: re.findall(r"'([^']*)'", listed) for name, listed in re.findall(r"CREATE MACRO (\w+)\(x\) AS x IN \(([^)]*)\)", SCHEMA)}


def allowed() -> dict[tuple[str, str], list[str]]:
    """(table, column) -> the codes that its declaration lists, by itself or by a shared rule."""
    found = {}
    for table in TABLES.values():
        for rule in table.rules:
            listed = re.fullmatch(r"\(*(\w+) IN \(([^)]*)\)+", rule.condition.strip())
            shared = re.fullmatch(r"(\w+)\((\w+)\)", rule.condition.strip())
            if listed:
                found[table.name, listed[1]] = re.findall(r"'([^']*)'", listed[2])
            elif shared and shared[1] in SHARED:
                found[table.name, shared[2]] = SHARED[shared[1]]
    return found


ALLOWED = allowed()


def test_the_lists_of_codes_are_found():
    assert ALLOWED["support", "resource"] == ["gpu", "money", "data", "talent"]
    assert ALLOWED["sites", "confidence"] == ["official", "reported", "estimated", "planned"]
    assert len(ALLOWED) > 40


@pytest.mark.parametrize(("table", "column"), [key for key in ALLOWED if key != ("countries", "kind")])  # which only its raw table shows
def test_every_listed_code_has_a_word(table, column):
    vocabularies = codes.VOCABULARIES[column]
    assert [code for code in ALLOWED[table, column] if not any(words().has(f"{key}.{code}") for key in vocabularies) and code != "%"] == []


def test_a_code_has_the_word_of_the_kind_of_things_that_it_stands_among():
    french = words("fr")
    assert codes.in_words(french, "layer", ["model", "consortium"]) == [french("layer.model"), french("layer.consortium")]
    assert codes.in_words(french, "layer", ["model", "data"]) == [french("brings.model"), french("brings.data")]
    assert codes.in_words(french, "kind", ["company", "press"]) == [french("publisher.company"), french("publisher.press")]


def test_what_is_no_code_stays():
    assert codes.in_words(words("ko"), "status", ["planned", "on hold", None, 3.0]) == ["계획", "on hold", None, 3.0]
