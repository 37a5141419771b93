"""To go: the requests that the plan holds for each site, told as they are done or fall away."""

from collections.abc import Callable, Mapping, Sequence
from math import ceil
from typing import Self

import polars as pl

from migrate.pipeline.device_jobs import count_creates
from migrate.pipeline.jobs import SiteUnit, requests_by_site
from migrate.planning.estimate import ACTIVATION_REQUESTS


class Sites:
    """How far the sites of a run are, which are sent side by side.

    In requests: `waiting` is planned for sites that have not begun, `judged` was planned for those of which a request
    has been answered, and `fell_away` is what of that nobody needs, as the site did not make it.
    """

    def __init__(self, requests: Sequence[int] = ()) -> None:
        self._requests = requests
        self._begun = 0
        self.waiting = sum(requests)
        self.under_way: set[ToGo] = set()
        self.judged = self.fell_away = 0.0

    @classmethod
    def of(cls, records: Mapping[str, pl.DataFrame], *, batch_size: int) -> Self:
        """Return the sites of a plan, none of which has begun."""
        return cls(requests_by_site(records, batch_size=batch_size).to_list())

    def pass_by(self, requests: int, *, left: Sequence[int]) -> None:
        """Take note of sites that were made before: `requests` were planned for them, and `left` is for the others."""
        self._requests, self.waiting = left, sum(left)
        self.judged += requests

    def last(self, number: int) -> Sequence[int]:
        """Return what is planned for the last sites that have not begun, for so many at most."""
        return self._requests[max(self._begun, len(self._requests) - number) :]

    def begin(self, site: "ToGo") -> None:
        """Let the next site begin."""
        self.waiting -= sum(self._requests[self._begun : self._begun + 1])
        self._begun += 1
        self.under_way.add(site)

    def end(self, site: "ToGo", *, made: bool) -> None:
        """Take note of a site that is over, and of whether it made it."""
        self.fell_away += 0 if made else site.left
        self.under_way.discard(site)


class ToGo:
    """What is still to be sent for a unit, as the plan's estimate counts it; sendings again are none of the plan's."""

    def __init__(self, unit: SiteUnit, *, batch_size: int, done: Callable[[float], None], sites: Sites) -> None:
        self._devices, creates = len(unit.devices), count_creates(unit.devices)
        self._batches = ceil(creates / batch_size) + ceil((self._devices - creates) / batch_size)
        steps = (unit.job is not None) + (unit.arming is not None)
        self._planned = steps + self._batches + ACTIVATION_REQUESTS * (unit.activate is not None)
        self.left: float = self._planned
        self._done = done
        self._sites = sites
        sites.begin(self)

    def done(self, requests: float = 1) -> None:
        """Take note of requests that are answered."""
        if self.left == self._planned:
            self._sites.judged += self._planned
        number = min(requests, self.left)
        self.left -= number
        self._done(number)

    def devices_done(self, number: int) -> None:
        """Take note of devices that are answered for, in batches as large as the plan's or smaller ones."""
        self.done(self._batches * number / self._devices)

    def end(self, *, made: bool) -> None:
        """Nothing more is sent for this unit; `made`: its site is there."""
        if not made:
            self.done()
        self._sites.end(self, made=made)
        self.done(self.left)
