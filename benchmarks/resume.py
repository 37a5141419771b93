"""Going on with a half-done run: what `resume` takes to its first request: `python -m benchmarks.resume [--rows N]`.

`apply` into a server that does next to nothing is killed after half of its requests. The server then holds whatever is
to be written, so that each round finds the same run at the same dealer: the clock stops, and processor time and peak
memory of `resume` are read, when its first request to write is there. What it reads before is answered.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.dealer_server import Running, running
from benchmarks.inventories import make
from benchmarks.measure import Spread, Used, cpu_s, figures, surroundings, wall_s
from benchmarks.results import LARGE, Result, parser, show

ROWS, CAMERAS, ROUNDS = 1_000_000, 20, 5
MOST_S = 10.0
OPTIONS = ("--yes", "--rate", "100000/s", "--burst", "1000", "--concurrency", "16")
LOOK_S, LIMIT_S = 0.1, 600.0
END_S = 2.0
"""In which the server ends what it was asked: for what is in doubt and not there, `resume` waits as `--settle` says."""


def half_done(folder: Path, server: Running, *, requests: int) -> dict[str, int]:
    """Leave a run that was killed once the server had answered so many requests to write; return what it counted."""
    process = _started(folder, server, "apply", "inventory.csv", "-m", "mapping.toml", *OPTIONS)
    while _written(server.counts()) < requests:
        if process.poll() is not None:
            raise RuntimeError(f"apply ended with {process.returncode} before half of it was done")
        time.sleep(LOOK_S)
    _kill(process)
    time.sleep(END_S)
    server.hold()
    return server.counts()


def to_first_request(folder: Path, server: Running) -> Used:
    """Return what `resume` has taken when its first request to write is there."""
    server.hold()
    began = time.monotonic()
    process = _started(folder, server, "resume", "last")
    try:
        server.wait_held(timeout_s=LIMIT_S)
        return Used(_cpu_s(process.pid), time.monotonic() - began, _peak_bytes(process.pid), "")
    finally:
        _kill(process)


def _started(folder: Path, server: Running, *words: str) -> "subprocess.Popen[bytes]":
    env = {**surroundings(), **server.env}
    command, quiet = [sys.executable, "-m", "migrate", *words], subprocess.DEVNULL
    return subprocess.Popen(command, cwd=folder, env=env, stdin=quiet, stdout=quiet, stderr=quiet)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def _written(counts: dict[str, int]) -> int:
    return sum(number for kind, number in counts.items() if kind.startswith("POST"))


def _cpu_s(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _peak_bytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def main() -> None:
    """Measure and print."""
    options = parser(__doc__, rounds=ROUNDS)
    options.add_argument("--rows", type=int, default=ROWS, help=f"devices, {CAMERAS} to a site ({ROWS:,})")
    args = options.parse_args()
    sites = -(-args.rows // CAMERAS)
    with tempfile.TemporaryDirectory() as name, running() as server:
        folder = Path(name)
        make(folder, rows=args.rows, cameras=CAMERAS)
        counts = half_done(folder, server, requests=sites)  # of a create and a batch of devices for each
        (folder / "reports").rename(folder / "kept")
        used = []
        for _ in range(args.rounds):
            shutil.rmtree(folder / "reports", ignore_errors=True)
            shutil.copytree(folder / "kept", folder / "reports")
            used.append(to_first_request(folder, server))
    wall, cpu = Spread.of(figures(wall_s, used)), Spread.of(figures(cpu_s, used))
    peak = Spread.of([one.peak_bytes / 1e6 for one in used])
    result = Result(
        LARGE,
        f"`resume` of {args.rows:,} devices, half of them sent: time to the first request that writes",
        f"{wall.shown(1, 's')}, CPU {cpu.shown(1, 's')}, {peak.shown(0, 'MB')}",
        "-",
        wall.middle,
        f"{wall.middle:.1f} s",
        most=MOST_S,
        unit="s",
    )
    setting = f"{args.rounds} rounds, {sites:,} sites, killed after {_written(counts):,} of {2 * sites:,} requests"
    show([result], setting=setting, as_json=args.json)


if __name__ == "__main__":
    main()
