"""Text files: from bytes to the grid of one sheet, by polars where the text is plain, else record by record."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from mmap import ACCESS_READ, mmap
from pathlib import Path

import polars as pl

from migrate.errors import InputError
from migrate.readers.delimited import Cells, Tokenizer
from migrate.readers.delimiter import find_cut, told_by_first_line
from migrate.readers.encoding import Buffer, Decoded, decoded_as, guess_encoding, told_encoding, undecodable
from migrate.readers.encoding_guess import Guess
from migrate.readers.grid import Grid
from migrate.readers.line_ends import LineEnds
from migrate.readers.options import ReadOptions
from migrate.readers.plain import Layout, read_plain
from migrate.readers.survey import Sign, Survey, line_end, survey
from migrate.readers.swallowed import may_swallow, swallowed_notes
from migrate.readers.text_limits import check_extent, may_span_too_much
from migrate.readers.troubles import trouble_notes

HEAD_BYTES = 1 << 18
HEAD_RECORDS = 100
_BATCH_RECORDS = 20_000
_BATCH_CELLS = 4_000_000
_END_MARK = "\x1a"
"""What DOS put behind the last line of a text."""


@dataclass(frozen=True, slots=True)
class TextSheet:
    """A text file as a grid, and how it was read.

    `widths` is the number of cells in each record of the grid; `damage` those of the signs asked for that occur.
    """

    grid: Grid
    widths: pl.Series
    encoding: str
    guess: Guess | None
    delimiter: str
    quote: str
    damage: frozenset[Sign]


def read_text(path: Path, *, options: ReadOptions, signs: Collection[Sign]) -> TextSheet:
    """Read a text file that is not empty; each record is a row of the grid, as in a spreadsheet program.

    Raises:
        InputError: bytes that are no text in the encoding, a limit that is exceeded, or an option that can't be.
    """
    delimiter = _character(options.delimiter, "delimiter", path=path)
    quote = _character(options.quote, "quote", path=path)
    with path.open("rb") as file:
        data = mmap(file.fileno(), 0, access=ACCESS_READ)
    text, surveyed = _decode(data, options.encoding, signs, path=path)
    head = _head(text)
    above, told = told_by_first_line(head)
    body = head[above:]
    cut = find_cut(body, delimiter=delimiter or told, quote=quote)
    tokenizer, ends = Tokenizer(cut.delimiter, cut.quote, cut.width), LineEnds()
    read = _by_polars(text, head[:above], body, tokenizer=tokenizer, line_feeds=surveyed.line_feeds, path=path)
    if read is None:
        tokenizer.troubles.clear()
        read = _by_record(_characters(text)[above:], tokenizer, ends=ends, path=path)
    frame, widths = read
    first_row = 2 if above else 1
    notes = [trouble_notes(tokenizer.troubles, frame, first_row=first_row), ends.notes(first_row)]
    if may_swallow(text, cut.quote, line_ends=surveyed.line_ends, records=frame.height + first_row - 1):
        notes.append(swallowed_notes(frame, int(str(widths.mode().max())), cut.delimiter, first_row=first_row))
    grid = Grid(sheet=None, frame=frame, first_row=first_row, notes=pl.concat(notes))
    return TextSheet(grid, widths, text.encoding, text.guess, cut.delimiter, cut.quote, surveyed.signs)


def _character(value: str | None, name: str, *, path: Path) -> str | None:
    if value is None or (len(value) == 1 and value not in "\r\n"):
        return value
    raise InputError(f'{path}: {name} = "{value}" is not one character. Write one, such as ";" or "\\t" for a tab.')


def _decode(data: Buffer, override: str | None, signs: Collection[Sign], *, path: Path) -> tuple[Decoded, Survey]:
    told = told_encoding(data, override, path=path)
    text = decoded_as(data, told or "utf-8", path=path)
    try:
        return text, survey(text, signs, path=path)
    except UnicodeDecodeError as error:
        if told:
            raise undecodable(data, told, error.start, path=path) from None
    guessed = guess_encoding(data, path=path)
    text = decoded_as(data, guessed.encoding, path=path, guessed=guessed)
    return text, survey(text, signs, path=path)


def _head(text: Decoded) -> str:
    """Return the first lines, whole."""
    end = line_end(text, text.start, text.start + HEAD_BYTES)
    return text.source[text.start : end].decode()


def _characters(text: Decoded) -> str:
    return text.source[text.start :].decode().removesuffix(_END_MARK)


def _by_polars(
    text: Decoded, above: str, body: str, *, tokenizer: Tokenizer, line_feeds: int, path: Path
) -> tuple[pl.DataFrame, pl.Series] | None:
    """Read by polars from the first record on that is as wide as any at the head; None where that can't be.

    A file that ends within its head isn't worth it.
    """
    if text.start + len((above + body).encode()) >= len(text.source):
        return None
    head = list(islice(tokenizer.records(body), HEAD_RECORDS))
    if head and head[-1][0] >= len(body):
        head.pop()  # it may go on behind the head
    if not head or tokenizer.troubles:
        return None
    widths = [len(cells) for _, cells in head]
    widest = widths.index(max(widths))
    before = above + body[: head[widest - 1][0] if widest else 0]
    layout = Layout(
        delimiter=tokenizer.delimiter,
        quote=tokenizer.quote,
        width=widths[widest],
        start=text.start + len(before.encode()),
        lines=before.count("\n"),
    )
    line_feeds -= layout.lines
    if may_span_too_much(lines=line_feeds, columns=layout.width):
        return None
    frame = read_plain(text, layout, path=path, line_feeds=line_feeds)
    if frame is None:
        return None
    check_extent(path, rows=frame.height, columns=frame.width, cells=frame.height * frame.width)
    all_widths = pl.concat([pl.Series(widths[:widest], dtype=pl.UInt32), _repeat(layout.width, frame.height)])
    return pl.concat([_frame([cells for _, cells in head[:widest]], layout.width), frame]), all_widths


def _repeat(width: int, height: int) -> pl.Series:
    return pl.repeat(width, height, dtype=pl.UInt32, eager=True)


def _by_record(text: str, tokenizer: Tokenizer, *, ends: LineEnds, path: Path) -> tuple[pl.DataFrame, pl.Series]:
    frames, widths, widest, filled = list[pl.DataFrame](), list[int](), 0, 0
    for batch in _batches(ends.watched(tokenizer.records(text), text)):
        here = [len(cells) for cells in batch]
        widths += here
        widest, filled = max(widest, *here), filled + sum(here)
        check_extent(path, rows=len(widths), columns=widest, cells=filled)
        frames.append(_frame(batch, max(here)))
    frame = pl.concat(frames, how="diagonal") if frames else pl.DataFrame()
    return frame, pl.Series(widths, dtype=pl.UInt32)


def _batches(records: Iterator[Cells]) -> Iterator[list[Cells]]:
    batch, widest = list[Cells](), 0
    for record in records:
        widest = max(widest, len(record))
        if len(batch) == _BATCH_RECORDS or (batch and widest * (len(batch) + 1) > _BATCH_CELLS):
            yield batch
            batch, widest = [], len(record)
        batch.append(record)
    if batch:
        yield batch


def _frame(records: Sequence[Cells], width: int) -> pl.DataFrame:
    columns = list(zip_longest(*records)) or [()] * width
    columns += [(None,) * len(records)] * (width - len(columns))
    frame = pl.DataFrame([pl.Series(str(index), cells, dtype=pl.String) for index, cells in enumerate(columns)])
    return frame.with_columns(pl.all().replace("", None))
