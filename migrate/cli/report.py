"""report: write a run's reports again."""

import typer

from migrate.app.going_on import report as report_run
from migrate.app.runs import find_run
from migrate.cli import options as o
from migrate.cli.ending import told
from migrate.cli.run_name import RunName
from migrate.cli.show import show_run
from migrate.model.commands import DEFAULT_OUT

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
@told
def report(
    run: RunName,
    out: o.Out = DEFAULT_OUT,
    result_format: o.ResultFormat = o.Format.text,
) -> int:
    """Write a run's reports again, from its journal alone; sends nothing."""
    known = find_run(run, out, fits=lambda found: found.has_journal, verb="report")
    return show_run(report_run(known), as_json=result_format is o.Format.json)
