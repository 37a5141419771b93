"""What goes wrong: each request's fault follows from the scenario's seed and the request's number alone."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

SETTLE_S: Final = 5.0
TIMEOUT_S: Final = 4.0
LONGEST_LAG_S: Final = 4.5

# each may strike any request that changes something
_BEFORE = ("refused", "lost", "hangs", "html", "500", "503", "502", "408", "429", "401", "409", "422")
_AFTER = ("lost", "hangs", "html", "empty", "truncated", "500", "503", "504", "408", "409", "422", "slow", "too-slow")
# those that are a no about the record or the dealer are rarer: they end what could become interesting
_NOES = ("400", "403", "404")
# only those that change several devices
_BULK = (
    "partial",
    "shuffle",
    "drop",
    "extra",
    "twice",
    "no-echo",
    "wrong-counts",
    "item-no",
    "item-no-shuffled",
    "item-503",
    "no-id",
    "poison",
    "413",
    "no-and-id",
    "no-results",
)
_READ = ("refused", "lost", "hangs", "html", "500", "503", "429", "401", "truncated", "slow")
_TOKEN = ("500", "html", "lost", "refused", "hangs", "short", "silent")  # short-lived; nothing said of its life
_OUTAGES = ("refused", "lost", "503", "hangs", "html")
_RETRY_AFTER = ("2", "0", "-1", "soon", "1e9", None)


@dataclass(frozen=True)
class Fault:
    """`when`: before or after the server acts, late, or as it answers a bulk call; `late_s` after it has answered."""

    when: str
    kind: str
    late_s: float = 0.0
    retry_after: str | None = None
    pick: float = 0.0

    def __str__(self) -> str:
        late = f" by {self.late_s:.2f} s" if self.late_s else ""
        told = f" retry-after={self.retry_after}" if self.kind == "429" else ""
        return f"{self.when}:{self.kind}{late}{told}"


@dataclass(frozen=True)
class Outage:
    """While it lasts, every request gets the same: `refused`, `lost`, `503`, `hangs`, `html`; moments of the leg."""

    begins_s: float
    ends_s: float
    kind: str

    def __str__(self) -> str:
        return f"all {self.kind} from {self.begins_s:.1f} s to {self.ends_s:.1f} s"


@dataclass(frozen=True)
class Ending:
    """A `crash`, `stop` or full `disk` at a run's nth point; points are before and after each commit and each send."""

    kind: str
    at: int

    def __str__(self) -> str:
        return f"{self.kind} at point {self.at}"


@dataclass(frozen=True)
class Leg:
    """One run of the process, until it ends or is cut off."""

    ending: Ending | None
    outages: tuple[Outage, ...]
    gap_s: float

    def __str__(self) -> str:
        parts = [str(part) for part in (*self.outages, self.ending) if part is not None]
        return "; ".join(parts) or "to its end"


@dataclass
class Script:
    """All that goes wrong in a scenario; `kept` narrows it to the faults with these names (None: all)."""

    seed: int
    share: float
    may_be_too_late: bool
    may_lag: bool
    legs: tuple[Leg, ...]
    kept: frozenset[str] | None = None
    used: dict[str, str] = field(default_factory=dict)

    def has(self, name: str, text: object) -> bool:
        """Take note that a fault is due; return whether it may strike."""
        if self.kept is not None and name not in self.kept:
            return False
        self.used[name] = str(text)
        return True

    def fault(self, number: int, method: str, *, is_bulk: bool, where: str) -> Fault | None:
        rng = dice(self.seed, "fault", number)
        if rng.random() >= self.share:
            return None
        fault = self._drawn(rng, method, is_bulk=is_bulk)
        return fault if self.has(f"request {number}", f"{method} {where}: {fault}") else None

    def _drawn(self, rng: Random, method: str, *, is_bulk: bool) -> Fault:
        retry_after, pick = rng.choice(_RETRY_AFTER), rng.random()
        if method == "GET":
            return Fault("before", rng.choice(_READ), retry_after=retry_after)
        dice_roll = rng.random()
        if is_bulk and dice_roll < 0.4:
            return Fault("bulk", rng.choice(_BULK), pick=pick)
        if dice_roll < 0.6:
            return Fault("after", rng.choice(_AFTER), pick=pick)
        if dice_roll < 0.75:
            longest = 6 * SETTLE_S if self.may_be_too_late else 0.9 * SETTLE_S
            kind = rng.choice(("lost", "hangs", "503", "html"))
            return Fault("late", kind, late_s=rng.uniform(0.05, longest), pick=pick)
        kind = rng.choice(_NOES) if rng.random() < 0.1 else rng.choice(_BEFORE)
        return Fault("before", kind, retry_after=retry_after, pick=pick)

    def token_fault(self, number: int) -> str | None:
        """Return what goes wrong with the nth token."""
        rng = dice(self.seed, "token", number)
        kind = rng.choice(_TOKEN) if rng.random() < self.share / 2 else None
        return kind if kind is not None and self.has(f"token {number}", kind) else None

    def latency_s(self, number: int) -> tuple[float, float]:
        """Return how long a request takes to the server, and its answer back."""
        rng = dice(self.seed, "latency", number)
        slow = 3.0 if rng.random() < 0.05 else 0.1
        return rng.uniform(0.001, slow / 3), rng.uniform(0.001, slow / 3)

    def lag_s(self, number: int, longest_s: float) -> float:
        rng = dice(self.seed, "lag", number)
        return rng.uniform(0.0, longest_s) if self.may_lag and rng.random() < 0.5 else 0.0

    def commit_s(self, number: int) -> float:
        """Return how long the disk takes for a commit."""
        return dice(self.seed, "commit", number).choice((0.0, 0.001, 0.02))


def drawn(seed: int, kept: frozenset[str] | None = None) -> Script:
    """Return the script of a seed."""
    rng = dice(seed, "script")
    share = rng.choice((0.0, 0.05, 0.15, 0.3, 0.5))
    too_late, lag = rng.random() < 0.2, rng.random() < 0.4
    cut = rng.choice((0, 1, 1, 2, 3))
    legs = [_leg(rng, cut_off=number < cut) for number in range(cut + 1)]
    script = Script(seed, share, too_late, lag, (), kept)
    script.legs = tuple(_narrowed(script, number, leg) for number, leg in enumerate(legs))
    return script


def _leg(rng: Random, *, cut_off: bool) -> Leg:
    at = rng.randint(1, rng.choice((12, 40, 120)))
    ending = Ending(rng.choice(("crash", "crash", "crash", "stop", "disk")), at) if cut_off else None
    outages = tuple(_outage(rng) for _ in range(rng.choice((0, 0, 0, 0, 1, 2))))
    return Leg(ending, outages, rng.choice((0.0, 0.01, 1.0, 60.0)))


def _outage(rng: Random) -> Outage:
    begins = rng.uniform(0.0, 8.0)
    return Outage(begins, begins + rng.choice((0.5, 3.0, 20.0, 90.0)), rng.choice(_OUTAGES))


def _narrowed(script: Script, number: int, leg: Leg) -> Leg:
    ending = leg.ending if leg.ending is not None and script.has(f"end of leg {number}", leg.ending) else None
    outages = [one for at, one in enumerate(leg.outages) if script.has(f"outage {number}.{at}", one)]
    return Leg(ending, tuple(outages), leg.gap_s)


def shrunk(script: Script, *, fails: Callable[[frozenset[str]], bool]) -> frozenset[str]:
    """Return names of faults without any of which the scenario would not fail any more, as far as one look tells."""
    names = frozenset(script.used)
    size = max(1, len(names) // 2)
    while True:
        ordered = sorted(names)
        for begin in range(0, len(ordered), size):
            fewer = names - set(ordered[begin : begin + size])
            if fewer != names and fails(fewer):
                names = fewer
        if size == 1:
            return names
        size //= 2


def dice(*parts: Any) -> Random:
    return Random("/".join(map(str, parts)))  # noqa: S311 - chance that can be repeated
