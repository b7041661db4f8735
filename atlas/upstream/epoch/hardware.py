"""Epoch AI's machine learning hardware: the CSV file in; facts beside our chips, variants in doubt, and chips that we lack out.

It gives no new rows: whether a chip is sold for training or inference, and which kind its vendor calls it, stand in columns of ours that the source
does not have. An editor adds the chip, and from then on the facts arrive.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import partial
from pathlib import Path

from atlas.upstream.epoch.names import Names
from atlas.upstream.epoch.table import Row, date_of, first_address, named, number, plain_number, read_table
from atlas.upstream.known import Known, plain
from atlas.upstream.layer import Doubtful, Fact, Layer

NAME = "epoch-hardware"
FILE = "ml_hardware.csv"
TENSOR = "Tensor-FP16/BF16 performance (FLOP/s)"
NEEDED = ("Hardware name", "Manufacturer", "Release date", "Memory size per board (Byte)", "Memory bandwidth (byte/s)", "TDP (W)", TENSOR)
# Column of ours, column of the source, and how many of its units are one of ours. Matrix and other FP16 rates are apart: `fp16_tflops` is no column of ours.
FIELDS = (
    ("memory_gb", "Memory size per board (Byte)", 1e9),
    ("memory_bandwidth_gb_s", "Memory bandwidth (byte/s)", 1e9),
    ("tdp_w", "TDP (W)", 1),
    ("fp16_dense_tflops", TENSOR, 1e12),
    ("fp16_tflops", "FP16 (half precision) performance (FLOP/s)", 1e12),
    ("process_nm", "Process size (nm)", 1),
    ("price_usd", "Release price (USD)", 1),
)
FOR_GAMES_OR_DESKS = re.compile(r"\b(geforce|quadro|titan|rtx|radeon rx)\b", re.IGNORECASE)
MODEL_NUMBER = re.compile(r"\b[a-z]*\d{2,}")  # H100 of "H100 NVL", 910 of "Ascend 910A Pro"
NO_MODEL_NUMBER = re.compile(r"\([^)]*\)|\b\d+ ?(gb|w)\b|\b(sxm|tesla|pcie)\d*\b")


def model_numbers(name: str) -> frozenset[str]:
    """What variants of one chip share: the letters and figures of its model, without memory, power and form of the board."""
    return frozenset(MODEL_NUMBER.findall(NO_MODEL_NUMBER.sub(" ", name.lower())))


def likeness(row: Row, chip: Mapping[str, str]) -> float:
    """How alike the two names are, from 0 to 1."""
    return SequenceMatcher(None, plain(row["Hardware name"]), plain(chip["name"])).ratio()


def variant_of(row: Row, known: Known) -> str | None:
    """The chip of ours of the same maker and model number with the name most like it, if there is one."""
    vendor, numbers = known.organisation(row["Manufacturer"]), model_numbers(row["Hardware name"])
    found = [chip for chip in known.rows["chips"] if vendor == chip["vendor_org_id"] and numbers & model_numbers(chip["name"])]
    return max(found, key=lambda chip: likeness(row, chip))["chip_id"] if found else None


def facts_of(row: Row, chip: Mapping[str, str], layer: Layer) -> list[Fact]:
    values = {"released": date_of(row, "Release date", layer.dropped)}
    for field, column, units in FIELDS:
        value = number(row, column, layer.dropped)
        ours = float(chip["fp16_dense_tflops"] or 0)
        if field == "fp16_dense_tflops" and value and abs(value / units - 2 * ours) <= 0.02 * ours:
            field = "fp16_sparse_tflops"  # twice the dense rate is what vendors print for sparse matrices
        values[field] = plain_number(value / units) if value else ""
    url = first_address(row.get("Link to datasheet", ""))
    return [Fact("chips", chip["chip_id"], field, value, row["Hardware name"], url) for field, value in values.items() if value]


def parse(files: Mapping[str, Path], known: Known) -> Layer:
    """The layer; see the module. Raises Drift."""
    layer, names = Layer(), Names(known)
    chips = {row["chip_id"]: row for row in known.rows["chips"]}
    found: dict[str, list[Row]] = defaultdict(list)
    rows = read_table(files, FILE, NEEDED)
    layer.read = len(rows)
    for row in named(rows, "Hardware name", layer.dropped):
        name = row["Hardware name"]
        chip_id = known.chip(name)
        if chip_id in chips:
            found[chip_id].append(row)
        elif known.decided("chip", name) == "":
            layer.dropped["none of ours, an editor has decided"] += 1
        elif FOR_GAMES_OR_DESKS.search(name):
            layer.dropped["card for games or workstations"] += 1
        elif variant := variant_of(row, known):
            layer.doubtful.append(Doubtful("chips", name, variant, "a variant of it"))
        else:
            names.miss("chip", name, row["Manufacturer"])
    for chip_id, variants in found.items():
        # Several variants may stand for one chip of ours; the one with the name most like it speaks for it.
        first, *others = sorted(variants, key=partial(likeness, chip=chips[chip_id]), reverse=True)
        layer.facts += facts_of(first, chips[chip_id], layer)
        layer.doubtful += [Doubtful("chips", row["Hardware name"], chip_id, f"{first['Hardware name']} is more like it") for row in others]
    layer.unmapped = names.unmapped
    return layer
