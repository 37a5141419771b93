"""Pollution: a clean table to the bytes of a file with what is wrong with real ones, the same each time for a seed."""

import codecs
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from clean import SCRIPTS, UNICODE, Clean, clean_tables, with_names

DELIMITERS = (",", ",", ";", "\t", "|")
LINE_ENDS = ("\n", "\r\n", "\r\n", "\r", "mixed")
_TITLES = ("Customer list", "Export of 11/27/2026", "Printed by: office", "Page 1 of 1")
_LABELS = ("Total: {}", "Total", "Count: {}", "Grand total")
_SECOND = (("Code", "Meaning"), ("A", "active"), ("C", "closed"), ("P", "pending"))

_AT_HOME = {"korean/": "korean", "laval/": "western", "milestone-sites": "western"}
"""Samples with names of their own country: hardly a file in one country's encoding holds those of two."""


@dataclass(slots=True)
class Variant:
    """A polluted file: its bytes, what it should be read as (row number → cells), and what was done to it."""

    seed: int
    table: Clean
    content: bytes
    rows: dict[int, tuple[str, ...]]
    done: list[str]


@dataclass(slots=True)
class _Line:
    """A record of the file: its cells, whether these are a row of the table, how it is written if unlike the rest."""

    cells: tuple[str, ...]
    is_row: bool = False
    written: tuple[str, ...] | None = None
    """The cells as they stand between the delimiters, quotes and all."""


@dataclass(slots=True)
class _Draft:
    """A file in the making."""

    table: Clean
    rng: Random
    delimiter: str
    quote: str
    quoting: str
    lines: list[_Line]
    done: list[str] = field(default_factory=list)
    taken: list[_Line] = field(default_factory=list)
    ends_as_dos_did: bool = False
    space: str = ""
    """What stands behind each delimiter."""
    tails: set[Literal["rows", "header"]] = field(default_factory=set)
    """Which lines end in a delimiter."""

    def take(self, count: int) -> list[_Line]:
        """Return that many of the table's rows, in their order, that nothing was done to yet."""
        free = [line for line in self.lines if line.is_row and not any(line is other for other in self.taken)]
        chosen = self.rng.sample(range(len(free)), min(count, len(free)))
        taken = [free[at] for at in sorted(chosen)]
        self.taken += taken
        return taken

    def rows(self) -> list[int]:
        """Return where the lines of the table's rows are."""
        return [at for at, line in enumerate(self.lines) if line.is_row]

    def write(self, cell: str) -> str:
        """Return a cell as it stands between delimiters."""
        needs = any(letter in cell for letter in (self.delimiter, self.quote, "\n"))
        if self.quoting == "all" or (self.quoting == "texts" and not cell.isdigit()) or needs:
            return self.quote + cell.replace(self.quote, self.quote * 2) + self.quote
        return cell

    def texts(self, line: _Line) -> tuple[str, ...]:
        """Return a line's cells as they stand between delimiters."""
        return tuple(map(self.write, line.cells)) if line.written is None else line.written

    def put(self, line: _Line, cell: str, *, written: str | None = None) -> None:
        """Replace a random cell of a line by another, perhaps written in a way of its own."""
        col = self.rng.randrange(len(line.cells))
        line.cells = (*line.cells[:col], cell, *line.cells[col + 1 :])
        line.written = None
        if written is not None:
            texts = [self.write(text) for text in line.cells]
            texts[col] = written
            line.written = tuple(texts)


def variant(seed: int) -> Variant:
    """Return the variant of a seed."""
    rng = Random(seed)  # noqa: S311 - what is random here is no secret
    clean = rng.choice(clean_tables())
    script = rng.choice(list(SCRIPTS))
    script = next((own for name, own in _AT_HOME.items() if name in clean.source and script != "ascii"), script)
    table = with_names(clean, script, rng=rng)
    draft = _Draft(
        table,
        rng,
        delimiter=rng.choice(DELIMITERS),
        quote=rng.choice(['"', '"', '"', "'"]),
        quoting=rng.choice(["needed", "all", "texts"]),
        lines=[_Line(table.header), *(_Line(row, is_row=True) for row in table.rows)],
    )
    for pollute in rng.sample(POLLUTIONS, rng.choice([0, 1, 1, 2, 2, 3, 4])):
        pollute(draft)
        draft.done.append(pollute.__name__.strip("_"))
    ends = rng.choice(LINE_ENDS)
    text = _text(draft, ends)
    encoding = _encoding(text, script, rng=rng)
    rows = {at: line.cells for at, line in enumerate(draft.lines, 1) if line.is_row}
    how = [
        table.source,
        script,
        encoding,
        f"delimiter {draft.delimiter!r}",
        f"{draft.quoting} {draft.quote}",
        repr(ends),
    ]
    return Variant(seed, table, _encoded(text, encoding), rows, how + draft.done)


def _text(draft: _Draft, ends: str) -> str:
    parts = []
    for line in draft.lines:
        texts = draft.texts(line)
        is_header = line.cells == draft.table.header
        if (line.is_row and "rows" in draft.tails) or (is_header and "header" in draft.tails):
            texts = (*texts, "")
        end = draft.rng.choice(["\n", "\r\n", "\r\n"]) if ends == "mixed" else ends
        parts.append(f"{draft.delimiter}{draft.space}".join(texts) + end)
    text = "".join(parts)
    return (text if draft.rng.random() < 0.8 else text.rstrip("\r\n")) + "\x1a" * draft.ends_as_dos_did


def _encoding(text: str, script: str, *, rng: Random) -> str:
    choices = [rng.choice(UNICODE)]
    if text.isascii():
        choices += ["ascii"]
    elif script != "ascii":
        choices += [*SCRIPTS[script][0]] * 2
    else:
        choices += [*SCRIPTS["western"][0], *SCRIPTS["korean"][0]]
    rng.shuffle(choices)
    return next((name for name in choices if _fits(text, name)), "utf-8")


def _fits(text: str, encoding: str) -> bool:
    try:
        _encoded(text, encoding)
    except UnicodeEncodeError:
        return False
    return True


def _encoded(text: str, encoding: str) -> bytes:
    if encoding == "utf-16-be-bom":
        return codecs.BOM_UTF16_BE + text.encode("utf-16-be")
    return text.encode(encoding)


def _blank_lines(draft: _Draft) -> None:
    for _ in range(draft.rng.randint(1, 4)):
        cells = ("",) * draft.rng.choice([1, len(draft.table.header)])
        draft.lines.insert(draft.rng.randint(1, len(draft.lines)), _Line(cells, written=cells))


def _title_lines(draft: _Draft) -> None:
    titles = draft.rng.sample(_TITLES, draft.rng.randint(1, 3))
    pad = ("",) * draft.rng.choice([0, len(draft.table.header) - 1])
    draft.lines[:0] = [_Line((title, *pad)) for title in titles]
    if draft.rng.random() < 0.5:
        draft.lines.insert(len(titles), _Line(("",), written=("",)))


def _totals(draft: _Draft) -> None:
    label = draft.rng.choice(_LABELS).format(len(draft.table.rows))
    pad = ("",) * draft.rng.choice([0, len(draft.table.header) - 1])
    draft.lines.append(_Line((label, *pad)))


def _repeated_header(draft: _Draft) -> None:
    draft.lines.insert(draft.rng.choice(draft.rows()[1:]), _Line(draft.table.header))


def _sep_line(draft: _Draft) -> None:
    line = f"sep={draft.delimiter}"
    draft.lines.insert(0, _Line((line,), written=(line,)))


def _type_line(draft: _Draft) -> None:
    line = "#TYPE System.Management.Automation.PSCustomObject"
    draft.lines.insert(0, _Line((line,), written=(line,)))


def _short_rows(draft: _Draft) -> None:
    """Cut cells off the end of some rows, as a line that was broken does."""
    for line in draft.take(draft.rng.randint(1, 3)):
        kept = line.cells[: draft.rng.randint(1, len(line.cells) - 1)]
        if any(kept):
            line.written = tuple(map(draft.write, kept))


def _long_row(draft: _Draft) -> None:
    """Let a delimiter stand in a cell without quotes, which shifts what follows."""
    for line in draft.take(1):
        draft.put(line, f"Smith{draft.delimiter} John", written=f"Smith{draft.delimiter} John")


def _stray_quote_inside(draft: _Draft) -> None:
    for line in draft.take(1):
        draft.put(line, f"5{draft.quote} pipe", written=f"5{draft.quote} pipe")


def _stray_quote_in_front(draft: _Draft) -> None:
    for line in draft.take(1):
        draft.put(line, f"{draft.quote}Acme", written=f"{draft.quote}Acme")


def _stray_quote_at_the_end(draft: _Draft) -> None:
    for line in draft.take(1):
        draft.put(line, f"Acme{draft.quote}", written=f"Acme{draft.quote}")


def _two_stray_quotes(draft: _Draft) -> None:
    """Open a cell in one row and close one in a later row, which may swallow all that is between."""
    for line, text in zip(draft.take(2), (f"{draft.quote}Acme", f"Main St{draft.quote}"), strict=False):
        draft.put(line, text, written=text)


def _quotes_not_doubled(draft: _Draft) -> None:
    quote = draft.quote
    for line in draft.take(1 if quote == '"' or draft.quoting != "needed" else 0):
        draft.put(line, f"The {quote}Big{quote} Shop", written=f"{quote}The {quote}Big{quote} Shop{quote}")


def _nul(draft: _Draft) -> None:
    for line in draft.take(1):
        draft.put(line, "Front\0 door")


def _line_break_in_cell(draft: _Draft) -> None:
    for line in draft.take(2):
        draft.put(line, "1 Main Street\nSuite 5")


def _trailing_delimiters(draft: _Draft) -> None:
    draft.tails |= {"rows", "header"}


def _trailing_delimiter_in_rows(draft: _Draft) -> None:
    draft.tails.add("rows")


def _mark_in_the_middle(draft: _Draft) -> None:
    """Put two files together: the second one's mark stands in front of its first row."""
    for line in draft.take(1):
        first, *others = draft.texts(line)
        line.written = ("\ufeff" + first, *others)


def _no_break_spaces(draft: _Draft) -> None:
    for line in draft.take(2):
        draft.put(line, "North\u00a0gate")


def _spaces_before_quotes(draft: _Draft) -> None:
    """Put a space behind each delimiter, as people do who write such files by hand."""
    draft.space = " "


def _end_mark(draft: _Draft) -> None:
    """End the file as DOS did."""
    draft.ends_as_dos_did = True


def _text_in_formulas(draft: _Draft) -> None:
    """Write a column of digits as formulas, so that Excel keeps their zeros."""
    columns = [col for col in range(len(draft.table.header)) if all(row[col].isdigit() for row in draft.table.rows)]
    for line in draft.lines if columns else ():
        if line.is_row and line.written is None:
            texts, col = list(draft.texts(line)), columns[0]
            if line.cells[col].isdigit():
                texts[col] = f'="{line.cells[col]}"' if draft.quote == "'" else f'"=""{line.cells[col]}"""'
                line.written = tuple(texts)


def _line_break_in_header(draft: _Draft) -> None:
    columns = [col for col, name in enumerate(draft.table.header) if " " in name]
    if not columns:
        return
    col = draft.rng.choice(columns)
    name = draft.table.header[col].replace(" ", "\n", 1)
    header = next(line for line in draft.lines if line.cells == draft.table.header)
    texts = list(map(draft.write, header.cells))
    texts[col] = f"{draft.quote}{name}{draft.quote}"
    header.written = tuple(texts)


def _second_table(draft: _Draft) -> None:
    draft.lines.append(_Line(("",), written=("",)))
    draft.lines += [_Line(cells) for cells in _SECOND]


POLLUTIONS: tuple[Callable[[_Draft], None], ...] = (
    _blank_lines,
    _title_lines,
    _totals,
    _repeated_header,
    _sep_line,
    _type_line,
    _short_rows,
    _long_row,
    _stray_quote_inside,
    _stray_quote_in_front,
    _stray_quote_at_the_end,
    _two_stray_quotes,
    _quotes_not_doubled,
    _nul,
    _line_break_in_cell,
    _trailing_delimiters,
    _trailing_delimiter_in_rows,
    _mark_in_the_middle,
    _no_break_spaces,
    _second_table,
    _spaces_before_quotes,
    _end_mark,
    _text_in_formulas,
    _line_break_in_header,
)
