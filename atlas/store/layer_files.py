"""The files of layers: a data folder in; the layers in it by name, with the form of their files, out."""

from pathlib import Path

LAYERS_DECLARATION = Path(__file__).parent / "layers.sql"
INCOMING = ".incoming-"  # beginning of the name of the folder in which a refresh writes a new layer
ABOUT = "layer.json"
NOTES = {  # what a layer says beside rows: file -> columns
    "facts": ("table", "thing_id", "field", "value", "upstream_name", "url"),
    "unmapped": ("kind", "name", "rows", "example"),
    "doubtful": ("table", "upstream_name", "thing_id", "reason"),
}
LAYER_TABLES = ("layers", *(f"upstream_{name}" for name in NOTES))


def layer_source(layer: str) -> str:
    """Id of the source under which the rows of a layer stand."""
    return f"upstream-{layer}"


def layer_folders(data_dir: Path) -> dict[str, Path]:
    """The layers by name, in the order of their names.

    A refresh sets the old folder aside under its name with a dot before it, for the moment until the new one is in its place; should it be killed
    in that moment, the old one still is the layer.
    """
    places = sorted(path for path in (data_dir / "upstream").glob("*") if path.is_dir() and not path.name.startswith(INCOMING))
    return dict(sorted((path.name.removeprefix("."), path) for path in places))


def layer_files(data_dir: Path) -> list[Path]:
    """All files of all layers, and the editors' decisions on upstream names."""
    files = [path for folder in layer_folders(data_dir).values() for path in sorted(folder.glob("*"))]
    return [*sorted((data_dir / "upstream").glob("*.csv")), *files]
