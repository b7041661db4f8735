"""What if: the scenarios, what they hit, the paths with their sources, and what no link is known for."""

import pytest

from pages.what_if import SCENARIOS
from tests.pages.test_pages import WORDS, built, charts, opened, said  # noqa: F401 (built is a fixture)


def rows(app, column):
    """The table that has a column of this name."""
    return next(frame.value for frame in app.dataframe if column in frame.value)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_ready_made_scenario_opens_and_says_what_it_does(scenario):
    app = opened("what-if", **SCENARIOS[scenario])
    assert not [info for info in app.info if "=" in info.value and "dropped" in info.value]
    if scenario == "gallium":  # no source of the data names a maker of chips that buys gallium
        assert "not the same as no dependence" in said(app)
    else:
        assert "would be exposed" in app.title[0].value
        assert len(charts(app)) == 2


def test_if_tsmc_stops_rngd_is_hit_and_rebel_is_not():
    hits = rows(opened("what-if", stop="tsmc", stage="foundry", tab="hits", kind="chip"), "path")
    names = set(hits["name"].str.split("#").str[1])
    assert "FuriosaAI%20RNGD" in names
    assert not any("REBEL" in name for name in names)


def test_if_sk_hynix_stops_sites_of_sk_telecom_are_hit_with_the_path():
    hits = rows(opened("what-if", stop="sk-hynix", stage="memory", tab="hits", kind="site"), "path")
    haein = hits[hits["name"].str.contains("id=skt-haein-b200")].iloc[0]
    assert haein["path"].startswith("SK hynix → ")
    assert haein["path"].count("→") == 2


def test_a_path_gives_every_link_its_source():
    path = rows(opened("what-if", stop="asml", stage="equipment", tab="path", hit="skt-titan-2025"), "from_name")
    assert path["from_name"].iloc[0] == "ASML"
    assert path["url"].str.startswith("http").all()
    assert list(path["from_name"])[1:] == list(path["to_name"])[:-1]


def test_what_is_not_hit_says_so():
    app = opened("what-if", stop="tsmc", stage="foundry", tab="path", hit="rebellions-rebel-quad")
    assert "not hit" in said(app)


def test_who_else_delivers_is_shown_with_shares():
    others = rows(opened("what-if", stop="sk-hynix", stage="memory", tab="alternatives"), "stops")
    assert others["company"].str.contains("micron").any()
    assert others.loc[others["stops"], "company"].str.contains("sk-hynix").all()


def test_a_supplier_without_links_is_not_called_safe():
    app = opened("what-if", stop="rebellions", stage="memory")
    assert "not the same as no dependence" in said(app)
    assert charts(app) == []


def test_nobody_chosen_is_a_sentence():
    app = opened("what-if", stop="")
    assert WORDS("what-if.nobody") in said(app)
    assert charts(app) == []


def test_an_unknown_supplier_is_dropped_with_a_hint():
    assert "stop=nobody" in said(opened("what-if", stop="nobody,tsmc")).replace("\\", "")


def test_what_the_model_leaves_out_is_said():
    assert "stocks" in said(opened("what-if"))
