"""The briefing: a choice and a database in, one HTML file out that opens without a network and prints on A4.

It shows the cards of the pages. Every text passes through `escape`; the figures stand in it as JSON, drawn by the Plotly of the package,
which stands in the file once; a content security policy forbids everything else.
"""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

import pandas as pd
from plotly.io.json import to_json_plotly
from plotly.offline import get_plotlyjs

from atlas import cards, comparison, measures
from atlas.cards import Card, Reading
from atlas.figures.base import inked
from atlas.selection import EVIDENCE, Selection
from atlas.store import Database
from atlas.texts import Words

WIDTH_PX = 676  # A4 without its margins of 15 mm, at 96 pixels an inch, and a little less
FONT = (
    '"Source Sans 3", "Noto Sans", "Noto Sans KR", "Apple SD Gothic Neo", "Malgun Gothic", "Segoe UI", "Helvetica Neue", Arial, sans-serif'
)
STYLE = """
@page { size: A4; margin: 15mm; }
* { box-sizing: border-box; }
body { max-width: %(width)dpx; margin: 24px auto; padding: 0; color: #1C2026; background: #FFFFFF; font: 14px/1.45 %(font)s; }
h1 { font-size: 25px; line-height: 1.2; margin: 4px 0 10px; }
h2 { font-size: 16px; line-height: 1.25; margin: 0 0 2px; break-after: avoid; }
p { margin: 0 0 8px; }
.pale, footer { color: #5B626C; font-size: 12px; }
section { margin: 26px 0 0; }
.whole, figure, tr, li { break-inside: avoid; }
figure { margin: 0; }
.chart { width: %(width)dpx; }
table { border-collapse: collapse; width: 100%%; font-size: 11.5px; line-height: 1.3; font-variant-numeric: tabular-nums; }
thead { display: table-header-group; }
th, td { text-align: left; vertical-align: top; padding: 3px 8px 3px 0; border-bottom: 1px solid #D8DCE1; overflow-wrap: anywhere; }
thead th { border-bottom: 1.5px solid #1C2026; }
th[scope=row] { font-weight: 400; }
th.group { font-weight: 700; padding-top: 9px; }
tr.group { break-after: avoid; }
table.comparison { table-layout: fixed; }
.comparison th:first-child { width: 25%%; }
.comparison thead th:last-child { width: 17%%; }
ol, ul { margin: 6px 0; padding-left: 26px; }
.sources { font-size: 9.5px; line-height: 1.3; columns: 2; column-gap: 22px; }
.sources li { margin-bottom: 3px; overflow-wrap: anywhere; }
@media screen and (max-width: 720px) { body { padding: 0 12px; } section { overflow-x: auto; } }
@media print { body { margin: 0 auto; print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
""" % {"width": WIDTH_PX, "font": FONT}  # noqa: UP031
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:"
DRAW = """
document.querySelectorAll(".chart").forEach(function (place) {
  var figure = JSON.parse(document.getElementById(place.id + "-data").textContent);
  Plotly.newPlot(place, figure.data, figure.layout, {displayModeBar: false, responsive: false});
});
"""


def reading(database: Database, countries: Sequence[str], lang: str, evidence: Sequence[str] = EVIDENCE) -> Reading:
    """What a briefing on these countries is made from, without a page: the first of them is the one it is about."""
    return Reading(Selection(tuple(countries), tuple(evidence), "absolute", lang), Words(lang, database.texts), database)


def file_name(page: Reading) -> str:
    return f"sovereign-ai-atlas-{'-'.join(page.chosen.countries).lower()}-{page.chosen.lang}.html"


class _Sources:
    """The sources that a briefing rests on, numbered as they come."""

    def __init__(self):
        self.numbers: dict[str, int] = {}

    def add(self, frame: pd.DataFrame) -> str:
        """Takes in the sources of a frame; their numbers, neighbours as a range."""
        used = measures.merged(frame["source_ids"]) if len(frame) else []
        for source in used:
            self.numbers.setdefault(source, len(self.numbers) + 1)
        return _ranges(sorted(self.numbers[source] for source in used))


def _ranges(numbers: Sequence[int]) -> str:
    """1, 2, 3, 7 as `1–3, 7`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(low) if low == high else f"{low}–{high}" for low, high in runs)


def document(page: Reading) -> str:
    """The whole file."""
    words, codes = page.words, page.chosen.countries
    sources = _Sources()
    leverage = page.read("leverage", where={"segment_id": cards.SEGMENTS}, evidence=page.evidence)
    drawn = [
        cards.dependence_matrix(page),
        cards.leverage_matrix(page, "leverage", cards.SEGMENTS),
        cards.compute_by_state(page, "h100e", "compute-states"),
        cards.hbm_companies(page),
        *([cards.contest(page)] if _home_of_contest(page) in codes else []),
    ]
    title = cards.headline(page, leverage)
    parts = [
        _key_figures(page, leverage, sources),
        *(_figure(page, card, f"chart-{number}", sources) for number, card in enumerate(drawn, 1)),
        _comparison(page, sources),
        _events(page, sources),
        _method(page, drawn),
    ]
    parts.append(_source_list(page, sources))
    state = page.read("data_state").iloc[0]
    about = words(
        "brief.about",
        countries=words.listing(map(words.country, codes)),
        newest=state["newest_source"] if pd.notna(state["newest_source"]) else words("unknown"),
        version=page.version,
        evidence=words.listing(words(f"evidence.{kind}") for kind in page.evidence) or words("brief.none"),
    )
    return f"""<!DOCTYPE html>
<html lang="{page.chosen.lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(words("pair", name=words("app.name"), value=title))}</title>
<style>{STYLE}</style>
</head>
<body>
<header>
<p class="pale">{escape(words("app.name"))}</p>
<h1>{escape(title)}</h1>
<p class="pale">{escape(about)}</p>
</header>
<main>
{"".join(parts)}
</main>
<footer><p>{escape(words("brief.licence", version=page.version))}</p></footer>
<script>{get_plotlyjs()}</script>
<script>{DRAW}</script>
</body>
</html>
"""


def _home_of_contest(page: Reading) -> str:
    homes = page.read("programmes", columns="iso3", where={"programme_id": [cards.CONTEST]})["iso3"]
    return homes.iloc[0] if len(homes) else ""


def _section(title: str, subtitle: str, body: str, *, whole: bool = False, foot: str = "") -> str:
    """A titled part; one that is `whole` stays on one page of paper."""
    lead = f'<p class="pale">{escape(subtitle)}</p>' if subtitle else ""
    last = f'<p class="pale">{escape(foot)}</p>' if foot else ""
    return f"<section{' class=whole' if whole else ''}><h2>{escape(title)}</h2>{lead}{body}{last}</section>\n"


def _table(heads: Iterable[str], rows: Iterable[str], kind: str = "") -> str:
    cells = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    return f"<table{kind and f' class={kind}'}><thead><tr>{cells}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _row(head: str, cells: Iterable[str]) -> str:
    return f'<tr><th scope="row">{escape(head)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>'


def _key_figures(page: Reading, leverage: pd.DataFrame, sources: _Sources) -> str:
    words, codes = page.words, page.chosen.countries
    frame = cards.key_figures(page, leverage)
    used = [
        cards.chosen_rows(page, rows)
        for rows in (
            page.dependence[page.dependence["layer"] == "design"],
            leverage,
            page.read("compute_by_country", evidence=page.evidence),
            page.read("money_by_country", where={"funding": ["public"]}, evidence=page.evidence),
        )
    ]
    numbers = sources.add(pd.concat([rows[["source_ids"]] for rows in used]))
    body = _table(
        ["", *map(words.country, codes)], [_row(name, [figure.said(words) for figure in row]) for name, *row in frame.itertuples(name=None)]
    )
    return _section(words("brief.key_figures"), "", body, whole=True, foot=words("brief.sources_of", numbers=numbers))


def _figure(page: Reading, card: Card, place: str, sources: _Sources) -> str:
    """A card with its chart; where there is nothing to draw, the sentence that says so."""
    words = page.words
    title = card.title or words(f"card.{card.name}.title")
    subtitle = card.subtitle or words(f"card.{card.name}.subtitle")
    if card.frame.empty:
        return _section(title, subtitle, f"<p>{escape(card.empty or words('empty.card'))}</p>", whole=True)
    chart = card.draw(card.frame)
    figure = inked(chart.figure, "light")
    text = {"family": FONT, "size": 12} | figure["layout"]["font"]
    layout = figure["layout"] | {"width": WIDTH_PX, "autosize": False, "font": text, "paper_bgcolor": "#FFFFFF", "plot_bgcolor": "#FFFFFF"}
    # In a script element only `<` could end it; JSON may write it as an escape.
    data = to_json_plotly({"data": figure["data"], "layout": layout}).replace("<", "\\u003c")
    body = (
        f'<figure><div class="chart" id="{place}" role="img" aria-label="{escape(f"{title}. {chart.alt}")}" style="height: {layout["height"]}px"></div>'
        f'<script type="application/json" id="{place}-data">{data}</script></figure>'
    )
    return _section(title, subtitle, body, whole=True, foot=words("brief.sources_of", numbers=sources.add(card.frame)))


def _comparison(page: Reading, sources: _Sources) -> str:
    """Every indicator as on the page Compare; on paper the rank stands under the value."""
    words, codes = page.words, page.chosen.countries
    frame = comparison.compared(page)
    numbers = sources.add(cards.chosen_rows(page, frame))
    rows, group = [], None
    for row in comparison.indicators(page, frame):
        if row.group_id != group:
            group = row.group_id
            rows.append(f'<tr class="group"><th class="group" colspan="{len(codes) + 2}">{escape(words(f"group.{group}"))}</th></tr>')
        cells = [
            escape(row.value(words, code)) + (f'<br><span class="pale">{escape(rank)}</span>' if (rank := row.rank(words, code)) else "")
            for code in codes
        ]
        basis = "; ".join(dict.fromkeys(text for text in (row.said(words, "period"), row.said(words, "confidence")) if text))
        name = f'{escape(row.name)}<br><span class="pale">{escape(row.unit)}</span>'
        rows.append(
            f'<tr><th scope="row">{name}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}<td class="pale">{escape(basis)}</td></tr>'
        )
    body = (
        _table([words("column.indicator"), *map(words.country, codes), words("brief.basis")], rows, "comparison")
        if rows
        else f"<p>{escape(words('empty.card'))}</p>"
    )
    subtitle = words("brief.comparison", best=words("compare.best"), worst=words("compare.worst"))
    return _section(words("card.comparison.title"), subtitle, body, foot=words("brief.sources_of", numbers=numbers))


def _events(page: Reading, sources: _Sources) -> str:
    words, frame = page.words, cards.newest_events(page)
    if frame.empty:
        return _section(words("overview.events"), "", f"<p>{escape(words('empty.events'))}</p>", whole=True)
    numbers = sources.add(frame)
    rows = [_row(event.date, [words.country(event.iso3), event.title, event.publisher]) for event in frame.itertuples()]
    heads = [words(f"column.{name}") for name in ("date", "country", "title", "publisher")]
    return _section(words("overview.events"), "", _table(heads, rows), foot=words("brief.sources_of", numbers=numbers))


def _method(page: Reading, drawn: Iterable[Card]) -> str:
    words = page.words
    notes = [(card.title or words(f"card.{card.name}.title"), card.method or words(f"card.{card.name}.method")) for card in drawn]
    notes.append((words("card.comparison.title"), words("method.compare.text")))
    items = "".join(f"<li>{words('pair', name=f'<b>{escape(title)}</b>', value=escape(method))}</li>" for title, method in notes)
    return _section(words("brief.method"), "", f'<ul class="pale">{items}</ul>')


def _source_list(page: Reading, sources: _Sources) -> str:
    """Every source used, with its number, in that order."""
    words = page.words
    listed = page.read(
        "source_list", columns="source_id, publisher, title, published, url, licence, note", where={"source_id": list(sources.numbers)}
    )
    rows = listed.set_index("source_id").reindex(list(sources.numbers))
    items = "".join(
        f"<li>{escape(words('pair', name=row.publisher, value=row.title))}, {escape(row.published if isinstance(row.published, str) else words('brief.undated'))}. {escape(row.url)}</li>"
        for row in rows.itertuples()
    )
    return _section(
        words("brief.sources", n=words.number(len(rows))), " ".join(cards.caveats(words, listed)), f'<ol class="sources">{items}</ol>'
    )


def write(page: Reading, path: Path) -> None:
    path.write_text(document(page), encoding="utf-8")
