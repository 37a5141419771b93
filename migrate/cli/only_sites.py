"""--only-sites: the option, and what it means."""

from typing import Annotated

import typer

from migrate.app.only_sites import OnlySites

OnlySitesText = Annotated[
    str | None,
    typer.Option(
        "--only-sites",
        metavar="FILE|GLOB",
        help="Only these sites and what belongs to them: a file of external site ids, or a glob.",
        show_default="all sites",
    ),
]


def chosen_sites(text: str | None) -> OnlySites | None:
    """Return what --only-sites means, None if it was not given."""
    return None if text is None else OnlySites.parse(text)
