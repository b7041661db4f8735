"""Which rows of a table <-> the query of an address. Pure: one grammar for the Data page, the open data routes and Python.

A column is filtered by a parameter of its name:

    iso3=KOR            is KOR                      iso3=KOR|USA     is one of these
    iso3=!KOR|USA       is known and none of these  name=~hynix      contains it, in whatever case and accents
    memory_gb=80..192   from 80 to 192              memory_gb=80..   at least 80          memory_gb=..80   at most 80
    memory_gb=null      is not known                memory_gb=!null  is known
    name==~odd          is exactly `~odd`

A date is a text that may be a year, quarter, month or day; `2025..2026` takes all that starts with 2026 in.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from atlas.selection import MOST_CHARACTERS, Parameter

NUMBER = r"-?[0-9]{1,18}(\.[0-9]{1,18})?([eE][+-]?[0-9]{1,2})?"
TRUTH = {"yes": True, "true": True, "no": False, "false": False}
# What each type of column takes, as a regular expression over the whole value: `openapi.json` states it, `parse` holds it.
PATTERNS = {
    "VARCHAR": r"[^\u0000-\u001f\u007f]{1,200}",
    "BOOLEAN": r"!?null|!?(yes|no|true|false)",
    "DOUBLE": rf"!?null|[!=]?{NUMBER}(\|{NUMBER}){{0,49}}|{NUMBER}\.\.({NUMBER})?|\.\.{NUMBER}",
}
PATTERNS["INTEGER"] = PATTERNS["DOUBLE"]
EXPECTED = {
    "VARCHAR": "write the value, several with | between them, !value, ~part of it, from..to, null or !null, in at most 200 characters",
    "BOOLEAN": "write yes, no, null or !null",
    "DOUBLE": "write a number, as 80, or a range, as 80..192, 80.. or ..192, or null or !null",
}
EXPECTED["INTEGER"] = EXPECTED["DOUBLE"]
MOST_FILTERS = 5  # of one column
RESERVED = ("q", "columns", "sort", "limit", "offset", "about")  # names that no column may have


class QueryError(ValueError):
    """A query that cannot be answered; the message says which part, and what to write instead."""


@dataclass(frozen=True)
class Filter:
    """One condition on a column. `kind` is any, none, contains, range, unknown or known; a range has its two ends in `values`, None where open."""

    column: str
    kind: str
    values: tuple = ()


def parse_filter(column: str, type_: str, raw: str) -> Filter:
    """The condition that a value in the address stands for. Raises QueryError."""
    if not re.fullmatch(PATTERNS[type_], raw):
        raise QueryError(f"{column}={raw[:60]!r} is no filter of this column: {EXPECTED[type_]}")
    if raw in ("null", "!null"):
        return Filter(column, "unknown" if raw == "null" else "known")
    convert = {"VARCHAR": str, "BOOLEAN": TRUTH.get}.get(type_, float)
    if type_ == "VARCHAR" and raw.startswith("=") and len(raw) > 1:
        return Filter(column, "any", (raw[1:],))
    if type_ == "VARCHAR" and raw.startswith("~") and len(raw) > 1:
        return Filter(column, "contains", (raw[1:],))
    if type_ != "BOOLEAN" and ".." in raw:
        low, _, high = raw.partition("..")
        if low or high:
            return Filter(column, "range", (convert(low) if low else None, convert(high) if high else None))
    listed = raw.removeprefix("!").removeprefix("=" if type_ != "VARCHAR" else "")
    values = tuple(dict.fromkeys(convert(value) for value in listed.split("|") if value))
    if not values:  # signs of the grammar alone stand for themselves
        return Filter(column, "any", (raw,))
    return Filter(column, "none" if raw.startswith("!") else "any", values)


def any_of(values: Sequence[str]) -> str:
    """The value in the address for one of some texts. The inverse of parse_filter for the kind `any`."""
    first = values[0]
    is_plain = not first.startswith(("!", "~", "=")) and ".." not in first and first not in ("null", "!null")
    return "|".join(values) if len(values) > 1 or is_plain else f"={first}"


@dataclass(frozen=True)
class ColumnFilter(Parameter):
    """The filter of a column as a choice of a page: what is no filter is dropped with a hint."""

    type: str = "VARCHAR"

    def parse(self, raw: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        kept = [value for value in raw if value][-1:]
        try:
            for value in kept:
                parse_filter(self.name, self.type, value)
        except QueryError:
            return (), (kept[0][:MOST_CHARACTERS],)
        return tuple(kept), ()


@dataclass(frozen=True)
class Query:
    """Rows and columns of one table, in an order, and a window of them. Filters are as in the address: (column, value)."""

    table: str
    filters: tuple[tuple[str, str], ...] = ()
    text: str = ""
    columns: tuple[str, ...] = ()
    sort: str = ""
    limit: int | None = None
    offset: int = 0

    def written(self) -> list[tuple[str, str]]:
        """The query as it stands in an address."""
        window = (
            ("q", self.text),
            ("columns", ",".join(self.columns)),
            ("sort", self.sort),
            ("limit", self.limit),
            ("offset", self.offset),
        )
        return [
            *self.filters,
            *((name, str(value)) for name, value in window if value not in ("", None) and (name, value) != ("offset", 0)),
        ]

    def address(self, ending: str, **more: str) -> str:
        """Address of these rows on the server, relative to its root."""
        query = urlencode([*self.written(), *more.items()], safe=",.~!")
        return f"api/v1/tables/{self.table}.{ending}" + (f"?{query}" if query else "")

    def whole(self) -> "Query":
        """All rows, not a window of them."""
        return replace(self, limit=None, offset=0)


def _whole_number(name: str, raw: str) -> int:
    if not re.fullmatch(r"[0-9]{1,15}", raw):
        raise QueryError(f"{name}={raw[:60]!r} is no whole number from 0 on: write one, as {name}=100")
    return int(raw)


def parse_query(table: str, types: Mapping[str, str], items: Sequence[tuple[str, str]]) -> Query:
    """The query that the parameters of an address stand for; `types` are the columns of the table with their types. Raises QueryError."""
    filters, found = [], {}
    for name, raw in items:
        if name in types:
            parse_filter(name, types[name], raw)
            filters.append((name, raw))
            if sum(column == name for column, _ in filters) > MOST_FILTERS:
                raise QueryError(f"{name} is filtered more than {MOST_FILTERS} times: write fewer, as {name}=a|b")
        elif name not in RESERVED:
            raise QueryError(f"{table} has no column {name[:60]!r}: its columns are {', '.join(types)}")
        elif name in found:
            raise QueryError(f"{name} stands twice in the address: give it once")
        else:
            found[name] = raw
    columns = tuple(dict.fromkeys(found["columns"].split(","))) if "columns" in found else ()
    sort = found.get("sort", "")
    for column in (*columns, *([sort.removeprefix("-")] if "sort" in found else [])):
        if column not in types:
            raise QueryError(f"{table} has no column {column[:60]!r}: its columns are {', '.join(types)}")
    text = found.get("q", "")
    if not re.fullmatch(r"[^\x00-\x1f\x7f]{0,200}", text):
        raise QueryError("q holds control characters or more than 200 characters: write a few words")
    limit = _whole_number("limit", found["limit"]) if "limit" in found else None
    return Query(table, tuple(filters), text, columns, sort, limit, _whole_number("offset", found.get("offset", "0")))
