"""Refresh: a good source becomes a layer beside the curated rows; a bad one leaves the layer as it was, says why, and stops no other."""

import csv
import io
import os
import subprocess
import sys
from collections import Counter

import pytest

from atlas import store
from atlas.upstream.layer import Doubtful, Drift, Fact, File, Layer, Unmapped
from atlas.upstream.refresh import command
from tests.conftest import ROOT, DataFolder
from tests.layers import adapter, site
from tests.upstream.server import Server, reply

HEADER = "name,h100e,what"
SITES = "".join(f"Site {number},{number},site\n" for number in range(1, 9))
GOOD = f"{HEADER}\n{SITES}H100,700,fact\nX1,1,chip\nOur site,9,doubtful\nOld,1,excluded\n"


def parse(files, known) -> Layer:
    """Sites, facts about the H100, unmapped chips and doubtful sites from rows of name, h100e, what."""
    layer = Layer()
    for path in files.values():
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
        if rows and list(rows[0]) != HEADER.split(","):
            raise Drift(f"{path.name} has the columns {', '.join(rows[0])}")
        layer.read += len(rows)
        for row in rows:
            match row["what"]:
                case "site":
                    layer.rows.setdefault("sites", []).append(site(row["name"], h100e_stated=str(float(row["h100e"]))))
                case "fact":
                    layer.facts.append(Fact("chips", "nvidia-h100", "fp16_dense_tflops", row["h100e"], row["name"]))
                case "chip":
                    layer.unmapped.append(Unmapped("chip", row["name"], row["name"]))
                case "doubtful":
                    layer.doubtful.append(Doubtful("sites", row["name"], "ours", "nearly the same name"))
                case reason:
                    layer.dropped[reason] += 1
    return layer


@pytest.fixture
def server():
    with Server() as server:
        yield server


class Source:
    """A source of one file on a local server, a small data folder, and the command over them."""

    def __init__(self, folder: DataFolder, server: Server):
        self.folder, self.server = folder, server
        folder.add_site("ours", "KOR", h100e_stated="50")
        self.cache = folder.build_dir / "upstream"
        self.place = folder.path / "upstream" / "up"
        self.known = {"up": adapter(files=(File("sites.csv", (server.address + "/sites.csv",)),), parse=parse)}

    def gives(self, text: str, **headers: str) -> None:
        self.server.script("/sites.csv", reply(text.encode(), headers=headers))

    def refresh(self, *names: str, **options) -> tuple[int, str]:
        out = io.StringIO()
        code = command(names, known=self.known, data_dir=self.folder.path, cache_dir=self.cache, out=out, **options)
        return code, out.getvalue()

    def files(self) -> dict[str, bytes]:
        """Everything in the data folder and in the cache, byte for byte."""
        paths = [path for place in (self.folder.path, self.cache) for path in place.rglob("*") if path.is_file() and path.name != "LOCK"]
        return {str(path): path.read_bytes() for path in paths}

    def names(self) -> set[str]:
        return set(self.folder.database().read("sites")["name"])


@pytest.fixture
def source(folder, server) -> Source:
    made = Source(folder, server)
    made.gives(GOOD, ETag='"1"')
    return made


def test_a_good_source_becomes_a_layer_beside_the_curated_rows(source):
    code, said = source.refresh()
    assert code == 0
    assert said.splitlines()[-1] == "up: new layer: 8 rows, 1 facts, 1 names of nothing of ours, 1 doubtful"
    assert source.names() == {"ours site", *(f"Site {number}" for number in range(1, 9))}
    assert {path.name for path in source.place.iterdir()} == {
        "sites.csv",
        "sources.csv",
        "facts.csv",
        "unmapped.csv",
        "doubtful.csv",
        "layer.json",
    }
    assert [path.name for path in source.place.parent.iterdir()] == ["up"]


def test_totals_count_each_site_once(source):
    source.refresh()
    rows = source.folder.database().read("compute_by_country", evidence=["official", "estimated"], where={"iso3": ["KOR"]})
    assert rows["h100e"].sum() == 50 + sum(range(1, 9))


def test_the_report_says_what_is_new(source):
    source.refresh()
    changed = GOOD.replace("Site 1,1,", "Site 9,9,").replace("Site 2,2,", "Site 2,22,").replace("H100,700", "H100,800")
    source.gives(changed)
    code, said = source.refresh()
    assert code == 0
    for line in (
        "  12 rows read, 1 left out: excluded",
        "  sites: 8 rows, 1 added, 1 removed, 1 changed",
        "    + up-site-9",
        "    - up-site-1",
        "    ~ up-site-2: h100e_stated 2.0 -> 22.0",
        "  facts: 1, 1 new, 1 of these otherwise than our rows",
        "    chips nvidia-h100 fp16_dense_tflops: 100.0 here, 800 there",
        "  1 names stand for nothing of ours: 1 chip",
        "    chip 'X1' (1 rows)",
        "  1 doubtful, which are in no total",
        "    'Our site' may be sites ours: nearly the same name",
    ):
        assert line in said.splitlines(), said


def test_a_long_list_is_cut_and_says_by_how_much(source):
    source.gives(HEADER + "\n" + "".join(f"Site {number},1,site\n" for number in range(30)))
    assert "    ... and 20 more in sites.csv" in source.refresh()[1].splitlines()


def test_what_has_not_changed_is_not_sent_again_and_not_written(source):
    source.refresh()
    before = source.files()
    source.server.script(
        "/sites.csv", lambda request: reply(status=304) if request.headers["If-None-Match"] == '"1"' else reply(GOOD.encode())
    )
    code, said = source.refresh()
    assert code == 0
    assert "up: nothing new since 20" in said.splitlines()[-1]
    layer = {path: content for path, content in source.files().items() if "fetched.json" not in path}
    assert layer == {path: content for path, content in before.items() if "fetched.json" not in path}


BAD = {
    "an error of the server": (reply(status=404), "answered 404"),
    "a web page": (reply(b"<!DOCTYPE html><html></html>"), "a web page instead of data"),
    "an empty file": (reply(b""), "an empty file"),
    "a file cut in the middle": (reply(GOOD.encode()[:100], headers={"Content-Length": str(len(GOOD))}), "broke off in the middle"),
    "a header alone": (reply(HEADER.encode() + b"\n"), "hold no rows"),
    "renamed columns": (reply(GOOD.replace("h100e", "size").encode()), "has the columns name, size, what"),
    "what its reader did not foresee": (reply(GOOD.replace("Site 3,3,", "Site 3,many,").encode()), "ValueError: could not convert string to float: 'many'"),
    "another encoding": (reply(GOOD.replace("Site 3", "Sité 3").encode("latin-1")), "UnicodeDecodeError"),
    "fewer than half of the rows": (reply(f"{HEADER}\nSite 1,1,site\n".encode()), "it gives 1 rows and gave 12 the last time"),
    "fewer than half of use": (reply(GOOD.replace(",site", ",forgotten").encode()), "it gives 1 rows and facts that can be placed and gave 9"),
    "a row that breaks a rule": (reply(GOOD.replace("Site 3,3,", "Site 3,-3,").encode()), "data/upstream/up/sites.csv line 4, column h100e_stated: '-3.0'"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_answer_keeps_the_layer_byte_for_byte_and_says_why(source, kind, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    source.refresh()
    before, names = source.files(), source.names()
    answer, why = BAD[kind]
    source.server.script("/sites.csv", answer)
    code, said = source.refresh()
    assert code == 1
    assert why in said
    assert "up: kept as it was: " in said
    assert source.files() == before
    assert source.names() == names


def test_a_bad_first_answer_leaves_no_layer(source):
    source.server.script("/sites.csv", reply(status=404))
    assert source.refresh()[0] == 1
    assert store.layer_folders(source.folder.path) == {}


def test_a_row_of_an_undeclared_column_is_refused_with_its_name(source):
    source.known["up"] = adapter(
        files=source.known["up"].files, parse=lambda files, known: Layer(rows={"sites": [site("A", size="1")]}, read=1)
    )
    code, said = source.refresh()
    assert code == 1
    assert "schema.sql declares no size for rows of sites" in said


def test_one_source_that_fails_does_not_stop_the_others(source):
    good = adapter(
        "zz", files=(File("zz.csv", (source.server.script("/zz.csv", reply(GOOD.encode())),)),), parse=lambda files, known: Layer(read=1)
    )
    source.known["zz"] = good
    source.server.script("/sites.csv", reply(status=404))
    code, said = source.refresh()
    assert code == 1
    assert [line.split(":")[0] for line in said.splitlines() if line.startswith(("up: kept", "zz: new layer"))] == ["up", "zz"]
    assert set(store.layer_folders(source.folder.path)) == {"zz"}


def test_a_source_that_must_be_asked_for_is_left_alone_until_it_is_named(source):
    source.known["up"] = adapter(files=source.known["up"].files, parse=parse, is_opt_in=True)
    assert source.refresh() == (0, "\n")
    assert source.refresh("up")[1].endswith("1 doubtful\n")


def test_a_dry_run_says_the_same_and_writes_nothing(source):
    before = source.files()
    code, said = source.refresh(is_dry=True)
    assert code == 0
    assert said.splitlines()[-2:] == [
        "up: new layer: 8 rows, 1 facts, 1 names of nothing of ours, 1 doubtful",
        "a dry run: nothing was written",
    ]
    assert source.files() == before
    assert not source.cache.exists()


@pytest.mark.parametrize("form", ["file", "folder", "address"])
def test_a_source_is_read_from_a_file_a_folder_or_an_address(source, tmp_path, form):
    place = tmp_path / "given"
    place.mkdir()
    (place / "sites.csv").write_text(GOOD, encoding="utf-8")
    other = (place / "sites.csv").rename(place / "other.csv") if form == "file" else place
    given = source.server.script("/elsewhere.csv", reply(GOOD.encode())) if form == "address" else str(other)
    source.server.script("/sites.csv", reply(status=500))
    code, said = source.refresh("up", given=given)
    assert (code, said.splitlines()[-1][:20]) == (0, "up: new layer: 8 row")
    assert str(tmp_path) not in (source.place / "layer.json").read_text(encoding="utf-8")


def two_files(source: Source) -> None:
    addresses = [f"{source.server.address}/{name}" for name in ("a.csv", "b.csv")]
    source.known["up"] = adapter(files=(File("a.csv", (addresses[0],)), File("b.csv", (addresses[1],), is_optional=True)), parse=parse)


def test_a_source_of_several_files_is_read_from_the_address_above_them(source):
    two_files(source)
    source.server.script("/there/a.csv", reply(GOOD.encode()))
    source.server.script("/there/b.csv", reply(f"{HEADER}\nSite 9,9,site\n".encode()))
    assert source.refresh("up", given=source.server.address + "/there")[0] == 0
    assert "Site 9" in source.names()


@pytest.mark.parametrize(
    ("given", "why"),
    [("nowhere.csv", "nowhere.csv is not there"), ("other.csv", "it is read from 2 files"), ("", "holds no a.csv; put the files there"), ("b.csv", "it is read from 2 files")],
)  # fmt: skip
def test_a_wrong_place_is_a_sentence(source, tmp_path, given, why):
    two_files(source)
    for name in ("other.csv", "b.csv"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    code, said = source.refresh("up", given=str(tmp_path / given))
    assert code == 1
    assert why in said


def test_an_optional_file_may_be_missing_until_it_was_there_once(source):
    two_files(source)
    source.server.script("/a.csv", reply(GOOD.encode()))
    assert source.refresh()[0] == 0
    source.server.script("/b.csv", reply(f"{HEADER}\nSite 9,9,site\n".encode()))
    assert source.refresh()[0] == 0
    before = source.files()
    source.server.script("/b.csv", reply(status=404))
    assert source.refresh()[0] == 1
    assert source.files() == before


@pytest.mark.parametrize(
    ("names", "options", "why"),
    [(["nobody"], {}, "there is no source nobody: choose from up"), ([], {"given": "x"}, "--from is for one source"), (["up", "up2"], {"given": "x"}, "there is no source up2")],
)  # fmt: skip
def test_a_wrong_command_is_told_and_has_the_code_2(source, names, options, why):
    code, said = source.refresh(*names, **options)
    assert code == 2
    assert why in said


def test_the_list_says_what_is_there_and_of_when(source):
    assert source.refresh(is_list=True) == (0, "up: Upstream, up data (CC BY 4.0), not refreshed yet\n")
    source.refresh()
    assert source.refresh(is_list=True)[1].startswith("up: Upstream, up data (CC BY 4.0), of 20")


def test_a_damaged_cache_costs_a_download_and_nothing_else(source):
    source.refresh()
    for name in ("fetched.json", "sites.csv"):
        (source.cache / "up" / name).write_text("{", encoding="utf-8")
    source.gives(GOOD.replace("Site 8", "Site 10"))
    assert source.refresh()[0] == 0
    assert "Site 10" in source.names()


def steps(monkeypatch, name: str, number: int) -> Counter:
    """Lets the call of `os.<name>` with this number fail, as a full disk does."""
    calls, real = Counter(), getattr(os, name)

    def failing(*arguments, **options):
        calls[name] += 1
        if calls[name] == number:
            raise OSError(28, "No space left on device")
        return real(*arguments, **options)

    monkeypatch.setattr(os, name, failing)
    return calls


@pytest.mark.parametrize(
    ("name", "number"), [*(("fsync", number) for number in range(1, 10)), *(("rename", number) for number in range(1, 3))]
)
def test_a_failure_at_any_step_of_writing_leaves_the_old_layer_whole(source, monkeypatch, name, number):
    source.refresh()
    before = {path: content for path, content in source.files().items() if str(source.place) in path}
    source.gives(GOOD.replace("Site 8", "Site 10"))
    with monkeypatch.context() as patch:
        calls = steps(patch, name, number)
        code, said = source.refresh()
    assert calls[name] >= number
    assert code == 1
    assert "No space left on device" in said
    assert {path: content for path, content in source.files().items() if str(source.place.parent) in path} == before


KILLED = """
import os, sys
from pathlib import Path
from atlas.upstream.folder import put
real, calls = os.rename, []
def killed(*arguments):
    if len(calls) == int(sys.argv[3]):
        os._exit(9)
    calls.append(arguments)
    return real(*arguments)
os.rename = killed
put(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_refresh_killed_between_two_renames_leaves_a_whole_layer_that_serves(source, number):
    source.refresh()
    old = source.names()
    new = source.place.parent / ".incoming-killed" / "up"
    new.parent.mkdir()
    subprocess.run(["cp", "-r", source.place, new], check=True)
    (new / "sites.csv").write_text((new / "sites.csv").read_text(encoding="utf-8").replace("Site 8", "Site 10"), encoding="utf-8")
    killed = subprocess.run([sys.executable, "-c", KILLED, new, source.place, str(number)], cwd=ROOT, check=False, timeout=60)
    assert killed.returncode == 9
    assert source.names() == (old if number < 2 else old - {"Site 8"} | {"Site 10"})
    source.gives(GOOD.replace("Site 8", "Site 11"))
    assert source.refresh()[0] == 0
    assert source.names() == old - {"Site 8"} | {"Site 11"}
    assert {path.name for path in source.place.parent.iterdir() if path.name.lstrip(".") == "up"} == {"up"}


def test_curated_data_that_is_wrong_stops_a_refresh_with_its_file_and_line(source):
    source.folder.add("sites", {"site_id": "bad", "name": "Bad", "iso3": "XXX", "kind": "cluster", "sector": "public", "status": "planned", "counts_in_total": "no"})  # fmt: skip
    code, said = source.refresh()
    assert code == 1
    assert "data/sites.csv line 3, column iso3: 'XXX'" in said


def test_the_command_line_knows_its_options(tmp_path):
    def atlas(*arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run([sys.executable, "-m", "atlas", "refresh", *arguments], cwd=ROOT, env=os.environ | {"ATLAS_BUILD_DIR": str(tmp_path)}, capture_output=True, text=True, timeout=60, check=False)  # fmt: skip

    assert atlas("--list").returncode == 0
    wrong = atlas("no-such-source")
    assert (wrong.returncode, wrong.stderr) == (2, "")
    assert "there is no source no-such-source" in wrong.stdout
