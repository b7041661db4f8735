"""The tables as a Data Package (Frictionless, version 1): what schema.sql declares in, its descriptor out."""

from collections.abc import Callable

from atlas.open_data.answer import LICENCE, LICENCE_URL
from atlas.open_data.tables import TYPES, built
from atlas.store import Database, Table

TITLE = "Sovereign AI Atlas"
DESCRIPTION = (
    "Who builds sovereign AI, on whose compute, with whose chips: programmes, consortia, sites, chips, market shares, supply links, models and events"
    " by country, every row with its source."
)


def field_of(table: Table, name: str) -> dict:
    column = table.column(name)
    field = {"name": name, "type": TYPES[column.type], "description": column.meaning}
    if column.unit:
        field["unit"] = column.unit
    constraints = {"required": True} if column.required else {}
    if (name,) in table.keys:
        constraints["unique"] = True
    if column.type == "BOOLEAN":
        field |= {"trueValues": ["yes"], "falseValues": ["no"]}
    return field | ({"constraints": constraints} if constraints else {})


def resource_of(table: Table, path: str) -> dict:
    return {
        "name": table.name,
        "path": path,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": {
            "fields": [field_of(table, name) for name in table.column_names],
            "primaryKey": list(table.keys[0]),
            "foreignKeys": [
                {"fields": column, "reference": {"resource": other, "fields": key}} for column, (other, key) in table.references.items()
            ],
            "missingValues": [""],
        },
    }


def descriptor(database: Database, path_of: Callable[[str], str]) -> dict:
    """The whole package; `path_of` gives the path or address of a table's CSV."""
    return {
        "profile": "tabular-data-package",
        "name": "sovereign-ai-atlas",
        "title": TITLE,
        "description": DESCRIPTION,
        "version": database.version,
        "created": f"{built(database)}T00:00:00Z",
        "licenses": [{"name": LICENCE, "path": LICENCE_URL, "title": "Creative Commons Attribution 4.0"}],
        "sources": [
            {"title": f"{row.publisher}: {row.title}", "path": row.url}
            for row in database.read("sources", columns="publisher, title, url").itertuples()
        ],
        "resources": [resource_of(table, path_of(table.name)) for table in database.tables.values()],
    }
