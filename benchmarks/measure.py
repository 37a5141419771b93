"""Measure: a command's processor time, time on the clock and peak memory, as the kernel counts them, in rounds.

Processor time (user and system, of the command and of what it started) is the first figure, since other work on the
machine hardly moves it; the time on the clock is the second.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
LIMIT_S = 3600.0

# A child's peak is never counted below what its parent held when it began: so what begins it must be small.
_LAUNCH = """
import json, os, subprocess, sys, time
began = time.monotonic()
with open(sys.argv[1], "wb") as out, open(sys.argv[2], "wb") as err:
    process = subprocess.Popen(sys.argv[3:], stdin=subprocess.DEVNULL, stdout=out, stderr=err)
    _, status, used = os.wait4(process.pid, 0)
wall_s = time.monotonic() - began
code = os.waitstatus_to_exitcode(status)
print(json.dumps([used.ru_utime + used.ru_stime, wall_s, used.ru_maxrss * 1024, code]))
"""


@dataclass(frozen=True, slots=True)
class Command:
    """What is run, where, and with which exit codes it has done its work; `env` comes on top of this process's."""

    words: Sequence[str]
    folder: Path
    env: Mapping[str, str] | None = None
    good: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True)
class Used:
    """What a command took; where it had several processes, the peak is that of the largest."""

    cpu_s: float
    wall_s: float
    peak_bytes: int
    stdout: str


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of several figures, and the ends."""

    middle: float
    least: float
    most: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> "Spread":
        return cls(median(figures), min(figures), max(figures))

    def shown(self, digits: int = 2, unit: str = "") -> str:
        """Return the middle, and the ends in brackets."""
        after = f" {unit}" if unit else ""
        return f"{self.middle:,.{digits}f}{after} ({self.least:,.{digits}f}-{self.most:,.{digits}f})"


def cpu_s(used: Used) -> float:
    """Return the processor time."""
    return used.cpu_s


def wall_s(used: Used) -> float:
    """Return the time on the clock."""
    return used.wall_s


def figures(of: Callable[[Used], float], used: Sequence[Used], *, idle: Sequence[Used] = ()) -> list[float]:
    """Return a figure of each round, without what `idle`, which does nothing but start, takes in the middle."""
    without = median(map(of, idle)) if idle else 0.0
    return [of(one) - without for one in used]


def ratio(
    of: Callable[[Used], float], used: Sequence[Used], base: Sequence[Used], *, idle: Sequence[Used] = ()
) -> Spread:
    """Return how many times the base's figure ours is, round by round; the base goes without `idle`, ours doesn't."""
    pairs = zip(figures(of, used), figures(of, base, idle=idle), strict=True)
    return Spread.of([ours / theirs for ours, theirs in pairs])


def tool(*words: str | Path, folder: Path, env: Mapping[str, str] | None = None) -> Command:
    """Return a command of the tool; rows that need attention (exit code 1) are no failure of a benchmark."""
    return Command([sys.executable, "-m", "migrate", *map(str, words)], folder, env, good=(0, 1))


def python(code: str, *words: str | Path, folder: Path) -> Command:
    """Return a command that runs a few lines of Python."""
    return Command([sys.executable, "-c", code, *map(str, words)], folder)


def surroundings() -> dict[str, str]:
    """Return the environment of what is measured: none of our settings, nor what polars, imported here, has set."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("CHEKT_", "_RJEM_"))}
    return env | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "NO_COLOR": "1"}


def run(command: Command) -> Used:
    """Run a command to its end; raise RuntimeError, with its last words, if it did not do its work."""
    env = {**surroundings(), **(command.env or {})}
    out, err = command.folder / ".said", command.folder / ".complained"
    launch = [sys.executable, "-I", "-S", "-c", _LAUNCH, str(out), str(err), *command.words]
    done = subprocess.run(
        launch, cwd=command.folder, env=env, capture_output=True, text=True, check=True, timeout=LIMIT_S
    )
    cpu_s, wall_s, peak_bytes, code = json.loads(done.stdout)
    if code not in command.good:
        last = err.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise RuntimeError(f"{' '.join(command.words)[:200]} ended with {code}: {last}")
    return Used(cpu_s, wall_s, peak_bytes, out.read_text(encoding="utf-8", errors="replace"))


def interleaved(commands: Mapping[str, Command], *, rounds: int = ROUNDS) -> dict[str, list[Used]]:
    """Run all commands in turn, `rounds` times, so that what else the machine does falls on each alike."""
    used: dict[str, list[Used]] = {name: [] for name in commands}
    for number in range(rounds):
        for name, command in commands.items():
            used[name].append(run(command))
            print(
                f"  round {number + 1}/{rounds} {name}: {used[name][-1].cpu_s:.2f} s CPU, "
                f"{used[name][-1].wall_s:.2f} s, {used[name][-1].peak_bytes / 1e6:.0f} MB",
                file=sys.stderr,
                flush=True,
            )
    return used
