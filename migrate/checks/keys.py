"""Keys: ids are unique over the inputs, and spelled in one way."""

import re
from collections.abc import Callable, Mapping, Sequence

import polars as pl

from migrate.checks.doubts import Complaint, doubts, earlier_row, no_doubts, repeats, shown
from migrate.model.phrase import phrase
from migrate.model.records import RecordType
from migrate.model.sources import Source
from migrate.normalize.keys import near_key

_ONE_OUT = "take out one of the two rows, or give it an id of its own"
_APART = (
    "two tables of the mapping make it of this row; end the templates of their ids differently, such as -C1 and -C2"
)
_PART = re.compile(r"\{([^{}]*)\}")


def repeated_ids(records: pl.DataFrame, kind: RecordType) -> pl.DataFrame:
    """Return the records whose id an earlier one has, with the earlier one's columns as `<name>_first`."""
    return repeats(records.filter(pl.col(kind.id_field).is_not_null()), [kind.id_field])


def duplicate_ids(
    repeated: pl.DataFrame,
    kind: RecordType,
    *,
    sources: Sequence[Source],
    written: Callable[[pl.DataFrame, str], list[str]],
) -> pl.DataFrame:
    """Return an error on each record that repeats an id; the hint shows a template that makes the ids unique.

    `written` returns what a template writes for a field of some rows: `{Column}`, or the template that it has already.
    """
    if repeated.is_empty():
        return no_doubts()
    of_one_row = (pl.col("_src") == pl.col("_src_first")) & (pl.col("_row") == pl.col("_row_first"))
    elsewhere = phrase("stands in {} already", earlier_row(sources))
    said_where = pl.when(of_one_row).then(pl.lit("is made twice of this row")).otherwise(elsewhere)
    message = phrase('{} "{}" {}', pl.lit(kind.id_field), shown(kind.id_field), said_where)
    said = repeated.join(_templates(repeated, kind, written), on=["_src", "_table"], maintain_order="left")
    alike = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_first")) for name in _told_apart_by(kind))
    hint = (
        pl.when(of_one_row)
        .then(pl.lit(_APART))
        .when(alike | pl.col("_hint").is_null())
        .then(pl.lit(_ONE_OUT))
        .otherwise("_hint")
    )
    return doubts(said, kind.name, Complaint("error", "duplicate_id", kind.id_field, message, hint))


def near_ids(records: pl.DataFrame, kind: RecordType, *, sources: Sequence[Source]) -> pl.DataFrame:
    """Return a warning on each record whose id is an earlier one's but for zeros, case, spaces or Unicode form."""
    ids = pl.col(kind.id_field)
    keyed = records.filter(ids.is_not_null()).select(
        "_n", "_src", "_row", "_table", "_late", kind.id_field, near_key(ids).alias("_key")
    )
    near = repeats(keyed, ["_key"]).filter(ids != pl.col(f"{kind.id_field}_first"))
    message = phrase(
        '"{}" is nearly "{}" of {}', shown(kind.id_field), shown(f"{kind.id_field}_first"), earlier_row(sources)
    )
    hint = "they differ only in leading zeros, case, spaces or Unicode form; spell both alike if they are one"
    return doubts(near, kind.name, Complaint("warning", "near_id", kind.id_field, message, hint))


def _told_apart_by(kind: RecordType) -> list[str]:
    """Return the fields that can make an id unique: the site's id, and the zone where there is one."""
    return [name for name in ("external_site_id", "zone_number") if name in kind.field_names]


def _templates(
    repeated: pl.DataFrame, kind: RecordType, written: Callable[[pl.DataFrame, str], list[str]]
) -> pl.DataFrame:
    """Return `_hint` for each source and table: a template of site and id, and of the zone where that is needed."""
    site, *more = _told_apart_by(kind)
    fields = [site, kind.id_field, *(more if _need_more(repeated, kind) else [])]
    shown = repeated.unique(["_src", "_table"], keep="first", maintain_order=True)
    pieces = zip(*(written(shown, field) for field in fields), strict=True)
    hints = [_template_hint(kind.id_field, dict(zip(fields, of_table, strict=True))) for of_table in pieces]
    return shown.select("_src", "_table", pl.Series("_hint", hints, dtype=pl.String))


def _need_more(repeated: pl.DataFrame, kind: RecordType) -> bool:
    """Tell whether the site leaves some ids the same that belong to different zones."""
    apart = _told_apart_by(kind)
    later = repeated.select(kind.id_field, *apart)
    first = repeated.select(kind.id_field, *(pl.col(f"{name}_first").alias(name) for name in apart))
    different = pl.concat([later, first]).unique()
    return different.select(pl.struct(kind.id_field, apart[0]).is_duplicated().any()).item() is True


def _template_hint(id_field: str, pieces: Mapping[str, str]) -> str | None:
    """Return the hint that puts together the `pieces`, one a field; None where the id has all of them already."""
    known = pieces if any(pieces.values()) else {field: f"{{{field}}}" for field in pieces}
    held = {_fold(column) for column in _PART.findall(known[id_field])}
    beside = {
        field: piece
        for field, piece in known.items()
        if piece and (field == id_field or not held.issuperset(map(_fold, _PART.findall(piece))))
    }
    if beside.keys() == {id_field}:
        return None
    return f'a template would make it unique: {id_field} = {{ template = "{"-".join(beside.values())}" }}'


def _fold(column: str) -> str:
    return " ".join(column.casefold().split())
