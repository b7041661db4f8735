"""Sites told apart: machines of a source and the sites we have in; for each, the site that it is, the site that it may be, or nothing, out.

Every new site adds to the total of its country, so the rules prefer doubt: what cannot be told from a site of ours is listed and not counted.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from atlas.upstream.known import Known, Rows, plain
from atlas.upstream.machine import Machine, days_between, distance_km, ratio, same_chip, within, words

NEAR_KM = 25  # coordinates are often those of the town
SAME_QUANTITY = 0.02  # two counts of the chips of one machine
SIMILAR_QUANTITY = 0.25
SIMILAR_SIZE = 2.0  # times, between figures that are estimates or rounded
SAME_START_DAYS = 62
SHARED_STEM_SIGNS = 6  # shortest stem that means something inside another name
SIMILAR_START_DAYS = 366


class Doubt(StrEnum):
    """Why a machine may be a site that we have, the strongest reason first."""

    STATE = "named like a part or another state of it"
    NAME = "similar name"
    ADDRESS = "same address"
    OWNER_AND_PLACE = "same owner or user, and same place"
    OWNER_AND_CHIPS = "same owner and chips, similar number, and the place is not known"
    OWNER_OF_CAMPUS = "same owner, and the place is not known: one may stand in the other"
    OWNER = "same owner, and neither place nor chips can tell"
    PLACE_AND_POWER = "same place and similar power, and the owner is not known"
    CHIPS = "same chips and similar number, and the owner is not known"
    NAMELESS = "without a name, and of about this size and start"
    NAMELESS_PLAN = "a plan without a name may be this site"


@dataclass(frozen=True)
class Match:
    """The site that a machine is (`is_sure`), or may be, and why."""

    site_id: str
    is_sure: bool
    reason: str


def is_same_start(one: Machine, other: Machine) -> bool:
    days = days_between(one.start, other.start)
    return (one.is_planned and other.is_planned) if days is None else days <= SAME_START_DAYS


class Groups:
    """Organisations by the head of the group that they belong to: a subsidiary and its parent are one owner."""

    def __init__(self, known: Known):
        self._parent = {row["org_id"]: row["parent_org_id"] for row in known.rows["organisations"]}

    def heads(self, org_ids: Iterable[str]) -> frozenset[str]:
        return frozenset(self._head(org_id) for org_id in org_ids)

    def _head(self, org_id: str) -> str:
        for _ in range(20):  # circles are refused by the checks of the data, which run later
            org_id = self._parent.get(org_id) or org_id
        return org_id


class Sites:
    """The curated sites, and those of other layers (`beside`: names of sources) that the same machine may stand in."""

    def __init__(self, known: Known, beside: Iterable[str] = ()):
        self._known = known
        self._groups = Groups(known)
        self._owner_words = {row["org_id"]: words(f"{row['name']} {row['aliases']}", shortest=4) for row in known.rows["organisations"]}
        self._country_words = {row["iso3"]: words(row["name"]) for row in known.rows["countries"]}
        self._tflops = {row["chip_id"]: float(row["fp16_dense_tflops"]) for row in known.rows["chips"] if row["fp16_dense_tflops"]}
        self.machines: dict[str, Machine] = {}
        for rows in (known.rows, *(known.layers[name] for name in beside if name in known.layers)):
            self.machines |= self._machines_of(rows)
        self._by_name = {plain(machine.name): machine for machine in self.machines.values()}
        self._by_country: dict[str, list[Machine]] = defaultdict(list)
        for machine in self.machines.values():
            self._by_country[machine.iso3].append(machine)

    def h100e(self, chips: Mapping[str, float | None]) -> float | None:
        """H100 equivalents of a set of chips as the Atlas computes them; None where a count or a rate is unknown."""
        if not chips or any(count is None or chip not in self._tflops for chip, count in chips.items()):
            return None
        return sum(count * self._tflops[chip] for chip, count in chips.items()) / self._tflops["nvidia-h100"]

    def _machines_of(self, rows: Rows) -> dict[str, Machine]:
        chips: dict[str, dict[str, float | None]] = defaultdict(dict)
        for row in rows.get("site_chips", ()):
            chips[row["site_id"]][row["chip_id"]] = float(row["chip_count"]) if row["chip_count"] else None
        owners, users = defaultdict(set), defaultdict(set)
        for row in rows.get("site_parties", ()):
            (users if row["role"] == "tenant" else owners)[row["site_id"]].add(row["org_id"])
        return {
            row["site_id"]: Machine(
                name=row["name"],
                iso3=row["iso3"],
                owners=frozenset(owners[row["site_id"]]),
                users=frozenset(users[row["site_id"]]),
                place=row["location"],
                position=(float(row["latitude"]), float(row["longitude"])) if row["latitude"] and row["longitude"] else None,
                chips=chips[row["site_id"]],
                size=self.h100e(chips[row["site_id"]]) or (float(row["h100e_stated"]) if row["h100e_stated"] else None),
                power=float(row["power_mw"]) if row["power_mw"] else None,
                start=row["operational_date"],
                is_planned=row["status"] in ("planned", "under-construction"),
                site_id=row["site_id"],
                counts=row["counts_in_total"] == "yes",
                is_campus=row["kind"] == "data-centre",
            )
            for row in rows.get("sites", ())
        }

    def place(self, machines: list[Machine]) -> list[Match | None]:
        """What every machine is: an editor's decision first, then the same name, the same machine by its figures, and last what may be the same."""
        matches = [self._named(machine) if machine.has_name else None for machine in machines]
        taken = {match.site_id for match in matches if match}
        open_ones = [
            number
            for number, machine in enumerate(machines)
            if not matches[number] and machine.has_name and not self._is_none_of_ours(machine)
        ]
        alike = {
            number: [
                own for own in self._by_country[machines[number].iso3] if own.site_id not in taken and self._is_same(machines[number], own)
            ]
            for number in open_ones
        }
        wanted = Counter(own.site_id for found in alike.values() for own in found)
        for number, found in alike.items():
            if len(found) == 1 and wanted[found[0].site_id] == 1:  # a pair of twins stays in doubt
                matches[number] = Match(found[0].site_id, True, "same owner, chips, number and start")
        for number, machine in enumerate(machines):
            if not matches[number] and not self._is_none_of_ours(machine):
                matches[number] = self._doubt(machine)
        return matches

    def _is_none_of_ours(self, machine: Machine) -> bool:
        return self._known.decided("site", machine.name) == ""

    def _named(self, machine: Machine) -> Match | None:
        decision = self._known.decided("site", machine.name)
        if decision is not None:
            return Match(decision, True, "decided by an editor") if decision in self.machines else None
        own = self._by_name.get(plain(machine.name))
        if own is None:
            return None
        if own.iso3 != machine.iso3:
            return Match(own.site_id, False, "same name in another country")
        return Match(own.site_id, True, "same name")

    def _is_same(self, machine: Machine, own: Machine) -> bool:
        return (
            bool(self._groups.heads(machine.owners) & self._groups.heads(own.owners))
            and machine.chips.keys() == own.chips.keys()
            and within(machine.chip_total, own.chip_total, SAME_QUANTITY)
            and is_same_start(machine, own)
            and self._is_near(machine, own) is not False
        )

    def _is_near(self, machine: Machine, own: Machine) -> bool | None:
        """Whether two sites may share a place: by coordinates, else by words of address and name; None where a place is not known well enough."""
        if machine.position and own.position:
            return distance_km(machine.position, own.position) <= NEAR_KM
        if self._shared_place(machine, own):
            return True
        return False if machine.has_address and own.has_address else None

    def _where(self, machine: Machine) -> frozenset[str]:
        return machine.place_words - self._country_words.get(machine.iso3, frozenset())

    def _shared_place(self, machine: Machine, own: Machine) -> frozenset[str]:
        shared = (self._where(machine) & (self._where(own) | own.name_words)) | (self._where(own) & machine.name_words)
        return shared.difference(*(self._owner_words[org_id] for org_id in machine.owners | own.owners | own.users))

    def _doubt(self, machine: Machine) -> Match | None:
        """The site that it may be for the strongest reason."""
        doubt_about = self._doubt_about if machine.has_name else self._doubt_about_nameless
        doubts = [(reason, own.site_id) for own in self._by_country[machine.iso3] if (reason := doubt_about(machine, own))]
        if not doubts:
            return None
        reason, site_id = min(doubts, key=lambda doubt: list(Doubt).index(doubt[0]))
        return Match(site_id, False, reason)

    def _doubt_about_nameless(self, machine: Machine, own: Machine) -> Doubt | None:
        """Epoch hides name, owner and place of Chinese systems and rounds their figures. Such a row counts only where no site of the country that
        counts can be it: a plan may be any site that started since, a running system any of about its size and start."""
        if not own.counts:
            return None
        if machine.is_planned:
            return Doubt.NAMELESS_PLAN
        days = days_between(machine.start, own.start)
        times = [
            times
            for one, other in ((machine.size, own.size), (machine.power, own.power), (machine.chip_total, own.chip_total))
            if (times := ratio(one, other))
        ]
        if (days is None or days <= SIMILAR_START_DAYS) and (not times or min(times) <= SIMILAR_SIZE):
            return Doubt.NAMELESS
        return None

    def _doubt_about(self, machine: Machine, own: Machine) -> Doubt | None:
        short, long = sorted((machine.stem, own.stem), key=len)
        if short and (short == long or (len(short) >= SHARED_STEM_SIGNS and short in long)):
            return Doubt.STATE
        common = machine.name_words & own.name_words
        if len(common) >= 2 and len(common) >= 2 / 3 * min(len(machine.name_words), len(own.name_words)):
            return Doubt.NAME
        near = self._is_near(machine, own)
        if not own.counts or near is False:
            return None  # what adds to no total cannot be counted twice
        is_owned = self._groups.heads(machine.owners) & self._groups.heads(own.owners | own.users)
        if near and (is_owned or self._groups.heads(machine.users) & self._groups.heads(own.owners | own.users)):
            return Doubt.OWNER_AND_PLACE
        if near and len(self._shared_place(machine, own)) >= 2:
            return Doubt.ADDRESS
        if is_owned:
            return self._doubt_about_owned(machine, own)
        if not machine.owners and near and within(machine.power, own.power, SIMILAR_QUANTITY):
            return Doubt.PLACE_AND_POWER
        alike = SAME_QUANTITY if machine.has_other_owner else SIMILAR_QUANTITY
        if not machine.owners and same_chip(machine, own) and within(machine.chip_total, own.chip_total, alike):
            return Doubt.CHIPS
        return None

    def _doubt_about_owned(self, machine: Machine, own: Machine) -> Doubt | None:
        """A machine of the same owner, of which the place is not known well enough."""
        if own.is_campus or machine.is_campus:
            return Doubt.OWNER_OF_CAMPUS
        if not machine.chips or not own.chips:
            return Doubt.OWNER
        if same_chip(machine, own) and within(machine.chip_total, own.chip_total, SIMILAR_SIZE - 1):
            return Doubt.OWNER_AND_CHIPS
        return None
