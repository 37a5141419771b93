"""New runs from files that talk to the dealer: plan, apply."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from migrate.api.auth import check_credentials
from migrate.app.check import Checked
from migrate.app.check_files import checking, unless_unusable
from migrate.app.conduct import Conduct, conduct
from migrate.app.driving import Driving
from migrate.app.finish import Run
from migrate.app.inputs import distinct
from migrate.app.kept import keep_agreed
from migrate.app.only_sites import OnlySites
from migrate.app.options import Options
from migrate.app.planned import Planned
from migrate.app.recording import Recording, start
from migrate.app.watch import ReadingWatch
from migrate.mapping.mapping import Mapping
from migrate.settings import Settings


async def plan_files(
    files: Sequence[Path],
    mapping: Mapping,
    settings: Settings,
    *,
    out: Path,
    options: Options,
    driving: Driving,
    only: OnlySites | None = None,
) -> Run:
    """Plan files in a run of its own: GETs only; the plan is saved."""
    with _begun("plan", files, mapping, settings, out=out, options=options, only=only, watch=driving.watch) as begun:
        recording, checked = begun
        how = Conduct(sends=False)
        return await conduct(recording, checked, settings, options=options, driving=driving, how=how)


async def apply_files(
    files: Sequence[Path],
    mapping: Mapping,
    settings: Settings,
    *,
    out: Path,
    options: Options,
    driving: Driving,
    only: OnlySites | None = None,
    confirm: Callable[[Planned], bool] | None = None,
    verb: str = "apply",
) -> Run:
    """Plan files and carry the plan out, in one run."""
    agreed = confirm is None
    with _begun(
        verb, files, mapping, settings, out=out, options=options, only=only, watch=driving.watch, agreed=agreed
    ) as begun:
        recording, checked = begun
        how = Conduct(sends=True, confirm=confirm)
        return await conduct(recording, checked, settings, options=options, driving=driving, how=how)


@contextmanager
def _begun(
    verb: str,
    files: Sequence[Path],
    mapping: Mapping,
    settings: Settings,
    *,
    out: Path,
    options: Options,
    only: OnlySites | None,
    watch: ReadingWatch,
    agreed: bool = False,
) -> Iterator[tuple[Recording, Checked]]:
    paths = distinct(files)
    check_credentials(settings)
    with start(
        verb,
        out,
        mapping=mapping,
        paths=tuple(paths),
        dealer_id=settings.require_dealer(),
        base_url=settings.origin,
        only=only,
        options=options.facts(),
        keep=lambda journal: keep_agreed(journal, agreed=agreed),
    ) as recording:
        with (
            unless_unusable(recording),
            checking(paths, mapping, recording, only=only, is_whole=True, watch=watch) as checked,
        ):
            pass
        yield recording, checked
