"""Making the plan: checked records against the dealer's state, kind after kind, so that trouble travels downwards."""

from collections.abc import Callable, Mapping

import polars as pl

from migrate.errors import Refused
from migrate.planning.brake import brakes
from migrate.planning.dealer import Dealer
from migrate.planning.decide import finished
from migrate.planning.draft import Draft
from migrate.planning.estimate import estimate
from migrate.planning.left_out import ASKED_AT_THE_DEALER, with_left_out
from migrate.planning.plan import Plan
from migrate.planning.plan_devices import draft_devices
from migrate.planning.plan_sites import draft_sites
from migrate.planning.plan_stations import draft_stations
from migrate.planning.rules import Rules
from migrate.planning.stale import touched


def make_plan(
    records: Mapping[str, pl.DataFrame],
    dealer: Dealer,
    *,
    findings: pl.DataFrame,
    rules: Rules,
    scope: pl.Series | None = None,
    locate: Callable[[pl.DataFrame], pl.DataFrame] | None = None,
    batch_size: int = 50,
    per_minute: float = 60.0,
    page_size: int = 500,
) -> Plan:
    """Return what is to be done with `records`, which checks made: stations, sites, devices.

    In the planned frames `_verdict`, `_code`, `_message` follow the plan: `failed` where the dealer keeps a record from
    being sent, and what differs on those left alone (whose `_verdict` stays null).

    `scope` holds the `_n` of the records that are in this run; the others stay in the frames for their links, with a
    null `_planned`. `locate` fills in the places of new findings. Raises Refused where a station or site would be
    created though the dealer's list of them can't be shown to be complete.
    """
    told = {name: with_left_out(frame, findings) for name, frame in records.items()}
    frames = {name: _with_scope(frame, scope) for name, frame in told.items()}
    drafts = _drafts(frames, dealer, rules)
    refuse_blind_creates({name: draft.creates for name, draft in drafts.items()}, dealer)
    planned = {name: finished(drafts[name], records[name].columns) for name in records}
    return Plan(
        records=planned,
        findings=_all_findings(findings, drafts, locate),
        dealer=dealer,
        on_existing=rules.on_existing,
        estimate=estimate(planned, dealer, batch_size=batch_size, per_minute=per_minute, page_size=page_size),
        brakes=brakes([*drafts.values()], rules),
        fingerprint=touched(dealer, planned),
    )


def _with_scope(frame: pl.DataFrame, scope: pl.Series | None) -> pl.DataFrame:
    here = pl.lit(value=True) if scope is None else pl.col("_n").is_in(scope.implode())
    return frame.with_columns(here.alias("_here"))


def _drafts(frames: Mapping[str, pl.DataFrame], dealer: Dealer, rules: Rules) -> dict[str, Draft]:
    drafts: dict[str, Draft] = {}
    if "station" in frames:
        drafts["station"] = draft_stations(frames["station"], dealer, rules)
    if "site" in frames:
        stations = drafts["station"].frame if "station" in drafts else None
        drafts["site"] = draft_sites(frames["site"], dealer, rules, stations=stations)
    if "device" in frames:
        sites = drafts["site"].frame if "site" in drafts else None
        drafts["device"] = draft_devices(frames["device"], dealer, rules, sites=sites)
    return drafts


def refuse_blind_creates(creates_of: Mapping[str, int], dealer: Dealer) -> None:
    """Raise Refused where records (kind → number) would be created after a list that may not be complete."""
    for name, complete in (("station", dealer.stations_complete), ("site", dealer.sites_complete)):
        creates = creates_of.get(name, 0)
        if creates and not complete:
            raise Refused(
                f"it can't be shown that the dealer's list of {name}s was read to its end, so the {creates} {name}s "
                "to create may be there already; plan again, and if it stays so, ask the API's support about its paging"
            )


def _all_findings(
    findings: pl.DataFrame, drafts: Mapping[str, Draft], locate: Callable[[pl.DataFrame], pl.DataFrame] | None
) -> pl.DataFrame:
    """Return the checks' findings and the plan's, which settle the doubts about what may be at the dealer."""
    doubts = pl.col("code").is_in(ASKED_AT_THE_DEALER) & (pl.col("severity") != "error")
    new = [found for draft in drafts.values() for found in draft.findings]
    noted = pl.concat(new) if new else findings.clear()
    return pl.concat(
        [findings.filter(~doubts.fill_null(value=False)), noted if locate is None else locate(noted)]
    ).sort("_src", "_row", "record", maintain_order=True)
