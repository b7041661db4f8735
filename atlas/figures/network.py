"""Who is in which team: one frame of memberships (team, member) in, one network out. Its places are computed here, so that the picture is the same every time."""

import math
from collections.abc import Sequence

import pandas as pd

from atlas.figures.base import NEUTRAL, Chart, colour, plain, short_name
from atlas.figures.contrast import apart, pale
from atlas.figures.flows import distinct
from atlas.texts import Words

WIDE = 1.9  # the picture is stretched to the width of its card: places are looked for further to the side than up and down
APART = 1.0  # room for a member on the ring of its team
RING = 1.5  # least radius of a ring, with the name of the team inside
LEAST_WIDTH = 7.0  # a single team is not drawn out to the edges
EDGE = 8  # per cent of the width in which a name stands towards the middle
PALE = 0.3  # of what has ended: its line is broken and its mark an outline
SYMBOLS = ("circle", "diamond", "rect", "triangle", "roundRect", "pin")  # of countries that grey print would not keep apart
HIDDEN = {"type": "value", "show": False, "min": 0, "max": 100}


def network(
    frame: pd.DataFrame, words: Words, *, names: dict[str, str], homes: dict[str, str | None], country_names: dict[str, str]
) -> Chart:
    """`frame`: team, org_id, member, home, role, has_ended, hover. Names and countries by team; a member of several teams stands once, between them."""
    teams_of = frame.groupby("org_id", sort=False)["team"].agg(list).to_dict()
    shared = [org for org, teams in teams_of.items() if len(teams) > 1]
    size = frame.groupby("team")["org_id"].nunique()
    teams = sorted(size.index, key=lambda team: (-size[team], team))
    own = {team: [org for org, among in teams_of.items() if among == [team]] for team in teams}
    places, sides = _places(teams, own, {org: teams_of[org] for org in shared})
    members = frame.drop_duplicates("org_id").set_index("org_id")
    stays = frame.groupby("org_id")["has_ended"].agg(lambda ended: not ended.all())
    runs = frame.groupby("team")["has_ended"].agg(lambda ended: not ended.all())
    nodes = [*teams, *members.index]
    shown = dict(zip(nodes, distinct([names[team] for team in teams] + list(members["member"])), strict=True))
    countries = [code for code in dict.fromkeys(members["home"].dropna()) if code in country_names]
    symbols = dict(zip(countries, apart([colour(code) for code in countries], SYMBOLS), strict=True))
    data = [
        _node(shown[team], places[team], 30, homes.get(team), runs[team], plain(words("network.team", team=names[team], n=words.number(size[team]))))
        | {"label": {"show": True, "position": "bottom", "fontSize": 12, "fontWeight": "bold", "formatter": short_name(names[team], 22)}}
        for team in teams
    ] + [
        _node(shown[org], places[org], 9 + 3 * (len(teams_of[org]) - 1), members.at[org, "home"], stays[org], plain("\n".join(frame.loc[frame["org_id"] == org, "hover"])), org in shared)
        | {"label": {"show": True, "position": sides[org], "fontSize": 11 if org in shared else 10, "fontWeight": "bold" if org in shared else "normal", "formatter": short_name(members.at[org, "member"], 20)}}
        for org in members.index
    ]  # fmt: skip
    for node, home in zip(data, [*(homes.get(team) for team in teams), *members["home"]], strict=True):
        if home in countries:
            node |= {"category": countries.index(home), "symbol": symbols[home]}
    figure = {
        "height": int(max(360, min(760, 260 + 4.4 * len(frame)))),
        "animation": False,
        "tooltip": {"trigger": "item", "confine": True},
        "legend": {"top": 0, "left": 0, "type": "scroll", "selectedMode": False, "itemWidth": 10, "itemHeight": 10, "data": [{"name": country_names[code], "icon": symbols[code]} for code in countries]},
        # On axes that do not show, the picture fills a wide card and a phone alike, and its nodes stay round.
        "grid": {"left": "14%", "right": "14%", "top": 44, "bottom": 34},
        "xAxis": HIDDEN,
        "yAxis": HIDDEN,
        "series": [
            {
                "type": "graph", "coordinateSystem": "cartesian2d", "roam": False, "draggable": False, "selectedMode": "single",
                "emphasis": {"focus": "adjacency"}, "label": {"show": True}, "labelLayout": {"hideOverlap": True},
                "categories": [{"name": country_names[code], "itemStyle": {"color": colour(code)}} for code in countries],
                "data": data,
                "links": [
                    {
                        "source": shown[row.team], "target": shown[row.org_id], "select": {"disabled": True},
                        "lineStyle": {"color": NEUTRAL, "width": 3.5 if row.role == "lead" else 1.6 if row.org_id in shared else 1, "opacity": 1, "type": "dashed" if row.has_ended else "solid", "curveness": 0},
                        "tooltip": {"formatter": plain(row.hover)},
                    }
                    for row in frame.itertuples()
                ],
            }
        ],
    }  # fmt: skip
    sentences = [
        words("alt.team", team=names[team], n=words.number(size[team]), members=words.listing(frame.loc[frame["team"] == team, "member"]))
        for team in teams
    ]
    sentences += [
        words("alt.shared", member=members.at[org, "member"], teams=words.listing(names[team] for team in teams_of[org])) for org in shared
    ]
    things = [(team, names[team]) for team in teams] + [(org, members.at[org, "member"]) for org in members.index]
    return Chart(figure, " ".join(sentences), tuple(things))


def _node(name: str, place: tuple[float, float], size: float, home, is_on: bool, hover: str, ringed: bool = False) -> dict:
    tone = colour(home) if isinstance(home, str) else NEUTRAL
    edge = {"borderColor": NEUTRAL, "borderWidth": 2.5} if ringed else {"borderColor": tone, "borderWidth": 0 if is_on else 1.5}
    style = {"color": tone if is_on else pale(tone, PALE)} | edge
    return {"name": name, "value": list(place), "symbolSize": size, "itemStyle": style, "tooltip": {"formatter": hover}}


def _scaled(places: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """Places as per cent of the picture: ECharts keeps the ends of an axis only where they are round."""
    across, along = zip(*places.values(), strict=True)
    ends = [(min(*across, -LEAST_WIDTH / 2), max(*across, LEAST_WIDTH / 2)), (min(along), max(along))]
    return {
        name: tuple(round(100 * (at - low) / (high - low), 2) if high > low else 50.0 for at, (low, high) in zip(place, ends, strict=True))
        for name, place in places.items()
    }


def _places(teams: Sequence[str], own: dict[str, list[str]], shared: dict[str, list[str]]) -> tuple[dict, dict]:
    """Places by team and member, and the side of a member on which its name stands: away from the middle of its team."""
    places, sides, taken = {}, {}, []
    for team in teams:
        radius = max(RING, len(own[team]) * APART / (2 * math.pi)) if own[team] else 0.8
        x, y = places[team] = _free((0.0, 0.0), radius + 1.0, taken)
        taken.append((x, y, radius + 1.0))
        for index, org in enumerate(own[team]):
            angle = 2 * math.pi * (index + 0.5) / len(own[team])
            places[org] = (x + radius * math.cos(angle), y + radius * math.sin(angle))
            sides[org] = (
                "right" if math.cos(angle) > 0.2 else "left" if math.cos(angle) < -0.2 else "top" if math.sin(angle) > 0 else "bottom"
            )
    # The more teams a member has, the earlier it is placed: the middle is its own.
    for org in sorted(shared, key=lambda org: (-len(shared[org]), org)):
        middle = tuple(sum(places[team][axis] for team in shared[org]) / len(shared[org]) for axis in (0, 1))
        x, y = places[org] = _free(middle, 0.5, taken)
        taken.append((x, y, 0.5))
    places = _scaled(places)
    return places, {
        name: "right" if x < EDGE else "left" if x > 100 - EDGE else sides.get(name, "right") for name, (x, _) in places.items()
    }


def _free(start: tuple[float, float], radius: float, taken: list[tuple[float, float, float]]) -> tuple[float, float]:
    """The place nearest to `start`, on a spiral around it, where a circle touches no other."""
    step = 0
    while True:
        turn, reach = step * 0.35, step * 0.012
        x, y = start[0] + WIDE * reach * math.cos(turn), start[1] + reach * math.sin(turn)
        if all(math.hypot(x - other[0], y - other[1]) >= radius + other[2] for other in taken):
            return x, y
        step += 1
