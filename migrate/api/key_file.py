"""Key file: reads the key that signs assertions; says what is wrong with a file, never what is in it."""

import os
from pathlib import Path
from typing import Final, NoReturn

from pydantic import SecretStr

from migrate.errors import SettingsError
from migrate.model.text import escape_controls
from migrate.settings import is_exposed

_LARGEST_BYTES: Final = 64 * 1024
_NO_PATH: Final = "there is no such file; give the path of a file that holds the key, not the key itself"


def read_key(path: Path) -> SecretStr:
    """Return a key file's text without byte order mark, with plain line ends and no white space around it.

    Raises:
        SettingsError: the file can't be read, others on this machine can read it, or it holds no text.
    """
    key, reason = _read(path)
    return refuse_key(reason) if key is None else key


def refuse_key(reason: str) -> NoReturn:
    """Raise SettingsError with the variable in front."""
    raise SettingsError(f"CHEKT_JWT_KEY_FILE: {reason}")


def _read(path: Path) -> tuple[SecretStr | None, str]:
    """Return a file's text, or why there is none: no error is raised whose traceback would hold it."""
    try:
        found = path.expanduser()
        if not found.is_file():  # what is not there may be a key in the place of its path, and is not told
            return None, f"{_shown(path)} is not a file" if found.exists() else _NO_PATH
        with found.open("rb") as file:
            exposed = is_exposed(os.fstat(file.fileno()))
            data = b"" if exposed else file.read(_LARGEST_BYTES + 1)
    except OSError as error:
        return None, f"the file can't be read: {error.strerror}"
    except (RuntimeError, ValueError):  # no home for ~, a name that no file can have
        return None, _NO_PATH
    if exposed:
        return None, f"others on this machine can read {_shown(path)}; keep it to yourself: chmod 600"
    reason = _unfit(data)
    if reason is not None:
        return None, f"{_shown(path)} {reason}; it takes an RSA private key in PEM, or a shared secret"
    return SecretStr(_text(data)), ""


def _unfit(data: bytes) -> str | None:
    """Return why a file's content is no key, None if it may be one."""
    if len(data) > _LARGEST_BYTES:
        return f"is larger than {_LARGEST_BYTES >> 10} KiB, which no key is"
    try:
        return None if _text(data) else "is empty"
    except UnicodeDecodeError:
        return "is not UTF-8 text"


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig").replace("\r\n", "\n").strip()


def _shown(path: Path) -> str:
    return escape_controls(str(path))
