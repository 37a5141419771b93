"""Dumping: each table's rows as they were read, as CSV files with safe names."""

import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from migrate.model.sources import Table

_UNSAFE = re.compile(r'[/\\:*?"<>|]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.IGNORECASE)
_MAX_NAME_BYTES = 180


def dump(tables: Sequence[Table], folder: str | Path) -> list[Path]:
    """Write each table to `<file>.<sheet>.csv`, or `<file>.csv` where there is no sheet, and return the paths.

    UTF-8, `_row` first, then the columns by their header, all text, verbatim. An older file of that name is replaced.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name in _file_names(tables)]
    for table, path in zip(tables, paths, strict=True):
        _write(table, path)
    return paths


def _file_names(tables: Iterable[Table]) -> list[str]:
    names, taken = list[str](), set[str]()
    for table in tables:
        base = safe_name(".".join(filter(None, (table.path.name, table.sheet))))
        name, number = base, 2
        while unicodedata.normalize("NFKC", name).casefold() in taken:
            name, number = f"{base} ({number})", number + 1
        taken.add(unicodedata.normalize("NFKC", name).casefold())
        names.append(f"{name}.csv")
    return names


def safe_name(text: str) -> str:
    """Return a name that means one file in one folder, on every system."""
    kept = "".join("_" if unicodedata.category(letter).startswith("C") else letter for letter in text)
    name = _UNSAFE.sub("_", kept).encode()[:_MAX_NAME_BYTES].decode(errors="ignore").strip(" .")
    return f"_{name}" if not name or name.startswith("-") or _RESERVED.match(name) else name


def _write(table: Table, path: Path) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            table.frame.write_csv(file)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
