"""Every view of the Atlas as (name, path, query): each page with each of its tabs, and a profile of each sort."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from pages import PAGES, profile

PROFILES = (("sk-hynix", profile.TABS), ("KOR", profile.TABS), ("skt-titan-2025", profile.TABS[:1]))


@dataclass(frozen=True)
class View:
    page: str
    path: str
    query: Mapping[str, str]

    @property
    def name(self) -> str:
        return "-".join((self.page, *self.query.values()))

    def address(self, **more: str) -> str:
        query = urlencode(self.query | more)
        return f"/{self.path}?{query}" if query else f"/{self.path}"


def views(page: str = "") -> list[View]:
    """Those of one page, or of all."""
    found = []
    for module in PAGES:
        if page in ("", module.NAME):
            things = [({"id": thing}, tabs) for thing, tabs in PROFILES] if module is profile else [({}, getattr(module, "TABS", ()))]
            for query, tabs in things:
                found += [View(module.NAME, module.PATH, query | ({"tab": tab} if tab else {})) for tab in tabs or ("",)]
    return found
