"""Placing: upstream figures in; rows of the layer out where nothing is curated, facts beside our rows where something is."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from atlas import store
from atlas.upstream.known import Known
from atlas.upstream.layer import Doubtful, Fact, Layer, Unmapped

VALUE = {"observations": "value", "country_series": "value", "market_shares": "share_pct"}  # the figure of a row, by table


@dataclass(frozen=True)
class Figure:
    """A row of ours made of upstream cells, with the name and the address under which it stands there."""

    row: dict[str, str]
    upstream_name: str
    url: str = ""


@cache
def declared_tables() -> dict[str, store.Table]:
    return store.read_declaration(store.DATA_DIR / "schema.sql")[1]


def place(layer: Layer, known: Known, table: str, figures: Iterable[Figure]) -> None:
    """Put figures into the layer by their primary key. Two different figures of one key are doubtful: neither is taken."""
    columns, value = declared_tables()[table].keys[0], VALUE[table]
    curated = {tuple(row[column] for column in columns) for row in known.rows[table]}
    by_key = defaultdict(list)
    for figure in figures:
        by_key[tuple(figure.row[column] for column in columns)].append(figure)
    for key, same in by_key.items():
        first, thing_id, values = same[0], "/".join(key), sorted({figure.row[value] for figure in same})
        if len(values) > 1:
            layer.doubtful.append(Doubtful(table, first.upstream_name, thing_id, f"it is given as {' and as '.join(values)}"))
            continue
        if len(same) > 1:
            layer.dropped["given twice"] += len(same) - 1
        if key in curated:
            layer.facts.append(Fact(table, thing_id, value, values[0], first.upstream_name, first.url))
        else:
            layer.rows.setdefault(table, []).append(first.row)


def list_strangers(layer: Layer, known: Known, strangers: Counter[tuple[str, str]], example: str) -> None:
    """List the names, by kind, that stand for none of our ids, with their number of rows; a name that an editor has decided to be none of ours is only counted."""
    for (kind, name), rows in sorted(strangers.items()):
        if known.decided(kind, name) == "":
            layer.dropped[f"{kind} that is none of ours"] += rows
        else:
            layer.unmapped.append(Unmapped(kind, name, example, rows))
