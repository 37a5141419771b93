"""A run while it goes on: what every step of it shares, and the one way in which a write is sent."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from math import inf
from typing import Generic, TypeVar

from migrate.errors import ApiError, ApiUnusable, Rejected, Stopped
from migrate.journal.writer import JournalWriter
from migrate.model.exchange import Acted, Exchange
from migrate.model.results import Result
from migrate.model.trace import new_trace_id
from migrate.pipeline.batch_size import BatchSize
from migrate.pipeline.breaker import FAILURES_THAT_OPEN, Breaker, is_away
from migrate.pipeline.columns import sorted_out
from migrate.pipeline.jobs import fingerprint
from migrate.pipeline.ledger import Ledger
from migrate.pipeline.oddities import Oddities
from migrate.pipeline.options import PipelineOptions
from migrate.pipeline.remarks import sent_again
from migrate.pipeline.remote import Remote
from migrate.pipeline.stop import Stop
from migrate.pipeline.to_go import Sites

T = TypeVar("T")

MADE = frozenset({"created", "updated"})
SENDS = 3  # of one record, each but the first after a read-back that showed that it is not there
_REPEATS = FAILURES_THAT_OPEN + 1  # of what can't act twice: the breaker judges first whether the API is away
_UNDER_A_SITE = frozenset({"device", "arming", "activation"})
_REFUSED_SITES = 3  # so many sites answering 403 while none has worked: it is not the site
_FORBIDDEN = 403
_HELD_S = 0.02  # how long an answer may wait for a request's announcement to take it along to the disk
_MAY_PASS_LATER = frozenset({401, 403, 404, 408, 413, 429})


@dataclass(frozen=True, slots=True)
class Sent(Generic[T]):
    """One write that was announced and sent: its answer or its error."""

    step: str
    numbers: Sequence[int]
    intent: int
    exchange: Exchange
    value: T | None
    error: ApiError | None


class Running:
    """What the tasks of a run share; `planned` is how many records the plan sends.

    `done` is told of requests of the plan that are answered, or not to be sent any more.
    """

    def __init__(
        self,
        *,
        remote: Remote,
        writer: JournalWriter,
        ledger: Ledger,
        options: PipelineOptions,
        stop: Stop,
        planned: int,
        settled: Callable[[int], None],
        done: Callable[[float], None],
        sites: Sites,
        wait: Callable[[str], None],
    ) -> None:
        self.remote = remote
        self.ledger = ledger
        self.options = options
        self.stop = stop
        self.batches = BatchSize(options.batch_size)
        self.oddities = Oddities()
        self.planned = planned
        self.done = done
        self.sites = sites
        self._writer = writer
        self._settled = settled
        self._breaker = Breaker(remote.check_dealer, patience_s=options.patience_s, stop=stop, wait=wait)
        self._refused: set[str] = set()
        self._worked = False
        self._fresh = 0  # records that came to an outcome which isn't on the disk yet
        self._held = asyncio.Event()

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
        failures, since = 0, inf
        while True:
            self.stop.check()
            await self._breaker.pass_through()
            since = min(since, loop.time())
            sent = await self._send_once(step, numbers, attempt=attempt, body=body, call=call, repeatable=repeatable)
            error = sent.error
            if error is None:
                self._worked = self._worked or step in _UNDER_A_SITE
                return sent
            failures += 1
            if not is_away(error) or not (error.acted is Acted.NO or (repeatable and failures < _REPEATS)):
                return sent
            await self.answered(sent)
            if loop.time() >= since + self.options.patience_s:
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
        exchange, began = Exchange(new_trace_id()), asyncio.get_running_loop().time()
        fresh = self._take_fresh()
        intent = await self._writer.announce(
            step=step,
            numbers=numbers,
            attempt=attempt,
            fingerprint=fingerprint(body),
            trace_id=exchange.trace_id,
            reopened=self.ledger.reopened(step, numbers),
        )
        self._tell_fresh(fresh)
        self.ledger.announced(step, numbers)
        self.ledger.gone(step, numbers)
        sent: Sent[T]
        self._writer.under_way += 1
        try:
            sent = Sent(step, numbers, intent, exchange, await call(exchange), None)
        except ApiError as error:
            self._note(error, began=began)
            sent = Sent(step, numbers, intent, exchange, None, error)
        except ApiUnusable as error:
            if not repeatable:  # a create is never repeated after doubt, so its last sending was refused
                refused = Rejected(str(error), code="unusable", acted=Acted.NO)
                await self.answered(Sent(step, numbers, intent, exchange, None, refused))
            raise
        except asyncio.CancelledError:
            if exchange.status_code == HTTPStatus.TOO_MANY_REQUESTS:  # the last sending was refused, none is under way
                refused = Rejected("the API's limit", code="http_429", acted=Acted.NO, status_code=exchange.status_code)
                await self.answered(Sent(step, numbers, intent, exchange, None, refused))
            raise
        else:
            self._breaker.answered()
        finally:
            self._writer.under_way -= 1
            self.ledger.came_back(numbers, exchange)
        return sent

    async def answered(
        self,
        sent: Sent[T],
        results: Iterable[Result] = (),
        *,
        done: Iterable[tuple[int, str]] = (),
        error: ApiError | None = None,
    ) -> None:
        """Take what came back, and what it settles; `error` tells of an answer of success that leaves doubt.

        It is written with the next request's announcement, so before anything else is sent, or soon.
        """
        error = error or sent.error
        made, kept = sorted_out(results, sent.exchange)
        await self.made(sent, made, kept, tuple(done), error)

    async def made(
        self,
        sent: Sent[T],
        made: Mapping[int, int],
        kept: Sequence[Result] = (),
        pairs: Sequence[tuple[int, str]] = (),
        error: ApiError | None = None,
    ) -> None:
        """Take an answer of which is known which records (number → remote id) its sending plainly made."""
        await self._writer.answered(
            sent.intent, sent.exchange, error=error, results=kept, done=pairs, made=made, held=True
        )
        acted, code = (Acted.YES, None) if error is None else (error.acted, error.code)
        self._fresh += self.ledger.answered(
            sent.step,
            sent.numbers,
            acted=acted,
            code=code,
            results=kept,
            done=pairs,
            made=made,
            exchange=sent.exchange,
        )
        self._held.set()
        self._stop_if_too_many_failed()

    async def settle(self, results: Iterable[Result], *, done: Iterable[tuple[int, str]] = ()) -> None:
        """Write what became of records without an answer of their own."""
        kept, pairs, fresh = tuple(results), tuple(done), self._take_fresh()
        await self._writer.settle(kept, done=pairs)
        self._tell_fresh(fresh + self.ledger.settled(kept, pairs))
        self._stop_if_too_many_failed()

    async def flush(self) -> None:
        """Write what answers have come to and is not on the disk yet."""
        fresh = self._take_fresh()
        await self._writer.flush()
        self._tell_fresh(fresh)

    async def keep_flushing(self, ended: asyncio.Event) -> None:
        """Flush soon after each answer, unless a request's announcement has taken it along, until `ended` is told."""
        while True:
            await self._held.wait()
            self._held.clear()
            if ended.is_set():
                return
            await asyncio.sleep(_HELD_S)
            await self.flush()

    def end_flushing(self, ended: asyncio.Event) -> None:
        """Tell `keep_flushing` that it is over; what is held by then stays held."""
        ended.set()
        self._held.set()

    async def read(self, call: Callable[[], Awaitable[T]]) -> T:
        """Read, waiting for an API that is away; raises the ApiError of a reading that can't succeed."""
        failures = 0
        while True:
            await self._breaker.pass_through()
            began = asyncio.get_running_loop().time()
            try:
                value = await call()
            except ApiError as error:
                self._note(error, began=began)
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
        tried = self.ledger.tried(n)
        if error is not None:
            code, message = code or error.code, message or error.message
            retryable = may_pass_later(error.status_code) if retryable is None else retryable
        result = Result(
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
        return sent_again(result) if outcome == "created" and n in self.ledger.again else result

    @property
    def all_settled(self) -> bool:
        """Whether nothing is pending; steps after creation may still be due."""
        return len(self.ledger.results) >= self.planned

    def has_failed(self, n: int) -> bool:
        """Return whether something has become of record `n`, and it was not made."""
        result = self.ledger.results.get(n)
        return result is not None and result.outcome not in MADE

    def step_made(self, n: int, remote_id: int) -> list[Result]:
        """Return the result that a step after creation leaves: a site of which nothing else was due is `updated`."""
        return [] if n in self.ledger.results else [self.result(n, "updated", remote_id=remote_id)]

    def incomplete(
        self, n: int, remote_id: int, what: str, *, error: ApiError | None = None, code: str | None = None
    ) -> Result:
        """Return the result of a site that is there, but not all of it as it was meant."""
        message = f"the site is at the dealer, but {what}" + ("" if error is None else f": {error.message}")
        return self.result(n, "failed", error=error, code=code, message=message, remote_id=remote_id, retryable=True)

    def _note(self, error: ApiError, *, began: float) -> None:
        if is_away(error):
            self._breaker.failed(error, began=began)
        else:
            self._breaker.answered()

    def _take_fresh(self) -> int:
        fresh, self._fresh = self._fresh, 0
        return fresh

    def _tell_fresh(self, fresh: int) -> None:
        if fresh:
            self._settled(fresh)

    def _stop_if_too_many_failed(self) -> None:
        limit, failed = self.options.max_failures, len(self.ledger.failed)
        if limit is not None and failed >= limit.of(self.planned) and not self.all_settled:
            self.stop.request(limit.stopped(failed))


def no_access(error: ApiError) -> ApiUnusable:
    """Return the error that stops a run whose dealer's own paths are closed."""
    return ApiUnusable(
        f"the API refuses this dealer (HTTP {error.status_code}: {error.message}); check the dealer's id, the "
        "credentials' scope and the address allow-list, then resume"
    )


def may_pass_later(status_code: int | None) -> bool:
    """Return whether the same row may pass another time: yes unless the API found fault with the row itself."""
    return status_code is None or status_code in _MAY_PASS_LATER or status_code >= 500  # noqa: PLR2004 - 5xx
