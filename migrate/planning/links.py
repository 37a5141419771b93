"""Links of sites: the dealer's site that a site is, its station there, and sites that are there under another id."""

from dataclasses import dataclass

import polars as pl

from migrate.model.phrase import phrase
from migrate.planning.difference import THEIRS, side_by_side
from migrate.planning.match import unclaimed, with_remote_ids

_PLACE = "_place"
_TWINS_SCHEMA = pl.Schema({"_n": pl.UInt32(), "site_id": pl.Int64(), "_why": pl.String()})


@dataclass(frozen=True, slots=True)
class SiteLinks:
    """Sites with `_remote_id`, `_several`, `_station_id`, `_several_stations`, `_adopted`; and `twins`.

    `twins` (`_n`, `site_id`, `_why`) pairs sites that no id matches with sites of the dealer that seem to be them.
    """

    frame: pl.DataFrame
    twins: pl.DataFrame


def site_links(ours: pl.DataFrame, *, sites: pl.DataFrame, stations: pl.DataFrame, adopt: bool) -> SiteLinks:
    """Return the links of `ours` to the dealer's `sites` and `stations`.

    With `adopt`, a twin that is one to one counts as the site itself.
    """
    frame = with_remote_ids(ours, sites, on=["external_site_id"], remote_id="site_id")
    frame = _with_stations(frame, stations)
    twins = _twins(frame, sites)
    adopted = twins.filter(pl.col("_n").is_unique() & pl.col("site_id").is_unique() & adopt)
    frame = frame.join(adopted.select("_n", _twin="site_id"), on="_n", how="left", maintain_order="left").with_columns(
        pl.coalesce("_remote_id", "_twin").alias("_remote_id"), pl.col("_twin").is_not_null().alias("_adopted")
    )
    return SiteLinks(frame.drop("_twin"), twins.join(adopted, on="_n", how="anti"))


def other_places(ours: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """Return `_n`, `_place` of sites whose site at the dealer has another name and another address too.

    Two customers may number their shops alike: the id alone does not make them one.
    """
    pairs = side_by_side(ours, theirs, remote_id="site_id")
    name, address = pl.col(f"{THEIRS}name"), pl.concat_str(_address(THEIRS), ignore_nulls=True)
    other_name = _folded(pl.col("name")) != _folded(name)
    other_address = _folded(pl.concat_str(_address(), ignore_nulls=True)) != _folded(address)
    told = pl.concat_str("name", *_address(), separator=", ", ignore_nulls=True)
    theirs_told = pl.concat_str(name, *_address(THEIRS), separator=", ", ignore_nulls=True)
    known = pl.all_horizontal(pl.col("address1", f"{THEIRS}address1").is_not_null())
    return pairs.filter(known & other_name & other_address).select("_n", _place=phrase("{}, not {}", theirs_told, told))


def _address(prefix: str = "") -> list[pl.Expr]:
    return [pl.col(f"{prefix}{line}") for line in ("address1", "address2")]


def _with_stations(frame: pl.DataFrame, stations: pl.DataFrame) -> pl.DataFrame:
    linked = with_remote_ids(
        frame,
        stations,
        on=["external_monitoring_station_id"],
        remote_id="monitoring_station_id",
        into="_station_id",
        several="_several_stations",
    )
    given = pl.col("monitoring_station_id")
    there = given.is_in(stations["monitoring_station_id"].implode())
    return linked.with_columns(
        pl.when(given.is_null()).then("_station_id").when(there).then(given).alias("_station_id"),
        pl.when(given.is_null()).then("_several_stations").alias("_several_stations"),
    )


def _twins(frame: pl.DataFrame, sites: pl.DataFrame) -> pl.DataFrame:
    unmatched = frame.filter(pl.col("_verdict").is_null(), pl.col("_remote_id").is_null(), pl.col("_several").is_null())
    free = unclaimed(sites, frame, remote_id="site_id")
    by_account = unmatched.select("_n", "account_number", station="_station_id").join(
        free.select("site_id", "account_number", station="monitoring_station_id"), on=["station", "account_number"]
    )
    by_place = unmatched.select("_n", _place()).join(free.select("site_id", _place()), on=_PLACE)
    return pl.concat(
        [
            _TWINS_SCHEMA.to_frame(),
            by_account.select("_n", "site_id", pl.lit("station and account number").alias("_why")),
            by_place.select("_n", "site_id", pl.lit("name and address").alias("_why")),
        ]
    ).unique(["_n", "site_id"], keep="first", maintain_order=True)


def _place() -> pl.Expr:
    """Name and address as one key, whatever the case, the spacing and the split over two lines; null without both."""
    address = pl.concat_str(pl.col("address1", "address2").fill_null(""))
    return (
        pl.when(pl.col("address1").is_not_null()).then(_folded(pl.col("name")) + "|" + _folded(address)).alias(_PLACE)
    )


def _folded(text: pl.Expr) -> pl.Expr:
    return text.str.normalize("NFKC").str.to_lowercase().str.replace_all(r"[\s\p{P}]+", "")
