"""Two encodings in one file, as where two exports were put together: which line breaks the rule, and what it may be."""

import codecs
import re
from pathlib import Path

from migrate.errors import InputError
from migrate.readers.delimited import Tokenizer
from migrate.readers.delimiter import find_cut
from migrate.readers.encoding_guess import guess

_HEAD_BYTES = 1 << 16
_LINE = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
_OTHER = "another encoding"
_MANY = 1_000


def mixed(data: bytes, at: int, *, path: Path) -> InputError:
    """Return the error about bytes of which most are UTF-8, but the one `at` that place is none."""
    start = 1 + max(data.rfind(end, 0, at) for end in (b"\n", b"\r"))
    odd = [match.group() for match in _LINE.finditer(data, start) if not _is_utf8(match.group())]
    found = guess(b"\n".join(odd[:_MANY]))
    line = data.count(b"\n" if b"\n" in data else b"\r", 0, at) + 1
    where = "it" if data.lstrip().startswith(b"<") else f"cell {_cell(data, start, at)} there"
    looks = f"{where} looks like {found.encoding if found else _OTHER}"
    lines = f" ({len(odd):,} such lines)" if len(odd) > 1 else ""
    return InputError(
        f"{path}: byte {at:,} (line {line:,}) is no text in utf-8, as most of the file is; {looks}{lines}, as where "
        'two files were put together. Save each part as "CSV UTF-8" and join them again, or type that text anew.'
    )


def _is_utf8(line: bytes) -> bool:
    try:
        codecs.decode(line)
    except UnicodeDecodeError:
        return False
    return True


def _cell(data: bytes, start: int, at: int) -> int:
    """Return the number of the cell that byte `at` is in, in the line from `start` on."""
    cut = find_cut(data[:_HEAD_BYTES].decode(errors="replace"), delimiter=None, quote=None)
    records = Tokenizer(cut.delimiter, cut.quote).records(data[start:at].decode() + "x")
    return len(next(records)[1])
