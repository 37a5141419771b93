"""New runs from files that talk to nobody: check."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from migrate.app.check import check
from migrate.app.finish import Ending, Run, finish
from migrate.app.inputs import distinct
from migrate.app.kept import keep_read
from migrate.app.only_sites import OnlySites
from migrate.app.recording import Recording, start
from migrate.errors import UsageError
from migrate.mapping.mapping import Mapping


def check_files(files: Sequence[Path], mapping: Mapping, *, out: Path, only: OnlySites | None = None) -> Run:
    """Check files in a run of its own; no network, no credentials."""
    paths = distinct(files)
    with start("check", out, mapping=mapping, paths=tuple(paths), only=only) as recording, unless_unusable(recording):
        checked = check(paths, mapping, only=only)
        keep_read(recording.journal, checked)
        return finish(recording, checked, ending=Ending("check"))


@contextmanager
def unless_unusable(recording: Recording) -> Iterator[None]:
    """Within it, a command that can't be carried out as given leaves no run behind."""
    try:
        yield
    except UsageError:
        recording.journal.close()
        shutil.rmtree(recording.folder, ignore_errors=True)
        raise
