"""To go: the requests that the plan holds for one site, told as they are done or fall away."""

from collections.abc import Callable
from math import ceil

from migrate.pipeline.device_jobs import count_creates
from migrate.pipeline.jobs import SiteUnit
from migrate.planning.estimate import ACTIVATION_REQUESTS


class ToGo:
    """What is still to be sent for a unit, as the plan's estimate counts it; sendings again are none of the plan's."""

    def __init__(self, unit: SiteUnit, *, batch_size: int, done: Callable[[float], None]) -> None:
        self._devices, creates = len(unit.devices), count_creates(unit.devices)
        self._batches = ceil(creates / batch_size) + ceil((self._devices - creates) / batch_size)
        steps = (unit.job is not None) + (unit.arming is not None)
        self._left: float = steps + self._batches + ACTIVATION_REQUESTS * (unit.activate is not None)
        self._done = done

    def done(self, requests: float = 1) -> None:
        """Take note of requests that are answered."""
        number = min(requests, self._left)
        self._left -= number
        self._done(number)

    def devices_done(self, number: int) -> None:
        """Take note of devices that are answered for, in batches as large as the plan's or smaller ones."""
        self.done(self._batches * number / self._devices)

    def end(self) -> None:
        """Nothing more is sent for this unit."""
        self.done(self._left)
