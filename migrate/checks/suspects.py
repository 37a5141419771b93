"""Suspects: values of fields that identify something, or of any text, which a program has most likely changed."""

from collections.abc import Iterator, Sequence

import polars as pl

from migrate.checks.doubts import Complaint, shown
from migrate.checks.rules import Rule, broken
from migrate.model.heads import heads
from migrate.model.phrase import phrase
from migrate.model.records import IDENTIFYING
from migrate.model.text import ACTING
from migrate.normalize.suspects import DATE, DATE_PART, POINT_ZERO_PART, THOUSANDS, TYPOGRAPHIC

_CUT_AT = (255, 32_767)
"""Where programs cut texts: many databases and old drivers, and a cell of a spreadsheet program."""

_ANY = "|".join(f"(?:{pattern})" for pattern in (DATE, DATE_PART, THOUSANDS, POINT_ZERO_PART, TYPOGRAPHIC, ACTING))


def doubtful_texts(frame: pl.DataFrame, fields: Sequence[str]) -> pl.DataFrame:
    """Return the rows that are worth asking more closely, found by one look at each of the `fields`.

    Rows of which `suspects` tells something are among them, and those with an acting character or a long text.
    """
    looks = {
        field: (pl.col(field).str.len_bytes() >= min(_CUT_AT))
        | pl.col(field).str.contains(_ANY if field in IDENTIFYING else ACTING)
        for field in fields
    }
    needed = [look for field, look in looks.items() if heads(frame[field]).to_frame().select(look.any()).item()]
    return frame.filter(pl.any_horizontal(needed)) if needed else frame.clear()


def suspects(frame: pl.DataFrame, record: str, fields: Sequence[str]) -> pl.DataFrame:
    """Return a warning for each suspect text in the `fields`; most is suspect only where a field identifies something.

    `frame` are rows, or those of them that are `doubtful_texts`.
    """
    return broken(frame, record, [rule for field in fields for rule in _rules(field)])


def _rules(field: str) -> Iterator[Rule]:
    if field in IDENTIFYING:
        yield from _identifying(field)
    length = pl.col(field).str.len_chars()
    said = phrase("the text has exactly {} characters, where programs cut texts", length)
    hint = "look whether its end is missing; the text is sent as it is"
    yield Rule(~length.is_in(_CUT_AT), Complaint("warning", "cut_text", field, said, hint))


def _identifying(field: str) -> Iterator[Rule]:
    text, column = shown(field), pl.col(field)
    said = phrase('"{}" has what looks like a date; a spreadsheet program may have made it of a text such as 1-2', text)
    hint = "look at the original; if it was no date, type the value again in a cell formatted as text"
    yield Rule(~column.str.contains(f"{DATE}|{DATE_PART}"), Complaint("warning", "date_text", field, said, hint))
    said = phrase('"{}" has thousands separators, which are sent with it', text)
    hint = f'if they don\'t belong to it, replace = {{ "," = "" }} under table.fields.{field} takes them out'
    yield Rule(~column.str.contains(THOUSANDS), Complaint("warning", "thousands", field, said, hint))
    said = phrase('"{}" has a .0 that a program may have put there; it is sent as it is', text)
    hint = f"if it does not belong to it, replace = {{ '\\.0+\\b' = \"\" }} under table.fields.{field} takes it off"
    yield Rule(~column.str.contains(POINT_ZERO_PART), Complaint("warning", "point_zero", field, said, hint))
    said = phrase('"{}" has a quotation mark that a program may have put there; it is sent as it is', text)
    hint = "type the value again if the mark does not belong to it"
    yield Rule(~column.str.contains(TYPOGRAPHIC), Complaint("warning", "typographic", field, said, hint))
