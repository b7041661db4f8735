"""Measures of dependence, leverage and concentration: frames in, frames out. Pure; definitions and their sources are on the Method page."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

LAYERS = ("design", "fabrication", "memory", "packaging", "operation", "ownership", "model", "consortium")
PREFERRED_BASIS = ("sales", "sites", "models", "members")
HIGHLY_CONCENTRATED_2023, HIGHLY_CONCENTRATED_2010 = 1800, 2500  # HHI; US merger guidelines of these years, sources on the Method page
NEARLY_ALL_PCT = 99.5  # where the named companies hold this much, a country that is not named holds less than a half per cent, shown as 0
LEAST_LAYERS = 5  # a mean over fewer known layers says too little
LEAST_COVERAGE_PCT = 60.0  # an index that rests on less of the weight is not given
DRAWS, SEED = 10_000, 2025
LEAST_KNOWN_PCT = 50.0  # a layer of which less is known than not known is shown as not known


def dependence(holdings: pd.DataFrame) -> pd.DataFrame:
    """Share of what a country uses at a layer that parties abroad supply or control.

    `holdings`: iso3, union_iso3, layer, basis, party_iso3 (NaN: not known), weight, items, source_ids; see the view of that name.
    Result: one row per country and layer with share_pct (0 to 100, of what is known), known_pct (how much of the weight is known), basis, items, source_ids.
    A national figure (basis 'sales') takes precedence over sites. What is not known counts neither as own nor as abroad; where less than
    half is known, share_pct is NaN. A body of a union that the country belongs to is not abroad.
    """
    if holdings.empty:
        return pd.DataFrame(columns=["iso3", "layer", "basis", "share_pct", "known_pct", "items", "source_ids"])
    order = {basis: rank for rank, basis in enumerate(PREFERRED_BASIS)}
    rank = holdings["basis"].map(order)
    rows = holdings[rank == rank.groupby([holdings["iso3"], holdings["layer"]]).transform("min")]
    known = rows["party_iso3"].notna()
    abroad = known & (rows["party_iso3"] != rows["iso3"]) & (rows["party_iso3"] != rows["union_iso3"])
    weighed = rows.assign(known=rows["weight"].where(known, 0.0), abroad=rows["weight"].where(abroad, 0.0))
    result = (
        weighed.groupby(["iso3", "layer", "basis"], observed=True)
        .agg(
            weight=("weight", "sum"),
            known=("known", "sum"),
            abroad=("abroad", "sum"),
            items=("items", "sum"),
            source_ids=("source_ids", merged),
        )
        .reset_index()
    )
    result["known_pct"] = 100 * result["known"] / result["weight"]
    enough = result["known_pct"] >= LEAST_KNOWN_PCT
    result["share_pct"] = np.where(enough, np.minimum(100 * result["abroad"] / result["known"].where(result["known"] > 0), 100), np.nan)
    return result[["iso3", "layer", "basis", "share_pct", "known_pct", "items", "source_ids"]]


def merged(lists: pd.Series) -> list[str]:
    """Several lists of source ids as one, each id once, in order."""
    return sorted({source for sources in lists for source in sources})


def mean_dependence(shares: pd.DataFrame, least_layers: int = LEAST_LAYERS) -> pd.DataFrame:
    """Plain mean of the known layers of a country; NaN where fewer than `least_layers` of the layers are known."""
    result = (
        shares.groupby("iso3")
        .agg(share_pct=("share_pct", "mean"), layers_known=("share_pct", "count"), source_ids=("source_ids", merged))
        .reset_index()
    )
    result["share_pct"] = result["share_pct"].where(result["layers_known"] >= least_layers)
    return result


def _grid(shares: pd.DataFrame) -> pd.DataFrame:
    """Dependence as a table, countries by layers, in an order that does not hang on that of the rows; NaN where not known."""
    return shares.pivot(index="iso3", columns="layer", values="share_pct").reindex(columns=LAYERS).sort_index().astype(float)


def self_reliance(shares: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    """Self-reliance index: 100 minus the weighted mean of the dependence over the layers that are known.

    `shares`: the result of `dependence`; `weights` per layer, of any scale. Result per country: index (NaN where the known layers carry less than 60 per cent
    of the weight), coverage_pct (that part), rank (1: most self-reliant, ties share), missing (layers with weight that are not known), source_ids.
    """
    grid = _grid(shares)
    weight = np.array([weights.get(layer, 0.0) for layer in LAYERS])
    known = grid.notna().to_numpy()
    carried = known @ weight
    coverage = 100 * carried / weight.sum()
    mean = grid.fillna(0.0).to_numpy() @ weight / np.where(carried > 0, carried, np.nan)
    index = pd.Series(np.where(coverage >= LEAST_COVERAGE_PCT - 1e-9, 100 - mean, np.nan), grid.index)
    sources = shares.groupby("iso3")["source_ids"].agg(merged)
    return pd.DataFrame(
        {
            "iso3": grid.index,
            "index": index.to_numpy(),
            "coverage_pct": coverage,
            "rank": index.round(9).rank(ascending=False, method="min").to_numpy(),
            "missing": [[layer for layer, is_known, w in zip(LAYERS, row, weight, strict=True) if w > 0 and not is_known] for row in known],
            "source_ids": sources.reindex(grid.index).to_list(),
        }
    )


def rank_intervals(shares: pd.DataFrame, weights: Mapping[str, float], draws: int = DRAWS, seed: int = SEED) -> pd.DataFrame:
    """5th and 95th percentile of the rank of each country that has an index, over weights drawn at random around the given ones.

    The weights come from a Dirichlet distribution whose mean they are and whose concentration is the number of layers with weight, so that equal weights
    are drawn evenly from all that are possible. After the OECD/JRC Handbook on Constructing Composite Indicators (2008), chapter on uncertainty.
    Result: iso3, rank_low, rank_high. The same seed gives the same result.
    """
    ranked = self_reliance(shares, weights).dropna(subset="index")["iso3"]
    grid = _grid(shares[shares["iso3"].isin(ranked)])
    weight = np.array([weights.get(layer, 0.0) for layer in LAYERS])
    used = weight > 0
    table = grid.to_numpy()[:, used].astype(np.float32)
    if not len(table):
        return pd.DataFrame({"iso3": pd.Series(dtype=object), "rank_low": pd.Series(dtype=float), "rank_high": pd.Series(dtype=float)})
    drawn = np.random.default_rng(seed).dirichlet(used.sum() * weight[used] / weight.sum(), draws).astype(np.float32)
    known = np.isfinite(table).astype(np.float32)
    scores = np.round(drawn @ np.nan_to_num(table).T / np.maximum(drawn @ known.T, np.float32(1e-9)), 3).T  # countries x draws
    ranks = np.stack([1 + (scores < one).sum(axis=0, dtype=np.int16) for one in scores])
    low, high = np.percentile(ranks, [5, 95], axis=1, method="nearest")
    return pd.DataFrame({"iso3": grid.index, "rank_low": low.astype(int), "rank_high": high.astype(int)})


def ranked(shares: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    """Every country with its index, its rank and the interval of its rank, most self-reliant first; those without an index last."""
    return self_reliance(shares, weights).merge(rank_intervals(shares, weights), on="iso3", how="left").sort_values(["rank", "iso3"])


def sensitivity(shares: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    """How far a country's rank moves when a layer is left out, the others keeping their weights: iso3, layer, rank, rank_without, change (up is positive).

    Over the countries that have an index; NaN where nothing else is known of the country.
    """
    base = self_reliance(shares, weights).dropna(subset="index").set_index("iso3")["rank"]
    among = shares[shares["iso3"].isin(base.index)]
    rows = []
    for layer in LAYERS:
        left = {other: weight for other, weight in weights.items() if other != layer and weight > 0}
        if not weights.get(layer) or not left:
            continue
        grid = _grid(among)[list(left)]
        weight = pd.Series(left)
        mean = (grid * weight).sum(axis=1) / (grid.notna() * weight).sum(axis=1).replace(0, np.nan)
        without = mean.round(9).rank(method="min")
        rows += [(code, layer, base[code], without[code], base[code] - without[code]) for code in base.index]
    return pd.DataFrame(rows, columns=["iso3", "layer", "rank", "rank_without", "change"])


def strongest_segment(leverage: pd.DataFrame) -> pd.DataFrame:
    """The segment of whose world supply a country holds most, per country: the row of `leverage` with the highest share."""
    return leverage.sort_values("share_pct", ascending=False).drop_duplicates("iso3") if len(leverage) else leverage


def with_zeros(leverage: pd.DataFrame, countries: Sequence[str]) -> pd.DataFrame:
    """`leverage` with a zero for those of `countries` that have no row in a segment whose named companies hold nearly all of it."""
    full = leverage[leverage["known_pct"] >= NEARLY_ALL_PCT].drop_duplicates("segment_id")
    present = set(zip(leverage["segment_id"], leverage["iso3"], strict=True))
    zeros = [
        row | {"iso3": code, "country": None, "share_pct": 0.0, "companies": ""}
        for row in full.to_dict("records")
        for code in countries
        if (row["segment_id"], code) not in present
    ]
    return pd.concat([leverage, pd.DataFrame(zeros)], ignore_index=True) if zeros else leverage


def hhi(shares: pd.DataFrame) -> pd.DataFrame:
    """Herfindahl-Hirschman index per segment and period: sum of squared percentage shares, 0 to 10,000.

    `shares`: segment_id, period, period_end, org_id, share_pct, is_group, source_ids. What no named company holds (groups, others, the rest to 100)
    is bounded: `low` takes it as many tiny firms (0), `high` as one firm no larger than the smallest named one, repeated.
    Periods whose named companies hold less than half are left out.
    """
    results = []
    for (segment, period), rows in shares[shares["share_pct"].notna()].groupby(["segment_id", "period"]):
        named = rows.loc[~rows["is_group"], "share_pct"].to_numpy()
        total = named.sum()
        if total < LEAST_KNOWN_PCT:
            continue
        named = named * 100 / total if total > 100 else named
        rest, smallest = max(100 - total, 0.0), named[named > 0].min()
        low = float((named**2).sum())
        high = min(low + (rest // smallest) * smallest**2 + (rest % smallest) ** 2, 10000.0)
        results.append((segment, period, rows["period_end"].iloc[0], low, high, len(named), rest, merged(rows["source_ids"])))
    return pd.DataFrame(results, columns=["segment_id", "period", "period_end", "low", "high", "companies", "rest_pct", "source_ids"])


# Whether more of an indicator is better (1), less (-1), or neither (0). More is better where nothing is said here; needing others is bad and holding something good.
# A plan is no achievement, a size no merit, and chips designed in the United States are foreign to all but one.
LESS_IS_BETTER = ("electricity-carbon-intensity", "top500-performance-rank")
NEITHER_IS_BETTER = (
    "population", "gdp-usd", "electricity-generation-twh", "compute-planned", "power-planned", "sites-operational", "sites-planned", "sites-under-construction",
    "data-centre-electricity-twh-iea-2025", "data-centre-electricity-share-national", "top500-us-designed-chip-share", "consortia", "memberships", "models", "budget-announced",
)  # fmt: skip
GROUPS = ("economy", "compute", "chips", "models", "consortia", "money", "dependence", "leverage")
COMPARED = ["group_id", "indicator_id", "indicator", "iso3", "value", "unit", "period", "confidence", "source_ids"]


def direction(group_id: str, indicator_id: str) -> int:
    if group_id == "dependence":
        return -1
    return 0 if indicator_id in NEITHER_IS_BETTER else -1 if indicator_id in LESS_IS_BETTER else 1


def comparison(values: pd.DataFrame, dependence: pd.DataFrame, leverage: pd.DataFrame, countries: Sequence[str]) -> pd.DataFrame:
    """Every indicator of every country as one table: `values` (view indicator_values), then dependence by layer and leverage by segment, both in per cent.

    Adds direction, rank (1 is the highest value or, where less is better, the lowest; equals share a rank) and known (how many countries have a value).
    `countries` are those that rank: a union would compete with its own members, so its rank is NaN. A value that is not known has no row.
    An indicator that is known of one country alone compares nothing and is left out, save a share of the world's supply.
    """
    order = {layer: place for place, layer in enumerate(LAYERS)}
    needs = dependence[dependence["share_pct"].notna()].sort_values("layer", key=lambda layers: layers.map(order), kind="stable")
    holds = with_zeros(leverage, countries).sort_values("position", kind="stable") if len(leverage) else leverage
    parts = [
        values.reindex(columns=COMPARED),
        needs.assign(group_id="dependence", indicator_id=needs["layer"], value=needs["share_pct"], unit="share").reindex(columns=COMPARED),
        holds.assign(group_id="leverage", indicator_id=holds["segment_id"], value=holds["share_pct"].clip(upper=100), unit="share").reindex(
            columns=COMPARED
        ),
    ]
    frame = pd.concat([part.astype(object) for part in parts if len(part)] or [parts[0]], ignore_index=True)
    frame = frame.assign(value=frame["value"].astype(float))
    keys = frame[["group_id", "indicator_id"]].drop_duplicates()
    frame = frame.merge(keys.assign(direction=[direction(*key) for key in keys.itertuples(index=False)]), on=["group_id", "indicator_id"])
    ranked = frame["iso3"].isin(list(countries))
    better = (frame["value"] * frame["direction"].where(frame["direction"] != 0, 1)).where(ranked)
    grouped = better.groupby([frame["group_id"], frame["indicator_id"]])
    frame = frame.assign(rank=grouped.rank(method="min", ascending=False), known=grouped.transform("count"))
    return frame[(frame["known"] > 1) | (frame["group_id"] == "leverage")].reset_index(drop=True)


def extremes(rows: pd.DataFrame) -> pd.Series:
    """Which rows of a comparison hold the best and which the worst value among the rows given: 'best', 'worst' or empty.

    Nothing is best where the indicator has no direction, where fewer than two values are known, or where all are equal.
    """
    if rows.empty:
        return pd.Series(dtype=object)
    better = rows["value"] * rows["direction"]
    grouped = better.groupby([rows["group_id"], rows["indicator_id"]])
    top, bottom = grouped.transform("max"), grouped.transform("min")
    differs = (top > bottom) & (rows["direction"] != 0)
    return pd.Series(np.select([differs & (better == top), differs & (better == bottom)], ["best", "worst"], ""), index=rows.index)


def tally(rows: pd.DataFrame, iso3: str) -> tuple[int, int, int]:
    """How often a country is best and worst among the rows given, and on how many indicators with a direction it meets a second country."""
    marks = extremes(rows)
    met = rows[(rows["direction"] != 0) & (rows.groupby(["group_id", "indicator_id"])["iso3"].transform("count") > 1)]
    mine = rows["iso3"] == iso3
    return int((marks[mine] == "best").sum()), int((marks[mine] == "worst").sum()), int((met["iso3"] == iso3).sum())
