"""Runs on a disk that fails at its n-th durable step, one after the other in this process; a JSON line for each.

`python every_write.py FOLDER FIRST STEP [ERRNO...]` under LD_PRELOAD of failing_disk: n is FIRST, FIRST + STEP, ...
until a run ends without the fault. What is wrong after a run stands under `wrong`.
"""

import asyncio
import ctypes
import errno
import json
import os
import sqlite3
import sys
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path

from called import outcomes_of, run_json
from e2e_inventory import write_inventory

from migrate.app.driving import Driving
from migrate.app.fresh import apply_files
from migrate.app.going_on import report, resume
from migrate.app.options import Options
from migrate.app.rehearse import sandbox_settings
from migrate.app.runs import known_runs
from migrate.errors import MigrateError
from migrate.mapping.mapping import Mapping
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox

SITES, DEVICES = 1, 2
RECORDS = 1 + SITES + SITES * DEVICES
LASTS = {errno.ENOSPC}
"""A disk that is full stays full; other errors come once, and a sync that failed is not to be tried again."""
OPTIONS = Options(rate="1000/s", burst=100, settle=0.05, batch_size=1)

Told = dict[str, object]


class Disk:
    """The preloaded disk."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None)
        self._library.disk_step.restype = ctypes.c_char_p

    def arm(self, folder: Path, n: int, error: int) -> None:
        self._library.disk_arm(str(folder).encode(), ctypes.c_long(n), error, int(error in LASTS))

    def disarm(self) -> str:
        """Let it work again; returns what it failed at, empty if it did not come to that."""
        self._library.disk_disarm()
        step: bytes = self._library.disk_step()
        return step.decode()


class Case:
    """One run on a failing disk, and what is right after it."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self.folder = folder
        self.out = folder / "failing" / "reports"
        self.sandbox = sandbox
        self.settings = sandbox_settings(sandbox)
        self.words = write_inventory(folder, sites=SITES, devices=DEVICES)
        locks = folder / "failing" / "tmp"
        locks.mkdir(parents=True)
        tempfile.tempdir = str(locks)

    async def apply(self) -> tuple[int, str]:
        """Return the exit code and the message."""
        files = [self.folder / name for name in self.words[:3]]
        mapping = Mapping.load(self.folder / "mapping.toml")
        try:
            run = await apply_files(files, mapping, self.settings, out=self.out, options=OPTIONS, driving=Driving())
        except MigrateError as error:
            return error.exit_code, str(error)
        return run.exit_code, str(run.error or "")

    async def wrong(self, exit_code: int, message: str, *, lasting: bool) -> list[str]:
        """Return what is not as it must be, with a disk that works again."""
        found: list[str] = []
        if exit_code not in {0, 2, 4} or (exit_code and not 1 <= len(message.splitlines()) <= 2):
            found.append(f"exit code {exit_code}: {message}")
        found += self._unannounced()
        runs = known_runs(self.out)
        if not runs and (self._written() or exit_code != 2):
            found.append(f"exit code {exit_code}, {self._written()} requests, and no run")
        if runs and exit_code == 2:
            found.append(f"exit code 2, and a run is left: {message}")
        if runs:
            found += await self._gone_on_with(lasting=lasting)
        return found

    async def _gone_on_with(self, *, lasting: bool) -> list[str]:
        (run,) = known_runs(self.out)
        found = []
        if run.facts["state"] == "running" and not lasting:
            found.append("run.json still says running")
        if run.has_journal:
            report_of = report(run) if self._was_read() else None
            if report_of is not None and sum(outcomes_of(run.folder).values()) != RECORDS:
                found.append(f"report tells {outcomes_of(run.folder)}")
        resumed = await resume(known_runs(self.out)[0], self.settings, driving=Driving())
        told = (resumed.exit_code, run_json(run.folder)["state"], outcomes_of(run.folder))
        if told != (0, "finished", Counter(created=RECORDS)):
            found.append(f"resume: {told} {resumed.error}")
        state = self.sandbox.state()
        numbers = [len(state[kind]) for kind in ("stations", "sites", "devices")]
        if numbers != [1, SITES, SITES * DEVICES]:
            found.append(f"the sandbox has {numbers}")
        left = [path.name for path in self.out.rglob(".*")]
        return found + [f"left behind: {left}"] * bool(left)

    def _written(self) -> int:
        return sum(number for method, number in self.sandbox.history.methods.items() if method != "GET")

    def _unannounced(self) -> list[str]:
        """Return the requests that were sent without standing in the journal."""
        announced: set[str] = set()
        for path in self.out.glob("2*/journal.sqlite"):
            with closing(sqlite3.connect(path)) as journal:
                announced.update(trace for (trace,) in journal.execute("SELECT trace_id FROM intent"))
        return [
            f"{request.endpoint} was not announced"
            for request in self.sandbox.history
            if request.method != "GET"
            and request.endpoint != "token.create"
            and request.headers["x-partner-trace-id"] not in announced
        ]

    def _was_read(self) -> bool:
        (path,) = self.out.glob("2*/journal.sqlite")
        with closing(sqlite3.connect(path)) as journal:
            return journal.execute("SELECT 1 FROM meta WHERE key = 'read'").fetchone() is not None


async def one(folder: Path, disk: Disk, n: int, error: int) -> Told:
    """Let the n-th step fail; what the disk failed at is empty once a run has fewer steps."""
    async with Sandbox(SandboxOptions(rate=None)) as sandbox:
        case = Case(folder, sandbox)
        disk.arm(folder / "failing", n, error)
        wrong: list[str]
        try:
            exit_code, message = await case.apply()
        except Exception as raised:  # noqa: BLE001 - that is what is looked for
            exit_code, message = 70, repr(raised)
        failed_at = disk.disarm()
        try:
            wrong = await case.wrong(exit_code, message, lasting=error in LASTS)
        except Exception as raised:  # noqa: BLE001 - that too
            wrong = [f"afterwards: {raised!r}"]
    return {
        "n": n,
        "errno": errno.errorcode[error],
        "at": failed_at,
        "exit_code": exit_code,
        "said": message,
        "wrong": wrong,
    }


def main() -> None:
    folder, first, step = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    disk = Disk()
    for name in sys.argv[4:]:
        n, failed = first, True
        while failed:
            own = folder / f"{name}-{n}"
            own.mkdir()
            told = asyncio.run(one(own, disk, n, getattr(errno, name)))
            sys.stdout.write(json.dumps(told) + "\n")
            sys.stdout.flush()
            failed, n = bool(told["at"]), n + step


if __name__ == "__main__":
    os.umask(0o022)
    main()
