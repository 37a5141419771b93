"""A process that is watched: one that takes more time or memory than it may is ended."""

import ctypes
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal

Ending = Literal["by itself", "too slow", "too large"]

_LOOK_EVERY_S = 0.05
_KIB = 1024
_QUERY_LIMITED_INFORMATION = 0x1000


def run_watched(command: Sequence[str], *, environment: Mapping[str, str], limit_s: float, limit_bytes: int) -> Ending:
    """Run a silent command; return what ended it. It doesn't outlive the call, whatever interrupts that."""
    with subprocess.Popen(  # noqa: S603 - the caller's own command
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            return _watch(process, end=time.monotonic() + limit_s, limit_bytes=limit_bytes)
        finally:
            process.kill()


def _watch(process: "subprocess.Popen[bytes]", *, end: float, limit_bytes: int) -> Ending:
    while True:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_LOOK_EVERY_S)
            return "by itself"
        if resident_bytes(process.pid) > limit_bytes:
            return "too large"
        if time.monotonic() > end:
            return "too slow"


if sys.platform == "win32":

    class _Counters(ctypes.Structure):
        """PROCESS_MEMORY_COUNTERS of psapi.h."""

        _fields_ = [
            ("cb", ctypes.c_uint32),
            ("PageFaultCount", ctypes.c_uint32),
            ("PeakWorkingSetSize", ctypes.c_size_t),
            ("WorkingSetSize", ctypes.c_size_t),
            *((name, ctypes.c_size_t) for name in ("a", "b", "c", "d", "PagefileUsage", "PeakPagefileUsage")),
        ]

    def resident_bytes(pid: int) -> int:
        """Return the memory that a process of ours holds; 0 where that can't be told."""
        kernel = ctypes.WinDLL("kernel32")
        kernel.OpenProcess.restype = ctypes.c_void_p
        handle = ctypes.c_void_p(kernel.OpenProcess(_QUERY_LIMITED_INFORMATION, False, pid))
        counters = _Counters(cb=ctypes.sizeof(_Counters))
        kernel.K32GetProcessMemoryInfo(handle, ctypes.byref(counters), counters.cb)
        kernel.CloseHandle(handle)
        return max(int(counters.WorkingSetSize), int(counters.PagefileUsage))

elif sys.platform == "darwin":

    def resident_bytes(pid: int) -> int:
        """Return the memory that a process of ours holds; 0 where that can't be told."""
        told = subprocess.run(  # noqa: S603 - the system's own command
            ["/bin/ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=False
        )
        return int(told.stdout.strip() or 0) * _KIB

else:

    def resident_bytes(pid: int) -> int:
        """Return the memory that a process of ours holds; 0 where that can't be told."""
        try:
            pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        except (OSError, IndexError, ValueError):
            return 0
        return pages * os.sysconf("SC_PAGE_SIZE")
