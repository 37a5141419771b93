"""One site and what belongs to it, in order: the site, its security type, its devices, its activation."""

from collections.abc import Iterable
from dataclasses import replace

from migrate.model.answers import Site
from migrate.pipeline import single
from migrate.pipeline.activation import activate
from migrate.pipeline.arming import arm
from migrate.pipeline.device_jobs import numbers_of
from migrate.pipeline.devices import send_devices
from migrate.pipeline.job import Job
from migrate.pipeline.jobs import SiteUnit
from migrate.pipeline.running import Running
from migrate.pipeline.to_go import ToGo


async def carry_out_unit(running: Running, unit: SiteUnit, endpoint: single.Endpoint[Site]) -> None:
    """Carry out one unit; what depends on something that did not make it becomes `blocked`."""
    to_go = ToGo(unit, batch_size=running.options.batch_size, done=running.done, sites=running.sites)
    site_id = await _site(running, unit, endpoint)
    if site_id is not None:
        await _rest(running, unit, site_id=site_id, to_go=to_go)
    to_go.end(made=site_id is not None)
    if not running.ledger.doubted.isdisjoint(numbers_of(unit.devices)):
        running.done(-1)  # the last look reads this site's list too


async def _rest(running: Running, unit: SiteUnit, *, site_id: int, to_go: ToGo) -> None:
    """Send what belongs to a site that is there."""
    if unit.job is not None:
        to_go.done()
    if unit.n is not None and unit.arming is not None:
        await arm(running, unit, n=unit.n, site_id=site_id, security_type=unit.arming)
        to_go.done()
    site = unit.external_site_id
    await send_devices(running, unit.devices, site_id=site_id, external_site_id=site, done=to_go.devices_done)
    if unit.n is not None and unit.activate is not None:
        await activate(running, unit, n=unit.n, site_id=site_id, wanted=unit.activate, read=to_go.done)


async def _site(running: Running, unit: SiteUnit, endpoint: single.Endpoint[Site]) -> int | None:
    """Return the site's id at the dealer, None if it did not make it."""
    job = unit.job
    if job is None:
        return unit.site_id
    if unit.station is not None:
        station = running.ledger.results.get(unit.station)
        if station is None or station.remote_id is None:
            await _block(running, [job, *unit.devices], "its monitoring station did not make it")
            return None
        job = replace(job, body={**job.body, "monitoring_station_id": station.remote_id})
    result = await single.carry_out(running, job, endpoint)
    if result.remote_id is None:
        became = "may have been made or not" if result.outcome == "unknown" else "did not make it"
        await _block(running, unit.devices, f"its site {unit.external_site_id} {became}")
    return result.remote_id


async def _block(running: Running, jobs: Iterable[Job], why: str) -> None:
    await running.settle(
        running.result(job.n, "blocked", code="blocked", message=why, retryable=True)
        for job in jobs
        if running.ledger.is_open(job.n) and not running.ledger.in_doubt(job.n)
    )
