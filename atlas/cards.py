"""Cards: a choice and a database in, what a card says and draws out. No Streamlit: pages show the cards, the briefing prints them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import pandas as pd

from atlas import measures, names, store
from atlas.figures.base import NEUTRAL, Chart, colour
from atlas.figures.bracket import OUT, bracket
from atlas.figures.dots import dots
from atlas.figures.lines import lines
from atlas.figures.matrix import matrix
from atlas.figures.scatter import scatter
from atlas.selection import Selection
from atlas.texts import Words
from atlas.titles import in_language

T = TypeVar("T")
CONTEST = "kor-sovereign-fm"  # Korea's contest for national models: the programme that the Atlas starts from
# The links of the chain that a stop would be felt at first, from tools to memory: the rows of the Overview.
SEGMENTS = ("euv-lithography", "silicon-wafer", "photoresist", "ai-compute-sites", "foundry", "hbm", "dram", "nand")
STATES = ("operational", "under-construction", "planned")
MOST_COLUMNS = 9
SHOWN_EVENTS = 10
NONCOMMERCIAL = r"\bNC\b"  # in the name of a licence: CC BY-NC 4.0


@dataclass(frozen=True)
class Reading:
    """What a card is made from: the choice, the words, and a way to read. `read` filters by columns (`where`) and words (`text`), passes arguments to macros, and names things in the language of the words."""

    chosen: Selection
    words: Words
    database: store.Database

    def read(
        self, view: str, *, columns: str = "*", where: Mapping[str, Sequence[str]] | None = None, text: str = "", **arguments
    ) -> pd.DataFrame:
        arguments = {name: list(value) if isinstance(value, tuple) else value for name, value in arguments.items()}
        frame = self.database.read(view, columns=columns, where=where, text=text, **arguments)
        return names.written(in_language(self.words, frame), self.names)

    def kept(self, key: tuple, make: Callable[[], T]) -> T:
        """What is made once for a version of the data and a key, where the reading keeps what it made: shared, so it must not be changed."""
        return make()

    def once(self, name: str, make: Callable[[], T]) -> T:
        """The same for whatever depends on the choice of the reader and nothing else."""
        return self.kept((name, self.chosen.key), make)

    @property
    def names(self) -> dict[str, str]:
        """English name -> name in the reader's language, where it is another one; what is read has been written so."""
        return self.kept(("names", self.words.lang), lambda: names.of_language(self.database, self.words))

    @property
    def countries(self) -> list[str]:
        """The codes of all that a reader may choose: countries and unions, not the world."""
        rows = self.read("countries", columns="iso3, kind")
        return list(rows[rows["kind"] != "world"]["iso3"])

    @property
    def dependence(self) -> pd.DataFrame:
        """What every country needs from others, layer by layer, by the evidence chosen; see measures.dependence."""
        return self.kept(("dependence", self.evidence), lambda: measures.dependence(self.read("holdings", evidence=self.evidence)))

    @property
    def years(self) -> dict[str, str]:
        """The years that amounts per head, per GDP and in dollars refer to, for texts."""
        years = self.read("reference_years").iloc[0]
        return {name: str(int(year)) if pd.notna(year) else self.words("unknown") for name, year in years.items()}

    @property
    def version(self) -> str:
        return self.database.version

    @property
    def evidence(self) -> tuple[str, ...]:
        return self.chosen.evidence

    def scaled(self, measure: str) -> tuple[str, str]:
        """The column of a measure at the chosen scale, and its unit in words."""
        suffix = {"absolute": "", "per-capita": "_per_million", "per-gdp": "_per_gdp_bn"}[self.chosen.scale]
        return measure + suffix, self.words(f"unit.{measure}{suffix}")


@dataclass(frozen=True)
class Card:
    """One chart with all that belongs to it, not yet drawn; the fields are those of `ui.card`."""

    name: str
    frame: pd.DataFrame
    draw: Callable[[pd.DataFrame], Chart]
    title: str | None = None
    subtitle: str | None = None
    method: str | None = None
    empty: str | None = None
    columns: Sequence[str] | None = None
    basis: tuple = ()
    picks: str | None = None


def drawn_money(page: Reading) -> tuple[float, str]:
    """What budgets at the chosen scale are multiplied by to be shown in whole dollars, and their unit then: thousands of millions read badly in any language."""
    # Millions of dollars per million people are dollars per head.
    return 1 if page.chosen.scale == "per-capita" else 1e6, page.words(f"key.money.{page.chosen.scale}")


def country_names(page: Reading, codes: Iterable[str]) -> dict[str, str]:
    return {code: page.words.country(code) for code in codes}


def state_labels(page: Reading) -> dict[str, str]:
    return {state: page.words(f"status.{state}") for state in STATES}


def labels(page: Reading, key: str, codes: Iterable[str]) -> dict[str, str]:
    return {code: page.words.or_code(key, code) for code in codes}


def tones(codes: Iterable[str]) -> dict[str, str]:
    return {code: colour(code) for code in codes}


def chosen_rows(page: Reading, frame: pd.DataFrame, column: str = "iso3") -> pd.DataFrame:
    """The rows of the chosen countries, in the order of the choice."""
    place = {code: index for index, code in enumerate(page.chosen.countries)}
    return frame[frame[column].isin(place)].sort_values(column, key=lambda codes: codes.map(place), kind="stable")


def compute_by_state(page: Reading, measure: str, card: str) -> Card:
    """Computing power or electric power of the chosen countries: running, being built and planned, each by itself."""
    words, codes = page.words, page.chosen.countries
    column, unit = page.scaled(measure)
    known = {"h100e": "sites_with_h100e", "power_mw": "sites_with_power"}[measure]
    frame = chosen_rows(page, page.read("compute_by_country", evidence=page.evidence))
    frame = frame.assign(
        row=frame["iso3"],
        state=frame["status"],
        value=frame[column],
        hover=[words("compute.sites_known", known=some, sites=sites) for some, sites in zip(frame[known], frame["sites"], strict=True)],
    )
    return Card(
        card,
        frame if frame["value"].notna().any() else frame.head(0),
        lambda rows: dots(
            rows, words, unit=unit, rows=codes, row_labels=country_names(page, codes), states=STATES, state_labels=state_labels(page)
        ),
        subtitle=words(f"card.{card}.subtitle", unit=unit),
        empty=words(
            f"empty.{measure}", countries=words.listing(map(words.country, codes)), sites=frame["sites"].sum() if len(frame) else 0
        ),
        columns=["country", "status", column, *(["h100e_stated"] if column == "h100e" else []), "sites", known, "source_ids"],
    )


def leverage_cells(page: Reading, segments: Iterable[str] | None) -> tuple[list[str], list[str], dict[str, str], pd.DataFrame]:
    """Segments, countries, the newest period of each segment, and the cells: the chosen countries, then those that hold most of any segment."""
    words = page.words
    leverage = page.read("leverage", evidence=page.evidence)
    rows = list(segments or dict.fromkeys(leverage.sort_values("position")["segment_id"]))
    leverage = leverage[leverage["segment_id"].isin(rows)]
    leaders = measures.strongest_segment(leverage)["iso3"]
    codes = list(dict.fromkeys([*page.chosen.countries, *leaders]))[:MOST_COLUMNS]
    newest = dict(leverage[["segment_id", "period"]].drop_duplicates("segment_id").to_numpy())
    frame = measures.with_zeros(leverage, codes)
    frame = frame[frame["iso3"].isin(codes)]
    frame = frame.assign(
        country=frame["iso3"].map(words.country),
        row=frame["segment_id"],
        column=frame["iso3"],
        value=frame["share_pct"].clip(upper=100),
        hover=[
            f"{row.period}, {words.or_code('metric', row.metric)}, {row.tracker}\n{row.companies}".strip() for row in frame.itertuples()
        ],
    )
    return rows, codes, newest, frame


def leverage_matrix(page: Reading, card: str, segments: Iterable[str] | None = None, picks: str | None = None) -> Card:
    """Shares of the world's supply, segments by country: the chosen countries, then those that hold most of any segment."""
    words = page.words
    rows, codes, newest, frame = page.once(f"cells of {card}", lambda: leverage_cells(page, segments))
    return Card(
        card,
        frame,
        lambda data: matrix(
            data,
            words,
            rows=rows,
            columns=codes,
            row_labels={segment: f"{words.or_code('segment', segment)} {newest.get(segment, '')}".strip() for segment in rows},
            column_labels=country_names(page, codes),
            ramp="hold",
            emphasis=page.chosen.countries[:1],
        ),
        method=words(
            f"card.{card}.method", nearly_all=words.percent(measures.NEARLY_ALL_PCT, 1), least=words.percent(measures.LEAST_KNOWN_PCT)
        ),
        columns=["segment_id", "stage", "country", "period", "share_pct", "companies", "known_pct", "metric", "tracker", "source_ids"],
        picks=picks,
    )


def contest(page: Reading) -> Card:
    """Korea's contest: every team through the rounds."""
    words = page.words
    frame = page.read("contest", where={"programme_id": [CONTEST], "confidence": page.evidence})
    now = frame.sort_values("status_day").drop_duplicates("consortium_id", keep="last")
    bids, left = frame.loc[frame["round"] == "bids", "consortium_id"].nunique(), (~now["status"].isin(OUT)).sum()
    return Card(
        "contest",
        frame,
        lambda rows: bracket(rows, words),
        title=words("card.contest.title", bids=bids, left=left),
        columns=["lead", "lead_local_name", "status", "status_date", "round", "rank", "focus", "note", "source_ids"],
    )


def headline(page: Reading, leverage: pd.DataFrame) -> str:
    """What the data says of the country chosen first: its strongest hold on others, and whose chips it computes on."""
    words, code = page.words, page.chosen.countries[0]
    hold = measures.strongest_segment(leverage[leverage["iso3"] == code])
    shares = page.dependence
    need = shares[(shares["iso3"] == code) & (shares["layer"] == "design") & shares["share_pct"].notna()]
    values = {"country": words.country(code)}
    if len(hold):
        values |= {
            "share": words.percent(hold["share_pct"].iloc[0]),
            "segment": words.or_code("segment.in_text", hold["segment_id"].iloc[0]),
        }
    if len(need):
        values |= {"need": words.percent(need["share_pct"].iloc[0])}
    basis = f".{need['basis'].iloc[0]}" if len(need) else ""
    key = "overview.headline." + ("both" if len(hold) and len(need) else "hold" if len(hold) else "need" if len(need) else "none") + basis
    return words(key, **values)


class KeyFigure(NamedTuple):
    """A figure in words, and what it counts or leaves out."""

    value: str
    detail: str = ""

    def said(self, words: Words) -> str:
        return words("key.with_detail", value=self.value, detail=self.detail) if self.detail else self.value


def key_figures(page: Reading, leverage: pd.DataFrame) -> pd.DataFrame:
    """A few figures per chosen country, side by side: a row per figure, its words in the index, a country in each column."""
    words = page.words
    measure, unit = page.scaled("h100e")
    shares, compute = page.dependence, page.read("compute_by_country", evidence=page.evidence)
    budget, (factor, dollars) = page.scaled("budget_usd_m")[0], drawn_money(page)
    money = page.read("money_by_country", evidence=page.evidence)
    unknown = KeyFigure(words("unknown"))

    def row_of(frame: pd.DataFrame, code: str, **wanted):
        rows = frame[(frame["iso3"] == code) & (frame[list(wanted)] == pd.Series(wanted)).all(axis=1)]
        return rows.iloc[0] if len(rows) else None

    def compute_of(code, state):
        row = row_of(compute, code, status=state)
        if row is None:
            return unknown
        return KeyFigure(words.short(row[measure]), words("key.of_sites", known=row["sites_with_h100e"], sites=row["sites"]))

    def hold_of(code):
        row = row_of(measures.strongest_segment(leverage), code)
        if row is None:
            return unknown
        segment = words.or_code("segment.in_text", row["segment_id"])
        return KeyFigure(words.percent(row["share_pct"]), words("key.hold_of", segment=segment, period=words.date(row["period"])))

    def need_of(code):
        row = row_of(shares, code, layer="design")
        if row is None or pd.isna(row["share_pct"]):
            return unknown
        return KeyFigure(words.percent(row["share_pct"]), words(f"key.need_of.{row['basis']}"))

    def money_of(code):
        row = row_of(money, code, funding="public", is_announced_only=False)
        if row is None:
            return unknown
        return KeyFigure(
            words.short(factor * row[budget]),
            words("key.of_programmes", known=row["programmes_with_budget"], programmes=row["programmes"]),
        )

    rows = {
        words("key.hold"): hold_of,
        words("key.design"): need_of,
        **{words(f"key.{state}", unit=unit): lambda code, state=state: compute_of(code, state) for state in STATES},
        words("key.money", unit=dollars): money_of,
    }
    # An object column: pandas would take the pairs apart.
    return pd.DataFrame(
        {words.country(code): pd.Series([figure(code) for figure in rows.values()], dtype=object) for code in page.chosen.countries}
    ).set_axis(list(rows))


def dependence_cells(page: Reading) -> pd.DataFrame:
    """What the chosen countries need from others, as the cells of a matrix."""
    words = page.words
    frame = chosen_rows(page, page.dependence).assign(country=lambda rows: rows["iso3"].map(words.country))
    return frame.assign(
        row=frame["layer"],
        column=frame["iso3"],
        value=frame["share_pct"],
        text=[
            words("matrix.sales", share=words.number(share, 0)) if basis == "sales" and pd.notna(share) else None
            for basis, share in zip(frame["basis"], frame["share_pct"], strict=True)
        ],
        hover=[
            words("matrix.need_basis", items=items, basis=words(f"basis.{basis}"), known=words.percent(known))
            for items, basis, known in zip(frame["items"], frame["basis"], frame["known_pct"], strict=True)
        ],
    )


def dependence_matrix(page: Reading, card: str = "dependence", picks: str | None = None) -> Card:
    """What the chosen countries need from others, layer by layer."""
    words, codes = page.words, page.chosen.countries
    frame = page.once("cells of dependence", lambda: dependence_cells(page))
    return Card(
        card,
        frame,
        lambda rows: matrix(
            rows,
            words,
            rows=measures.LAYERS,
            columns=codes,
            row_labels=labels(page, "layer", measures.LAYERS),
            column_labels=country_names(page, codes),
            ramp="need",
            emphasis=codes[:1],
        ),
        columns=["country", "layer", "share_pct", "known_pct", "items", "basis", "source_ids"],
        picks=picks,
    )


def need_hold(page: Reading) -> Card:
    """What each country needs against the segment of which it holds most."""
    words = page.words
    mean = measures.mean_dependence(page.dependence)
    hold = measures.strongest_segment(page.read("leverage", where={"segment_id": SEGMENTS}, evidence=page.evidence))
    frame = mean.merge(
        hold[["iso3", "segment_id", "share_pct", "period", "source_ids"]], on="iso3", how="inner", suffixes=("_need", "_hold")
    )
    frame = frame.assign(
        source_ids=[measures.merged(pd.Series([need, held])) for need, held in zip(frame["source_ids_need"], frame["source_ids_hold"], strict=True)], country=frame["iso3"].map(words.country), x=frame["share_pct_need"], y=frame["share_pct_hold"].clip(upper=100),
        label=[words("pair", name=words.country(code), value=words.or_code("segment", segment)) for code, segment in zip(frame["iso3"], frame["segment_id"], strict=True)], strong=True, hollow=False, tone=[colour(code) if code in page.chosen.countries else NEUTRAL for code in frame["iso3"]],
    )  # fmt: skip
    frame = frame.assign(
        hover=[
            words(
                "scatter.need_hold",
                need=words.percent(need),
                hold=words.percent(held),
                segment=words.or_code("segment", segment),
                period=period,
            )
            for need, held, segment, period in zip(frame["x"], frame["y"], frame["segment_id"], frame["period"], strict=True)
        ]
    )
    return Card(
        "need-hold",
        frame,
        lambda rows: scatter(
            rows, words, x_title=words("axis.need"), y_title=words("axis.hold", segments=len(SEGMENTS)), x_range=(0, 105), y_range=(0, 112)
        ),
        subtitle=words("card.need-hold.subtitle", segments=len(SEGMENTS)),
        method=words("card.need-hold.method", segments=len(SEGMENTS), layers=measures.LEAST_LAYERS, all_layers=len(measures.LAYERS)),
        columns=["country", "share_pct_need", "layers_known", "segment_id", "period", "share_pct_hold", "source_ids"],
    )


def counted_by(words: Words, shares: pd.DataFrame) -> str:
    """What some market shares are shares of, and who counted them."""
    if shares.empty:
        return words("empty.card")
    metrics = words.listing(words.or_code("metric", metric) for metric in sorted(set(shares["metric"])))
    return words("card.companies.subtitle", metric=metrics, tracker=words.listing(sorted(set(shares["tracker"]))))


def hbm_companies(page: Reading) -> Card:
    words = page.words
    frame = page.read("company_shares", where={"segment_id": ["hbm"]}, evidence=page.evidence)
    frame = frame[frame["period"].str.contains("Q")].assign(
        series=lambda rows: rows["org_id"],
        x=lambda rows: rows["period_end"],
        y=lambda rows: rows["share_pct"],
        counted=lambda rows: rows["tracker"] + rows["metric"],
    )
    names = dict(frame.sort_values("share_pct", ascending=False)[["org_id", "company"]].drop_duplicates("org_id").to_numpy())
    return Card(
        "hbm-companies",
        frame,
        lambda rows: lines(
            rows, words, unit=words("unit.share"), names=names, homes=dict(frame[["org_id", "iso3"]].to_numpy()), top=100, digits=0
        ),
        subtitle=counted_by(words, frame),
        columns=["company", "country", "period", "share_pct", "metric", "tracker", "source_ids"],
    )


def newest_events(page: Reading) -> pd.DataFrame:
    """The newest events of the chosen countries, newest first, with publisher and address of the source."""
    today = page.read("data_date")["data_date"].iloc[0]
    frame = page.read("event_list", where={"iso3": page.chosen.countries, "confidence": page.evidence})
    frame = frame[frame["day"] <= today].sort_values("day", ascending=False)
    frame = frame.groupby("iso3").head(max(2, SHOWN_EVENTS // len(page.chosen.countries))).head(SHOWN_EVENTS)
    ids = [sources[0] for sources in frame["source_ids"]]
    links = page.read("sources", columns="source_id, publisher, url", where={"source_id": sorted(ids)}).set_index("source_id")
    return frame.assign(publisher=list(links.loc[ids, "publisher"]), url=list(links.loc[ids, "url"]))


def caveats(words: Words, sources: pd.DataFrame) -> list[str]:
    """What a reader must know of the sources (rows of source_list) that something rests on: whose licence forbids commercial use, and what an upstream layer covers."""
    forbidding = sources[sources["licence"].astype("string").str.contains(NONCOMMERCIAL, na=False)]
    layers = sources[sources["source_id"].str.startswith(store.layer_source("")) & sources["note"].notna()].sort_values("source_id")
    said = [words("card.noncommercial", publishers=words.listing(sorted(set(forbidding["publisher"]))))] if len(forbidding) else []
    return said + [words("card.layer", title=row.title, publisher=row.publisher, note=row.note) for row in layers.itertuples()]
