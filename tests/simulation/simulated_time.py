"""A loop in which time passes only by waiting: the clock jumps to the next timer when nothing else is to be done."""

import asyncio


class SimulatedLoop(asyncio.SelectorEventLoop):
    """What happens at which moment depends on nothing but what the tasks ask for."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 1_000.0

    def time(self) -> float:
        return self._now

    def _run_once(self) -> None:
        self._now += 1e-8  # a timer a hair away would otherwise never come
        if not self._ready:  # type: ignore[attr-defined]
            timers = self._scheduled  # type: ignore[attr-defined]  # the only place to see the next timer
            due = (timer.when() for timer in timers if not timer.cancelled())  # for one that is, the clock would wait
            self._now = max(self._now, min(due, default=0.0))
        super()._run_once()  # type: ignore[misc]


def now() -> float:
    return asyncio.get_running_loop().time()
