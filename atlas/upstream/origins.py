"""Origins: the files that a source is read from in; each as a path, with what is known of its download, out. Downloads of good refreshes are kept in a cache."""

import json
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from atlas import store
from atlas.upstream.fetch import Fetched, FetchError, fetch
from atlas.upstream.layer import File

FETCHED = "fetched.json"  # of the cache: what is known of the files beside it
Progress = Callable[[str], None]


class Refused(Exception):
    """What a source gives is not taken: why, and what to do."""


@dataclass(frozen=True)
class Origin:
    """Where one file of a source lies: addresses, of which the first that gives it wins, or a path on this machine."""

    file: File
    path: Path | None = None


def origins_of(files: Sequence[File], given: str = "") -> list[Origin]:
    """Where the files of a source are read from. `given` is the one file of a source, or the folder or address under which all lie by name."""
    if not given:
        return [Origin(file) for file in files]
    is_address = given.startswith(("http://", "https://"))
    path = Path(given)
    if not is_address and not path.exists():
        raise Refused(f"{given} is not there; give a file, a folder or an address that starts with https://")
    is_one = (len(files) == 1 or given.rsplit("/", 1)[-1] in {file.name for file in files}) if is_address else path.is_file()
    chosen = [file for file in files if file.name == given.rsplit("/", 1)[-1]] or list(files) if is_one else list(files)
    missing = [file.name for file in files if file not in chosen and not file.is_optional]
    if is_one and (len(chosen) != 1 or missing):
        raise Refused(
            f"it is read from {len(files)} files: give the folder or the address under which they lie as {', '.join(file.name for file in files)}"
        )
    if is_address:
        return [Origin(replace(file, urls=(given if is_one else f"{given.rstrip('/')}/{file.name}",))) for file in chosen]
    found = [Origin(file, path if is_one else path / file.name) for file in chosen]
    absent = [origin.file.name for origin in found if not origin.path.is_file() and not origin.file.is_optional]
    if absent:
        raise Refused(f"{given} holds no {', '.join(absent)}; put the files there under these names")
    return [origin for origin in found if origin.path.is_file()]


def files_of(origins: Iterable[Origin], cache: Path, downloads: Path, progress: Progress) -> dict[str, Fetched]:
    """The files by name, from this machine or from the web; an unchanged one is not sent again.

    A file that may be missing is left out where no address gives it, unless it was there before: a source must not shrink because of a bad line.
    """
    earlier = _cached(cache)
    found, failures = {}, []
    for origin in origins:
        name = origin.file.name
        if origin.path:
            found[name] = _of_disk(origin.path)
            continue
        path = downloads / name
        if name in earlier:
            shutil.copyfile(cache / name, path)
        try:
            found[name] = fetch(origin.file.urls, path, progress=progress, earlier=earlier.get(name))
        except FetchError as error:
            if not origin.file.is_optional or name in earlier:
                raise
            failures.append(error)
    if failures and not found:
        raise failures[0]
    return found


def _of_disk(path: Path) -> Fetched:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Fetched("", path, now, "", "", store.sha256(path), path.stat().st_size)


def _cached(cache: Path) -> dict[str, Fetched]:
    """What the last good refresh downloaded, as far as it is still there."""
    try:
        noted = json.loads((cache / FETCHED).read_text(encoding="utf-8"))
        return {name: Fetched(**fields | {"path": cache / name}) for name, fields in noted.items() if (cache / name).is_file()}
    except (OSError, ValueError, TypeError, AttributeError):  # a cache that cannot be read costs a download
        return {}


def keep(files: Mapping[str, Fetched], cache: Path) -> None:
    """Take the files into the cache, and what is known of them."""
    for name, file in files.items():
        file.path.replace(cache / name)
    noted = {name: asdict(file) | {"path": name} for name, file in files.items()}
    (cache / FETCHED).write_text(json.dumps(noted, indent=1), encoding="utf-8")
