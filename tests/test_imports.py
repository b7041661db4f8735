"""Who may import what: data flows one way, and the page path touches no network."""

import ast
import sys

import pytest

from tests.conftest import ROOT

NETWORK = {"socket", "ssl", "http", "urllib.request", "requests", "urllib3", "httpx", "aiohttp", "ftplib"}


def imports(path):
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def files(*places):
    found = [path for place in places for path in ([ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py"))]
    assert found
    return found


def breaks(paths, forbidden):
    return [
        (path.name, name)
        for path in paths
        for name in imports(path)
        if any(name == other or name.startswith(f"{other}.") for other in forbidden)
    ]


@pytest.mark.parametrize(
    ("places", "forbidden"),
    [
        (["atlas/measures.py", "atlas/exposure.py", "atlas/figures"], ["streamlit", "duckdb", "atlas.store", "atlas.ui", "pages"]),
        (["atlas/cards.py", "atlas/comparison.py", "atlas/brief.py"], ["streamlit", "duckdb", "atlas.ui", "atlas.shell", "pages"]),
        (
            ["atlas/selection.py", "atlas/texts.py", "atlas/titles.py"],
            ["streamlit", "duckdb", "atlas.store", "atlas.ui", "atlas.figures", "pages"],
        ),
        (["atlas/store"], ["streamlit", "plotly", "atlas.ui", "atlas.figures", "atlas.measures", "pages"]),
        (["atlas/ui", "atlas/shell.py", "atlas/head.py", "atlas/__main__.py", "dashboard.py", "pages"], ["duckdb"]),
        (["atlas/ui", "atlas/figures"], ["pages", "atlas.shell"]),
        (["pages"], ["plotly", "atlas.store", "atlas.shell"]),
    ],
)
def test_imports_go_one_way(places, forbidden):
    assert breaks(files(*places), forbidden) == []


def test_only_upstream_touches_the_network_and_only_the_commands_reach_upstream():
    upstream = set(files("atlas/upstream"))
    elsewhere = [path for path in files("atlas", "pages", "dashboard.py") if path not in upstream]
    assert breaks(upstream, NETWORK) != []
    assert breaks(elsewhere, NETWORK) == []
    assert breaks([path for path in elsewhere if path.name != "__main__.py"], ["atlas.upstream"]) == []


def test_pages_hold_no_sql_and_no_html():
    for path in files("pages"):
        text = path.read_text(encoding="utf-8")
        assert "SELECT " not in text, path.name
        assert "unsafe_allow_html" not in text, path.name


def test_only_the_needed_packages_are_imported():
    declared = {line.split("==")[0] for line in (ROOT / "requirements.txt").read_text().splitlines()}
    used = {name.split(".")[0] for path in files("atlas", "pages", "dashboard.py") for name in imports(path) if name}
    assert used - set(sys.stdlib_module_names) - {"atlas", "pages"} == declared
