"""What a shell is offered when a word is completed: quick, and silent about whatever goes wrong."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import typer

from migrate.app.runs import known_runs
from migrate.model.commands import DEFAULT_OUT
from migrate.model.text import escape_controls
from migrate.shipped import shipped_mappings

_RUNS = 100
"""The most runs that are offered, the newest."""


def mapping_names(incomplete: str) -> list[str]:
    """Return the shipped mappings, and mapping files and folders that are there."""
    return _beginning([*shipped_mappings(), *_toml_files(incomplete)], incomplete)


def shipped_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the shipped mappings, where one is to be shown."""
    return _beginning(shipped_mappings(), incomplete) if ctx.params.get("action") == "show" else []


def run_names(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Return the ids of the newest runs, with what they are, and `last`."""
    out = ctx.params.get("out") or DEFAULT_OUT
    told = [("last", "the newest run that fits")]
    with suppress(OSError):
        told += [
            (run.run_id, escape_controls(f"{run.facts['verb']} {run.facts['state']}"))
            for run in known_runs(Path(out))[:_RUNS]
            if run.run_id == escape_controls(run.run_id)
        ]
    return [(name, meaning) for name, meaning in told if name.startswith(incomplete)]


def plan_names(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Return the saved plans, where the word has begun as one: files are left to the shell."""
    named = run_names(ctx, incomplete) if incomplete and not ctx.params.get("mapping") else []
    return [(name, meaning) for name, meaning in named if name == "last" or meaning.startswith("plan ")]


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
