"""Auth: where access tokens come from; a ready one, or one that is fetched with a grant and renewed in time."""

import asyncio
import json
import re
import time
from base64 import urlsafe_b64decode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Final, Protocol
from urllib.parse import urlencode

from pydantic import SecretStr

from migrate import api
from migrate.errors import ApiError, ApiUnusable
from migrate.settings import Credentials, Settings

_USUAL_LIFE_S: Final = 3600.0
_LONGEST_LIFE_S: Final = 30 * 86_400.0
_MARGIN_S, _MARGIN_SHARE = 60.0, 0.1

SHORTEST_HIDDEN: Final = 6
"""Shorter secrets would take away parts of any text."""
UNMISTAKABLE: Final = 16
"""So long a secret stands in no customer's data."""

_TOKEN: Final = re.compile(r"[!-~]+")
_NOTHING: Final = SecretStr("")
_JWT_PARTS: Final = 3

Form = Callable[[], bytes]
"""Writes the form of a token request, anew for each sending: an assertion is good for one."""
Fetch = Callable[[Form], Awaitable[object]]
"""Sends a token request and returns the decoded answer."""


class TokenSource(Protocol):
    """Gives the access token for one request after the other."""

    advice: str
    """Which settings to check when the token is refused."""

    async def token(self) -> str:
        """Return a token that is good now; raise ApiUnusable or ApiError if there is none to be had."""
        ...

    def at_hand(self) -> bool:
        """Return whether `token` would return without asking anybody."""
        ...

    def accepted(self, token: str) -> None:
        """Learn that the API took `token`."""
        ...

    def refused(self, token: str) -> bool:
        """Learn that the API refused `token` (401); return whether another one may do."""
        ...

    def secrets(self) -> tuple[str, ...]:
        """Return all that must not be shown."""
        ...

    def life_s(self) -> float | None:
        """Return how long the token at hand is still good, in seconds, below 0 if it was, None if it doesn't say."""
        ...


class Grant(Protocol):
    """What is shown to the token URL in exchange for a token."""

    @property
    def advice(self) -> str:
        """Which settings to check when it is refused."""
        ...

    def form(self) -> dict[str, str]:
        """Return the form fields of the token request."""
        ...

    def secrets(self) -> tuple[str, ...]:
        """Return what of it must not be shown."""
        ...


class ReadyToken:
    """A token from the settings; once refused, it is of no more use."""

    advice = "CHEKT_ACCESS_TOKEN"

    def __init__(self, token: SecretStr, *, wall: Callable[[], float] = time.time) -> None:
        self._token = token
        self._wall = wall

    async def token(self) -> str:
        """Return the token."""
        return self._token.get_secret_value()

    def at_hand(self) -> bool:
        """Return that it is."""
        return True

    def accepted(self, token: str) -> None:
        """Learn nothing."""

    def refused(self, token: str) -> bool:  # noqa: ARG002 - the protocol's signature
        """Tell that there is no other."""
        return False

    def secrets(self) -> tuple[str, ...]:
        """Return the token."""
        return (self._token.get_secret_value(),)

    def life_s(self) -> float | None:
        """Return what the token says of its end, if it is a JWT (RFC 7519, 4.1.4); nobody vouches for it."""
        parts = self._token.get_secret_value().split(".")
        if len(parts) != _JWT_PARTS:
            return None
        try:
            ends_at = float(json.loads(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))["exp"])
        except (ValueError, TypeError, LookupError, OverflowError):
            return None
        return ends_at - self._wall() if isfinite(ends_at) else None


@dataclass(frozen=True, slots=True)
class ClientSecret:
    """The client credentials grant (RFC 6749, 4.4) with a secret."""

    client_id: SecretStr
    client_secret: SecretStr

    @property
    def advice(self) -> str:
        """Which settings to check when it is refused."""
        return "CHEKT_CLIENT_ID and CHEKT_CLIENT_SECRET"

    def form(self) -> dict[str, str]:
        """Return the form fields of the token request."""
        return {
            "grant_type": "client_credentials",
            "client_id": self.client_id.get_secret_value(),
            "client_secret": self.client_secret.get_secret_value(),
        }

    def secrets(self) -> tuple[str, ...]:
        """Return the secret."""
        return (self.client_secret.get_secret_value(),)


class GrantedToken:
    """A token that is fetched, kept while it is good, and renewed once for all who find it stale or refused.

    A clock that doesn't stand still while the machine sleeps counts beside the loop's.
    """

    def __init__(
        self, grant: Grant, fetch: Fetch, *, audience: str = "", wall: Callable[[], float] = time.time
    ) -> None:
        self.advice = grant.advice
        self._grant = grant
        self._fetch = fetch
        self._audience = audience
        self._wall = wall
        self._renewing = asyncio.Lock()
        self._token = ""
        self._good_until = self._good_until_wall = self._ends_at = 0.0
        self._suspect = False
        self._failed_rounds = 0
        self._failure: ApiError | ApiUnusable | None = None

    async def token(self) -> str:
        """Return the token that is kept, or a new one."""
        if self._is_good():
            return self._token
        rounds = self._failed_rounds
        async with self._renewing:
            if self._is_good():
                return self._token
            if self._failure is not None and self._failed_rounds > rounds:
                raise self._failure  # what others have found out while this one waited
            try:
                good = self._take(await self._fetch(self._form))
            except (ApiError, ApiUnusable) as error:
                self._failure = error
                self._failed_rounds += 1
                raise
            if not good:
                raise ApiUnusable("the token URL's answer holds no access_token; check CHEKT_TOKEN_URL")
            return self._token

    def at_hand(self) -> bool:
        """Return whether the token that is kept is good."""
        return self._is_good()

    def accepted(self, token: str) -> None:
        """Trust the token, if it is the one that is kept."""
        if self._suspect and token == self._token and self._good_until:
            self._suspect = False

    def refused(self, token: str) -> bool:
        """Have the token renewed, unless it is the answer to a refusal and was never accepted."""
        if token != self._token or not self._good_until:
            return True  # it was renewed since, or is about to be
        if self._suspect:
            return False
        self._suspect = True
        self._good_until = 0.0
        return True

    def secrets(self) -> tuple[str, ...]:
        """Return the grant's secrets and the token."""
        return (*self._grant.secrets(), self._token)

    def life_s(self) -> float | None:
        """Return how long the token is still good, an hour at first where the answer didn't say; None without one."""
        return self._ends_at - asyncio.get_running_loop().time() if self._token else None

    def _form(self) -> bytes:
        more = {"audience": self._audience} if self._audience else {}
        return urlencode({**self._grant.form(), **more}).encode()

    def _is_good(self) -> bool:
        return asyncio.get_running_loop().time() < self._good_until and self._wall() < self._good_until_wall

    def _take(self, answer: object) -> bool:
        """Keep the token of an answer; return whether there is one. Nothing is raised beside the answer."""
        told = answer if isinstance(answer, Mapping) else {}
        token = told.get("access_token")
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            return False
        life_s = _life_s(told.get("expires_in"))
        now = asyncio.get_running_loop().time()
        good_s = life_s - min(_MARGIN_S, _MARGIN_SHARE * life_s)
        self._token = token
        self._ends_at = now + life_s
        self._good_until = now + good_s
        self._good_until_wall = self._wall() + good_s
        return True


def token_source(settings: Settings, fetch: Fetch) -> TokenSource:
    """Return where the settings say that tokens come from; raise ApiUnusable or SettingsError if they can't be had."""
    if settings.require_credentials() is Credentials.READY:
        return ReadyToken(settings.access_token or _NOTHING)
    return GrantedToken(_grant(settings), fetch, audience=settings.token_audience)


def check_credentials(settings: Settings) -> None:
    """Raise ApiUnusable if there are no credentials, SettingsError if their key can't be used; sends nothing."""
    if settings.require_credentials() is Credentials.ASSERTION:
        _grant(settings)


def _grant(settings: Settings) -> Grant:
    if settings.credentials is Credentials.ASSERTION:
        return api.JwtAssertion(settings)
    return ClientSecret(settings.client_id or _NOTHING, settings.client_secret or _NOTHING)


def hide(data: bytes, secrets: tuple[str, ...], *, shortest: int) -> bytes:
    """Return `data` without what a server sends back of `secrets` that have `shortest` characters or more."""
    for secret in secrets:
        if len(secret) >= shortest:
            data = data.replace(secret.encode(), b"***")
    return data


def _life_s(expires_in: object) -> float:
    """Return how long a token lives; what makes no sense counts as not told."""
    if isinstance(expires_in, bool) or not isinstance(expires_in, int | float | str):
        return _USUAL_LIFE_S
    try:
        life_s = float(expires_in)
    except (ValueError, OverflowError):
        return _USUAL_LIFE_S
    return min(life_s, _LONGEST_LIFE_S) if life_s > 0 else _USUAL_LIFE_S
