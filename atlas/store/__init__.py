"""CSV -> DuckDB -> frame. The only package that speaks to DuckDB: declaration -> load (check) -> build -> database (read)."""

from atlas.store.build import build, data_version, read_pointer
from atlas.store.database import DATA_DIR, Database, build_dir, current
from atlas.store.declaration import Column, Table, read_declaration
from atlas.store.load import DataError, Problem, load_tables

__all__ = [
    "DATA_DIR",
    "Column",
    "DataError",
    "Database",
    "Problem",
    "Table",
    "build",
    "build_dir",
    "current",
    "data_version",
    "load_tables",
    "read_declaration",
    "read_pointer",
]
