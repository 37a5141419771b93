"""What two spellings of one value have in common: the form in which values are compared."""

import polars as pl

from migrate.normalize.choices import read_device_type
from migrate.normalize.macs import clean_macs
from migrate.normalize.reading import Reader, clean
from migrate.normalize.timezones import read_timezone
from migrate.normalize.zones import read_zone, read_zones

_READERS: dict[str, Reader] = {
    "timezone": read_timezone,
    "device_type": read_device_type,
    "zone_number": read_zone,
    "additional_zone_numbers": read_zones,
}


def comparable(texts: pl.Series, field: str) -> pl.Series:
    """Return values of `field` in one spelling; what has none stays as it is."""
    if field == "mac":
        return clean_macs(texts)
    if field not in _READERS:
        return texts
    cleaned = pl.select(pl.coalesce(clean(texts, _READERS[field]), texts)).to_series()
    return cleaned.str.split(",").list.sort().list.join(",") if field == "additional_zone_numbers" else cleaned


def zones(first: pl.Series, more: pl.Series) -> pl.Series:
    """Return all zones of each device as a list without repeats, its own and the additional ones."""
    both = comparable(first, "zone_number"), comparable(more, "additional_zone_numbers")
    listed = pl.concat_str(*both, separator=",", ignore_nulls=True)
    return pl.select(
        listed.replace("", None).str.split(",").list.unique(maintain_order=True).alias("_zone")
    ).to_series()
