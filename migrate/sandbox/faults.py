"""Faults: what goes wrong, for which requests, how often; a script of them as a value.

One fault is written TARGET:FAULT[:ARGUMENT][:TIMES][@SKIP].

TARGET    a group of METHODS, or `any`, which is all but `token`; one method of it where that stands behind, as in
          `sites.create`; one external id where `/ID` stands behind that: of the site in the path, or in the body
          (`*` in it stands for anything).
FAULT     a name out of KINDS, or `<status>-before`, `<status>-after`: this status, before or after the commit.
ARGUMENT  what the fault needs, seconds or a number; for a status it may be `retry-after=7`, `retry-after=date+7` (the
          time seven seconds from now), or `retry-after=` and any text.
TIMES     to how many requests it happens, `*` for all; 1 if it isn't given.
SKIP      how many requests of the target get through first.

`devices:reset-after-commit:3`, `sites.create:500-before:1@2`, `any:delay:0.5:*`, `devices/S-7:403-before:*`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from math import inf
from typing import Final, Self

from migrate.errors import UsageError

KINDS: Final = {
    "reset-before-commit": "the connection is cut, nothing was done",
    "html-before": "an HTML page with status 200, nothing was done",
    "poison": "the whole batch is refused with 400 (give the device's id in the target)",
    "reset-after-commit": "all was done, the connection is cut",
    "html-after": "all was done, the answer is an HTML page with status 200",
    "empty": "all was done, the answer is 204 without a body",
    "truncated": "all was done, the answer ends halfway",
    "partial-commit": "the first ARGUMENT devices of the batch are done, the answer is 500",
    "delay-commit-after": "the connection is cut at once, all is done ARGUMENT seconds later",
    "delay": "the request is taken up ARGUMENT seconds late",
    "lag": "lists lack what was made in the last ARGUMENT seconds",
    "all-or-nothing": "one bad device refuses its whole batch with 400",
    "shuffle": "the results of a batch stand in reverse order",
    "drop-results": "every other result of a batch is missing",
    "extra-result": "the results of a batch have one more, of a device that was never sent",
    "twice": "the first result of a batch comes twice, the second time as a failure",
    "wrong-counts": "the counts of a batch disagree with its results",
    "no-echo": "the results of a batch lack the external ids",
}
"""Fault → its one-line meaning; beside them `<status>-before` and `<status>-after`."""

METHODS: Final = {
    "token": ("create",),
    "stations": ("create", "list", "get", "update", "delete"),
    "sites": ("create", "list", "get", "update", "delete"),
    "activation": ("update",),
    "arming": ("get", "update"),
    "devices": ("create", "list", "get", "update", "delete"),
    "contacts": ("create", "list", "get", "update", "delete"),
}
"""Group of endpoints → its methods."""

_SECONDS: Final = r"[0-9]{1,6}(\.[0-9]{1,6})?"
_ARGUMENTS: Final = {
    "delay": _SECONDS,
    "lag": _SECONDS,
    "delay-commit-after": _SECONDS,
    "partial-commit": r"[1-9][0-9]{0,5}",
}
_BENDING: Final = frozenset(
    {"delay", "lag", "all-or-nothing", "shuffle", "drop-results", "extra-result", "twice", "wrong-counts", "no-echo"}
)
_STATUS: Final = re.compile(r"([2-5][0-9]{2})-(before|after)")
_TARGET: Final = re.compile(r"(?P<group>[a-z]+)(\.(?P<method>[a-z]+))?(/(?P<subject>.+))?")
_RETRY_AFTER: Final = "retry-after="


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; `text` is how it was written. `status` is 0 where the kind says none."""

    text: str
    group: str
    method: str | None
    subject: str | None
    kind: str
    status: int = 0
    number: float = 0
    """The argument: seconds, or how many."""
    retry_after: str | None = None
    times: float = 1
    skip: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the fault that `text` says; raises UsageError."""
        head, _, skip = text.rpartition("@")
        spec, skipped = (head, int(skip)) if head and _is_count(skip) else (text, 0)
        target, _, rest = spec.partition(":")
        kind, *more = rest.split(":")
        match, status = _TARGET.fullmatch(target), _STATUS.fullmatch(kind)
        if match is None or not _known(match["group"], match["method"]) or not (status or kind in KINDS):
            raise _unreadable(text)
        number, retry_after = 0.0, None
        if kind in _ARGUMENTS:
            if not more or not re.fullmatch(_ARGUMENTS[kind], more[0]):
                raise _unreadable(text)
            number = float(more.pop(0))
        elif status and more and more[0].startswith(_RETRY_AFTER):
            retry_after = more.pop(0).removeprefix(_RETRY_AFTER)
        if len(more) > 1 or (more and more[0] != "*" and not _is_count(more[0])):
            raise _unreadable(text)
        return cls(
            text=text,
            group=match["group"],
            method=match["method"],
            subject=match["subject"],
            kind=status[2] if status else kind,
            status=int(status[1]) if status else 0,
            number=number,
            retry_after=retry_after,
            times=1 if not more else inf if more[0] == "*" else int(more[0]),
            skip=skipped,
        )

    @property
    def bending(self) -> bool:
        """Whether it goes together with others; of the rest a request suffers one at most."""
        return self.kind in _BENDING

    def concerns(self, endpoint: str, subjects: Callable[[], Iterable[str]]) -> bool:
        """Tell whether a request to `endpoint`, such as `sites.create`, is one of its target."""
        group, _, method = endpoint.partition(".")
        if self.group != group and (self.group != "any" or group == "token"):
            return False
        if self.method not in (None, method):
            return False
        return self.subject is None or any(fnmatchcase(subject, self.subject) for subject in subjects())


@dataclass(frozen=True, slots=True)
class Faults:
    """A script of faults, in the order in which they are looked at."""

    faults: tuple[Fault, ...] = ()

    @classmethod
    def parse(cls, texts: Iterable[str]) -> Self:
        """Return the script that `texts` say, a fault each; raises UsageError."""
        return cls(tuple(Fault.parse(text) for text in texts))


@dataclass(slots=True)
class _Count:
    seen: int = 0
    happened: int = 0


@dataclass(slots=True)
class Script:
    """Faults as they happen: counts requests, and says what is due for each."""

    faults: Faults
    _counts: list[_Count] = field(init=False)

    def __post_init__(self) -> None:
        self._counts = [_Count() for _ in self.faults.faults]

    def due(self, endpoint: str, subjects: Callable[[], Iterable[str]]) -> tuple[Fault, ...]:
        """Return the faults of one request; one that has to stand back for another comes with the next."""
        due: list[Fault] = []
        for fault, count in zip(self.faults.faults, self._counts, strict=True):
            if not fault.concerns(endpoint, subjects):
                continue
            count.seen += 1
            stands_back = not fault.bending and not all(other.bending for other in due)
            if count.seen > fault.skip and count.happened < fault.times and not stands_back:
                count.happened += 1
                due.append(fault)
        return tuple(due)


def _known(group: str, method: str | None) -> bool:
    methods = {name for names in METHODS.values() for name in names} if group == "any" else METHODS.get(group, ())
    return bool(methods) and (method is None or method in methods)


def _is_count(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,9}", text) is not None


def _unreadable(text: str) -> UsageError:
    return UsageError(
        f"fault {text[:80]!r} can't be read: write TARGET:FAULT[:ARGUMENT][:TIMES][@SKIP], such as sites:503-after:2@1;"
        f" targets: any, {', '.join(METHODS)}, with .create .list .get .update .delete and /ID behind;"
        f" faults: <status>-before, <status>-after, {', '.join(KINDS)};"
        f" {', '.join(_ARGUMENTS)} need a number"
    )
