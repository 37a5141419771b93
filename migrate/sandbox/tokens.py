"""Access tokens: given for a client's secret or a signed assertion, good for a while (RFC 6749, 4.4; RFC 7523, 2)."""

from collections.abc import Callable, Mapping
from secrets import token_urlsafe
from typing import Final

from migrate.sandbox.assertions import Assertions
from migrate.sandbox.call import Answer
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.problem import Problem

_SCHEME: Final = "bearer"
_BEARER_GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Tokens:
    """Gives tokens and knows which ones are still good."""

    def __init__(self, options: SandboxOptions, *, clock: Callable[[], float]) -> None:
        self._options = options
        self._clock = clock
        self._good_until: dict[str, float] = {}
        self._assertions = Assertions(options.client_key, client_id=options.client_id, clock=clock)

    def grant(self, form: Mapping[str, str] | None, *, url: str) -> Answer:
        """Answer a token request to `url`; `form` is None where the body isn't form-encoded."""
        if form is None or "grant_type" not in form:
            return _refused(400, "invalid_request", "grant_type is missing; the body must be form-encoded")
        match form["grant_type"]:
            case "client_credentials" if "client_assertion" in form:
                refused = self._check_client_assertion(form, url)
            case "client_credentials":
                credentials = form.get("client_id"), form.get("client_secret")
                known = credentials == (self._options.client_id, self._options.client_secret)
                refused = None if known else _refused(401, "invalid_client", "client_id or client_secret is wrong")
            case grant_type if grant_type == _BEARER_GRANT:
                mistake = self._assertions.mistake(form.get("assertion", ""), audience=url)
                refused = None if mistake is None else _refused(400, "invalid_grant", mistake)
            case _:
                refused = _refused(400, "unsupported_grant_type", "only client_credentials and jwt-bearer are known")
        return refused or self._granted()

    def _check_client_assertion(self, form: Mapping[str, str], url: str) -> Answer | None:
        """Return how an assertion in the place of a secret is refused, None if it isn't (RFC 7523, 2.2)."""
        if form.get("client_assertion_type") != _ASSERTION_TYPE:
            return _refused(400, "invalid_request", "client_assertion_type is missing or unknown")
        if form.get("client_id", self._options.client_id) != self._options.client_id:
            return _refused(401, "invalid_client", "client_id is wrong")
        mistake = self._assertions.mistake(form["client_assertion"], audience=url)
        return None if mistake is None else _refused(401, "invalid_client", mistake)

    def _granted(self) -> Answer:
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
