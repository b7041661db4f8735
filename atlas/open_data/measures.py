"""Measures as rows: dependence, leverage, hhi, index and exposure, with the same definitions as the pages. An address in, a frame out.

Every measure takes `evidence` (kinds, all where not given) and `countries` (codes, all where not given).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from atlas import exposure, formats, measures
from atlas.exposure import ANY_STAGE, INPUTS, STAGES
from atlas.filters import QueryError
from atlas.open_data.answer import Refusal, base_of
from atlas.open_data.tables import about
from atlas.selection import EVIDENCE, Parameter, Weights
from atlas.store import Database

ENDINGS = ("csv", "json")


@dataclass(frozen=True)
class Measure:
    """A measure: what it says, its columns with their meaning, the parameters beyond evidence and countries, and how it is made."""

    meaning: str
    columns: Mapping[str, str]
    make: Callable[[Database, Mapping[str, tuple[str, ...]]], pd.DataFrame]
    parameters: Callable[[Database], tuple[Parameter, ...]] = lambda database: ()


def _dependence(database: Database, chosen: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    return measures.dependence(database.read("holdings", evidence=list(chosen["evidence"])))


def _leverage(database: Database, chosen: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    return database.read("leverage", evidence=list(chosen["evidence"])).sort_values(["position", "share_pct"], ascending=[True, False])


def _hhi(database: Database, chosen: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    evidence = list(chosen["evidence"])
    gaps = database.read("missing_companies", evidence=evidence)
    known = database.read("company_shares", evidence=evidence).merge(
        gaps[["segment_id", "period"]].drop_duplicates(), how="left", indicator=True
    )
    return measures.hhi(known[known["_merge"] == "left_only"])


def _index(database: Database, chosen: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    weights = dict(zip(measures.LAYERS, map(float, chosen["weights"]), strict=True))
    shares = _dependence(database, chosen)
    rests_on = shares.groupby("iso3")["source_ids"].agg(measures.merged)
    return measures.ranked(shares, weights).assign(source_ids=lambda rows: rows["iso3"].map(rests_on))


def _exposure(database: Database, chosen: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    suppliers, inputs = database.read("chip_suppliers"), database.read("chipmaker_inputs")
    sites = database.read("site_chip_compute", where={"confidence": chosen["evidence"]})
    stop = exposure.stopped(suppliers, inputs, chosen["stop"], chosen["stage"][0])
    return exposure.countries(sites, exposure.chips(suppliers, inputs, stop))


def _stoppable(database: Database) -> tuple[Parameter, ...]:
    names = pd.concat([database.read(view, columns="org_id, iso3") for view in ("chip_suppliers", "chipmaker_inputs")])
    codes = sorted({*names["org_id"], *names["iso3"].dropna()})
    return Parameter("stop", ("tsmc",), codes, len(codes)), Parameter("stage", ("foundry",), (*STAGES, *INPUTS, ANY_STAGE))


_PLACE = {"iso3": "country, ISO 3166-1 alpha-3", "country": "its short English name"}
_SOURCES = {"source_ids": "ids of the sources that the row rests on; with a semicolon between them in CSV"}
MEASURES = {
    "dependence": Measure(
        "Share of what a country uses at a layer that parties abroad supply or control",
        {
            **_PLACE,
            "layer": "layer of the stack",
            "share_pct": "share from abroad [%]; empty where too little is known",
            "known_pct": "part of the layer whose party is known [%]",
            "items": "how many sites, models or members it is counted over",
            "basis": "what it is weighed by",
            **_SOURCES,
        },
        _dependence,
    ),
    "leverage": Measure(
        "Share of the world's supply of a segment that a country's companies hold, in the newest period known",
        {
            "segment_id": "market segment",
            "stage": "stage of the supply chain",
            "period": "year or quarter",
            **_PLACE,
            "share_pct": "share by head office [%]",
            "known_pct": "part of the segment whose companies are known [%]",
            "companies": "companies, largest first",
            "metric": "what the share is of",
            "tracker": "who counted",
            **_SOURCES,
        },
        _leverage,
    ),
    "hhi": Measure(
        "Concentration of a segment: Herfindahl-Hirschman index from 0 to 10,000, with bounds for what no named company holds",
        {
            "segment_id": "market segment",
            "period": "year or quarter",
            "low": "the rest held by many tiny firms",
            "high": "the rest held by firms as large as the smallest named one",
            "companies": "named companies",
            "rest_pct": "what no named company holds [%]",
            **_SOURCES,
        },
        _hhi,
    ),
    "index": Measure(
        "Self-reliance index: 100 minus the weighted mean of the dependence over the known layers; rank and its interval over random weights",
        {
            **_PLACE,
            "index": "0 to 100; empty below the least coverage",
            "coverage_pct": "part of the weights whose layer is known [%]",
            "missing": "layers not known",
            "rank": "1 is the most self-reliant",
            "rank_low": "5th percentile of the rank",
            "rank_high": "95th percentile of the rank",
            **_SOURCES,
        },
        _index,
        lambda database: (Weights("weights", ("1",) * len(measures.LAYERS), None, len(measures.LAYERS)),),
    ),
    "exposure": Measure(
        "Share of a country's computing power on chips that pass through suppliers that stop: at least, and at most",
        {
            **_PLACE,
            "status": "state of the sites",
            "h100e": "computing power [H100 equivalents]",
            "low_pct": "hit at least [%]",
            "high_pct": "hit at most [%]",
            "known_pct": "part whose suppliers are known [%]",
            "sites": "sites",
            "sites_hit": "sites that are hit",
            **_SOURCES,
        },
        _exposure,
        _stoppable,
    ),
}


def parameters_of(database: Database, measure: Measure) -> tuple[Parameter, ...]:
    countries = database.read("countries", columns="iso3")["iso3"].tolist()
    return (
        Parameter("evidence", EVIDENCE, EVIDENCE, len(EVIDENCE)),
        *([Parameter("countries", (), countries, len(countries))] if "iso3" in measure.columns else []),
        *measure.parameters(database),
    )


def chosen_from(parameters: Collection[Parameter], request: Request) -> dict[str, tuple[str, ...]]:
    """The choice in the address; what a page would drop with a hint is an error here."""
    names = [parameter.name for parameter in parameters]
    for name in request.query_params:
        if name not in names:
            raise QueryError(f"this measure has no parameter {name[:60]!r}: its parameters are {', '.join(names)}")
    chosen = {}
    for parameter in parameters:
        chosen[parameter.name], dropped = parameter.parse(request.query_params.getlist(parameter.name))
        if dropped:
            allowed = ", ".join(list(parameter.allowed)[:20]) if parameter.allowed else f"{parameter.most} numbers from 0 to 10, not all 0"
            raise QueryError(f"{parameter.name} cannot be {', '.join(dropped)[:60]!r}: it takes {allowed}")
    return chosen


def _batches(frame: pd.DataFrame) -> list[pa.RecordBatch]:
    return [pa.RecordBatch.from_pandas(frame, preserve_index=False)]


def answer(request: Request, database: Database) -> Response:
    name, ending = request.path_params["measure"], request.path_params["ending"]
    if name not in MEASURES:
        raise Refusal(404, f"there is no measure {name[:60]!r}: the measures are {', '.join(MEASURES)}")
    if ending not in ENDINGS:
        raise Refusal(404, f"there is no format {ending[:20]!r} of a measure: the formats are {', '.join(ENDINGS)}")
    measure = MEASURES[name]
    chosen = chosen_from(parameters_of(database, measure), request)
    frame = measure.make(database, chosen)
    if chosen.get("countries"):
        frame = frame[frame["iso3"].isin(chosen["countries"])]
    if "iso3" in measure.columns:
        frame = frame.assign(country=frame["iso3"].map(database.read("countries").set_index("iso3")["name"]))
    frame = frame[list(measure.columns)]
    sources = database.read("sources", where={"source_id": sorted({source for ids in frame["source_ids"] for source in ids})})
    says = about(database, f"Sovereign AI Atlas: {name}", f"{base_of(request)}{request.url.path}", sources)
    return StreamingResponse(
        formats.WRITERS[ending](_batches(frame), says if ending == "json" else None),
        media_type=formats.MEDIA_TYPES[ending],
        headers={"Content-Disposition": f'attachment; filename="atlas-{name}.{ending}"', "X-Total-Rows": str(len(frame))},
    )
