"""apply: plan, then carry it out; or carry out a saved plan."""

from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated

import typer

from migrate.app.driving import Driving
from migrate.app.finish import Run
from migrate.app.fresh import apply_files, plan_files
from migrate.app.going_on import apply_saved, can_apply, refuse_unplanned
from migrate.app.kept import options_of
from migrate.app.options import Options
from migrate.app.runs import KnownRun, find_run
from migrate.cli import options as o
from migrate.cli.completing import mapping_names
from migrate.cli.ending import told
from migrate.cli.only_sites import OnlySitesText, chosen_sites
from migrate.cli.run_name import plan_names
from migrate.cli.run_options import run_options
from migrate.cli.sending import drive, load_settings, name_target, question, refuse_unasked
from migrate.errors import UsageError
from migrate.mapping.mapping import Mapping
from migrate.model.commands import DEFAULT_OUT

app = typer.Typer(rich_markup_mode=None, add_completion=False)


What = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE|RUN",
        help="CSV or Excel files with -m; or a saved plan.",
        show_default=False,
        autocompletion=plan_names,
    ),
]
MappingOfFiles = Annotated[
    str | None,
    typer.Option(
        "--mapping",
        "-m",
        metavar="MAPPING",
        help="A mapping file, or a shipped one's name.",
        autocompletion=mapping_names,
    ),
]


@app.command()
@told
@run_options()
def apply(
    what: What,
    mapping: MappingOfFiles = None,
    only_sites: OnlySitesText = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="The same as plan.")] = False,
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
    """Plan, then carry it out; or carry out a saved plan, exactly: it is refused if its inputs changed.

    Asks before writing. What the dealer has already is never made again. Exit code 0: all is in; 1: some rows need
    attention.
    """
    if mapping is None:
        _refuse_what_files_have(dry_run=dry_run, only_sites=only_sites)
    given = _saved(what, out) if mapping is None else Mapping.load(mapping)
    if not dry_run:
        refuse_unasked(yes=yes)
    if isinstance(given, KnownRun):
        options = options.on_top_of(options_of(given), typed=typed)
    only = chosen_sites(only_sites)
    settings = load_settings(dealer=dealer, base_url=base_url)
    ask = question(settings, yes=yes)

    def use_case(driving: Driving) -> Coroutine[None, None, Run]:
        if isinstance(given, KnownRun):
            return apply_saved(given, settings, out=out, options=options, driving=driving, confirm=ask)
        files = [Path(name) for name in what]
        if dry_run:
            return plan_files(files, given, settings, out=out, options=options, driving=driving, only=only)
        return apply_files(files, given, settings, out=out, options=options, driving=driving, only=only, confirm=ask)

    name_target(settings)
    return drive(use_case, quiet=quiet, as_json=result_format is o.Format.json)


def _refuse_what_files_have(*, dry_run: bool, only_sites: str | None) -> None:
    """Raise UsageError where a saved plan is asked for what goes with files alone."""
    if dry_run:
        raise UsageError("a saved plan needs no dry run; --dry-run goes with files and -m")
    if only_sites is not None:
        raise UsageError("a saved plan is carried out as it is; make one for these sites: plan with --only-sites")


def _saved(what: list[str], out: Path) -> KnownRun:
    """Return the run whose plan is meant; files without a mapping mean none."""
    if len(what) == 1 and not Path(what[0]).is_file():
        known = find_run(what[0], out, fits=can_apply, verb="apply")
        refuse_unplanned(known)
        return known
    raise UsageError("files need a mapping: name it with -m (see the shipped ones: chekt-migrate mappings)")
