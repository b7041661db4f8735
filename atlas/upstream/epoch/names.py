"""Names in Epoch AI's cells: a name in; our id out, and a list of the names that stand for none of our ids."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable

from atlas.upstream.known import Known
from atlas.upstream.layer import Unmapped


def slug(name: str) -> str:
    """The part of an id that comes from a name: letters, digits and hyphens. A name in another script gives a short digest, the same at every reading."""
    letters = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-") or hashlib.sha256(name.encode()).hexdigest()[:10]


def one_line(text: str) -> str:
    """The text without line breaks and without a pair of quotation marks around it."""
    line = re.sub(r"\s+", " ", text).strip()
    return line[1:-1].strip() if len(line) > 1 and line[0] == line[-1] == '"' else line


class Names:
    """Finds ids and remembers what it did not find, with the upstream row where it was first."""

    def __init__(self, known: Known):
        self._known = known
        self._missing: dict[tuple[str, str], tuple[str, int]] = {}

    @property
    def unmapped(self) -> list[Unmapped]:
        """The names without an id, those of the most rows first."""
        found = [Unmapped(kind, name, example, rows) for (kind, name), (example, rows) in self._missing.items()]
        return sorted(found, key=lambda one: (-one.rows, one.kind, one.name))

    def miss(self, kind: str, name: str, example: str) -> None:
        """Lists a name, unless an editor has decided that it is none of ours."""
        if self._known.decided(kind, name) != "":
            first, rows = self._missing.get((kind, name), (example, 0))
            self._missing[kind, name] = (first, rows + 1)

    def _find(self, kind: str, find: Callable[[str], str | None], name: str, example: str) -> str | None:
        found = find(name)
        if found is None:
            self.miss(kind, name, example)
        return found

    def country(self, name: str, example: str) -> str | None:
        return self._find("country", self._known.country, name, example)

    def chip(self, name: str, example: str) -> str | None:
        return self._find("chip", self._known.chip, name, example)

    def known_organisations(self, names: Iterable[str]) -> list[str]:
        """The ids of those that are ours, each once."""
        return list(dict.fromkeys(org_id for name in names if (org_id := self._known.organisation(name))))

    def organisations(self, names: Iterable[str], example: str) -> list[str]:
        """The ids of those that are ours, in the order of the source, each once."""
        found = (self._find("organisation", self._known.organisation, name, example) for name in names)
        return list(dict.fromkeys(org_id for org_id in found if org_id))
