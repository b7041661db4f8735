"""Refresh: sources in; a layer on the disk for each, and lines on what is new in it, out.

A source that fails keeps the layer that it had, byte for byte, says why, and stops no other.
"""

import fcntl
import pkgutil
import shutil
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from atlas import store, upstream
from atlas.store.layer_files import INCOMING
from atlas.upstream import difference, folder
from atlas.upstream.fetch import Fetched, FetchError
from atlas.upstream.known import Known
from atlas.upstream.layer import Adapter, Drift, Layer, source_row
from atlas.upstream.origins import Progress, Refused, files_of, keep, origins_of

SMALLEST_SHARE = 0.5  # of what a source gave the last time: with less it is taken for cut or changed
MOST_PROBLEMS = 10


def adapters() -> dict[str, Adapter]:
    """All sources by name: what the modules of this package hold in ADAPTERS."""
    modules = [import_module(f"{upstream.__name__}.{module.name}") for module in pkgutil.iter_modules(upstream.__path__)]
    return {adapter.name: adapter for module in modules for adapter in getattr(module, "ADAPTERS", ())}


# One source


def refresh(adapter: Adapter, data_dir: Path, cache_dir: Path, *, given: str = "", progress: Progress = lambda text: None) -> list[str]:
    """Download, read, check and write the layer of one source; lines on what is new, the last of which says it in short.

    `given` is a file, folder or web address to read in place of the source's own. Raises Refused, and then layer and cache are as they were.
    """
    try:
        return _refreshed(adapter, data_dir, cache_dir, given, progress)
    except (FetchError, Drift) as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise Refused(f"{error.filename or data_dir} cannot be read or written ({error.strerror}); permit it, or make room") from error
    except store.DataError as error:
        shown = [*map(str, error.problems[:MOST_PROBLEMS])]
        rest = [f"... and {len(error.problems) - MOST_PROBLEMS} more"] if len(error.problems) > MOST_PROBLEMS else []
        raise Refused("\n  ".join(["its rows do not hold beside the curated ones:", *shown, *rest])) from error


def _refreshed(adapter: Adapter, data_dir: Path, cache_dir: Path, given: str, progress: Progress) -> list[str]:
    known, cache, place = Known.of(data_dir), cache_dir / adapter.name, data_dir / "upstream" / adapter.name
    layers = store.layer_folders(data_dir)
    version = store.data_version(data_dir)
    tables = store.read_declaration(data_dir / "schema.sql")[1]
    before, about_before = folder.read(layers.get(adapter.name))
    cache.mkdir(parents=True, exist_ok=True)
    place.parent.mkdir(exist_ok=True)
    with (
        TemporaryDirectory(prefix=INCOMING, dir=cache) as downloads,
        TemporaryDirectory(prefix=INCOMING, dir=place.parent) as incoming,
    ):
        origins = origins_of(adapter.files_for(known), given)
        files = files_of(origins, cache, Path(downloads), progress)
        progress(f"{adapter.name}: reading")
        layer = _parsed(adapter, {name: file.path for name, file in files.items()}, known)
        retrieved = datetime.now(UTC).isoformat(timespec="seconds")
        layer.rows["sources"] = [source_row(adapter, retrieved[:10]), *layer.rows.get("sources", [])]
        try:
            rows = folder.rows_of(layer, tables)
        except ValueError as error:
            raise Refused(str(error)) from error
        _compare_size(adapter.name, layer, rows, before, about_before)
        new = Path(incoming) / adapter.name
        folder.write(new, rows, _about(adapter, layer, files, retrieved, version), tables)
        progress(f"{adapter.name}: checking")
        connection, _ = store.load_tables(data_dir, folders=layers | {adapter.name: new})
        otherwise = store.facts_otherwise(connection, adapter.name)
        connection.close()
        lines = difference.lines(layer, before, rows, otherwise, tables)
        if is_new := _undated(rows) != _undated(before):
            folder.put(new, place)
        if not any(origin.path for origin in origins):
            keep(files, cache)
    counts = {name: len(rows[name]) for name in ("facts", "unmapped", "doubtful")} | {"rows": _placed(rows) - len(rows["facts"])}
    short = "new layer: {rows} rows, {facts} facts, {unmapped} names of nothing of ours, {doubtful} doubtful".format(**counts)
    return [*lines, short if is_new else f"nothing new since {about_before['retrieved'][:10]}"]


def _parsed(adapter: Adapter, files: Mapping[str, Path], known: Known) -> Layer:
    try:
        return adapter.parse(files, known)
    except Drift:
        raise
    except Exception as error:  # whatever a file holds that its reader did not foresee must not stop the other sources
        raise Refused(f"its files cannot be read as they were before ({type(error).__name__}: {error}); the adapter must follow") from error


def _placed(rows: folder.Rows) -> int:
    """Rows for tables and facts beside them: what of a source is of use."""
    return sum(len(given) for name, given in rows.items() if name not in ("sources", "unmapped", "doubtful"))


def _compare_size(name: str, layer: Layer, rows: folder.Rows, before: folder.Rows, about_before: Mapping) -> None:
    """Refuse what is empty, or much less than the last time."""
    if not layer.read:
        raise Refused("its files hold no rows")
    counts = ((layer.read, about_before.get("rows_read", 0), "rows"), (_placed(rows), _placed(before), "rows and facts that can be placed"))
    for now, last, what in counts:
        if now < SMALLEST_SHARE * last:
            raise Refused(
                f"it gives {now} {what} and gave {last} the last time, which looks like a cut or changed file;"
                f" if it is right, delete data/upstream/{name} and refresh again"
            )


def _about(adapter: Adapter, layer: Layer, files: Mapping[str, Fetched], retrieved: str, version: str) -> dict:
    """layer.json: what the layer is, what it was made of, and the version of the data that it was matched against."""
    fields = ("name", "publisher", "title", "page", "licence", "note", "is_redistributable")
    return {field: getattr(adapter, field) for field in fields} | {
        "retrieved": retrieved,
        "matched_against": version,
        "rows_read": layer.read,
        "dropped": dict(layer.dropped),
        "files": {
            name: {field: value for field, value in asdict(file).items() if field not in ("path", "is_new", "retrieved")}
            for name, file in files.items()
        },
    }


def _undated(rows: folder.Rows) -> folder.Rows:
    """What a layer holds, without the day on which it was downloaded."""
    return rows | {"sources": [row | {"retrieved": ""} for row in rows.get("sources", [])]}


# The command


def command(
    names: Sequence[str], *, given: str = "", is_dry: bool = False, is_list: bool = False,
    known: Mapping[str, Adapter] | None = None, data_dir: Path = store.DATA_DIR, cache_dir: Path | None = None, out: TextIO | None = None, progress: Progress = lambda text: None,
) -> int:  # fmt: skip
    """Refresh the named sources, or all that need not be asked for by name; the exit code: 0, 1 where a source failed, 2 where the command is wrong."""
    known = adapters() if known is None else known
    cache_dir = cache_dir or store.build_dir() / "upstream"
    if is_list:
        print(*_list(known, data_dir), sep="\n", file=out)
        return 0
    if strangers := [name for name in names if name not in known]:
        print(f"there is no source {', '.join(strangers)}: choose from {', '.join(sorted(known))}", file=out)
        return 2
    if given and len(names) != 1:
        print("--from is for one source: name it", file=out)
        return 2
    chosen = [adapter for adapter in known.values() if (adapter.name in names if names else not adapter.is_opt_in)]
    endings, has_failed = [], False
    with _place_for(data_dir, cache_dir, is_dry) as (data_dir, cache_dir):
        for adapter in chosen:
            try:
                *lines, short = refresh(adapter, data_dir, cache_dir, given=given, progress=progress)
                progress("")
                print(f"{adapter.name}: {adapter.publisher}, {adapter.title} ({adapter.licence})", *lines, sep="\n", file=out)
            except Refused as refused:
                progress("")
                has_failed, short = True, f"kept as it was: {refused}"
            endings.append(f"{adapter.name}: {short}")
    print(*endings, *(["a dry run: nothing was written"] if is_dry else []), sep="\n", file=out)
    return int(has_failed)


@contextmanager
def _place_for(data_dir: Path, cache_dir: Path, is_dry: bool):
    """Where to refresh: the folders themselves, held against another refresh, or copies that are thrown away."""
    if is_dry:
        with TemporaryDirectory() as place:
            copies = shutil.copytree(data_dir, Path(place) / "data"), Path(place) / "upstream"
            if cache_dir.exists():
                shutil.copytree(cache_dir, copies[1])
            yield copies
        return
    cache_dir.mkdir(parents=True, exist_ok=True)
    with (cache_dir / "LOCK").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield data_dir, cache_dir


def _list(known: Mapping[str, Adapter], data_dir: Path) -> list[str]:
    """A line for each source: what it is, under which licence, and of when its layer is."""
    layers = store.layer_folders(data_dir)
    lines = []
    for adapter in known.values():
        _, about = folder.read(layers.get(adapter.name))
        state = f"of {about['retrieved'][:10]}" if about else "not refreshed yet"
        asked = ", only where it is named" if adapter.is_opt_in else ""
        lines.append(f"{adapter.name}: {adapter.publisher}, {adapter.title} ({adapter.licence}{asked}), {state}")
    return lines
