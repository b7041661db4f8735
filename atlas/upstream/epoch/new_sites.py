"""New sites: machines that the Atlas does not have in; rows for sites, site_chips and site_parties with ids and names of their own out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from atlas.upstream.epoch.table import plain_number
from atlas.upstream.known import Known
from atlas.upstream.machine import Machine

TABLES = ("sites", "site_chips", "site_parties")


def free(text: str, mark: str, taken: set[str]) -> str:
    """The text, or with the first free number behind it; taken from then on."""
    number, found = 1, text
    while found in taken:
        number += 1
        found = f"{text}{mark}{number}"
    taken.add(found)
    return found


def names_of_others(known: Known, layer_name: str) -> set[str]:
    """The names of all sites but those of one layer: a site has a name of its own."""
    others = (known.rows, *(rows for name, rows in known.layers.items() if name != layer_name))
    return {row["name"] for rows in others for row in rows.get("sites", ())}


@dataclass
class NewSites:
    """Collects the rows of one layer."""

    source_id: str
    rows: dict[str, list[dict[str, str]]] = field(default_factory=lambda: {table: [] for table in TABLES})

    def add(self, site_id: str, machine: Machine, cells: Mapping[str, str], parties: Iterable[tuple[str, str]]) -> None:
        """One site. `cells` are columns of sites beside those that the machine tells; `parties` are pairs of role and organisation."""
        origin = {"site_id": site_id, "confidence": "planned" if machine.is_planned else "estimated", "source_id": self.source_id}
        latitude, longitude = machine.position or ("", "")
        told = {
            "name": machine.name,
            "iso3": machine.iso3,
            "location": machine.place,
            "latitude": str(latitude),
            "longitude": str(longitude),
            "operational_date": machine.start,
            "power_mw": plain_number(machine.power),
        }
        self.rows["sites"].append({**told, **cells, **origin})
        self.rows["site_chips"] += [
            {**origin, "chip_id": chip_id, "chip_count": plain_number(count)} for chip_id, count in machine.chips.items()
        ]
        self.rows["site_parties"] += [{**origin, "org_id": org_id, "role": role} for role, org_id in dict.fromkeys(parties)]
