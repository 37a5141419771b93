"""The zip archive of a workbook, checked on the bytes that really come out of it before a parser sees them."""

import copy
import io
import zipfile
import zlib
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from migrate.readers.limits import (
    HAS_DOCTYPE,
    MAX_INFLATED_BYTES,
    MAX_PARTS,
    MAX_RATIO,
    MAX_TEXT_BYTES,
    PROTECTED,
    RATIO_COUNTS_FROM_BYTES,
    Unreadable,
)

_CHUNK_BYTES = 4 * 1024**2
_MOST_AT_ONCE_BYTES = 4 * 1024**2
"""As much as `zipfile` asks for at once, but for a list of parts that is longer than any workbook's."""
_ENCRYPTED = 0x1
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_GIB = 1024**3
_DOCTYPE = b"<!DOCTYPE"
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,  # an offset before the file's beginning
    ValueError,  # an offset or a size that can't be, a name that can't be read
    RuntimeError,  # a part that is encrypted; NotImplementedError, of a packing that nobody writes, is one too
)
"""What `zipfile` raises for a container that is damaged."""
_AS_BOMBS_DO = "as zip bombs do; open it in a spreadsheet program and save it again"
_NOT_OPENED = ("customxml/", "docprops/")  # Power Query keeps UTF-16 there
_NO_XML = (".bin", ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emf", ".wmf", ".tif", ".tiff")


class _Bounded(io.FileIO):
    """A zip file from which nobody reads as much at once as the list of a million parts would take."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _MOST_AT_ONCE_BYTES:
            most = f"{_MOST_AT_ONCE_BYTES // 1024**2} MiB"
            raise Unreadable(f"is damaged: its list of parts is said to be longer than {most}; save the workbook again")
        return super().read(size)


class Archive:
    """A workbook's parts, read under the limits; their names match in any case, as in spreadsheet programs."""

    def __init__(self, path: Path) -> None:
        with ExitStack() as opened:
            try:
                self._zip = opened.enter_context(zipfile.ZipFile(opened.enter_context(_Bounded(path))))
            except BROKEN as error:
                raise Unreadable(
                    "is damaged, perhaps cut short: its zip container can't be opened; copy or export it again"
                ) from error
            self._infos = _by_name(self._zip.infolist())
            self._left = MAX_INFLATED_BYTES
            self._most = max(MAX_RATIO * path.stat().st_size, RATIO_COUNTS_FROM_BYTES)
            self._total = 0
            self._refuse_bomb(self.unpacked_bytes)
            self._opened = opened.pop_all()

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._infos

    @property
    def names(self) -> frozenset[str]:
        """The names of all parts, in lower case, with forward slashes."""
        return frozenset(self._infos)

    @property
    def unpacked_bytes(self) -> int:
        """The size that all parts are said to have together."""
        return sum(info.file_size for info in self._infos.values())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def size_bytes(self, name: str) -> int:
        """Return the size that a part is said to have."""
        return self._infos[_key(name)].file_size

    def read(self, name: str) -> bytes:
        """Return a whole part; one that is missing is empty."""
        return b"".join(self.chunks(name)) if name in self else b""

    def check_others(self, names: set[str]) -> None:
        """Unpack and count the other parts that a parser may open, those with text in them."""
        known = {_key(name) for name in names}
        for name in self._infos:
            if name not in known and not name.endswith(_NO_XML) and not name.startswith(_NOT_OPENED):
                for _ in self.chunks(name):
                    pass

    def chunks(self, name: str) -> Generator[bytes]:
        """Yield a part piece by piece."""
        if name not in self:
            raise Unreadable(f"is damaged: its part {name!r} is missing; save the workbook again")
        said = self._infos[_key(name)]
        info = copy.copy(said)
        info.file_size = MAX_INFLATED_BYTES  # zipfile stops at this size, and the size said may be a lie
        size, tail = 0, b""
        try:
            with self._zip.open(info) as part:
                while chunk := part.read(_CHUNK_BYTES):
                    size += len(chunk)
                    self._count(said, size=size, more=len(chunk))
                    if not said.filename.lower().endswith(_NO_XML):
                        _refuse_doctype(chunk, before=tail)
                    if said.filename.lower().endswith(".xml"):
                        _refuse_long_text(chunk, said.filename)
                    tail = chunk[-len(_DOCTYPE) :]
                    yield chunk
        except BROKEN as error:
            raise Unreadable(f"is damaged: its part {name!r} can't be unpacked; save the workbook again") from error

    def _refuse_bomb(self, total: int) -> None:
        if total > self._most:
            raise Unreadable(f"unpacks to more than {MAX_RATIO} times its size, {_AS_BOMBS_DO}")

    def _count(self, said: zipfile.ZipInfo, *, size: int, more: int) -> None:
        self._left -= more
        self._total += more
        if self._left < 0:
            raise Unreadable(f"unpacks to more than {MAX_INFLATED_BYTES // _GIB} GiB; split the workbook")
        self._refuse_bomb(self._total)
        if size > said.file_size:
            raise Unreadable(f"is damaged: its part {said.filename!r} is longer than it says; save it again")
        if size > RATIO_COUNTS_FROM_BYTES and size > MAX_RATIO * said.compress_size:
            raise Unreadable(
                f"its part {said.filename!r} unpacks to more than {MAX_RATIO} times its size, {_AS_BOMBS_DO}"
            )


def _by_name(infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    if len(infos) > MAX_PARTS:
        raise Unreadable(f"has more than {MAX_PARTS:,} parts; save the workbook again")
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        raise Unreadable(PROTECTED)
    if any(info.compress_type not in _PACKINGS for info in infos):
        raise Unreadable("is packed as no spreadsheet program does; open it in one and save it again")
    if sum(info.file_size for info in infos) > MAX_INFLATED_BYTES:
        raise Unreadable(f"unpacks to more than {MAX_INFLATED_BYTES // _GIB} GiB; split the workbook")
    named = {_key(info.filename): info for info in infos}
    if len(named) < len(infos):
        raise Unreadable("is damaged: two of its parts have the same name; save the workbook again")
    return named


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _refuse_doctype(chunk: bytes, *, before: bytes) -> None:
    if _DOCTYPE in chunk or _DOCTYPE in before + chunk[: len(_DOCTYPE)]:
        raise Unreadable(HAS_DOCTYPE)
    if not before and chunk.startswith(_UTF16):
        raise Unreadable("one of its parts is in UTF-16, which is not read; save the workbook again")


def _refuse_long_text(chunk: bytes, name: str) -> None:
    """Refuse a text without any tag in it; one that is long enough fills a whole window."""
    for start in range(0, len(chunk) - MAX_TEXT_BYTES + 1, MAX_TEXT_BYTES):
        if chunk.find(b"<", start, start + MAX_TEXT_BYTES) < 0:
            raise Unreadable(
                f"its part {name!r} has a text of more than {MAX_TEXT_BYTES // 1024} KiB, and a cell holds 32,767 "
                "characters; open it in a spreadsheet program and save it again"
            )
