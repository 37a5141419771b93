"""Places: which source row each line of a corrected attention file is."""

from collections.abc import Sequence

import polars as pl

from migrate.errors import InputError
from migrate.model.sources import Source, Table
from migrate.report.attention import ROW_AS_READ, folded
from migrate.report.neutral import neutral

PLACES = pl.Schema({"_at": pl.UInt32(), "_src": pl.UInt32(), "_row": pl.UInt32()})
"""A line of the corrected file (`_at`, its row there), and the source row that it is."""

_NAMED = 3


def find_places(table: Table, sources: Sequence[Source]) -> pl.DataFrame:
    """Return the place of each line of `table` (PLACES).

    Raises:
        InputError: a line doesn't say which source row it is; the message names it.
    """
    if table.frame.is_empty():
        return PLACES.to_frame()
    names = {folded(name): name for name in table.columns}
    missing = [name for name, key in (("_file", "_file"), ("_row", ROW_AS_READ)) if key not in names]
    if missing:
        raise InputError(
            f"{_name(table)}: row {table.frame['_row'][0]} and all others have no {' and no '.join(missing)}\n"
            "hand over the attention file of the run, with its columns _file, _sheet and _row"
        )
    placed = _said(table, names).join(_known(sources), on=["_file", "_sheet"], how="left", maintain_order="left")
    lost = placed.join(_rows(sources), on=["_src", "_row"], how="anti", maintain_order="left")["_at"].to_list()
    if lost:
        more = f" and {len(lost) - _NAMED:,} more" if len(lost) > _NAMED else ""
        rows = ", ".join(map(str, lost[:_NAMED])) + more
        raise InputError(
            f"{_name(table)}: row {rows}: _file, _sheet and _row name no row of the run\n"
            "leave these cells as the attention file has them, or remove the row"
        )
    return placed.select(list(PLACES))


def reject_repeated(places: pl.DataFrame, sources: Sequence[Source]) -> None:
    """Check that no source row (`_src`, `_row`) is told twice.

    Raises:
        InputError: one is.
    """
    twice = places.filter(places.select("_src", "_row").is_duplicated())
    if not twice.is_empty():
        src, row = twice.select("_src", "_row").row(0)
        raise InputError(
            f"the corrected file has row {row} of {sources[src].file} more than once (in its rows "
            f"{', '.join(map(str, twice.filter(_src=src, _row=row)['_at'].head(_NAMED)))})\nleave one of them"
        )


def _said(table: Table, names: dict[str, str]) -> pl.DataFrame:
    sheet = pl.col(names["_sheet"]) if "_sheet" in names else pl.lit(None, dtype=pl.String)
    row = pl.col(names[ROW_AS_READ]).str.strip_chars().str.replace(r"\.0+$", "")
    return table.frame.select(
        _at="_row", _file=names["_file"], _sheet=sheet.fill_null(""), _row=row.cast(pl.UInt32, strict=False)
    )


def _known(sources: Sequence[Source]) -> pl.DataFrame:
    """Return file and sheet, as they are and as a CSV file holds them → source index."""
    forms = {
        (file, sheet): index
        for index, source in enumerate(sources)
        for file in (source.file, neutral(source.file))
        for sheet in (source.table.sheet or "", neutral(source.table.sheet or ""))
    }
    rows = [(file, sheet, index) for (file, sheet), index in forms.items()]
    return pl.DataFrame(rows, schema={"_file": pl.String, "_sheet": pl.String, "_src": pl.UInt32}, orient="row")


def _rows(sources: Sequence[Source]) -> pl.DataFrame:
    frames = [
        source.table.frame.select(_src=pl.lit(index, pl.UInt32), _row="_row") for index, source in enumerate(sources)
    ]
    return pl.concat(frames) if frames else PLACES.to_frame()


def _name(table: Table) -> str:
    return table.path.name if table.sheet is None else f"{table.path.name}, sheet {table.sheet}"
