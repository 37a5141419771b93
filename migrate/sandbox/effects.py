"""Effects: what each fault does to a request and its answer."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from email.utils import formatdate
from typing import Any, Final

from migrate.sandbox.call import Answer, Call
from migrate.sandbox.faults import Fault
from migrate.sandbox.problem import Problem

_PAGE: Final = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>"
_DATE: Final = re.compile(r"date\+([0-9]{1,9})")
_LOST: Final = Answer(200, sent="nothing")


def total_s(due: Sequence[Fault], kind: str) -> float | None:
    """Return the seconds that the faults of one kind say, None where there is none."""
    return sum(seconds) if (seconds := [fault.number for fault in due if fault.kind == kind]) else None


def instead(due: Sequence[Fault], *, now: float) -> Answer | None:
    """Return the answer of a request that never reaches the store, None if it does."""
    for fault in due:
        match fault.kind:
            case "reset-before-commit":
                return _LOST
            case "html-before":
                return Answer(200, _PAGE)
            case "before":
                return _status(fault, now)
            case "poison":
                return Answer(400, {"error_message": f"{fault.subject or 'a device'}: invalid value"})
    return None


def only_some(call: Call, due: Sequence[Fault]) -> Call:
    """Return the call with what a fault leaves of its batch."""
    for fault in due:
        if fault.kind == "partial-commit" and isinstance(call.body, list):
            return replace(call, body=call.body[: int(fault.number)])
    return call


def bent(answer: Answer, due: Sequence[Fault]) -> Answer:
    """Return the answer to a batch with its results disturbed; raises Problem where one bad device spoils them all."""
    if not isinstance(answer.body, dict) or "results" not in answer.body:
        return answer
    body = answer.body
    for fault in due:
        if fault.kind == "all-or-nothing":
            _all_or_nothing(body["results"])
        elif fault.kind == "wrong-counts":
            body = {**body, "success_count": body["failure_count"], "failure_count": body["success_count"]}
        elif fault.kind in _BENDS:
            body = {**body, "results": _BENDS[fault.kind](body["results"])}
    return replace(answer, body=body)


def afterwards(answer: Answer, due: Sequence[Fault], *, now: float) -> Answer:
    """Return what goes back once all is done."""
    for fault in due:
        if fault.kind == "after":
            return _status(fault, now)
        if fault.kind in _AFTER:
            return _AFTER[fault.kind](answer)
    return answer


def subjects(call: Call, external_site_id: str | None) -> Iterator[str]:
    """Yield the external ids that a request is about: of the site in its path, and those in its body."""
    if external_site_id is not None:
        yield external_site_id
    for item in call.body if isinstance(call.body, list) else [call.body]:
        if isinstance(item, dict):
            yield from (str(value) for name, value in item.items() if name.startswith("external_"))


def _status(fault: Fault, now: float) -> Answer:
    headers = {}
    if fault.retry_after is not None:
        date = _DATE.fullmatch(fault.retry_after)
        headers["Retry-After"] = formatdate(now + int(date[1]), usegmt=True) if date else fault.retry_after
    if 300 <= fault.status < 400:  # noqa: PLR2004 - redirects
        headers["Location"] = "https://elsewhere.invalid/"
    return Answer(fault.status, {"error_message": f"fault {fault.text}"}, headers)


def _all_or_nothing(results: Sequence[dict[str, Any]]) -> None:
    for result in results:
        if not result["is_successful"]:
            raise Problem(400, result["error_message"])


def _without_ids(result: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {key: part for key, part in value.items() if key != "external_device_id"}
        if isinstance(value, dict)
        else value
        for name, value in result.items()
    }


_Results = list[dict[str, Any]]
_BENDS: Final[dict[str, Callable[[_Results], _Results]]] = {
    "shuffle": lambda results: results[::-1],
    "drop-results": lambda results: results[1::2],
    "extra-result": lambda results: [
        {"is_successful": True, "req": {"external_device_id": "never-sent"}, "res": {"device_id": 0}},
        *results,
    ],
    "twice": lambda results: [
        *results,
        {
            "is_successful": False,
            "req": results[0]["req"],
            "status_code": 409,
            "error_message": "already exists",
        },
    ],
    "no-echo": lambda results: [_without_ids(result) for result in results],
}

_AFTER: Final[dict[str, Callable[[Answer], Answer]]] = {
    "reset-after-commit": lambda answer: replace(answer, sent="nothing"),
    "delay-commit-after": lambda answer: replace(answer, sent="nothing"),
    "truncated": lambda answer: replace(answer, sent="half"),
    "html-after": lambda _: Answer(200, _PAGE),
    "empty": lambda _: Answer(204),
    "partial-commit": lambda _: Answer(500, {"error_message": "Internal Server Error"}),
}
