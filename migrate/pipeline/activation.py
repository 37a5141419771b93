"""Switching a site's activation: read, call only if it differs, read after, never repeat blindly (a toggle?)."""

from collections.abc import Callable

from migrate.errors import ApiError, Rejected
from migrate.model.answers import Site
from migrate.model.states import State
from migrate.pipeline.job import Job
from migrate.pipeline.jobs import SiteUnit
from migrate.pipeline.running import MADE, Running

STEP = "activation"


async def activate(
    running: Running, unit: SiteUnit, *, n: int, site_id: int, wanted: bool, read: Callable[[], None]
) -> None:
    """Make site `n` active or inactive; it becomes active only once all of its devices are in.

    `read` is called once it is known how the site is.
    """
    if running.ledger.state(n, STEP) is State.SETTLED or running.has_failed(n):
        return
    lost = unit.not_in + sum(not _is_in(running, job) for job in unit.devices)
    what = f"it is not {'activated' if wanted else 'deactivated'}"
    if wanted and lost:
        why = f"{what}: {lost} of its devices did not make it; mend them and retry"
        await running.settle([running.incomplete(n, site_id, why, code="not_activated")])
        return
    try:
        reached = await _switch(running, n, site_id, wanted=wanted, read=read)
    except ApiError as error:
        await running.settle([running.incomplete(n, site_id, what, error=error)])
        return
    if reached:
        await running.settle(running.step_made(n, site_id), done=[(n, STEP)])
    else:
        why = f"{what}, although the API took the request; look at it in the portal, then retry"
        await running.settle([running.incomplete(n, site_id, why, code="not_activated")])


async def _switch(running: Running, n: int, site_id: int, *, wanted: bool, read: Callable[[], None]) -> bool:
    """Return whether the site is as wanted in the end; raises the ApiError that kept it from being so."""
    site = await _read(running, site_id)
    read()
    doubtful = running.ledger.state(n, STEP) is State.UNKNOWN
    if site.is_activated != wanted and doubtful:  # an earlier call may still be carried out
        await running.stop.pause(running.options.settle_s)
        site = await _read(running, site_id)
    if site.is_activated == wanted:
        return True
    if site.is_activated is None and not (wanted and not doubtful and _is_new(running, n)):
        return False  # nothing says how it is, and a call might turn it round
    sent = await running.send(
        STEP,
        [n],
        attempt=1,
        body={"is_activated": wanted},
        call=lambda exchange: running.remote.update_activation_status(site_id, exchange=exchange),
    )
    await running.answered(sent)
    if sent.value is not None and sent.value.is_activated == wanted:
        return True
    site = await _read(running, site_id)
    if site.is_activated != wanted and sent.error is not None and not isinstance(sent.error, Rejected):
        await running.stop.pause(running.options.settle_s)
        site = await _read(running, site_id)
    if site.is_activated != wanted and sent.error is not None:
        raise sent.error
    return site.is_activated == wanted


async def _read(running: Running, site_id: int) -> Site:
    return await running.read(lambda: running.remote.get_site(site_id))


def _is_in(running: Running, job: Job) -> bool:
    result = running.ledger.results.get(job.n)
    return result is not None and result.outcome in MADE


def _is_new(running: Running, n: int) -> bool:
    result = running.ledger.results.get(n)
    return result is not None and result.outcome == "created"
