"""Spool: frames put aside in a file without a name, which is gone with the run however that ends."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import Self

import polars as pl

from migrate.errors import Stopped


class Spool:
    """A file of frames in the folder of a run, which its owner alone can read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with self._told():
            self._file = TemporaryFile(dir=folder)  # noqa: SIM115 - closed by `__exit__`
        self._places: list[tuple[int, int]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._told():
            self._file.close()

    def put(self, frame: pl.DataFrame) -> int:
        """Put a frame aside and return its number.

        Raises:
            Stopped: the disk is full.
        """
        buffer = io.BytesIO()
        frame.write_ipc(buffer, compression="lz4")
        with self._told():
            start = self._file.seek(0, io.SEEK_END)
            self._file.write(buffer.getbuffer())
            self._file.flush()
        self._places.append((start, buffer.tell()))
        return len(self._places) - 1

    def take(self, number: int, *, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Return a frame that was put aside, or some of its columns."""
        start, size = self._places[number]
        with self._told():
            self._file.seek(start)
            data = self._file.read(size)
        return pl.read_ipc(io.BytesIO(data), columns=None if columns is None else list(columns))

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise Stopped(
                f"{self._folder} can't be written: {error.strerror}; make room or allow writing, then start again"
            ) from error


def compacted(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a copy of a frame that holds no more than it shows: texts are views into all of what was read once."""
    if frame.is_empty():
        return frame.clear()
    buffer = io.BytesIO()
    frame.write_ipc(buffer)
    buffer.seek(0)
    return pl.read_ipc(buffer)
