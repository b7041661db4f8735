"""Consortia: who builds national AI, with whom, who was dropped or added when, and what the state gave. Korea's contest first, then any programme."""

import pandas as pd
import streamlit as st

from atlas import ui
from atlas.figures.bars import bars
from atlas.figures.base import HUES, NEUTRAL
from atlas.figures.bracket import OUT
from atlas.figures.matrix import matrix
from atlas.figures.network import network
from atlas.selection import Parameter
from pages.common import (
    CONTEST,
    RELATION_TONES,
    chosen_rows,
    contest_card,
    country_names,
    labels,
    need_countries,
    show_tabs,
    state_of_money,
)

NAME, PATH, ICON = "consortia", "consortia", ":material/groups:"
PARTS = ("total", "benchmark", "expert", "user")
LAYERS = ("chip", "compute", "data", "model", "research", "application")
GIVEN = ("delivered", "operational")


def parameters(page: ui.Page) -> tuple[Parameter, ...]:
    programmes = page.read("consortium_now", columns="DISTINCT programme_id")["programme_id"]
    cards = (
        "contest",
        "teams",
        "network",
        "members",
        "member-list",
        "points",
        "gpus",
        "support-list",
        "money",
        "member-homes",
        "programme-list",
    )
    return (
        Parameter("tab", (next(iter(TABS)),), TABS),
        Parameter("programme", (CONTEST,), frozenset(programmes)),
        Parameter("card", (), cards),
    )


def show(page: ui.Page) -> None:
    if not page.chosen.one("card"):
        st.title(ui.escape(headline(page)), anchor=False)
        st.caption(page.words("consortia.lead"))
    show_tabs(page, TABS)


def headline(page: ui.Page) -> str:
    """What the open tab says."""
    headlines = {"members": members_headline, "support": support_headline, "countries": countries_headline}
    return headlines.get(page.chosen.one("tab"), contest_headline)(page)


def members_headline(page: ui.Page) -> str:
    """The largest team of the programme chosen."""
    frame = page.read("members", where={"programme_id": [page.chosen.one("programme")], "confidence": page.evidence})
    if frame.empty:
        return page.words("empty.members")
    size = frame.groupby(["programme", "lead"])["org_id"].nunique()
    programme, lead = size.idxmax()
    return page.words("consortia.headline.members", programme=programme, lead=lead, members=page.words.number(size.max()))


def support_headline(page: ui.Page) -> str:
    """The teams of the contest that have had GPUs from the state; what is only promised is left out."""
    words = page.words
    frame = page.read("support_rows", where={"programme_id": [CONTEST], "resource": ["gpu"], "stage": GIVEN, "confidence": page.evidence})
    teams = sorted(set(frame[frame["counts_in_total"] & frame["consortium_id"].notna()]["receiver"]), key=words.sort_key)
    if not teams:
        return words("consortia.headline.no_support")
    return words("consortia.headline.support", count=len(teams), teams=words.listing(teams))


def countries_headline(page: ui.Page) -> str:
    """How many of the memberships of the country chosen first are held from abroad."""
    words = page.words
    frame = page.read("members_by_country", where={"iso3": page.chosen.countries[:1]}, evidence=page.evidence)
    if frame.empty:
        return words("empty.members")
    counted = frame[["memberships", "abroad"]].sum()
    return words(
        "consortia.headline.countries",
        country=words.country(page.chosen.countries[0]),
        abroad=words.number(counted["abroad"]),
        memberships=words.number(counted["memberships"]),
    )


def contest_headline(page: ui.Page) -> str:
    """How far the contest has come, counted from the status changes."""
    words = page.words
    changes = page.read("contest", where={"programme_id": [CONTEST], "confidence": page.evidence})
    first = changes[changes["round"] == "bids"]["consortium_id"].nunique()
    chosen = changes[(changes["round"] == "presentations") & (changes["status"] == "selected")]["consortium_id"].nunique()
    now = changes.sort_values("status_day").drop_duplicates("consortium_id", keep="last")
    left = now[~now["status"].isin(OUT)].sort_values("lead", key=words.sort_keys)["lead"]
    if not first or left.empty:
        return words("consortia.headline.none")
    return words("consortia.headline", applied=first, chosen=chosen, left=len(left), teams=words.listing(left))


def pick_programme(page: ui.Page) -> str:
    """The programme to look into, Korea's contest first, then by country."""
    words = page.words
    programmes = page.read("programme_money", columns="programme_id, iso3, programme")
    with_teams = set(page.read("consortium_now", columns="programme_id")["programme_id"])
    programmes = programmes[programmes["programme_id"].isin(with_teams)]
    order = {code: index for index, code in enumerate(page.chosen.countries)}
    programmes = programmes.sort_values(
        ["iso3", "programme"], key=lambda column: column.map(lambda code: (order.get(code, 99), code)) if column.name == "iso3" else column
    )
    names = {row.programme_id: words("pair", name=words.country(row.iso3), value=row.programme) for row in programmes.itertuples()}
    if not page.chosen.one("card"):
        ui.choice(page, "programme", list(names), names.get)
    return page.chosen.one("programme")


def contest(page: ui.Page) -> None:
    left, right = ui.side_by_side(page)
    with left:
        contest_card(page)
    with right:
        teams(page)


def teams(page: ui.Page) -> None:
    """Every team of the contest with its lead, size and aim; those still in come first."""
    words = page.words
    now = page.read("consortium_now", where={"programme_id": [CONTEST]})
    size = (
        page.read("members", where={"programme_id": [CONTEST], "confidence": page.evidence})
        .groupby("consortium_id")
        .agg(members=("org_id", "count"), abroad=("is_abroad", "sum"))
    )
    frame = (
        now.merge(size, on="consortium_id", how="left")
        .assign(out=now["status"].isin(OUT))
        .sort_values(["out", "was_chosen", "members"], ascending=[True, False, False])
    )
    frame = frame.assign(status=frame["status"].map(lambda status: words.or_code("status", status)))
    ui.table_card(page, "teams", frame[["lead", "status", "status_date", "members", "abroad", "focus", "source_ids"]], height=560)


def points(page: ui.Page) -> None:
    """Points of both rounds: every team where published, beside the mean of the teams."""
    words = page.words
    frame = page.read("evaluation_points", where={"programme_id": [CONTEST], "statistic": ["team", "mean"], "confidence": page.evidence})
    frame = frame.sort_values(
        ["round", "part", "max_points"],
        key=lambda column: column.map(PARTS.index) if column.name == "part" else column,
        ascending=[True, True, False],
    )
    frame = frame.assign(
        row=[f"{row.round}/{row.part}/{row.item}" for row in frame.itertuples()],
        column=frame["lead"].fillna("mean"),
        value=100 * frame["points"] / frame["max_points"],
        text=frame["points"].map(lambda points: words.number(points, 1)),
        hover=[words("points.of", points=words.number(row.points, 1), most=words.number(row.max_points, 0)) for row in frame.itertuples()],
    )
    # A team that was not in a round has no points there, which is another thing than points that are not known.
    judged = page.read("contest", where={"programme_id": [CONTEST], "round": [f"round-{number}" for number in (1, 2)]})
    present = set(zip(judged["round"].str[-1], judged["lead"], strict=True))
    absent = [
        {"row": row, "column": lead, "text": words("points.absent")}
        for row in dict.fromkeys(frame["row"])
        for lead in dict.fromkeys(judged["lead"])
        if (row[0], lead) not in present
    ]
    names = {
        row.row: words(
            "points.row",
            round=row.round,
            item=words.or_code("item", f"{row.part}-{row.item}" if row.item == "all" else row.item),
            most=words.number(row.max_points, 0),
        )
        for row in frame.itertuples()
    }
    teams = [*dict.fromkeys([*frame["lead"].dropna(), *judged["lead"]]), "mean"]
    ui.card(
        page,
        "points",
        frame,
        lambda rows: matrix(
            pd.concat([rows, pd.DataFrame(absent)]),
            words,
            rows=list(names),
            columns=teams,
            row_labels=names,
            column_labels={team: team for team in teams} | {"mean": words("points.mean")},
            ramp="hold",
        ),
        columns=["round", "evaluated", "item", "lead", "statistic", "points", "max_points", "is_best", "judges", "note", "source_ids"],
    )


def members(page: ui.Page) -> None:
    words = page.words
    programme = pick_programme(page)
    frame = page.read("members", where={"programme_id": [programme], "confidence": page.evidence})
    counts = (
        frame.groupby(["consortium_id", "lead", "consortium", "layer"])
        .agg(
            value=("org_id", "count"),
            members=("member", ", ".join),
            source_ids=("source_ids", lambda lists: sorted({source for ids in lists for source in ids})),
        )
        .reset_index()
        if len(frame)
        else frame.assign(value=[], members=[])
    )
    order = frame.groupby("consortium_id")["org_id"].count().sort_values(ascending=False).index.tolist()[:16] if len(frame) else []
    ended = set(page.read("consortium_now", where={"programme_id": [programme], "status": list(OUT)})["consortium_id"])
    names = {
        row.consortium_id: row.lead + (f" ({words('members.out')})" if row.consortium_id in ended else "") for row in frame.itertuples()
    }
    ui.card(
        page,
        "network",
        frame.assign(
            team=frame["consortium_id"],
            home=frame["home_iso3"],
            has_ended=frame["until"].notna() | frame["consortium_id"].isin(ended),
            hover=[
                words(
                    "network.member",
                    member=row.member,
                    team=row.lead,
                    role=words.or_code("role", row.role),
                    brings=words.or_code("brings", row.layer),
                )
                for row in frame.itertuples()
            ],
        ),
        lambda rows: network(
            rows,
            words,
            names=dict(rows[["consortium_id", "lead"]].to_numpy()),
            homes=dict(rows[["consortium_id", "iso3"]].to_numpy()),
            country_names=country_names(page, rows["home_iso3"].dropna().unique()),
        ),
        columns=["consortium", "member", "home_country", "role", "layer", "since", "until", "confidence", "note", "source_ids"],
        empty=words("empty.members"),
        basis=(programme,),
    )
    hues = dict(zip(LAYERS, (HUES[1], HUES[0], HUES[4], HUES[5], HUES[2], HUES[3]), strict=True))
    ui.card(
        page,
        "members",
        counts.assign(row=counts["consortium_id"], part=counts["layer"], hover=counts["members"]),
        lambda rows: bars(
            rows,
            words,
            unit=words("unit.members"),
            rows=order,
            row_labels=names,
            parts=LAYERS,
            part_labels=labels(page, "brings", LAYERS),
            tones=hues,
            label_from=1,
        ),
        columns=["lead", "consortium", "layer", "value", "members", "source_ids"],
        empty=words("empty.members"),
        basis=(programme,),
    )
    ui.table_card(
        page,
        "member-list",
        frame.sort_values(
            ["consortium_id", "role", "member"],
            key=lambda column: column.map(lambda team: (team in ended, team)) if column.name == "consortium_id" else column,
        )[
            [
                "lead",
                "member",
                "local_name",
                "home_country",
                "kind",
                "sector",
                "role",
                "layer",
                "since",
                "until",
                "confidence",
                "note",
                "source_ids",
            ]
        ],
        empty=words("empty.members"),
        height=420,
    )


def support(page: ui.Page) -> None:
    """What the state gave each team, half-year by half-year, and every grant as a row."""
    words = page.words
    frame = page.read("support_rows", where={"confidence": page.evidence})
    gpus = frame[(frame["resource"] == "gpu") & (frame["scope"] == "consortium") & (frame["programme_id"] == CONTEST)]
    teams = {row.consortium_id: row.receiver for row in gpus.itertuples()}
    halves = sorted({row.from_date for row in gpus.itertuples()})
    gpus = gpus.assign(
        row=gpus["receiver"] + " " + gpus["from_date"],
        part=[
            "own" if not counts else "announced" if stage in ("announced", "committed") else "given"
            for counts, stage in zip(gpus["counts_in_total"], gpus["stage"], strict=True)
        ],
        value=gpus["quantity"],
        hover=gpus["chip"].fillna("") + "\n" + gpus["note"].fillna(""),
    )
    rows = [f"{team} {half}" for team in dict.fromkeys(teams.values()) for half in halves if f"{team} {half}" in set(gpus["row"])]
    row_labels = {
        f"{row.receiver} {row.from_date}": f"{row.receiver}, {row.from_date} – {row.to_date}"
        + (f", {row.chip.removeprefix('NVIDIA ')}" if isinstance(row.chip, str) else "")
        for row in gpus.itertuples()
    }
    parts = ("given", "announced", "own")
    ui.card(
        page,
        "gpus",
        gpus,
        lambda data: bars(
            data,
            words,
            unit=words("unit.gpus"),
            rows=rows,
            row_labels=row_labels,
            parts=parts,
            part_labels=labels(page, "gpus", parts),
            tones={"given": HUES[0], "announced": HUES[0], "own": NEUTRAL},
            hatched=("announced",),
        ),
        columns=[
            "receiver",
            "from_date",
            "to_date",
            "quantity",
            "unit",
            "chip",
            "stage",
            "counts_in_total",
            "provider",
            "note",
            "source_ids",
        ],
    )
    ui.table_card(
        page,
        "support-list",
        frame.assign(other=frame["programme_id"] != CONTEST).sort_values(["other", "programme", "receiver", "from_date"])[
            [
                "programme",
                "receiver",
                "resource",
                "stage",
                "quantity",
                "unit",
                "chip",
                "amount",
                "currency",
                "amount_usd_m",
                "from_date",
                "to_date",
                "provider",
                "scope",
                "counts_in_total",
                "confidence",
                "note",
                "source_ids",
            ]
        ],
        height=420,
    )


def countries(page: ui.Page) -> None:
    """Programmes side by side: money, members and whose they are."""
    if need_countries(page):
        return
    words, codes = page.words, page.chosen.countries
    left, right = ui.side_by_side(page)
    with left:
        state_of_money(page)
    with right:
        frame = chosen_rows(page, page.read("members_by_country", evidence=page.evidence))
        long = frame.melt(["iso3", "country", "layer", "source_ids"], ["domestic", "abroad", "homes_unknown"], "part", "value")
        total = (
            long.groupby(["iso3", "country", "part"])
            .agg(value=("value", "sum"), source_ids=("source_ids", lambda lists: sorted({source for ids in lists for source in ids})))
            .reset_index()
            if len(long)
            else long
        )
        parts = ("domestic", "abroad", "homes_unknown")
        ui.card(
            page,
            "member-homes",
            total.assign(row=total["iso3"]),
            lambda rows: bars(
                rows,
                words,
                unit=words("unit.members"),
                rows=codes,
                row_labels=country_names(page, codes),
                parts=parts,
                part_labels=labels(page, "home", parts),
                tones={"domestic": RELATION_TONES["own"], "abroad": RELATION_TONES["abroad"]},
                hatched=("homes_unknown",),
                label_from=3,
            ),
            columns=["country", "part", "value", "source_ids"],
            empty=words("empty.members"),
        )
    frame = chosen_rows(page, page.read("programme_money", where={"confidence": page.evidence}))
    ui.table_card(
        page,
        "programme-list",
        frame[
            [
                "country",
                "programme",
                "run_by",
                "funding",
                "status",
                "budget_usd_m_at_rate",
                "budget_value",
                "budget_currency",
                "budget_stage",
                "counts_in_total",
                "announced",
                "ends",
                "goal",
                "confidence",
                "note",
                "source_ids",
            ]
        ],
        subtitle=words("card.programme-list.subtitle", **page.years),
        height=460,
    )


TABS = {"contest": contest, "points": points, "members": members, "support": support, "countries": countries}
