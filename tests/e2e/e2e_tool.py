"""The command as a process that is watched while it runs, in a folder of its own."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from called import Called, clean_environment

if sys.platform != "win32":
    import pty

LIMIT_S = 120.0
POLL_S = 0.002
QUICK = ("--rate", "1000/s", "--burst", "100", "--settle", "0.2", "--patience", "5", "--timeout", "5")
"""Options that let a run against a sandbox be over soon."""


@dataclass(slots=True)
class Tool:
    """`python -m migrate` in `folder`, with the variables in `env`."""

    folder: Path
    env: Mapping[str, str] = field(default_factory=dict)

    async def start(self, *words: str | Path, terminal: int | None = None) -> asyncio.subprocess.Process:
        """Start the command; a `terminal` is where it asks."""
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "migrate",
            *map(str, words),
            cwd=self.folder,
            env=clean_environment() | dict(self.env),
            stdin=asyncio.subprocess.DEVNULL if terminal is None else terminal,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE if terminal is None else terminal,
        )

    async def run(self, *words: str | Path) -> Called:
        return await ended(await self.start(*words))

    def runs(self) -> list[Path]:
        """The folders of all runs, oldest first; not those of runs that only begin."""
        return sorted((self.folder / "reports").glob("2*"))


async def ended(process: asyncio.subprocess.Process) -> Called:
    """Wait for a command; whatever it ended with, a traceback is a defect."""
    async with asyncio.timeout(LIMIT_S):
        out, err = await process.communicate()
    assert process.returncode is not None
    told = Called(process.returncode, out.decode(), (err or b"").decode())
    assert "Traceback" not in told.stdout + told.stderr, told.stderr
    return told


async def until(condition: Callable[[], bool], process: asyncio.subprocess.Process) -> bool:
    """Wait until the condition holds; False if the process has ended before."""
    async with asyncio.timeout(LIMIT_S):
        while not condition():
            if process.returncode is not None:
                return False
            await asyncio.sleep(POLL_S)
    return True


async def at_a_terminal(tool: Tool, *words: str, answer: str) -> tuple[Called, str]:
    """Run a command at a terminal, type `answer` at its question (`^C` interrupts it there); return its words too."""
    ours, theirs = pty.openpty()
    process = await tool.start(*words, terminal=theirs)
    os.close(theirs)
    shown = b""
    while b"[y/N]" not in shown:
        shown += await asyncio.to_thread(os.read, ours, 1024)
    if answer == "^C":
        process.send_signal(signal.SIGINT)
    else:
        os.write(ours, answer.encode() + b"\n")
    told = await ended(process)
    os.close(ours)
    return told, shown.decode().replace("\r\n", "\n")
