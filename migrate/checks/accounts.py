"""Accounts: what a site sends to its monitoring station is there, unique, and has its prefix once."""

from collections.abc import Sequence

import polars as pl

from migrate.checks.doubts import Complaint, doubts, earlier_row, repeats, shown
from migrate.checks.rules import Rule, broken
from migrate.model.phrase import phrase
from migrate.model.sources import Source

_STATION = pl.coalesce("external_monitoring_station_id", pl.col("monitoring_station_id").cast(pl.String))
_FIELD = "account_number"


def duplicate_accounts(sites: pl.DataFrame, *, sources: Sequence[Source]) -> pl.DataFrame:
    """Return an error on each site that has the account number of an earlier one at its station.

    Without a station no alarm goes out yet: there, among themselves, it is a warning.
    """
    numbered = sites.filter(pl.col(_FIELD).is_not_null()).select(
        "_n", "_src", "_row", "_table", "_late", "external_site_id", _FIELD, _STATION.fill_null("").alias("station")
    )
    again = repeats(numbered, ["station", _FIELD])
    first = phrase('site "{}" in {}', shown("external_site_id_first"), earlier_row(sources))
    error = Complaint(
        "error",
        "duplicate_account",
        _FIELD,
        phrase('account number "{}" at station "{}" is that of {}', shown(_FIELD), shown("station"), first),
        "two sites with one account number send a guard to the wrong door; give each its own",
    )
    warning = Complaint(
        "warning",
        "duplicate_account",
        _FIELD,
        phrase('account number "{}" is that of {}', shown(_FIELD), first),
        "neither has a station yet; at one station they would send a guard to the wrong door",
    )
    has_station = pl.col("station") != ""
    return pl.concat(
        [doubts(again.filter(has_station), "site", error), doubts(again.filter(~has_station), "site", warning)]
    )


def doubtful_accounts(sites: pl.DataFrame, stations: pl.DataFrame | None) -> pl.DataFrame:
    """Return the warnings about missing account numbers, stations named twice, and prefixes in both places."""
    missing = Complaint(
        "warning", "no_account", _FIELD, "the site has a station, but no account number", "fill in its account number"
    )
    number, external = pl.col("monitoring_station_id"), "external_monitoring_station_id"
    message = phrase(
        'the station is named twice, as number {} and as "{}"; the number is taken', number, shown(external)
    )
    both = Complaint("warning", "two_stations", external, message, "leave one of the two cells empty, or unmapped")
    rules = [
        Rule(_STATION.is_null() | pl.col(_FIELD).is_not_null(), missing),
        Rule(number.is_null() | pl.col(external).is_null(), both),
    ]
    if stations is not None:
        message = phrase(
            'account number "{}" begins with "{}", the prefix of its station', shown(_FIELD), shown("prefix")
        )
        hint = "the prefix goes in front once more; leave it out in one of the two places"
        twice = Complaint("warning", "prefix_repeated", _FIELD, message, hint)
        prefixes = stations.select("prefix", pl.col("_n").alias("_station"))
        sites = sites.join(prefixes, on="_station", how="left", maintain_order="left")
        rules.append(Rule(~pl.col(_FIELD).str.starts_with(pl.col("prefix")), twice))
    return broken(sites, "site", rules)
