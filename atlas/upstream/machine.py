"""One machine or campus as far as it takes to tell it from others: its names, owners, place, figures and dates."""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from atlas.upstream.known import plain

# Words that say nothing about which machine it is, or where it stands.
STATE_WORDS = re.compile(r"\b(phase|stage|step|part|possible|rumou?red|planned|current|state|first|full)\b|\b[ivx]+\b|\d+\b")
COMMON_WORDS = frozenset((
    "the", "and", "near", "with", "from", "street", "road", "drive", "avenue", "boulevard", "parkway", "lane", "campus", "center",
    "centre", "data", "datacenter", "datacentre", "park", "building", "cluster", "clusters", "supercomputer", "supercomputers",
    "supercluster", "superpod", "computing", "supercomputing", "compute", "cloud", "factory", "factories", "national", "system", "site",
    "university", "institute", "laboratory", "technology", "science", "republic", "city", "county", "region", "province", "north",
    "south", "east", "west", "northern", "southern", "eastern", "western", "anonymized", "gpus", "gpu", "llc", "usa",
))  # fmt: skip


def words(text: str, shortest: int = 3) -> frozenset[str]:
    """Words and numbers that may tell one name or place from another, without case and accents."""
    letters = "".join(sign for sign in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(sign))
    return frozenset(word for word in re.findall(r"[^\W_]+", letters) if len(word) >= shortest and word not in COMMON_WORDS)


def stem(name: str) -> str:
    """A name without what tells the phases of one machine apart."""
    return plain(STATE_WORDS.sub(" ", name.lower()))


@dataclass(frozen=True)
class Machine:
    """A site as far as it takes to tell it from others. Unknown is empty or None.

    `owners` and `users` are ids of organisations; `chips` counts chips by id; `size` is in H100 equivalents; `power` in MW; `start` is a date of ours.
    """

    name: str
    iso3: str
    owners: frozenset[str] = frozenset()
    users: frozenset[str] = frozenset()
    place: str = ""
    position: tuple[float, float] | None = None  # latitude and longitude in degrees
    chips: Mapping[str, float | None] = field(default_factory=dict)
    size: float | None = None
    power: float | None = None
    start: str = ""
    is_planned: bool = False
    has_other_owner: bool = False  # yes where the source names an owner, and it is none of ours
    has_name: bool = True  # no where the source hides the name, so that only size and date can tell
    site_id: str = ""  # of sites that we have
    counts: bool = False
    is_campus: bool = False  # a data centre that may hold any machine of its owner

    @cached_property
    def name_words(self) -> frozenset[str]:
        return words(STATE_WORDS.sub(" ", self.name.lower()))

    @cached_property
    def place_words(self) -> frozenset[str]:
        return words(self.place, shortest=4)

    @cached_property
    def has_address(self) -> bool:
        """Whether the place is known to the street; two names of towns may stand for neighbours."""
        return any(sign.isdigit() for sign in self.place)

    @cached_property
    def stem(self) -> str:
        return stem(self.name)

    @cached_property
    def chip_total(self) -> float | None:
        counts = list(self.chips.values())
        return sum(counts) if counts and None not in counts else None


def ratio(one: float | None, other: float | None) -> float | None:
    """How many times the larger is the smaller; None where one is unknown."""
    return max(one, other) / min(one, other) if one and other else None


def within(one: float | None, other: float | None, part: float) -> bool:
    times = ratio(one, other)
    return times is not None and times <= 1 + part


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance."""
    (lat1, lon1), (lat2, lon2) = ([math.radians(angle) for angle in position] for position in (one, other))
    chord = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 12742 * math.asin(math.sqrt(min(chord, 1)))


def days_between(one: str, other: str) -> float | None:
    """Days between two dates of ours, each taken at its first day; None where one is unknown."""
    days = []
    for text in (one, other):
        found = re.match(r"(\d{4})(?:-Q([1-4])|-(\d\d)(?:-(\d\d))?)?", text)
        if not found:
            return None
        year, quarter, month, day = found.groups()
        days.append(date(int(year), int(month or 3 * int(quarter or 1) - 2), int(day or 1)))
    return abs((days[0] - days[1]).days)


def same_chip(one: Machine, other: Machine) -> bool:
    return bool((one.chips.keys() & other.chips.keys()) - {"unstated"})
