"""What an upstream source says, in the terms of the Atlas: rows for our tables, facts beside our rows, and what could not be placed."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from atlas import store


@dataclass(frozen=True)
class Fact:
    """One upstream value of a thing that the Atlas has a row of. It stands beside the curated value and never replaces it.

    `table` and `thing_id` name our row (the parts of a longer key stand with a slash between them), `field` is the column of schema.sql where there is one, else a plain name (`downloads_all_time`).
    """

    table: str
    thing_id: str
    field: str
    value: str
    upstream_name: str
    url: str = ""


@dataclass(frozen=True)
class Unmapped:
    """A name that stands for none of our ids. Nothing is guessed: an editor adds the id, or an alias."""

    kind: str  # country, chip, organisation, segment ...
    name: str
    example: str  # the upstream row where it was met first
    rows: int = 1


@dataclass(frozen=True)
class Doubtful:
    """An upstream thing that may be one of ours. It is left out of every sum until an editor decides."""

    table: str
    upstream_name: str
    thing_id: str
    reason: str


@dataclass
class Layer:
    """All that one source gives. `rows` holds rows by table, with the columns of schema.sql, of things that the Atlas has no row of."""

    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    unmapped: list[Unmapped] = field(default_factory=list)
    doubtful: list[Doubtful] = field(default_factory=list)
    read: int = 0  # upstream rows
    dropped: Counter[str] = field(default_factory=Counter)  # upstream rows left out on purpose, by reason


@dataclass(frozen=True)
class File:
    """One file to download: the first of several addresses that gives a good one wins."""

    name: str
    urls: tuple[str, ...]
    is_optional: bool = False  # whether the source can be read without it, as a list that is not out yet


@dataclass(frozen=True)
class Adapter:
    """One upstream source. `parse` takes the downloaded files by name and what the Atlas knows, and raises Drift where a file is not what it was."""

    name: str  # of the folder data/upstream/<name>/, lower-case with hyphens
    publisher: str
    title: str
    page: str  # address for readers
    licence: str
    files: tuple[File, ...] | Callable[["Known"], tuple[File, ...]]  # noqa: F821 - a callable where the addresses follow from our rows
    parse: Callable[[Mapping[str, Path], "Known"], Layer]  # noqa: F821
    is_redistributable: bool = True  # whether the licence allows the layer in a public repository
    is_opt_in: bool = False  # refreshed only where it is named
    note: str = ""  # what the source covers and what to beware of, shown beside its figures

    def files_for(self, known: "Known") -> tuple[File, ...]:  # noqa: F821
        """The files to download for what the Atlas holds now."""
        return self.files(known) if callable(self.files) else self.files


class Drift(Exception):
    """A file of a source is not what it was: the message says what is missing or wrong, and in which file."""


def source_row(adapter: Adapter, retrieved: str, suffix: str = "", **columns: str) -> dict[str, str]:
    """The row of sources.csv under which the rows of an adapter stand; one more source of the same layer by a suffix of its id and columns of its own.

    `retrieved` is a day. The mark at the end of the address keeps it unlike that of a curated source of the same page: no two sources have one address.
    """
    source_id = store.layer_source(adapter.name) + (f"-{suffix}" if suffix else "")
    row = {
        "publisher": adapter.publisher,
        "title": adapter.title,
        "url": adapter.page,
        "licence": adapter.licence,
        "note": adapter.note,
    } | columns
    row["url"] = f"{row['url'].split('#')[0]}#{source_id}"
    return {"source_id": source_id, "retrieved": retrieved, "kind": "dataset", "is_weak": "no"} | row
