"""The options that mean the same wherever they stand, declared once."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from migrate.cli.completing import mapping_names
from migrate.cli.log import LogFormat


class Format(StrEnum):
    """How a result is printed."""

    text = "text"
    json = "json"


class OnExisting(StrEnum):
    """What to do with a record that the dealer already has, but different."""

    skip = "skip"
    update = "update"
    fail = "fail"


Files = Annotated[list[Path], typer.Argument(metavar="FILE", help="CSV or Excel files.", show_default=False)]
MappingName = Annotated[
    str,
    typer.Option(
        "--mapping",
        "-m",
        metavar="MAPPING",
        help="A mapping file, or the name of one that ships with the tool.",
        autocompletion=mapping_names,
    ),
]
Dealer = Annotated[
    str | None, typer.Option("--dealer", metavar="ID", help="The dealer's id.", show_default="CHEKT_DEALER_ID")
]
BaseUrl = Annotated[
    str | None,
    typer.Option(
        "--base-url", metavar="URL", help="The API.", show_default="CHEKT_BASE_URL, else https://api.chekt.com"
    ),
]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where run folders go.")]
RateText = Annotated[
    str | None,
    typer.Option(
        "--rate",
        metavar="N/min|N/s",
        help="Requests in that time, from the first on and never more.",
        show_default="learned from the API, 60/min until then",
    ),
]
Burst = Annotated[int, typer.Option("--burst", metavar="N", min=1, max=1000, help="Requests that may go at once.")]
Concurrency = Annotated[int, typer.Option("--concurrency", metavar="N", min=1, max=256, help="Requests in flight.")]
BatchSize = Annotated[
    int, typer.Option("--batch-size", metavar="N", min=1, max=1000, help="Devices in one bulk request.")
]
Timeout = Annotated[
    float, typer.Option("--timeout", metavar="SECONDS", min=0.1, max=3600, help="Seconds for one request.")
]
Settle = Annotated[
    float,
    typer.Option(
        "--settle", metavar="SECONDS", min=0, max=3600, help="Seconds before an absent record is looked for again."
    ),
]
Patience = Annotated[
    float,
    typer.Option(
        "--patience",
        metavar="SECONDS",
        min=0,
        max=86400,
        help="Seconds to wait for an API that went away in the middle.",
    ),
]
Existing = Annotated[
    OnExisting,
    typer.Option("--on-existing", help="A record that the dealer has, but different: leave, update or fail it."),
]
MaxFailuresText = Annotated[
    str | None,
    typer.Option(
        "--max-failures",
        metavar="N|P%",
        help="Stop after so many rows have failed, or so many percent of those to send.",
        show_default="go on to the end",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Carry out a plan that its brake refused.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask before writing.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bars.")]
Verbose = Annotated[
    int,
    typer.Option(
        "--verbose", "-v", count=True, help="More log lines on stderr; -vv tells each request.", show_default=False
    ),
]
Lines = Annotated[
    LogFormat, typer.Option("--log-format", help="`json` writes what goes to stderr as one object a line.")
]
ListFormat = Annotated[Format, typer.Option("--format", help="`json` is for other programs.")]
ResultFormat = Annotated[
    Format, typer.Option("--format", help="`json` prints the run's run.json on stdout and nothing else there.")
]


def is_terminal() -> bool:
    """Return whether a person can answer a question here."""
    return os.isatty(0) and os.isatty(2)
