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
