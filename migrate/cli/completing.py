"""What a shell is offered when a word is completed: quick, and silent about whatever goes wrong."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import typer

from migrate.shipped import shipped_mappings


def mapping_names(incomplete: str) -> list[str]:
    """Return the shipped mappings, and mapping files and folders that are there."""
    return _beginning([*shipped_mappings(), *_toml_files(incomplete)], incomplete)


def shipped_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the shipped mappings, where one is to be shown."""
    return _beginning(shipped_mappings(), incomplete) if ctx.params.get("action") == "show" else []


def words(*offered: str) -> Callable[[str], list[str]]:
    """Return what offers these words."""

    def complete(incomplete: str) -> list[str]:
        return _beginning(offered, incomplete)

    return complete


def _toml_files(incomplete: str) -> list[str]:
    """Return the TOML files and folders whose path begins so, as it is typed."""
    folder, begun = incomplete.rpartition("/")[0::2]
    here = f"{folder}/" if "/" in incomplete else ""
    with suppress(OSError):
        found = sorted(Path(here or ".").iterdir())
        named = [(path, path.name) for path in found if path.name.startswith(begun) and not path.name.startswith(".")]
        return [here + name + "/" * path.is_dir() for path, name in named if path.suffix == ".toml" or path.is_dir()]
    return []


def _beginning(offered: Iterable[str], incomplete: str) -> list[str]:
    return [word for word in offered if word.startswith(incomplete)]
