"""The difference: ours and theirs side by side, field by field, over whole columns."""

from collections.abc import Iterable

import polars as pl

from migrate.model.phrase import phrase
from migrate.model.records import RecordType
from migrate.planning.comparable import comparable

THEIRS = "dealer."
"""What the dealer's columns are called by in front of their names where they stand beside ours."""

DIFFERENCES_SCHEMA = pl.Schema({"_n": pl.UInt32(), "field": pl.String(), "before": pl.String(), "after": pl.String()})
"""One line per record and field that differs, in the order of the records and fields."""


def side_by_side(ours: pl.DataFrame, theirs: pl.DataFrame, *, remote_id: str) -> pl.DataFrame:
    """Return the records of `ours` that the dealer has, with the dealer's columns beside them."""
    named = theirs.rename({name: THEIRS + name for name in theirs.columns})
    return ours.join(named, left_on="_remote_id", right_on=THEIRS + remote_id, how="inner", maintain_order="left")


def differences_between(
    ours: pl.DataFrame, theirs: pl.DataFrame, fields: Iterable[str], *, remote_id: str, clear: frozenset[str]
) -> pl.DataFrame:
    """Return where records of ours differ from those of `theirs` that they are, as `differences` of both side by side.

    Field by field: a million pairs side by side would be a copy of both.
    """
    at = ours.select("_n", "_remote_id", _at=pl.int_range(pl.len(), dtype=pl.UInt32)).join(
        theirs.select(pl.col(remote_id).alias("_remote_id"), _there=pl.int_range(pl.len(), dtype=pl.UInt32)),
        on="_remote_id",
        how="inner",
        maintain_order="left",
    )
    found = [DIFFERENCES_SCHEMA.to_frame()]
    for field in fields:
        values = ours[field].gather(at["_at"]), theirs[field].gather(at["_there"]).alias(THEIRS + field)
        found.append(_differing(pl.DataFrame([at["_n"], *values]), field, clear=field in clear))
    return pl.concat(found).sort("_n", maintain_order=True)


def differences(pairs: pl.DataFrame, fields: Iterable[str], *, clear: frozenset[str] = frozenset()) -> pl.DataFrame:
    """Return where `pairs` differ; an empty value of ours differs from none, but for the fields in `clear`."""
    found = [_differing(pairs, field, clear=field in clear) for field in fields]
    return pl.concat([DIFFERENCES_SCHEMA.to_frame(), *found]).sort("_n", maintain_order=True)


def _differing(pairs: pl.DataFrame, field: str, *, clear: bool) -> pl.DataFrame:
    texts = pairs.select(
        "_n", field=pl.lit(field), before=pl.col(THEIRS + field).cast(pl.String), after=pl.col(field).cast(pl.String)
    )
    spelled = texts.filter(pl.col("before").ne_missing(pl.col("after")) & (pl.col("after").is_not_null() | clear))
    return spelled.filter(comparable(spelled["before"], field).ne_missing(comparable(spelled["after"], field)))


def as_changes(found: pl.DataFrame, record: RecordType) -> pl.DataFrame:
    """Return `_n` and `_changes`: per record a JSON list of `[field, before, after]`, values typed as the field is."""
    bare = pl.col("field").is_in([field.name for field in record.fields if field.kind != "text"])
    before, after = (
        pl.when(bare & pl.col(side).str.contains(r"^(\d+|true|false)$")).then(side).otherwise(_as_json(pl.col(side)))
        for side in ("before", "after")
    )
    change = phrase('["{}",{},{}]', "field", before, after)
    changes = _joined(found.select("_n", _changes=change), ",")
    return changes.with_columns(phrase("[{}]", "_changes").alias("_changes"))


def as_told(found: pl.DataFrame) -> pl.DataFrame:
    """Return `_n`, `told` (`name: A → B; mac: ...`) and `field`, the one that differs, or null where several do."""
    before, after = (pl.col(side).fill_null("(empty)") for side in ("before", "after"))
    told = _joined(found.select("_n", told=phrase("{}: {} → {}", "field", before, after)), "; ")
    alone = found.filter(pl.col("_n").is_unique()).select("_n", "field")
    return told.join(alone, on="_n", how="left", maintain_order="left")


def _joined(lines: pl.DataFrame, separator: str) -> pl.DataFrame:
    """Return one line per record, its lines joined."""
    return (
        lines.group_by("_n", maintain_order=True)
        .agg(pl.exclude("_n"))
        .with_columns(pl.exclude("_n").list.join(separator))
    )


def _as_json(text: pl.Expr) -> pl.Expr:
    return pl.struct(text.alias("_")).struct.json_encode().str.strip_prefix('{"_":').str.strip_suffix("}")
