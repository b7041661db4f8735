"""The open data routes as OpenAPI 3.1: what schema.sql and the measures declare in, the description out. Nothing is described that the declaration does not say."""

from atlas.filters import MOST_FILTERS, PATTERNS
from atlas.formats import MEDIA_TYPES
from atlas.open_data.answer import LICENCE, LICENCE_URL
from atlas.open_data.measures import ENDINGS, MEASURES, parameters_of
from atlas.open_data.package import DESCRIPTION, TITLE
from atlas.selection import Parameter, Weights
from atlas.store import Database, Table

PROBLEM = {
    "description": "What is wrong, in a sentence",
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "required": ["title", "status", "detail"],
                "properties": {
                    "type": {"type": "string"},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                },
            }
        }
    },
}
TEXT = {"type": "string"}
OBJECT = {"type": "object"}


def _asked(name: str, schema: dict, meaning: str, *, place: str = "query", **more) -> dict:
    return {"name": name, "in": place, "required": place == "path", "description": meaning, "schema": schema, **more}


def _answers(content: dict, *errors: int) -> dict:
    good = {"200": {"description": "The answer", "content": content}, "304": {"description": "The client has this version already"}}
    return good | {str(status): PROBLEM for status in (*errors, 503)}


def _operation(name: str, summary: str, parameters: list[dict], content: dict, *errors: int) -> dict:
    return {"get": {"operationId": name, "summary": summary, "parameters": parameters, "responses": _answers(content, *errors)}}


def _one_of(endings) -> dict:
    return {MEDIA_TYPES[ending].split(";")[0]: {"schema": OBJECT if ending == "json" else TEXT} for ending in endings}


def _table(table: Table) -> dict:
    names = table.column_names
    listed = "|".join(names)
    filters = [
        _asked(
            column.name,
            {"type": "array", "items": {"type": "string", "pattern": f"^({PATTERNS[column.type]})$"}, "maxItems": MOST_FILTERS},
            column.meaning,
            style="form",
            explode=True,
        )
        for column in table.columns
    ]
    window = [
        _asked("q", {"type": "string", "pattern": "^[^\\u0000-\\u001f\\u007f]{0,200}$"}, "Words that must all occur in a row"),
        _asked(
            "columns",
            {"type": "string", "pattern": f"^({listed})(,({listed}))*$"},
            "Columns, with commas between them; all where not given",
        ),
        _asked(
            "sort",
            {"type": "string", "enum": [*names, *(f"-{name}" for name in names)]},
            "Column to sort by, the largest first after a minus",
        ),
        _asked("limit", {"type": "integer", "minimum": 0, "maximum": 10**15 - 1}, "Most rows; all where not given"),
        _asked("offset", {"type": "integer", "minimum": 0, "maximum": 10**15 - 1}, "Rows to leave out at the beginning"),
        _asked("about", {"type": "string", "enum": ["yes", "no"]}, "Version, date, licence and sources above the header of a CSV"),
    ]
    ending = _asked("ending", {"type": "string", "enum": list(MEDIA_TYPES)}, "Format", place="path")
    return _operation(f"table_{table.name}", f"Rows of {table.name}", [ending, *filters, *window], _one_of(MEDIA_TYPES), 400, 404)


def _choice(parameter: Parameter) -> dict:
    number = r"(10(\.0{1,3})?|\d(\.\d{1,3})?)"
    if isinstance(parameter, Weights):
        schema = {"type": "string", "pattern": rf"^{number}(,{number}){{{parameter.most - 1}}}$"}
        return _asked(
            parameter.name, schema, f"{parameter.most} weights from 0 to {parameter.highest:g} in the order of the layers, not all 0"
        )
    one = {"type": "string", "enum": list(parameter.allowed)}
    if parameter.most == 1:
        return _asked(parameter.name, one, "One of these")
    # Nothing between two commas is passed over; a list with one empty code is written as the empty list is.
    most = {"type": "array", "items": {"type": "string", "enum": [*parameter.allowed, ""]}}
    return _asked(parameter.name, most, "Some of these, with commas between them", style="form", explode=False)


def _measure(database: Database, name: str) -> dict:
    measure = MEASURES[name]
    ending = _asked("ending", {"type": "string", "enum": list(ENDINGS)}, "Format", place="path")
    columns = "; ".join(f"{column}: {meaning}" for column, meaning in measure.columns.items())
    operation = _operation(
        f"measure_{name}", measure.meaning, [ending, *map(_choice, parameters_of(database, measure))], _one_of(ENDINGS), 400, 404
    )
    operation["get"]["description"] = columns
    return operation


def description(database: Database, base: str) -> dict:
    """All routes. `base` is the address of the server."""
    json_content = {"application/json": {"schema": OBJECT}}
    source_id = _asked("source_id", {"type": "string", "enum": database.read("sources", columns="source_id")["source_id"].tolist()[:50]}, "Id of a source", place="path")  # fmt: skip
    countries = _choice(Parameter("countries", (), database.read("countries", columns="iso3")["iso3"].tolist(), 50))
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "description": DESCRIPTION, "version": database.version, "license": {"name": LICENCE, "url": LICENCE_URL}},
        "servers": [{"url": base}],
        "paths": {
            "/api/v1/tables": _operation("tables", "Every table with its columns, their meaning and unit", [], json_content),
            **{f"/api/v1/tables/{name}.{{ending}}": _table(table) for name, table in database.tables.items()},
            **{f"/api/v1/measures/{name}.{{ending}}": _measure(database, name) for name in MEASURES},
            "/api/v1/sources/{source_id}": _operation(
                "source", "A source, and the rows that rest on it", [source_id], json_content, 400, 404
            ),
            "/api/v1/datapackage.json": _operation("datapackage", "The tables as a Data Package", [], json_content),
            "/api/v1/openapi.json": _operation("openapi", "This description", [], json_content),
            "/citation.bib": _operation("citation", "How to cite, as BibTeX", [], {"application/x-bibtex": {"schema": TEXT}}),
            "/feed.xml": _operation(
                "feed", "Events and changes of the data, as Atom", [countries], {"application/atom+xml": {"schema": TEXT}}, 400
            ),
            "/robots.txt": _operation("robots", "What crawlers may read", [], {"text/plain": {"schema": TEXT}}),
            "/sitemap.xml": _operation("sitemap", "Every page and profile", [], {"application/xml": {"schema": TEXT}}),
            "/readyz": _operation("ready", "Whether a query is answered", [], json_content),
        },
    }
