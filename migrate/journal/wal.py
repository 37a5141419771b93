"""The write-ahead log beside a journal: whether SQLite took all of it in, or left out what a damaged byte hides.

SQLite drops what follows a frame that doesn't add up, without a word, for a process that was killed leaves half a frame
too. A sound log ends with half a frame at most, or goes on with frames of the log before: see
https://sqlite.org/walformat.html.
"""

import struct
from pathlib import Path

_HEADER_BYTES, _FRAME_BYTES = 32, 24
_BIG_ENDIAN_SUMS = 1
_WORD = 2**32

Sums = tuple[int, int]


def hides_frames(path: Path, *, taken: int) -> bool:
    """Return whether frames were meant to follow the `taken` first ones that SQLite took in."""
    content = path.read_bytes() if path.is_file() else b""
    if len(content) < _HEADER_BYTES:
        return False
    magic, _, page_size, _, salt, salt_2, *stored = struct.unpack(">8I", content[:_HEADER_BYTES])
    order = ">" if magic & _BIG_ENDIAN_SUMS else "<"
    sums = _add((0, 0), content[: _HEADER_BYTES - 8], order)
    if sums != tuple(stored):
        return True
    size = _FRAME_BYTES + page_size
    frames = [content[at : at + size] for at in range(_HEADER_BYTES, len(content) - size + 1, size)]
    if taken:
        sums = struct.unpack(">2I", frames[taken - 1][16:24])
    earlier = [_salts(frame)[0] == (salt - 1) % _WORD and _salts(frame)[1] != salt_2 for frame in frames]
    for index in range(taken, len(frames)):
        frame = frames[index]
        if earlier[index]:
            return False
        sums = _add(_add(sums, frame[:8], order), frame[_FRAME_BYTES:], order)
        if _salts(frame) != (salt, salt_2) or sums != struct.unpack(">2I", frame[16:24]):
            half = not taken and index + 1 < len(frames) and earlier[index + 1]
            return not half
    return False


def _salts(frame: bytes) -> tuple[int, int]:
    first, second = struct.unpack(">2I", frame[8:16])
    return first, second


def _add(sums: Sums, content: bytes, order: str) -> Sums:
    """Return SQLite's running sums after some more bytes, a multiple of 8."""
    first, second = sums
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) % _WORD
        second = (second + odd + first) % _WORD
    return first, second
