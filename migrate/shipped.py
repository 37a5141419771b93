"""Where the mappings and samples that ship with the tool lie: inside an installed wheel, else in the checkout."""

from pathlib import Path

SCHEMA = "mapping.schema.json"
"""The JSON Schema of mapping files, among the mappings."""

_PACKAGE = Path(__file__).resolve().parent


def mappings_folder() -> Path:
    """Return the folder of the shipped mappings."""
    return _folder("mappings")


def shipped_mappings() -> dict[str, Path]:
    """Return where the shipped mappings are, by name, in the order of the names."""
    return {path.stem: path for path in sorted(mappings_folder().glob("*.toml"), key=lambda path: path.stem)}


def short_name(mapping: str) -> str:
    """Return what people call the mapping at a path: the name of a shipped one, the path of any other."""
    path = Path(mapping)
    return path.stem if path.parent == mappings_folder() else mapping


def samples_folder() -> Path:
    """Return the folder of the shipped samples."""
    return _folder("samples")


def _folder(name: str) -> Path:
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
