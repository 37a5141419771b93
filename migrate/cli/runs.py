"""runs: what lies under the folder of runs, newest first; and deleting old ones."""

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from migrate.app.following import after_known
from migrate.app.lock import is_held
from migrate.app.prune import OldRun, Prunable, find_prunable, parse_age, prune
from migrate.app.runs import KnownRun, known_runs
from migrate.cli import options as o
from migrate.cli.completing import words
from migrate.cli.ending import told
from migrate.cli.log import say
from migrate.cli.streams import print_json, put
from migrate.errors import Unasked, UsageError
from migrate.model.commands import DEFAULT_OUT, command
from migrate.model.text import escape_controls
from migrate.outcomes.summary import in_order

app = typer.Typer(rich_markup_mode=None, add_completion=False)
ACTIONS = ("list", "prune")
KEPT_SHOWN = 10
_STEP = 1000


@app.command()
@told
def runs(
    action: Annotated[
        str,
        typer.Argument(
            metavar="list|prune", help="What to do: list them, or delete old ones.", autocompletion=words(*ACTIONS)
        ),
    ] = "list",
    older_than: Annotated[
        str | None,
        typer.Option("--older-than", metavar="AGE", help="With prune: 36h, 90d or 12w.", show_default=False),
    ] = None,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="With prune: also those that could still be resumed.")
    ] = False,
    out: o.Out = DEFAULT_OUT,
    yes: o.Yes = False,
    result_format: o.ListFormat = o.Format.text,
) -> int:
    """The runs, newest first: id, verb, state, what became of the records; `prune` deletes old ones for good.

    They hold customers' names. Prune says what it would delete, and asks. A run that may be going on is never deleted,
    one that could be resumed only with --unfinished. A run's folder goes whole, with all that was put there; one that
    was given another name stays. An age counts from when the run began, as its id says.
    """
    as_json = result_format is o.Format.json
    if action == "prune":
        if older_than is None:
            raise UsageError("say which runs: chekt-migrate runs prune --older-than 90d")
        now = datetime.now(UTC)
        found = find_prunable(out, older_than=parse_age(older_than), now=now, unfinished=unfinished)
        return _prune(found, out, yes=yes, as_json=as_json)
    if action != "list":
        raise UsageError(f"runs {action}: say `list` or `prune`")
    if older_than is not None or unfinished:
        raise UsageError("--older-than and --unfinished go with prune: chekt-migrate runs prune --older-than 90d")
    return _list(known_runs(out), out, as_json=as_json)


def _list(known: Sequence[KnownRun], out: Path, *, as_json: bool) -> int:
    if as_json:
        print_json([run.facts for run in known])
        return 0
    if not known:
        put(f"no runs under {escape_controls(str(out))}")
        put("Next: chekt-migrate check FILE... -m MAPPING")
        return 0
    rows = [("run", "verb", "state", "exit", "records", "files"), *map(_row, known)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        put("  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())
    put(f"Next: {after_known(known[0])}")
    return 0


def _prune(found: Prunable, out: Path, *, yes: bool, as_json: bool) -> int:
    for line in _told_before(found, out):
        say(line)
    asked = bool(found.old or found.leftovers) and not yes
    if asked and not o.is_terminal():
        raise Unasked("nobody can be asked here before deleting; say --yes to delete without being asked")
    if asked:
        sys.stderr.write("Delete them for good? [y/N] ")
        sys.stderr.flush()
    agreed = not asked or sys.stdin.readline().strip().lower() in {"y", "yes"}
    freed, gone, kept = found.size_bytes if agreed else 0, [], list(found.kept)
    try:
        for item, why in prune(found) if agreed else ():
            if why is None:
                gone.append(item)
            else:
                kept.append((item.run.run_id, why))
                say(_stays(item.run.run_id, why))
    finally:
        freed -= sum(item.size_bytes for item in found.old if agreed and item not in gone)
        _say_gone(gone, freed, kept, out, as_json=as_json)
    return 0


def _told_before(found: Prunable, out: Path) -> list[str]:
    """Return what would be deleted, and what stays."""
    lines = [_stays(run_id, why) for run_id, why in found.kept[:KEPT_SHOWN]]
    if len(found.kept) > KEPT_SHOWN:
        lines.append(f"and {len(found.kept) - KEPT_SHOWN:,} more stay")
    if found.old:
        newest, oldest = found.old[0].run.run_id, found.old[-1].run.run_id
        span = newest if len(found.old) == 1 else f"from {oldest} to {newest}"
        lines.append(f"{_number(found.old)} under {out}, {_size(found.size_bytes)}: {span}")
    if found.leftovers:
        lines.append(f"and what is left of {len(found.leftovers):,} that were killed while they began")
    return lines


def _stays(run_id: str, why: str) -> str:
    return f"{run_id} stays: {why}"


def _say_gone(gone: Sequence[OldRun], freed: int, kept: Sequence[tuple[str, str]], out: Path, *, as_json: bool) -> None:
    if as_json:
        stays = [{"run_id": run_id, "why": why} for run_id, why in kept]
        print_json({"deleted": [item.run.run_id for item in gone], "kept": stays, "freed_bytes": freed})
        return
    what = f"deleted {_number(gone)}, {_size(freed)} freed" if gone or freed else "nothing was deleted"
    put(what)
    put(f"Next: {command('runs', out=out)}")


def _number(found: Sequence[OldRun]) -> str:
    return "1 run" if len(found) == 1 else f"{len(found):,} runs"


def _size(size_bytes: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if size_bytes < _STEP:
            return f"{size_bytes:.0f} {unit}"
        size_bytes /= _STEP
    return f"{size_bytes:.1f} GB"


def _row(run: KnownRun) -> tuple[str, ...]:
    """Return the cells of a run's line."""
    facts = run.facts
    numbers: Counter[str] = Counter()
    for of_record in facts["counts"].values():
        numbers.update(of_record)
    records = ", ".join(f"{numbers[outcome]:,} {outcome}" for outcome in in_order(set(numbers)))
    code = facts["exit_code"]
    cells = (
        run.run_id,
        facts["verb"],
        _state(run),
        "" if code is None else str(code),
        records or "-",
        ", ".join(_name(item) for item in facts["inputs"]),
    )
    return tuple(map(escape_controls, cells))


def _state(run: KnownRun) -> str:
    """Return the state of a run; one that sends and that no process holds is not running any more."""
    state: str = run.facts["state"]
    return "cut off" if state == "running" and run.resumable and not is_held(run.run_id) else state


def _name(item: dict[str, Any]) -> str:
    return str(item["path"]).replace("\\", "/").rsplit("/", maxsplit=1)[-1]
