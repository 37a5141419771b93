"""Remarks: what is told beside an outcome that is good, so that nobody takes more from it than is known."""

from dataclasses import replace

from migrate.model.results import Result

_AGAIN = "it was sent again after its answer was lost; "
_ONCE = "it is there once so far; "
_LATE = "apply again in some minutes shows whether the first was carried out late"


def sent_again(result: Result) -> Result:
    """Return the result of a record that was made by a second sending, after doubt about the first."""
    return _also(result, code="sent_again", message=_AGAIN + _LATE)


def seen_once(result: Result) -> Result | None:
    """Return the result of a record that was sent again and that a last look showed once; None if nothing changes."""
    before = result.message or ""
    now = before.replace(_AGAIN + _LATE, _AGAIN + _ONCE + _LATE)
    return None if now == before else replace(result, message=now)


def _also(result: Result, *, code: str, message: str) -> Result:
    """Return a result that says one thing more."""
    codes, messages = filter(None, (result.code, code)), filter(None, (result.message, message))
    return replace(result, code=";".join(codes), message="; ".join(messages))
