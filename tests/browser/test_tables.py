"""The Data page in a real browser: filters in the address, files that are the view, and a table of a million rows."""

import csv
import hashlib
import io
import json
import urllib.request

import duckdb
import pytest

from atlas import store
from atlas.filters import Query, parse_query
from atlas.store.build import code_version
from tests.server import serving

MANY = 1_000_000


def test_a_filter_goes_into_the_address_and_survives_a_reload(reader, database):
    one = reader()
    one.open("/data?table=chips")
    page = one.page
    page.get_by_text("Filter by column").click()
    one.settle()
    page.get_by_label("memory_gb", exact=True).fill("80..192")
    page.get_by_label("memory_gb", exact=True).press("Enter")
    one.settle()
    assert "memory_gb=80..192" in one.query
    kept = database.count(Query("chips", (("memory_gb", "80..192"),)))
    page.get_by_text(f"{kept} of {database.count(Query('chips'))} rows").wait_for()
    page.reload()
    one.settle()
    page.get_by_text(f"{kept} of {database.count(Query('chips'))} rows").wait_for()
    page.get_by_role("button", name="memory_gb: 80..192").click()
    one.settle()
    assert "memory_gb" not in one.query


def test_values_are_chosen_from_a_list_and_a_wrong_field_says_so(reader, database):
    one = reader()
    one.open("/data?table=chips&vendor_org_id=rebellions|furiosa")
    page = one.page
    kept = database.count(Query("chips", (("vendor_org_id", "rebellions|furiosa"),)))
    page.get_by_text(f"{kept} of {database.count(Query('chips'))} rows").wait_for()
    page.get_by_text("Filter by column").click()
    one.settle()
    page.get_by_label("memory_gb", exact=True).fill("much")
    page.get_by_label("memory_gb", exact=True).press("Enter")
    page.get_by_text("write a number").wait_for()
    assert "memory_gb" not in one.query


@pytest.mark.parametrize("ending", ["CSV", "JSON"])
def test_the_file_is_the_view(reader, database, ending):
    one = reader(accept_downloads=True)
    one.open("/data?table=chips&memory_gb=80..192&vendor_org_id=nvidia&sort=-memory_gb")
    with one.page.expect_download() as download:
        one.page.get_by_role("link", name=ending).click()
    content = download.value.path().read_text(encoding="utf-8")
    types = {column.name: column.type for column in database.tables["chips"].columns}
    items = [("memory_gb", "80..192"), ("vendor_org_id", "nvidia"), ("sort", "-memory_gb")]
    expected = database.rows(parse_query("chips", types, items))["chip_id"].tolist()
    if ending == "CSV":
        lines = content.splitlines()
        assert f"# data_version: {database.version}" in lines
        found = [row["chip_id"] for row in csv.DictReader(io.StringIO("\n".join(line for line in lines if not line.startswith("#"))))]
    else:
        found = [row["chip_id"] for row in json.loads(content)["rows"]]
    assert found == expected
    assert len(found) > 3


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    """A server over a built database whose table of trade has a million rows more."""
    folder = tmp_path_factory.mktemp("big")
    version, path = store.build(store.DATA_DIR, folder / "build")
    with duckdb.connect(path) as connection:
        connection.execute(
            "INSERT INTO trade SELECT 'KOR', 'USA', 'product ' || i, 'export', '2025', i + 1, false, 'official', source_id, NULL"
            f" FROM range({MANY}) r(i), (SELECT source_id FROM trade LIMIT 1)"
        )
    with path.open("rb") as file:
        pointer = {"version": version, "code": code_version(), "file": path.name, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
    (folder / "build" / "CURRENT").write_text(json.dumps(pointer), encoding="utf-8")
    with serving(folder) as address:
        yield address


def test_a_million_rows_open_and_filter_without_being_sent(chromium, big):
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    received = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(len(frame))))
    page.goto(f"{big}/data?table=trade&product=~product")
    page.get_by_text("1,000,000 of 1,00").wait_for()
    page.goto(f"{big}/data?table=trade&product=~product&value_usd_m=999000..&sort=-value_usd_m")
    page.get_by_text("1,001 of 1,00").wait_for()
    assert sum(received) < 3e6
    context.close()


@pytest.mark.parametrize("ending", ["csv", "json", "parquet"])
def test_a_million_rows_are_streamed_in_little_memory(big, ending):
    """The peak of the server's memory over a download, against before it."""
    urllib.request.urlopen(f"{big}/api/v1/tables/trade.{ending}?limit=10", timeout=60).read()
    pid = server_of(big)
    (before, _), length = memory_mb(pid), 0
    reset_peak(pid)
    with urllib.request.urlopen(f"{big}/api/v1/tables/trade.{ending}", timeout=300) as answer:
        while piece := answer.read(1 << 16):
            length += len(piece)
    assert length > 5e6
    assert memory_mb(pid)[1] - before < 100


def server_of(address: str) -> int:
    """The process that listens at an address."""
    port = int(address.rsplit(":", 1)[1])
    with open("/proc/net/tcp", encoding="utf-8") as table:
        inode = next(row.split()[9] for row in table if f":{port:04X} 00000000:0000 0A" in row)
    from pathlib import Path

    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if link.readlink().name == f"socket:[{inode}]":
                return int(link.parts[2])
        except OSError:
            continue
    raise AssertionError(f"no process listens at {address}")


def memory_mb(pid: int) -> tuple[float, float]:
    """Memory of a process now, and at its peak."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as status:
        sizes = {line.split(":")[0]: int(line.split()[1]) / 1000 for line in status if line.startswith(("VmRSS", "VmHWM"))}
    return sizes["VmRSS"], sizes["VmHWM"]


def reset_peak(pid: int) -> None:
    with open(f"/proc/{pid}/clear_refs", "w", encoding="utf-8") as refs:
        refs.write("5")
