"""rehearse: the whole apply against the embedded sandbox."""

from typing import Annotated

import typer

from migrate.app.options import Options
from migrate.app.rehearse import rehearse as rehearse_files
from migrate.cli import options as o
from migrate.cli.ending import told
from migrate.cli.only_sites import OnlySitesText, chosen_sites
from migrate.cli.run_options import run_options
from migrate.cli.sending import drive
from migrate.mapping.mapping import Mapping
from migrate.model.commands import DEFAULT_OUT
from migrate.sandbox.fault_sets import FAULT_SETS, fault_set
from migrate.sandbox.options import SandboxOptions

app = typer.Typer(rich_markup_mode=None, add_completion=False)


def fault_names(incomplete: str) -> list[tuple[str, str]]:
    """Return the sets of faults that a shell is offered, with what each is like."""
    return [(name, item.meaning) for name, item in FAULT_SETS.items() if name.startswith(incomplete)]


@app.command()
@told
@run_options(without=("on_existing", "force"), settle=1.0)
def rehearse(
    files: o.Files,
    mapping: o.MappingName,
    only_sites: OnlySitesText = None,
    faults: Annotated[
        str | None,
        typer.Option(
            "--faults",
            metavar="NAME",
            help=f"Add trouble: {', '.join(FAULT_SETS)}.",
            show_default=False,
            autocompletion=fault_names,
        ),
    ] = None,
    out: o.Out = DEFAULT_OUT,
    *,
    options: Options,
    quiet: o.Quiet = False,
    result_format: o.ResultFormat = o.Format.text,
) -> int:
    """The whole apply against the embedded sandbox: what you see is what the real run will do; needs no credentials.

    The sandbox begins empty and is gone afterwards, so a rehearsal can't be resumed or retried.
    """
    columns, only = Mapping.load(mapping), chosen_sites(only_sites)
    sandbox = SandboxOptions() if faults is None else fault_set(faults)
    return drive(
        lambda driving: rehearse_files(
            files, columns, out=out, options=options, driving=driving, sandbox_options=sandbox, only=only
        ),
        quiet=quiet,
        as_json=result_format is o.Format.json,
    )
