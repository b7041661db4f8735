"""Downloads: web addresses in, one whole file on the disk out. A broken answer never replaces the last good file."""

import gzip
import hashlib
import os
import random
import re
import time
import zlib
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError

from atlas.upstream import failures
from atlas.upstream.failures import LATER, LOOK, FetchError, Passing
from atlas.upstream.layer import Drift
from atlas.upstream.web import Limits, Watch

HEADERS = {
    "User-Agent": "SovereignAIAtlas/1.0 (refresh; reads open data files for a dashboard on national AI capacity)",
    "Accept-Encoding": "gzip",
}
PIECE_BYTES = 1_000_000
WEB_PAGE = re.compile(rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?<(!doctype|html)", re.IGNORECASE)


@dataclass(frozen=True)
class Fetched:
    """A downloaded file. `retrieved` is when its address last gave or confirmed these bytes; `is_new` says that the earlier ones were others."""

    url: str  # the address that was asked, before redirects
    path: Path
    retrieved: str  # UTC, ISO 8601
    etag: str
    last_modified: str
    sha256: str
    size: int  # bytes, unpacked
    is_new: bool = True


def fetch(
    urls: Sequence[str],
    path: Path,
    *,
    progress: Callable[[str], None] = lambda text: None,
    limits: Limits = Limits(),  # noqa: B008  it is frozen
    earlier: Fetched | None = None,
    check: Callable[[Path], None] | None = None,
) -> Fetched:
    """The file of the first address that gives a good one, at `path`. FetchError where none does.

    `check` raises Drift for a file that is not what it should be. `earlier` is what the last download gave: an unchanged file is not sent again.
    """
    reasons = []
    for url in urls:
        try:
            with Watch(limits) as watch:
                return _Download(url, path, progress, watch, earlier, check or (lambda path: None)).in_tries()
        except FetchError as error:
            reasons.append(f"{url} {error}")
    raise FetchError("\n".join(reasons if len(reasons) == 1 else [f"no address gave {path.name}:", *reasons]))


@dataclass(frozen=True)
class _Download:
    """From one address, in tries that each begin anew: what changes between two tries is never stitched together."""

    url: str
    path: Path
    progress: Callable[[str], None]
    watch: Watch
    earlier: Fetched | None
    check: Callable[[Path], None]

    def in_tries(self) -> Fetched:
        limits = self.watch.limits
        number = 0
        while True:
            number += 1
            self.progress(f"{self.path.name}: asking {self.url}")
            try:
                return self.once()
            except Passing as passing:
                pause_seconds = passing.pause_seconds or limits.backoff_seconds * 2 ** (number - 1) * (1 + random.random())
                if number == limits.tries or pause_seconds >= self.watch.left_seconds():
                    asked = f" and asks for a pause of {passing.pause_seconds:.0f} s" if passing.pause_seconds else ""
                    raise FetchError(f"{passing}{asked} (try {number} of {limits.tries}); {LATER}") from passing
                self.progress(f"{self.path.name}: {self.url} {passing}, next try in {pause_seconds:.0f} s")
            time.sleep(pause_seconds)

    def once(self) -> Fetched:
        try:
            return self.answered()
        except HTTPError as error:
            self.watch.confirm_time()
            raise failures.of_error(error) from error
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            self.watch.confirm_time()
            raise Passing("sent a damaged file, its gzip compression is broken") from error
        except OSError as error:
            raise FetchError(f"was not saved, {self.path} cannot be written ({error.strerror}); free or permit the place") from error
        except Drift as error:
            raise FetchError(f"sent a file that is not what it should be: {error}; {LOOK}") from error

    def answered(self) -> Fetched:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        known = self.earlier if self.is_kept() else None
        asked = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified} if known else {}
        # Beside the target, so that the last step is a rename; in a folder of its own, so that the file that is checked has its name.
        with (
            closing(self.watch.open(self.url, HEADERS | {name: text for name, text in asked.items() if text})) as answer,
            TemporaryDirectory(prefix=".fetch-", dir=self.path.parent) as folder,
        ):
            now = datetime.now(UTC).isoformat(timespec="seconds")
            if known and answer.status == 304:
                self.check(self.path)
                return replace(known, path=self.path, retrieved=now, is_new=False)
            if answer.status != 200:
                raise failures.of_status(answer)
            part = Path(folder) / self.path.name
            sha256, size = self.save(answer, part)
            self.check(part)
            part.replace(self.path)
        etag, last_modified = (answer.headers.get(name, "") for name in ("ETag", "Last-Modified"))
        is_new = not self.earlier or self.earlier.sha256 != sha256
        return Fetched(self.url, self.path, now, etag, last_modified, sha256, size, is_new)

    def is_kept(self) -> bool:
        """Whether the earlier file of this address is still there, byte for byte: only then may the answer be that nothing has changed."""
        if not self.earlier or self.earlier.url != self.url or not self.path.is_file():
            return False
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == self.earlier.sha256

    def save(self, answer: BaseHTTPResponse, part: Path) -> tuple[str, int]:
        """Write the unpacked body to the disk, and no more of it than the limit allows; its SHA-256 and size in bytes."""
        coding = answer.headers.get("Content-Encoding", "").lower()
        if coding not in ("", "identity", "gzip"):
            raise FetchError(f"sent the file in a compression that was not asked for ({coding[:20]!a}); {LOOK}")
        # gzip's own reader: urllib3 takes a gzip stream without its end for a whole one.
        body = gzip.GzipFile(fileobj=answer, mode="rb") if coding == "gzip" else answer
        sent_bytes = answer.length_remaining or 0  # as the server says, 0 where it does not
        digest, size = hashlib.sha256(), 0
        most = self.watch.limits.size_bytes
        with part.open("wb") as file:
            while sent_bytes <= most and size <= most and (piece := body.read(PIECE_BYTES)):
                if not size and WEB_PAGE.match(piece):
                    raise FetchError(f"sent a web page instead of data; open it in a browser, then {LOOK}")
                size += len(piece)
                digest.update(piece)
                file.write(piece)
                share = f", {answer.tell() / sent_bytes:.0%}" if sent_bytes else ""
                self.progress(f"{self.path.name}: {size / 1e6:.1f} MB{share}")
            file.flush()
            os.fsync(file.fileno())
        if max(sent_bytes, size) > most:
            raise FetchError(f"sends more than {most / 1e6:g} MB, the limit for one file; {LOOK}")
        self.watch.confirm_time()
        if not size:
            raise FetchError(f"sent an empty file; {LATER}, or {LOOK}")
        return digest.hexdigest(), size
