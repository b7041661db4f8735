"""What the Atlas knows, for placing upstream names: the curated rows and the editors' decisions in, ids out. An id is found or it is None, never guessed."""

import csv
import re
import unicodedata
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from babel import Locale

from atlas import store

DECISIONS = "names.csv"  # of data/upstream/: kind, name, id; an empty id says that the name stands for none of our rows
Rows = Mapping[str, list[dict[str, str]]]  # table -> rows, cells as text
LEGAL_FORM = re.compile(r"([,. ]+(inc|incorporated|corp|corporation|co|company|ltd|limited|llc|plc|gmbh|ag|sa|nv|bv|kk)\b\.?)+$")


def plain(name: str) -> str:
    """A name without case, accents, signs and legal form, as checks.sql compares organisations: SK hynix and S.K. Hynix Co., Ltd. are one."""
    letters = "".join(sign for sign in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(sign))
    return re.sub(r"[\W_]", "", LEGAL_FORM.sub("", unicodedata.normalize("NFC", letters.strip())))


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of one of our CSV files, all cells as text; none where there is no such file."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tables_of(folder: Path) -> Rows:
    return {path.stem: read_rows(path) for path in sorted(folder.glob("*.csv"))}


class Known:
    """The curated tables (`rows`: table -> rows, cells as text) and the editors' decisions about upstream names.

    `layers` holds the same for every upstream layer as it was last written, by the name of its source: two layers may tell of one machine.
    Ids are found among curated rows only.
    """

    def __init__(self, rows: Rows, decisions: list[dict[str, str]] = (), layers: Mapping[str, Rows] | None = None):
        self.rows = rows
        self.layers = layers or {}
        self._decided = {(row["kind"], plain(row["name"])): row["id"] for row in decisions}

    @classmethod
    def of(cls, data_dir: Path) -> "Known":
        upstream = data_dir / "upstream"
        layers = {name: tables_of(folder) for name, folder in store.layer_folders(data_dir).items()}
        return cls(tables_of(data_dir), read_rows(upstream / DECISIONS), layers)

    def decided(self, kind: str, name: str) -> str | None:
        """What an editor decided about an upstream name: an id, empty for none of ours, None where nobody has decided."""
        return self._decided.get((kind, plain(name)))

    def _find(self, kind: str, name: str, index: Mapping[str, str]) -> str | None:
        decision = self.decided(kind, name)
        return (decision or None) if decision is not None else index.get(plain(name))

    @cached_property
    def _countries(self) -> dict[str, str]:
        english = Locale.parse("en").territories
        index = {}
        for row in self.rows["countries"]:
            for name in (row["iso3"], row["iso2"], row["name"], english.get(row["iso2"], "")):
                if name:
                    index[plain(name)] = row["iso3"]
        return index

    @cached_property
    def _organisations(self) -> dict[str, str]:
        index = {}
        for row in self.rows["organisations"]:
            for name in (row["name"], row["local_name"], *row["aliases"].split(";")):
                if name.strip():
                    index[plain(name)] = row["org_id"]
        return index

    @cached_property
    def _chips(self) -> dict[str, str]:
        """Chips by name, with and without the name of their vendor before it."""
        vendors = {row["org_id"]: row["name"] for row in self.rows["organisations"]}
        index = {}
        for row in self.rows["chips"]:
            for name in (row["name"], f"{vendors.get(row['vendor_org_id'], '')} {row['name']}"):
                index[plain(name)] = row["chip_id"]
        return index

    @cached_property
    def site_ids(self) -> frozenset[str]:
        """The curated sites."""
        return frozenset(row["site_id"] for row in self.rows["sites"])

    def country(self, name: str) -> str | None:
        return self._find("country", name, self._countries)

    def organisation(self, name: str) -> str | None:
        return self._find("organisation", name, self._organisations)

    def chip(self, name: str) -> str | None:
        return self._find("chip", name, self._chips)
