"""check: the offline dry run."""

import typer

from migrate.app.check_files import check_files
from migrate.cli import options as o
from migrate.cli.ending import told
from migrate.cli.only_sites import OnlySitesText, chosen_sites
from migrate.cli.show import show_run
from migrate.mapping.mapping import Mapping
from migrate.model.commands import DEFAULT_OUT

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
@told
def check(
    files: o.Files,
    mapping: o.MappingName,
    only_sites: OnlySitesText = None,
    out: o.Out = DEFAULT_OUT,
    result_format: o.ResultFormat = o.Format.text,
) -> int:
    """Offline dry run: reads, maps, normalizes and validates; no network, no credentials.

    Leaves a run folder with the reports. Exit code 0: all rows can go; 1: some need attention; 2: a file or the mapping
    can't be used.
    """
    run = check_files(files, Mapping.load(mapping), out=out, only=chosen_sites(only_sites))
    return show_run(run, as_json=result_format is o.Format.json)
