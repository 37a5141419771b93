"""Verdict: which error, if any, an answer means, and whether the server may have acted."""

from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from migrate.api.answers import Unreadable, decode
from migrate.api.excerpt import said, shorten
from migrate.api.reply import Failure, Reply
from migrate.api.requests import Request
from migrate.errors import ApiError, ApiUnusable, Doubtful, Rejected
from migrate.model.exchange import Acted, acted_by

_SUCCESS, _REDIRECT, _CLIENT_ERROR = 200, 300, 400
_CONFLICT: Final = frozenset({409, 422})


def verdict(request: Request, outcome: Reply | Failure, *, trace_id: str) -> object:
    """Return the decoded answer (None where none is expected); raise what `outcome` means otherwise.

    What a status says is `acted_by`'s to decide; a GET makes nothing, so a clash leaves no doubt about it.
    """
    if isinstance(outcome, Failure):
        raise _failure(request, outcome, trace_id)
    status = outcome.status
    if _SUCCESS <= status < _REDIRECT:
        if not request.answers and not outcome.body.strip():
            return None
        try:
            return decode(outcome.body)
        except Unreadable as error:
            raise unreadable(str(error), status, trace_id) from None
    if _REDIRECT <= status < _CLIENT_ERROR:
        raise _doubtful(_redirect(request, outcome), "redirect", status, trace_id)
    message = said(outcome.body) or f"the API answered {status} {_phrase(status)}".rstrip()
    code = f"http_{status}"
    by_status = acted_by(status)
    if by_status is Acted.UNKNOWN and not (request.method == "GET" and status in _CONFLICT):
        raise _doubtful(message, code, status, trace_id)
    raise Rejected(message, code=code, acted=Acted.NO, status_code=status, trace_id=trace_id)


def unreadable(message: str, status: int | None, trace_id: str) -> Doubtful:
    """Return the error for an answer of success that can't be read."""
    return _doubtful(message, "unreadable_answer", status, trace_id)


def in_doubt(error: ApiError) -> ApiError:
    """Return `error` as that of a call of which an earlier sending may have acted."""
    if error.acted is Acted.UNKNOWN:
        return error
    return _doubtful(error.message, error.code, error.status_code, error.trace_id)


def _failure(request: Request, failure: Failure, trace_id: str) -> ApiError | ApiUnusable:
    message = f"{request.origin} {failure.message}"
    if failure.code == "untrusted":
        return ApiUnusable(message)
    if failure.code == "unreachable":
        return Rejected(message, code=failure.code, acted=Acted.NO, trace_id=trace_id)
    return _doubtful(message, failure.code, None, trace_id)


def _doubtful(message: str, code: str, status: int | None, trace_id: str | None) -> Doubtful:
    return Doubtful(message, code=code, acted=Acted.UNKNOWN, status_code=status, trace_id=trace_id)


def _redirect(request: Request, reply: Reply) -> str:
    try:
        target = urlsplit(reply.headers.get("Location", ""))
        port = "" if target.port is None else f":{target.port}"
        shown = f"{target.scheme}://{target.hostname}{port}" if target.hostname else "another path"
    except ValueError:
        shown = "an address that can't be read"
    return f"{request.origin} redirects to {shorten(shown)}, which is not followed; check CHEKT_BASE_URL"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
