"""Placing: what is curated stays, what is new becomes a row, what contradicts itself is left out."""

from collections import Counter

from atlas.upstream.layer import Doubtful, Fact, Layer, Unmapped
from atlas.upstream.placing import Figure, list_strangers, place
from tests.upstream.layers import decide, known


def figure(year, value):
    return Figure({"iso3": "KOR", "indicator_id": "population", "year": year, "value": value}, "Korea", "https://example.org")


def placed(folder, *figures):
    folder.add("indicators", {"indicator_id": "population", "name": "Population", "unit": "persons", "description": "d"})
    folder.add("observations", {"iso3": "KOR", "indicator_id": "population", "year": "2023", "value": "51"})
    layer = Layer()
    place(layer, known(folder), "observations", figures)
    return layer


def test_a_curated_figure_stays_and_the_upstream_one_stands_beside_it(folder):
    layer = placed(folder, figure("2023", "52"))
    assert layer.rows == {}
    assert layer.facts == [Fact("observations", "KOR/population/2023", "value", "52", "Korea", "https://example.org")]


def test_a_figure_of_a_new_key_is_a_row(folder):
    assert placed(folder, figure("2024", "52")).rows == {"observations": [figure("2024", "52").row]}


def test_a_figure_given_twice_is_taken_once(folder):
    layer = placed(folder, figure("2024", "52"), figure("2024", "52"))
    assert len(layer.rows["observations"]) == 1
    assert layer.dropped == {"given twice": 1}


def test_two_figures_of_one_key_are_doubtful_and_neither_is_taken(folder):
    layer = placed(folder, figure("2024", "53"), figure("2024", "52"))
    assert (layer.rows, layer.facts) == ({}, [])
    assert layer.doubtful == [Doubtful("observations", "Korea", "KOR/population/2024", "it is given as 52 and as 53")]


def test_a_name_that_an_editor_set_aside_is_counted_and_not_listed(folder):
    decide(folder, "country,Atlantis,")
    layer = Layer()
    list_strangers(layer, known(folder), Counter({("country", "Atlantis"): 3, ("country", "Utopia"): 2}), "list")
    assert layer.unmapped == [Unmapped("country", "Utopia", "list", 2)]
    assert layer.dropped == {"country that is none of ours": 3}
