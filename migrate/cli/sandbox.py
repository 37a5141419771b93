"""sandbox: the Partner API on this machine."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from migrate.app.sandbox import serve_sandbox
from migrate.cli.ending import told
from migrate.sandbox.faults import Faults
from migrate.sandbox.options import Rate, SandboxOptions

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
@told
def sandbox(
    port: Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535, help="0 takes a free one.")] = 0,
    store: Annotated[
        Path | None,
        typer.Option("--store", metavar="FILE", help="A file that keeps what was made.", show_default="in memory"),
    ] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            "--fault",
            metavar="TARGET:FAULT[:TIMES]",
            help="Trouble, such as devices:reset-after-commit:3; may be given several times.",
            show_default=False,
        ),
    ] = None,
    rate: Annotated[str, typer.Option("--rate", metavar="N/min|N/s|none", help="The limit it keeps.")] = "6000/min",
    burst: Annotated[int, typer.Option("--burst", metavar="N", min=1, help="Requests that may come at once.")] = 200,
    token_life: Annotated[
        float, typer.Option("--token-life", metavar="SECONDS", min=1, help="Seconds that a token lives.")
    ] = 3600,
    unique: Annotated[bool, typer.Option("--unique", help="Refuse repeated external ids.")] = False,
    page_cap: Annotated[
        int | None,
        typer.Option(
            "--page-cap", metavar="N", min=1, help="No list is longer, and nothing says so.", show_default=False
        ),
    ] = None,
    max_batch: Annotated[
        int | None,
        typer.Option("--max-batch", metavar="N", min=1, help="More devices at once are refused.", show_default=False),
    ] = None,
) -> int:
    """The Partner API on this machine, with faults on demand; prints what to export to use it. Ctrl-C ends it."""
    options = SandboxOptions(
        port=port,
        store=store,
        rate=Rate.parse(rate, burst=burst),
        token_life_s=token_life,
        unique=unique,
        page_cap=page_cap,
        max_batch=max_batch,
        faults=Faults.parse(fault or ()),
    )
    asyncio.run(serve_sandbox(options, announce=_announce))
    return 0


def _announce(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()  # a script that waits for the lines gets them at once
