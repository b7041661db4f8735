"""Hugging Face: the lists of models of the organisations whose repositories the Atlas names in, facts about those models out."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

from atlas.upstream.known import Known
from atlas.upstream.layer import Adapter, Drift, Fact, File, Layer
from atlas.upstream.reading import as_cell, number, one_line, read_json

LIMIT = 1000  # models of one answer, the most downloaded first


def repositories(known: Known) -> dict[str, str]:
    """Our models by the repository of their weights, in lower case as the hub compares them."""
    return {row["hugging_face_repo"].lower(): row["model_id"] for row in known.rows["models"] if row["hugging_face_repo"]}


def files(known: Known) -> tuple[File, ...]:
    """One list for each organisation of a repository of ours."""
    owners = sorted({row["hugging_face_repo"].split("/")[0] for row in known.rows["models"] if row["hugging_face_repo"]})
    expand = [("expand[]", name) for name in ("downloadsAllTime", "createdAt", "cardData", "likes")]
    return tuple(
        File(
            f"{owner}.json",
            (f"https://huggingface.co/api/models?{urlencode([('author', owner), ('sort', 'downloads'), ('limit', LIMIT), *expand])}",),
        )
        for owner in owners
    )


def words(value: object) -> str:
    """A name of a model card, or its list of names with a semicolon between them; empty where it holds anything else."""
    names = value if isinstance(value, list) else [value]
    return ";".join(one_line(name) for name in names if isinstance(name, str) and name.strip())


def values(model: Mapping) -> dict[str, str]:
    """The values of one model by field; what its card does not say is empty."""
    card = model.get("cardData") if isinstance(model.get("cardData"), dict) else {}
    licence = words(card.get("license"))
    counts = {name: number(model.get(key)) for name, key in (("downloads_all_time", "downloadsAllTime"), ("likes", "likes"))}
    return {name: as_cell(count) for name, count in counts.items() if count is not None} | {
        "created_at": words(model.get("createdAt"))[:10],
        "licence": (words(card.get("license_name")) if licence == "other" else "") or licence,  # a licence of one's own has its name beside
        "base_model": words(card.get("base_model")),
    }


def read_models(path: Path) -> list[dict]:
    answer = read_json(path)
    if isinstance(answer, dict) and "error" in answer:
        raise Drift(f"{path.name}: Hugging Face answers {answer['error']}")
    if not isinstance(answer, list) or not all(isinstance(model, dict) and isinstance(model.get("id"), str) for model in answer):
        raise Drift(f"{path.name} is not a list of models with ids")
    if answer and not any("downloadsAllTime" in model for model in answer):
        raise Drift(f"{path.name} gives downloadsAllTime of no model")
    return answer


def parse(files: Mapping[str, Path], known: Known) -> Layer:
    """Facts for the models whose repository is ours; the other models of these organisations are left out. Unknown values give no fact."""
    layer, ours = Layer(), repositories(known)
    for path in files.values():
        for model in read_models(path):
            layer.read += 1
            repository = model["id"]
            if model_id := ours.get(repository.lower()):
                url = f"https://huggingface.co/{repository}"
                layer.facts += [Fact("models", model_id, name, value, repository, url) for name, value in values(model).items() if value]
            else:
                layer.dropped["repository of no model of the Atlas"] += 1
    return layer


ADAPTERS = (
    Adapter(
        name="hugging-face",
        publisher="Hugging Face",
        title="Downloads, licences and base models of repositories",
        page="https://huggingface.co/models",
        licence="metadata of the hub, terms of service",
        files=files,
        parse=parse,
        is_redistributable=False,
        note="Downloads are counted by the hub for files that loaders ask for; copies and quantised versions elsewhere are not in them.",
    ),
)
