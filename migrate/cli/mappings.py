"""mappings: the mappings that ship with the tool, and the schema for editors."""

from typing import Annotated

import typer

from migrate.cli import options as o
from migrate.cli.completing import shipped_names, words
from migrate.cli.ending import told
from migrate.cli.streams import print_json, put
from migrate.errors import UsageError
from migrate.mapping.mapping import Mapping
from migrate.shipped import SCHEMA, mappings_folder, shipped_mappings

app = typer.Typer(rich_markup_mode=None, add_completion=False)
ACTIONS = ("list", "show", "schema")


@app.command()
@told
def mappings(
    action: Annotated[
        str, typer.Argument(metavar="list|show|schema", help="What to do.", autocompletion=words(*ACTIONS))
    ] = "list",
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="With show: which mapping.", show_default=False, autocompletion=shipped_names
        ),
    ] = "",
    result_format: o.ListFormat = o.Format.text,
) -> int:
    """The mappings that ship with the tool: `list`, `show NAME` (a good start for your own), `schema` for editors."""
    as_json = result_format is o.Format.json
    if action == "schema":
        _put_file((mappings_folder() / SCHEMA).read_text(encoding="utf-8"))
    elif action == "show" and name:
        mapping = Mapping.load(name)
        if as_json:
            print_json({"name": name, "title": mapping.name, "sha256": mapping.sha256, "text": mapping.text})
        else:
            _put_file(mapping.text)
    elif action == "list":
        _list(as_json=as_json)
    else:
        said = " ".join(filter(None, ("mappings", action, name)))
        raise UsageError(f"{said}: say `list`, `show NAME` or `schema`; the names: chekt-migrate mappings list")
    return 0


def _list(*, as_json: bool) -> None:
    titles = {name: Mapping.load(name).name for name in shipped_mappings()}
    if as_json:
        print_json([{"name": name, "title": title} for name, title in titles.items()])
        return
    width = max(map(len, titles))
    for name, title in titles.items():
        put(f"{name:{width}}  {title}")
    put(f"Next: chekt-migrate mappings show {next(iter(titles))} > my-mapping.toml")


def _put_file(text: str) -> None:
    """Print what may become a file: it is UTF-8, whatever the terminal speaks."""
    typer.echo(text.encode(), nl=False)
