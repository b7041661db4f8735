"""Beside the rows: facts, unmapped names and doubtful things of the layers, and the editors' decisions on names, in; the tables of layers.sql, or what is wrong, out."""

import json
from collections.abc import Mapping
from pathlib import Path

import duckdb

from atlas.store.declaration import Column, Table
from atlas.store.files import Problem, as_text, read_raw
from atlas.store.layer_files import ABOUT, NOTES, layer_source
from atlas.store.layers import Layers

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


def note(connection: duckdb.DuckDBPyConnection, layers: Layers, data_dir: Path, tables: Mapping[str, Table]) -> list[Problem]:
    """Fill the tables of layers.sql, once all rows are read; what is wrong with the files beside the rows."""
    problems = _decision_problems(connection, layers, data_dir / "upstream" / "names.csv", tables)
    for layer, folder in layers.folders.items():
        problems += [
            Problem(f"upstream/{layer}/{path.name}", None, "", "", "neither a table nor a file that a layer has")
            for path in sorted(folder.glob("*.csv"))
            if path.stem not in {*tables, *NOTES}
        ]
        try:
            _note(connection, layers, layer, folder)
        except (OSError, ValueError, KeyError, TypeError, duckdb.Error) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            problems.append(Problem(f"upstream/{layer}/{ABOUT}", None, "", "", f"what stands beside the rows cannot be read ({reason})"))
    for name, table in tables.items():
        _compare(connection, layers, name, table)
    return problems


def _note(connection: duckdb.DuckDBPyConnection, layers: Layers, layer: str, folder: Path) -> None:
    """What one layer says of itself, and beside rows."""
    source = layer_source(layer)
    for name, columns in NOTES.items():
        types = ", ".join(f"'{column}': '{'BIGINT' if column == 'rows' else 'VARCHAR'}'" for column in columns)
        connection.execute(
            f"INSERT INTO upstream_{name} BY NAME SELECT $layer AS layer, $source AS source_id, "
            + ", ".join('"table" AS table_name' if column == "table" else column for column in columns)
            + " FROM read_csv($path, header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', nullstr = '',"
            f" strict_mode = true, max_line_size = 20000000, columns = {{{types}}})",
            {"layer": layer, "source": source, "path": str(folder / f"{name}.csv")},
        )
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    counts = [f"(SELECT count(*) FROM upstream_{name} WHERE layer = $layer)" for name in NOTES]
    connection.execute(
        "INSERT INTO layers SELECT $layer, $source, $publisher, $title, $page, $licence, regexp_matches($licence, '\\bNC\\b'), $is_redistributable,"
        f" $retrieved, nullif($note, ''), $rows_read, $added, {', '.join(counts)}",
        {name: about[name] for name in ("publisher", "title", "page", "licence", "is_redistributable", "note", "rows_read")}
        | {"layer": layer, "source": source, "retrieved": about["retrieved"][:10], "added": layers.added(layer)},
    )


def _compare(connection: duckdb.DuckDBPyConnection, layers: Layers, name: str, table: Table) -> None:
    """Set what our rows say beside the facts about them; a fact about a row that is no longer there goes."""
    key = f"concat_ws('/', {', '.join(map(as_text, table.keys[0]))})"
    connection.execute(
        f"DELETE FROM upstream_facts WHERE table_name = $name AND thing_id NOT IN (SELECT {key} FROM {layers.curated(name)})",
        {"name": name},
    )
    fields = connection.execute("SELECT DISTINCT field FROM upstream_facts WHERE table_name = ?", [name]).fetchall()
    for (field,) in fields:
        if field in table.column_names:
            connection.execute(
                f"UPDATE upstream_facts SET curated_value = ours.{as_text(field)} FROM {layers.curated(name)} ours"
                f" WHERE table_name = $name AND field = $field AND thing_id = {key}",
                {"name": name, "field": field},
            )


def facts_otherwise(connection: duckdb.DuckDBPyConnection, layer: str) -> list[tuple[str, str, str, str, str]]:
    """Facts of a loaded layer that say otherwise than our rows: table, id, field, our value, upstream value."""
    return connection.execute(
        "SELECT table_name, thing_id, field, curated_value, value FROM upstream_facts WHERE layer = ? AND says_otherwise(value, curated_value) ORDER BY ALL",
        [layer],
    ).fetchall()


def _decision_problems(connection: duckdb.DuckDBPyConnection, layers: Layers, path: Path, tables: Mapping[str, Table]) -> list[Problem]:
    """Decisions of an editor that name no kind, no name or no row of ours, or stand twice."""
    if not path.exists():
        return []
    file = f"upstream/{path.name}"
    connection.execute('CREATE TABLE raw.names (line BIGINT, "kind as text" VARCHAR, "name as text" VARCHAR, "id as text" VARCHAR)')
    if wrong := read_raw(connection, DECISIONS, path, file):
        return wrong
    decisions = connection.execute('SELECT *, plain_name("name as text") FROM raw.names ORDER BY line').fetchall()
    ids = {
        kind: {id_ for (id_,) in connection.execute(f"SELECT {as_text(tables[table].keys[0][0])} FROM {layers.curated(table)}").fetchall()}
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
                Problem(file, line, "id", id_, f"it names no row of {DECIDED[kind]}.csv: add it there, or leave it empty for none of ours")
            )
        first.setdefault((kind, plain), line)
    return problems
