"""What a page is given: the choice, the words, the data, all that was made from them kept in two bounded caches, and the links of the menu."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import pandas as pd
import streamlit as st
from cachetools import LRUCache

from atlas.cards import Reading
from atlas.selection import PRINT, shared_query

T = TypeVar("T")
# Keyed by the file of the build (the data may come back to an earlier version, the history of the versions does not), bounded, shared by all readers. Streamlit's own caches hash every key anew, which cost more than what they saved.
_frames: LRUCache = LRUCache(1024)
charts: LRUCache = LRUCache(512)
_lock = threading.Lock()


def once(cache: LRUCache, key: tuple, make: Callable[[], T]) -> T:
    with _lock:
        if key in cache:
            return cache[key]
    made = make()
    with _lock:
        cache[key] = made
    return made


@dataclass(frozen=True)
class Page(Reading):
    """What a page is given: a reading whose answers are kept, and where links lead.

    `coming` is the choice before it is read, for a page whose parameters hang on it. `cited` gathers the sources of the cards as they are drawn.
    """

    name: str
    links: Mapping[str, object] = field(default_factory=dict)
    coming: Mapping[str, str] = field(default_factory=dict)
    cited: set[str] = field(default_factory=set)

    @property
    def is_on_paper(self) -> bool:
        """Whether the page is asked for as it is to be printed: nothing on it can be pressed."""
        return bool(self.chosen.one(PRINT.name))

    @property
    def things(self) -> tuple[dict[str, tuple[str, str]], dict[tuple[str, str], str]]:
        """Every thing that has a profile: id -> (kind, name), and (kind, name) -> id. The empty kind stands for any; the more general thing wins."""
        return self.kept(("things", self.words.lang), self._things)

    def _things(self) -> tuple[dict, dict]:
        rows = self.read("things", columns="kind, id, name").to_dict("records")
        english = self.database.read("things", columns="kind, id, name").to_dict("records")
        ids = {(row["kind"], row["name"]): row["id"] for row in (*english, *rows)}
        for country in [row["id"] for row in rows if row["kind"] == "country"]:  # a table may write a country as the reader's language does
            ids |= {("country", name): country for name in self.database.texts.get(f"country.{country}", {}).values() if name}
        return {row["id"]: (row["kind"], row["name"]) for row in rows}, {
            ("", row["name"]): row["id"] for row in reversed([*english, *rows])
        } | ids

    def go(self, name: str, **query: str) -> None:
        """Leave for another page, with the choice that all pages share."""
        st.switch_page(self.links[name], query_params=shared_query(self.chosen) | query)

    def read(
        self, view: str, *, columns: str = "*", where: Mapping[str, Sequence[str]] | None = None, text: str = "", **arguments
    ) -> pd.DataFrame:
        key = (
            self.words.lang,
            view,
            columns,
            tuple((name, tuple(codes)) for name, codes in (where or {}).items()),
            text,
            tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in arguments.items()),
        )
        return self.kept(key, lambda: Reading.read(self, view, columns=columns, where=where, text=text, **arguments))

    def kept(self, key: tuple, make: Callable[[], T]) -> T:
        return once(_frames, (self.database.path, *key), make)
