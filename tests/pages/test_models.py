"""Models: sizes, origins, scores with who measured, every model in the list."""

import pytest

from pages.models import MEASURES, TEST
from tests.pages.test_pages import WORDS, built, charts, opened, said  # noqa: F401 (built is a fixture)


def test_the_headline_says_how_much_is_from_scratch_and_names_the_largest():
    title = opened("models").title[0].value.replace("\\", "")
    assert "% of the families of national models of South Korea" in title
    assert "K-EXAONE 2.0" in title


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_of_size_draws(measure):
    app = opened("models", measure=measure)
    assert len(charts(app)) == 1


def test_scores_stand_beside_the_frontier_and_say_who_measured():
    app = opened("models", tab="scores")
    (chart,) = charts(app)
    assert WORDS("measured.independent") in chart.spec
    assert "Motif 3" in chart.alt
    assert chart.alt.index("Claude") < chart.alt.index("Motif 3")  # best first


def test_a_benchmark_keeps_its_settings_apart(database):
    rows = database.read("score_list", where={"test": [TEST]})
    assert set(rows["setting"]) == {"v4.1.1"}
    assert database.read("score_list").groupby("test")[["benchmark", "setting"]].nunique().max().max() == 1


def test_an_unknown_benchmark_is_dropped_with_a_hint():
    assert "test=chess" in said(opened("models", tab="scores", test="chess")).replace("\\", "")


def test_teams_of_the_contest_come_first_in_the_list():
    rows = opened("models", tab="list").dataframe[0].value
    assert rows["consortium"].iloc[0].split("#")[1].endswith("team")
    assert {"chip", "training_chip_count", "has_open_weights", "from_scratch", "base_model"} <= set(rows.columns)


def test_a_country_without_models_is_a_sentence():
    app = opened("models", countries="LUX", tab="origins")
    assert charts(app) == []
    assert WORDS("empty.models") in said(app)


def test_weights_are_said_to_be_open_closed_or_not_known():
    (chart,) = charts(opened("models"))
    for state in ("open", "closed", "unknown"):
        assert WORDS(f"weights.{state}") in chart.spec
