"""What the tests of adapters share: files in the upstream form, spoiled files, and the check of a layer's rows in a small data folder."""

import csv
import io
import json
from collections.abc import Iterator
from copy import copy
from pathlib import Path

import pytest

from atlas.store import Problem
from atlas.upstream.known import Known
from atlas.upstream.layer import Adapter, Drift, Fact, Layer
from tests.conftest import DataFolder
from tests.layers import put_layer

HTML = b"<!DOCTYPE html>\n<html><body>Sign in to go on</body></html>"
SPOILED = {"empty": b"", "blank": b" \r\n\n", "a web page": HTML, "damaged": b'[{"a": \xff\xfe\x00', "cut": b'[{"id": "a/b", "name": "abc'}
JUNK = (None, [], {}, 7, "", "x", True, -1.5, [None], {"a": 1}, "²", 1e308, "a\x00b", "\ud800")
spoiled = pytest.mark.parametrize("content", SPOILED.values(), ids=SPOILED)


def as_csv(header: str, *rows: str) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def without_column(content: bytes, column: str) -> bytes:
    """A CSV file as it would be without a column."""
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    out = io.StringIO()
    writer = csv.DictWriter(out, [name for name in rows[0] if name != column], extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def as_json(content: object) -> bytes:
    return json.dumps(content).encode()


def with_junk(content: object) -> Iterator[object]:
    """JSON content with every part of it, one after the other, taken away or replaced by what does not belong there."""
    yield from JUNK
    parts = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for place, part in parts:
        for junk in with_junk(part):
            changed = copy(content)
            changed[place] = junk
            yield changed
        changed = copy(content)
        del changed[place]
        yield changed


def survives_junk(adapter: Adapter, folder: DataFolder, contents: dict[str, bytes], name: str) -> tuple[int, int]:
    """How often an adapter refuses a file with junk in it, and how often it reads the rest; anything but Drift comes through."""
    refused, read, ours, files = 0, 0, known(folder), written(folder, contents)
    for content in with_junk(json.loads(contents[name])):
        files[name].write_bytes(as_json(content))
        try:
            adapter.parse(files, ours)
            read += 1
        except Drift:
            refused += 1
    return refused, read


def written(folder: DataFolder, contents: dict[str, bytes]) -> dict[str, Path]:
    """Downloaded files of these contents, by name."""
    place = folder.path.parent / "downloads"
    place.mkdir(exist_ok=True)
    for name, content in contents.items():
        (place / name).write_bytes(content)
    return {name: place / name for name in contents}


def parse(adapter: Adapter, folder: DataFolder, contents: dict[str, bytes]) -> Layer:
    """What an adapter makes of files of these contents, beside the rows of the folder."""
    return adapter.parse(written(folder, contents), known(folder))


def known(folder: DataFolder) -> Known:
    return Known.of(folder.path)


def decide(folder: DataFolder, *decisions: str) -> None:
    """Decisions of an editor about upstream names, each as kind,name,id."""
    path: Path = folder.path / "upstream" / "names.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(as_csv("kind,name,id", *decisions))


def problems(folder: DataFolder, adapter: Adapter, layer: Layer) -> list[Problem]:
    """What the check of the data says once the layer stands beside the rows of the folder."""
    put_layer(folder.path, adapter, layer)
    return folder.problems()


def values(layer: Layer, table: str, *columns: str) -> set[tuple[str, ...]]:
    """The rows of a table of the layer, cut to some columns."""
    return {tuple(row[column] for column in columns) for row in layer.rows.get(table, [])}


def facts(layer: Layer) -> dict[tuple[str, str, str], str]:
    """The values of facts by table, thing and field, each of which is said once."""
    by_key = {(fact.table, fact.thing_id, fact.field): fact.value for fact in layer.facts}
    assert len(by_key) == len(layer.facts)
    return by_key


def fact_of(layer: Layer, name: str) -> Fact:
    return next(fact for fact in layer.facts if fact.field == name)
