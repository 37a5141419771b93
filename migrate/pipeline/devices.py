"""A site's devices, in batches: created or updated, matched by id, split where one spoils all, read back in doubt."""

from collections.abc import Sequence
from typing import Any

from migrate.errors import ApiError, Doubtful, Rejected
from migrate.model.answers import BulkAnswer, BulkResult, Device
from migrate.model.exchange import Acted
from migrate.model.results import Result
from migrate.model.text import excerpt
from migrate.pipeline.doubt import Seen, look
from migrate.pipeline.jobs import Job
from migrate.pipeline.match import match
from migrate.pipeline.running import SENDS, Running, Sent, may_pass_later
from migrate.pipeline.single import unclear
from migrate.pipeline.stored import is_stored, stored_differently

_TOO_LARGE = 413
_BAD_REQUEST = 400
_CONFLICT = frozenset({409, 422})
_OPEN = _CONFLICT | {408}  # an item's no that does not say that nothing was done; so do 2xx and 5xx
_NO_ANSWER_TO_ITEM = Doubtful("the answer does not say what became of it", code="no_result", acted=Acted.UNKNOWN)
_OTHER_IDS = Doubtful(
    "the answer is about ids that were not sent: the API may keep ids in a way of its own",
    code="other_id",
    acted=Acted.UNKNOWN,
)


async def send_devices(running: Running, jobs: Sequence[Job], *, site_id: int, external_site_id: str) -> None:
    """Carry out the jobs of one site that are not settled yet."""
    waiting = [job for job in jobs if job.n not in running.results]
    doubtful = [job for job in waiting if job.n in running.doubts and job.action == "create"]
    site = _Site(running, site_id, external_site_id)
    if doubtful:
        await site.read_back(doubtful, dict.fromkeys((job.n for job in doubtful), None))
    for action in ("create", "update"):
        due = [job for job in waiting if job.action == action and job.n not in running.results]
        while due:
            batch, due = due[: running.batch_cap], due[running.batch_cap :]
            await site.carry_out(batch, attempt=1)


class _Site:
    """The devices of one site while they are sent."""

    def __init__(self, running: Running, site_id: int, external_site_id: str) -> None:
        self._running = running
        self._site_id = site_id
        self._external_site_id = external_site_id

    async def carry_out(self, batch: Sequence[Job], *, attempt: int) -> None:
        """Send a batch until each of its devices is settled."""
        sent = await self._send(batch, attempt=attempt)
        if sent.value is not None:
            await self._again(batch, await self._take(batch, sent, sent.value), attempt=attempt)
        elif isinstance(sent.error, Rejected):
            await self._rejected(batch, sent, sent.error, attempt=attempt)
        elif sent.error is not None:
            await self._running.answered(sent)
            await self._doubted(batch, sent.error, attempt=attempt)

    async def _send(self, batch: Sequence[Job], *, attempt: int) -> Sent[BulkAnswer]:
        remote, bodies = self._running.remote, [job.body for job in batch]
        call = remote.create_devices if batch[0].action == "create" else remote.update_devices
        return await self._running.send(
            "device",
            [job.n for job in batch],
            attempt=attempt,
            body=bodies,
            call=lambda exchange: call(self._site_id, bodies, exchange=exchange),
            repeatable=batch[0].action == "update",
        )

    async def _take(
        self, batch: Sequence[Job], sent: Sent[BulkAnswer], answer: BulkAnswer
    ) -> dict[int, ApiError | None]:
        """Settle what the answer settles; return the devices it leaves open, with what it said about them."""
        creating = batch[0].action == "create"
        ids = [job.external_id if creating else str(job.remote_id) for job in batch]
        matched = match(ids, answer.results, id_field="external_device_id" if creating else "device_id")
        results: list[Result] = []
        left = _OTHER_IDS if creating and matched.extra else _NO_ANSWER_TO_ITEM
        doubts: dict[int, ApiError | None] = {batch[position].n: left for position in matched.left}
        for position, item in sorted(matched.results.items()):
            judged = self._judge(batch[position], item)
            if isinstance(judged, Result):
                results.append(judged)
            else:
                doubts[batch[position].n] = judged
        await self._running.answered(sent, results)
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
        if status is not None and (status in _OPEN or status < 400 or status >= 500):  # noqa: PLR2004
            return Doubtful(message, code=code, acted=Acted.UNKNOWN, status_code=status)
        retryable = status is not None and may_pass_later(status)
        return self._running.result(job.n, "failed", code=code, message=message, retryable=retryable)

    async def _rejected(self, batch: Sequence[Job], sent: Sent[BulkAnswer], error: Rejected, *, attempt: int) -> None:
        """The server did nothing: go on with less where the batch may be at fault, else all of it failed."""
        if len(batch) > 1 and error.status_code in {_TOO_LARGE, _BAD_REQUEST}:
            await self._running.answered(sent)
            parts = _halves(batch)
            if error.status_code == _TOO_LARGE or _about_size(error):
                self._running.batch_cap = min(self._running.batch_cap, len(parts[0]))
            for part in parts:
                await self.carry_out(part, attempt=attempt)
            return
        results = [self._running.result(job.n, "failed", error=error) for job in batch]
        await self._running.answered(sent, results)
        self._running.refused(error, external_site_id=self._external_site_id)

    async def _doubted(self, batch: Sequence[Job], error: ApiError, *, attempt: int) -> None:
        """The whole batch is in doubt; a conflict over some of it may have kept the rest out: go on in halves."""
        if error.status_code not in _CONFLICT or len(batch) == 1:
            await self._again(batch, dict.fromkeys((job.n for job in batch), error), attempt=attempt)
            return
        absent = await self.read_back(batch, dict.fromkeys((job.n for job in batch), error), conflict=True)
        for part in _halves(absent):
            await self.carry_out(part, attempt=attempt)

    async def _again(self, batch: Sequence[Job], doubts: dict[int, ApiError | None], *, attempt: int) -> None:
        """Read back what is in doubt; send again what is shown to be absent, unless the API's no was about it."""
        if not doubts:
            return
        conflict = all(_status(error) in _CONFLICT for error in doubts.values())
        absent = await self.read_back([job for job in batch if job.n in doubts], doubts, conflict=conflict)
        again = [job for job in absent if attempt < SENDS and not _is_final(doubts[job.n])]
        lost = [job for job in absent if job not in again]
        await self._running.settle([self._lost(job, doubts[job.n]) for job in lost])
        if again:
            await self.carry_out(again, attempt=attempt + 1)

    def _lost(self, job: Job, error: ApiError | None) -> Result:
        if error is _OTHER_IDS:
            return self._running.result(job.n, "unknown", error=error, retryable=True)
        return self._running.result(job.n, "failed", error=error)

    async def read_back(
        self, jobs: Sequence[Job], doubts: dict[int, ApiError | None], *, conflict: bool = False
    ) -> list[Job]:
        """Settle the devices that are there, or of which nothing can be learnt; return the absent ones.

        After a mere `conflict` there is no lag to wait for, unless an earlier sending left doubt.
        """
        running = self._running
        running.stop.check()
        lists_may_lag = not conflict or any(running.was_in_doubt(job.n) for job in jobs)
        if not conflict:
            running.doubted.update(job.n for job in jobs)
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
                device = seen.found[0]
                results.append(self._made(job, device.model_dump(), device.device_id))
            elif seen.seen is Seen.ONCE and is_stored(job.body, seen.found[0].model_dump()):
                results.append(running.result(job.n, "updated", remote_id=job.remote_id))
            elif seen.seen is Seen.ONCE:
                absent.append(job)  # the update is absent: it may be sent again, it sets values
            else:
                results.append(unclear(running, job, seen, _device_id, doubts[job.n]))
        await running.settle(results)
        return absent


def _device_id(device: Device) -> int:
    return device.device_id


def _halves(jobs: Sequence[Job]) -> list[Sequence[Job]]:
    half = (len(jobs) + 1) // 2
    return [part for part in (jobs[:half], jobs[half:]) if part]


def _status(error: ApiError | None) -> int | None:
    return error.status_code if error is not None else None


def _is_final(error: ApiError | None) -> bool:
    """Return whether a device that is absent must not be sent again: the API's no was about it, or it may be there."""
    return error is _OTHER_IDS or _status(error) in _CONFLICT


def _number(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else None


def _about_size(error: ApiError) -> bool:
    text = error.message.lower()
    return any(word in text for word in ("too many", "too large", "limit", "maximum", "max ", "at most", "size"))
