"""The formulas of an XLS sheet, which xlrd gives the values of alone ([MS-XLS] 2.4.127)."""

import struct

_HEAD = struct.Struct("<HH")
_PLACE = struct.Struct("<HH")
_FLAGS = struct.Struct("<H")
_BEGIN, _END, _FORMULA = 0x809, 0x0A, 0x06
_FLAGS_AT, _IS_NEW_EACH_TIME = 14, 0x1
_LEAST_BYTES = _FLAGS_AT + _FLAGS.size


def new_each_time(stream: bytes, at: int) -> list[tuple[int, int]]:
    """Return row (from 1) and column of the formulas that are always computed anew, of the sheet that begins at `at`.

    A sheet ends with its own end, after those of the charts in it.
    """
    found, depth = list[tuple[int, int]](), 0
    while at + _HEAD.size + _LEAST_BYTES <= len(stream):
        kind, size = _HEAD.unpack_from(stream, at)
        at += _HEAD.size
        if kind == _FORMULA and _FLAGS.unpack_from(stream, at + _FLAGS_AT)[0] & _IS_NEW_EACH_TIME:
            row, col = _PLACE.unpack_from(stream, at)
            found.append((row + 1, col))
        elif kind == _BEGIN:
            depth += 1
        elif kind == _END:
            depth -= 1
            if depth <= 0:
                break
        at += size
    return found
