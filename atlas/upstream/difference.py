"""Differences: what a layer held and what it is to hold in, lines for the one who refreshes it out. Long lists are cut and say how much is left out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from atlas.store import Table
from atlas.upstream.folder import Rows
from atlas.upstream.layer import Layer

MOST_LISTED = 10


def listed(lines: Sequence[str], what: str) -> list[str]:
    """The first lines, indented, and how many more there are."""
    rest = [f"    ... and {len(lines) - MOST_LISTED} more {what}"] if len(lines) > MOST_LISTED else []
    return [f"    {line}" for line in lines[:MOST_LISTED]] + rest


def lines(layer: Layer, before: Rows, after: Rows, otherwise: Iterable[tuple], tables: Mapping[str, Table]) -> list[str]:
    """What is read, what of it is new in each table, which facts are otherwise than our rows (`otherwise`), and what an editor has to decide."""
    dropped = "".join(f", {rows} left out: {reason}" for reason, rows in layer.dropped.most_common())
    found = [f"  {layer.read} rows read{dropped}"]
    for name in [name for name in tables if name != "sources" and (before.get(name) or after.get(name))]:
        found += _rows(name, before.get(name, []), after.get(name, []), tables[name].keys[0])
    found += _facts(before.get("facts", []), after["facts"], otherwise)
    kinds = Counter(row["kind"] for row in after["unmapped"])
    if kinds:
        by_rows = sorted(after["unmapped"], key=lambda row: -int(row["rows"]))
        found.append(
            f"  {kinds.total()} names stand for nothing of ours: {', '.join(f'{count} {kind}' for kind, count in kinds.most_common())}"
        )
        found += listed([f"{row['kind']} {row['name']!r} ({row['rows']} rows)" for row in by_rows], "names, in unmapped.csv")
    if doubtful := after["doubtful"]:
        found.append(f"  {len(doubtful)} doubtful, which are in no total")
        found += listed(
            [f"{row['upstream_name']!r} may be {row['table']} {row['thing_id']}: {row['reason']}" for row in doubtful], "in doubtful.csv"
        )
    return found


def _rows(name: str, before: list[dict], after: list[dict], key: Sequence[str]) -> list[str]:
    old, new = ({"/".join(row[column] for column in key): row for row in rows} for rows in (before, after))
    added, removed = sorted(new.keys() - old.keys()), sorted(old.keys() - new.keys())
    changed = {id_: _changes(old[id_], new[id_]) for id_ in sorted(old.keys() & new.keys()) if old[id_] != new[id_]}
    if not added and not removed and not changed:
        return [f"  {name}: {len(new)} rows, as before"]
    listing = [f"+ {id_}" for id_ in added], [f"- {id_}" for id_ in removed], [f"~ {id_}: {changes}" for id_, changes in changed.items()]
    counts = f"{len(added)} added, {len(removed)} removed, {len(changed)} changed"
    return [f"  {name}: {len(new)} rows, {counts}", *(line for part in listing for line in listed(part, f"in {name}.csv"))]


def _changes(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    return ", ".join(
        f"{column} {old.get(column, '') or '(empty)'} -> {value or '(empty)'}"
        for column, value in new.items()
        if old.get(column, "") != value
    )


def _facts(before: list[dict], after: list[dict], otherwise: Iterable[tuple]) -> list[str]:
    old = {tuple(row.values()) for row in before}
    fresh = {tuple(row.values())[:4] for row in after if tuple(row.values()) not in old}
    differing = [fact for fact in otherwise if (*fact[:3], fact[4]) in fresh]
    if not after and not before:
        return []
    found = [f"  facts: {len(after)}, {len(fresh)} new, {len(differing)} of these otherwise than our rows"]
    return found + listed(
        [f"{table} {id_} {field}: {ours} here, {theirs} there" for table, id_, field, ours, theirs in differing], "in facts.csv"
    )
