"""demo: the whole job on a sample, against the embedded sandbox."""

import typer

from migrate.app.demo import demo as demo_run
from migrate.app.driving import Driving
from migrate.app.finish import Run
from migrate.cli import options as o
from migrate.cli.ending import told
from migrate.cli.screen import open_console, say
from migrate.cli.sending import run_async
from migrate.cli.show import show_brief, show_run
from migrate.cli.streams import put
from migrate.model.commands import DEFAULT_OUT

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
@told
def demo(out: o.Out = DEFAULT_OUT, result_format: o.ResultFormat = o.Format.text) -> int:
    """The whole job on a sample workbook with mistakes in it: check, plan, apply, mend, retry.

    Runs against the embedded sandbox: no credentials, nothing leaves this machine. Ends by naming the report to open;
    as `json` it is the last run's.
    """
    if result_format is o.Format.json:
        return show_run(run_async(demo_run(out=out, tell=lambda *_: None, driving=Driving)), as_json=True)
    last = run_async(demo_run(out=out, tell=_tell, driving=Driving))
    put("")
    say(open_console(), f"Open {last.folder / 'report.html'}")
    put("Next: chekt-migrate inspect YOUR-FILE.xlsx")
    return last.exit_code


def _tell(headline: str, run: Run | None) -> None:
    if run is None:
        put("")
        say(open_console(), headline, style="bold")
    elif run.report.facts.verb == "check":
        show_run(run, as_json=False)
    else:
        show_brief(run)
