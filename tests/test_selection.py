"""The choice and the URL: what is written is read back, and nothing that a reader can type breaks it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.selection import (
    EVIDENCE,
    LANGUAGES,
    MOST_COUNTRIES,
    SCALES,
    Parameter,
    Weights,
    global_parameters,
    language_of,
    parse,
    shared_query,
    to_query,
    to_selection,
)

COUNTRIES = ["KOR", "USA", "CHN", "JPN", "TWN", "FRA", "DEU", "GBR"]
PARAMETERS = [*global_parameters(COUNTRIES), Parameter("tab", ("shares",), ("shares", "fabs")), Parameter("q", (), None)]

choices = st.fixed_dictionaries(
    {
        "countries": st.lists(st.sampled_from(COUNTRIES), max_size=MOST_COUNTRIES, unique=True).map(tuple),
        "evidence": st.lists(st.sampled_from(EVIDENCE), max_size=4, unique=True).map(tuple),
        "scale": st.sampled_from(SCALES).map(lambda code: (code,)),
        "lang": st.sampled_from(LANGUAGES).map(lambda code: (code,)),
        "tab": st.sampled_from(("shares", "fabs")).map(lambda code: (code,)),
        "q": st.text(max_size=40).map(lambda text: (text,) if text else ()),
    }
)


@given(choices)
def test_a_link_opens_the_same_choice(values):
    query = to_query(values, PARAMETERS)
    read, dropped = parse({name: [value] for name, value in query.items()}, PARAMETERS)
    assert read == values
    assert dropped == []
    assert to_query(read, PARAMETERS) == query


@given(
    st.dictionaries(
        st.one_of(st.text(max_size=20), st.sampled_from(["countries", "evidence", "scale", "lang", "tab", "q"])),
        st.lists(st.text(max_size=300), max_size=4),
        max_size=12,
    )
)
def test_whatever_stands_in_the_url_gives_a_choice_that_holds(query):
    values, dropped = parse(query, PARAMETERS)
    chosen = to_selection(values)
    assert set(chosen.countries) <= set(COUNTRIES)
    assert len(chosen.countries) <= MOST_COUNTRIES
    assert set(chosen.evidence) <= set(EVIDENCE)
    assert chosen.scale in SCALES
    assert chosen.lang in LANGUAGES
    assert all(isinstance(name, str) and isinstance(value, str) for name, value in dropped)
    again, nothing = parse({name: [value] for name, value in to_query(values, PARAMETERS).items()}, PARAMETERS)
    assert (again, nothing) == (values, [])


def read(**query):
    values, dropped = parse({name: [value] for name, value in query.items()}, PARAMETERS)
    return to_selection(values), dropped


def test_the_default_needs_no_query():
    chosen, dropped = read()
    assert (chosen.countries, chosen.evidence, chosen.scale, chosen.lang, dropped) == (
        ("KOR", "USA", "CHN"),
        EVIDENCE,
        "absolute",
        "en",
        [],
    )
    assert to_query({parameter.name: parameter.default for parameter in PARAMETERS}, PARAMETERS) == {}


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [
        ("fr-FR,fr;q=0.9,en-US;q=0.8", "fr"),
        ("de-DE,de;q=0.9,ko;q=0.8,en;q=0.7", "ko"),
        ("en;q=0.5, fr;q=0.9", "fr"),
        ("fr;q=0, ko;q=0.1", "ko"),
        ("es,it", "en"),
        ("*", "en"),
        ("", "en"),
        (None, "en"),
        (";;;q=x,,fr;q=9", "fr"),
    ],
)
def test_the_language_is_the_first_that_the_browser_asks_for_and_the_atlas_speaks(accepted, lang):
    assert language_of(accepted) == lang


@pytest.mark.parametrize(("browser", "chosen", "written"), [("en", "en", {}), ("en", "fr", {"lang": "fr"}), ("fr", "fr", {"lang": "fr"}), ("fr", "en", {"lang": "en"})])  # fmt: skip
def test_only_english_in_an_english_browser_stays_out_of_a_link(browser, chosen, written):
    parameters = global_parameters(COUNTRIES, browser)
    values, _ = parse({"lang": [chosen]}, parameters)
    assert to_query(values, parameters) == written
    assert shared_query(to_selection(values, browser)) == written


def test_without_a_language_in_the_address_it_is_that_of_the_browser():
    assert parse({}, global_parameters(COUNTRIES, "ko"))[0]["lang"] == ("ko",)


def test_unknown_codes_are_dropped_and_the_others_kept():
    chosen, dropped = read(countries="KOR,XYZ,FRA", evidence="official,rumour", scale="per-cow", lang="xx", colour="red")
    assert (chosen.countries, chosen.evidence, chosen.scale, chosen.lang) == (("KOR", "FRA"), ("official",), "absolute", "en")
    assert dropped == [("countries", "XYZ"), ("evidence", "rumour"), ("scale", "per-cow"), ("lang", "xx"), ("colour", "red")]


def test_the_seventh_country_is_dropped():
    chosen, dropped = read(countries=",".join(COUNTRIES[:7]))
    assert chosen.countries == tuple(COUNTRIES[:6])
    assert dropped == [("countries", COUNTRIES[6])]


def test_none_chosen_is_a_choice():
    assert read(countries="") == (read()[0].__class__((), EVIDENCE, "absolute", "en", {"tab": ("shares",), "q": ()}), [])


def test_a_doubled_code_counts_once():
    assert read(countries="KOR,KOR")[0].countries == ("KOR",)


WEIGHTS = Weights("weights", ("1", "1", "1"), None, 3, 10)


@pytest.mark.parametrize("wrong", ["0,0,0", "1,-1,1", "1,x,1", "1,1", "1,1,1,1", "11,1,1", "nan,1,1", "inf,1,1", "", ",,"])
def test_weights_that_cannot_be_are_dropped_as_a_whole(wrong):
    assert WEIGHTS.parse([wrong]) == (("1", "1", "1"), (wrong,))


@given(st.lists(st.integers(0, 20).map(lambda half: half / 2), min_size=3, max_size=3).filter(any))
def test_weights_are_read_back_as_they_were_written(numbers):
    kept, dropped = WEIGHTS.parse([",".join(map(str, numbers))])
    assert ([float(text) for text in kept], dropped) == (numbers, ())
    assert WEIGHTS.parse([WEIGHTS.write(kept) or "1,1,1"]) == (kept, ())


def test_a_free_text_is_cut_at_its_own_length():
    assert Parameter("sql", (), None, longest=5).parse(["SELECT 1"]) == (("SELEC",), ())
    assert len(Parameter("q", (), None).parse(["x" * 500])[0][0]) == 200
