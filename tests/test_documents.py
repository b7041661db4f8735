"""The documents tell the truth: their commands run, their examples answer, their links lead somewhere, their lists are those of the code."""

import csv
import doctest
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest
import streamlit.config
import yaml

import atlas
from atlas import export, filters
from pages import PAGES
from tests.conftest import ROOT, TEXTS, words
from tests.server import free_port, running, serving

DOCUMENTS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "data/LICENSE.md")}  # fmt: skip
CONTRIBUTING, DATA, HOSTING = DOCUMENTS["CONTRIBUTING.md"], DOCUMENTS["docs/data.md"], DOCUMENTS["docs/hosting.md"]
LOCAL = "http://127.0.0.1:8501"  # where the documents say that the dashboard is


class Block(NamedTuple):
    """A fenced block: its document, language, what else the line of the fence says, and its lines."""

    document: str
    language: str
    note: str
    text: str


BLOCKS = [Block(name, *found) for name, text in DOCUMENTS.items() for found in re.findall(r"^```(\S*) ?(.*)\n((?:.*\n)*?)```$", text, re.MULTILINE)]  # fmt: skip
# What cannot run here, and why: every block that is marked so, and no other.
NOT_RUN = [
    ("CONTRIBUTING.md", "it is the tests themselves"),
    ("README.md", "it clones over the network"),
    ("docs/hosting.md", "it needs a container engine and the network"),
    ("docs/hosting.md", "it needs a container engine and the network"),
    ("docs/refresh.md", "it asks the publishers over the network"),
    ("docs/refresh.md", "it reads a file that the publisher gives out"),
]
COMMANDS = sorted({block.text for block in BLOCKS if block.language == "sh" and not block.note})
REQUESTS = [text for text in COMMANDS if text.startswith("curl ")]
SERVERS = [text for text in COMMANDS if "make run" in text or "streamlit run" in text]
OTHERS = [text for text in COMMANDS if text not in REQUESTS + SERVERS]


def blocks(document: str, language: str) -> list[str]:
    return [block.text for block in BLOCKS if (block.document, block.language) == (document, language)]


def test_a_block_says_what_it_is_and_each_that_is_not_run_says_why():
    assert {block.language for block in BLOCKS} == {"sh", "python", "csv", "text", "toml"}
    assert sorted((block.document, block.note.removeprefix("not run here: ")) for block in BLOCKS if block.note) == NOT_RUN


# Commands -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Path:
    """A copy of the project in which commands may write, with the packages that are installed here."""
    path = tmp_path_factory.mktemp("checkout") / "atlas"
    left_out = (".git", ".venv*", "build", ".*_cache", ".hypothesis")
    shutil.copytree(ROOT, path, ignore=shutil.ignore_patterns(*left_out))
    (path / ".venv").mkdir()
    for entry in Path(sys.prefix).iterdir():
        if entry.suffix != ".stamp":
            (path / ".venv" / entry.name).symlink_to(entry)
    for name in ("run.stamp", "test.stamp"):  # newer than the lists of packages: make has nothing to install
        (path / ".venv" / name).touch()
    return path


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("server"), STREAMLIT_SERVER_ENABLE_AGENT_API="true") as address:
        yield address


def run(command: str, folder: Path) -> subprocess.CompletedProcess:
    environment = os.environ | {"ATLAS_BUILD_DIR": ""}
    return subprocess.run(["sh", "-eu", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False)  # fmt: skip


@pytest.mark.parametrize("command", OTHERS)
def test_a_command_runs(command, checkout):
    result = run(command, checkout)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("command", REQUESTS)
def test_a_request_is_answered(command, server, tmp_path):
    assert shutil.which("curl"), "the documents ask with curl: install it (Debian, Ubuntu: apt-get install curl)"
    assert LOCAL in command
    result = run(command.replace(LOCAL, server).replace("curl -s ", "curl -sS --fail "), tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stdout


@pytest.mark.parametrize("command", SERVERS)
def test_a_server_starts(command, checkout):
    port = free_port()
    started = ["sh", "-eu", "-c", command.replace("8501", str(port))]
    with running(started, checkout / "server.log", f"http://127.0.0.1:{port}/readyz", cwd=checkout, PORT=str(port), ATLAS_BUILD_DIR=""):
        assert urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60).status == 200


# Examples -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", blocks("docs/data.md", "python"))
def test_a_python_example_runs(example, monkeypatch, tmp_path):
    monkeypatch.setenv("ATLAS_BUILD_DIR", str(tmp_path))
    test = doctest.DocTestParser().get_doctest(example, {}, "example", "docs/data.md", 0)
    result = doctest.DocTestRunner().run(test)
    assert (result.failed, result.attempted > 0) == (0, True)


def test_the_example_of_load_runs(monkeypatch, tmp_path):
    monkeypatch.setenv("ATLAS_BUILD_DIR", str(tmp_path))
    results = doctest.testmod(atlas)
    assert results.attempted > 0
    assert results.failed == 0


def test_load_says_what_it_cannot_give(monkeypatch, tmp_path):
    monkeypatch.setenv("ATLAS_BUILD_DIR", str(tmp_path))
    with pytest.raises(KeyError, match="there is no table 'nope': the tables are sources"):
        atlas.load("nope")
    with pytest.raises(filters.QueryError, match="has no column 'nope'"):
        atlas.load("chips", nope="1")


def test_every_address_for_programs_answers(server):
    section = DATA.split("## For programs")[1].split("\n## ")[0]
    addresses = re.findall(r"`(/[^`]+)`", section)
    assert len(addresses) > 8
    for address in addresses:
        with urllib.request.urlopen(server + address, timeout=60) as answer:
            assert answer.status == 200


def test_the_rows_that_contributing_shows_are_rows_of_the_data():
    shown = blocks("CONTRIBUTING.md", "csv")
    assert len(shown) == 2
    files = {path.read_text(encoding="utf-8").splitlines()[0]: path for path in (ROOT / "data").glob("*.csv")}
    for block in shown:
        header, row = block.splitlines()
        assert row in files[header].read_text(encoding="utf-8").splitlines(), f"show the row of {files[header].name} as it is now"


def test_the_check_says_of_the_example_what_contributing_says(checkout):
    row = blocks("CONTRIBUTING.md", "csv")[0].splitlines()[1]
    path = checkout / "data" / "market_shares.csv"
    good = path.read_text(encoding="utf-8")
    wrong = row.replace(",70,", ",700,").replace("ictbusiness-2025-dram-1q25", "ictbusiness-2025")
    path.write_text(good.replace(row, wrong), encoding="utf-8")
    try:
        result = run(".venv/bin/python -m atlas check", checkout)
    finally:
        path.write_text(good, encoding="utf-8")
    assert result.returncode == 1

    def lines(text: str) -> set[str]:
        return {re.sub(r" line \d+,", " line N,", line) for line in text.splitlines()}  # rows above it come and go

    (said,) = blocks("CONTRIBUTING.md", "text")
    assert lines(said) <= lines(result.stderr)


def test_the_chart_of_the_example_shows_the_cell(server):
    (address,) = re.findall(rf"{LOCAL}(/\S+)", CONTRIBUTING)
    (row,) = csv.DictReader(blocks("CONTRIBUTING.md", "csv")[0].splitlines())
    parts = urlsplit(address)
    body = {"page": parts.path.strip("/"), "query_params": {**parse_qs(parts.query), "card": ["companies"]}}
    request = urllib.request.Request(f"{server}/_stcore/agent/interact", json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        page = json.dumps(json.load(answer), ensure_ascii=False)
    assert re.search(rf"SK hynix, per cent: [^.]*\b{row['share_pct']} in {words().date(row['period'])}\b", page)


# Links and lists ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_between_documents_lead_somewhere(name):
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", DOCUMENTS[name]) if "://" not in link]
    assert [link for link in links if not ((ROOT / name).parent / link).exists()] == []


def test_no_document_stands_alone():
    """From the README every document is reached."""
    reached, new = set(), {"README.md"}
    while new:
        reached |= new
        links = {(Path(name).parent / link.split("#")[0]) for name in new for link in re.findall(r"\]\(([^)\s]+\.md)\)", DOCUMENTS[name])}
        new = {os.path.normpath(link) for link in links} - reached
    assert reached == set(DOCUMENTS)


def test_the_readme_is_a_front_page_that_lists_every_page():
    text = DOCUMENTS["README.md"]
    assert text.count("\n") <= 120
    listed = re.findall(r"^\| ([^|]+) \| [^|]+\? ?|^\| (Timeline|Data|Method) ", text, re.MULTILINE)
    names = {first or second for first, second in listed}
    assert names == {TEXTS[f"page.{page.NAME}"]["en"] for page in PAGES if page.NAME != "profile"}


def test_hosting_names_every_setting_of_ours_and_none_that_is_not():
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "atlas").rglob("*.py"))
    assert set(re.findall(r"\bATLAS_[A-Z_]+", HOSTING)) == set(re.findall(r"environ\.get\(\"(ATLAS_[A-Z_]+)\"", code))
    options = {option.env_var for option in streamlit.config.get_config_options().values()}
    named = set(re.findall(r"\bSTREAMLIT_[A-Z_]+\b", HOSTING))
    assert named
    assert named <= options


def test_the_changelog_is_in_its_form():
    text = DOCUMENTS["CHANGELOG.md"]
    heads = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert heads[0] == "[Unreleased]"
    releases = [re.fullmatch(r"\[(\d+)\.(\d+)\.(\d+)\] - (\d{4}-\d\d-\d\d)", head).groups() for head in heads[1:]]
    numbers = [tuple(map(int, release[:3])) for release in releases]
    assert numbers == sorted(set(numbers), reverse=True)
    assert [release[3] for release in releases] == sorted((release[3] for release in releases), reverse=True)
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert set(re.findall(r"^### (.*)$", text, re.MULTILINE)) <= kinds


# Licence and citation -----------------------------------------------------------------------------------------------


def test_the_citation_file_is_that_of_an_export_without_its_version(database):
    """The data version changes with every edit, so only an export and a server can name it."""
    ours = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    exported = yaml.safe_load(export.citation(database))
    assert ours == {field: value for field, value in exported.items() if field not in ("version", "date-released")}
    assert exported["version"] == database.version


def test_the_citation_file_has_what_its_format_requires():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] in ("dataset", "software")
    assert all(author["name"] for author in citation["authors"])


def test_the_licences_are_the_same_wherever_they_are_named():
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
    for text in (DOCUMENTS["README.md"], DOCUMENTS["data/LICENSE.md"], CONTRIBUTING, *TEXTS["method.licences.text"].values()):
        assert "CC BY 4.0" in text
        assert "MIT" in text


def test_the_method_is_said_in_the_app_and_the_documents_lead_to_it():
    assert {"{version}", "{link}"} <= set(re.findall(r"\{\w+\}", TEXTS["method.cite.text"]["en"]))
    for text in (DOCUMENTS["README.md"], CONTRIBUTING, DOCUMENTS["docs/architecture.md"]):
        assert "page Method" in text
