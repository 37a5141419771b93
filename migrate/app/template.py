"""template: the empty workbook for dealers who have no inventory yet."""

from pathlib import Path

from migrate.app.new_file import write_new
from migrate.errors import UsageError
from migrate.model.commands import command
from migrate.report.template_workbook import template_workbook

MAPPING = "template"
"""The shipped mapping that reads the workbook."""


def write_template(path: Path) -> str:
    """Write the workbook to `path`, and return the command that reads it when it is filled in.

    Raises:
        UsageError: the name is no workbook's, a file of that name is there, or it can't be written.
    """
    if path.suffix.casefold() != ".xlsx":
        better = path.with_suffix(".xlsx") if path.name else f"{MAPPING}.xlsx"
        raise UsageError(f"{path}: a workbook's name ends with .xlsx; write -o {better}")
    write_new(path, template_workbook(), option="-o")
    return command("check", str(path), "-m", MAPPING)
