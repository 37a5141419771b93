"""inspect: what is in a file."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from migrate.app.inputs import raise_refused
from migrate.app.inspect import Inspected, fitting_mapping, inspect_files
from migrate.cli import options as o
from migrate.cli.ending import told
from migrate.cli.screen import print_json, put
from migrate.model.commands import file_word
from migrate.model.sources import Table
from migrate.model.text import columns_of, escape_controls, excerpt, padded, shell_quoted
from migrate.outcomes.causes import causes
from migrate.outcomes.summary import count_left_out

app = typer.Typer(rich_markup_mode=None, add_completion=False)
EXAMPLES = 3
NAME_WIDTH = 30


@app.command()
@told
def inspect(
    files: o.Files,
    dump: Annotated[
        Path | None,
        typer.Option("--dump", metavar="DIR", help="Write each sheet's rows as they were read.", show_default=False),
    ] = None,
    result_format: o.ListFormat = o.Format.text,
) -> int:
    """What is in a file: sheets, encoding, delimiter, header row, columns with examples, damage."""
    inspected, refused = inspect_files(files, dump_to=dump)
    if result_format is o.Format.json and inspected:
        print_json([_as_json(item) for item in inspected])
    elif result_format is o.Format.text:
        for line in chain.from_iterable(map(_lines, inspected)):
            put(line)
    raise_refused(refused)
    if result_format is o.Format.json:
        return 0
    fitting = fitting_mapping(inspected)
    if fitting is None:
        put("No mapping that ships with the tool fits; write one from the nearest of: chekt-migrate mappings")
        put("Next: chekt-migrate mappings show lighthouse > my-mapping.toml")
    else:
        names = " ".join(shell_quoted(file_word(item.path)) for item in inspected)
        put(f"Next: chekt-migrate check {names} -m {fitting}")
    return 0


def _lines(item: Inspected) -> Iterator[str]:
    yield escape_controls(str(item.path))
    for table in item.tables:
        yield from _table_lines(table)
    for path in item.dumped:
        yield f"  dumped to {escape_controls(str(path))}"


def _table_lines(table: Table) -> Iterator[str]:
    name = table.format if table.sheet is None else f"sheet '{escape_controls(table.sheet)}'"
    header = f"header in row {table.header_row}" if table.header_row else "no header"
    facts = [f"{table.rows:,} rows", header]
    facts += [
        f"{what} {value!r}"
        for what, value in (("encoding", table.encoding), ("delimiter", table.delimiter))
        if value is not None
    ]
    yield f"  {name}{' (hidden)' if table.hidden else ''}: {', '.join(facts)}"
    names = {column: escape_controls(column) for column in table.columns}
    width = min(max(map(columns_of, names.values()), default=0), NAME_WIDTH)
    body = table.frame.join(table.left_out, on="_row", how="anti", maintain_order="left")
    for column, name in names.items():
        yield f"    {table.letters[column]:>3}  {padded(name, width)}  {_examples(body[column])}".rstrip()
    if table.dropped:
        yield f"    dropped, they look like credentials: {', '.join(map(escape_controls, table.dropped))}"
    left_out = count_left_out(table.left_out)
    if left_out:
        yield f"    rows that make no record: {', '.join(f'{number:,} {why}' for why, number in left_out.items())}"
    for cause in causes(table.findings.filter(pl.col("code") != "credentials_dropped")):
        yield f"    {cause.kind}: {escape_controls(str(cause))}"


def _examples(column: pl.Series) -> str:
    values = column.drop_nulls().unique(maintain_order=True).head(EXAMPLES)
    return " | ".join(excerpt(value, length=30) for value in values)


def _as_json(item: Inspected) -> dict[str, Any]:
    return {
        "path": str(item.path),
        "dumped": [str(path) for path in item.dumped],
        "tables": [
            {
                "sheet": table.sheet,
                "format": table.format,
                "encoding": table.encoding,
                "delimiter": table.delimiter,
                "header_row": table.header_row,
                "hidden": table.hidden,
                "rows": table.rows,
                "columns": table.columns,
                "dropped": list(table.dropped),
                "left_out": count_left_out(table.left_out),
                "findings": table.findings.select("row", "cell", "severity", "code", "message").to_dicts(),
            }
            for table in item.tables
        ],
    }
