"""Reading: files as they come, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.upstream.layer import Drift
from atlas.upstream.reading import as_cell, find_column, number, read_csv, read_json, share_pct, year
from tests.upstream.layers import HTML


@pytest.fixture
def written(tmp_path):
    def write(content: bytes):
        path = tmp_path / "file.csv"
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize(
    "content",
    [
        "a,b\n1,é\n".encode(),
        "\ufeffa,b\r\n1,é\r\n".encode(),
        "a,b\n1,é\n".encode("utf-16"),
        "a,b\n1,é".encode(),
        ' a , b \n\n1 ,"é"\n'.encode(),
    ],
    ids=["plain", "byte order mark and CRLF", "UTF-16", "no last line break", "spaces and an empty line"],
)
def test_csv_is_read_however_it_was_saved(written, content):
    assert read_csv(written(content), ["a", "b"]) == [{"a": "1", "b": "é"}]


def test_columns_may_move_and_others_may_come(written):
    assert read_csv(written(b"new,b,a\n9,2,1\n"), ["a", "b"]) == [{"new": "9", "b": "2", "a": "1"}]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "file.csv is empty"),
        (b"\xef\xbb\xbf", "no column a"),
        (HTML, "file.csv is a web page"),
        (b"<?xml version='1.0'?><Error/>", "file.csv is a web page"),
        (b"a,c\n1,2\n", "no column b; it has a, c"),
        (b"a,b,a\n1,2,3\n", "twice the column a"),
        (b"a,b\n", "a header and no rows"),
        (b"a,b\n1,2\n3\n", "line 3 has 1 cells instead of 2"),
        (b"a,b\n1,2,3\n", "line 2 has 3 cells instead of 2"),
        (b'a,b\n1,"2\n3,4\n', "cannot be read as CSV"),
        ("a,b\n1,é\n".encode("latin-1"), "not utf-8 at byte 6"),
        ("a,b\n1,서울\n".encode("cp949"), "not utf-8"),
        (b"<<<<<<< Updated upstream\na,b\n1,2\n", "no column a"),
    ],
)
def test_csv_that_is_not_what_it_was_is_drift(written, content, said):
    with pytest.raises(Drift, match=said):
        read_csv(written(content), ["a", "b"])


@pytest.mark.parametrize("content", [b"", HTML, b'{"a": 1', b"\xff{}", b"[" * 100_000, b"not json"])
def test_json_that_cannot_be_read_is_drift(written, content):
    with pytest.raises(Drift, match=r"file\.csv"):
        read_json(written(content))


@pytest.mark.parametrize(
    ("cell", "value"),
    [("12", 12), (" 1,234.5 ", 1234.5), ("-3e2", -300), (".5", 0.5), (7, 7), (1.5, 1.5), ("0", 0)]
    + [
        (cell, None)
        for cell in ("", "n/a", "1.234,5", "12,34", "1 234", "nan", "inf", "~5", "5-6", "1e999", None, True, float("nan"), 10**400, [], {})
    ],
)
def test_a_number_is_read_or_unknown(cell, value):
    assert number(cell) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_survives_our_files(value):
    assert number(as_cell(value)) == value


@given(st.text())
def test_no_text_breaks_a_number(cell):
    number(cell), share_pct(cell)


@pytest.mark.parametrize(
    ("cell", "value"), [("61%", 61), ("11.4", 11.4), (0, 0), ("0%", 0), ("101%", None), ("-1", None), ("negligible", None), ("", None)]
)
def test_a_share_lies_between_0_and_100_or_is_unknown(cell, value):
    assert share_pct(cell) == value


@pytest.mark.parametrize("cell", ["2024", 2024])
def test_a_year_is_read(cell):
    assert year(cell) == "2024"


@pytest.mark.parametrize("cell", ["", None, "2024-Q1", "²024", "２０２４", "1989", "2101", "20245", 2024.5])
def test_what_our_tables_take_for_no_year_is_none(cell):
    assert year(cell) is None


def test_a_cell_is_one_line_without_control_characters(written):
    assert read_csv(written(b'a,b\n"one\r\ntwo",x\x00y\x7f\n'), ["a"]) == [{"a": "one two", "b": "x y"}]


def test_a_column_is_found_under_its_known_spellings():
    assert find_column(["Rank", "RMax [TFlop/s]"], ["Rmax [TFlop/s]"], "f") == "RMax [TFlop/s]"
    with pytest.raises(Drift, match=r"f has no column Rmax \[TFlop/s\]; it has Rank, Rmax"):
        find_column(["Rank", "Rmax"], ["Rmax [TFlop/s]"], "f")
