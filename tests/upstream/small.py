"""A small Atlas for the tests of adapters: a few curated rows, and files in the upstream form."""

import csv
import os

from atlas.upstream.known import Known
from tests.conftest import ROOT, TABLES

SAMPLES = ROOT / os.environ.get("ATLAS_UPSTREAM_SAMPLES", "../shared/upstream-samples")


def rows(table, *given):
    """Rows of a table of ours with all its columns, unknown ones empty."""
    assert {column for row in given for column in row} <= set(TABLES[table].column_names)
    return [dict.fromkeys(TABLES[table].column_names, "") | row for row in given]


def site(site_id, name, iso3="KOR", **cells):
    return {"site_id": site_id, "name": name, "iso3": iso3, "kind": "cluster", "status": "operational", "counts_in_total": "yes", **cells}


def known_of(sites=(), chips=(), parties=(), models=(), decisions=(), layers=None):
    """Curated rows: `chips` are triples of site, chip and number, `parties` triples of site, organisation and role; `decisions` triples of kind, name and id."""
    tables = {
        "countries": rows(
            "countries",
            {"iso3": "KOR", "iso2": "KR", "name": "South Korea"},
            {"iso3": "USA", "iso2": "US", "name": "United States"},
            {"iso3": "CHN", "iso2": "CN", "name": "China"},
        ),
        "organisations": rows(
            "organisations",
            {"org_id": "naver", "name": "Naver"},
            {"org_id": "naver-cloud", "name": "Naver Cloud", "parent_org_id": "naver"},
            {"org_id": "kt", "name": "KT"},
            {"org_id": "meta", "name": "Meta"},
            {"org_id": "google", "name": "Google"},
            {"org_id": "nvidia", "name": "NVIDIA"},
        ),
        "chips": rows(
            "chips",
            {"chip_id": "nvidia-h100", "name": "NVIDIA H100 SXM5", "vendor_org_id": "nvidia", "fp16_dense_tflops": "1000"},
            {"chip_id": "nvidia-a100", "name": "NVIDIA A100 SXM4 80GB", "vendor_org_id": "nvidia", "fp16_dense_tflops": "300"},
            {"chip_id": "nvidia-blackwell", "name": "NVIDIA Blackwell", "vendor_org_id": "nvidia"},
        ),
        "sites": rows("sites", *sites),
        "site_chips": rows(
            "site_chips", *({"site_id": site_id, "chip_id": chip, "chip_count": str(count)} for site_id, chip, count in chips)
        ),
        "site_parties": rows("site_parties", *({"site_id": site_id, "org_id": org, "role": role} for site_id, org, role in parties)),
        "models": rows("models", *models),
    }
    return Known(tables, [dict(zip(("kind", "name", "id"), decision, strict=True)) for decision in decisions], layers)


def write(path, columns, *given, encoding="utf-8", **more):
    """A CSV file with these columns and those of the rows."""
    columns = list(dict.fromkeys([*columns, *(column for row in given for column in row)]))
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", **more)
        writer.writeheader()
        writer.writerows(given)
    return path
