"""Caller: sends a request until it is answered or nothing more may be tried; the one retry loop of the program."""

import asyncio
import logging
from dataclasses import dataclass
from http import HTTPStatus
from random import Random
from typing import Final
from urllib.parse import urlsplit

from migrate.api.auth import SHORTEST_HIDDEN, UNMISTAKABLE, Form, hide, token_source
from migrate.api.pace import Pace
from migrate.api.reply import Failure, Reply
from migrate.api.requests import FORM, Request
from migrate.api.retry import REFUSED, RetryBudget, RetryPolicy, pause_s
from migrate.api.told import told
from migrate.api.transport import Transport
from migrate.api.verdict import in_doubt, verdict
from migrate.errors import ApiError, ApiUnusable, Rejected
from migrate.model.exchange import Acted, Exchange
from migrate.model.trace import new_trace_id
from migrate.settings import Settings
from migrate.version import __version__

_log = logging.getLogger("migrate.api")

KEPT_BODY_BYTES: Final = 256 * 1024
BRIEFLY: Final = RetryPolicy(longest_s=12.0, timeout_s=12.0)
"""For what others wait for: tokens, and whether the API is there."""

_MOST_WAITS: Final = 2  # a token that lives shorter than the pace's wait would else never be sent
_SUCCESS_END, _REDIRECT_END, _CLIENT_ERROR_END = 300, 400, 500


@dataclass(slots=True)
class Counts:
    """Requests sent to the API (for tokens aside), how many of them were repeats, and how many were answered 429.

    `answers_s` is how long their `answered` ones took in all, `left_at` the sum of the times at which the others left.
    """

    sent: int = 0
    retried: int = 0
    rate_limited: int = 0
    answered: int = 0
    answers_s: float = 0.0
    left_at: float = 0.0


class Caller:
    """Sends at most `concurrency` requests at a time, at the pace, with a token, and repeats what can't act twice.

    A request that gets a 401 is sent once more with a new token; a second 401 ends everything.
    """

    def __init__(
        self,
        settings: Settings,
        transport: Transport,
        *,
        pace: Pace,
        policy: RetryPolicy,
        concurrency: int,
        timeout_s: float,
        rng: Random,
    ) -> None:
        self.counts = Counts()
        self._settings = settings
        self._transport = transport
        self._pace = pace
        self._policy = policy
        self._timeout_s = timeout_s
        self._rng = rng
        self._places = asyncio.Semaphore(concurrency)
        self._budget = RetryBudget()
        self._tokens = token_source(settings, self._fetch_token)
        self._unusable: ApiUnusable | None = None
        self._intercepted = False

    async def call(
        self, request: Request, exchange: Exchange | None = None, *, policy: RetryPolicy | None = None
    ) -> object:
        """Return the decoded answer, None where none is expected; `exchange` tells what happened, also on an error.

        Raises:
            ApiError: Rejected where the server did nothing, Doubtful where this or an earlier sending may have acted.
            ApiUnusable: no call can work any more.
        """
        exchange = exchange or Exchange(new_trace_id())
        policy = policy or self._policy
        first_at, tries, renewed, doubt = 0.0, 0, False, False
        pause: float | None = None
        while True:
            try:
                if pause is not None:
                    await asyncio.sleep(pause)
                outcome, renewable = await self._send(request, exchange, policy)
            except ApiError as error:  # there was no token, and nothing was sent
                raise (in_doubt(error) if doubt else error) from None
            finally:
                if pause is not None:
                    self._budget.end(_now())
            try:
                return verdict(request, outcome, trace_id=exchange.trace_id)
            except ApiError as error:
                failed = error
            if failed.status_code == HTTPStatus.UNAUTHORIZED and request.authorized:
                if renewed or not renewable:
                    raise self._credentials_refused()
                renewed, pause = True, None
                continue
            tries += 1
            if tries == 1:
                first_at = _now()
            doubt = doubt or (request.writes and failed.acted is Acted.UNKNOWN)
            elapsed_s = _now() - first_at
            pause = pause_s(
                tries, failed, elapsed_s=elapsed_s, repeatable=request.repeatable, policy=policy, rng=self._rng
            )
            if pause is None or not await self._may_repeat(failed):
                raise in_doubt(failed) if doubt else failed
            self.counts.retried += request.authorized
            _log.info("%s %s: %s, again in %.1f s", request.method, request.path, failed.code, pause)

    async def log_in(self) -> float | None:
        """Have a token; return for how many seconds it is still good, None if that isn't known."""
        await self._tokens.token()
        return self._tokens.life_s()

    async def _send(self, request: Request, exchange: Exchange, policy: RetryPolicy) -> tuple[Reply | Failure, bool]:
        """Send once, when a place, the pace and a token are there; after a 401, tell whether another token may do."""
        if not request.authorized:
            return await self._transmit(request, exchange, policy, sent_at=await self._pace.acquire()), False
        async with self._places:
            sent_at, token = await self._turn(policy)
            outcome = await self._transmit(request, exchange, policy, sent_at=sent_at, token=token)
        if not isinstance(outcome, Reply):
            return outcome, False
        if outcome.status == HTTPStatus.UNAUTHORIZED:
            return outcome, self._tokens.refused(token)
        self._tokens.accepted(token)
        self._intercepted = self._intercepted or _is_intercepted(outcome)
        return outcome, False

    async def _turn(self, policy: RetryPolicy) -> tuple[float, str]:
        """Wait for the pace; return when that ended, and the token. What others met with meanwhile counts too.

        Who finds the token gone after the wait waits once more, lest all who wait for a new one leave at once.
        """
        waits = 0
        while True:
            if self._unusable is not None:
                raise self._unusable
            if self._intercepted:
                await self._look_behind_interception(policy)
            await self._tokens.token()
            sent_at = await self._pace.acquire()
            waits += 1
            if waits < _MOST_WAITS and not self._tokens.at_hand():
                continue
            token = await self._tokens.token()
            if self._unusable is None and not self._intercepted:
                return sent_at, token

    async def _transmit(
        self, request: Request, exchange: Exchange, policy: RetryPolicy, *, sent_at: float, token: str = ""
    ) -> Reply | Failure:
        """Send once, and note in `exchange` and elsewhere what came of it."""
        if exchange.attempts:
            exchange.trace_id = new_trace_id()
        exchange.attempts += 1
        exchange.status_code, exchange.body = None, b""
        if request.authorized:
            self.counts.sent += 1
            self.counts.left_at += sent_at
            self._budget.sent(sent_at)
        outcome = await self._transport.send(
            request.method,
            request.url,
            headers=_headers(request, exchange, token),
            body=request.content(),
            timeout_s=min(self._timeout_s, policy.timeout_s or self._timeout_s),
        )
        took_s = _now() - sent_at
        if request.authorized:
            self.counts.answered += 1
            self.counts.answers_s += took_s
            self.counts.left_at -= sent_at
        if isinstance(outcome, Reply):
            outcome = self._without_secrets(request, outcome, token)
            exchange.status_code, exchange.body = outcome.status, outcome.body[:KEPT_BODY_BYTES]
            self._learn(request, outcome, sent_at)
        if _log.isEnabledFor(logging.DEBUG):
            came = outcome.status if isinstance(outcome, Reply) else outcome.code
            _log.debug("%s %s %s %s %.0f ms", request.method, request.path, came, exchange.trace_id, 1000 * took_s)
        return outcome

    def _without_secrets(self, request: Request, reply: Reply, token: str) -> Reply:
        """Return an answer without secrets that it sends back; data lose only what can't be there by chance.

        `token` went with the request; another may have taken its place since.
        """
        success = reply.status < _SUCCESS_END
        if success and not request.authorized:
            return reply  # a new token
        shortest = UNMISTAKABLE if success else SHORTEST_HIDDEN
        secrets = (*self._tokens.secrets(), token)
        return Reply(reply.status, reply.headers, hide(reply.body, secrets, shortest=shortest))

    def _learn(self, request: Request, reply: Reply, sent_at: float) -> None:
        limits = told(reply.headers)
        if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
            self.counts.rate_limited += request.authorized
            self._pace.refused(limits, sent_at=sent_at)
        elif request.authorized:
            self._pace.answered(limits)
        if reply.status == HTTPStatus.SERVICE_UNAVAILABLE and limits.retry_after_s is not None:
            self._pace.hold(limits.retry_after_s)
        if (limits.retry_after_s or 0) > 1:
            _log.warning("the API asks for a pause of %.0f s", limits.retry_after_s)

    async def _may_repeat(self, failed: ApiError) -> bool:
        """Take a repeat out of the budget; what the server only wants later waits until there is one."""
        while True:
            over_s = self._budget.wait_s(_now())
            if over_s <= 0:
                self._budget.begin()
                return True
            if failed.code != REFUSED:
                return False
            await asyncio.sleep(over_s)

    async def _look_behind_interception(self, policy: RetryPolicy) -> None:
        """Ask without a token, after a web page came where the API should be; raise Rejected if one comes again."""
        exchange = Exchange(new_trace_id())
        request = Request("GET", self._settings.origin, "/partner/v1", authorized=False)
        outcome, _ = await self._send(request, exchange, policy)
        if isinstance(outcome, Failure) or _is_intercepted(outcome):
            raise Rejected(
                f"{self._settings.origin} answers with a web page or a redirect; is a proxy in between?",
                code="unreadable_answer",
                acted=Acted.NO,
                trace_id=exchange.trace_id,
            )
        self._intercepted = False

    async def _fetch_token(self, form: Form) -> object:
        """Return the token URL's answer; whatever goes wrong, what the token was for has not been sent."""
        url = urlsplit(self._settings.token_url)
        origin = f"{url.scheme}://{url.netloc}"
        request = Request("POST", origin, url.path, form=form, content_type=FORM, repeatable=True, authorized=False)
        try:
            return await self.call(request, policy=BRIEFLY)
        except ApiError as error:
            failed = error
        status = failed.status_code or 0
        if _REDIRECT_END <= status < _CLIENT_ERROR_END and failed.code not in {REFUSED, "http_408"}:
            raise ApiUnusable(
                f"the token URL {origin}{url.path} refused the credentials ({status}): {failed.message}; "
                f"check {self._tokens.advice}, and CHEKT_TOKEN_URL"
            )
        raise Rejected(
            f"no access token could be had: {failed.message}",
            code=failed.code,
            acted=Acted.NO,
            status_code=failed.status_code,
            trace_id=failed.trace_id,
        )

    def _credentials_refused(self) -> ApiUnusable:
        """Return the error that ends this call and all that come after it."""
        self._unusable = ApiUnusable(
            f"{self._settings.origin} refused the credentials (401); check {self._tokens.advice}"
        )
        return self._unusable


def _headers(request: Request, exchange: Exchange, token: str) -> dict[str, str]:
    headers = {
        "Accept": "application/json",
        "User-Agent": f"chekt-migrate/{__version__}",
        "x-partner-trace-id": exchange.trace_id,
    }
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if request.body is not None or request.form is not None:
        headers["Content-Type"] = request.content_type
    if request.writes:
        headers["Idempotency-Key"] = exchange.idempotency_key or request.idempotency_key or exchange.trace_id
    return headers


def _is_intercepted(reply: Reply) -> bool:
    """Return whether an answer looks like that of a login page or a proxy in between."""
    if reply.status < _SUCCESS_END:
        return reply.body[:64].lstrip()[:1] == b"<"
    return reply.status < _REDIRECT_END or reply.status == HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED


def _now() -> float:
    return asyncio.get_running_loop().time()
