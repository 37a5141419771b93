"""Access tokens: given for client credentials, good for a while (RFC 6749, 4.4)."""

from collections.abc import Callable, Mapping
from secrets import token_urlsafe
from typing import Final

from migrate.sandbox.call import Answer
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.problem import Problem

_SCHEME: Final = "bearer"


class Tokens:
    """Gives tokens and knows which ones are still good."""

    def __init__(self, options: SandboxOptions, *, clock: Callable[[], float]) -> None:
        self._options = options
        self._clock = clock
        self._good_until: dict[str, float] = {}

    def grant(self, form: Mapping[str, str] | None) -> Answer:
        """Answer a token request; `form` is None where the body isn't form-encoded."""
        if form is None or "grant_type" not in form:
            return _refused(400, "invalid_request", "grant_type is missing; the body must be form-encoded")
        if form["grant_type"] != "client_credentials":
            return _refused(400, "unsupported_grant_type", "only client_credentials is supported")
        credentials = form.get("client_id"), form.get("client_secret")
        if credentials != (self._options.client_id, self._options.client_secret):
            return _refused(401, "invalid_client", "client_id or client_secret is wrong")
        token = token_urlsafe(24)
        self._good_until[token] = self._clock() + self._options.token_life_s
        answer = {"access_token": token, "token_type": "Bearer", "expires_in": int(self._options.token_life_s)}
        return Answer(200, answer, {"Cache-Control": "no-store"})

    def check(self, authorization: str | None) -> None:
        """Raise Problem unless the header holds a token that is still good."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != _SCHEME or self._clock() >= self._good_until.get(token, 0):
            raise Problem(401, "the access token is missing, unknown or expired", {"WWW-Authenticate": "Bearer"})


def _refused(status: int, error: str, description: str) -> Answer:
    return Answer(status, {"error": error, "error_description": description})
