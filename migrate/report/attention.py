"""Attention: the source rows that need it, with all of their columns as they were, to be mended and handed back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import polars as pl
import polars.selectors as cs

from migrate.model.sources import Source
from migrate.outcomes.summary import needing_attention
from migrate.readers.header import fold
from migrate.report.neutral import neutral
from migrate.report.workbook import ROWS_MAX, Sheet

KEYS = ("_file", "_sheet", "_row")
"""The columns that say which source row a line is."""

ROW_AS_READ = "_row (2)"
"""What a reader calls our `_row`, because its own has that name."""

TOLD = ("_record", "_outcome", "_message")

COMMENTS_MAX = 5_000
"""How many comments a workbook gets; spreadsheet programs crawl with more."""

_HOW_TO = """How to use this file
1. Mend the red cells; the comment on each says what is wrong, _message what the whole row needs.
2. Leave _file, _sheet and _row as they are: they say which row this was.
   Rows may be sorted or taken out, columns moved.
3. Save it, and hand it to: chekt-migrate retry RUN --from FILE"""

_NO_MORE_COMMENTS = f"Only the first {COMMENTS_MAX:,} bad cells have a comment; this column has what all rows need."


@dataclass(frozen=True, slots=True)
class Attention:
    """The rows that need attention (`_src`, `_row`, `_record`, `_outcome`, `_message`) and their bad cells.

    `cells` has `_src`, `_row`, `column`, `said`: one line a cell that an error finding names.
    """

    rows: pl.DataFrame
    cells: pl.DataFrame


def find_attention(outcomes: pl.DataFrame, findings: pl.DataFrame) -> Attention:
    """Return what needs attention: each record's own row, and every row with an error that keeps it from being sent.

    The second kind matters where several rows make one site: the cell to mend may stand in a later one.
    """
    records = needing_attention(outcomes).select("_n", "_src", "record", "outcome", "message", _row="row")
    own = records.select("_n", "_src", "_row")
    bad = _errors_of(own, findings)
    said = bad.group_by("_src", "_row", "_n", maintain_order=True).agg(said=_joined("; "))
    lines = (
        pl.concat([own, said.select(own.columns)])
        .unique()
        .join(records.select("_n", "record", "outcome", "message"), on="_n")
        .join(said, on=["_src", "_row", "_n"], how="left")
        .sort("_src", "_row", "_n")
    )
    rows = lines.group_by("_src", "_row", maintain_order=True).agg(
        _record=pl.col("record").str.join(";"),
        _outcome=pl.col("outcome").str.join(";"),
        _message=pl.coalesce("said", "message", pl.lit("")).str.join(";"),
    )
    in_a_cell = bad.filter(pl.col("column").is_not_null())
    cells = in_a_cell.group_by("_src", "_row", "column", maintain_order=True).agg(said=_joined("\n"))
    return Attention(rows=rows, cells=cells)


def attention_frame(attention: Attention, sources: Sequence[Source]) -> pl.DataFrame:
    """Return `attention.csv`: the rows of all sources under the union of their columns."""
    names = headings(sources)
    parts = [_part(rows, sources[src], names) for src, rows in _by_source(attention)]
    union = pl.concat(parts, how="diagonal")
    return union.select(cs.exclude(*KEYS, *TOLD), *KEYS, *TOLD)


def attention_sheets(attention: Attention, sources: Sequence[Source]) -> Iterator[Sheet]:
    """Yield `attention.xlsx`, a sheet for each source sheet: bad cells tinted, with what is wrong as a comment."""
    names = headings(sources)
    left = COMMENTS_MAX
    for src, rows in _by_source(attention):
        source = sources[src]
        mine = {column: names[folded(column)] for column in source.table.columns}
        cells = attention.cells.filter(pl.col("_src") == src).with_columns(pl.col("column").replace(mine))
        whole = _part(rows, source, names)
        for start in range(0, whole.height, ROWS_MAX):
            frame = whole.slice(start, ROWS_MAX)
            placed = _place(cells, frame)
            told = placed.head(left).select("index", "column", "said").rows()
            left -= len(told)
            comments = [(-1, frame.columns[0], _HOW_TO), *told]
            if len(told) < placed.height:
                comments.append((-1, "_message", _NO_MORE_COMMENTS))
            yield Sheet(
                name=source.table.sheet or PurePosixPath(source.file.replace("\\", "/")).stem,
                frame=frame,
                widths={"_message": 60},
                wrapped=frozenset({"_message"}),
                muted=frozenset({*KEYS, "_record"}),
                tints=_tints(placed, frame),
                comments=comments,
            )


def headings(sources: Sequence[Source]) -> dict[str, str]:
    """Return folded column name → its heading in the attention files: itself, unless one of ours has that name."""
    given: dict[str, str] = {}
    taken = {*KEYS, ROW_AS_READ, *TOLD}
    for column in (column for source in sources for column in source.table.columns):
        if folded(column) not in given:
            heading = column
            while folded(neutral(heading)) in taken:
                heading += " (original)"
            taken.add(folded(neutral(heading)))
            given[folded(column)] = heading
    return given


def folded(name: str) -> str:
    """Return a column's name as readers compare it."""
    return fold(name).casefold()


def _by_source(attention: Attention) -> Iterator[tuple[int, pl.DataFrame]]:
    for (src,), rows in attention.rows.group_by("_src", maintain_order=True):
        yield int(str(src)), rows


def _part(rows: pl.DataFrame, source: Source, names: Mapping[str, str]) -> pl.DataFrame:
    """Return the rows of one source: its columns under their headings, then ours."""
    table = source.table
    mine = {column: names[folded(column)] for column in table.columns}
    joined = table.frame.rename(mine).join(rows.drop("_src"), on="_row", how="inner", maintain_order="left")
    return joined.select(
        cs.by_name(*mine.values()),
        pl.lit(source.file).alias("_file"),
        pl.lit(table.sheet, dtype=pl.String).alias("_sheet"),
        "_row",
        *TOLD,
    )


def _place(cells: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the bad cells that stand in `frame`, with the `index` of their row in it."""
    known = cells.filter(pl.col("column").is_in(frame.columns))
    return known.join(frame.select("_row").with_row_index("index"), on="_row").sort("index")


def _tints(placed: pl.DataFrame, frame: pl.DataFrame) -> dict[str, pl.Series]:
    blank = pl.Series([None], dtype=pl.String).new_from_index(0, frame.height)
    return {
        str(column): blank.clone().scatter(group["index"], "bad")
        for (column,), group in placed.group_by("column", maintain_order=True)
    }


def _errors_of(records: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """Return the errors of `records` (`_n`, `_src`, `_row`); one about a whole row is one of each record there."""
    errors = findings.filter(pl.col("severity") == "error")
    of_record = errors.filter(pl.col("_n").is_not_null()).join(records, on="_n", how="semi")
    of_row = errors.filter(pl.col("_n").is_null()).drop("_n").join(records, on=["_src", "_row"])
    return pl.concat([of_record, of_row.select(errors.columns)])


def _joined(separator: str) -> pl.Expr:
    """Return what is wrong and, in brackets, what to do: all of a group in one text, each once."""
    hint = pl.concat_str(pl.lit(" ("), "hint", pl.lit(")")).fill_null("")
    return pl.concat_str("message", hint).unique(maintain_order=True).str.join(separator)
