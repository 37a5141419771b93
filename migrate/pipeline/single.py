"""Creating and updating stations and sites: one object per request, never twice."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from migrate.errors import ApiError, Defect, Rejected
from migrate.model.answers import Listing, Site, Station
from migrate.model.exchange import Exchange
from migrate.model.results import Result
from migrate.model.states import CONFLICTS
from migrate.pipeline.doubt import Look, Seen, look
from migrate.pipeline.job import Job
from migrate.pipeline.running import SENDS, Running, Sent, no_access
from migrate.pipeline.stored import is_stored, stored_differently

T = TypeVar("T", Station, Site)
U = TypeVar("U")

_CLOSED_TO_US = frozenset({403, 404})


@dataclass(frozen=True, slots=True)
class Endpoint(Generic[T]):
    """How records of one kind are sent, found again and told apart."""

    step: str
    create: Callable[[Mapping[str, Any], Exchange], Awaitable[T]]
    update: Callable[[int, Mapping[str, Any], Exchange], Awaitable[T]]
    find: Callable[[str], Awaitable[Listing[T]]]
    external_id: Callable[[T], str | None]
    remote_id: Callable[[T], int]


def stations(running: Running) -> Endpoint[Station]:
    """Return how stations are sent."""
    remote = running.remote
    return Endpoint(
        step="station",
        create=lambda body, exchange: remote.create_station(body, exchange=exchange),
        update=lambda number, body, exchange: remote.update_station(number, body, exchange=exchange),
        find=lambda _: remote.all_stations(),
        external_id=lambda station: station.external_monitoring_station_id,
        remote_id=lambda station: station.monitoring_station_id,
    )


def sites(running: Running) -> Endpoint[Site]:
    """Return how sites are sent."""
    remote = running.remote
    return Endpoint(
        step="site",
        create=lambda body, exchange: remote.create_site(body, exchange=exchange),
        update=lambda number, body, exchange: remote.update_site(number, body, exchange=exchange),
        find=remote.look_for_site,
        external_id=lambda site: site.external_site_id,
        remote_id=lambda site: site.site_id,
    )


async def carry_out(running: Running, job: Job, endpoint: Endpoint[T]) -> Result:
    """Create or update one record and settle it; returns what became of it."""
    before = running.ledger.results.get(job.n)
    if before is not None:
        return before
    return await (_update if job.action == "update" else _create)(running, job, endpoint)


async def _create(running: Running, job: Job, endpoint: Endpoint[T]) -> Result:
    error: ApiError | None = None
    if running.ledger.in_doubt(job.n) and (settled := await _read_back(running, job, endpoint, error)) is not None:
        return settled
    for attempt in range(1, SENDS + 1):
        sent = await running.send(
            endpoint.step,
            [job.n],
            attempt=attempt,
            body=job.body,
            call=lambda exchange: endpoint.create(job.body, exchange),
        )
        error = sent.error
        if sent.value is not None:  # whatever it calls the record, it was made: it must not be sent again
            return await _answered(running, sent, _made(running, job, endpoint, sent.value))
        if isinstance(error, Rejected):
            return await _rejected(running, job, sent, error)
        await running.answered(sent, error=error)
        if (settled := await _read_back(running, job, endpoint, error)) is not None:
            return settled
        if error is not None and error.code in CONFLICTS:  # it is not there, so the no is about the record
            break
    return await _settled(running, running.result(job.n, "failed", error=error))


async def _rejected(running: Running, job: Job, sent: Sent[T], error: Rejected) -> Result:
    if error.status_code in _CLOSED_TO_US:
        await running.answered(sent)
        running.stop.request(no_access(error))
        running.stop.check()
    return await _answered(running, sent, running.result(job.n, "failed", error=error))


async def _update(running: Running, job: Job, endpoint: Endpoint[T]) -> Result:
    remote_id = _known(job)
    sent = await running.send(
        endpoint.step,
        [job.n],
        attempt=1,
        body=job.body,
        call=lambda exchange: endpoint.update(remote_id, job.body, exchange),
        repeatable=True,
    )
    if sent.error is None:
        return await _answered(running, sent, running.result(job.n, "updated", remote_id=remote_id))
    refused = running.result(job.n, "failed", error=sent.error, remote_id=remote_id)
    if isinstance(sent.error, Rejected):
        return await _answered(running, sent, refused)
    await running.answered(sent)
    looks = await look(
        running, [job.external_id], listing=lambda: endpoint.find(job.external_id), identity=endpoint.external_id
    )
    seen = looks[job.external_id]
    there = [item for item in seen.found if endpoint.remote_id(item) == remote_id]
    if there and is_stored(job.body, there[0].model_dump()):
        return await _settled(running, running.result(job.n, "updated", remote_id=remote_id))
    if there:
        return await _settled(running, refused)
    return await _settled(running, unclear(running, job, seen, endpoint.remote_id, sent.error))


async def _read_back(running: Running, job: Job, endpoint: Endpoint[T], error: ApiError | None) -> Result | None:
    """Look whether a create that left doubt happened; None: it surely did not."""
    running.stop.check()
    conflict = error is not None and error.code in CONFLICTS and job.n not in running.ledger.doubted
    looks = await look(
        running,
        [job.external_id],
        listing=lambda: endpoint.find(job.external_id),
        identity=endpoint.external_id,
        lists_may_lag=not conflict,
    )
    seen = looks[job.external_id]
    if seen.seen is Seen.ABSENT:
        return None
    if seen.seen is Seen.ONCE:
        there = seen.found[0]
        if conflict and error is not None and (differs := stored_differently(job.body, there.model_dump())):
            return await _settled(running, clash(running, job, error, differs, remote_id=endpoint.remote_id(there)))
        return await _settled(running, _made(running, job, endpoint, there))
    return await _settled(running, unclear(running, job, seen, endpoint.remote_id, error))


def clash(running: Running, job: Job, error: ApiError, differs: str, *, remote_id: int) -> Result:
    """Return the result of a record that the API refused because another one with its id is there, which differs."""
    message = f"{error.message}; the dealer has {job.external_id} already, as {remote_id}: {differs}"
    return running.result(job.n, "failed", error=error, message=message)


def unclear(running: Running, job: Job, seen: Look[U], remote_id: Callable[[U], int], error: ApiError | None) -> Result:
    """Return the result of a record that is there several times, or of which nothing can be learnt."""
    if seen.seen is Seen.TWICE:
        ids = ", ".join(str(remote_id(item)) for item in seen.found)
        return running.result(
            job.n,
            "failed",
            code="twice_at_dealer",
            message=f"the dealer has {job.external_id} {len(seen.found)} times ({ids}); delete all but one, then retry",
        )
    reasons = [reason for reason in (error.message if error is not None else None, seen.why) if reason]
    return running.result(
        job.n,
        "unknown",
        retryable=True,
        code=error.code if error is not None else "no_answer",
        message="; ".join(["it may have been made", *reasons]),
    )


def _made(running: Running, job: Job, endpoint: Endpoint[T], made: T) -> Result:
    differs = stored_differently(job.body, vars(made))
    code = "stored_differently" if differs else None
    return running.result(job.n, "created", code=code, message=differs, remote_id=endpoint.remote_id(made))


def _known(job: Job) -> int:
    if job.remote_id is None:
        raise Defect(f"the plan updates {job.external_id} without knowing its id at the dealer")
    return job.remote_id


async def _answered(running: Running, sent: Sent[T], result: Result) -> Result:
    await running.answered(sent, [result])
    return result


async def _settled(running: Running, result: Result) -> Result:
    await running.settle([result])
    return result
