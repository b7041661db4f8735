"""CSV -> DuckDB -> frame. The only package that speaks to DuckDB: declaration -> load (check) -> build -> database (read)."""

from atlas.store.beside import facts_otherwise
from atlas.store.build import build, data_version, durable, read_pointer, sha256
from atlas.store.database import DATA_DIR, Database, build_dir, current
from atlas.store.declaration import WORDS, Column, Table, read_declaration
from atlas.store.files import DataError, Problem
from atlas.store.layer_files import layer_folders, layer_source
from atlas.store.load import load_tables

__all__ = [
    "DATA_DIR",
    "WORDS",
    "Column",
    "DataError",
    "Database",
    "Problem",
    "Table",
    "build",
    "build_dir",
    "current",
    "data_version",
    "durable",
    "facts_otherwise",
    "layer_folders",
    "layer_source",
    "load_tables",
    "read_declaration",
    "read_pointer",
    "sha256",
]
