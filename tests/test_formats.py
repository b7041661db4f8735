"""Every format, read back, is the view it was written from; and says what it is."""

import io
import json

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest

from atlas.filters import Query, parse_query
from atlas.formats import WRITERS, About
from atlas.open_data.tables import about_rows

TABLES = ["chips", "sites", "events", "market_shares", "sources"]
ODD = pa.RecordBatch.from_pydict(
    {
        "text": ["=1+1", "@cmd", "+1", 'say "hi", you', "한국어", "line\tbreak", "\ufffe\x0b", None],
        "number": [0.1, 1e300, -5e-324, 46.0, 9007199254740993.0, None, 3.0, 1.0],
        "whole": [1, None, -3, 2**31 - 1, 0, 5, 6, 7],
        "truth": [True, False, None, True, False, True, False, None],
    }
)
ABOUT = About(
    "Odd rows", "api/odd.csv", "v1", "2026-11-25", "CC-BY-4.0", [{"source_id": "s", "publisher": "P", "url": "https://example.org"}]
)


def written(ending, batches, about=ABOUT) -> bytes:
    return b"".join(WRITERS[ending](batches, about))


def as_frame(ending: str, content: bytes, like: pd.DataFrame) -> pd.DataFrame:
    """A file read back by the reader that people use for it, in the types of the view."""
    if ending == "csv":
        return pd.read_csv(
            io.BytesIO(content), dtype=kinds(like), keep_default_na=False, na_values=[""], true_values=["yes"], false_values=["no"]
        )
    if ending == "json":
        return pd.DataFrame(json.loads(content)["rows"], columns=like.columns)
    if ending == "parquet":
        return pd.read_parquet(io.BytesIO(content))
    return pd.read_excel(io.BytesIO(content), sheet_name="rows", keep_default_na=False, na_values=[""])


def kinds(like: pd.DataFrame) -> dict:
    return {name: str for name in like.columns if pd.api.types.is_string_dtype(like[name]) or like[name].dtype == object}


def plain(frame: pd.DataFrame) -> list[list]:
    """Cells without the types that a format does not have: a whole number may come back as 3.0, yes as True, unknown as None."""

    def cell(value):
        if pd.isna(value):
            return None
        return float(value) if isinstance(value, (int, float)) else {"yes": 1.0, "no": 0.0}.get(value, value)

    return [[cell(value) for value in row] for row in frame.to_numpy(dtype=object).tolist()]


@pytest.mark.parametrize("ending", WRITERS)
@pytest.mark.parametrize("table", TABLES)
def test_a_file_read_back_is_the_view(database, table, ending):
    query = Query(table)
    view = database.rows(query)
    content = written(ending, database.batches(query), about_rows(database, query, "x") if ending != "csv" else None)
    back = as_frame(ending, content, view)
    assert list(back.columns) == list(view.columns)
    assert plain(back) == plain(view)


@pytest.mark.parametrize("ending", WRITERS)
def test_the_filtered_view_is_what_is_written(database, ending):
    types = {column.name: column.type for column in database.tables["chips"].columns}
    query = parse_query("chips", types, [("memory_gb", "80..192"), ("columns", "chip_id,memory_gb,is_family"), ("sort", "-memory_gb")])
    view = database.rows(query)
    assert 0 < len(view) < database.count(Query("chips"))
    about = about_rows(database, query, query.address(ending)) if ending != "csv" else None
    assert plain(as_frame(ending, written(ending, database.batches(query), about), view)) == plain(view)


@pytest.mark.parametrize("ending", ["csv", "json", "parquet"])
def test_odd_cells_survive(ending):
    view = ODD.to_pandas()
    assert plain(as_frame(ending, written(ending, [ODD], None if ending == "csv" else ABOUT), view)) == plain(view)


def test_a_workbook_holds_no_formula_and_drops_what_xml_cannot_say():
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", [ODD])))
    cells = [row[0] for row in book["rows"].iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells[:-1]} <= {"s", "inlineStr"}
    assert [cell.value for cell in cells[:3]] == ["=1+1", "@cmd", "+1"]
    assert not cells[6].value


def test_every_file_says_what_it_is():
    stated = {"title": "Odd rows", "data_version": "v1", "date": "2026-11-25", "licence": "CC-BY-4.0"}
    lines = written("csv", [ODD]).decode().splitlines()
    assert [f"# {name}: {value}" in lines for name, value in stated.items()] == [True] * 4
    assert "# source: s | P | https://example.org" in lines
    in_json = json.loads(written("json", [ODD]))
    in_parquet = json.loads(pa.parquet.read_schema(io.BytesIO(written("parquet", [ODD]))).metadata[b"atlas"])
    for said in (in_json, in_parquet):
        assert {name: said[name] for name in stated} == stated
        assert said["sources"] == ABOUT.sources
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", [ODD])))
    assert dict(book["about"].values) | {} == {"address": "api/odd.csv", **stated}
    assert list(book["sources"].values) == [("source_id", "publisher", "url"), ("s", "P", "https://example.org")]


@pytest.mark.parametrize("ending", WRITERS)
def test_no_rows_are_a_whole_file(ending):
    empty = ODD.slice(0, 0)
    back = as_frame(ending, written(ending, [empty], None if ending == "csv" else ABOUT), ODD.to_pandas())
    assert len(back) == 0
    assert list(back.columns) == ODD.schema.names


def test_what_rests_on_a_source_for_non_commercial_use_says_so(folder):
    row = {"source_id": "nc", "publisher": "ETO", "title": "N", "url": "https://example.org/nc", "retrieved": "2026", "kind": "dataset", "is_weak": "no", "licence": "CC BY-NC 4.0"}  # fmt: skip
    folder.add("sources", row)
    folder.add("organisations", {"org_id": "o", "name": "O", "kind": "company", "sector": "x", "source_id": "nc"})
    database = folder.database()
    assert "not for commercial use what rests on nc (CC BY-NC 4.0)" in about_rows(database, Query("organisations"), "x").licence
    assert "commercial" not in about_rows(database, Query("countries"), "x").licence
