"""Mend: the cells of a corrected attention file, back into the sources that its rows came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from migrate.model.findings import as_findings, no_findings
from migrate.model.phrase import phrase
from migrate.model.sources import Source, Table
from migrate.readers.options import SheetOptions
from migrate.readers.read import read
from migrate.report.attention import KEYS, ROW_AS_READ, TOLD, folded, headings
from migrate.report.neutral import MARK, neutral, neutral_column
from migrate.report.places import PLACES, find_places, reject_repeated
from migrate.report.workbook import CELL_MAX, cell_text

_REPAIRED = ("text_marker", "unwrapped")
"""Codes of the notes by which a reader says what it took off a cell; their `value` is the cell before."""

_TORN = "ragged_row"
"""Code of the error by which a reader says that a row has more cells than the header."""

_PUT_BACK = "zeros_put_back"
"""Code of the note by which a mended cell says that it was taken with its leading zeros."""

_CELLS = pl.Schema({"_at": pl.UInt32(), "_row": pl.UInt32(), "column": pl.String()})


@dataclass(frozen=True, slots=True)
class Mended:
    """All sources of the run, with the cells that a person changed.

    `rows` (`_src`, `_row`) are the source rows that the file held; `changed` counts the cells; `ignored` are columns of
    the file that its source doesn't have.
    """

    sources: tuple[Source, ...]
    rows: pl.DataFrame
    changed: int
    ignored: tuple[str, ...]


def read_mended(path: Path, sources: Sequence[Source]) -> Mended:
    """Read the corrected attention file `path`, CSV or workbook, of a run of `sources`.

    Raises:
        InputError: it can't be read, or a row of it doesn't say which source row it is, or two say the same.
    """
    names = headings(sources).values()
    keep = tuple(form for name in names for form in (name, neutral(name)))
    return mend(read(path, sheets=[SheetOptions(header_row=1, keep=keep)]), sources)


def mend(tables: Sequence[Table], sources: Sequence[Source]) -> Mended:
    """Return `sources` with the cells of `tables`, a corrected attention file as it was read.

    A cell that is as it was written, or whose column is gone, is as it was before, and so is a number that lost its
    leading zeros alone, with a note; what a reader found damaged in a changed cell is carried along, at the cell's
    place in the source.

    Raises:
        InputError: as for `read_mended`.
    """
    places = [find_places(table, sources) for table in tables]
    rows = pl.concat([PLACES.to_frame(), *places])
    reject_repeated(rows, sources)
    given = headings(sources)
    forms = {folded(form): heading for heading in given.values() for form in (heading, neutral(heading))}
    mended, changed = list(sources), 0
    for table, here in zip(tables, places, strict=True):
        there = {forms[folded(name)]: name for name in table.columns if folded(name) in forms}
        for (src,), lines in here.group_by("_src", maintain_order=True):
            index = int(str(src))
            own = {column: given[folded(column)] for column in mended[index].table.columns}
            columns = {column: there[heading] for column, heading in own.items() if heading in there}
            mended[index], cells = _mend_source(mended[index], table, lines=lines.sort("_row"), columns=columns)
            changed += cells
    known = {*forms, *KEYS, *TOLD, ROW_AS_READ}
    ignored = dict.fromkeys(name for table in tables for name in table.columns if folded(name) not in known)
    return Mended(tuple(mended), rows.select("_src", "_row"), changed, tuple(ignored))


def _mend_source(
    source: Source, table: Table, *, lines: pl.DataFrame, columns: Mapping[str, str]
) -> tuple[Source, int]:
    """Return `source` with the cells of `lines` and how many changed; `columns` are its own → their names there."""
    is_told = pl.col("_row").is_in(lines["_row"].implode())
    frame = source.table.frame.sort("_row")
    old = frame.filter(is_told)
    at = lines.select(_row="_at")
    new, raw = (at.join(cells, on="_row", how="left", maintain_order="left") for cells in (table.frame, _before(table)))
    mended = old.with_columns(
        _choose(old[column], new[name], raw=raw[name]).alias(column) for column, name in columns.items()
    )
    cells = pl.concat(
        [
            _CELLS.to_frame(),
            *(
                lines.filter(mended[column].ne_missing(old[column])).select("_at", "_row", column=pl.lit(column))
                for column in columns
            ),
        ]
    )
    whole = pl.concat([frame.filter(~is_told), mended]).sort("_row")
    findings = _without_whole_rows(_carry(source.table, table, cells=cells, columns=columns), source.table, mended)
    notes = _put_back(source.table, old, new, columns=columns)
    findings = pl.concat([findings.filter(pl.col("code") != _PUT_BACK), notes.select(findings.columns)])
    return replace(source, table=replace(source.table, frame=whole, findings=findings)), cells.height


def _put_back(own: Table, old: pl.DataFrame, new: pl.DataFrame, *, columns: Mapping[str, str]) -> pl.DataFrame:
    """Return a note on each cell that lost nothing but leading zeros, and has them again."""
    found = [no_findings()]
    for column, name in columns.items():
        was = pl.col("was")
        cells = old.select("_row", was=old[column], value=new[name])
        lost = cells.filter(_lost_zeros(was, pl.col("value")))
        note = lost.with_columns(
            row="_row",
            column=pl.lit(column),
            cell=own.cells(column),
            message=phrase("taken as {}, as it was: spreadsheet programs strip zeros when they save CSV", was),
        )
        hint = "if the zeros are to go, mend the customer's file itself, and check it again"
        found.append(as_findings(note, severity="note", code=_PUT_BACK, hint=hint))
    return pl.concat(found)


def _without_whole_rows(findings: pl.DataFrame, own: Table, mended: pl.DataFrame) -> pl.DataFrame:
    """Return a reader's findings but for those about torn rows that nothing stands behind the last column of any more.

    Behind it are the columns without a name in which only torn rows have something.
    """
    torn = findings.filter(pl.col("code") == _TORN)["_row"].implode()
    sound = own.frame.filter(~pl.col("_row").is_in(torn))
    behind = [name for name in own.columns if own.letters[name] == name and sound[name].is_null().all()]
    if not behind:
        return findings
    whole = mended.filter(pl.col("_row").is_in(torn), pl.all_horizontal(pl.col(behind).is_null()))["_row"].implode()
    return findings.filter((pl.col("code") != _TORN) | ~pl.col("_row").is_in(whole))


def _before(table: Table) -> pl.DataFrame:
    """Return the cells of `table` as they were before the reader took anything off them."""
    notes = table.findings.filter(pl.col("code").is_in(_REPAIRED), pl.col("column").is_in(table.columns))
    frame = table.frame
    for (name,), repaired in notes.group_by("column"):
        first = repaired.unique("_row", keep="first", maintain_order=True).sort("_row")
        places = frame["_row"].is_in(first["_row"].implode()).arg_true()
        frame = frame.with_columns(frame[str(name)].clone().scatter(places, first["value"]))
    return frame


def _choose(old: pl.Series, new: pl.Series, *, raw: pl.Series) -> pl.Series:
    """Return the cells to go on with: `old` where `new` (`raw` before its repairs) is what was written for it.

    Our mark is taken off only where we put it: in front of an old value that needs one. A number that lacks nothing but
    its leading zeros is as it was: a spreadsheet program takes them when it saves a CSV file.
    """
    cells = pl.DataFrame({"old": old, "new": new, "raw": raw})
    was, now = pl.col("old"), pl.col("new")
    written = [(was, now), (neutral_column(was), pl.col("raw"))]
    if (old.str.len_bytes() > CELL_MAX).any():
        written.append((was.map_elements(cell_text, return_dtype=pl.String), now))
    untouched = pl.any_horizontal(_plain(form).eq_missing(_plain(given)) for form, given in written)
    bare = now.str.slice(1)
    marked = (neutral_column(was) != was) & now.str.starts_with(MARK) & (neutral_column(bare) == now)
    typed = pl.when(marked).then(bare).otherwise(now)
    return cells.select(pl.when(untouched | _lost_zeros(was, now)).then(was).otherwise(typed)).to_series()


def _lost_zeros(was: pl.Expr, now: pl.Expr) -> pl.Expr:
    lost = was.str.contains(r"^0[0-9]+$") & (was.str.replace(r"^0+([0-9])", "${1}") == now) & (was != now)
    return lost.fill_null(value=False)


def _plain(text: pl.Expr) -> pl.Expr:
    """Return `text` without what a spreadsheet program changes on its own: line ends; nothing is an empty text."""
    return text.fill_null("").str.replace_all("\r\n?", "\n")


def _carry(own: Table, table: Table, *, cells: pl.DataFrame, columns: Mapping[str, str]) -> pl.DataFrame:
    """Return a reader's findings about `own`; those about changed `cells` give way to those about their new text."""
    kept = own.findings.join(cells, on=["_row", "column"], how="anti", maintain_order="left")
    renamed = {name: column for column, name in columns.items()}
    told = table.findings.rename({"_row": "_at"}).with_columns(pl.col("column").replace(renamed))
    letters = pl.col("column").replace_strict(own.letters, return_dtype=pl.String)
    fresh = told.join(cells, on=["_at", "column"]).with_columns(
        row="_row", cell=letters + pl.col("_row").cast(pl.String)
    )
    return kept if fresh.is_empty() else pl.concat([kept, as_findings(fresh).select(kept.columns)])
