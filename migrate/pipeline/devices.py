"""A site's devices, in batches: created or updated, matched by id, split where one spoils all, read back in doubt."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import orjson

from migrate.errors import ApiError, Doubtful, Rejected
from migrate.model.answers import BulkAnswer, BulkResult, Device
from migrate.model.exchange import Acted, acted_by
from migrate.model.results import Result
from migrate.model.states import CONFLICTS
from migrate.model.text import excerpt
from migrate.pipeline.device_jobs import Creates
from migrate.pipeline.doubt import Seen, look
from migrate.pipeline.job import Job
from migrate.pipeline.match import match
from migrate.pipeline.plain import plainly_made
from migrate.pipeline.running import SENDS, Running, Sent, may_pass_later
from migrate.pipeline.single import clash, unclear
from migrate.pipeline.stored import is_stored, stored_differently

_NO_ANSWER_TO_ITEM = Doubtful("the answer does not say what became of it", code="no_result", acted=Acted.UNKNOWN)
_OTHER_IDS = Doubtful(
    "the answer is about ids that were not sent: the API may keep ids in a way of its own",
    code="other_id",
    acted=Acted.UNKNOWN,
)


_Doubts = dict[int, ApiError | None]
"""Record number → what was said of a device that is open; None: the run ended before an answer."""


async def send_devices(
    running: Running, jobs: Sequence[Job], *, site_id: int, external_site_id: str, done: Callable[[int], None]
) -> None:
    """Carry out the jobs of one site that are not settled yet; `done` is told of how many of them at a time."""
    site = _Site(running, site_id, external_site_id, done=done)
    if isinstance(jobs, Creates) and running.ledger.are_new(jobs.numbers):
        await site.carry_out_all(jobs)
        return
    if isinstance(jobs, Creates) and running.ledger.are_closed(jobs.numbers):
        return
    waiting = [job for job in jobs if running.ledger.is_open(job.n)]
    doubtful = [job for job in waiting if running.ledger.in_doubt(job.n) and job.action == "create"]
    if doubtful:
        await site.read_back(doubtful, dict.fromkeys((job.n for job in doubtful), None))
    for action in ("create", "update"):
        await site.carry_out_all([job for job in waiting if job.action == action and running.ledger.is_open(job.n)])


class _Site:
    """The devices of one site while they are sent."""

    def __init__(self, running: Running, site_id: int, external_site_id: str, *, done: Callable[[int], None]) -> None:
        self._running = running
        self._done = done
        self._site_id = site_id
        self._external_site_id = external_site_id

    async def carry_out_all(self, due: Sequence[Job]) -> None:
        """Send devices that are all to be created or all to be updated, in batches."""
        while due:
            size = self._running.batches.limit
            batch, due = due[:size], due[size:]
            await self.carry_out(batch, attempt=1)
            self._done(len(batch))

    async def carry_out(self, batch: Sequence[Job], *, attempt: int) -> None:
        """Send a batch until each of its devices is settled."""
        if isinstance(batch, Creates):
            content = batch.content
            sent = await self._create(batch.numbers, content, attempt=attempt)
            if sent.value is not None and self._running.ledger.are_sent_once(batch.numbers, sent.exchange):
                made = plainly_made(batch.ids, content, sent.value)
                if made is not None:
                    await self._running.made(sent, dict(zip(batch.numbers, made, strict=True)))
                    return
        else:
            sent = await self._send(batch, attempt=attempt)
        if sent.value is not None:
            doubts = await self._take(batch, sent, sent.value)
            await self._again(batch, doubts, attempt=attempt)
        elif isinstance(sent.error, Rejected):
            await self._rejected(batch, sent, sent.error, attempt=attempt)
        elif sent.error is not None:
            await self._running.answered(sent)
            await self._doubted(batch, sent.error, attempt=attempt)

    async def _send(self, batch: Sequence[Job], *, attempt: int) -> Sent[BulkAnswer]:
        numbers, bodies = [job.n for job in batch], [job.body for job in batch]
        if batch[0].action == "create":
            return await self._create(numbers, orjson.dumps(bodies), attempt=attempt)
        return await self._running.send(
            "device",
            numbers,
            attempt=attempt,
            body=bodies,
            call=lambda exchange: self._running.remote.update_devices(self._site_id, bodies, exchange=exchange),
            repeatable=True,
        )

    async def _create(self, numbers: Sequence[int], content: bytes, *, attempt: int) -> Sent[BulkAnswer]:
        return await self._running.send(
            "device",
            numbers,
            attempt=attempt,
            body=content,
            call=lambda exchange: self._running.remote.create_devices(self._site_id, content, exchange=exchange),
        )

    async def _take(self, batch: Sequence[Job], sent: Sent[BulkAnswer], answer: BulkAnswer) -> _Doubts:
        """Settle what the answer settles; return the devices it leaves open, with what it said about them."""
        creating = batch[0].action == "create"
        ids = [job.external_id if creating else str(job.remote_id) for job in batch]
        matched = match(ids, answer.results, id_field="external_device_id" if creating else "device_id")
        self._running.oddities.look_at(answer, matched, external_site_id=self._external_site_id)
        results: list[Result] = []
        left = _OTHER_IDS if creating and matched.extra else _NO_ANSWER_TO_ITEM
        doubts: _Doubts = {batch[position].n: left for position in matched.left}
        for position, item in sorted(matched.results.items()):
            judged = self._judge(batch[position], item)
            if isinstance(judged, Result):
                results.append(judged)
            else:
                doubts[batch[position].n] = judged
        await self._running.answered(sent, results, error=_gravest(doubts.values()))
        return doubts

    def _judge(self, job: Job, item: BulkResult) -> Result | ApiError:
        if not item.is_successful:
            return self._refused(job, item)
        stored = item.res or {}
        if job.action == "update":
            return self._running.result(job.n, "updated", remote_id=job.remote_id)
        device_id = _number(stored.get("device_id"))
        if device_id is None:
            return _NO_ANSWER_TO_ITEM
        return self._made(job, stored, device_id)

    def _made(self, job: Job, stored: dict[str, Any], device_id: int | None) -> Result:
        differs = stored_differently(job.body, stored)
        code = "stored_differently" if differs else None
        return self._running.result(job.n, "created", code=code, message=differs, remote_id=device_id)

    def _refused(self, job: Job, item: BulkResult) -> Result | ApiError:
        status = item.status_code
        if job.action == "create" and (item.res or {}).get("device_id") is not None:
            return _NO_ANSWER_TO_ITEM  # it says no and names what it made
        code = f"http_{status}" if status is not None else "rejected"
        message = excerpt(item.error_message or "the API gave no reason")
        if status is not None and acted_by(status) is not Acted.NO:
            return Doubtful(message, code=code, acted=Acted.UNKNOWN, status_code=status)
        retryable = status is not None and may_pass_later(status)
        return self._running.result(job.n, "failed", code=code, message=message, retryable=retryable)

    async def _rejected(self, batch: Sequence[Job], sent: Sent[BulkAnswer], error: Rejected, *, attempt: int) -> None:
        """The server did nothing: go on with less where the batch may be at fault, else all of it failed."""
        if self._running.batches.refused(error, size=len(batch)):
            await self._running.answered(sent)
            for part in _halves(batch):
                await self.carry_out(part, attempt=attempt)
            return
        results = [self._running.result(job.n, "failed", error=error) for job in batch]
        await self._running.answered(sent, results)
        self._running.refused(error, external_site_id=self._external_site_id)

    async def _doubted(self, batch: Sequence[Job], error: ApiError, *, attempt: int) -> None:
        """The whole batch is in doubt; a conflict over some of it may have kept the rest out: go on in halves."""
        doubts: _Doubts = dict.fromkeys((job.n for job in batch), error)
        if error.code not in CONFLICTS or len(batch) == 1:
            await self._again(batch, doubts, attempt=attempt)
            return
        absent = await self.read_back(batch, doubts)
        for part in _halves(absent):
            await self.carry_out(part, attempt=attempt)

    async def _again(self, batch: Sequence[Job], doubts: _Doubts, *, attempt: int) -> None:
        """Read back what is in doubt; send again what is shown to be absent, unless the API's no was about it."""
        if not doubts:
            return
        absent = await self.read_back([job for job in batch if job.n in doubts], doubts)
        again = [job for job in absent if attempt < SENDS and not _is_final(doubts[job.n])]
        lost = [job for job in absent if job not in again]
        await self._running.settle([self._lost(job, doubts[job.n]) for job in lost])
        if again:
            await self.carry_out(again, attempt=attempt + 1)

    def _lost(self, job: Job, error: ApiError | None) -> Result:
        if error is _OTHER_IDS:
            return self._running.result(job.n, "unknown", error=error, retryable=True)
        return self._running.result(job.n, "failed", error=error)

    async def read_back(self, jobs: Sequence[Job], doubts: _Doubts) -> list[Job]:
        """Settle the devices that are there, or of which nothing can be learnt; return the absent ones.

        After mere conflicts there is no lag to wait for, unless an earlier sending left doubt.
        """
        running = self._running
        running.stop.check()
        lists_may_lag = any(not self._is_clash(job, doubts[job.n]) for job in jobs)
        looks = await look(
            running,
            [job.external_id for job in jobs],
            listing=lambda: running.remote.all_devices(self._site_id),
            identity=lambda device: device.external_device_id,
            lists_may_lag=lists_may_lag,
        )
        results, absent = [], []
        for job in jobs:
            seen = looks[job.external_id]
            if seen.seen is Seen.ABSENT:
                absent.append(job)
            elif seen.seen is Seen.ONCE and job.action == "create":
                results.append(self._found(job, seen.found[0], doubts[job.n]))
            elif seen.seen is Seen.ONCE and is_stored(job.body, seen.found[0].model_dump()):
                results.append(running.result(job.n, "updated", remote_id=job.remote_id))
            elif seen.seen is Seen.ONCE:
                absent.append(job)  # the update is absent: it may be sent again, it sets values
            else:
                results.append(unclear(running, job, seen, _device_id, doubts[job.n]))
        await running.settle(results)
        return absent

    def _found(self, job: Job, device: Device, error: ApiError | None) -> Result:
        """Return the result of a create that is there: ours, unless the API refused it because another one is there."""
        stored = device.model_dump()
        if error is not None and self._is_clash(job, error) and (differs := stored_differently(job.body, stored)):
            return clash(self._running, job, error, differs, remote_id=device.device_id)
        return self._made(job, stored, device.device_id)

    def _is_clash(self, job: Job, error: ApiError | None) -> bool:
        """Return whether only a record that was there before can be behind the API's no."""
        return error is not None and error.code in CONFLICTS and job.n not in self._running.ledger.doubted


def _device_id(device: Device) -> int:
    return device.device_id


def _halves(jobs: Sequence[Job]) -> list[Sequence[Job]]:
    half = (len(jobs) + 1) // 2
    return [part for part in (jobs[:half], jobs[half:]) if part]


def _is_final(error: ApiError | None) -> bool:
    """Return whether a device that is absent must not be sent again: the API's no was about it, or it may be there."""
    return error is _OTHER_IDS or (error is not None and error.code in CONFLICTS)


def _gravest(errors: Iterable[ApiError | None]) -> ApiError | None:
    """Return what stands for all that an answer leaves open: a clash only where nothing else is."""
    return min(
        (error for error in errors if error is not None), key=lambda error: error.code in CONFLICTS, default=None
    )


def _number(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else None
