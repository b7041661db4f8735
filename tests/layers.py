"""Layers for tests: hand-made upstream rows in, a layer folder beside small curated data out."""

from dataclasses import replace
from pathlib import Path

from atlas.upstream import folder as layer_folder
from atlas.upstream.layer import Adapter, Layer, source_row
from tests.conftest import TABLES


def adapter(name: str = "up", files=(), parse=lambda files, known: Layer(), **about) -> Adapter:
    """A source of upstream data; its page is that of a curated source of small folders."""
    common = {"publisher": "Upstream", "title": f"{name} data", "page": "https://example.org/s", "licence": "CC BY 4.0"}
    return Adapter(name=name, files=files, parse=parse, **common | about)


def site(name: str, source: str = "up", **columns: str) -> dict[str, str]:
    """A running cluster in South Korea that counts in totals, with 100 H100 equivalents as its source states them."""
    return {
        "site_id": f"{source}-{name.lower().replace(' ', '-')}",
        "name": name,
        "iso3": "KOR",
        "kind": "cluster",
        "sector": "private",
        "status": "operational",
        "counts_in_total": "yes",
        "h100e_stated": "100",
        "confidence": "estimated",
        "source_id": f"upstream-{source}",
    } | columns


def add_layer(data_dir: Path, layer: Layer, name: str = "up", **about) -> None:
    """Put a layer beside the curated rows of a data folder, as that of a source of a name."""
    put_layer(data_dir, adapter(name, **about), layer)


def put_layer(data_dir: Path, source: Adapter, layer: Layer) -> None:
    """Put the layer of a source beside the curated rows of a data folder, with the row of the source."""
    whole = replace(layer, rows=layer.rows | {"sources": [source_row(source, "2026-10-01"), *layer.rows.get("sources", [])]})
    place = data_dir / "upstream" / source.name
    place.parent.mkdir(exist_ok=True)
    about = {field: getattr(source, field) for field in ("publisher", "title", "page", "licence", "is_redistributable", "note")}
    layer_folder.write(place, layer_folder.rows_of(whole, TABLES), about | {"retrieved": "2026-10-01", "rows_read": layer.read}, TABLES)
