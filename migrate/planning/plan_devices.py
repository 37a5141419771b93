"""The plan of the devices: their sites, what differs, zones that are taken."""

from functools import partial

import polars as pl

from migrate.model.phrase import phrase
from migrate.model.records import DEVICE
from migrate.planning.clash import settle_clashes
from migrate.planning.comparable import zones
from migrate.planning.dealer import Dealer
from migrate.planning.decide import decide, look_for_near_ids
from migrate.planning.difference import differences_between
from migrate.planning.draft import Draft, several_told, with_parents
from migrate.planning.left_out import hint_or, message_or, warn_left_out
from migrate.planning.links import other_places
from migrate.planning.match import with_remote_ids
from migrate.planning.nearest import nearest_hints
from migrate.planning.rules import Rules

_SITE = "external_site_id"
_COMPARED = tuple(name for name in DEVICE.sent if name != DEVICE.id_field)
_ZONES = ("zone_number", "additional_zone_numbers")


def draft_devices(devices: pl.DataFrame, dealer: Dealer, rules: Rules, *, sites: pl.DataFrame | None) -> Draft:
    """Return the draft of `devices`; `sites` is the frame of the sites' draft."""
    draft = Draft(DEVICE, _with_sites(devices, dealer, sites))
    _settle_sites(draft, dealer, sites)
    theirs = dealer.devices.rename({"site_id": "_site_id"})
    draft.frame = with_remote_ids(
        draft.frame, theirs, on=["_site_id", DEVICE.id_field], remote_id=DEVICE.remote_id_field
    )
    draft.reject_several()
    _settle_unreadable(draft, dealer)
    found = rules.on_difference(_differences(draft, dealer, rules))
    decide(draft, found)
    look_for_near_ids(draft, theirs, within=("_site_id",))
    _settle_zones(draft, dealer, found)
    _warn_elsewhere(draft, dealer)
    _warn_other_place(draft, dealer, sites)
    return draft


def _with_sites(devices: pl.DataFrame, dealer: Dealer, sites: pl.DataFrame | None) -> pl.DataFrame:
    """Return `devices` with `_site_id`, `_several_sites`, `_closed` and `_in_run` of their sites."""
    alone = with_remote_ids(
        devices, dealer.sites, on=[_SITE], remote_id="site_id", into="_site_id", several="_several_sites"
    )
    linked = with_parents(alone, sites, link="_site")
    if sites is None:
        return linked
    known = sites.select(_site="_n", _known="_remote_id")
    # a site that is adopted has another id at the dealer, or none
    return (
        linked.join(known, on="_site", how="left", maintain_order="left")
        .with_columns(pl.coalesce("_known", "_site_id").alias("_site_id"))
        .drop("_known")
    )


def _settle_sites(draft: Draft, dealer: Dealer, sites: pl.DataFrame | None) -> None:
    closed, several = pl.col("_closed").is_not_null(), pl.col("_several_sites").is_not_null()
    message = phrase('site "{}" is {}', _SITE, "_closed")
    draft.settle(draft.open(closed), "blocked", code="blocked", message=message)
    draft.reject(
        draft.open(several),
        _SITE,
        code="twice_at_dealer",
        message=several_told("site", "_several_sites"),
        hint="leave one of these sites at the dealer, by hand, and plan again",
    )
    missing = draft.open(pl.col("_site_id").is_null(), ~pl.col("_in_run"))
    listed = missing.filter(pl.col("_site").is_not_null())
    draft.reject(
        listed,
        _SITE,
        code="unknown_site",
        message=phrase('site "{}" is not at the dealer, and not in this run', _SITE),
        hint="take the site into the run as well",
    )
    missing = missing.filter(pl.col("_site").is_null())
    known = [frame[_SITE] for frame in (dealer.sites, sites) if frame is not None]
    draft.reject(
        missing,
        _SITE,
        code="unknown_site",
        message=message_or(phrase('site "{}" is neither in the inputs nor at the dealer', _SITE)),
        hint=hint_or(nearest_hints(_SITE, missing[_SITE], known=known, otherwise="add it to a site table")),
    )
    warn_left_out(draft, "site", _SITE)


def _settle_unreadable(draft: Draft, dealer: Dealer) -> None:
    """Fail devices whose site's list can't be compared with, and new ones where it may lack some."""
    theirs = draft.open(pl.col("_site_id").is_in(dealer.unreadable["site_id"].implode()))
    on_unreadable = theirs.join(dealer.unreadable, left_on="_site_id", right_on="site_id", how="inner")
    harmless = (pl.col("code") == "incomplete_list") & pl.col("_remote_id").is_not_null()
    message = phrase("the devices of its site can't be compared: {}", "message")
    draft.settle(on_unreadable.filter(~harmless), "failed", code=pl.col("code"), message=message)


def _differences(draft: Draft, dealer: Dealer, rules: Rules) -> pl.DataFrame:
    known = draft.open(pl.col("_remote_id").is_not_null(), columns=("_n", "_remote_id", *_COMPARED))
    return differences_between(
        known, dealer.devices, _COMPARED, remote_id=DEVICE.remote_id_field, clear=rules.cleared(DEVICE)
    )


def _settle_zones(draft: Draft, dealer: Dealer, found: pl.DataFrame) -> None:
    """Reject devices on a zone that another device of their site has at the dealer."""
    with_devices = dealer.devices["site_id"].unique()
    moved = found.filter(pl.col("do") == "update", pl.col("field").is_in(_ZONES))["_n"]
    rows = draft.open(
        pl.col("_site_id").is_in(with_devices.implode()),
        (pl.col("_action") == "create") | pl.col("_n").is_in(moved.implode()),
        columns=("_n", "_src", "_row", "_remote_id", "_site_id", DEVICE.id_field, *_ZONES),
    )
    if rows.is_empty():
        return
    theirs = dealer.devices.select("device_id", _old="zone_number", _old_more="additional_zone_numbers")
    claims = rows.join(theirs, left_on="_remote_id", right_on="device_id", how="left", maintain_order="left")
    claims = claims.with_columns(
        pl.coalesce("zone_number", "_old").alias("_old"),
        pl.coalesce("additional_zone_numbers", "_old_more").alias("_old_more"),
    )
    by = pl.coalesce(DEVICE.id_field, "name", pl.col("device_id").cast(pl.String))
    held = dealer.devices.filter(pl.col("site_id").is_in(rows["_site_id"].unique().implode()))
    held = held.with_columns(zones(held["zone_number"], held["additional_zone_numbers"]))
    settle_clashes(
        draft,
        claims=claims.with_columns(zones(claims["_old"], claims["_old_more"])).explode("_zone"),
        held=held.select("_zone", _holder="device_id", _by=by, _site_id="site_id").explode("_zone"),
        on=["_site_id", "_zone"],
        moved=moved,
        reject=partial(
            draft.reject,
            field="zone_number",
            code="duplicate_zone",
            message=phrase("zone {} of this site belongs to device {} at the dealer", "_zone", "_by"),
            hint="give the device a zone of its own, or free the zone at the dealer",
        ),
    )


def _warn_elsewhere(draft: Draft, dealer: Dealer) -> None:
    sites = dealer.sites.select("site_id", _elsewhere=pl.coalesce(_SITE, "name", pl.col("site_id").cast(pl.String)))
    theirs = dealer.devices.join(sites, on="site_id", how="inner").select(DEVICE.id_field, "_elsewhere")
    if theirs.is_empty():
        return
    creates = draft.open(pl.col("_action") == "create", columns=("_n", "_src", "_row", DEVICE.id_field))
    draft.note(
        creates.join(
            theirs.unique(DEVICE.id_field, keep="first", maintain_order=True), on=DEVICE.id_field, maintain_order="left"
        ),
        DEVICE.id_field,
        code="at_another_site",
        severity="warning",
        message=phrase("the dealer has a device with this id at site {}", "_elsewhere"),
        hint="if the device moved, delete the old one at the dealer by hand",
    )


def _warn_other_place(draft: Draft, dealer: Dealer, sites: pl.DataFrame | None) -> None:
    """Warn about devices to create in a site that has our site's id and nothing else of it."""
    if sites is None:
        return
    others = other_places(sites.filter(pl.col("_verdict").is_null()), dealer.sites).rename({"_n": "_site"})
    creates = draft.open(pl.col("_action") == "create", pl.col("_site").is_in(others["_site"].implode()))
    draft.note(
        creates.join(others, on="_site", how="inner", maintain_order="left"),
        _SITE,
        code="other_place",
        severity="warning",
        message=phrase('site "{}" at the dealer is {}', _SITE, "_place"),
        hint="if it is another customer's, its cameras would be seen there: make the external site ids unique first",
    )
