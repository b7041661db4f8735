"""Measures of dependence, leverage and concentration: frames in, frames out. Pure; definitions and their sources are on the Method page."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

LAYERS = ("design", "fabrication", "memory", "packaging", "operation", "ownership", "model", "consortium")
PREFERRED_BASIS = ("sales", "sites", "models", "members")
HIGHLY_CONCENTRATED_2023, HIGHLY_CONCENTRATED_2010 = 1800, 2500  # HHI; US merger guidelines of these years, sources on the Method page
NEARLY_ALL_PCT = 99.5  # where the named companies hold this much, a country that is not named holds less than a half per cent, shown as 0
LEAST_LAYERS = 5  # a mean over fewer known layers says too little
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
