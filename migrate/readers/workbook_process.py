"""The process that a workbook is parsed in: one that hangs, aborts or eats memory takes nothing else with it.

`python -m migrate.readers.workbook_process FILE KIND FOLDER BYTES [ENCODING]` leaves `answer.json` in the folder, and
beside it the frame and the notes of each sheet as Arrow IPC files. Where there is no answer, it could not be read.
BYTES is the size that it unpacks to, ENCODING what the caller knows of a web page.
"""

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from migrate.readers import formats_html, formats_ods, formats_spreadsheetml, formats_xls, formats_xlsb, formats_xlsx
from migrate.readers.cells import Sheet
from migrate.readers.limits import PROTECTED, Unreadable, memory_limit, time_limit_s
from migrate.readers.ole import OLE, is_protected
from migrate.readers.showing import to_grid
from migrate.readers.watched import resident_bytes
from migrate.readers.workbook import ANSWER

with contextlib.suppress(ImportError):  # not on Windows
    import resource

_READERS: dict[str, Callable[[Path], Iterator[Sheet]]] = {  # and web pages, of which a caller may know more
    "xlsx": formats_xlsx.sheets,
    "xlsb": formats_xlsb.sheets,
    "xls": formats_xls.sheets,
    "ods": formats_ods.sheets,
    "xml": formats_spreadsheetml.sheets,
}
_THREADS_BYTES = 256 * 1024**2
"""What stacks and heaps of threads set aside without using it."""


def answer(path: Path, kind: str, folder: Path, *, encoding: str | None = None) -> None:
    """Read a workbook and leave in the folder what is in it, or why it is refused."""
    try:
        told: dict[str, object] = {
            "sheets": [_leave(sheet, folder, nth) for nth, sheet in enumerate(sheets(path, kind, encoding=encoding))]
        }
    except Unreadable as error:
        told = {"refused": str(error)}
    except MemoryError:
        told = {"refused": "takes more memory than there is, or than a file of its size may take; split the workbook"}
    (folder / ANSWER).write_text(json.dumps(told), encoding="utf-8")


def limit_resources(unpacked_bytes: int) -> None:
    """Limit this process's memory and time, where the platform can; whoever watches it is slower, and may be gone."""
    pl.thread_pool_size()  # its threads are there before memory is short: one that can't be made leaves others waiting
    if "resource" in globals():
        held_bytes = resident_bytes(os.getpid()) + _THREADS_BYTES
        cpu_s = time_limit_s(unpacked_bytes) * (os.cpu_count() or 1)
        for what, most in (
            (resource.RLIMIT_DATA, held_bytes + memory_limit(unpacked_bytes)),
            (resource.RLIMIT_CPU, cpu_s),
        ):
            _, hard = resource.getrlimit(what)
            with contextlib.suppress(ValueError, OSError):  # macOS refuses some; whoever watches this process is left
                resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def sheets(path: Path, kind: str, *, encoding: str | None = None) -> Iterator[Sheet]:
    """Yield the sheets of a workbook of any kind."""
    with path.open("rb") as file:
        if file.read(len(OLE)) == OLE and is_protected(file.read()):
            raise Unreadable(PROTECTED)
    return formats_html.sheets(path, encoding=encoding) if kind == "html" else _READERS[kind](path)


def _leave(sheet: Sheet, folder: Path, nth: int) -> dict[str, object]:
    grid = to_grid(sheet)
    grid.frame.write_ipc(folder / f"{nth}.frame")
    grid.notes.write_ipc(folder / f"{nth}.notes")
    return {"sheet": grid.sheet, "first_row": grid.first_row, "hidden": grid.hidden}


if __name__ == "__main__":
    try:
        limit_resources(int(sys.argv[4]))
        answer(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), encoding=next(iter(sys.argv[5:]), None))
    finally:
        os._exit(0)  # a refused sheet may still be with calamine, in a thread that can't be stopped
