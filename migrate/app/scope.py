"""The rows of a retry: the same files and checks, but only these rows are sent and accounted for."""

from dataclasses import replace

import polars as pl

from migrate.app.check import Checked
from migrate.model.sources import Source

_PLACE = ("_src", "_row")


def numbers_in(checked: Checked, rows: pl.DataFrame) -> pl.Series:
    """Return the `_n` of the records that `rows` (`_src`, `_row`) are about."""
    return _standing_in(checked, rows)["_n"]


def _standing_in(checked: Checked, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the records that `rows` are about, and where each of them stands (`_n`, `_src`, `_row`).

    Records stand at their first rows. One that stands elsewhere is in it too, at the first of `rows` that is merged
    into it, if nothing else stands in that row, or if it has an error: a mended row took the id of another.
    """
    stand = [frame.select("_n", *_PLACE) for frame in checked.records.values()]
    if not stand:
        return checked.parts.clear()
    heads = pl.concat(stand)
    here = heads.join(rows, on=_PLACE, how="semi")
    merged = checked.parts.join(rows, on=_PLACE, how="semi").join(here, on="_n", how="anti")
    wrong = merged.join(_with_errors(checked), on="_n", how="semi")
    alone = merged.join(here, on=_PLACE, how="anti")
    added = pl.concat([wrong, alone]).sort(_PLACE).unique("_n", keep="first", maintain_order=True)
    return pl.concat([here.select("_n", *_PLACE), added]).sort("_n")


def _with_errors(checked: Checked) -> pl.DataFrame:
    """Return the `_n` of the records with an error, of their own or of a whole row."""
    errors = checked.findings.filter(pl.col("severity") == "error")
    of_rows = checked.parts.join(errors.filter(pl.col("_n").is_null()), on=_PLACE, how="semi")
    return pl.concat([errors.select("_n").drop_nulls(), of_rows.select("_n")]).unique()


def restrict(checked: Checked, rows: pl.DataFrame) -> Checked:
    """Return `checked` as if its files had only `rows`: what the reports of a retry are about."""
    standing = _standing_in(checked, rows)
    sources = tuple(_restricted(source, _rows_of(rows, index)) for index, source in enumerate(checked.sources))
    of_file = {item.file: 0 for item in checked.inputs}
    for index in checked.used:
        of_file[sources[index].file] += sources[index].table.rows
    return replace(
        checked,
        inputs=tuple(replace(item, rows=of_file[item.file]) for item in checked.inputs),
        sources=sources,
        records={name: _standing(frame, standing) for name, frame in checked.records.items()},
        findings=findings_of(checked, checked.findings, rows=rows),
        left_out=checked.left_out.join(rows, on=_PLACE, how="semi"),
        parts=checked.parts.join(rows, on=_PLACE, how="semi"),
    )


def findings_of(checked: Checked, findings: pl.DataFrame, *, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the findings about `rows`, about the records there, wherever their other rows stand, and about files."""
    numbered = findings.with_row_index("_at")
    here = numbered.join(rows, on=_PLACE, how="semi")["_at"]
    of_record = pl.col("_n").is_in(numbers_in(checked, rows).implode()).fill_null(value=False)
    about = pl.col("_row").is_null() | pl.col("_at").is_in(here.implode()) | of_record
    return numbered.filter(about).drop("_at")


def _standing(frame: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Return the records of `frame` that stand at `places`."""
    return frame.drop(_PLACE).join(places, on="_n", maintain_order="left").select(frame.columns)


def _rows_of(rows: pl.DataFrame, index: int) -> pl.Series:
    return rows.filter(pl.col("_src") == index)["_row"]


def _restricted(source: Source, rows: pl.Series) -> Source:
    table, here = source.table, rows.implode()
    return replace(
        source,
        table=replace(
            table,
            frame=table.frame.filter(pl.col("_row").is_in(here)),
            left_out=table.left_out.filter(pl.col("row" if "row" in table.left_out.columns else "_row").is_in(here)),
        ),
    )
