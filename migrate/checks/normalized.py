"""Normalized: how many rows are written anew, counted over the parts of a large run's sources."""

from collections.abc import Iterator

import polars as pl

from migrate.checks.fields import READERS, changes
from migrate.mapping.defaults import DEFAULTED
from migrate.model.records import RECORDS
from migrate.normalize.reading import readings

_TEXTS = pl.Schema({"name": pl.String(), "text": pl.String(), "_times": pl.UInt32()})
_STANDING = pl.Schema({"name": pl.String(), "id": pl.String(), "text": pl.String(), "_times": pl.UInt32()})
_OWN = pl.Schema({"name": pl.String(), "id": pl.String()})


class Counted:
    """The texts of fields that are read, and how many rows have each; of a default those rows alone where it stands."""

    def __init__(self) -> None:
        self._texts = _TEXTS.to_frame()
        self._standing = _STANDING.to_frame()
        self._own = _OWN.to_frame()
        self._macs: tuple[int, str] | None = None

    def add(self, record: str, frame: pl.DataFrame, defaults: pl.DataFrame | None) -> None:
        """Count the mapped rows of one part; `defaults` is what the mapping says of them."""
        given = set() if defaults is None else {name for name in defaults.columns if DEFAULTED + name in defaults}
        texts = [
            _times(frame[name], f"{record}.{name}")
            for name in READERS
            if name in frame.columns and name in RECORDS[record].field_names and name not in given
        ]
        if defaults is not None:
            for name in given:
                others = self._add_defaults(record, name, defaults)
                texts += [_times(others, f"{record}.{name}")] if name in READERS else []
            self._add_own(record, given, defaults)
        self._texts = pl.concat([self._texts, *texts]).group_by("name", "text").agg(pl.col("_times").sum())

    def add_macs(self, change: tuple[int, str] | None) -> None:
        """Count the addresses of one part that are written anew."""
        if change is not None:
            before = self._macs or (0, change[1])
            self._macs = before[0] + change[0], before[1]

    def mixed(self, record: str) -> pl.Series:
        """Return the ids of merged records that have a default in one row, and a text of their own in another."""
        both = self._standing.join(self._own, on=["name", "id"], how="semi")
        return both.filter(pl.col("name").str.starts_with(f"{record}."))["id"].unique()

    def normalized(self) -> dict[str, tuple[int, str]]:
        """Return `record.field` → how many rows are written anew, and the commonest of the changes."""
        stand = self._standing.join(self._own, on=["name", "id"], how="anti").select(_TEXTS.names())
        whole = pl.concat([self._texts, stand]).drop_nulls("text").group_by("name", "text").agg(pl.col("_times").sum())
        return dict(self._changes(whole))

    def _changes(self, whole: pl.DataFrame) -> Iterator[tuple[str, tuple[int, str]]]:
        for kind in RECORDS.values():
            for field in kind.field_names:
                name = f"{kind.name}.{field}"
                if field in READERS:
                    texts = whole.filter(pl.col("name") == name).select(pl.col("text").alias(field), "_times")
                    yield from changes(name, texts, readings(texts[field], READERS[field](texts[field]))).items()
            if "mac" in kind.field_names and self._macs:
                yield f"{kind.name}.mac", self._macs

    def _add_defaults(self, record: str, name: str, defaults: pl.DataFrame) -> pl.Series:
        """Keep where a default may stand, by id, and return all other texts."""
        key, stands = (
            RECORDS[record].id_field,
            pl.col(DEFAULTED + name) & pl.col(RECORDS[record].id_field).is_not_null(),
        )
        at = defaults.filter(stands).group_by(pl.col(key).alias("id"), pl.col(name).alias("text")).len("_times")
        named = at.with_columns(name=pl.lit(f"{record}.{name}")).select(_STANDING.names()).cast(_STANDING)
        self._standing = pl.concat([self._standing, compacted(named)])
        return defaults.filter(~stands)[name]

    def _add_own(self, record: str, given: set[str], defaults: pl.DataFrame) -> None:
        key = pl.col(RECORDS[record].id_field).alias("id")
        for name in given:
            own = defaults.filter(~pl.col(DEFAULTED + name), pl.col(name).is_not_null()).select(
                pl.lit(f"{record}.{name}").alias("name"), key
            )
            self._own = pl.concat([self._own, compacted(own.drop_nulls().unique())])


def compacted(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a copy of a few rows that holds no more than them: texts of a part are views into all of its text."""
    return frame.select(
        pl.Series(column.name, column.to_list(), dtype=column.dtype) if column.dtype == pl.String else column
        for column in frame
    )


def _times(texts: pl.Series, name: str) -> pl.DataFrame:
    counted = texts.drop_nulls().alias("text").to_frame().group_by("text").len("_times")
    return compacted(counted.select(pl.lit(name).alias("name"), "text", "_times")).cast(_TEXTS)
