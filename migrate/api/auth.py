"""Auth: where access tokens come from; a ready one, or one that is fetched with a grant and renewed in time."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import urlencode

from pydantic import SecretStr

from migrate.errors import ApiError, ApiUnusable
from migrate.settings import Settings

_USUAL_LIFE_S: Final = 3600.0
_LONGEST_LIFE_S: Final = 30 * 86_400.0
_MARGIN_S, _MARGIN_SHARE = 60.0, 0.1

SHORTEST_HIDDEN: Final = 6
"""Shorter secrets would take away parts of any text."""
UNMISTAKABLE: Final = 16
"""So long a secret stands in no customer's data."""

_TOKEN: Final = re.compile(r"[!-~]+")

Fetch = Callable[[bytes], Awaitable[object]]
"""Sends the form of a token request and returns the decoded answer."""


class TokenSource(Protocol):
    """Gives the access token for one request after the other."""

    advice: str
    """Which settings to check when the token is refused."""

    async def token(self) -> str:
        """Return a token that is good now; raise ApiUnusable or ApiError if there is none to be had."""
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


class Grant(Protocol):
    """What is shown to the token URL in exchange for a token."""

    def form(self) -> dict[str, str]:
        """Return the form fields of the token request."""
        ...

    def secrets(self) -> tuple[str, ...]:
        """Return what of it must not be shown."""
        ...


class ReadyToken:
    """A token from the settings; once refused, it is of no more use."""

    advice = "CHEKT_ACCESS_TOKEN"

    def __init__(self, token: SecretStr) -> None:
        self._token = token

    async def token(self) -> str:
        """Return the token."""
        return self._token.get_secret_value()

    def accepted(self, token: str) -> None:
        """Learn nothing."""

    def refused(self, token: str) -> bool:  # noqa: ARG002 - the protocol's signature
        """Tell that there is no other."""
        return False

    def secrets(self) -> tuple[str, ...]:
        """Return the token."""
        return (self._token.get_secret_value(),)


@dataclass(frozen=True, slots=True)
class ClientSecret:
    """The client credentials grant (RFC 6749, 4.4) with a secret."""

    client_id: SecretStr
    client_secret: SecretStr

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

    advice = "CHEKT_CLIENT_ID and CHEKT_CLIENT_SECRET"

    def __init__(self, grant: Grant, fetch: Fetch, *, wall: Callable[[], float] = time.time) -> None:
        self._grant = grant
        self._fetch = fetch
        self._wall = wall
        self._renewing = asyncio.Lock()
        self._token = ""
        self._good_until = self._good_until_wall = 0.0
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
                good = self._take(await self._fetch(urlencode(self._grant.form()).encode()))
            except (ApiError, ApiUnusable) as error:
                self._failure = error
                self._failed_rounds += 1
                raise
            if not good:
                raise ApiUnusable("the token URL's answer holds no access_token; check CHEKT_TOKEN_URL")
            return self._token

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

    def _is_good(self) -> bool:
        return asyncio.get_running_loop().time() < self._good_until and self._wall() < self._good_until_wall

    def _take(self, answer: object) -> bool:
        """Keep the token of an answer; return whether there is one. Nothing is raised beside the answer."""
        told = answer if isinstance(answer, Mapping) else {}
        token = told.get("access_token")
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            return False
        life_s = _life_s(told.get("expires_in"))
        good_s = life_s - min(_MARGIN_S, _MARGIN_SHARE * life_s)
        self._token = token
        self._good_until = asyncio.get_running_loop().time() + good_s
        self._good_until_wall = self._wall() + good_s
        return True


def token_source(settings: Settings, fetch: Fetch) -> TokenSource:
    """Return where the settings say that tokens come from; a ready token goes before client id and secret."""
    settings.require_credentials()
    if settings.access_token is not None:
        return ReadyToken(settings.access_token)
    nothing = SecretStr("")
    return GrantedToken(ClientSecret(settings.client_id or nothing, settings.client_secret or nothing), fetch)


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
