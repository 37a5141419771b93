"""Rows that make no record: blank ones, totals under the table, a header or a number that each page has."""

import re
from collections.abc import Callable, Sequence
from functools import partial

import polars as pl

from migrate.readers.header import fold

LEFT_OUT = pl.Schema({"_row": pl.UInt32, "why": pl.String})

_NUMBER = r"\s*[:=]?\s*(?:[-+$€£₩]?\s*\d[\d.,\s]*(?:개|건|대)?)?"
_LABEL = (
    r"(?:(?:grand|sub|report|overall)[\s-]*)?totals?(?:\s+(?:number|no\.?|count)(?:\s+of)?)?(?:\s+(?:rows|records|"
    r"sites|accounts|customers|subscribers|devices|cameras|items|count))?"
    r"|(?:record\s+|row\s+)?count|number\s+of\s+(?:rows|records|sites|accounts|customers|devices|cameras|items)|sum"
    r"|(?:gesamt)?summe|gesamt|anzahl|총\s*계|합\s*계|총\s*합\s*계?|소\s*계|총"
)
_SUBTOTAL = (
    r"(?i)^\s*(?:sub[\s-]*totals?|zwischensumme|teilsumme|sous[\s-]*total|subtotale?s?|소\s*계)\b[^0-9]{0,40}[:=]?\s*$"
)
"""A polars pattern of what stands in front of a sum in the middle of a table, with the group's name behind it."""
_SUBTOTAL_FROM = "S"
"""The first letter of the labels above; all others come behind it."""
_LABEL_COLUMNS = 4
_TOTAL = re.compile(f"(?:{_LABEL}){_NUMBER}", re.IGNORECASE)
_SUBTOTAL_LABEL = re.compile(_SUBTOTAL)
_COUNT = re.compile(_NUMBER)
_MOST_TOTALS = 10
_LABEL_AND_SUM = 2
_OF = r"\s*(?:/|of|von|aus|de|di|sur)\s*"
_PAGE = (
    r"(?i)^[-\u2013\u2014\s]*(?:(?P<word>(?:page|pg|seite|blatt|página|pagina|pág|pag|페이지)[\s.:#]*\d{1,5}"
    rf"(?:{_OF}\d{{1,5}})?|\d{{1,5}}\s*(?:페이지|쪽))|\d{{1,5}}{_OF}\d{{1,5}})[-\u2013\u2014\s]*$"
)
"""What stands alone in the row between two pages, such as `Page 2 of 7`; for polars and Python."""
_PAGE_NUMBER = re.compile(_PAGE)
_FEW = 100  # rows that are looked at one by one: a sheet may be thousands of columns wide


def drop_blank(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the frame (`_row` first) without its blank rows, and which these are.

    All cells of a blank row are empty or white space. Those under the last row that has something count for nothing.
    """
    suspects = _every_row(frame)
    for column in frame.columns[1:]:
        if suspects.len() <= _FEW:
            break
        suspects = _among(suspects, frame[column], _may_be_blank)
        suspects = _among(suspects, frame[column], _is_blank)
    rows = frame[suspects].rows()
    blank = pl.Series(
        [row for row, *cells in rows if not any(text and text.strip() for text in cells)], dtype=pl.UInt32
    )
    if blank.is_empty():
        return frame, pl.DataFrame(schema=LEFT_OUT)
    kept = frame.filter(~pl.col("_row").is_in(blank.implode()))
    last = kept["_row"].max()
    inside = blank.filter(blank < last) if last is not None else blank.clear()
    return kept, _left_out(inside, "blank")


def left_out_rows(frame: pl.DataFrame, header: Sequence[str | None]) -> pl.DataFrame:
    """Return the rows that repeat the header's cells, numbers of pages, and totals at the end or before a blank row.

    What is left out behind a total counts as such an end.
    """
    repeated = _repeated_headers(frame, header)
    pages = _page_numbers(frame, repeated)
    others = frame.filter(~pl.col("_row").is_in(pages.implode())) if pages.len() else frame
    totals = pl.concat([_totals(others), _subtotals(others)]).unique()
    found = {"repeated header": repeated, "page number": pages, "total": totals}
    return pl.concat([_left_out(rows, why) for why, rows in found.items()]).sort("_row")


def _left_out(rows: pl.Series, why: str) -> pl.DataFrame:
    return pl.DataFrame({"_row": rows, "why": pl.repeat(why, rows.len(), eager=True)}, schema=LEFT_OUT)


def _every_row(frame: pl.DataFrame) -> pl.Series:
    return pl.int_range(frame.height, dtype=pl.UInt32, eager=True)


def _among(suspects: pl.Series, cells: pl.Series, passes: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Return those of `suspects` (positions) whose cell passes; one column at a time, because a sheet may be wide."""
    at = cells if suspects.len() == cells.len() else cells.gather(suspects)
    return suspects.filter(passes(at))


def _may_be_blank(cells: pl.Series) -> pl.Series:
    """Pass the cells that begin with white space, and others outside of ASCII; comparing is cheaper than trimming."""
    return cells.is_null() | (cells < "!") | (cells > "~")


def _is_blank(cells: pl.Series) -> pl.Series:
    return cells.is_null() | (cells.str.strip_chars() == "")


def _repeated_headers(frame: pl.DataFrame, header: Sequence[str | None]) -> pl.Series:
    names = [fold(cell).lower() for cell in header]
    suspects = _every_row(frame) if any(names) else pl.Series(dtype=pl.UInt32)
    for column, name in sorted(zip(frame.columns[1:], names, strict=True), key=lambda pair: not pair[1]):
        if suspects.len() <= _FEW:
            break
        if name:
            suspects = _among(suspects, frame[column], partial(_is_long, bytes_min=len(name)))
        suspects = _among(suspects, frame[column], partial(_says, name=name) if name else _is_blank)
    rows = frame[suspects].rows()
    return pl.Series([row for row, *cells in rows if [fold(cell).lower() for cell in cells] == names], dtype=pl.UInt32)


def _is_long(cells: pl.Series, *, bytes_min: int) -> pl.Series:
    """Pass the cells that may say something of that length; counting is cheaper than folding."""
    return cells.str.len_bytes() >= bytes_min


def _says(cells: pl.Series, *, name: str) -> pl.Series:
    return _folded(cells) == name


def _folded(cells: pl.Series) -> pl.Series:
    return cells.str.strip_chars().str.replace_all(r"\s+", " ").str.to_lowercase()


def _page_numbers(frame: pl.DataFrame, repeated: pl.Series) -> pl.Series:
    """Return the rows whose only cell is the number of a page; one without a word for it only where a page may end."""
    columns = sorted(frame.columns[1:], key=lambda name: frame[name].null_count())
    if len(columns) == 1:
        return pl.Series(dtype=pl.UInt32)
    suspects, filled = _every_row(frame), pl.zeros(frame.height, dtype=pl.UInt32, eager=True)
    for column in columns:
        if suspects.len() <= _FEW:
            break
        cells = frame[column]
        filled += ~_may_be_blank(cells if suspects.len() == cells.len() else cells.gather(suspects))
        suspects, filled = suspects.filter(filled <= 1), filled.filter(filled <= 1)
    lines = frame[suspects].filter(pl.any_horizontal(pl.col(columns).str.contains(_PAGE)))
    texts_of = {row: [text for cell in cells if (text := fold(cell))] for row, *cells in lines.rows()}
    numbers = {row: _PAGE_NUMBER.fullmatch(texts[0]) for row, texts in texts_of.items() if len(texts) == 1}
    following = set(frame["_row"].filter(frame["_row"].is_in([row + 1 for row in numbers]))).difference(repeated)
    rows = [row for row, number in numbers.items() if number and (number["word"] or row + 1 not in following)]
    return pl.Series(rows, dtype=pl.UInt32)


def _totals(frame: pl.DataFrame) -> pl.Series:
    """Return the totals at the frame's end, and those before a blank row, as under each page or each of two tables."""
    rows = list[int]()
    for row, *cells in reversed(frame.tail(_MOST_TOTALS).rows()):
        if not _is_total(cells):
            break
        rows.append(row)
    before_blank = frame.filter(frame["_row"].diff().shift(-1).fill_null(1) > 1)
    rows += [row for row, *cells in before_blank.rows() if _is_total(cells)]
    return pl.Series(sorted(set(rows)), dtype=pl.UInt32)


def _subtotals(frame: pl.DataFrame) -> pl.Series:
    """Return the rows, wherever they stand, of a subtotal's label and numbers alone."""
    labels = frame.columns[1 : 1 + _LABEL_COLUMNS]
    if not labels:
        return pl.Series(dtype=pl.UInt32)
    places = [
        _among(_among(_every_row(frame), cells, _may_be_subtotal), cells, _is_subtotal_label) for cells in frame[labels]
    ]
    suspects = frame[pl.concat(places).unique().sort()]
    rows = [row for row, *cells in suspects.rows() if _is_subtotal([text for cell in cells if (text := fold(cell))])]
    return pl.Series(rows, dtype=pl.UInt32)


def _may_be_subtotal(cells: pl.Series) -> pl.Series:
    """Pass the cells that begin as a label may; comparing is cheaper than looking for the label."""
    return (cells < "!") | (cells >= _SUBTOTAL_FROM)


def _is_subtotal_label(cells: pl.Series) -> pl.Series:
    return cells.str.contains(_SUBTOTAL)


def _is_subtotal(texts: Sequence[str]) -> bool:
    return len(texts) > 1 and _SUBTOTAL_LABEL.search(texts[0]) is not None and all(map(_COUNT.fullmatch, texts[1:]))


def _is_total(cells: Sequence[str | None]) -> bool:
    """Tell whether a row holds a label such as `Total:`, numbers, and no more; a row with other texts is a record."""
    label, *others = [text for cell in cells if (text := fold(cell))] or [""]
    has_room = len(others) + 1 < len(cells) or len(cells) <= _LABEL_AND_SUM
    return has_room and _TOTAL.fullmatch(label) is not None and all(_COUNT.fullmatch(text) for text in others)
