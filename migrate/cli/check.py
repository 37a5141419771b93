"""check: the offline dry run."""

import typer

from migrate.app.check_files import check_files
from migrate.cli import options as o
from migrate.cli.ending import told
from migrate.cli.only_sites import OnlySitesText, chosen_sites
from migrate.cli.reading_bar import ReadingBar
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
    *,
    quiet: o.Quiet = False,
    result_format: o.ResultFormat = o.Format.text,
) -> int:
    """Offline dry run: reads, maps, normalizes and validates; no network, no credentials.

    Leaves a run folder with the reports. Exit code 0: all rows can go; 1: some need attention; 2: a file or the mapping
    can't be used.
    """
    columns, only = Mapping.load(mapping), chosen_sites(only_sites)
    with ReadingBar(quiet=quiet) as bar:
        run = check_files(files, columns, out=out, only=only, watch=bar.watch)
    return show_run(run, as_json=result_format is o.Format.json)
