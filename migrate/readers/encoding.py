"""The encoding of a text file: by its mark, by being valid UTF-8, else a guess that is told; UTF-8 comes out."""

import codecs
import re
from dataclasses import dataclass
from mmap import mmap
from pathlib import Path

from migrate.errors import InputError
from migrate.readers.encoding_guess import Guess, guess
from migrate.readers.encoding_mixed import mixed

Buffer = bytes | mmap

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LONGEST_MARK = 4
_UTF8_NAMES = frozenset({"utf-8", "utf-8-sig"})
_HEAD_BYTES = 1 << 12
_ASCII_SHARE = 0.15
_ODD_SHARE = 0.01
_MOSTLY = 0.75
_NO_TEXT = re.compile("[\0-\x08\x0e-\x1f\ufffd]")
_ASCII = bytes(range(0x80))


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text as UTF-8: `source` from byte `start` on; `same_file`: these are the bytes of the file itself.

    `guess` tells how sure the encoding is, where nothing in the file tells it.
    """

    source: Buffer
    start: int
    encoding: str
    guess: Guess | None = None
    same_file: bool = False


def told_encoding(data: Buffer, override: str | None, *, path: Path) -> str | None:
    """Return the encoding that the caller, the mark at the file's front or its zero bytes tell; None: not told.

    Raises:
        InputError: the override is no encoding, or surely another one than the file's.
    """
    marked = marked_encoding(data[:_LONGEST_MARK])
    if override is None:
        return marked or utf16_order(data[:_HEAD_BYTES])
    name = encoding_named(override, path=path)
    if contradicting := _contradiction(data, name, marked):
        raise InputError(
            f'{path}: encoding = "{override}" is wrong, the file is {contradicting}. Take it out of the mapping.'
        )
    return marked if name == "utf-8" and marked else name


def marked_encoding(head: bytes) -> str | None:
    """Return the encoding that the mark at a file's front tells."""
    return next((name for mark, name in _MARKS if head.startswith(mark)), None)


def encoding_named(name: str, *, path: Path) -> str:
    """Return the encoding's own name.

    Raises:
        InputError: there is none of that name.
    """
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        raise InputError(
            f'{path}: "{name}" is no encoding. Write one such as encoding = "cp1252", "cp949" or "utf-16".'
        ) from None


def decoded_as(data: Buffer, encoding: str, *, path: Path, guessed: Guess | None = None) -> Decoded:
    """Return `data` as UTF-8; UTF-8 itself is passed on as it is, unproven.

    Raises:
        InputError: some bytes are no text in this encoding.
    """
    if encoding in _UTF8_NAMES:
        start = len(codecs.BOM_UTF8) if encoding == "utf-8-sig" and data[:3] == codecs.BOM_UTF8 else 0
        return Decoded(data, start, encoding, same_file=True)
    try:
        text = data[:].decode(encoding)
        return Decoded(text.removeprefix("\ufeff").encode(), 0, encoding, guess=guessed)
    except UnicodeDecodeError as error:
        raise undecodable(data, encoding, error.start, path=path) from None
    except (LookupError, UnicodeEncodeError):
        raise InputError(f'{path}: can\'t be read with encoding "{encoding}". Name another one.') from None


def guess_encoding(data: Buffer, *, path: Path) -> Guess:
    """Return the likeliest encoding of bytes that are not UTF-8 and carry no mark.

    Raises:
        InputError: some bytes make sense in none, or most of them are UTF-8.
    """
    whole = data[:]
    if _is_mostly_utf8(whole):
        raise mixed(whole, _fault(whole, "utf-8") or 0, path=path)
    if (found := guess(whole)) is None:
        raise undecodable(data, "cp1252", _fault(whole, "cp1252") or 0, path=path)
    return found


def guess_note(guessed: Guess) -> dict[str, str]:
    """Return the note on a guessed encoding, a warning where it is hardly more than that."""
    other = "cp1252" if guessed.encoding == "cp949" else "cp949"
    return {
        "severity": "warning" if guessed.sureness == "a guess" else "note",
        "code": "encoding_guessed",
        "value": guessed.encoding,
        "message": f"the file's encoding is not told anywhere and was taken to be {guessed.encoding} "
        f"({guessed.sureness}: {guessed.why})",
        "hint": f'if letters look wrong, name it in the mapping, such as encoding = "{other}"',
    }


def utf16_order(head: bytes) -> str | None:
    """Return UTF-16 with the byte order in which the beginning of a text without a mark reads as text, if any.

    Letters of all scripts may come up in the wrong order too; ASCII ones, of which tables have many, only in the right.
    """
    if b"\0" not in head:
        return None
    for name in ("utf-16-le", "utf-16-be"):
        letters = head[: len(head) // 2 * 2].decode(name, errors="replace")
        plain = sum(letter.isascii() for letter in letters)
        if plain >= _ASCII_SHARE * len(letters) and len(_NO_TEXT.findall(letters[:-1])) <= _ODD_SHARE * len(letters):
            return name
    return None


def undecodable(data: Buffer, encoding: str, at: int, *, path: Path) -> InputError:
    """Return the error that names the first byte that is no text in `encoding`."""
    line = data[:at].count(b"\n") + 1
    return InputError(
        f"{path}: byte {at:,} (line {line:,}) is no text in {encoding}. "
        'Save the file as "CSV UTF-8", or name its encoding in the mapping, such as encoding = "cp949".'
    )


def _contradiction(data: Buffer, name: str, marked: str | None) -> str | None:
    """Return what the file surely is, if it isn't in the encoding `name`."""
    family = name[:6]
    if marked:
        return marked if marked[:6].rstrip("-") != family.rstrip("-") else None
    if family in {"utf-16", "utf-32"}:
        return None if b"\0" in data[:_HEAD_BYTES] else f"not {family}"
    whole = data[:]
    return "utf-8" if name != "utf-8" and not whole.isascii() and _fault(whole, "utf-8") is None else None


def _is_mostly_utf8(data: bytes) -> bool:
    valid = data.decode(errors="ignore").encode()
    return len(valid.translate(None, _ASCII)) > _MOSTLY * len(data.translate(None, _ASCII))


def _fault(data: bytes, encoding: str) -> int | None:
    """Return where the first byte is that is no text in an encoding."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start
    return None
