"""What the refusal of each hostile file takes: `PYTHONPATH=tests/hostile python benchmarks/hostile.py [NAME...]`.

Memory is the peak of the command and that of the process in which it parses a workbook, each. Processor time, of both,
is judged without what the command takes to refuse an empty file; the time on the clock stands beside it. Exits with 1
where a file is not refused with the words that it must be, or beyond the limits. A file that is only made to take long
is read, within the same limits.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hostile_files import Hostile, hostile_files

ROOT = Path(__file__).resolve().parent.parent
MOST_S = 2.0
CLOCK_MOST_S = 30.0
MOST_BYTES = 300 * 1024**2
LOOK_EVERY_S = 0.005
MIB = 1024**2


@dataclass(frozen=True, slots=True)
class Taken:
    """What a command took, and what it said."""

    seconds: float
    cpu_s: float
    tool_bytes: int
    parser_bytes: int
    said: str
    exit_code: int


def inspect(path: Path, folder: Path) -> Taken:
    """Run `inspect` on a file and watch it."""
    command = [sys.executable, "-m", "migrate", "inspect", path.name]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    started, cpu_before = time.monotonic(), _cpu_s()
    with (folder / "said").open("w+", encoding="utf-8") as said:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=said)
        peaks: dict[int, int] = {}
        while process.poll() is None:
            for pid in (process.pid, *_children(process.pid)):
                peaks[pid] = max(peaks.get(pid, 0), _peak_bytes(pid))
            time.sleep(LOOK_EVERY_S)
        seconds = time.monotonic() - started
        said.seek(0)
        text = said.read()
    tool = peaks.pop(process.pid, 0)
    return Taken(seconds, _cpu_s() - cpu_before, tool, max(peaks.values(), default=0), text, process.returncode)


def _cpu_s() -> float:
    """Return the processor time of all processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    return []


def _peak_bytes(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


def _failures(hostile: Hostile, taken: Taken, *, idle_s: float) -> str:
    """Return what is not as it must be, in a word each."""
    failed = {
        "words": hostile.says not in taken.said,
        "code": taken.exit_code != (2 if hostile.says else 0),
        "lines": taken.said.count("\n") > 2,
        "time": taken.cpu_s - idle_s > MOST_S or taken.seconds > CLOCK_MOST_S,
        "memory": max(taken.tool_bytes, taken.parser_bytes) > MOST_BYTES,
    }
    return " ".join(word for word, is_so in failed.items() if is_so)


def main(names: list[str]) -> int:
    """Print a line for each file; return the exit code."""
    all_good = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "empty.csv").touch()
        idle_s = min(inspect(folder / "empty.csv", folder).cpu_s for _ in range(3))
        print(
            f"an empty file: {idle_s:.2f} s of CPU; more than that by at most {MOST_S} s, and {MOST_BYTES // MIB} MiB"
        )
        print(f"{'file':32} {'KiB':>9} {'s':>6} {'CPU s':>6} {'tool':>5} {'parser':>6} MiB  refusal")
        for hostile in hostile_files():
            if names and hostile.name not in names:
                continue
            path = hostile.write(folder)
            taken = inspect(path, folder)
            failed = _failures(hostile, taken, idle_s=idle_s)
            all_good = all_good and not failed
            said = taken.said.partition("\n")[0].partition(f"{hostile.name}: ")[2]
            size, tool, parser = path.stat().st_size // 1024, taken.tool_bytes // MIB, taken.parser_bytes // MIB
            print(
                f"{hostile.name:32} {size:9,} {taken.seconds:6.2f} {taken.cpu_s:6.2f} {tool:5} {parser:6}      "
                f"{said[:90]}{f'   FAILED: {failed}' if failed else ''}",
                flush=True,
            )
            path.unlink()
    return 0 if all_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
