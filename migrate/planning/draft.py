"""A draft: one kind's records while their plan is made, and the place where a record is kept from being sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from migrate.model.findings import Severity, as_findings
from migrate.model.phrase import phrase
from migrate.model.records import RecordType

OPEN = pl.col("_here") & pl.col("_verdict").is_null()
"""Records of this run that nothing keeps from being sent so far."""


@dataclass(slots=True)
class Draft:
    """One kind's records in the making.

    `frame` is the record frame, `_here` (in this run) and what the steps add; `_verdict` may be `failed` here too.

    For the brake, as it was before clashes were settled: how many records there are to create, those of them whose id
    the dealer nearly has (`_near`), and those that seem to be a site of the dealer (`site_id`, `_why`).
    """

    record: RecordType
    frame: pl.DataFrame
    findings: list[pl.DataFrame] = field(default_factory=list)
    creates: int = 0
    near: pl.DataFrame = field(default_factory=pl.DataFrame)
    twins: pl.DataFrame = field(default_factory=pl.DataFrame)

    def open(self, *which: pl.Expr, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Return the records that may be sent as far as is known, and of which all of `which` is true.

        Of many only some `columns` should be asked for: all there is of them would be a copy of the records. A frame of
        which all are asked for is not copied.
        """
        asked = self.frame.select(pl.all_horizontal(OPEN, *which)).to_series()
        frame = self.frame if columns is None else self.frame.select(columns)
        return frame if asked.all() and not asked.has_nulls() else frame.filter(asked)

    def count(self, *which: pl.Expr) -> int:
        """Return how many such records there are."""
        return int(self.frame.select(pl.all_horizontal(OPEN, *which).sum()).item())

    def note(
        self,
        rows: pl.DataFrame,
        field: str | None,
        *,
        code: str,
        severity: Severity,
        message: str | pl.Expr,
        hint: str | pl.Expr,
    ) -> None:
        """Note a finding on each of `rows`; a `field` of None is taken from the rows' own `field`."""
        if rows.is_empty():
            return
        columns = {
            "external_id": pl.col(self.record.id_field),
            "message": pl.lit(message) if isinstance(message, str) else message,
            "hint": pl.lit(hint) if isinstance(hint, str) else hint,
        }
        if field is not None:
            columns |= {"field": pl.lit(field), "value": pl.col(field).cast(pl.String)}
        else:
            columns |= {"field": pl.col("field")}
        found = rows.select("_src", "_row", "_n", **columns)
        self.findings.append(as_findings(found, record=self.record.name, severity=severity, code=code))

    def reject(
        self,
        rows: pl.DataFrame,
        field: str | None,
        *,
        code: str,
        message: str | pl.Expr,
        hint: str | pl.Expr,
        verdict: str = "invalid",
    ) -> None:
        """Keep `rows` from being sent, with an error finding on each."""
        self.note(rows, field, code=code, severity="error", message=message, hint=hint)
        self.settle(rows, verdict, code=code, message=message)

    def settle(self, rows: pl.DataFrame, verdict: str | None, *, code: str | pl.Expr, message: str | pl.Expr) -> None:
        """Give `rows` a verdict (None: they stay open), and their reason after the reasons that they have."""
        if rows.is_empty():
            return
        told = rows.select(
            "_n",
            _new_code=pl.lit(code) if isinstance(code, str) else code,
            _new_message=pl.lit(message) if isinstance(message, str) else message,
        )
        hit = pl.col("_new_code").is_not_null()
        self.frame = (
            self.frame.join(told, on="_n", how="left", maintain_order="left")
            .with_columns(
                pl.when(hit).then(pl.lit(verdict)).otherwise("_verdict").alias("_verdict"),
                *(
                    pl.when(hit)
                    .then(pl.concat_str(old, new, separator=";", ignore_nulls=True))
                    .otherwise(old)
                    .alias(old)
                    for old, new in (("_code", "_new_code"), ("_message", "_new_message"))
                ),
            )
            .drop("_new_code", "_new_message")
        )

    def reject_several(self) -> None:
        """Reject records whose external id several of the dealer's records have: none of them is picked."""
        rows = self.open(pl.col("_several").is_not_null())
        self.reject(
            rows,
            self.record.id_field,
            code="twice_at_dealer",
            message=several_told(self.record.name, "_several"),
            hint=f"leave one of these {self.record.name}s at the dealer, by hand, and plan again",
        )


def with_more(frame: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with what is told of some of its records (`_n`, further columns); a copy only if there are any."""
    if told.is_empty():
        return frame.with_columns(
            pl.lit(None, dtype=kind).alias(name) for name, kind in told.schema.items() if name != "_n"
        )
    return frame.join(told, on="_n", how="left", maintain_order="left")


def with_parents(rows: pl.DataFrame, parents: pl.DataFrame | None, *, link: str) -> pl.DataFrame:
    """Return `rows` with `_closed` (what their parent lacks, or null) and `_in_run` (whether the run has it)."""
    if parents is None:
        return rows.with_columns(_closed=pl.lit(None, dtype=pl.String), _in_run=pl.lit(value=False))
    why = pl.concat_str("_verdict", pl.coalesce("_message", "_code"), separator=": ", ignore_nulls=True)
    closed = pl.when(pl.col("_verdict").is_not_null()).then(why)
    told = parents.select(pl.col("_n").alias(link), _closed=closed, _in_run="_here")
    return rows.join(told, on=link, how="left", maintain_order="left").with_columns(
        pl.col("_in_run").fill_null(value=False)
    )


def several_told(record: str, column: str) -> pl.Expr:
    """Say which of the dealer's records share an external id."""
    ids = pl.col(column).cast(pl.List(pl.String)).list.join(", ")
    return phrase("the dealer has {} {}s with this id: {}", pl.col(column).list.len(), pl.lit(record), ids)
