"""doctor: what works and what doesn't."""

import asyncio
import os
from dataclasses import asdict
from pathlib import Path

import typer
from rich.console import Console

from migrate.app.doctor import examine
from migrate.app.doctor_lines import Diagnosis
from migrate.cli import options as o
from migrate.cli.ending import told
from migrate.cli.screen import open_console, say, say_labelled
from migrate.cli.streams import print_json
from migrate.model.commands import DEFAULT_OUT, command

app = typer.Typer(rich_markup_mode=None, add_completion=False)

_STYLES = {"ok": "green", "warning": "yellow", "wrong": "red", "skipped": "dim"}
_LABELS = {"skipped": "-"}
_USUAL_TIMEOUT_S = 30.0
_NEXT = ("plan", "FILE...", "-m", "MAPPING")
_NEXT_WRONG = ("doctor",)
"""The same again, once what is wrong is mended."""


@app.command()
@told
def doctor(
    dealer: o.Dealer = None,
    base_url: o.BaseUrl = None,
    out: o.Out = DEFAULT_OUT,
    timeout: o.Timeout = _USUAL_TIMEOUT_S,
    result_format: o.ListFormat = o.Format.text,
) -> int:
    """What works and what doesn't, with what to do: settings, token, dealer, clock, limits, folder, disk, versions.

    Reads only, and leaves nothing behind. Exit code 0: a run can begin (warnings don't count); 2: a setting is wrong or
    missing; 3: the API can't be used.
    """
    diagnosis = asyncio.run(
        examine(
            dealer=dealer,
            base_url=base_url,
            out=out,
            timeout_s=timeout,
            environment=os.environ,
            env_file=Path(".env").absolute(),
        )
    )
    typed = {"--dealer": dealer, "--base-url": base_url}
    words = [word for option, value in typed.items() if value is not None for word in (option, value)]
    following = command(*_NEXT_WRONG if diagnosis.exit_code else _NEXT, *words, out=out)
    if result_format is o.Format.json:
        checks = [asdict(line) for line in diagnosis.lines]
        print_json({"exit_code": diagnosis.exit_code, "checks": checks, "next": following})
    else:
        _show(diagnosis, following, open_console())
    return diagnosis.exit_code


def _show(diagnosis: Diagnosis, following: str, console: Console) -> None:
    for line in diagnosis.lines:
        sentence = f"{line.check}: {line.told}" + (f"; {line.remedy}" if line.remedy else "")
        say_labelled(console, _LABELS.get(line.state, line.state), sentence, style=_STYLES[line.state])
    wrong, warnings = diagnosis.number("wrong"), diagnosis.number("warning")
    if wrong:
        say(console, f"{wrong} {'thing is' if wrong == 1 else 'things are'} wrong.", style="bold red")
    elif warnings:
        say(console, f"A run can begin; {warnings} {'warning' if warnings == 1 else 'warnings'}.", style="bold yellow")
    else:
        say(console, "All is well: a run can begin.", style="bold green")
    say(console, f"Next: {following}")
