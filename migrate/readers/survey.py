"""Survey: one pass over a text's bytes: proves them UTF-8, counts lines, tells which damage can't be in it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import polars as pl

from migrate.errors import InputError
from migrate.readers.encoding import Decoded
from migrate.readers.text_limits import MAX_LINE_BYTES

_CHUNK_BYTES = 1 << 18
"""Small enough to stay in the processor's cache from one look to the next."""

_CHUNKS_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Sign:
    """What to look for in a text: a polars pattern that stays within a line, found only where one of `bytes_` is.

    No `bytes_`: it may be anywhere. Looking for a byte costs a fiftieth of looking for a pattern.
    """

    pattern: str
    bytes_: bytes = b""

    def may_be_in(self, chunk: bytes) -> bool:
        """Tell whether a chunk has one of the bytes."""
        return not self.bytes_ or any(byte in chunk for byte in self.bytes_)


@dataclass(frozen=True, slots=True)
class Survey:
    """What one pass over a text tells: those of the signs asked for that occur, how many line feeds and line ends.

    A line end is LF, CRLF or CR; some may be counted twice, none is missed.
    """

    signs: frozenset[Sign]
    line_feeds: int
    line_ends: int


def survey(text: Decoded, signs: Collection[Sign], *, path: Path) -> Survey:
    """Return what is told by the bytes of `text`, which is UTF-8.

    Raises:
        UnicodeDecodeError: it is not; `start` is the offset in `text.source`.
        InputError: a line is longer than the limit.
    """
    missing, chunks, feeds, ends = set(signs), _chunks(text, path=path), 0, 0
    while batch := list(islice(chunks, _CHUNKS_AT_ONCE)):
        here = pl.Series([_decoded(start, chunk) for start, chunk in batch])
        looked_for = [sign for sign in missing if any(sign.may_be_in(chunk) for _, chunk in batch)]
        missing -= {sign for sign in looked_for if here.str.contains(sign.pattern).any()}
        feeds += sum(chunk.count(b"\n") for _, chunk in batch)
        ends += sum(chunk.count(b"\r") - chunk.count(b"\r\n") for _, chunk in batch if b"\r" in chunk)
    return Survey(frozenset(signs) - missing, feeds, feeds + ends)


def line_end(text: Decoded, start: int, aim: int) -> int | None:
    """Return where the last line before `aim` ends, else the first one behind it."""
    source, size = text.source, len(text.source)
    if aim >= size:
        return size
    last = max(source.rfind(b"\n", start, aim), source.rfind(b"\r", start, aim))
    if last >= start:
        return last + 1
    limit = start + MAX_LINE_BYTES
    ends = [end for end in (source.find(b"\n", aim, limit), source.find(b"\r", aim, limit)) if end >= 0]
    if ends:
        return min(ends) + 1
    return size if size <= limit else None


def _decoded(start: int, chunk: bytes) -> str:
    try:
        return chunk.decode()
    except UnicodeDecodeError as error:
        at = start + error.start
        raise UnicodeDecodeError(error.encoding, chunk, at, at + 1, error.reason) from None


def _chunks(text: Decoded, *, path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the text in pieces of whole lines."""
    start, size = text.start, len(text.source)
    while start < size:
        end = line_end(text, start, start + _CHUNK_BYTES)
        if end is None:
            raise InputError(
                f"{path}: a line is longer than {MAX_LINE_BYTES // 1024**2} MiB, which no inventory has. "
                "Look whether it is the right file."
            )
        yield start, text.source[start:end]
        start = end
