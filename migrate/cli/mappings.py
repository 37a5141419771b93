"""mappings: the mappings that ship with the tool, and the schema for editors."""

import typer

from migrate.cli.ending import told
from migrate.errors import UsageError
from migrate.mapping.mapping import Mapping
from migrate.mapping.schema import schema_text
from migrate.shipped import mappings_folder

app = typer.Typer(rich_markup_mode=None, add_completion=False)
ACTIONS = ("list", "show", "schema")


@app.command()
@told
def mappings(
    action: str = typer.Argument("list", metavar="[list|show|schema]", help="What to do."),
    name: str = typer.Argument("", metavar="[NAME]", help="With show: which mapping."),
) -> int:
    """The mappings that ship with the tool: `list`, `show NAME` (a good start for your own), `schema` for editors."""
    if action == "schema":
        typer.echo(schema_text(), nl=False)
    elif action == "show" and name:
        typer.echo(Mapping.load(name).text, nl=False)
    elif action == "list":
        names = [path.stem for path in sorted(mappings_folder().glob("*.toml"))]
        width = max(map(len, names))
        for shipped in names:
            typer.echo(f"{shipped:{width}}  {Mapping.load(shipped).name}")
        typer.echo(f"Next: chekt-migrate mappings show {names[0]} > my-mapping.toml")
    else:
        said = " ".join(filter(None, ("mappings", action, name)))
        raise UsageError(f"{said}: say `list`, `show NAME` or `schema`")
    return 0
