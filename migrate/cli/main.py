"""The command and its verbs; a verb's module is imported when the verb is called, so that starting stays quick."""

import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from migrate.cli.mistyped import MISTYPED, say_mistyped
from migrate.cli.streams import open_streams
from migrate.version import __version__

if TYPE_CHECKING:  # the types of the signatures that a group overrides; typer keeps them to itself
    from typer._click.core import Command, Context
    from typer._click.formatting import HelpFormatter
    from typer._click.shell_completion import CompletionItem

VERBS: dict[str, str] = {
    "demo": "The whole job on a sample, against the embedded sandbox; needs no credentials.",
    "inspect": "What is in a file: sheets, encoding, header row, columns, damage; suggests a mapping.",
    "check": "Offline dry run: reads, maps, normalizes and validates.",
    "plan": "Dry run against the dealer: GETs only; saves the plan.",
    "apply": "Plan, then carry it out; or carry out a saved plan.",
    "rehearse": "The whole apply, against the embedded sandbox; needs no credentials.",
    "retry": "A new run of the rows of a run that need attention.",
    "resume": "Go on with a run that was stopped, killed or cut off.",
    "report": "Write a run's reports again, from its journal.",
    "runs": "The runs, newest first.",
    "mappings": "The mappings that ship with the tool, and the schema for editors.",
    "template": "An empty workbook to fill in, for dealers who have no inventory yet.",
    "doctor": "Credentials, dealer, clock, limits, disk: what works, what doesn't, what to do.",
    "sandbox": "The Partner API on this machine, with faults on demand.",
}
"""Verb → its one line, in the order of the work."""

EPILOG = (
    "Start with: chekt-migrate demo. Each command ends with the next one to run. Credentials come from the environment "
    "or a .env file: CHEKT_CLIENT_ID, CHEKT_CLIENT_SECRET, CHEKT_DEALER_ID; chekt-migrate doctor says what works."
)


class Verbs(TyperGroup):
    """A group that knows its verbs' names and lines without importing them."""

    _listing = False

    def list_commands(self, ctx: "Context") -> list[str]:
        """Return the verbs in the order of the work."""
        return list(VERBS)

    def get_command(self, ctx: "Context", cmd_name: str) -> "Command | None":
        """Return the command of a verb, None if there is no such verb."""
        if cmd_name not in VERBS:
            return None
        if self._listing:
            return TyperCommand(cmd_name, help=VERBS[cmd_name])
        command = typer.main.get_command(import_module(f"migrate.cli.{cmd_name}").app)
        if not gc.isenabled():  # as `migrate.__main__` left it
            gc.freeze()
            gc.enable()
        command.name = cmd_name
        return command

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,  # noqa: ANN401 - the group's
    ) -> Any:  # noqa: ANN401 - the group's
        """Run the command; one that is not typed as it should be is told in a line."""
        try:
            typed = [*(sys.argv[1:] if args is None else args)]
            code = super().main(args, prog_name, complete_var, False, windows_expand_args, obj=typed, **extra)
        except typer.Abort:
            code = MISTYPED
        except Exception as error:
            if not hasattr(error, "format_message"):
                raise
            say_mistyped(error, verbs=VERBS)
            code = MISTYPED
        if standalone_mode:
            sys.exit(code or 0)
        return code

    def shell_complete(self, ctx: "Context", incomplete: str) -> "list[CompletionItem]":
        """Return the verbs and options that begin so, without importing a verb."""
        self._listing = True
        try:
            return super().shell_complete(ctx, incomplete)
        finally:
            self._listing = False

    def format_commands(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Write the list of verbs."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


app = typer.Typer(
    cls=Verbs,
    name="chekt-migrate",
    help="Bulk migration and import for the CHeKT Partner API: a dealer's spreadsheets to stations, sites and devices.",
    epilog=EPILOG,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"chekt-migrate {__version__}")
        raise typer.Exit


@app.callback()
def chekt_migrate(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Bulk migration and import for the CHeKT Partner API."""


def main() -> None:
    """Run the command; the exit code is one of the interface page's."""
    open_streams()
    app(prog_name="chekt-migrate")
