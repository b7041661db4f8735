"""What of the layers is published: git keeps those whose licence allows it and no other, and the weekly workflow proposes them and can do no more."""

import shutil
import subprocess

import pytest
import yaml

from atlas.upstream.refresh import adapters
from tests.conftest import ROOT

WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/refresh.yml").read_text(encoding="utf-8"))


@pytest.fixture
def is_ignored(tmp_path):
    """Whether a repository with our .gitignore leaves a path out."""
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    shutil.copy(ROOT / ".gitignore", tmp_path)
    return lambda path: subprocess.run(["git", "-C", tmp_path, "check-ignore", "--quiet", path], check=False).returncode == 0


def test_git_keeps_the_layers_whose_licence_allows_it(is_ignored):
    kept = {name: not is_ignored(f"data/upstream/{name}/sites.csv") for name in adapters()}
    assert kept == {name: adapter.is_redistributable for name, adapter in adapters().items()}


def test_no_layer_of_a_licence_that_forbids_commercial_use_is_published():
    assert [
        name for name, adapter in adapters().items() if "NC" in adapter.licence.replace("-", " ").split() and adapter.is_redistributable
    ] == []


def test_git_keeps_the_decisions_of_editors_and_nothing_half_written(is_ignored):
    assert not is_ignored("data/upstream/names.csv")
    assert is_ignored("data/upstream/.incoming-x/epoch-models/sites.csv")
    assert is_ignored("data/upstream/.epoch-models/sites.csv")


def test_the_workflow_runs_weekly_and_by_hand_with_no_more_than_it_needs():
    assert set(WORKFLOW[True]) == {"schedule", "workflow_dispatch"}  # YAML reads the key `on` as true
    assert WORKFLOW["permissions"] == {}
    (job,) = WORKFLOW["jobs"].values()
    assert job["permissions"] == {"contents": "write", "pull-requests": "write"}
    assert [step["uses"].split("/")[0] for step in job["steps"] if "uses" in step] == ["actions", "actions"]


def test_the_workflow_refreshes_then_tests_then_proposes():
    (job,) = WORKFLOW["jobs"].values()
    names = [step.get("name") for step in job["steps"] if "run" in step]
    assert names == ["Install", "Refresh", "Test", "Propose", "Say whether a source failed"]
    scripts = {step["name"]: step["run"] for step in job["steps"] if "run" in step}
    assert "python -m atlas refresh" in scripts["Refresh"]
    assert scripts["Test"] == "make test"
    assert "gh pr create" in scripts["Propose"]
    for script in scripts.values():
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)
