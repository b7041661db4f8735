"""Compare, as a reader's session runs it."""

import pytest

from atlas import measures
from atlas.selection import EVIDENCE
from tests.pages.test_pages import WORDS, built, charts, opened, said  # noqa: F401


def table(app):
    return app.dataframe[0].value


@pytest.mark.parametrize("countries", ["", "KOR"])
def test_fewer_than_two_countries_is_a_sentence(countries):
    app = opened("compare", countries=countries)
    assert WORDS("compare.choose_two") in [info.value for info in app.info]
    assert not app.dataframe
    assert not charts(app)


@pytest.mark.parametrize("countries", ["KOR,USA", "KOR,USA,CHN,TWN,JPN,EUU", "KEN,UKR"])
def test_two_to_six_countries_stand_side_by_side(countries):
    app = opened("compare", countries=countries)
    codes = countries.split(",")
    for code in codes:
        assert WORDS.country(code) in table(app).columns
        assert WORDS("compare.rank_of", country=WORDS.country(code)) in table(app).columns


def test_best_and_worst_are_a_sign_and_a_word():
    cells = table(opened("compare"))[["South Korea", "United States", "China"]].to_numpy().ravel()
    assert any(WORDS("compare.best") in cell for cell in cells)
    assert any(WORDS("compare.worst") in cell for cell in cells)
    assert any(cell == "not known" for cell in cells)


def test_no_size_is_best_or_worst():
    rows = table(opened("compare")).set_index("indicator")
    for indicator in ("Population", "GDP, current USD", "AI compute, planned"):
        assert not any(sign in cell for cell in rows.loc[indicator, ["South Korea", "United States"]] for sign in "▲▼")


def test_ranks_are_among_all_known(database):
    rows = table(opened("compare")).set_index("indicator")
    values = database.read("indicator_values", where={"indicator_id": ["population"]}, evidence=list(EVIDENCE), scale="absolute")
    values = values[values["iso3"] != "EUU"].set_index("iso3")["value"].rank(ascending=False)
    assert rows.loc["Population", "Rank: South Korea"] == f"{int(values['KOR'])} of {len(values)}"


def test_planned_and_running_are_rows_of_their_own():
    indicators = list(table(opened("compare"))["indicator"])
    assert {"AI compute, operational", "AI compute, under construction", "AI compute, planned"} <= set(indicators)
    assert len(indicators) == len(set(indicators))


def test_the_title_counts_what_the_table_marks():
    app = opened("compare", countries="KOR,USA")
    own = table(app)["South Korea"]
    best, worst = (int(own.str.contains(sign).sum()) for sign in "▲▼")
    assert f"first on {best} and last on {worst}" in app.title[0].value


def test_the_scale_divides_computing_power():
    def power(scale):
        return table(opened("compare", scale=scale)).set_index("indicator").loc["AI compute, operational"]

    assert power("absolute")["unit"] == "H100 equivalents"
    assert power("per-capita")["unit"] == "H100 equivalents per million people"
    assert power("per-capita")["South Korea"] != power("absolute")["South Korea"]


def test_every_series_on_offer_draws(database):
    for series in database.read("series_indicators")["indicator_id"]:
        app = opened("compare", tab="series", series=series, countries="KOR,USA,CHN,FRA")
        assert charts(app) or app.info, series


@pytest.mark.parametrize("group", measures.GROUPS)
@pytest.mark.parametrize("countries", ["KOR,USA,CHN", "KEN,UKR"])
def test_every_group_draws_or_says_that_there_is_nothing(group, countries):
    app = opened("compare", tab="panels", group=group, countries=countries)
    assert bool(charts(app)) != any(WORDS("empty.card") in info.value for info in app.info)


def test_a_series_is_chosen_in_the_url():
    app = opened("compare", tab="series", series="population")
    assert app.selectbox(key="choice:series").value == "population"
    app.selectbox(key="choice:series").set_value("top500-performance-share").run()
    assert not app.exception
    assert app.query_params["series"] in ("top500-performance-share", ["top500-performance-share"])


def test_an_unknown_series_is_dropped_with_a_hint():
    assert WORDS("hint.dropped", items="")[:20] in said(opened("compare", tab="series", series="cows"))


@pytest.mark.parametrize("card", ["comparison", "series", "panels"])
def test_each_card_stands_alone(card):
    app = opened("compare", card=card)
    assert not app.title
    assert len(charts(app)) == (card != "comparison")
    assert bool(app.dataframe) == (card == "comparison")
