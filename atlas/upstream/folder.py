"""The folder of a layer: what a source says in, files beside the curated rows out and back. A folder is put in its place whole or not at all."""

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from atlas.store import Table, durable
from atlas.store.layer_files import ABOUT, NOTES
from atlas.upstream.known import read_rows
from atlas.upstream.layer import Layer, Unmapped

Rows = dict[str, list[dict[str, str]]]  # name of a file without .csv -> its rows, cells as text


def rows_of(layer: Layer, tables: Mapping[str, Table]) -> Rows:
    """What a layer writes into each file, in an order that stays from one refresh to the next. ValueError for a table or column that is not declared."""
    rows: Rows = {}
    for name, given in layer.rows.items():
        unknown = {name} - set(tables) or {column for row in given for column in row} - set(tables[name].column_names)
        if unknown:
            raise ValueError(f"schema.sql declares no {', '.join(sorted(unknown))} for rows of {name}")
        key, columns = tables[name].keys[0], tables[name].column_names
        filled = [{column: _cell(row.get(column)) for column in columns} for row in given]
        rows[name] = sorted(filled, key=lambda row, key=key: [row[column] for column in key])
    for name, things in (("facts", layer.facts), ("unmapped", _together(layer.unmapped)), ("doubtful", layer.doubtful)):
        rows[name] = sorted(
            ({column: _cell(vars(thing)[column]) for column in NOTES[name]} for thing in things), key=lambda row: [*row.values()]
        )
    return rows


def _cell(value) -> str:
    return "" if value is None else str(value)


def _together(unmapped: Iterable[Unmapped]) -> list[Unmapped]:
    """One entry for each name, with all of its rows."""
    found: dict[tuple[str, str], Unmapped] = {}
    for one in unmapped:
        first = found.get((one.kind, one.name))
        found[one.kind, one.name] = Unmapped(one.kind, one.name, first.example, first.rows + one.rows) if first else one
    return [*found.values()]


def write(folder: Path, rows: Rows, about: Mapping, tables: Mapping[str, Table]) -> None:
    """Write the files of a layer into a new folder, and wait until they are on the disk."""
    folder.mkdir()
    for name, given in rows.items():
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, NOTES.get(name) or tables[name].column_names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(given)
        durable(path)
    (folder / ABOUT).write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    durable(folder / ABOUT)
    durable(folder)


def put(new: Path, place: Path) -> None:
    """Put a new folder where the old one was, which is whole there, or beside it under the name that `store.layer_folders` knows, until the new one is."""
    aside, last = place.with_name(f".{place.name}"), new.with_name(f"{new.name}.old")
    if place.exists():
        if aside.exists():  # of a refresh that was killed: the place is whole
            aside.rename(last.with_suffix(".older"))
        place.rename(aside)
    try:
        new.rename(place)
        durable(place.parent)
    except BaseException:
        if place.exists():
            place.rename(new)
        if aside.exists():
            aside.rename(place)
        raise
    if aside.exists():
        aside.rename(last)  # into the folder of the new one, which its owner removes


def read(folder: Path | None) -> tuple[Rows, dict]:
    """What a folder holds, and what it says of itself; nothing where there is none."""
    if folder is None:
        return {}, {}
    return {path.stem: read_rows(path) for path in sorted(folder.glob("*.csv"))}, json.loads((folder / ABOUT).read_text(encoding="utf-8"))
