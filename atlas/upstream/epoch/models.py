"""Epoch AI's notable AI models: the CSV file in; facts beside our models, and models of our makers that we lack, out.

It gives no new rows: a national model is so by an editor's decision, and a comparator stands in our tables only for its scores, which the source does
not have. Models of makers that are none of ours are counted and not listed.
"""

from collections.abc import Mapping
from pathlib import Path

from atlas.upstream.epoch.names import Names, one_line
from atlas.upstream.epoch.table import Row, date_of, first_address, named, number, parts, plain_number, read_table
from atlas.upstream.known import Known, plain
from atlas.upstream.layer import Doubtful, Fact, Layer
from atlas.upstream.matching import Groups

NAME = "epoch-models"
FILE = "notable_ai_models.csv"
NEEDED = ("Model", "Organization", "Publication date", "Parameters", "Training compute (FLOP)")
DATASET_SIZE = "Training dataset size ("  # what stands in the brackets has changed twice: datapoints, gradients, total


def has_open_weights(accessibility: str) -> str:
    """Whether the weights can be downloaded: yes, no, or nothing where the source does not say."""
    if not accessibility:
        return ""
    return "yes" if accessibility.lower().startswith("open weights") else "no"


def tokens_t(row: Row, layer: Layer) -> float | None:
    """Training tokens [trillion]. Only language models count their data in tokens."""
    column = next((column for column in row if column.startswith(DATASET_SIZE)), "")
    size = number(row, column, layer.dropped) if row.get("Domain") == "Language" else None
    return size / 1e12 if size else None


def facts_of(row: Row, model_id: str, known: Known, layer: Layer) -> list[Fact]:
    parameters = number(row, "Parameters", layer.dropped)
    hardware = parts(row.get("Training hardware", ""))
    chip_id = known.chip(hardware[0]) if len(hardware) == 1 else None
    count = number(row, "Hardware quantity", layer.dropped)
    values = {
        "released": date_of(row, "Publication date", layer.dropped),
        "parameters_b": plain_number(parameters / 1e9 if parameters else None),
        "training_compute_flop": plain_number(number(row, "Training compute (FLOP)", layer.dropped)),
        "training_tokens_t": plain_number(tokens_t(row, layer)),
        "training_chip_id": chip_id or "",
        "training_chip_count": plain_number(round(count)) if chip_id and count else "",
        "has_open_weights": has_open_weights(row.get("Model accessibility", "")),
        "base_model": one_line(row.get("Base model", "")),
        "confidence_of_source": row.get("Confidence", "").lower(),
    }
    url = first_address(row.get("Link", ""))
    return [Fact("models", model_id, field, value, one_line(row["Model"]), url) for field, value in values.items() if value]


def parse(files: Mapping[str, Path], known: Known) -> Layer:
    """The layer; see the module. Raises Drift."""
    layer, names, groups = Layer(), Names(known), Groups(known)
    models = {row["model_id"]: row for row in known.rows["models"]}
    by_name = {plain(row["name"]): row["model_id"] for row in models.values()}
    rows = read_table(files, FILE, NEEDED)
    layer.read = len(rows)
    for row in named(rows, "Model", layer.dropped):
        name = one_line(row["Model"])
        makers = names.known_organisations(parts(row["Organization"]))
        decision = known.decided("model", name)
        model_id = by_name.get(plain(name)) if decision is None else decision
        if decision == "":
            layer.dropped["none of ours, an editor has decided"] += 1
        elif model_id not in models:
            if makers:
                names.miss("model", name, row["Organization"])
            else:
                layer.dropped["its maker is none of ours"] += 1
        elif decision or groups.heads(makers) & groups.heads([models[model_id]["org_id"]]):
            layer.facts += facts_of(row, model_id, known, layer)
        else:
            layer.doubtful.append(Doubtful("models", name, model_id, "same name, and another maker"))
    layer.unmapped = names.unmapped
    return layer
