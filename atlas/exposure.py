"""Exposure: what stands on a supplier that stops. Frames of links in; chips, countries and everything hit with its path out. Pure; definitions are on the Method page.

The chain runs from equipment and materials over the makers of chips (design, foundry, memory, packaging) and the chips to the sites, those who
compute there, their consortia and models. A node of the graph is a (kind, id); a company as a supplier and the same company as a user of a site are two
nodes, so that computing on a chip does not pass a stop on to the chips that the company makes.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
import numpy as np
import pandas as pd

from atlas.measures import LEAST_KNOWN_PCT, merged

MAKING = ("foundry", "memory", "packaging")
STAGES = ("design", *MAKING)
INPUTS = ("equipment", "material")
ANY_STAGE = "all"
NOT_YET = 10  # steps that a link which is only planned counts for, so that a path over what runs goes before it
HITS = ("chip", "site", "consortium", "model")


@dataclass(frozen=True)
class Stop:
    """What stops: organisations, at one stage or at all, of `inputs` (equipment and materials; empty: every one)."""

    organisations: frozenset[str]
    stage: str = ANY_STAGE
    inputs: frozenset[str] = frozenset()

    def bought(self, inputs: pd.DataFrame) -> pd.DataFrame:
        """The rows of `inputs` that no longer arrive."""
        rows = inputs[inputs["stage"].isin(self.at(INPUTS)) & inputs["org_id"].isin(self.organisations)]
        return rows[rows["input"].isin(self.inputs)] if self.inputs else rows

    def at(self, stages: Collection[str]) -> list[str]:
        """Those of `stages` that the stop concerns."""
        return [stage for stage in stages if self.stage in (stage, ANY_STAGE)]


def stopped(suppliers: pd.DataFrame, inputs: pd.DataFrame, codes: Collection[str], stage: str, of: Collection[str] = ()) -> Stop:
    """The stop of some suppliers: organisations by id, and by the code of a country all of its suppliers that the links know. `of`: inputs, where the stage has any."""
    named = pd.concat([suppliers[["org_id", "iso3"]], inputs[["org_id", "iso3"]]])
    chosen = named[named["org_id"].isin(codes) | named["iso3"].isin(codes)]
    return Stop(frozenset(chosen["org_id"]), stage, frozenset(of) if stage in (*INPUTS, ANY_STAGE) else frozenset())


def firms(inputs: pd.DataFrame, stop: Stop) -> pd.DataFrame:
    """How far the makers of chips are cut off from equipment and materials: customer_org_id, low, high (0 to 1), for those with a known supplier.

    `inputs`: stage, input, org_id, customer_org_id. Of an input with n known suppliers, k of them stopped, at least k/n of the need is hit and at most
    all of it. A firm needs all its inputs, so the worst one counts.
    """
    rows = inputs[inputs["stage"].isin(stop.at(INPUTS))]
    hit = rows.assign(hit=rows.index.isin(stop.bought(rows).index))
    share = (
        hit.drop_duplicates(["customer_org_id", "stage", "input", "org_id"]).groupby(["customer_org_id", "stage", "input"])["hit"].mean()
    )
    low = share.groupby("customer_org_id").max()
    return pd.DataFrame({"low": low, "high": (low > 0).astype(float)}).reset_index()


def chips(suppliers: pd.DataFrame, inputs: pd.DataFrame, stop: Stop) -> pd.DataFrame:
    """How far each chip is hit: chip_id, low, high (0 to 1). A chip of which no supplier at the stage is known has no row: not known, which is not safe.

    `suppliers`: chip_id, stage, org_id, part (the parts of a stage add to 1). The parts of the stopped suppliers are the least that is hit; the most is
    the whole chip, since no one says whether the others could deliver more. Over several stages the worst counts.
    """
    direct = suppliers[suppliers["stage"].isin(stop.at(STAGES))]
    direct = direct.assign(low=direct["org_id"].isin(stop.organisations).astype(float))
    firm = firms(inputs, stop).rename(columns={"customer_org_id": "org_id"})
    behind = suppliers[suppliers["stage"].isin(MAKING)].merge(firm[["org_id", "low"]], on="org_id")
    rows = pd.concat([direct.assign(step="direct"), behind.assign(step="behind")])
    low = (rows["part"] * rows["low"]).groupby([rows["chip_id"], rows["stage"], rows["step"]]).sum().clip(upper=1.0)
    low = low.groupby("chip_id").max()
    return pd.DataFrame({"low": low, "high": (low > 0).astype(float)}).reset_index()


def countries(site_chips: pd.DataFrame, hit: pd.DataFrame) -> pd.DataFrame:
    """Share of each country's computing power, state by state, on chips that are hit.

    `site_chips`: iso3, country, status, site_id, chip_id, h100e, source_ids; `hit`: the result of `chips`. Result per iso3 and status: h100e, low_pct and
    high_pct (of the computing power whose suppliers are known), known_pct, sites, sites_hit, source_ids. Where less than half is known the shares are NaN.
    """
    rows = site_chips.merge(hit, on="chip_id", how="left")
    weight = rows["h100e"].fillna(0.0)
    rows = rows.assign(
        h100e=weight, known=weight.where(rows["low"].notna(), 0.0), low=weight * rows["low"].fillna(0.0), high=weight * rows["high"].fillna(0.0),
        hit=rows["site_id"].where(rows["high"] > 0),
    )  # fmt: skip
    result = (
        rows.groupby(["iso3", "country", "status"])
        .agg(
            h100e=("h100e", "sum"),
            known=("known", "sum"),
            low=("low", "sum"),
            high=("high", "sum"),
            sites=("site_id", "nunique"),
            sites_hit=("hit", "nunique"),
            source_ids=("source_ids", merged),
        )
        .reset_index()
    )
    result["known_pct"] = 100 * result["known"] / result["h100e"].where(result["h100e"] > 0)
    enough = result["known_pct"] >= LEAST_KNOWN_PCT
    for bound in ("low", "high"):
        result[f"{bound}_pct"] = np.where(
            enough, np.minimum(100 * result[bound] / result["known"].where(result["known"] > 0), 100.0), np.nan
        )
    return result[["iso3", "country", "status", "h100e", "low_pct", "high_pct", "known_pct", "sites", "sites_hit", "source_ids"]]


def graph(
    suppliers: pd.DataFrame, inputs: pd.DataFrame, site_chips: pd.DataFrame, users: pd.DataFrame, kinds: Mapping[str, str], stop: Stop
) -> nx.DiGraph:
    """Everything that the stopped suppliers reach: nodes (kind, id), edges with `relation` and `source_id`.

    `users`: from_id, to_id, relation, source_ids, for what lies behind a site or a chip; `kinds`: id -> kind of thing.
    """
    links = nx.DiGraph()

    def add(edges) -> None:
        for start, end, relation, source in edges:
            if not links.has_edge(start, end):
                links.add_edge(
                    start, end, relation=relation, source_id=source, weight=NOT_YET if relation in ("planned", "promised") else 1
                )

    bought = stop.bought(inputs)
    add((("supplier", row.org_id), ("supplier", row.customer_org_id), row.stage, row.source_ids[0]) for row in bought.itertuples())
    made = suppliers[
        suppliers["org_id"].isin(stop.organisations) & suppliers["stage"].isin(stop.at(STAGES))
        | suppliers["org_id"].isin(set(bought["customer_org_id"])) & suppliers["stage"].isin(MAKING)
    ]
    add((("supplier", row.org_id), ("chip", row.chip_id), row.stage, row.source_ids[0]) for row in made.itertuples())
    reached = site_chips[site_chips["chip_id"].isin(set(made["chip_id"]))]
    add(
        (("chip", row.chip_id), ("site", row.site_id), "runs" if row.status == "operational" else "planned", row.source_ids[0])
        for row in reached.itertuples()
    )
    as_user = {"organisation": "user"} | {kind: kind for kind in HITS}
    add(
        ((as_user[kinds[row.from_id]], row.from_id), (as_user[kinds[row.to_id]], row.to_id), row.relation, row.source_ids[0])
        for row in users.itertuples()
        if row.from_id in kinds and row.to_id in kinds  # a group such as `various` is no thing
    )
    return links


def hits(links: nx.DiGraph, stop: Stop) -> pd.DataFrame:
    """Every chip, site, consortium and model behind the stopped suppliers, with its shortest path, over what runs where there is one: kind, id, steps, source_ids.

    steps: (from, relation, to, source_id) with nodes as (kind, id), the supplier first. Nothing hit: no row.
    """
    starts = {("supplier", org) for org in stop.organisations} & set(links)
    paths = nx.multi_source_dijkstra_path(links, starts, weight="weight") if starts else {}
    found = [
        (kind, thing, [(start, links.edges[start, end]["relation"], end, links.edges[start, end]["source_id"]) for start, end in pairwise(path)])
        for (kind, thing), path in paths.items()
        if kind in HITS
    ]  # fmt: skip
    frame = pd.DataFrame(found, columns=["kind", "id", "steps"])
    return frame.assign(source_ids=[list(dict.fromkeys(step[3] for step in steps)) for steps in frame["steps"]])
