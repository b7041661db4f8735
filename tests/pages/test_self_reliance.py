"""Self-reliance: the answer first, weights in the link, and the rows behind every cell."""

import pytest

from atlas import measures
from tests.pages.test_pages import WORDS, built, charts, opened, said  # noqa: F401 (built is a fixture)


def table(app, number=-1):
    return app.dataframe[number].value


def test_the_headline_gives_place_index_and_interval():
    title = opened("self-reliance").title[0].value
    assert title.startswith("South Korea is number ")
    assert "mostly between" in title


def test_weights_stand_in_the_link_and_change_the_ranks():
    equal, models = opened("self-reliance"), opened("self-reliance", weights="1,1,1,1,1,1,6,2")
    assert equal.title[0].value != models.title[0].value
    assert models.slider(key="weight:model").value == 6


def test_a_preset_and_the_form_change_the_weights():
    app = opened("self-reliance")
    app.button(key="weights:hardware").click().run()
    assert app.query_params["weights"] in ("3,3,3,3,1,1,1,1", ["3,3,3,3,1,1,1,1"])
    assert app.slider(key="weight:design").value == 3
    app.button(key="weights:equal").click().run()
    assert "weights" not in app.query_params


@pytest.mark.parametrize("wrong", ["0,0,0,0,0,0,0,0", "-1,1,1,1,1,1,1,1", "a,b", "1,1,1,1,1,1,1,1,1", "nan,1,1,1,1,1,1,1"])
def test_weights_that_cannot_be_are_dropped_with_a_hint(wrong):
    app = opened("self-reliance", weights=wrong)
    assert "weights=" in said(app)
    assert app.slider(key="weight:design").value == 1


def test_a_country_without_an_index_says_what_is_missing():
    app = opened("self-reliance", countries="CHL,KOR")
    assert "Chile has no index" in app.title[0].value
    missing = next(caption.value for caption in app.caption if caption.value.startswith("Chile"))
    assert "Memory" in missing


def test_a_cell_of_dependence_shows_its_formula_and_rows(database):
    app = opened("self-reliance", cell="KOR/memory")
    share = measures.dependence(database.read("holdings", evidence=["official", "reported", "estimated", "planned"]))
    share = share.set_index(["iso3", "layer"]).loc[("KOR", "memory"), "share_pct"]
    formula = next(caption.value for caption in app.caption if caption.value.startswith("100 ×"))
    assert WORDS.percent(share, 1).rstrip("%") in formula.replace("\\", "")
    assert {"item", "party", "weight", "source_ids"} <= set(app.dataframe[0].value.columns)


def test_a_cell_of_leverage_adds_up_its_companies():
    app = opened("self-reliance", cell="KOR/hbm")
    formula = next(caption.value for caption in app.caption if caption.value.startswith("SK hynix")).replace("\\", "")
    assert "SK hynix" in formula
    assert "Samsung Electronics" in formula


def test_a_cell_of_which_nothing_is_known_says_so():
    app = opened("self-reliance", cell="CHL/memory", countries="CHL")
    assert WORDS("cell.none") in said(app)


def test_a_click_on_no_cell_keeps_three_charts():
    assert len(charts(opened("self-reliance"))) == 3
