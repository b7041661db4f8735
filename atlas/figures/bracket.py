"""The rounds of a contest: one frame of status changes in, one bracket out: a line per team, filled while it is in, hollow where it drops out."""

import pandas as pd

from atlas.figures.base import ACCENT, NEUTRAL, Chart, axis, layout, note, plain
from atlas.texts import Words

OUT = ("not-selected", "eliminated")


def bracket(frame: pd.DataFrame, words: Words) -> Chart:
    """`frame`: lead, status, status_date, round; one row per team and change. Teams still in come first, then by how far they came."""
    rounds = frame.sort_values("status_date").drop_duplicates("status_date")[["status_date", "round"]].reset_index(drop=True)
    position = {date: place for place, date in enumerate(rounds["status_date"])}
    last = len(rounds) - 1
    teams = []
    for lead, rows in frame.sort_values("status_date").groupby("lead"):
        steps = [(position[row.status_date], row.status, row.rank) for row in rows.itertuples()]
        teams.append((lead, steps, steps[-1][1] not in OUT))
    teams.sort(
        key=lambda team: (team[2], team[1][-1][0], sum(step[1] not in OUT for step in team[1]), [-ord(c) for c in team[0][:3].lower()]),
        reverse=True,
    )
    data, labels, sentences = [], [], []
    for row, (lead, steps, is_in) in enumerate(teams):
        tone = ACCENT if is_in else NEUTRAL
        # A team that is out and comes back has two lines with a gap between them.
        start = 0
        for k, (_, status, _) in enumerate(steps):
            if status in OUT or k == len(steps) - 1:
                part = steps[start : k + 1]
                end = last if is_in and k == len(steps) - 1 else part[-1][0]
                data.append(
                    {
                        "type": "scatter",
                        "mode": "lines",
                        "x": [part[0][0], end],
                        "y": [row, row],
                        "line": {"color": tone, "width": 3 if is_in else 2},
                        "hoverinfo": "skip",
                    }
                )
                start = k + 1
        words_of = [words.or_code("status", status) for _, status, _ in steps]
        data.append(
            {
                "type": "scatter", "mode": "markers", "x": [x for x, _, _ in steps], "y": [row] * len(steps), "name": plain(lead),
                "marker": {"size": 11, "symbol": ["circle-open" if status in OUT else "circle" for _, status, _ in steps], "color": tone, "line": {"width": 2, "color": tone}},
                "text": [word + (f", {words('contest.rank', rank=int(rank))}" if pd.notna(rank) else "") for word, (_, _, rank) in zip(words_of, steps, strict=True)],
                "customdata": [words.date(rounds["status_date"][x]) for x, _, _ in steps],
                "hovertemplate": "<b>" + plain(lead) + "</b><br>" + words("pair", name="%{customdata}", value="%{text}") + "<extra></extra>",
            }
        )  # fmt: skip
        x = last if is_in else steps[-1][0]
        labels.append(
            note(
                words("contest.in") if is_in else words_of[-1],
                x=x,
                y=row,
                xanchor="left",
                xshift=10,
                strong=is_in,
                muted=not is_in,
                font={"size": 11, "color": tone if is_in else None},
            )
        )
        sentences.append(
            words(
                "pair",
                name=lead,
                value=", ".join(f"{word} {words.date(rounds.status_date[step[0]])}" for word, step in zip(words_of, steps, strict=True)),
            )
        )
    figure = {
        "data": data,
        "layout": layout(
            70 + 23 * len(teams), separators=words.separators, top=50, right=60,
            xaxis=axis(side="top", tickvals=list(range(len(rounds))), ticktext=[f"{words.or_code('round', str(row.round))}<br>{row.status_date[:7]}" for row in rounds.itertuples()], showgrid=True, range=[-0.25, last + 0.25], autotickangles=[0, -90], tickfont={"size": 10}),
            yaxis=axis(tickvals=list(range(len(teams))), ticktext=[f"<b>{plain(lead)}</b>" if is_in else plain(lead) for lead, _, is_in in teams], showgrid=False, range=[len(teams) - 0.5, -0.7]),
            annotations=labels,
        ),
    }  # fmt: skip
    whole = (
        words(
            "alt.contest",
            teams=len(teams),
            left=sum(is_in for *_, is_in in teams),
            first=words.date(rounds["status_date"].iloc[0]),
            last=words.date(rounds["status_date"].iloc[-1]),
        )
        if teams
        else ""
    )
    return Chart(figure, f"{whole} {'. '.join(sentences)}.")
