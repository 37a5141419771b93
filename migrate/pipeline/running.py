"""A run while it goes on: what every step of it shares, and the one way in which a write is sent."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Generic, TypeVar

from migrate.errors import ApiError, ApiUnusable, Rejected, Stopped
from migrate.journal.writer import JournalWriter
from migrate.model.exchange import Acted, Exchange
from migrate.model.results import Result
from migrate.pipeline.breaker import FAILURES_THAT_OPEN, Breaker, is_away
from migrate.pipeline.failures import MaxFailures
from migrate.pipeline.jobs import fingerprint
from migrate.pipeline.remote import Remote
from migrate.pipeline.stop import Stop

T = TypeVar("T")

MADE = frozenset({"created", "updated"})
SENDS = 3  # of one record, each but the first after a read-back that showed that it is not there
_REPEATS = FAILURES_THAT_OPEN + 1  # of what can't act twice: the breaker judges first whether the API is away
_UNDER_A_SITE = frozenset({"device", "arming", "activation"})
_REFUSED_SITES = 3  # so many sites answering 403 while none has worked: it is not the site
_FORBIDDEN = 403
_MAY_PASS_LATER = frozenset({401, 403, 404, 408, 413, 429})


@dataclass(frozen=True, slots=True)
class PipelineOptions:
    """How a run sends: `settle_s` before an absent record is looked for again, `batch_size` devices in a request.

    `max_failures` counts what fails while it sends, and again from 0 when it is resumed.
    """

    batch_size: int = 50
    concurrency: int = 8
    settle_s: float = 10.0
    patience_s: float = 300.0
    max_failures: MaxFailures | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """How often a record was sent, and what came back the last time."""

    attempts: int
    status_code: int | None
    trace_id: str | None


@dataclass(frozen=True, slots=True)
class Sent(Generic[T]):
    """One write that was announced and sent: its answer or its error."""

    intent: int
    exchange: Exchange
    value: T | None
    error: ApiError | None


class Running:
    """The state that the tasks of a run share.

    `results` holds every record that is settled, `doubts` those that may be there without being settled, `doubted`
    all that were ever in doubt, `switched` the sites whose activation was asked for without an answer that says what
    became of it; `planned` is how many records the plan sends.
    """

    def __init__(
        self,
        *,
        remote: Remote,
        writer: JournalWriter,
        options: PipelineOptions,
        stop: Stop,
        results: dict[int, Result],
        doubts: Mapping[int, Tried],
        done: set[tuple[int, str]],
        doubted: set[int],
        switched: set[int],
        planned: int,
        settled: Callable[[int], None],
        wait: Callable[[str], None],
    ) -> None:
        self.remote = remote
        self.options = options
        self.stop = stop
        self.results = results
        self.doubts = set(doubts)
        self.done = done
        self.batch_cap = options.batch_size
        self.doubted = doubted
        self.switched = switched
        self.planned = planned
        self._tried = dict(doubts)
        self._writer = writer
        self._settled = settled
        self._breaker = Breaker(remote.check_dealer, patience_s=options.patience_s, stop=stop, wait=wait)
        self._failed: set[int] = set()
        self._refused: set[str] = set()
        self._worked = False

    async def send(
        self,
        step: str,
        numbers: Sequence[int],
        *,
        attempt: int,
        body: object,
        call: Callable[[Exchange], Awaitable[T]],
        repeatable: bool = False,
    ) -> Sent[T]:
        """Announce, send, return; the caller settles with `answered`.

        An API that was never reached is waited for. What is `repeatable` sets values and can't act twice: it is sent
        again when the answer left doubt.
        """
        loop = asyncio.get_running_loop()
        failures, give_up_at = 0, inf
        while True:
            self.stop.check()
            await self._breaker.pass_through()
            sent = await self._send_once(step, numbers, attempt=attempt, body=body, call=call, repeatable=repeatable)
            error = sent.error
            if error is None:
                self._worked = self._worked or step in _UNDER_A_SITE
                return sent
            failures += 1
            if not is_away(error) or not (error.acted is Acted.NO or (repeatable and failures < _REPEATS)):
                return sent
            await self._writer.answered(sent.intent, sent.exchange, error=error)
            give_up_at = min(give_up_at, loop.time() + self.options.patience_s)
            if loop.time() >= give_up_at:
                raise Stopped(
                    f"the API takes no {step} for {self.options.patience_s:.0f} s ({error.message}); "
                    "what was done is saved"
                )

    async def _send_once(
        self,
        step: str,
        numbers: Sequence[int],
        *,
        attempt: int,
        body: object,
        call: Callable[[Exchange], Awaitable[T]],
        repeatable: bool,
    ) -> Sent[T]:
        exchange = Exchange(str(uuid.uuid4()))
        intent = await self._writer.announce(
            step=step, numbers=numbers, attempt=attempt, fingerprint=fingerprint(body), trace_id=exchange.trace_id
        )
        try:
            value = await call(exchange)
        except ApiError as error:
            self._note(error)
            return Sent(intent, exchange, None, error)
        except ApiUnusable as error:
            if not repeatable:  # a create is never repeated after doubt, so its last sending was refused
                refused = Rejected(str(error), code="unusable", acted=Acted.NO)
                await self._writer.answered(intent, exchange, error=refused)
            raise
        else:
            self._breaker.answered()
            return Sent(intent, exchange, value, None)
        finally:
            self._count(numbers, exchange)

    async def answered(
        self,
        sent: Sent[T],
        results: Iterable[Result] = (),
        *,
        done: Iterable[tuple[int, str]] = (),
        error: ApiError | None = None,
    ) -> None:
        """Write what came back, and what it settles."""
        kept, pairs = tuple(results), tuple(done)
        await self._writer.answered(sent.intent, sent.exchange, error=error or sent.error, results=kept, done=pairs)
        self._keep(kept)
        self.done.update(pairs)

    async def settle(self, results: Iterable[Result], *, done: Iterable[tuple[int, str]] = ()) -> None:
        """Write what became of records without an answer of their own."""
        kept, pairs = tuple(results), tuple(done)
        await self._writer.settle(kept, done=pairs)
        self._keep(kept)
        self.done.update(pairs)

    async def read(self, call: Callable[[], Awaitable[T]]) -> T:
        """Read, waiting for an API that is away; raises the ApiError of a reading that can't succeed."""
        failures = 0
        while True:
            await self._breaker.pass_through()
            try:
                value = await call()
            except ApiError as error:
                self._note(error)
                failures += 1
                if not is_away(error) or failures >= _REPEATS:
                    raise
            else:
                self._breaker.answered()
                return value

    def refused(self, error: ApiError, *, external_site_id: str) -> None:
        """Take note of a 403 under a site; where no site has worked, several of them stop the run."""
        if error.status_code != _FORBIDDEN or self._worked:
            return
        self._refused.add(external_site_id)
        if len(self._refused) >= _REFUSED_SITES:
            self.stop.request(no_access(error))

    def result(
        self,
        n: int,
        outcome: str,
        *,
        error: ApiError | None = None,
        code: str | None = None,
        message: str | None = None,
        remote_id: int | None = None,
        retryable: bool | None = None,
    ) -> Result:
        """Return a result of record `n`: what is not given comes from `error` and from the last sending about it."""
        tried = self._tried.get(n, Tried(0, None, None))
        if error is not None:
            code, message = code or error.code, message or error.message
            retryable = may_pass_later(error.status_code) if retryable is None else retryable
        return Result(
            n,
            outcome,
            retryable=bool(retryable),
            code=code,
            message=message,
            status_code=tried.status_code,
            remote_id=remote_id,
            attempts=tried.attempts,
            trace_id=tried.trace_id,
        )

    def was_in_doubt(self, n: int) -> bool:
        """Return whether an earlier sending of record `n` left doubt."""
        return n in self.doubts or n in self.doubted

    @property
    def all_settled(self) -> bool:
        """Whether nothing is pending; steps after creation may still be due."""
        return len(self.results) >= self.planned

    def has_failed(self, n: int) -> bool:
        """Return whether record `n` is settled otherwise than made."""
        result = self.results.get(n)
        return result is not None and result.outcome not in MADE

    def is_new(self, n: int) -> bool:
        """Return whether this run made record `n` and nothing was ever asked for beyond that."""
        result = self.results.get(n)
        return result is not None and result.outcome == "created" and n not in self.switched

    def step_made(self, n: int, remote_id: int) -> list[Result]:
        """Return the result that a step after creation leaves: a site of which nothing else was due is `updated`."""
        return [] if n in self.results else [self.result(n, "updated", remote_id=remote_id)]

    def incomplete(
        self, n: int, remote_id: int, what: str, *, error: ApiError | None = None, code: str | None = None
    ) -> Result:
        """Return the result of a site that is there, but not all of it as it was meant."""
        message = f"the site is at the dealer, but {what}" + ("" if error is None else f": {error.message}")
        return self.result(n, "failed", error=error, code=code, message=message, remote_id=remote_id, retryable=True)

    def _count(self, numbers: Sequence[int], exchange: Exchange) -> None:
        for n in numbers:
            before = self._tried[n].attempts if n in self._tried else 0
            self._tried[n] = Tried(before + exchange.attempts, exchange.status_code, exchange.trace_id)

    def _note(self, error: ApiError) -> None:
        if is_away(error):
            self._breaker.failed(error)
        else:
            self._breaker.answered()

    def _keep(self, results: Sequence[Result]) -> None:
        fresh = sum(result.n not in self.results for result in results)
        self._failed.update(result.n for result in results if result.outcome == "failed")
        self.results.update((result.n, result) for result in results)
        self.doubts.difference_update(result.n for result in results)
        if fresh:
            self._settled(fresh)
        limit = self.options.max_failures
        if limit is not None and len(self._failed) >= limit.of(self.planned) and not self.all_settled:
            self.stop.request(limit.stopped(len(self._failed)))


def no_access(error: ApiError) -> ApiUnusable:
    """Return the error that stops a run whose dealer's own paths are closed."""
    return ApiUnusable(
        f"the API refuses this dealer (HTTP {error.status_code}: {error.message}); check the dealer's id, the "
        "credentials' scope and the address allow-list, then resume"
    )


def may_pass_later(status_code: int | None) -> bool:
    """Return whether the same row may pass another time: yes unless the API found fault with the row itself."""
    return status_code is None or status_code in _MAY_PASS_LATER or status_code >= 500  # noqa: PLR2004 - 5xx
