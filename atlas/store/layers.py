"""Layers: the folders of data/upstream/ in, their rows behind the curated ones out.

Curated rows win, then those of the first layer by name: a row of a thing that is there already is left out, which is no error.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import duckdb

from atlas.store.declaration import Table
from atlas.store.files import MOST_PROBLEMS_PER_RULE, Problem, as_text, read_raw
from atlas.store.layer_files import LAYERS_DECLARATION, layer_source

NO_LINE = 2**62


def _references(table: Table) -> dict[str, str]:
    """Column -> table that it names a row of; to the table itself by the end of its name, as parent_org_id, which schema.sql does not declare."""
    id_ = table.keys[0][0]
    own = {name: table.name for name in table.column_names if name.endswith(f"_{id_}") and name not in table.references}
    return {column: other for column, (other, _) in table.references.items()} | own


def _names(table: Table) -> str:
    """SQL for the list of names of a row, in the plain form in which they are compared."""
    lists = [f"[{as_text(column)}]" for column in ("name", "local_name") if column in table.column_names]
    lists += [f"string_split({as_text('aliases')}, ';')"] if "aliases" in table.column_names else []
    return f"list_transform(flatten([{', '.join(lists)}]), lambda x: plain_name(x))"


class Layers:
    """The layers of one load. `read` adds their rows to raw.<table> behind the curated ones, table by table in load order."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folders: Mapping[str, Path]):
        self._connection = connection
        self.folders = dict(sorted(folders.items()))
        self._files: dict[str, list[tuple[int, str]]] = {}  # table -> its files, each with the line of raw.<table> behind which it starts
        self._same: dict[str, dict[str, dict[str, str]]] = {name: defaultdict(dict) for name in folders}  # layer -> table -> its id -> ours
        connection.execute(LAYERS_DECLARATION.read_text(encoding="utf-8"))

    def read(self, table: Table) -> list[Problem]:
        """Add the rows of all layers to raw.<table>, which holds the curated ones; what is wrong with them."""
        self._files[table.name] = [(0, f"{table.name}.csv")]
        problems = self._source_problems(table, 0, "") if "source_id" in table.column_names else []
        for layer, folder in self.folders.items():
            path = folder / f"{table.name}.csv"
            if not path.exists():
                continue
            file, before = f"upstream/{layer}/{path.name}", self._last_line(table)
            if "source_id" not in table.column_names:
                problems.append(Problem(file, None, "", "", "a layer holds no rows of this table: delete the file"))
            elif wrong := read_raw(self._connection, table, path, file, before):
                problems += wrong
            else:
                self._files[table.name].append((before, file))
                problems += self._source_problems(table, before, layer)
                self._leave_out(table, before, self._same[layer])
        return problems

    def _last_line(self, table: Table) -> int:
        return self._connection.execute(f"SELECT coalesce(max(line), 1) FROM raw.{table.name}").fetchone()[0]

    def _source_problems(self, table: Table, before: int, layer: str) -> list[Problem]:
        """Rows behind a line whose source does not say that they are of this layer; or, of no layer, that they are curated."""
        cell, own = as_text("source_id"), layer_source(layer)
        wrong = f"{cell} <> $own AND NOT starts_with({cell}, $own || '-')" if layer else f"starts_with({cell}, $own)"
        rule = (
            f"it must be {own}, or go on from it with a hyphen"
            if layer
            else f"ids that start with {own} are kept for layers: choose another"
        )
        found = self._connection.execute(
            f"SELECT line, {cell} FROM raw.{table.name} WHERE line > $before AND {wrong} ORDER BY line LIMIT {MOST_PROBLEMS_PER_RULE}",
            {"before": before, "own": own},
        ).fetchall()
        return [Problem(f"{table.name}.csv", line, "source_id", value, rule) for line, value in found]

    def _leave_out(self, table: Table, before: int, same: dict[str, dict[str, str]]) -> None:
        """Take out the rows behind a line that are there already, by key or by name, and what belongs to such a row.

        `same` holds the ids that this layer's rows were left out under, by table, and the ids of the rows in their place, which are named instead from now on.
        A row belongs to what the first column of its key names: the chips of a site that has become curated would else be added to ours.
        """
        rows, key, others = f"raw.{table.name}", table.keys[0], _references(table)
        if owners := same[others[key[0]]] if key[0] in others else {}:
            self._connection.execute(f"DELETE FROM {rows} WHERE line > ? AND list_contains(?, {as_text(key[0])})", [before, list(owners)])
        self._rename(table, before, others, same)
        id_ = as_text(key[0])
        marks = [f"SELECT line, {id_} AS id, 'key' AS kind, concat_ws('/', {', '.join(map(as_text, key))}) AS mark FROM {rows}"]
        if ("name",) in table.keys:
            marks.append(f"SELECT line, {id_}, 'name', unnest({_names(table)}) FROM {rows}")
        found = self._connection.execute(
            f"WITH marks AS ({' UNION ALL '.join(marks)})"
            " SELECT theirs.line, theirs.id, arg_min(ours.id, ours.line) FROM marks theirs JOIN marks ours USING (kind, mark)"
            " WHERE theirs.line > $before AND ours.line <= $before AND mark <> '' GROUP BY ALL",
            {"before": before},
        ).fetchall()
        self._connection.execute(f"DELETE FROM {rows} WHERE list_contains(?::BIGINT[], line)", [[line for line, *_ in found]])
        if len(key) == 1:
            same[table.name] = {id_: ours for _, id_, ours in found}
            self._rename(table, before, {column: other for column, other in others.items() if other == table.name}, same)

    def _rename(self, table: Table, before: int, references: Mapping[str, str], same: Mapping[str, Mapping[str, str]]) -> None:
        for column, other in references.items():
            for id_, ours in same[other].items():
                if id_ != ours:
                    cell = as_text(column)
                    self._connection.execute(f"UPDATE raw.{table.name} SET {cell} = ? WHERE line > ? AND {cell} = ?", [ours, before, id_])

    def place(self, table: str, line: int) -> tuple[str, int]:
        """The file, and the line in it, that a line of raw.<table> was read from."""
        files = self._files.get(table, [(0, f"{table}.csv")])
        before, file = files[bisect_left(files, line, key=lambda known: known[0]) - 1]
        return file, line - before

    def placed(self, problem: Problem) -> Problem:
        """A problem of a line of raw.<table>, told as one of the file that the line was read from, and what helps where that is of a layer."""
        table = problem.file.removesuffix(".csv")
        if problem.line and table in self._files:
            file, line = self.place(table, problem.line)
            problem = replace(problem, file=file, line=line)
        match problem.file.split("/"):
            case ["upstream", layer, _]:
                remedy = f"refresh the layer (python -m atlas refresh {layer}), or delete its folder"
                problem = replace(problem, rule=f"{problem.rule}; {remedy}")
        return problem

    # For what stands beside the rows

    def added(self, layer: str) -> int:
        """Rows that a layer adds to the tables, without those of sources."""
        ranges = [
            (table, before, after)
            for table, files in self._files.items()
            for (before, file), (after, _) in pairwise([*files, (NO_LINE, "")])
            if file.startswith(f"upstream/{layer}/") and table != "sources"
        ]
        query = "SELECT count(*) FROM raw.{} WHERE line > ? AND line <= ?"
        return sum(self._connection.execute(query.format(table), [before, after]).fetchone()[0] for table, before, after in ranges)

    def curated(self, table: str) -> str:
        """SQL for the curated rows of a table."""
        files = self._files[table]
        return f"(FROM raw.{table} WHERE line <= {files[1][0] if len(files) > 1 else NO_LINE})"
