"""Tables in every format: a table, filters, columns, order and a window in, rows out, streamed."""

import json

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from atlas import formats
from atlas.filters import PATTERNS, Query, QueryError, parse_query
from atlas.open_data.answer import LICENCE, LICENCE_URL, Refusal, base_of, json_answer
from atlas.store import Database, Table

TYPES = {"VARCHAR": "string", "DOUBLE": "number", "INTEGER": "integer", "BOOLEAN": "boolean"}  # as JSON and Data Packages call them
SOURCE_COLUMNS = ["source_id", "publisher", "title", "url", "published", "licence"]


def records(frame: pd.DataFrame) -> list[dict]:
    """The rows of a frame as plain values, unknown ones as None."""
    return json.loads(frame.to_json(orient="records"))


def built(database: Database) -> str:
    return f"{database.read('build_info')['built_at'].iloc[0]:%Y-%m-%d}"


def about(database: Database, title: str, address: str, sources: pd.DataFrame) -> formats.About:
    """What a file of rows says of itself; `sources` are those that its rows rest on."""
    licence = f"{LICENCE} ({LICENCE_URL})"
    limited = sources[sources["licence"].fillna("").str.contains("NC")]
    if len(limited):
        licence += f"; not for commercial use what rests on {', '.join(limited['source_id'])} ({', '.join(limited['licence'].unique())})"
    return formats.About(title, address, database.version, built(database), licence, records(sources[SOURCE_COLUMNS]))


def about_rows(database: Database, query: Query, address: str) -> formats.About:
    return about(database, f"Sovereign AI Atlas: {query.table}", address, database.sources_of(query))


def table_named(database: Database, name: str) -> Table:
    if name not in database.tables:
        raise Refusal(404, f"there is no table {name[:60]!r}: the tables are {', '.join(database.tables)}")
    return database.tables[name]


def describe(table: Table) -> list[dict]:
    """The columns of a table with meaning and unit, and what each of them can be filtered by."""
    return [
        {
            "name": column.name,
            "type": TYPES[column.type],
            "meaning": column.meaning,
            "unit": column.unit or None,
            "is_required": column.required,
            "references": ".".join(table.references[column.name]) if column.name in table.references else None,
            "filter_pattern": PATTERNS[column.type],
        }
        for column in table.columns
    ]


def listing(request: Request, database: Database) -> Response:
    base = f"{base_of(request)}/api/v1/tables"
    found = [
        {
            "name": table.name,
            "rows": database.count(Query(table.name)),
            "primary_key": list(table.keys[0]),
            "columns": describe(table),
            "files": {ending: f"{base}/{table.name}.{ending}" for ending in formats.MEDIA_TYPES},
        }
        for table in database.tables.values()
    ]
    return json_answer({"data_version": database.version, "date": built(database), "licence": LICENCE, "tables": found})


def rows(request: Request, database: Database) -> Response:
    """The rows of one table. `about=yes` puts version, date, licence and sources above the header of a CSV; the other formats always hold them."""
    table, ending = table_named(database, request.path_params["table"]), request.path_params["ending"]
    if ending not in formats.MEDIA_TYPES:
        raise Refusal(404, f"there is no format {ending[:20]!r}: the formats are {', '.join(formats.MEDIA_TYPES)}")
    stated = request.query_params.get("about", "no")
    if stated not in ("yes", "no"):
        raise QueryError(f"about={stated[:60]!r} must be yes or no")
    query = parse_query(table.name, {column.name: column.type for column in table.columns}, request.query_params.multi_items())
    total = database.count(query)
    if ending == "xlsx" and total > formats.XLSX_MOST_ROWS:
        raise Refusal(400, f"a sheet holds {formats.XLSX_MOST_ROWS} rows, these are {total}: filter them, or take CSV or Parquet")
    says = about_rows(database, query, f"{base_of(request)}/{query.address(ending)}") if ending != "csv" or stated == "yes" else None
    return StreamingResponse(
        formats.WRITERS[ending](database.batches(query), says),
        media_type=formats.MEDIA_TYPES[ending],
        headers={
            "Content-Disposition": f'attachment; filename="atlas-{table.name}.{ending}"',
            "X-Total-Rows": str(total),
            "Link": f'<{LICENCE_URL}>; rel="license", <{base_of(request)}/api/v1/datapackage.json>; rel="describedby"',
        },
    )


def source(request: Request, database: Database) -> Response:
    """One source, with how many rows of which table rest on it and where they are."""
    source_id = request.path_params["source_id"]
    found = records(database.rows(Query("sources", (("source_id", f"={source_id}"),))) if 0 < len(source_id) < 200 else pd.DataFrame())
    if not found:
        raise Refusal(404, f"there is no source {source_id[:60]!r}: /api/v1/tables/sources.json lists them all")
    resting = []
    for table in database.tables.values():
        query = Query(table.name, (("source_id", source_id),))
        if table.name != "sources" and "source_id" in table.column_names and (count := database.count(query)):
            resting.append({"table": table.name, "rows": count, "file": f"{base_of(request)}/{query.address('json')}"})
    return json_answer({"data_version": database.version, "source": found[0], "rests_on_it": resting})
