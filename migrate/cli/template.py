"""template: an empty workbook to fill in."""

from pathlib import Path
from typing import Annotated

import typer

from migrate.app.template import MAPPING, write_template
from migrate.cli import options as o
from migrate.cli.ending import told
from migrate.cli.streams import print_json, put
from migrate.model.text import escape_controls

app = typer.Typer(rich_markup_mode=None, add_completion=False)
DEFAULT = Path("template.xlsx")


@app.command()
@told
def template(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE.xlsx", help="Where to write it; nothing is overwritten.")
    ] = DEFAULT,
    result_format: o.ListFormat = o.Format.text,
) -> int:
    """An empty workbook in the shape of the shipped mapping `template`, for dealers who have no inventory yet.

    Sheets for stations, sites and devices, with drop-downs, a note on each column and an example row that is left out
    when the workbook is read.
    """
    following = write_template(output)
    if result_format is o.Format.json:
        print_json({"path": str(output), "mapping": MAPPING, "next": following})
        return 0
    put(f"{escape_controls(str(output))} is written: fill in its sheets; the first one says how.")
    put(f"Next: {following}")
    return 0
