"""The plan of the sites: their stations, what differs, accounts that are taken, arming and activation."""

from functools import partial

import polars as pl

from migrate.model.phrase import phrase
from migrate.model.records import SITE
from migrate.planning.clash import settle_clashes
from migrate.planning.dealer import Dealer
from migrate.planning.decide import decide, look_for_near_ids
from migrate.planning.difference import THEIRS, differences, side_by_side
from migrate.planning.draft import Draft, several_told, with_parents
from migrate.planning.left_out import hint_or, message_or, warn_left_out
from migrate.planning.links import site_links
from migrate.planning.nearest import nearest_hints
from migrate.planning.rules import STEPS, Rules

_STATION = "external_monitoring_station_id"


def draft_sites(sites: pl.DataFrame, dealer: Dealer, rules: Rules, *, stations: pl.DataFrame | None) -> Draft:
    """Return the draft of `sites`; `stations` is the frame of the stations' draft."""
    links = site_links(sites, sites=dealer.sites, stations=dealer.stations, adopt=rules.adopt)
    draft = Draft(SITE, links.frame)
    draft.reject_several()
    _settle_given_stations(draft)
    _settle_named_stations(draft, dealer, stations)
    _settle_unreadable(draft, dealer)
    draft.twins = draft.open(columns=("_n", "external_site_id")).join(
        links.twins, on="_n", how="inner", maintain_order="left"
    )
    found = _with_what_to_do(draft, _differences(draft, dealer, rules), rules)
    decide(draft, found)
    look_for_near_ids(draft, dealer.sites)
    _settle_accounts(draft, dealer, found)
    _add_steps(draft, found)
    return draft


def _settle_given_stations(draft: Draft) -> None:
    given = pl.col("monitoring_station_id")
    draft.reject(
        draft.open(given.is_not_null(), pl.col("_station_id").is_null()),
        "monitoring_station_id",
        code="unknown_station",
        message=phrase("the dealer has no station {}", given),
        hint="give the number of a station of this dealer, or map external_monitoring_station_id instead",
    )


def _settle_named_stations(draft: Draft, dealer: Dealer, stations: pl.DataFrame | None) -> None:
    named = draft.open(pl.col("monitoring_station_id").is_null(), pl.col(_STATION).is_not_null())
    named = with_parents(named, stations, link="_station")
    closed, several = pl.col("_closed").is_not_null(), pl.col("_several_stations").is_not_null()
    message = phrase('station "{}" is {}', _STATION, "_closed")
    draft.settle(named.filter(closed), "blocked", code="blocked", message=message)
    named = named.filter(~closed, pl.col("_station_id").is_null())
    draft.reject(
        named.filter(several),
        _STATION,
        code="twice_at_dealer",
        message=several_told("station", "_several_stations"),
        hint="leave one of these stations at the dealer, by hand, and plan again",
    )
    missing = named.filter(~several, ~pl.col("_in_run"))
    known = [frame[_STATION] for frame in (dealer.stations, stations) if frame is not None]
    draft.reject(
        missing,
        _STATION,
        code="unknown_station",
        message=message_or(phrase('station "{}" is neither in the inputs nor at the dealer', _STATION)),
        hint=hint_or(nearest_hints(_STATION, missing[_STATION], known=known, otherwise="add it to a station table")),
    )
    warn_left_out(draft, "station", _STATION, pl.col("monitoring_station_id").is_null())


def _settle_unreadable(draft: Draft, dealer: Dealer) -> None:
    typed = draft.open(pl.col("security_type").is_not_null())
    refused = typed.join(dealer.arming, left_on="_remote_id", right_on="site_id", how="anti").join(
        dealer.unreadable, left_on="_remote_id", right_on="site_id", how="inner"
    )
    message = phrase("its arming settings can't be read: {}", "message")
    draft.settle(refused, "failed", code=pl.col("code"), message=message)


def _differences(draft: Draft, dealer: Dealer, rules: Rules) -> pl.DataFrame:
    # a station that this run makes has no number yet, and differs from any that has
    to_be_made = pl.when(pl.col("monitoring_station_id").is_null()).then(phrase("{} (new)", _STATION))
    station = pl.coalesce(pl.col("_station_id").cast(pl.String), to_be_made)
    ours = draft.open().with_columns(station.alias("monitoring_station_id"))
    pairs = side_by_side(ours, dealer.sites, remote_id=SITE.remote_id_field)
    arming = dealer.arming.select(_remote_id="site_id", **{f"{THEIRS}security_type": "security_type"})
    active = pl.col(f"{THEIRS}is_activated").fill_null(value=False)
    pairs = pairs.join(arming, on="_remote_id", how="left", maintain_order="left").with_columns(active)
    clear = rules.cleared(SITE) | ({"monitoring_station_id"} if _STATION in rules.clear.get("site", ()) else set())
    return differences(pairs, [*SITE.updatable, *STEPS], clear=clear)


def _with_what_to_do(draft: Draft, found: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    own = draft.frame.filter(pl.col(SITE.id_field).is_in(list(rules.own)))["_n"]
    # only an adopted site can differ in its id, and giving it ours is what adopting means
    sure = (pl.col("field") == SITE.id_field) | (pl.col("field").is_in(STEPS) & pl.col("_n").is_in(own.implode()))
    do = pl.when(sure).then(pl.lit("update")).otherwise("do")
    return rules.on_difference(found).with_columns(do.alias("do"))


def _settle_accounts(draft: Draft, dealer: Dealer, found: pl.DataFrame) -> None:
    """Reject sites whose account number would be another's at the same station: a guard at the wrong door."""
    fields = ["monitoring_station_id", "account_number"]
    moved = found.filter(pl.col("do") == "update", pl.col("field").is_in(fields))["_n"]
    theirs = dealer.sites.select("site_id", _old_station="monitoring_station_id", _old_account="account_number")
    rows = draft.open((pl.col("_action") == "create") | pl.col("_n").is_in(moved.implode()))
    unnamed = pl.col(_STATION).is_null() & pl.col("monitoring_station_id").is_null()
    claims = rows.join(
        theirs, left_on="_remote_id", right_on="site_id", how="left", maintain_order="left"
    ).with_columns(
        _at=pl.when(unnamed).then("_old_station").otherwise("_station_id"),
        _account=pl.coalesce("account_number", "_old_account"),
    )
    by = pl.coalesce(SITE.id_field, "name", pl.col("site_id").cast(pl.String))
    station = pl.coalesce(_STATION, pl.col("_at").cast(pl.String))
    settle_clashes(
        draft,
        claims=claims,
        held=dealer.sites.select(_holder="site_id", _by=by, _at="monitoring_station_id", _account="account_number"),
        on=["_at", "_account"],
        moved=moved,
        reject=partial(
            draft.reject,
            field="account_number",
            code="duplicate_account",
            message=phrase("account {} at station {} belongs to site {} at the dealer", "_account", station, "_by"),
            hint="give each site an account number of its own, or take that site over with --adopt",
        ),
    )


def _add_steps(draft: Draft, found: pl.DataFrame) -> None:
    updates = found.filter(pl.col("do") == "update")

    def due(field: str) -> pl.Expr:
        numbers = updates.filter(pl.col("field") == field)["_n"]
        return (pl.col("_action") == "create") | pl.col("_n").is_in(numbers.implode())

    create, active = pl.col("_action") == "create", pl.col("is_activated")
    draft.frame = draft.frame.with_columns(
        pl.when(due("security_type")).then("security_type").alias("_arming"),
        pl.when(due("is_activated") & (active | ~create)).then(active).alias("_activate"),
    )
