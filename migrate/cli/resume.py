"""resume: go on with a run that was stopped, killed or cut off."""

import typer

from migrate.app.going_on import asks, can_resume, refuse_unresumable
from migrate.app.going_on import resume as resume_run
from migrate.app.runs import find_run
from migrate.cli import options as o
from migrate.cli.ending import told
from migrate.cli.run_name import RunName
from migrate.cli.sending import drive, load_settings, name_target, question, refuse_unasked
from migrate.model.commands import DEFAULT_OUT

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
@told
def resume(
    run: RunName,
    dealer: o.Dealer = None,
    base_url: o.BaseUrl = None,
    out: o.Out = DEFAULT_OUT,
    yes: o.Yes = False,
    quiet: o.Quiet = False,
    result_format: o.ResultFormat = o.Format.text,
) -> int:
    """Go on with a run that was stopped, killed or cut off, in its own folder, with its mapping and options.

    What may have been carried out without an answer is looked for before it is sent again. A finished run answers with
    its exit code and sends nothing. A run that ended before anybody agreed to it asks before writing, as apply does.
    """
    known = find_run(run, out, fits=can_resume, verb="resume")
    refuse_unresumable(known)
    if asks(known):
        refuse_unasked(yes=yes)
    settings = load_settings(dealer=dealer, base_url=base_url)
    name_target(settings)
    ask = question(settings, yes=yes)
    return drive(
        lambda driving: resume_run(known, settings, driving=driving, confirm=ask),
        quiet=quiet,
        as_json=result_format is o.Format.json,
    )
