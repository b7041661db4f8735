"""Epoch AI's GPU clusters: the CSV file in; new sites, facts beside ours, and doubts out.

Excluded, doubled and superseded rows go first, then unlikely ones and sums over several clusters. What is left is compared with the curated sites
(atlas.upstream.matching). A new site counts in the totals unless it is retired, may be several clusters, or is an earlier or planned state of another row.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from atlas.upstream.epoch.names import Names, one_line, slug
from atlas.upstream.epoch.table import Row, date_of, number, parts, plain_number, read_table
from atlas.upstream.known import Known, plain
from atlas.upstream.layer import Doubtful, Fact, Layer
from atlas.upstream.matching import Machine, Match, Sites

NAME = "epoch-gpu-clusters"
SOURCE_ID = f"upstream-{NAME}"
FILE = "gpu_clusters.csv"
NEEDED = (
    "Name", "Status", "Certainty", "Single cluster?", "Exclude", "Possible Duplicate", "Superseded by", "Builds Upon", "Country", "Owner", "Users", "Sector", "Location",
    "First Operational Date", "Chip type (primary)", "Chip quantity (primary)", "H100 equivalents", "Power Capacity (MW)", "Hardware Cost",
)  # fmt: skip
STATUS = {"existing": "operational", "planned": "planned", "under construction": "under-construction", "decommissioned": "retired"}
SECTOR = {"public": "public", "private": "private", "public/private": "public-private"}
HIDDEN_NAME = "anonymized"  # Chinese systems: name, owner and place hidden, figures rounded to one digit
PLANNED_FOR = re.compile(r"planned (?:(?P<quarter>Q[1-4]) |H[12] )?(?P<year>20\d\d)(?P<month>-(0[1-9]|1[0-2]))?", re.IGNORECASE)
COORDINATES = re.compile(r"(-?\d{1,2}\.\d{3,}),\s*(-?\d{1,3}\.\d{3,})")


@dataclass(frozen=True)
class Cluster:
    """One row that is left, with what it takes to place it and to make a site of it."""

    row: Row
    name: str
    machine: Machine
    owners: tuple[str, ...]
    tenants: tuple[str, ...]
    status: str
    retired: str
    sector: str
    power: float | None
    h100e_stated: float | None
    cost_usd_m: float | None
    cost_basis: str
    is_single: bool
    url: str


def is_true(cell: str) -> bool:
    return cell.lower() not in ("", "false", "no", "0")


def reason_to_drop(row: Row) -> str | None:
    if is_true(row["Exclude"]):
        return "excluded by the source"
    if is_true(row["Possible Duplicate"]):
        return "possible duplicate"
    if row["Superseded by"]:
        return "superseded by a later state"
    if row["Certainty"].lower() not in ("confirmed", "likely"):
        return f"certainty {row['Certainty'].lower() or 'not stated'}"
    # "No" stands for cloud regions, promised investments and all chips of a company: sums, whose parts may be rows of their own.
    if row["Single cluster?"].lower() == "no":
        return "sum over several clusters"
    if row["Status"].lower() not in STATUS:
        return f"status {row['Status'].lower() or 'not stated'}"
    if not row["Country"]:
        return "country not stated"
    return None


def chips_of(row: Row, names: Names, dropped: Counter[str]) -> dict[str, float | None]:
    """Number of chips by id. Empty where nothing is stated, and where one of the chips is none of ours: part of a machine would pass for the whole."""
    chips: dict[str, float | None] = {}
    is_whole = True
    for place in ("primary", "secondary"):
        chip_name, count = row.get(f"Chip type ({place})", ""), number(row, f"Chip quantity ({place})", dropped)
        count = round(count) if count and round(count) > 0 else None
        if not chip_name and count is None:
            continue
        chip_id = names.chip(chip_name, row["Name"]) if chip_name else "unstated"
        if chip_id is None:
            is_whole = False
        else:
            before = chips.get(chip_id, 0)
            chips[chip_id] = None if count is None or before is None else before + count
    return chips if is_whole else {}


def status_of(row: Row, retired: str, today: date) -> str:
    """The state; a machine is retired once its last day has come, whatever the source calls it until then."""
    status = STATUS[row["Status"].lower()]
    if retired:
        return "retired" if retired <= today.isoformat() else "operational" if status == "retired" else status
    return status


def start_of(row: Row, dropped: Counter[str]) -> str:
    start = date_of(row, "First Operational Date", dropped)
    planned = PLANNED_FOR.fullmatch(row.get("First Operational Date Note", ""))
    if start or not planned:
        return start
    return f"{planned['year']}-{planned['quarter'].upper()}" if planned["quarter"] else f"{planned['year']}{planned['month'] or ''}"


def position_of(row: Row, dropped: Counter[str]) -> tuple[float, float] | None:
    """Latitude and longitude, from their columns where the file has them, else from the text of the location."""
    found = COORDINATES.search(row["Location"])
    cells = (row.get("latitude") or row.get("Latitude"), row.get("longitude") or row.get("Longitude"))
    try:
        latitude, longitude = (float(cell) for cell in (cells if all(cells) else found.groups() if found else ()))
    except ValueError:
        if all(cells):
            dropped["cells of latitude and longitude that are no number"] += 1
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def cluster_of(row: Row, iso3: str, names: Names, sites: Sites, dropped: Counter[str], today: date) -> Cluster:
    name = one_line(row["Name"])
    chips = chips_of(row, names, dropped)
    owners = names.organisations(parts(row["Owner"]), name)
    users = names.known_organisations(parts(row["Users"]))  # often no organisation but a phrase, so none is asked of the editors
    retired = date_of(row, "Decommissioned Date (if applicable)", dropped)
    status = status_of(row, retired, today)
    h100e = number(row, "H100 equivalents", dropped)
    # Without any chip the figure of a plan is a guess from its power ("a very rough estimate", says the source).
    if status in ("planned", "under-construction") and not row["Chip type (primary)"] and not row["Chip quantity (primary)"]:
        h100e = None
    power, cost = number(row, "Power Capacity (MW)", dropped), number(row, "Hardware Cost", dropped)
    machine = Machine(
        name=name,
        iso3=iso3,
        owners=frozenset(owners),
        users=frozenset(users),
        place=one_line(row["Location"]),
        position=position_of(row, dropped),
        chips=chips,
        size=sites.h100e(chips) or h100e,
        power=power,
        start=start_of(row, dropped),
        is_planned=status in ("planned", "under-construction"),
        has_other_owner=bool(row["Owner"]) and not owners,
        has_name=HIDDEN_NAME not in name.lower(),
    )
    urls = (row.get(f"Source {place}", "") for place in range(1, 6))
    return Cluster(
        row=row,
        name=name,
        machine=machine,
        owners=tuple(owners),
        # A tenant of ours uses most of a site; of several users none is known to.
        tenants=tuple(users) if len(parts(row["Users"])) == 1 and not set(users) & set(owners) else (),
        status=status,
        retired=retired if status == "retired" else "",
        sector=SECTOR.get(row["Sector"].lower(), ""),
        power=power,
        h100e_stated=h100e,
        cost_usd_m=cost / 1e6 if cost else None,
        cost_basis="reported" if row.get("Reported Cost") else "modelled",
        is_single=row["Single cluster?"].lower() == "yes",
        url=next((url for url in urls if re.fullmatch(r"https?://[^\s<>\"]+", url)), ""),
    )


def facts_of(cluster: Cluster, site_id: str) -> list[Fact]:
    """What the source says of a site of ours. `chip_count@<chip_id>` is the number of one chip."""
    values = {
        "status": cluster.status,
        "operational_date": cluster.machine.start,
        "retired_date": cluster.retired,
        "h100e_stated": plain_number(cluster.h100e_stated),
        "power_mw": plain_number(cluster.power),
        "cost_usd_m": plain_number(cluster.cost_usd_m),
        **{f"chip_count@{chip_id}": plain_number(count) for chip_id, count in cluster.machine.chips.items()},
    }
    return [Fact("sites", site_id, field, value, cluster.name, cluster.url) for field, value in values.items() if value]


class NewSites:
    """The rows of the clusters that are none of ours, with ids and names of their own, and each machine counted in one of its states."""

    def __init__(self, clusters: list[Cluster], sites: Sites, taken_names: set[str]):
        self._sites = sites
        self._repeated = {name for name, rows in Counter(plain(cluster.name) for cluster in clusters).items() if rows > 1}
        self._taken_names = taken_names
        self._taken_ids: set[str] = set()
        self._clusters = clusters
        self._ids = [self._free(f"epoch-{slug(self._title(cluster))}", "-", self._taken_ids) for cluster in clusters]
        by_name = {plain(cluster.name): number for number, cluster in enumerate(clusters) if plain(cluster.name) not in self._repeated}
        self._earlier = {number: by_name.get(plain(cluster.row["Builds Upon"])) for number, cluster in enumerate(clusters)}
        self._later = {earlier: number for number, earlier in self._earlier.items() if earlier is not None}

    def _title(self, cluster: Cluster) -> str:
        """The name; with start and figures behind one that several rows share, since that is all that tells them apart."""
        if plain(cluster.name) not in self._repeated:
            return cluster.name
        total = cluster.machine.chip_total
        figures = (
            f"{plain_number(total)} chips" if total else "",
            f"{plain_number(cluster.h100e_stated)} H100e" if cluster.h100e_stated else "",
        )
        return ", ".join(part for part in (cluster.name, cluster.machine.start or cluster.status, *figures) if part)

    @staticmethod
    def _free(text: str, mark: str, taken: set[str]) -> str:
        """The text, or with the first free number behind it."""
        number, free = 1, text
        while free in taken:
            number += 1
            free = f"{text}{mark}{number}"
        taken.add(free)
        return free

    def _counts(self, number: int) -> bool:
        """A machine counts in its running state, or where it has none, in the largest that is planned: the later state contains the earlier."""
        cluster = self._clusters[number]
        later = self._later.get(number)
        if cluster.status == "retired" or not cluster.is_single:
            return False
        if later is not None and (cluster.machine.is_planned or not self._clusters[later].machine.is_planned):
            return False
        seen = {number}
        earlier = self._earlier[number]
        while cluster.machine.is_planned and earlier is not None and earlier not in seen:
            if not self._clusters[earlier].machine.is_planned:
                return False
            seen.add(earlier)
            earlier = self._earlier[earlier]
        return True

    def rows(self) -> dict[str, list[dict[str, str]]]:
        rows: dict[str, list[dict[str, str]]] = {"sites": [], "site_chips": [], "site_parties": []}
        for place, (cluster, site_id) in enumerate(zip(self._clusters, self._ids, strict=True)):
            confidence = "planned" if cluster.machine.is_planned else "estimated"
            origin = {"site_id": site_id, "confidence": confidence, "source_id": SOURCE_ID}
            rows["sites"].append({**self._site(place), **origin})
            rows["site_chips"] += [
                {**origin, "chip_id": chip, "chip_count": plain_number(count)} for chip, count in cluster.machine.chips.items()
            ]
            rows["site_parties"] += [
                {**origin, "org_id": org_id, "role": role}
                for role in ("owner", "tenant")
                for org_id in (cluster.owners if role == "owner" else cluster.tenants)
            ]
        return rows

    def _site(self, number: int) -> dict[str, str]:
        cluster, machine = self._clusters[number], self._clusters[number].machine
        later, earlier = self._later.get(number), self._earlier[number]
        is_replaced = later is not None and not self._clusters[later].machine.is_planned
        remarks = (
            f"certainty {cluster.row['Certainty'].lower()} in the source",
            "" if machine.has_name else "the source hides name, owner and place and rounds the figures",
            "" if cluster.is_single else "may be several clusters",
        )
        return {
            "name": self._free(self._title(cluster), " ", self._taken_names),
            "iso3": machine.iso3,
            "location": machine.place,
            "latitude": str(machine.position[0]) if machine.position else "",
            "longitude": str(machine.position[1]) if machine.position else "",
            "kind": "cluster",
            "sector": cluster.sector,
            "status": cluster.status,
            "operational_date": machine.start,
            "retired_date": cluster.retired,
            "counts_in_total": "yes" if self._counts(number) else "no",
            "part_of_site_id": self._ids[later] if later is not None and not is_replaced else "",
            "supersedes_site_id": self._ids[earlier] if earlier is not None and not machine.is_planned else "",
            "h100e_stated": "" if self._sites.h100e(machine.chips) else plain_number(cluster.h100e_stated),
            "power_mw": plain_number(cluster.power),
            "cost_usd_m": plain_number(cluster.cost_usd_m),
            "cost_basis": cluster.cost_basis if cluster.cost_usd_m else "",
            "purpose": one_line(cluster.row["Users"]).replace(",", ", "),
            "note": "; ".join(remark for remark in remarks if remark),
        }


def doubt_of_later_state(cluster: Cluster, clusters: Mapping[str, Cluster], found: Mapping[str, Match]) -> Match | None:
    """A state that builds upon a machine that we have, or may have, contains it."""
    seen = set()
    while (earlier := plain(cluster.row["Builds Upon"])) in clusters and earlier not in seen:
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
    for row in read_table(files, FILE, NEEDED):
        layer.read += 1
        reason = reason_to_drop(row)
        if reason:
            layer.dropped[reason] += 1
            continue
        iso3 = names.country(row["Country"], one_line(row["Name"]))
        if iso3:
            clusters.append(cluster_of(row, iso3, names, sites, layer.dropped, date.today()))
    matches = sites.place([cluster.machine for cluster in clusters])
    named = {plain(cluster.name): cluster for cluster in clusters if cluster.machine.has_name}
    found = {plain(cluster.name): match for cluster, match in zip(clusters, matches, strict=True) if match and cluster.machine.has_name}
    new: list[Cluster] = []
    for cluster, own in zip(clusters, matches, strict=True):
        match = own or doubt_of_later_state(cluster, named, found)
        if match and match.is_sure:
            layer.facts += facts_of(cluster, match.site_id)
        elif match:
            layer.doubtful.append(Doubtful("sites", cluster.name, match.site_id, match.reason))
        elif not (cluster.machine.chips or cluster.power or cluster.h100e_stated):
            layer.dropped["new, without chips, power and H100 equivalents"] += 1
        elif not cluster.sector:
            layer.dropped["new, sector not stated"] += 1
        else:
            new.append(cluster)
    taken_names = {row["name"] for rows in (known.rows, *known.layers.values()) for row in rows.get("sites", ())} - {
        row["name"] for row in known.layers.get(NAME, {}).get("sites", ())
    }
    layer.rows = NewSites(new, sites, taken_names).rows()
    layer.unmapped = names.unmapped
    return layer
