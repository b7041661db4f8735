"""Epoch AI's frontier data centres and their timelines: two CSV files in; new sites, facts beside ours, and doubts out.

A data centre may hold clusters of epoch-gpu-clusters, so that layer is compared with too, as it was last written. A new data centre counts in the
totals only where every counted site of its owner in the country is known to stand elsewhere.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from atlas.upstream.epoch import clusters
from atlas.upstream.epoch.names import Names, one_line, slug
from atlas.upstream.epoch.new_sites import NewSites, free, names_of_others
from atlas.upstream.epoch.table import Row, date_of, named, number, parts, plain_number, position_of, read_table, speculative_parts
from atlas.upstream.known import Known
from atlas.upstream.layer import Doubtful, Fact, Layer
from atlas.upstream.machine import Machine
from atlas.upstream.matching import Doubt, Match, Sites

NAME = "epoch-data-centres"
FILE, TIMELINES = "data_centers.csv", "data_center_timelines.csv"
NEEDED = ("Name", "Current H100 equivalents", "Current power (MW)", "Owner", "Users", "Country")
NEEDED_STEPS = ("Data center", "Date", "H100 equivalents", "IT power (MW)", "Power (MW)")
COST = "Current total capital cost (2025 USD billions)"
# "Current power" of the first file is "IT power" of the second; "Power" there is that of the whole facility.
MEASURES = {"h100e": "H100 equivalents", "it_power_mw": "IT power (MW)", "facility_power_mw": "Power (MW)"}
# The owner has a counted site that may be this one or a part of it, and nothing but the owner says so.
ONLY_OWNER = {Doubt.OWNER, Doubt.OWNER_OF_CAMPUS, Doubt.OWNER_AND_CHIPS}


@dataclass(frozen=True)
class Step:
    """One date of a timeline; `values` by the names in MEASURES, zero while nothing runs."""

    day: str
    values: Mapping[str, float]
    is_planned: bool = False


@dataclass(frozen=True)
class DataCentre:
    machine: Machine
    status: str
    h100e: float | None
    cost_usd_m: float | None
    as_of: str  # last step that is not planned
    steps: tuple[Step, ...]
    owners: tuple[str, ...]
    tenants: tuple[str, ...]
    speculative: tuple[str, ...]  # owners and users that the source calls speculative
    users: str

    @property
    def planned_power(self) -> float | None:
        """The largest power of the whole facility that is planned [MW]."""
        return max((step.values.get("facility_power_mw", 0) for step in self.steps if step.is_planned), default=0) or None


def steps_of(rows: list[Row], now: float | None, today: date, dropped: Counter[str]) -> tuple[Step, ...]:
    """The steps of one timeline by date. What follows the last step of today's computing power (`now`, H100 equivalents) is planned."""
    steps = []
    for row in rows:
        day = date_of(row, "Date", dropped)
        values = {measure: value for measure, column in MEASURES.items() if (value := number(row, column, dropped)) is not None}
        if day:
            steps.append(Step(day, values))
    steps.sort(key=lambda step: step.day)
    running = [
        place
        for place, step in enumerate(steps)
        if "h100e" in step.values and step.values["h100e"] <= (now or 0) * 1.001 and step.day <= today.isoformat()
    ]
    last = max(running, default=-1)
    return tuple(replace(step, is_planned=place > last) for place, step in enumerate(steps))


def data_centre_of(row: Row, iso3: str, timeline: list[Row], names: Names, dropped: Counter[str], today: date) -> DataCentre:
    name, place = one_line(row["Name"]), one_line(row.get("Address", ""))
    h100e, power = number(row, "Current H100 equivalents", dropped), number(row, "Current power (MW)", dropped)
    cost = number(row, COST, dropped)
    steps = steps_of(timeline, h100e, today, dropped)
    is_running = bool(h100e or power)
    begun = [step for step in steps if not step.is_planned]
    status = "operational" if is_running else "under-construction" if begun else "planned"
    doubted = (*speculative_parts(row["Owner"]), *speculative_parts(row["Users"]))
    owners = names.organisations(parts(row["Owner"]), name)
    users = names.known_organisations(parts(row["Users"]))
    unsure = set(names.known_organisations(doubted))
    chips = [names.chip(chip, name) for chip in parts(row.get("Current chip types") or row.get("All chip types", ""))]
    machine = Machine(
        name=name,
        iso3=iso3,
        owners=frozenset(owners),
        users=frozenset(users),
        place=place,
        position=position_of(row, place, dropped),
        chips={} if None in chips else dict.fromkeys(chips),
        size=h100e,
        power=power,
        start=next((step.day for step in steps if step.values.get("h100e") and step.is_planned != is_running), ""),
        is_planned=not is_running,
        has_other_owner=bool(row["Owner"]) and not owners,
        is_campus=True,
    )
    return DataCentre(
        machine=machine,
        status=status,
        h100e=h100e,
        cost_usd_m=cost * 1000 if cost else None,
        as_of=begun[-1].day if begun and is_running else "",
        steps=steps,
        owners=tuple(org_id for org_id in owners if org_id not in unsure),
        tenants=tuple(users) if len(parts(row["Users"])) == 1 and not set(users) & (set(owners) | unsure) else (),
        speculative=doubted,
        users=", ".join(parts(row["Users"])),
    )


def facts_of(centre: DataCentre, site_id: str) -> list[Fact]:
    """What the source says of a site of ours. A step of the timeline is `<measure>@<date>`, or `<measure>_planned@<date>` where it is still to come."""
    values = {
        "status": centre.status,
        "operational_date": centre.machine.start,
        "h100e_stated": plain_number(centre.h100e),
        "power_mw": plain_number(centre.machine.power),
        "cost_usd_m": plain_number(centre.cost_usd_m),
    }
    for step in centre.steps:
        for measure, value in step.values.items():
            values[f"{measure}{'_planned' if step.is_planned else ''}@{step.day}"] = (
                plain_number(value) or "0"
            )  # zero is measured: nothing ran yet
    return [Fact("sites", site_id, field, value, centre.machine.name) for field, value in values.items() if value]


def add_site(new: NewSites, centre: DataCentre, counts: bool, taken_ids: set[str], taken_names: set[str]) -> None:
    remarks = (
        "" if counts else "not in totals: another site of its owner or of an unknown owner may be the same or a part of it",
        f"speculative in the source: {', '.join(dict.fromkeys(centre.speculative))}" if centre.speculative else "",
        "" if centre.machine.power or not centre.planned_power else "power = planned peak of the whole facility",
    )
    cells = {
        "name": free(centre.machine.name, " ", taken_names),
        "kind": "data-centre",
        "sector": "private",  # the list is of data centres that companies build for frontier models; it has no column for it
        "status": centre.status,
        "figures_as_of": centre.as_of,
        "counts_in_total": "yes" if counts else "no",
        "h100e_stated": plain_number(centre.h100e),  # the source gives chips by name only
        "power_mw": plain_number(centre.machine.power or centre.planned_power),
        "cost_usd_m": plain_number(centre.cost_usd_m),
        "cost_basis": "modelled" if centre.cost_usd_m else "",
        "purpose": centre.users,
        "note": "; ".join(remark for remark in remarks if remark),
    }
    parties = [("owner", org_id) for org_id in centre.owners] + [("tenant", org_id) for org_id in centre.tenants]
    new.add(free(f"epoch-dc-{slug(centre.machine.name)}", "-", taken_ids), centre.machine, cells, parties)


def timelines_of(rows: list[Row], known_names: set[str], dropped: Counter[str]) -> dict[str, list[Row]]:
    timelines: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["Data center"] in known_names:
            timelines[row["Data center"]].append(row)
        else:
            dropped["step of a data centre that is not in the list"] += 1
    return timelines


def place(centres: list[DataCentre], known: Known) -> list[Match | None]:
    return Sites(known, beside=(clusters.NAME,)).place([centre.machine for centre in centres])


def parse(files: Mapping[str, Path], known: Known) -> Layer:
    """The layer; see the module. Raises Drift."""
    layer, names, today = Layer(), Names(known), date.today()
    rows, steps = read_table(files, FILE, NEEDED), read_table(files, TIMELINES, NEEDED_STEPS)
    layer.read = len(rows) + len(steps)
    timelines = timelines_of(steps, {row["Name"] for row in rows}, layer.dropped)
    centres = []
    for row in named(rows, "Name", layer.dropped):
        country = ", ".join(parts(row["Country"]))
        iso3 = names.country(country, one_line(row["Name"])) if country else None
        if iso3:
            centres.append(data_centre_of(row, iso3, timelines[row["Name"]], names, layer.dropped, today))
        elif not country:
            layer.dropped["country not stated"] += 1
    new, taken_ids, taken_names = NewSites(f"upstream-{NAME}"), set(), names_of_others(known, NAME)
    for centre, match in zip(centres, place(centres, known), strict=True):
        if match and match.is_sure and match.site_id in known.site_ids:
            layer.facts += facts_of(centre, match.site_id)
        elif match and match.reason not in ONLY_OWNER:
            layer.doubtful.append(Doubtful("sites", centre.machine.name, match.site_id, match.reason))
        else:
            # Without the layer of clusters, or an owner to look for in it, nothing says that the machines here are not counted there.
            counts = match is None and bool(centre.machine.owners) and clusters.NAME in known.layers
            add_site(new, centre, counts, taken_ids, taken_names)
    layer.rows = new.rows
    layer.unmapped = names.unmapped
    return layer
