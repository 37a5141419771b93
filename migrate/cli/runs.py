"""runs: what lies under the folder of runs, newest first."""

import json
import shlex
from collections import Counter
from typing import Any

import typer

from migrate.app.runs import KnownRun, known_runs
from migrate.cli import options as o
from migrate.cli.ending import told
from migrate.model.text import escape_controls
from migrate.outcomes.summary import in_order

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
@told
def runs(out: o.Out = o.DEFAULT_OUT, result_format: o.ListFormat = o.Format.text) -> int:
    """The runs, newest first: id, verb, state, what became of the records."""
    known = known_runs(out)
    if result_format is o.Format.json:
        typer.echo(json.dumps([run.facts for run in known], indent=2))
        return 0
    if not known:
        typer.echo(f"no runs under {escape_controls(str(out))}")
        typer.echo("Next: chekt-migrate check FILE... -m MAPPING")
        return 0
    rows = [("run", "verb", "state", "exit", "records", "files"), *map(_row, known)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        typer.echo("  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())
    elsewhere = "" if out == o.DEFAULT_OUT else f" --out {shlex.quote(str(out))}"
    typer.echo(f"Next: chekt-migrate report {known[0].run_id}{elsewhere}")
    return 0


def _row(run: KnownRun) -> tuple[str, ...]:
    """Return the cells of a run's line."""
    facts = run.facts
    numbers: Counter[str] = Counter()
    for of_record in facts.get("counts", {}).values():
        numbers.update(of_record)
    records = ", ".join(f"{numbers[outcome]:,} {outcome}" for outcome in in_order(set(numbers)))
    code = facts.get("exit_code")
    cells = (
        run.run_id,
        str(facts.get("verb", "")),
        str(facts.get("state", "")),
        "" if code is None else str(code),
        records or "-",
        ", ".join(_name(item) for item in facts.get("inputs", [])),
    )
    return tuple(map(escape_controls, cells))


def _name(item: dict[str, Any]) -> str:
    return str(item.get("path", "")).replace("\\", "/").rsplit("/", maxsplit=1)[-1]
