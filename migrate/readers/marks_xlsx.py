"""The cells of an XLSX sheet whose text calamine can't know, found by regular expressions over whole pieces of XML."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from migrate.readers.addresses import column_index
from migrate.readers.cells import CELLS, GENERAL, PLACES
from migrate.readers.formulas import NEW_EACH_TIME
from migrate.readers.iso_dates import serial

_MAX_NAMED_STYLES = 2_000
_CELL = r'<c r="[A-Z]+[0-9]+"'
_FORMULA = r"(?:\s*<f(?:[^>]*/>|[^>]*>[^<]*</f>))"
_PARTS = (
    r'^<c r="(?<letters>[A-Z]+)(?<row>[0-9]+)"(?<attributes>[^>]*)>'
    rf"(?<formula>{_FORMULA})?(?:\s*<v[^>]*>(?<value>[^<]*))?"
)
_IS_TO_COMPUTE = r'^\s*<f[^>]* ca="(?:1|true)"'
_TEXT_TYPES = ["s", "str", "inlineStr"]
_ESCAPE = "_x[0-9A-Fa-f]{4}_"
_ESCAPED_CHARACTER = re.compile("_x(?![Dd][89A-Fa-f])([0-9A-Fa-f]{4})_")
"""Halves of a pair (D800 to DFFF) are no characters, and stay as they are written."""


@dataclass(frozen=True, slots=True)
class Styles:
    """The format of each cell style, and which styles change the look of numbers or of text."""

    formats: Sequence[int]
    of_numbers: frozenset[int]
    of_text: frozenset[int]

    @property
    def pattern(self) -> str:
        """What finds the cells to look at: styled, boolean, error or ISO date, formula, many digits."""
        styles = sorted(self.of_numbers | self.of_text)
        ids = "|".join(map(str, styles)) if len(styles) <= _MAX_NAMED_STYLES else "[0-9]+"
        special = f'(?:s="(?:{ids})"|t="[bed]")' if styles else 't="[bed]"'
        return (
            rf"{_CELL}(?:(?: [^>/]*)? {special}(?: [^>/]*)?>{_FORMULA}?|[^>/]*>{_FORMULA})(?:\s*<v[^>]*>[^<]*)?"
            rf"|{_CELL}[^>/]*>\s*<v[^>]*>[^<]*(?:[Ee]|\.[0-9]{{8}}|[0-9]{{16}})[^<]*"
        )


def find_marks(piece: bytes, pattern: str) -> pl.DataFrame:
    """Return the cells that the pattern finds, taken apart."""
    xml = pl.Series([piece.decode("utf-8", "replace")]).str.extract_all(pattern).explode().drop_nulls()
    parts = xml.str.extract_groups(_PARTS).struct.unnest()
    attributes, formula = pl.col("attributes"), pl.col("formula")
    return parts.select(
        "letters",
        pl.col("row").cast(pl.UInt32),
        attributes.str.extract(r' s="([0-9]+)"').cast(pl.UInt32, strict=False).fill_null(0).alias("style"),
        attributes.str.extract(r' t="(\w+)"').fill_null("n").alias("type"),
        "value",
        formula.is_not_null(),
        (formula.str.contains(_IS_TO_COMPUTE) | formula.str.contains(NEW_EACH_TIME))
        .fill_null(value=False)
        .alias("new"),
    )


def place_marks(marks: pl.DataFrame, styles: Styles) -> pl.DataFrame:
    """Give each cell its column's index and its style's format."""
    letters = marks["letters"].unique().to_list()
    indices = [column_index(name) for name in letters]
    formats = dict(enumerate(styles.formats)) or {0: GENERAL}
    return marks.with_columns(
        pl.col("letters").replace_strict(letters, indices, return_dtype=pl.UInt32).alias("col"),
        pl.col("style").replace_strict(formats, default=GENERAL, return_dtype=pl.UInt32).alias("format"),
    )


def to_cells(placed: pl.DataFrame, styles: Styles, *, date1904: bool) -> pl.DataFrame:
    """Return the cells to lay over what calamine read."""
    type_, value = pl.col("type"), pl.col("value")
    saved = placed.filter(value != "")
    truth = pl.when(value.is_in(["1", "true"])).then(pl.lit("TRUE")).otherwise(pl.lit("FALSE"))
    numbers = saved.filter(type_ == "n").with_columns(number=value.str.strip_chars().cast(pl.Float64, strict=False))
    escaped = saved.filter(type_ == "str", value.str.contains(_ESCAPE))
    parts = [
        numbers.filter(pl.col("number").is_not_null()),
        _dates(saved.filter(type_ == "d"), date1904=date1904),
        saved.filter(type_ == "b").with_columns(text=truth),
        saved.filter(type_ == "e").with_columns(text=value),
        escaped.with_columns(text=value.map_elements(_unescape, return_dtype=pl.String)),
        placed.filter(type_.is_in(_TEXT_TYPES), pl.col("style").is_in(list(styles.of_text))),
    ]
    return pl.concat(
        part.select(
            (pl.col(name) if name in part.columns else pl.lit(None)).cast(dtype).alias(name)
            for name, dtype in CELLS.items()
        )
        for part in parts
    )


def unsaved(placed: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Return where formulas without a saved value are; one that gives an empty text has a value.

    Excel keeps the text that a formula gives as `str`; an inline text that `frame` has nothing of was never computed.
    """
    empty = pl.col("value").fill_null("") == ""
    found = placed.filter("formula", empty, ~pl.col("type").is_in(["s", "str"]))
    places = [
        (row, col)
        for row, col, type_ in found.select("row", "col", "type").iter_rows()
        if type_ != "inlineStr" or _is_empty(frame, row - 1, col)
    ]
    return pl.DataFrame(places, schema=PLACES, orient="row")


def new_each_time(placed: pl.DataFrame, *, but: pl.DataFrame) -> pl.DataFrame:
    """Return where formulas are that are always computed anew, `but` for those without a saved value."""
    found = placed.filter("new").select(pl.col(name).cast(dtype) for name, dtype in PLACES.items())
    return found.join(but, on=list(PLACES), how="anti", maintain_order="left")


def _is_empty(frame: pl.DataFrame, row: int, col: int) -> bool:
    return row >= frame.height or col >= frame.width or not frame[row, col]


def _dates(cells: pl.DataFrame, *, date1904: bool) -> pl.DataFrame:
    """Turn ISO dates into the numbers that formats show; in the General format they stay as they are."""
    read = pl.col("value").map_elements(lambda text: serial(text, date1904=date1904), return_dtype=pl.Float64)
    dated = cells.with_columns(number=pl.when(pl.col("format") != GENERAL).then(read))
    return dated.with_columns(text=pl.when(pl.col("number").is_null()).then("value"))


def _unescape(xml: str) -> str:
    """Return a formula's text; calamine decodes `_x000D_` in other texts, and leaves it in these."""
    text = html.unescape(xml.replace("\r\n", "\n"))
    return _ESCAPED_CHARACTER.sub(lambda match: chr(int(match[1], 16)), text)
