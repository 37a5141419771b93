"""plan: the dry run against the dealer."""

import typer

from migrate.app.fresh import plan_files
from migrate.app.options import Options
from migrate.cli import options as o
from migrate.cli.ending import told
from migrate.cli.only_sites import OnlySitesText, chosen_sites
from migrate.cli.run_options import run_options
from migrate.cli.sending import drive, load_settings
from migrate.mapping.mapping import Mapping
from migrate.model.commands import DEFAULT_OUT

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
@told
@run_options(without=("settle", "patience", "max_failures"))
def plan(
    files: o.Files,
    mapping: o.MappingName,
    only_sites: OnlySitesText = None,
    dealer: o.Dealer = None,
    base_url: o.BaseUrl = None,
    out: o.Out = DEFAULT_OUT,
    *,
    options: Options,
    quiet: o.Quiet = False,
    result_format: o.ResultFormat = o.Format.text,
) -> int:
    """Dry run against the dealer: GETs only; saves the plan and says how many requests and minutes it takes.

    Carry the saved plan out with: chekt-migrate apply RUN.
    """
    settings = load_settings(dealer=dealer, base_url=base_url)
    columns, only = Mapping.load(mapping), chosen_sites(only_sites)
    return drive(
        lambda driving: plan_files(files, columns, settings, out=out, options=options, driving=driving, only=only),
        quiet=quiet,
        as_json=result_format is o.Format.json,
    )
