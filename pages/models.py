"""Models: how large, how open, from scratch or on whose base, trained on which chips, and how they score beside the frontier."""

import pandas as pd
import streamlit as st

from atlas import ui
from atlas.figures.bars import bars
from atlas.figures.base import NEUTRAL, colour, dashes
from atlas.figures.dots import dots
from atlas.figures.lines import lines
from atlas.figures.scatter import scatter
from atlas.selection import Parameter
from pages.common import CONTEST, RELATION_TONES, chosen_rows, country_names, labels, need_countries, show_tabs

NAME, PATH, ICON = "models", "models", ":material/neurology:"
MEASURES = ("parameters_b", "active_parameters_b", "training_tokens_t", "training_compute_flop")
MEASURED = {"self-reported": "circle", "independent": "diamond", "government": "square"}
TEST = (
    "artificial-analysis-intelligence-index-v4-1-1"  # independent, and the one in which the teams of the contest stand beside the frontier
)
LEAST_MODELS = 3  # a test with fewer compares nothing
SIZE_IN_NAME = r" [0-9.]+B(-A[0-9.]+B)?\b.*$"  # the chart shows the size
LABELLED = 3  # of each chosen country


def parameters(page: ui.Page) -> tuple[Parameter, ...]:
    cards = ("sizes", "origins", "scores", "releases", "model-list")
    return (
        Parameter("tab", (next(iter(TABS)),), TABS),
        Parameter("measure", (MEASURES[0],), MEASURES),
        Parameter("test", (TEST,), page.kept(("tests",), lambda: tests(page))),
        Parameter("card", (), cards),
    )


def tests(page: ui.Page) -> dict[str, str]:
    """Benchmarks in one setting with enough models to compare, those with most models first."""
    scores = page.read("score_list", columns="test, benchmark, setting, model_id")
    counts = scores.groupby(["test", "benchmark", "setting"])["model_id"].nunique().sort_values(ascending=False, kind="stable")
    return {test: f"{benchmark}, {setting} ({models})" for (test, benchmark, setting), models in counts.items() if models >= LEAST_MODELS}


def show(page: ui.Page) -> None:
    if need_countries(page):
        return
    if not page.chosen.one("card"):
        st.title(ui.escape(page.once("models headline", lambda: headline(page))), anchor=False)
        st.caption(page.words("models.lead"))
    show_tabs(page, TABS)


def national(page: ui.Page) -> pd.DataFrame:
    return page.read("model_list", where={"role": ["national"], "confidence": page.evidence})


def headline(page: ui.Page) -> str:
    """How many families of the country chosen first are trained from scratch, and its largest model."""
    words, code = page.words, page.chosen.countries[0]
    origins = page.read("model_origins", where={"iso3": [code]}, evidence=page.evidence)
    known = origins[origins["origin"].notna()]
    models = national(page)
    models = models[(models["iso3"] == code) & models["parameters_b"].notna()]
    if known.empty or models.empty:
        return words("models.headline.none", country=words.country(code))
    largest = models.loc[models["parameters_b"].idxmax()]
    return words(
        "models.headline",
        country=words.country(code),
        share=words.percent(100 * known.loc[known["origin"] == "own", "families"].sum() / known["families"].sum()),
        model=largest["model"],
        size=words.number(largest["parameters_b"], 0),
    )


def sizes(page: ui.Page) -> None:
    words, codes = page.words, page.chosen.countries
    if not page.chosen.one("card"):
        ui.choice(page, "measure", MEASURES, lambda code: words(f"column.{code}"))
    measure = page.chosen.one("measure")
    ui.card(
        page,
        "sizes",
        page.once("sizes", lambda: sized(page, measure)),
        lambda rows: scatter(rows, words, x_title=words("axis.released"), y_title=words(f"column.{measure}"), log_y=True, dates=True, height=560),
        title=words("card.sizes.title", measure=words(f"column.{measure}")),
        columns=["model", "maker", "country", "consortium", "released", *MEASURES, "chip", "training_chip_count", "has_open_weights", "from_scratch", "base_model", "source_ids"],
        empty=words("empty.sizes", countries=words.listing(map(words.country, codes))),
    )  # fmt: skip


def sized(page: ui.Page, measure: str) -> pd.DataFrame:
    """National models of which the measure and the date are known; those of the contest and the largest of each chosen country are labelled first."""
    words, codes = page.words, page.chosen.countries
    frame = national(page)
    frame = frame[frame[measure].notna() & frame["released_day"].notna()]
    place = {code: index for index, code in enumerate(codes)}
    frame = frame.assign(
        x=frame["released_day"],
        y=frame[measure],
        label=frame["model"].str.replace(SIZE_IN_NAME, "", regex=True),
        strong=frame["iso3"].isin(codes),
        hollow=~frame["has_open_weights"].fillna(False).astype(bool),
        group=[words.country(code) if code in codes else "" for code in frame["iso3"]],
        tone=[colour(code) if code in codes else NEUTRAL for code in frame["iso3"]],
        turn=frame["iso3"].map(lambda code: place.get(code, len(place))),
        contest=frame["programme_id"] != CONTEST,
        rank=frame.groupby("iso3")[measure].rank(ascending=False, method="first"),
        hover=[
            "\n".join(
                part
                for part in (
                    f"{row.maker}, {words.country(row.iso3)}",
                    words("pair", name=words(f"column.{measure}"), value=words.short(getattr(row, measure))),
                    words(f"weights.{weights_state(row.has_open_weights)}"),
                    words("models.base", base=row.base_model) if isinstance(row.base_model, str) else "",
                    words("models.chips", chip=row.chip) if isinstance(row.chip, str) else "",
                )
                if part
            )
            for row in frame.itertuples()
        ],
    )
    largest = frame.groupby("consortium_id")[measure].rank(ascending=False, method="first") == 1
    frame = frame.assign(labelled=(frame["turn"] < len(place)) & (~frame["contest"] & largest | (frame["rank"] <= LABELLED)))
    return frame.sort_values(["labelled", "contest", "rank", "turn"], ascending=[False, True, True, True], kind="stable")


def weights_state(has_open_weights) -> str:
    return "unknown" if pd.isna(has_open_weights) else "open" if has_open_weights else "closed"


def origins(page: ui.Page) -> None:
    """Families of national models: from scratch, on whose base, disputed, not known."""
    words, codes = page.words, page.chosen.countries
    frame = chosen_rows(page, page.read("model_origins", evidence=page.evidence))
    frame = frame.assign(origin=frame["origin"].fillna("unknown"))
    bases = [code for code in dict.fromkeys(frame.sort_values("families", ascending=False)["origin"]) if code.isupper()]
    parts = ["own", *bases, *(part for part in ("abroad", "disputed", "unknown") if part in set(frame["origin"]))]
    tones = {"own": NEUTRAL} | {code: colour(code) for code in bases}
    ui.card(
        page,
        "origins",
        frame.assign(row=frame["iso3"], part=frame["origin"], value=frame["families"], hover=frame["models"].map(shortened)),
        lambda rows: bars(
            rows,
            words,
            unit=words("basis.models"),
            rows=codes,
            row_labels=country_names(page, codes),
            parts=parts,
            part_labels={part: words("origin.base", country=words.country(part)) if part.isupper() else words(f"origin.{part}") for part in parts},
            tones=tones | {"own": RELATION_TONES["own"], "disputed": RELATION_TONES["abroad"], "abroad": NEUTRAL},
            hatched=("unknown", "disputed"),
            digits=1,
            label_from=1,
        ),
        columns=["country", "origin", "families", "models", "source_ids"],
        empty=words("empty.models"),
    )  # fmt: skip


def shortened(models: str, most: int = 8) -> str:
    names = models.split(", ")
    return "\n".join(names[:most]) + ("\n…" if len(names) > most else "")


def scores(page: ui.Page) -> None:
    """One benchmark in one setting: every model that has a score, best first, and who measured it."""
    words, codes = page.words, page.chosen.countries
    options = page.kept(("tests",), lambda: tests(page))
    if not page.chosen.one("card"):
        ui.choice(page, "test", list(options), options.get)
    test = page.chosen.one("test")
    frame = page.read("score_list", where={"test": [test], "confidence": page.evidence}).sort_values("score", ascending=False)
    unit = frame["unit"].iloc[0] if len(frame) else ""
    if unit == "rank":
        frame = frame.iloc[::-1]
    rows = list(dict.fromkeys(frame["model_id"]))
    homes, teams = dict(frame[["model_id", "iso3"]].to_numpy()), set(frame[frame["programme_id"] == CONTEST]["model_id"])
    ui.card(
        page,
        "scores",
        frame.assign(
            row=frame["model_id"],
            state=frame["measured_by"],
            value=frame["score"],
            hover=[
                "\n".join([words("models.score", setting=row.setting, date=words.date(row.as_of), country=words.country(row.iso3)), *([words("models.rival")] if row.is_rival_figure else [])])
                for row in frame.itertuples()
            ],
        ),
        lambda data: dots(
            data,
            words,
            unit=words.or_code("unit", unit),
            rows=rows,
            row_labels=dict(frame[["model_id", "model"]].to_numpy()),
            states=tuple(MEASURED),
            state_labels=labels(page, "measured", MEASURED),
            symbols=MEASURED,
            tones={model: colour(home) if home in codes else NEUTRAL for model, home in homes.items()},
            emphasis=[model for model in rows if model in teams],
            log=False,
        ),
        title=options.get(test, "").rsplit(" (", 1)[0],
        columns=["model", "maker", "country", "benchmark", "setting", "score", "unit", "as_of", "measured_by", "is_rival_figure", "note", "source_ids"],
        empty=words("empty.scores"),
    )  # fmt: skip


def releases(page: ui.Page) -> None:
    """How many national models each chosen country has released so far."""
    words, codes = page.words, page.chosen.countries
    frame = chosen_rows(page, national(page))
    frame = frame[frame["released_day"].notna()].sort_values(["iso3", "released_day"])
    frame = frame.assign(
        models=frame.groupby("iso3").cumcount() + 1, series=frame["iso3"], x=frame["released_day"], period=frame["released"]
    )
    frame = frame.assign(y=frame["models"]).drop_duplicates(["iso3", "released_day"], keep="last")
    ui.card(
        page,
        "releases",
        frame,
        lambda rows: lines(rows, words, unit=words("unit.models"), names=country_names(page, codes), homes={code: code for code in codes}, dash=dashes(codes), step=True, digits=0),
        columns=["country", "released", "model", "models", "source_ids"],
        empty=words("empty.models"),
    )  # fmt: skip


def listed(page: ui.Page) -> None:
    """Every national model of the chosen countries, teams of the contest first, newest first."""
    frame = chosen_rows(page, national(page))
    place = {code: index for index, code in enumerate(page.chosen.countries)}
    frame = frame.assign(turn=frame["iso3"].map(place), contest=frame["programme_id"] != CONTEST)
    frame = frame.sort_values(["turn", "contest", "released_day"], ascending=[True, True, False])
    ui.table_card(
        page,
        "model-list",
        frame[["model", "maker", "country", "consortium", "released", *MEASURES, "chip", "training_chip_count", "has_open_weights", "licence", "from_scratch", "base_model", "base_country", "confidence", "note", "source_ids"]],
        empty=page.words("empty.models"),
        height=560,
    )  # fmt: skip


TABS = {"sizes": sizes, "origins": origins, "scores": scores, "releases": releases, "list": listed}
