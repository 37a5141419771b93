"""ListQuery: the query parameters of the list endpoints (seed: overview)."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from migrate.errors import UsageError

Operator = Literal["eq", "neq", "lt", "lte", "gt", "gte", "regex"]


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What to list: `fields` by name, rows that pass all `filters` (column, value, operator), sorted, one page.

    Raises UsageError for a column or value with a comma, which the API's syntax can't say.
    """

    fields: tuple[str, ...] = ()
    filters: tuple[tuple[str, str, Operator], ...] = ()
    sort: str | None = None
    dir: Literal["asc", "desc"] | None = None
    limit: int | None = None
    offset: int | None = None

    def __post_init__(self) -> None:
        texts = [*self.fields, *(text for column, value, _ in self.filters for text in (column, value))]
        for text in texts:
            if "," in text:
                raise UsageError(f"a query can't say {text[:80]!r}: the comma parts column, value and operator")

    def encoded(self) -> str:
        """Return the query string, empty if nothing is asked."""
        pairs = [("fields", ",".join(self.fields))] if self.fields else []
        pairs += [("filter", ",".join(parts)) for parts in self.filters]
        rest = {"sort": self.sort, "dir": self.dir, "limit": self.limit, "offset": self.offset}
        pairs += [(name, str(value)) for name, value in rest.items() if value is not None]
        return urlencode(pairs, safe=",")
