"""What tests share: the real data built once, and small data folders with hand-made rows."""

import csv
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from atlas import store
from atlas.texts import Words

settings.register_profile("atlas", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("atlas")

ROOT = Path(__file__).parent.parent
UNIT = 100.0  # rate of the H100 in small folders, so that a chip of rate 50 is half an H100 equivalent
TABLES = store.read_declaration(store.DATA_DIR / "schema.sql")[1]

with (store.DATA_DIR / "texts.csv").open(encoding="utf-8", newline="") as texts:
    TEXTS = {row.pop("key"): row for row in csv.DictReader(texts)}


def words(lang: str = "en") -> Words:
    """The words of the interface in a language."""
    return Words(lang, TEXTS)


class DataFolder:
    """A data folder of its own: the declaration and checks of the Atlas over rows that a test writes down."""

    def __init__(self, path: Path):
        self.path = path / "data"
        self.build_dir = path / "build"
        self.path.mkdir()
        for name in ("schema.sql", "checks.sql"):
            shutil.copy(store.DATA_DIR / name, self.path / name)
        for table in TABLES.values():
            self._write(table.name, [])
        self.add(
            "sources",
            {
                "source_id": "s",
                "publisher": "P",
                "title": "T",
                "url": "https://example.org/s",
                "published": "2026-01-01",
                "retrieved": "2026-02",
                "kind": "press",
                "is_weak": "no",
            },
        )
        self.add("countries", *({"iso3": iso3, "iso2": iso2, "name": name, "kind": kind, "union_iso3": union} for iso3, iso2, name, kind, union in (
            ("EUU", "EU", "European Union", "union", ""), ("WLD", "001", "World", "world", ""), ("KOR", "KR", "South Korea", "country", ""), ("USA", "US", "United States", "country", ""),
            ("TWN", "TW", "Taiwan", "country", ""), ("FRA", "FR", "France", "country", "EUU"), ("DEU", "DE", "Germany", "country", "EUU"))))  # fmt: skip
        self.add_organisations(nvidia="USA")
        self.add_chips(**{"nvidia-h100": ("nvidia", UNIT)})

    def _write(self, table: str, rows: list[dict]) -> None:
        with (self.path / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, TABLES[table].column_names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def add(self, table: str, *rows: dict) -> None:
        """Rows by column; the source is `s` and the confidence `official` where a row does not say otherwise."""
        columns = set(TABLES[table].column_names)
        common = {name: value for name, value in (("source_id", "s"), ("confidence", "official")) if name in columns}
        with (self.path / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            present = list(csv.DictReader(file))
        self._write(table, present + [common | row for row in rows])

    def add_organisations(self, **homes: str) -> None:
        self.add(
            "organisations",
            *({"org_id": org, "name": f"{org} works", "iso3": iso3, "kind": "company", "sector": "test"} for org, iso3 in homes.items()),
        )

    def add_chips(self, **chips: tuple[str, float | str]) -> None:
        """Chips by id: the vendor's id, and the dense FP16 rate in TFLOP/s. `nvidia-h100` is the unit of computing power."""
        self.add(
            "chips",
            *(
                {
                    "chip_id": chip,
                    "name": f"{chip} chip",
                    "vendor_org_id": vendor,
                    "kind": "gpu",
                    "is_family": "no",
                    "fp16_dense_tflops": rate,
                    "purpose": "both",
                }
                for chip, (vendor, rate) in chips.items()
            ),
        )

    def add_site(self, site_id: str, iso3: str, *, chips: dict | None = None, parties: dict | None = None, **columns) -> None:
        """A site with its chips by id and its parties by (organisation, role)."""
        row = {
            "site_id": site_id,
            "name": f"{site_id} site",
            "iso3": iso3,
            "kind": "cluster",
            "sector": "public",
            "status": "operational",
            "counts_in_total": "yes",
        } | columns
        self.add("sites", row)
        self.add("site_chips", *({"site_id": site_id, "chip_id": chip, "chip_count": count} for chip, count in (chips or {}).items()))
        self.add("site_parties", *({"site_id": site_id, "org_id": org, "role": role} for org, role in (parties or {})))

    def problems(self) -> list[store.Problem]:
        """What the check finds wrong; empty where every row holds."""
        try:
            store.load_tables(self.path)[0].close()
        except store.DataError as error:
            return error.problems
        return []

    def database(self) -> store.Database:
        return store.Database(*store.build(self.path, self.build_dir))


@pytest.fixture
def folder(tmp_path) -> DataFolder:
    return DataFolder(tmp_path)


def curated(path: Path) -> Path:
    """A copy of the curated data without the layers of this machine: what tests say of real numbers holds whatever was refreshed here."""
    layers = {f"{folder}" for folder in store.layer_folders(store.DATA_DIR).values()}
    return shutil.copytree(
        store.DATA_DIR, path, ignore=lambda folder, names: [name for name in names if f"{Path(folder) / name}" in layers]
    )


@pytest.fixture
def real_data(tmp_path) -> Path:
    """A copy of the curated data that a test may spoil."""
    return curated(tmp_path / "data")


@pytest.fixture(scope="session")
def database(tmp_path_factory) -> store.Database:
    """The curated data, built once."""
    place = tmp_path_factory.mktemp("curated")
    return store.Database(*store.build(curated(place / "data"), place / "build"))
