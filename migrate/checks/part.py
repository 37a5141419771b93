"""Part: what some of the rows say by themselves, and the keys by which they may meet others."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from migrate.checks.fields import clean_fields
from migrate.checks.records import missing_fields
from migrate.checks.rows import number_rows
from migrate.checks.widths import width_counts
from migrate.checks.zones import channels_of
from migrate.model.records import DEVICE, SITE, RecordType
from migrate.normalize.macs import is_mac, is_somebodys
from migrate.normalize.suspects import LONG_NUMBER, ROUNDED

SEEDS = (11, 29)
"""Two hashes of 64 bits side by side: that two rows have the same, and yet say something else, will not be seen."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The widths of a column's numbers: `counts` (`width`, `len`, `zero`); `usual` is that of most of them here.

    `others` (`_row`, `width`) are those of another width, `rounded` (`_row`) those that end in zeros from the 16th
    digit on, of `long` with more than 15.
    """

    counts: pl.DataFrame
    usual: int
    others: pl.DataFrame
    long: int
    rounded: pl.Series


@dataclass(frozen=True, slots=True)
class Part:
    """What rows of a kind that is never merged say.

    `odd` are those (`_row`) of which something is told already; `keys` has for each record `_row`, `id`, `zone`, `mac`
    (hashes, null where there is none to meet) and `channels` (0 for what is no bridge, null where the model does not
    tell them); `zones` (`_row`, `zone`) are the further zones. `macs` is how many addresses were written anew. `clean`
    (`_row`, the fields, typed) is what the records are if nothing is told of them.
    """

    odd: pl.Series
    keys: pl.DataFrame
    zones: pl.DataFrame
    numbers: dict[str, Numbers]
    macs: tuple[int, str] | None
    clean: pl.DataFrame


def look_at(frame: pl.DataFrame, kind: RecordType, numbers: Sequence[str]) -> Part:
    """Return what mapped rows of a kind say; `numbers` are the fields whose widths are counted."""
    rows = number_rows({kind.name: frame})[kind.name]
    clean = clean_fields(rows)
    told = pl.concat([clean.doubts, missing_fields(clean.different, kind.name, frame.columns)])
    ids = pl.col(kind.id_field)
    keys = [pl.when(ids.is_not_null()).then(ids.hash(SEEDS[0])).alias("id")]
    zones = pl.DataFrame(schema={"_row": pl.UInt32, "zone": pl.UInt64})
    if kind is DEVICE:
        keys += _device_keys(has_bridges=(clean.different["device_type"] == "bridge").any())
        more = clean.different.filter(pl.col("additional_zone_numbers").is_not_null())
        listed = more.select("_row", SITE.id_field, zone_number=pl.col("additional_zone_numbers").str.split(","))
        zones = listed.explode("zone_number").select("_row", _zone().alias("zone")).drop_nulls()
    return Part(
        odd=told["_row"].unique(),
        keys=clean.different.select("_row", *keys),
        zones=zones,
        numbers={field: _numbers(clean.different, field) for field in numbers},
        macs=clean.normalized.get(f"{kind.name}.mac"),
        clean=clean.different.select("_row", *kind.field_names),
    )


def _device_keys(*, has_bridges: bool) -> list[pl.Expr]:
    mac = pl.col("mac")
    is_known = is_mac(mac) & is_somebodys(mac) & pl.col(SITE.id_field).is_not_null()
    return [
        _zone().alias("zone"),
        pl.when(is_known).then(mac.hash(SEEDS[0])).alias("mac"),
        (pl.when(pl.col("device_type") == "bridge").then(channels_of()).otherwise(0) if has_bridges else pl.lit(0))
        .cast(pl.UInt16)
        .alias("channels"),
    ]


def _zone() -> pl.Expr:
    both = (SITE.id_field, "zone_number")
    has_both = pl.col(both[0]).is_not_null() & pl.col(both[1]).is_not_null()
    return pl.when(has_both).then(pl.struct(both).hash(SEEDS[0]))


def _numbers(frame: pl.DataFrame, field: str) -> Numbers:
    numbers = frame.select("_row", text=field).filter(pl.col("text").str.contains("^[0-9]+$"))
    widths = numbers.select("_row", width=pl.col("text").str.len_bytes())
    counts = width_counts(numbers["text"])
    usual = 0 if counts.is_empty() else int(counts.sort("len", descending=True)["width"][0])
    long = numbers.filter(pl.col("text").str.contains(LONG_NUMBER))
    rounded = long.filter(pl.col("text").str.contains(ROUNDED))["_row"]
    return Numbers(counts, usual, widths.filter(pl.col("width") != usual), long.height, rounded)
