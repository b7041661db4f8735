"""Layers: the folders of data/upstream/ in, their rows behind the curated ones out, and what they say beside them.

Curated rows win, then those of the first layer by name: a row of a thing that is there already is left out, which is no error.
"""

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import duckdb

from atlas.store.declaration import Column, Table
from atlas.store.files import MOST_PROBLEMS_PER_RULE, Problem, as_text, read_raw

LAYERS_DECLARATION = Path(__file__).parent / "layers.sql"
INCOMING = ".incoming-"  # beginning of the name of the folder in which a refresh writes a new layer
ABOUT = "layer.json"
NOTES = {  # what a layer says beside rows: file -> columns
    "facts": ("table", "thing_id", "field", "value", "upstream_name", "url"),
    "unmapped": ("kind", "name", "rows", "example"),
    "doubtful": ("table", "upstream_name", "thing_id", "reason"),
}
LAYER_TABLES = ("layers", *(f"upstream_{name}" for name in NOTES))
DECISIONS = Table("names", tuple(Column(name, "VARCHAR", "", "", False) for name in ("kind", "name", "id")), (), ())
DECIDED = {  # kind of an upstream name -> table in which an editor finds its id
    "chip": "chips",
    "consortium": "consortia",
    "country": "countries",
    "indicator": "indicators",
    "model": "models",
    "organisation": "organisations",
    "programme": "programmes",
    "segment": "segments",
    "site": "sites",
}
NO_LINE = 2**62


def layer_source(layer: str) -> str:
    """Id of the source under which the rows of a layer stand."""
    return f"upstream-{layer}"


def layer_folders(data_dir: Path) -> dict[str, Path]:
    """The layers by name, in the order of their names.

    A refresh sets the old folder aside under its name with a dot before it, for the moment until the new one is in its place; should it be killed
    in that moment, the old one still is the layer.
    """
    places = sorted(path for path in (data_dir / "upstream").glob("*") if path.is_dir() and not path.name.startswith(INCOMING))
    return dict(sorted((path.name.removeprefix("."), path) for path in places))


def layer_files(data_dir: Path) -> list[Path]:
    """All files of all layers, and the editors' decisions on upstream names."""
    files = [path for folder in layer_folders(data_dir).values() for path in sorted(folder.glob("*"))]
    return [*sorted((data_dir / "upstream").glob("*.csv")), *files]


def facts_otherwise(connection: duckdb.DuckDBPyConnection, layer: str) -> list[tuple[str, str, str, str, str]]:
    """Facts of a loaded layer that say otherwise than our rows: table, id, field, our value, upstream value. 0.53 and 0.5297 say the same: ours is rounded."""
    rounding = "0.500001 * pow(10, -length(split_part(curated_value, '.', 2)))"
    return connection.execute(
        "SELECT table_name, thing_id, field, curated_value, value FROM upstream_facts WHERE layer = ? AND coalesce("
        f"abs(try_cast(value AS DOUBLE) - try_cast(curated_value AS DOUBLE)) > {rounding}, lower(value) <> lower(curated_value)) ORDER BY ALL",
        [layer],
    ).fetchall()


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
    """The layers of one load. `read` adds their rows to raw.<table> behind the curated ones, table by table in load order; `note` reads what they say beside rows."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folders: Mapping[str, Path]):
        self._connection = connection
        self._folders = dict(sorted(folders.items()))
        self._files: dict[str, list[tuple[int, str]]] = {}  # table -> its files, each with the line of raw.<table> behind which it starts
        self._same: dict[str, dict[str, dict[str, str]]] = {name: defaultdict(dict) for name in folders}  # layer -> table -> its id -> ours
        connection.execute(LAYERS_DECLARATION.read_text(encoding="utf-8"))

    # Rows

    def read(self, table: Table) -> list[Problem]:
        """Add the rows of all layers to raw.<table>, which holds the curated ones; what is wrong with them."""
        self._files[table.name] = [(0, f"{table.name}.csv")]
        problems = self._source_problems(table, 0, "") if "source_id" in table.column_names else []
        for layer, folder in self._folders.items():
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
        wrong = f"{cell} <> '{own}' AND NOT starts_with({cell}, '{own}-')" if layer else f"starts_with({cell}, '{own}')"
        rule = (
            f"it must be {own}, or go on from it with a hyphen"
            if layer
            else f"ids that start with {own} are kept for layers: choose another"
        )
        found = self._connection.execute(
            f"SELECT line, {cell} FROM raw.{table.name} WHERE line > ? AND {wrong} ORDER BY line LIMIT {MOST_PROBLEMS_PER_RULE}", [before]
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

    # Places

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

    # What stands beside rows

    def note(self, data_dir: Path, tables: Mapping[str, Table]) -> list[Problem]:
        """Fill the tables of layers.sql, once all rows are read; what is wrong with the files beside the rows."""
        problems = self._decision_problems(data_dir / "upstream" / "names.csv", tables)
        for layer, folder in self._folders.items():
            problems += [
                Problem(f"upstream/{layer}/{path.name}", None, "", "", "neither a table nor a file that a layer has")
                for path in sorted(folder.glob("*.csv"))
                if path.stem not in {*tables, *NOTES}
            ]
            try:
                self._note(layer, folder)
            except (OSError, ValueError, KeyError, TypeError, duckdb.Error) as error:
                reason = str(error).splitlines()[0] if str(error) else type(error).__name__
                problems.append(
                    Problem(f"upstream/{layer}/{ABOUT}", None, "", "", f"what stands beside the rows cannot be read ({reason})")
                )
        for name, table in tables.items():
            self._compare(name, table)
        return problems

    def _note(self, layer: str, folder: Path) -> None:
        """What one layer says of itself, and beside rows."""
        source = layer_source(layer)
        for name, columns in NOTES.items():
            types = ", ".join(f"'{column}': '{'BIGINT' if column == 'rows' else 'VARCHAR'}'" for column in columns)
            self._connection.execute(
                f"INSERT INTO upstream_{name} BY NAME SELECT $layer AS layer, $source AS source_id, "
                + ", ".join('"table" AS table_name' if column == "table" else column for column in columns)
                + " FROM read_csv($path, header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', nullstr = '',"
                f" strict_mode = true, max_line_size = 20000000, columns = {{{types}}})",
                {"layer": layer, "source": source, "path": str(folder / f"{name}.csv")},
            )
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        counts = [f"(SELECT count(*) FROM upstream_{name} WHERE layer = $layer)" for name in NOTES]
        self._connection.execute(
            "INSERT INTO layers SELECT $layer, $source, $publisher, $title, $page, $licence, regexp_matches($licence, '\\bNC\\b'), $is_redistributable,"
            f" $retrieved, nullif($note, ''), $rows_read, $added, {', '.join(counts)}",
            {name: about[name] for name in ("publisher", "title", "page", "licence", "is_redistributable", "note", "rows_read")}
            | {"layer": layer, "source": source, "retrieved": about["retrieved"][:10], "added": self._added(layer)},
        )

    def _added(self, layer: str) -> int:
        """Rows that a layer adds to the tables, without those of sources."""
        ranges = [
            (table, before, after)
            for table, files in self._files.items()
            for (before, file), (after, _) in pairwise([*files, (NO_LINE, "")])
            if file.startswith(f"upstream/{layer}/") and table != "sources"
        ]
        query = "SELECT count(*) FROM raw.{} WHERE line > ? AND line <= ?"
        return sum(self._connection.execute(query.format(table), [before, after]).fetchone()[0] for table, before, after in ranges)

    def _curated(self, table: str) -> str:
        """SQL for the curated rows of a table."""
        files = self._files[table]
        return f"(FROM raw.{table} WHERE line <= {files[1][0] if len(files) > 1 else NO_LINE})"

    def _compare(self, name: str, table: Table) -> None:
        """Set what our rows say beside the facts about them; a fact about a row that is no longer there goes."""
        key = f"concat_ws('/', {', '.join(map(as_text, table.keys[0]))})"
        self._connection.execute(
            f"DELETE FROM upstream_facts WHERE table_name = $name AND thing_id NOT IN (SELECT {key} FROM {self._curated(name)})",
            {"name": name},
        )
        fields = self._connection.execute("SELECT DISTINCT field FROM upstream_facts WHERE table_name = ?", [name]).fetchall()
        for (field,) in fields:
            if field in table.column_names:
                self._connection.execute(
                    f"UPDATE upstream_facts SET curated_value = ours.{as_text(field)} FROM {self._curated(name)} ours"
                    f" WHERE table_name = $name AND field = $field AND thing_id = {key}",
                    {"name": name, "field": field},
                )

    def _decision_problems(self, path: Path, tables: Mapping[str, Table]) -> list[Problem]:
        """Decisions of an editor that name no kind, no name or no row of ours, or stand twice."""
        if not path.exists():
            return []
        file = f"upstream/{path.name}"
        self._connection.execute(
            'CREATE TABLE raw.names (line BIGINT, "kind as text" VARCHAR, "name as text" VARCHAR, "id as text" VARCHAR)'
        )
        if wrong := read_raw(self._connection, DECISIONS, path, file):
            return wrong
        decisions = self._connection.execute('SELECT *, plain_name("name as text") FROM raw.names ORDER BY line').fetchall()
        ids = {
            kind: {
                id_
                for (id_,) in self._connection.execute(f"SELECT {as_text(tables[table].keys[0][0])} FROM {self._curated(table)}").fetchall()
            }
            for kind, table in DECIDED.items()
        }
        problems, first = [], {}
        for line, kind, name, id_, plain in decisions:
            if kind not in DECIDED:
                problems.append(Problem(file, line, "kind", kind or "", f"it must be one of {', '.join(DECIDED)}"))
            elif not plain:
                problems.append(Problem(file, line, "name", name or "", "it must be the name that the source uses"))
            elif (kind, plain) in first:
                problems.append(Problem(file, line, "name", name, f"line {first[kind, plain]} decides about this name already: delete one"))
            elif id_ and id_ not in ids[kind]:
                problems.append(
                    Problem(
                        file, line, "id", id_, f"it names no row of {DECIDED[kind]}.csv: add it there, or leave it empty for none of ours"
                    )
                )
            first.setdefault((kind, plain), line)
        return problems
