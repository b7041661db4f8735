"""The whole data package in one folder: a database in, files out that need no server, no network and no Atlas to be read."""

import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from atlas import formats
from atlas.filters import Query
from atlas.open_data.answer import LICENCE, LICENCE_URL
from atlas.open_data.package import DESCRIPTION, TITLE, descriptor
from atlas.open_data.tables import about_rows, built
from atlas.store import Database

FILES = ("csv", "parquet")


class ExportError(Exception):
    """The folder cannot be written; the message says why, and what to do."""


def _dictionary(database: Database) -> Iterable[str]:
    for table in database.tables.values():
        yield f"\n### {table.name}\n\nKey: {', '.join(table.keys[0])}. Rows: {database.count(Query(table.name))}.\n"
        yield "| column | type | meaning | unit | refers to |\n|---|---|---|---|---|"
        for column in table.columns:
            refers = ".".join(table.references.get(column.name, ()))
            yield f"| {column.name} | {column.type.lower()}{' not null' if column.required else ''} | {column.meaning} | {column.unit} | {refers} |"


def readme(database: Database) -> str:
    """What is in the folder, what it may be used for, and what every column means."""
    return "\n".join(
        [
            f"# {TITLE}: the data",
            f"\n{DESCRIPTION}\n",
            f"Data version {database.version}, {built(database)}. Licence: {LICENCE} ({LICENCE_URL}). The sources keep their own terms: see the column",
            "`licence` of `csv/sources.csv`; what rests on a source whose licence says NC may not be used commercially.",
            "",
            "| file | what |",
            "|---|---|",
            "| `csv/<table>.csv` | every table: UTF-8, comma, an empty cell is not known |",
            "| `parquet/<table>.parquet` | the same with types; what a file is stands in its metadata under `atlas` |",
            "| `atlas.duckdb` | all tables, their rules, and every question of the dashboard as a view |",
            "| `datapackage.json` | the tables as a Data Package: types, keys, meanings, units |",
            "| `CHANGES.csv` | what was added, removed and corrected between versions of the data |",
            "| `CITATION.cff` | how to cite |",
            "\nEvery row names its source (`source_id`) and, where it is a fact, how well it is known (`confidence`). Unknown is empty, never zero;",
            "planned is never mixed with running.",
            "\n## Data dictionary",
            *_dictionary(database),
            "",
        ]
    )


def citation(database: Database) -> str:
    """CITATION.cff, version 1.2.0 of the format."""
    return "\n".join(
        [
            "cff-version: 1.2.0",
            'message: "Please cite the data by these fields, and a figure that comes from one source by that source."',
            f'title: "{TITLE}"',
            f'abstract: "{DESCRIPTION}"',
            "type: dataset",
            "authors:",
            f'  - name: "{TITLE}"',
            f'version: "{database.version}"',
            f"date-released: {built(database)}",
            f"license: {LICENCE}",
            "",
        ]
    )


def _write(folder: Path, database: Database) -> None:
    for ending in FILES:
        (folder / ending).mkdir()
        for name in database.tables:
            says = about_rows(database, Query(name), f"{ending}/{name}.{ending}") if ending != "csv" else None
            with (folder / ending / f"{name}.{ending}").open("wb") as file:
                file.writelines(formats.WRITERS[ending](database.batches(Query(name)), says))
    shutil.copyfile(database.path, folder / "atlas.duckdb")
    changes = database.read("change_log")
    changes.assign(source_ids=["; ".join(ids) for ids in changes["source_ids"]]).to_csv(
        folder / "CHANGES.csv", index=False, lineterminator="\n"
    )
    package = descriptor(database, lambda table: f"csv/{table}.csv")
    (folder / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False, indent=1), encoding="utf-8")
    (folder / "README.md").write_text(readme(database), encoding="utf-8")
    (folder / "CITATION.cff").write_text(citation(database), encoding="utf-8")
    licence = f"{TITLE}: the data may be used under {LICENCE}.\n{LICENCE_URL}\n\nIts sources keep their own terms: csv/sources.csv names the licence of each that states one.\n"
    (folder / "LICENSE").write_text(licence, encoding="utf-8")


def _is_export(folder: Path) -> bool:
    try:
        return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["name"] == "sovereign-ai-atlas"
    except (OSError, ValueError, KeyError, TypeError):
        return False


def export(database: Database, folder: Path) -> None:
    """Write everything into `folder`, whole or not at all: an earlier export there is replaced at the end, anything else is left alone.

    Raises ExportError.
    """
    if folder.exists() and not (folder.is_dir() and (not any(folder.iterdir()) or _is_export(folder))):
        raise ExportError(f"{folder} is there and is no earlier export: name a new folder, or empty this one")
    making = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        making.mkdir(parents=True)
        try:
            _write(making, database)
            if folder.exists():
                shutil.rmtree(folder)
            making.rename(folder)
        finally:
            shutil.rmtree(making, ignore_errors=True)
    except OSError as error:
        raise ExportError(f"{folder} cannot be written ({error.strerror}): make room, permit it, or name another folder") from error
