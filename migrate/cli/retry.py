"""retry: a new run of the rows of a run that need attention."""

from pathlib import Path
from typing import Annotated

import typer

from migrate.app.kept import options_of
from migrate.app.options import Options
from migrate.app.retry import is_offline, retry_check, sends
from migrate.app.retry import retry as retry_run
from migrate.app.runs import find_run
from migrate.app.unchanged import refuse_rehearsed
from migrate.cli import options as o
from migrate.cli.ending import told
from migrate.cli.run_name import RunName
from migrate.cli.run_options import run_options
from migrate.cli.sending import drive, load_settings, name_target, question, refuse_unasked
from migrate.cli.show import show_run
from migrate.model.commands import DEFAULT_OUT

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
@told
@run_options()
def retry(
    run: RunName,
    mended: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="The corrected attention.csv or .xlsx.", show_default=False),
    ] = None,
    dealer: o.Dealer = None,
    base_url: o.BaseUrl = None,
    out: o.Out = DEFAULT_OUT,
    *,
    options: Options,
    typed: frozenset[str],
    yes: o.Yes = False,
    quiet: o.Quiet = False,
    result_format: o.ResultFormat = o.Format.text,
) -> int:
    """A new run of the rows of RUN that need attention.

    Mend the cells in its attention.xlsx (or .csv) and hand it over with --from; rows removed there are left out.
    Options that are not given here are those of RUN, but for --force.
    """
    known = find_run(run, out, fits=lambda found: found.has_journal and found.facts["verb"] != "rehearse", verb="retry")
    refuse_rehearsed(known, "retry")
    as_json = result_format is o.Format.json
    if is_offline(known):
        return show_run(retry_check(known, out=out, mended=mended), as_json=as_json)
    if sends(known):
        refuse_unasked(yes=yes)
    options = options.on_top_of(options_of(known), typed=typed)
    settings = load_settings(dealer=dealer, base_url=base_url)
    name_target(settings)
    ask = question(settings, yes=yes)
    return drive(
        lambda driving: retry_run(
            known, settings, out=out, options=options, driving=driving, mended=mended, confirm=ask
        ),
        quiet=quiet,
        as_json=as_json,
    )
