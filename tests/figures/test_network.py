"""The network: every membership is one line, every thing one node, and the picture is the same each time."""

import pandas as pd

from atlas.figures.base import NEUTRAL, colour, inked
from atlas.figures.contrast import pale
from atlas.figures.network import PALE, network
from tests.conftest import words

WORDS = words()
ROWS = [
    ("t1", "a", "Alpha", "KOR", "lead", False),
    ("t1", "b", "Beta <b>", "USA", "member", False),
    ("t1", "s", "Shared", "KOR", "member", False),
    ("t2", "s", "Shared", "KOR", "member", True),
    ("t2", "c", "Gamma", None, "member", True),
]


def chart(rows=ROWS):
    frame = pd.DataFrame(rows, columns=["team", "org_id", "member", "home", "role", "has_ended"]).assign(hover="h")
    return network(
        frame,
        WORDS,
        names={"t1": "Team", "t2": "Shared"},
        homes={"t1": "KOR", "t2": "KOR"},
        country_names={"KOR": "Korea", "USA": "America"},
    )


def series(rows=ROWS):
    return chart(rows).figure["series"][0]


def test_every_thing_is_one_node_and_every_membership_one_line():
    drawn = series()
    names = [node["name"] for node in drawn["data"]]
    assert len(names) == len(set(names)) == 6  # a member may be called like a team
    assert [thing for thing, _ in chart().nodes] == ["t1", "t2", "a", "b", "s", "c"]
    assert len(drawn["links"]) == len(ROWS)
    assert all(line["source"] in names and line["target"] in names for line in drawn["links"])


def test_nothing_in_it_moves():
    assert chart().figure["animation"] is False


def test_the_picture_is_the_same_each_time():
    assert chart() == chart()


def test_leads_are_thicker_the_ended_broken_and_members_of_several_teams_ringed():
    drawn = series()
    lead, member, *_, ended = drawn["links"]
    assert lead["lineStyle"]["width"] > member["lineStyle"]["width"]
    assert (member["lineStyle"]["type"], ended["lineStyle"]["type"]) == ("solid", "dashed")
    ringed = [node["name"].strip("\u200b") for node in drawn["data"] if node["itemStyle"]["borderWidth"] > 2]
    assert ringed == ["Shared"]


def test_a_member_that_is_still_in_one_team_is_no_outline():
    style = dict(zip(("t1", "t2", "a", "b", "s", "c"), (node["itemStyle"] for node in series()["data"]), strict=True))
    assert style["s"]["color"] == colour("KOR")
    assert style["c"] == {"color": pale(NEUTRAL, PALE), "borderColor": NEUTRAL, "borderWidth": 1.5}


def test_colours_are_those_of_home_countries_and_grey_where_not_known():
    assert [node["itemStyle"]["color"] for node in series()["data"]][2:5] == [colour("KOR"), colour("USA"), colour("KOR")]
    assert series()["data"][5]["itemStyle"]["borderColor"] == NEUTRAL


def test_no_two_nodes_stand_in_one_place_and_all_inside_the_picture():
    places = [tuple(node["value"]) for node in series()["data"]]
    assert len(set(places)) == len(places)
    assert all(0 <= at <= 100 for place in places for at in place)


def test_the_words_say_who_is_in_which_team():
    assert "Team" in chart().alt
    assert "Beta <b>" in chart().alt
    assert "Shared is in Team and Shared" in chart().alt


def test_text_from_the_data_is_harmless_in_the_hover():
    frame = [("t1", "b", "B", "USA", "member", False)]
    assert series(frame)["links"][0]["tooltip"]["formatter"] == "h"
    assert "&lt;" not in series()["data"][3]["name"]


def test_a_line_cannot_be_chosen():
    assert all(line["select"] == {"disabled": True} for line in series()["links"])


def test_a_single_member_draws_and_the_legend_has_the_colour_of_the_theme():
    single = chart(ROWS[:1])
    assert len(single.figure["series"][0]["data"]) == 2
    assert inked(single.figure, "dark")["legend"]["textStyle"]["color"] != inked(single.figure, "light")["legend"]["textStyle"]["color"]
