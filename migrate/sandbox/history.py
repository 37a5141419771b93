"""History: what was asked, what was answered, what was done; the oracle of tests."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Request:
    """One request; `status` is None until it is answered, and stays so where no answer was sent.

    `body` is the parsed JSON, the raw bytes where it is none, None for a token's. `committed` says that the store has
    changed, `faults` what went wrong on purpose.
    """

    at_s: float
    endpoint: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: Any = None
    committed: bool = False
    status: int | None = None
    faults: tuple[str, ...] = ()


class History:
    """The last requests, oldest first, and counts of all of them."""

    def __init__(self, size: int) -> None:
        self._requests: deque[Request] = deque(maxlen=size)
        self.methods: Counter[str] = Counter()
        """Method → number of requests, those for tokens aside."""
        self.in_flight = 0
        self.most_in_flight = 0

    def __len__(self) -> int:
        return len(self._requests)

    def __iter__(self) -> Iterator[Request]:
        return iter(self._requests)

    def of(self, endpoint: str) -> list[Request]:
        """Return the requests to an endpoint, such as `sites.create`."""
        return [request for request in self._requests if request.endpoint == endpoint]

    def arrived(self, request: Request) -> None:
        """Note a request."""
        self._requests.append(request)
        if not request.endpoint.startswith("token."):
            self.methods[request.method] += 1
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)

    def left(self) -> None:
        """Note that a request is done with."""
        self.in_flight -= 1
