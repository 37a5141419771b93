"""What is put aside comes back, leaves nothing in the run's folder, and a full disk stops the run."""

import errno
import io
from pathlib import Path

import polars as pl
import pytest

from migrate.app.spool import Spool, compacted
from migrate.errors import Stopped


class FullDisk(io.BytesIO):
    """A file on a disk without room."""

    def write(self, _: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_frames_come_back_whole_or_by_column(tmp_path: Path) -> None:
    frames = [pl.DataFrame({"_row": [at], "text": [f"row {at}"]}) for at in range(3)]

    with Spool(tmp_path) as spool:
        numbers = [spool.put(frame) for frame in frames]

        assert all(spool.take(at).equals(frame) for at, frame in zip(numbers, frames, strict=True))
        assert spool.take(numbers[1], columns=["text"]).to_dict(as_series=False) == {"text": ["row 1"]}
    assert not list(tmp_path.iterdir())


def test_a_full_disk_stops_the_run_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Spool(tmp_path) as spool, monkeypatch.context() as patched:
        patched.setattr(spool, "_file", FullDisk())
        with pytest.raises(Stopped, match="No space left on device; make room"):
            spool.put(pl.DataFrame({"text": ["a"]}))


def test_a_copy_of_a_few_rows_does_not_hold_the_others() -> None:
    texts = pl.DataFrame({"text": [f"a text of more than twelve bytes, {at}" for at in range(1000)]})

    few = compacted(texts.head(2))

    assert few.equals(texts.head(2))
    assert compacted(texts.clear()).schema == texts.schema
