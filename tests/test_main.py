"""The commands: a line and an exit code; every wrong row a line of its own."""

import os
import subprocess
import sys

import pytest

from atlas import store
from tests.conftest import ROOT


@pytest.fixture
def atlas(tmp_path, real_data):
    """Runs a command on a copy of the data that a test may spoil."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", "atlas", *arguments],
            cwd=ROOT,
            env=os.environ | {"ATLAS_DATA_DIR": str(real_data), "ATLAS_BUILD_DIR": str(tmp_path / "build")} | environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def test_build_says_what_it_built_and_does_it_once(atlas, tmp_path):
    first = atlas("build")
    assert first.returncode == 0
    assert "is built: atlas-" in first.stderr
    assert [path.name for path in (tmp_path / "build").glob("*.duckdb")] == [first.stderr.split("is built: ")[1].split()[0]]
    assert atlas("build").stderr.split("is built: ")[1].split()[0] in first.stderr


def test_build_says_what_it_changed_and_keeps_the_reason(atlas, tmp_path, real_data):
    assert "first recorded version" in atlas("build").stderr
    path = real_data / "scores.csv"
    path.write_text("".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[:-2]), encoding="utf-8")
    assert "version 2; rows added: 0, removed: 2, changed: 0" in atlas("build", "--reason", " Two  doubtful scores ").stderr
    (built,) = (tmp_path / "build").glob("*.duckdb")
    versions = store.Database("", built).read("version_list")
    assert versions["reason"].iloc[0] == "Two doubtful scores"


def test_a_fresh_folder_goes_on_from_the_file_of_another(atlas, tmp_path, real_data):
    atlas("build")
    (built,) = (tmp_path / "build").glob("*.duckdb")
    (real_data / "texts.csv").write_text((real_data / "texts.csv").read_text(encoding="utf-8") + "zz,Z,,\n", encoding="utf-8")
    result = atlas("build", "--since", str(built), ATLAS_BUILD_DIR=str(tmp_path / "fresh"))
    assert "version 2; rows added: 0, removed: 0, changed: 0" in result.stderr


def test_a_file_that_is_no_database_of_the_atlas_is_a_sentence(atlas, real_data):
    result = atlas("build", "--since", str(real_data / "texts.csv"))
    assert result.returncode == 1
    assert "it is no database file of the Atlas" in result.stderr
    assert "Traceback" not in result.stderr


def test_check_builds_nothing(atlas, tmp_path):
    checked = atlas("check")
    assert checked.returncode == 0
    assert "every row holds" in checked.stderr
    assert not (tmp_path / "build").exists()


@pytest.mark.parametrize("command", ["build", "check"])
def test_every_wrong_row_is_a_line_and_the_exit_code_is_1(atlas, real_data, command):
    path = real_data / "trade.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[3] = lines[3].replace("official", "certain").replace("reported", "certain").replace("estimated", "certain")
    lines[5] = "XXX" + lines[5][3:]
    path.write_text("".join(lines), encoding="utf-8")
    result = atlas(command)
    assert result.returncode == 1
    assert "data/trade.csv line 4, column confidence" in result.stderr
    assert "data/trade.csv line 6, column reporter_iso3: 'XXX'" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_folder_that_cannot_be_written_is_a_sentence(atlas, tmp_path):
    (tmp_path / "file").write_text("")
    result = atlas("build", ATLAS_BUILD_DIR=str(tmp_path / "file" / "build"))
    assert result.returncode == 1
    assert "cannot be written there" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", ["build", "check"])
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("schema.sql", "CREATE TABLE trade (", "CREATE TABLE tride ("),
        ("checks.sql", "FROM organisations child", "FROM nothing child"),
        ("schema.sql", "CREATE", "CRATE"),
    ],
)
def test_a_declaration_that_does_not_fit_is_a_sentence(atlas, real_data, command, file, old, new):
    path = real_data / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    result = atlas(command)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "schema.sql" in result.stderr or "checks.sql" in result.stderr
