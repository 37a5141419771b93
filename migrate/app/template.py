"""template: the empty workbook for dealers who have no inventory yet."""

from contextlib import suppress
from pathlib import Path

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
    whole = template_workbook()
    made = False
    try:
        with path.open("xb") as file:
            made = True
            file.write(whole)
    except FileExistsError as error:
        raise UsageError(f"{path}: is there already, and is left as it is; name another file with -o") from error
    except FileNotFoundError as error:
        raise UsageError(f"{path}: its folder is not there; make it first, or name another file with -o") from error
    except OSError as error:
        if made:
            with suppress(OSError):
                path.unlink()
        raise UsageError(f"{path}: can't be written ({error.strerror}); name another file with -o") from error
    return command("check", str(path), "-m", MAPPING)
