"""The rows of a retry: the same files and checks, but only these rows are sent and accounted for."""

from dataclasses import replace

import polars as pl

from migrate.app.check import Checked
from migrate.model.sources import Source


def numbers_in(checked: Checked, rows: pl.DataFrame) -> pl.Series:
    """Return the `_n` of the records that stand at `rows` (`_src`, `_row`)."""
    found = [frame.join(rows, on=["_src", "_row"], how="semi")["_n"] for frame in checked.records.values()]
    return pl.concat(found).sort() if found else pl.Series("_n", [], dtype=pl.UInt32)


def restrict(checked: Checked, rows: pl.DataFrame) -> Checked:
    """Return `checked` as if its files had only `rows`: what the reports of a retry are about."""
    numbers = numbers_in(checked, rows)
    sources = tuple(_restricted(source, _rows_of(rows, index)) for index, source in enumerate(checked.sources))
    of_file = {item.file: 0 for item in checked.inputs}
    for index in checked.used:
        of_file[sources[index].file] += sources[index].table.rows
    return replace(
        checked,
        inputs=tuple(replace(item, rows=of_file[item.file]) for item in checked.inputs),
        sources=sources,
        records={name: frame.filter(pl.col("_n").is_in(numbers.implode())) for name, frame in checked.records.items()},
        findings=findings_of(checked.findings, rows),
        left_out=checked.left_out.join(rows, on=["_src", "_row"], how="semi"),
        contributing=checked.contributing.join(rows, on=["_src", "_row"], how="semi"),
    )


def findings_of(findings: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the findings about `rows`."""
    return findings.join(rows, on=["_src", "_row"], how="semi")


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
