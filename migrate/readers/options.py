"""Options: what a caller knows better than looking at the file would tell."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What holds for a text file, and `encoding` for a web page too; None means found by looking."""

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class SheetOptions:
    """What holds for the sheets whose name matches `sheet`, a glob in any case, or for a text file.

    `header_row` is the row as the spreadsheet numbers it; 0: there is none, columns are called A, B, C. Without a
    `sheet` it is that of the first visible sheet that has rows. `keep` names columns that are read although they look
    like credentials; without a `sheet` in every one.
    """

    sheet: str | None = None
    header_row: int | None = None
    keep: tuple[str, ...] = ()
