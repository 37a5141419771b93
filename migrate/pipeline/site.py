"""One site and what belongs to it, in order: the site, its security type, its devices, its activation."""

from collections.abc import Iterable
from dataclasses import replace

from migrate.model.answers import Site
from migrate.pipeline import single
from migrate.pipeline.activation import activate
from migrate.pipeline.arming import arm
from migrate.pipeline.devices import send_devices
from migrate.pipeline.job import Job
from migrate.pipeline.jobs import SiteUnit
from migrate.pipeline.running import Running


async def carry_out_unit(running: Running, unit: SiteUnit, endpoint: single.Endpoint[Site]) -> None:
    """Carry out one unit; what depends on something that did not make it becomes `blocked`."""
    site_id = await _site(running, unit, endpoint)
    if site_id is None:
        return
    if unit.n is not None and unit.arming is not None:
        await arm(running, unit, n=unit.n, site_id=site_id, security_type=unit.arming)
    await send_devices(running, unit.devices, site_id=site_id, external_site_id=unit.external_site_id)
    if unit.n is not None and unit.activate is not None:
        await activate(running, unit, n=unit.n, site_id=site_id, wanted=unit.activate)


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
