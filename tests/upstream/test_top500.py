"""TOP500: sums per country of a list of 500 machines."""

import io
import os
from pathlib import Path

import openpyxl
import pytest

from atlas import store
from atlas.upstream.known import Known
from atlas.upstream.layer import Drift
from atlas.upstream.top500 import ADAPTERS, LISTS
from tests.conftest import ROOT
from tests.upstream.layers import decide, facts, known, parse, problems, spoiled, values

(ADAPTER,) = ADAPTERS
NOVEMBER_2025 = "TOP500_202511.xlsx"
SAMPLES = Path(os.environ.get("ATLAS_UPSTREAM_SAMPLES") or ROOT.parent / "shared" / "upstream-samples")


def xlsx(machines=500, *, rmax="Rmax [TFlop/s]", country="Country", title="66", cells=None):
    """A list in which machine 1 is the Korean K1 of 3,000 TFLOP/s, machine 2 stands in Atlantis, and the others are American, all of 1,000 TFLOP/s."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    sheet.append(["Rank", "Name", country, rmax, "Rpeak [TFlop/s]"])
    for rank in range(1, machines + 1):
        place = {1: "South Korea", 2: "Atlantis"}.get(rank, "United States")
        sheet.append([rank, f"K{rank}", place, 3000 if rank == 1 else 1000, 9999])
    for cell, value in (cells or {}).items():
        sheet[cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def folder(folder):
    folder.add("indicators", *({"indicator_id": name, "name": name, "unit": "u", "description": "d"}
                               for name in ("top500-system-count", "top500-rmax-pflops", "top500-performance-share")))  # fmt: skip
    return folder


def test_machines_are_added_up_by_country(folder):
    layer = parse(ADAPTER, folder, {NOVEMBER_2025: xlsx()})
    assert layer.read == 500
    assert values(layer, "country_series", "iso3", "indicator_id", "as_of", "value") == {
        ("WLD", "top500-rmax-pflops", "2025-11", "502"),
        ("KOR", "top500-system-count", "2025-11", "1"),
        ("KOR", "top500-rmax-pflops", "2025-11", "3"),
        ("KOR", "top500-performance-share", "2025-11", "0.598"),
        ("USA", "top500-system-count", "2025-11", "498"),
        ("USA", "top500-rmax-pflops", "2025-11", "498"),
        ("USA", "top500-performance-share", "2025-11", "99.203"),
    }
    assert problems(folder, ADAPTER, layer) == []


def test_no_single_machine_leaves_the_list(folder):
    assert not ADAPTER.is_redistributable
    assert "K1" not in repr(parse(ADAPTER, folder, {NOVEMBER_2025: xlsx()}))


def test_a_country_of_none_of_our_ids_is_listed_and_counts_in_the_whole_list(folder):
    layer = parse(ADAPTER, folder, {NOVEMBER_2025: xlsx()})
    assert [(name.kind, name.name, name.rows) for name in layer.unmapped] == [("country", "Atlantis", 1)]


def test_two_names_of_one_country_are_added(folder):
    decide(folder, "country,Atlantis,KOR")
    layer = parse(ADAPTER, folder, {NOVEMBER_2025: xlsx()})
    assert ("KOR", "top500-rmax-pflops", "4") in values(layer, "country_series", "iso3", "indicator_id", "value")


def test_the_sheet_may_have_any_title(folder):
    assert parse(ADAPTER, folder, {NOVEMBER_2025: xlsx(title="TOP500 ²")}).read == 500


def test_a_list_in_petaflops_gives_the_same_unit(folder):
    layer = parse(ADAPTER, folder, {NOVEMBER_2025: xlsx(rmax="RMax (PFlop/s)")})
    assert ("KOR", "top500-rmax-pflops", "3000") in values(layer, "country_series", "iso3", "indicator_id", "value")


def test_several_lists_are_several_dates(folder):
    layer = parse(ADAPTER, folder, {NOVEMBER_2025: xlsx(), "TOP500_202606.xlsx": xlsx(title="67")})
    assert values(layer, "country_series", "as_of") == {("2025-11",), ("2026-06",)}
    assert problems(folder, ADAPTER, layer) == []


def test_a_curated_sum_stays(folder):
    folder.add(
        "country_series", {"iso3": "KOR", "indicator_id": "top500-system-count", "as_of": "2025-11", "value": "2", "basis": "measured"}
    )
    layer = parse(ADAPTER, folder, {NOVEMBER_2025: xlsx()})
    assert facts(layer) == {("country_series", "KOR/top500-system-count/2025-11", "value"): "1"}
    assert problems(folder, ADAPTER, layer) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (xlsx(499), "499 rows instead of 500"),
        (xlsx(501), "501 rows instead of 500"),
        (xlsx(0), "0 rows"),
        (xlsx(rmax="Rmax"), "no column Rmax"),
        (xlsx(rmax="Rmax [GFlop/s]"), "no column Rmax"),
        (xlsx(country="Nation"), "no column Country"),
        (xlsx(title="65"), "holds list 65, and the list of 2025-11 is number 66"),
        (xlsx(cells={"D4": "n/a"}), "row 4 has no Rmax"),
        (xlsx(cells={"D4": 0}), "row 4 has no Rmax"),
        (xlsx(cells={"C5": None}), "row 5 has no country"),
        (xlsx()[:5000], "no spreadsheet"),
    ],
)
def test_a_list_that_would_give_wrong_sums_is_drift(folder, content, said):
    with pytest.raises(Drift, match=said):
        parse(ADAPTER, folder, {NOVEMBER_2025: content})


@spoiled
def test_what_is_no_spreadsheet_is_drift(folder, content):
    with pytest.raises(Drift, match=NOVEMBER_2025):
        parse(ADAPTER, folder, {NOVEMBER_2025: content})


def test_a_list_without_its_month_and_no_list_at_all_are_drift(folder):
    with pytest.raises(Drift, match="does not name the month"):
        parse(ADAPTER, folder, {"list.xlsx": xlsx()})
    with pytest.raises(Drift, match="no list"):
        parse(ADAPTER, folder, {})


def test_a_list_that_is_not_out_yet_stops_no_refresh(folder):
    files = ADAPTER.files_for(known(folder))
    assert len(files) == len(LISTS)
    assert all(file.is_optional for file in files)
    assert files[0].urls == ("https://www.top500.org/lists/top500/2024/11/download/TOP500_202411.xlsx",)


@pytest.mark.skipif(not (SAMPLES / "TOP500_202411.xlsx").exists(), reason="the sample is not here")
def test_the_real_list_gives_the_curated_sums():
    curated = Known.of(store.DATA_DIR)
    name = "TOP500_202411.xlsx"
    layer = ADAPTER.parse({name: SAMPLES / name}, curated)
    ours = {"/".join((row["iso3"], row["indicator_id"], row["as_of"])): float(row["value"]) for row in curated.rows["country_series"]}
    assert layer.read == 500
    assert len(layer.facts) > 100
    assert [fact for fact in layer.facts if float(fact.value) != ours[fact.thing_id]] == []
