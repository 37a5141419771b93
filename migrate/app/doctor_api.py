"""Whether the API can be used: a token, the dealer's site list, its clock, its limits."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final

from migrate.api.client import PartnerClient
from migrate.api.reply import Failure, Reply
from migrate.api.told import told as told_by
from migrate.api.transport import AiohttpTransport, Transport
from migrate.app.doctor_lines import Line
from migrate.app.first_rate import first_rate
from migrate.errors import ApiError, ApiUnusable, MigrateError
from migrate.settings import Credentials, Settings

SKEW_S: Final = 60.0
"""More apart, and clocks are told about: signed assertions live for minutes."""
_NO_DEALER: Final = "0"
_NETWORK: Final = "check CHEKT_BASE_URL, CHEKT_TOKEN_URL and the network"


@dataclass(frozen=True, slots=True)
class Heard:
    """The headers of one answer, and this machine's time when it was asked for and when it came, in epoch seconds."""

    url: str
    headers: Mapping[str, str]
    asked_at: float
    came_at: float


class Listening:
    """A transport that remembers the headers of what is answered."""

    def __init__(self, transport: Transport, *, wall: Callable[[], float]) -> None:
        self._transport = transport
        self._wall = wall
        self.heard: list[Heard] = []

    async def open(self) -> None:
        """Get ready to send."""
        await self._transport.open()

    async def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None, timeout_s: float
    ) -> Reply | Failure:
        """Send one request."""
        asked_at = self._wall()
        outcome = await self._transport.send(method, url, headers=headers, body=body, timeout_s=timeout_s)
        if isinstance(outcome, Reply):
            self.heard.append(Heard(url, outcome.headers, asked_at, self._wall()))
        return outcome

    async def close(self) -> None:
        """Close all connections."""
        await self._transport.close()


async def look_at_api(settings: Settings, *, timeout_s: float, wall: Callable[[], float] = time.time) -> list[Line]:
    """Return what works; a token is asked for without a dealer too."""
    listening = Listening(AiohttpTransport(), wall=wall)
    dealer_id = settings.dealer_id
    with_dealer = settings.model_copy(update={"dealer_id": dealer_id or _NO_DEALER})
    async with PartnerClient(with_dealer, timeout_s=timeout_s, transport=listening) as client:
        token = await _token(client, settings)
        if dealer_id is None:
            dealer = Line("dealer", "skipped", "not asked for: none is named")
        elif token.state == "wrong":
            dealer = Line("dealer", "skipped", f"{dealer_id} was not asked for: there is no token")
        else:
            dealer = await _dealer(client, dealer_id)
    of_api = [heard for heard in listening.heard if heard.url.startswith(f"{settings.origin}/partner/")]
    return [token, dealer, _clock(of_api or listening.heard), _limits(of_api, first_rate(settings, None).told)]


def not_tried() -> list[Line]:
    """Return the same lines where there is nothing to ask with."""
    why = "not tried: settings or credentials are wrong"
    return [Line(check, "skipped", why) for check in ("token", "dealer", "clock", "limits")]


async def _token(client: PartnerClient, settings: Settings) -> Line:
    ready = settings.credentials is Credentials.READY
    try:
        life_s = await client.log_in()
    except ApiUnusable as error:
        return Line("token", "wrong", str(error), exit_code=error.exit_code)
    except ApiError as error:
        return Line("token", "wrong", error.message, _NETWORK, ApiUnusable.exit_code)
    if not ready:
        return Line("token", "ok", f"fetched; good for {_duration(life_s or 0)}, and renewed in time")
    if life_s is None:
        return Line("token", "ok", "ready; it doesn't say how long it is good, and can't be renewed")
    if life_s <= 0:
        told = f"the ready token says that it ended {_duration(-life_s)} ago"
        return Line("token", "warning", told, "get a new CHEKT_ACCESS_TOKEN, or look at this machine's clock")
    return Line("token", "ok", f"ready; good for {_duration(life_s)}, and can't be renewed")


async def _dealer(client: PartnerClient, dealer_id: str) -> Line:
    try:
        await client.check_dealer()
    except MigrateError as error:
        remedy = "" if isinstance(error, ApiUnusable) else _NETWORK
        return Line("dealer", "wrong", str(error), remedy, ApiUnusable.exit_code)
    return Line("dealer", "ok", f"the site list of {dealer_id} can be read")


def _clock(heard: list[Heard]) -> Line:
    """Compare the clocks by the last answer that tells a time; a Date's second is taken at its middle."""
    for answer in reversed(heard):
        try:
            theirs = parsedate_to_datetime(answer.headers.get("Date", "")).timestamp() + 0.5
        except (ValueError, OverflowError, OSError):
            continue
        ahead_s = (answer.asked_at + answer.came_at) / 2 - theirs
        if abs(ahead_s) <= SKEW_S:
            return Line("clock", "ok", f"within {max(1, round(abs(ahead_s)))} s of the server's")
        told = f"this machine's is {_duration(abs(ahead_s))} {'ahead of' if ahead_s > 0 else 'behind'} the server's"
        remedy = "set it, or have it set from the network; signed assertions are refused, and times in reports are off"
        return Line("clock", "warning", told, remedy)
    return Line("clock", "skipped", "no answer told the time")


def _limits(heard: list[Heard], first: str) -> Line:
    if not heard:
        return Line("limits", "skipped", "the API was not asked")
    limits = told_by(heard[-1].headers)
    if limits.limit is None and limits.remaining is None:
        return Line("limits", "ok", f"the API tells none; a run {first}")
    told = f"{'?' if limits.limit is None else f'{limits.limit:,}'} requests a minute"
    if limits.remaining is None:
        return Line("limits", "ok", told)
    if limits.remaining == 0:
        remedy = "somebody else may be using them; a run waits its turn, and takes longer"
        return Line("limits", "warning", f"{told}, none left at present", remedy)
    return Line("limits", "ok", f"{told}, {limits.remaining:,} left at present")


def _duration(seconds: float) -> str:
    for size_s, unit in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size_s:
            return f"{round(seconds / size_s):,} {unit}"
    return f"{round(seconds)} s"
