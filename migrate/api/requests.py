"""Requests: what is sent, as values; nothing is sent here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final
from urllib.parse import quote

import orjson

from migrate.api.query import ListQuery
from migrate.errors import UsageError
from migrate.model.trace import new_trace_id

Body = Mapping[str, Any]

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Request:
    """One request to the API; `path` is quoted and stands in logs, `query` doesn't.

    `repeatable` says that the server may get it twice without harm. `answers` says whether the answer has a body.
    `authorized` requests carry the access token, count and are logged as calls of the API. `form` writes a body anew
    for each sending.
    """

    method: str
    origin: str
    path: str
    query: str = field(default="", repr=False)
    body: bytes | None = field(default=None, repr=False)
    content_type: str = JSON
    repeatable: bool = False
    answers: bool = True
    authorized: bool = True
    idempotency_key: str | None = None
    form: Callable[[], bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """The whole URL."""
        return f"{self.origin}{self.path}?{self.query}" if self.query else f"{self.origin}{self.path}"

    def content(self) -> bytes | None:
        """Return the body for one sending."""
        return self.body if self.form is None else self.form()

    @property
    def writes(self) -> bool:
        """Whether it changes something."""
        return self.method != "GET" and self.authorized


class Requests:
    """Builds the requests about one dealer; `parts` are what follows the dealer in the path."""

    def __init__(self, origin: str, dealer_id: str) -> None:
        self._origin = origin
        self._root = f"/partner/v1/dealers/{_segment(dealer_id)}"

    def get(self, *parts: str | int, query: ListQuery | None = None) -> Request:
        """Build a read."""
        encoded = query.encoded() if query else ""
        return Request("GET", self._origin, self._path(parts), query=encoded, repeatable=True)

    def create(self, *parts: str | int, body: Body | Sequence[Body] | bytes) -> Request:
        """Build a create; the same create always has the same idempotency key."""
        path, data = self._path(parts), body if isinstance(body, bytes) else orjson.dumps(_without(body, None, ""))
        key = blake2b(f"POST {path}\n".encode() + data, digest_size=32).hexdigest()
        return Request("POST", self._origin, path, body=data, idempotency_key=key)

    def change(
        self, method: str, *parts: str | int, body: Body | Sequence[Body] | None = None, repeatable: bool = True
    ) -> Request:
        """Build another write.

        Its idempotency key is its own: an answer kept from an earlier, equal write would hide that values went there
        and back in between.
        """
        return Request(
            method,
            self._origin,
            self._path(parts),
            body=None if body is None else orjson.dumps(_without(body, None)),
            repeatable=repeatable,
            answers=method != "DELETE",
            idempotency_key=new_trace_id(),
        )

    def _path(self, parts: tuple[str | int, ...]) -> str:
        return "/".join((self._root, *(_segment(part) for part in parts)))


def _segment(part: str | int) -> str:
    """Return `part` as one segment of a path."""
    return str(part) if isinstance(part, int) else _quoted(part)


@lru_cache(maxsize=64)  # most parts are the same few words
def _quoted(text: str) -> str:
    if text in {"", ".", ".."}:
        raise UsageError(f"{text!r} is not an id")
    return quote(text, safe="")


def _without(body: Body | Sequence[Body], *unsaid: str | None) -> Body | list[Body]:
    if isinstance(body, Mapping):
        return {name: value for name, value in body.items() if value not in unsaid}
    return [{name: value for name, value in item.items() if value not in unsaid} for item in body]
