"""New runs from files that talk to nobody: check."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from migrate.app.check import Checked, check
from migrate.app.check_parts import check_parts
from migrate.app.finish import Ending, Run, finish
from migrate.app.inputs import distinct
from migrate.app.kept import keep_part, keep_read, kept_part
from migrate.app.only_sites import OnlySites
from migrate.app.recording import Recording, start
from migrate.app.spool import Spool
from migrate.app.watch import UNWATCHED, ReadingWatch
from migrate.errors import UsageError
from migrate.mapping.mapping import Mapping

LARGE_FROM_BYTES = 32 * 1024**2
"""A workbook of that size has more rows than a text file, and takes more memory too."""


def check_files(
    files: Sequence[Path],
    mapping: Mapping,
    *,
    out: Path,
    only: OnlySites | None = None,
    watch: ReadingWatch = UNWATCHED,
) -> Run:
    """Check files in a run of its own; no network, no credentials."""
    paths = distinct(files)
    with (
        start("check", out, mapping=mapping, paths=tuple(paths), only=only) as recording,
        unless_unusable(recording),
        checking(paths, mapping, recording, only=only, watch=watch) as checked,
    ):
        watch.writing()
        return finish(recording, checked, ending=Ending("check"))


def _may_go_in_parts(mapping: Mapping) -> bool:
    """Tell whether rows can be mapped before all are read: what is looked up may stand in any row of another file."""
    return all(table.lookup is None for table in mapping.tables)


def _size_bytes(paths: Sequence[Path]) -> int:
    """Return how large the files are together; one that can't be looked at is refused when it is read."""
    size = 0
    for path in paths:
        with suppress(OSError):
            size += path.stat().st_size if path.is_file() else 0
    return size


@contextmanager
def checking(
    paths: Sequence[Path],
    mapping: Mapping,
    recording: Recording,
    *,
    only: OnlySites | None,
    is_whole: bool = False,
    watch: ReadingWatch = UNWATCHED,
) -> Iterator[Checked]:
    """Read, check and keep the files; from `LARGE_FROM_BYTES` on in parts.

    With `is_whole`, `records` hold all, which else are counted where nothing is wrong with them.
    """
    watch.rows(0, 0.0)
    if only is not None or not _may_go_in_parts(mapping) or _size_bytes(paths) < LARGE_FROM_BYTES:
        checked = check(paths, mapping, only=only)
        keep_read(recording.journal, checked)
        yield checked
        return
    with Spool(recording.folder) as spool:
        checked = check_parts(
            paths,
            mapping,
            spool=spool,
            keep=partial(keep_part, recording.journal),
            fetch=partial(kept_part, recording.journal),
            is_whole=is_whole,
            watch=watch.rows,
        )
        keep_read(recording.journal, checked)
        yield checked


@contextmanager
def unless_unusable(recording: Recording) -> Iterator[None]:
    """Within it, a command that can't be carried out as given leaves no run behind."""
    try:
        yield
    except UsageError:
        recording.journal.close()
        shutil.rmtree(recording.folder, ignore_errors=True)
        raise
