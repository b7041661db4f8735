"""Record batches in -> CSV, JSON, Parquet or XLSX out, piece by piece. Every file can say what it is: its version, date, licence and sources.

The whole of a file is never in memory, except the few rows of a batch (and what openpyxl keeps on disk for XLSX until the last row).
"""

import csv
import io
import json
import math
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import openpyxl
import pyarrow as pa
import pyarrow.parquet
from openpyxl.cell import WriteOnlyCell

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
XLSX_MOST_ROWS = 1_048_575  # of a sheet, its header aside


@dataclass(frozen=True)
class About:
    """What a file of rows says about itself. `sources`: source_id, publisher, title, url, published, licence of each source that the rows rest on."""

    title: str
    address: str
    data_version: str
    built: str
    licence: str
    sources: Sequence[Mapping[str, str | None]]

    def stated(self) -> dict[str, str]:
        return {
            "title": self.title,
            "address": self.address,
            "data_version": self.data_version,
            "date": self.built,
            "licence": self.licence,
        }


def _cell(value):
    """A value as our CSV files write it: yes and no, numbers without a trailing .0, lists with semicolons."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return repr(value).removesuffix(".0")
        case list():
            return "; ".join(value)
    return value


def to_csv(batches: Iterable[pa.RecordBatch], about: About | None) -> Iterator[bytes]:
    """CSV in UTF-8, LF, an empty cell for unknown, as data/*.csv. What it says of itself stands above the header, in lines that start with #."""
    if about:
        for name, text in about.stated().items():
            yield f"# {name}: {text}\n".encode()
        for source in about.sources:
            yield ("# source: " + " | ".join(f"{source[name]}" for name in source if source[name]) + "\n").encode()
    for number, batch in enumerate(batches):
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        if number == 0:
            writer.writerow(batch.schema.names)
        writer.writerows(zip(*([_cell(value) for value in column.to_pylist()] for column in batch.columns), strict=True))
        yield out.getvalue().encode()


def to_json(batches: Iterable[pa.RecordBatch], about: About) -> Iterator[bytes]:
    """One JSON object: what the file says of itself, `sources`, and `rows` as objects with null for unknown."""
    head = json.dumps(about.stated() | {"sources": list(about.sources)}, ensure_ascii=False)
    yield f'{head[:-1]}, "rows": ['.encode()
    separator = ""
    for batch in batches:
        if batch.num_rows:
            rows = batch.to_pylist()
            yield (separator + ",\n".join(json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows)).encode()
            separator = ",\n"
    yield b"]}\n"


class _Pieces(io.RawIOBase):
    """A file that is only written to, and gives away what was written."""

    def __init__(self):
        self.written: list[bytes] = []
        self.length = 0

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.written.append(bytes(data))
        self.length += len(self.written[-1])
        return len(self.written[-1])

    def tell(self) -> int:
        return self.length

    def take(self) -> bytes:
        taken, self.written = b"".join(self.written), []
        return taken


def to_parquet(batches: Iterable[pa.RecordBatch], about: About) -> Iterator[bytes]:
    """Parquet, Zstandard. What it says of itself is in the metadata of the file, under `atlas`, as JSON."""
    pieces, writer = _Pieces(), None
    stated = json.dumps(about.stated() | {"sources": list(about.sources)}, ensure_ascii=False).encode()
    for batch in batches:
        if writer is None:
            schema = batch.schema.with_metadata({"atlas": stated})
            writer = pa.parquet.ParquetWriter(pa.PythonFile(pieces, mode="w"), schema, compression="zstd")
        if batch.num_rows:
            writer.write_batch(batch)
        yield pieces.take()
    writer.close()
    yield pieces.take()


def to_xlsx(batches: Iterable[pa.RecordBatch], about: About) -> Iterator[bytes]:
    """A workbook with the sheets rows, sources and about. Every text is a text: a cell that begins with = is no formula."""
    book = openpyxl.Workbook(write_only=True)

    def add(name: str, rows: Iterable[Sequence]) -> None:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([_xlsx_cell(sheet, value) for value in row])

    add("rows", _rows_with_header(batches))
    names = list(about.sources[0]) if about.sources else []
    add("sources", [names, *([source[name] for name in names] for source in about.sources)])
    add("about", about.stated().items())
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(1 << 16):
            yield piece


def _rows_with_header(batches: Iterable[pa.RecordBatch]) -> Iterator[Sequence]:
    for number, batch in enumerate(batches):
        if number == 0:
            yield batch.schema.names
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _xlsx_cell(sheet, value):
    if not isinstance(value, str):
        return None if isinstance(value, float) and not math.isfinite(value) else value
    cell = WriteOnlyCell(sheet, NOT_IN_XML.sub("", value))
    cell.data_type = "s"
    return cell


WRITERS = {"csv": to_csv, "json": to_json, "parquet": to_parquet, "xlsx": to_xlsx}
