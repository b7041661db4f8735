"""Epoch AI's GPU clusters: the CSV file in; new sites, facts beside ours, and doubts out.

Excluded, doubled and superseded rows go first, then unlikely ones and sums over several clusters. What is left is compared with the curated sites
(atlas.upstream.matching); what is none of them is a new site.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from atlas.upstream.epoch.cluster import Cluster, cluster_of, facts_of, reason_to_drop
from atlas.upstream.epoch.cluster_states import States
from atlas.upstream.epoch.names import Names, one_line
from atlas.upstream.epoch.new_sites import names_of_others
from atlas.upstream.epoch.table import named, read_table
from atlas.upstream.known import Known, plain
from atlas.upstream.layer import Doubtful, Layer
from atlas.upstream.matching import Match, Sites

NAME = "epoch-gpu-clusters"
SOURCE_ID = f"upstream-{NAME}"
FILE = "gpu_clusters.csv"
NEEDED = (
    "Name", "Status", "Certainty", "Single cluster?", "Exclude", "Possible Duplicate", "Superseded by", "Builds Upon", "Country", "Owner", "Users", "Sector", "Location",
    "First Operational Date", "Chip type (primary)", "Chip quantity (primary)", "H100 equivalents", "Power Capacity (MW)", "Hardware Cost",
)  # fmt: skip


def doubt_of_later_state(cluster: Cluster, clusters: Mapping[str, Cluster], found: Mapping[str, Match]) -> Match | None:
    """A state that builds upon a machine that we have, or may have, contains it."""
    seen = set()
    while (earlier := plain(cluster.builds_upon)) in clusters and earlier not in seen:
        if earlier in found:
            return Match(found[earlier].site_id, False, "a later state of it, or of what may be it")
        seen.add(earlier)
        cluster = clusters[earlier]
    return None


def parse(files: Mapping[str, Path], known: Known) -> Layer:
    """The layer; see the module. Raises Drift."""
    layer = Layer()
    names, sites = Names(known), Sites(known)
    clusters: list[Cluster] = []
    rows = read_table(files, FILE, NEEDED)
    layer.read = len(rows)
    for row in named(rows, "Name", layer.dropped):
        reason = reason_to_drop(row)
        if reason:
            layer.dropped[reason] += 1
            continue
        iso3 = names.country(row["Country"], one_line(row["Name"]))
        if iso3:
            clusters.append(cluster_of(row, iso3, names, sites, layer.dropped, date.today()))
    matches = sites.place([cluster.machine for cluster in clusters])
    by_name = {plain(cluster.name): cluster for cluster in clusters if cluster.machine.has_name}
    found = {plain(cluster.name): match for cluster, match in zip(clusters, matches, strict=True) if match and cluster.machine.has_name}
    new: list[Cluster] = []
    for cluster, own in zip(clusters, matches, strict=True):
        match = own or doubt_of_later_state(cluster, by_name, found)
        if match and match.is_sure:
            layer.facts += facts_of(cluster, match.site_id)
        elif match:
            layer.doubtful.append(Doubtful("sites", cluster.name, match.site_id, match.reason))
        elif not (cluster.machine.chips or cluster.machine.power or cluster.h100e):
            layer.dropped["new, without chips, power and H100 equivalents"] += 1
        elif not cluster.sector:
            layer.dropped["new, sector not stated"] += 1
        else:
            new.append(cluster)
    layer.rows = States(new).rows(SOURCE_ID, sites, names_of_others(known, NAME))
    layer.unmapped = names.unmapped
    return layer
