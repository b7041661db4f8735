"""The README tells the truth: its Python examples run, its addresses answer."""

import doctest
import re

import pytest

import atlas
from atlas import filters
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def built(monkeypatch, tmp_path):
    monkeypatch.setenv("ATLAS_BUILD_DIR", str(tmp_path))


def test_the_python_examples_run():
    (blocks,) = [re.findall(r"```python\n(.*?)```", README, re.DOTALL)]
    assert blocks
    for block in blocks:
        example = doctest.DocTestParser().get_doctest(block, {}, "README", "README.md", 0)
        assert doctest.DocTestRunner().run(example).failed == 0


def test_the_example_of_load_runs():
    results = doctest.testmod(atlas)
    assert results.attempted > 0
    assert results.failed == 0


def test_load_says_what_it_cannot_give():
    with pytest.raises(KeyError, match="there is no table 'nope': the tables are sources"):
        atlas.load("nope")
    with pytest.raises(filters.QueryError, match="has no column 'nope'"):
        atlas.load("chips", nope="1")


def test_every_address_of_the_readme_answers(client):
    section = README.split("## The data for programs")[1].split("\n## ")[0]
    addresses = re.findall(r"`(/[^`]+)`", section) + re.findall(r"curl -s 'http://127.0.0.1:8501(/[^']+)'", section)
    assert len(addresses) > 8
    for address in addresses:
        assert client.ask(address).status == 200, address
