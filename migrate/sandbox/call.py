"""Call and Answer: what goes into an endpoint and what comes out of it, without HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.problem import Problem
from migrate.sandbox.resources import Resource
from migrate.sandbox.store import Row, Store


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was let in: of which dealer, about what, with which parsed body.

    `ids` are the ids of the path behind the dealer's, the site's first. `now` is when it is carried out, written as
    `created_at`; lists lack what was made at `unseen_from` or later.
    """

    store: Store
    options: SandboxOptions
    dealer_id: str
    ids: tuple[int, ...]
    params: tuple[tuple[str, str], ...]
    body: Any
    now: str = ""
    unseen_from: str | None = None

    def owner(self, resource: Resource) -> str | int:
        """Return whose things of this kind the call is about: the dealer's or the site's."""
        return self.dealer_id if resource.owner == "dealer_id" else self.ids[0]

    def find(self, resource: Resource, key: int) -> Row:
        """Return one of the owner's rows; raises Problem where there is none."""
        row = self.store.find(resource, self.owner(resource), key)
        if row is None:
            raise Problem(404, f"{resource.record.name} {key} does not exist")
        return row


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back; `body` is made JSON, unless it is text: then it is HTML. None is no body."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    sent: Literal["whole", "half", "nothing"] = "whole"


def told(resource: Resource, row: Row) -> Row:
    """Return of a row what an answer tells."""
    return {name: row[name] for name in resource.columns}


def no(problem: Problem) -> Answer:
    """Return how the API says no."""
    return Answer(problem.status, {"error_message": problem.message}, problem.headers)
