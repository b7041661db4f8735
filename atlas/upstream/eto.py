"""ETO: the tables of the chip supply chain explorer in, market shares of suppliers and facts about the shares of countries out."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from atlas.upstream.known import Known
from atlas.upstream.layer import Adapter, Doubtful, Fact, File, Layer
from atlas.upstream.placing import Figure, list_strangers, place
from atlas.upstream.reading import as_cell, read_csv, share_pct, year

# provision.csv: provider_name,provider_id,provided_name,provided_id,share_provided,year,source
# inputs.csv: input_id,input_name,type,stage_name,stage_id,description,year,market_share_chart_global_market_size_info,...
# providers.csv: provider_name,alias,provider_id,provider_type,country (one row for each alias)
# Versions before 2024 write shares as "61%", keep the year in inputs.csv alone and have no aliases.
REPOSITORY = "https://raw.githubusercontent.com/georgetown-cset/eto-chip-explorer/main/data/"
EXPLORER = "https://chipexplorer.eto.tech/"

# By name and not by id, since an id keeps its place in the chain while its scope changes: N19 was "Advanced photolithography equipment" alone before it was all lithography.
# Close to a segment of ours and yet another market: AI ASICs (GPUs are not in it), Advanced CPUs (not of servers alone), Fabrication (all fabs, not contract ones), Photomasks (not blanks).
SEGMENTS = {
    "Lithography tools": "lithography",
    "EUV lithography tools": "euv-lithography",
    "EUV scanners": "euv-lithography",  # its name in older versions
    "Photoresists": "photoresist",
    "Photoresist": "photoresist",  # its name in older versions
    "Wafer": "silicon-wafer",
}


@dataclass(frozen=True)
class Provider:
    """A firm or a country of providers.csv; `home` is the country of a firm, empty where it is not stated."""

    names: tuple[str, ...]
    is_country: bool
    home: str


def read_providers(path: Path) -> dict[str, Provider]:
    """Providers by id, each with all its names: it has one row for each alias."""
    by_id = defaultdict(list)
    for row in read_csv(path, ["provider_name", "provider_id", "provider_type", "country"]):
        by_id[row["provider_id"]].append(row)
    return {
        provider_id: Provider(
            tuple(dict.fromkeys(name for row in rows for name in (row["provider_name"], row.get("alias", "")) if name)),
            rows[0]["provider_type"] == "country",
            rows[0]["country"],
        )
        for provider_id, rows in by_id.items()
    }


def segment_of(name: str, known: Known) -> str | None:
    """The segment that an input is, after the editors' decisions and then the table above."""
    decision = known.decided("segment", name)
    return (decision or None) if decision is not None else SEGMENTS.get(name)


def first(find: Callable[[str], str | None], names: Iterable[str]) -> str | None:
    """The first id that one of several names stands for."""
    return next(filter(None, map(find, names)), None)


def parse(files: Mapping[str, Path], known: Known) -> Layer:
    """A provider without a stated share gives no row: its share is unknown, and "negligible" is not zero."""
    layer, figures, strangers = Layer(), [], Counter()
    provision = read_csv(files["provision.csv"], ["provider_name", "provider_id", "provided_name", "provided_id", "share_provided"])
    years = {row["input_id"]: row["year"] for row in read_csv(files["inputs.csv"], ["input_id", "input_name", "year"])}
    providers = read_providers(files["providers.csv"])
    homes = {row["org_id"]: row["iso3"] for row in known.rows["organisations"]}
    for row in provision:
        layer.read += 1
        input_name, provider_name = row["provided_name"], row["provider_name"]
        upstream_name, url = f"{provider_name}, {input_name}", EXPLORER
        provider = providers.get(row["provider_id"], Provider((provider_name,), False, ""))
        share, period = share_pct(row["share_provided"]), year(row.get("year") or years.get(row["provided_id"]))
        kind, find = ("country", known.country) if provider.is_country else ("organisation", known.organisation)
        thing_id, segment_id = first(find, provider.names), segment_of(input_name, known)
        if segment_id is None:
            strangers["segment", input_name] += 1
        elif share is None or period is None:
            layer.dropped["no share stated" if share is None else "no year stated"] += 1
        elif thing_id is None:
            strangers[kind, provider_name] += 1
        elif provider.is_country:
            layer.facts.append(Fact("segments", segment_id, f"share_pct_{thing_id}_{period}", as_cell(share), upstream_name, url))
        elif provider.home not in ("", homes[thing_id]):
            reason = f"its country is {provider.home} there and {homes[thing_id] or 'not known'} here"
            layer.doubtful.append(Doubtful("organisations", provider_name, thing_id, reason))
        else:
            cells = {"segment_id": segment_id, "period": period, "metric": "revenue", "tracker": "ETO", "org_id": thing_id}
            cells |= {"share_pct": as_cell(share), "value_usd_m": "", "is_forecast": "no", "is_preferred": "no"}
            cells |= {"confidence": "estimated", "source_id": "upstream-eto", "note": row.get("source", "")}
            figures.append(Figure(cells, upstream_name, url))
    list_strangers(layer, known, strangers, "provision.csv")
    place(layer, known, "market_shares", figures)
    return layer


ADAPTERS = (
    Adapter(
        name="eto",
        publisher="Emerging Technology Observatory (CSET, Georgetown University)",
        title="Advanced semiconductor supply chain, shares of providers",
        page=EXPLORER,
        licence="CC-BY-NC-4.0",
        files=tuple(File(name, (REPOSITORY + name,)) for name in ("provision.csv", "inputs.csv", "providers.csv")),
        parse=parse,
        is_redistributable=False,
        is_opt_in=True,
        note="Not for commercial use. Shares of sales, by its own analysis of TechInsights and other data.",
    ),
)
