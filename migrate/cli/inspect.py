"""inspect: what is in a file, and which mapping would read it."""

from pathlib import Path
from typing import Annotated

import typer

from migrate.app.inputs import raise_refused
from migrate.app.inspect import Inspection, inspect_files
from migrate.app.recognize import Recognized
from migrate.cli import options as o
from migrate.cli.ending import told
from migrate.cli.inspect_json import as_json
from migrate.cli.inspect_text import file_lines
from migrate.cli.streams import print_json, put
from migrate.model.commands import file_word
from migrate.model.text import escape_controls, shell_quoted

app = typer.Typer(rich_markup_mode=None, add_completion=False)
OWN_MAPPING = "my-mapping.toml"


@app.command()
@told
def inspect(
    files: o.Files,
    write: Annotated[
        Path | None,
        typer.Option("--write", metavar="FILE.toml", help="Write the suggested mapping there.", show_default=False),
    ] = None,
    dump: Annotated[
        Path | None,
        typer.Option("--dump", metavar="DIR", help="Write each sheet's rows as they were read.", show_default=False),
    ] = None,
    result_format: o.ListFormat = o.Format.text,
) -> int:
    """What is in a file: sheets, encoding, header row, columns, damage; suggests a mapping."""
    inspection = inspect_files(files, dump_to=dump, write_to=write)
    if result_format is o.Format.json:
        if inspection.files:
            print_json(as_json(inspection))
        raise_refused(inspection.refused)
        return 0
    src = 0
    for item in inspection.files:
        for line in file_lines(item, inspection.suggestion, first=src):
            put(line)
        src += len(item.tables)
    raise_refused(inspection.refused)  # after the others were told
    for line in _ending(inspection):
        put(escape_controls(line))
    return 0


def _ending(inspection: Inspection) -> list[str]:
    """Return what follows from all files together: the shipped mapping, what was written, the next command."""
    lines, found = [], inspection.recognized
    if found is not None:
        lines.append(_recognized(found))
    if inspection.written is not None:
        lines.append(_written(inspection, inspection.written))
    return [*lines, f"Next: {_following(inspection)}"]


def _recognized(found: Recognized) -> str:
    uses = f"it uses {found.used} of the {found.columns} columns"
    if found.fits:
        return f"The shipped mapping {found.name} reads this: {uses}."
    return (
        f"These are columns of the shipped mapping {found.name}: {uses}. "
        f"It looks for {', and for '.join(found.lacks)}: chekt-migrate mappings show {found.name}"
    )


def _written(inspection: Inspection, path: Path) -> str:
    if inspection.recognized is not None and inspection.recognized.fits:
        return f"Written: {path}, a copy of the shipped mapping {inspection.recognized.name}"
    tables = inspection.suggestion.tables
    fields = sum(len(table.fields) for table in tables)
    left = ", ".join(f"{record}.{name}" for record, name in inspection.suggestion.open_fields)
    said = f"; {inspection.suggestion.to_decide} to decide" if inspection.suggestion.to_decide else ""
    said += f"; left to you (TODO in it): {left}" if left else ""
    return f"Written: {path}, {len(tables)} table{'s' * (len(tables) != 1)} with {fields} fields{said}"


def _following(inspection: Inspection) -> str:
    names = " ".join(shell_quoted(file_word(item.path)) for item in inspection.files)
    if inspection.written is not None:
        return f"chekt-migrate check {names} -m {shell_quoted(str(inspection.written))}"
    if inspection.recognized is not None and inspection.recognized.fits:
        return f"chekt-migrate check {names} -m {inspection.recognized.name}"
    if inspection.suggestion.tables and not inspection.suggestion.unread_files:
        return f"chekt-migrate inspect {names} --write {OWN_MAPPING}"
    return f"chekt-migrate mappings show lighthouse > {OWN_MAPPING}"
