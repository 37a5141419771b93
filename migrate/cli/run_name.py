"""A run, as it is named where one is typed, and what a shell is offered there."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from migrate.app.runs import known_runs
from migrate.model.commands import DEFAULT_OUT
from migrate.model.text import escape_controls

_RUNS = 100
"""The most runs that are offered, the newest."""


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


RunName = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        help="A run's folder, its id, the beginning of its id, or `last`.",
        show_default=False,
        autocompletion=run_names,
    ),
]
