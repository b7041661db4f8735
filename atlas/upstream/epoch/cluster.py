"""One row of Epoch AI's GPU clusters in; why it is dropped, or what the Atlas takes from it, out."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from atlas.upstream.epoch.names import Names, one_line
from atlas.upstream.epoch.table import Row, date_of, first_address, number, parts, plain_number, position_of
from atlas.upstream.layer import Fact
from atlas.upstream.machine import Machine
from atlas.upstream.matching import Sites

STATUS = {"existing": "operational", "planned": "planned", "under construction": "under-construction", "decommissioned": "retired"}
SECTOR = {"public": "public", "private": "private", "public/private": "public-private"}
HIDDEN_NAME = "anonymized"  # Chinese systems: name, owner and place hidden, figures rounded to one digit
PLANNED_FOR = re.compile(r"planned (?:(?P<quarter>Q[1-4]) |H[12] )?(?P<year>20\d\d)(?P<month>-(0[1-9]|1[0-2]))?", re.IGNORECASE)


@dataclass(frozen=True)
class Cluster:
    """What is taken from one row. Unknown is empty or None."""

    name: str
    certainty: str
    builds_upon: str  # name of the row of an earlier state
    users: str
    machine: Machine
    owners: tuple[str, ...]
    tenants: tuple[str, ...]
    status: str
    retired: str
    sector: str
    h100e: float | None  # as the source states it
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
    cost = number(row, "Hardware Cost", dropped)
    machine = Machine(
        name=name,
        iso3=iso3,
        owners=frozenset(owners),
        users=frozenset(users),
        place=one_line(row["Location"]),
        position=position_of(row, row["Location"], dropped),
        chips=chips,
        size=sites.h100e(chips) or h100e,
        power=number(row, "Power Capacity (MW)", dropped),
        start=start_of(row, dropped),
        is_planned=status in ("planned", "under-construction"),
        has_other_owner=bool(row["Owner"]) and not owners,
        has_name=HIDDEN_NAME not in name.lower(),
    )
    return Cluster(
        name=name,
        certainty=row["Certainty"].lower(),
        builds_upon=row["Builds Upon"],
        users=row["Users"],
        machine=machine,
        owners=tuple(owners),
        # A tenant of ours uses most of a site; of several users none is known to.
        tenants=tuple(users) if len(parts(row["Users"])) == 1 and not set(users) & set(owners) else (),
        status=status,
        retired=retired if status == "retired" else "",
        sector=SECTOR.get(row["Sector"].lower(), ""),
        h100e=h100e,
        cost_usd_m=cost / 1e6 if cost else None,
        cost_basis="reported" if row.get("Reported Cost") else "modelled",
        is_single=row["Single cluster?"].lower() == "yes",
        url=first_address(" ".join(row.get(f"Source {place}", "") for place in range(1, 6))),
    )


def facts_of(cluster: Cluster, site_id: str) -> list[Fact]:
    """What the source says of a site of ours. `chip_count@<chip_id>` is the number of one chip."""
    values = {
        "status": cluster.status,
        "operational_date": cluster.machine.start,
        "retired_date": cluster.retired,
        "h100e_stated": plain_number(cluster.h100e),
        "power_mw": plain_number(cluster.machine.power),
        "cost_usd_m": plain_number(cluster.cost_usd_m),
        **{f"chip_count@{chip_id}": plain_number(count) for chip_id, count in cluster.machine.chips.items()},
    }
    return [Fact("sites", site_id, field, value, cluster.name, cluster.url) for field, value in values.items() if value]
