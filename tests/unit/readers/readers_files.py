"""What the readers' tests share: a file of given bytes, read; what was told about it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from migrate.errors import InputError
from migrate.model.sources import Table
from migrate.readers.read import read

ReadBytes = Callable[..., Table]


def reader(folder: Path) -> ReadBytes:
    """Return a function that writes text or bytes to a file and reads its only table."""

    def read_bytes(data: str | bytes, name: str = "cameras.csv", **options: Any) -> Table:
        path = folder / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        (table,) = read(path, **options)
        return table

    return read_bytes


def refusal(folder: Path, data: bytes, name: str = "cameras.csv", **options: Any) -> str:
    """Return why a file of these bytes isn't read."""
    with pytest.raises(InputError) as caught:
        reader(folder)(data, name, **options)
    message = str(caught.value)
    assert message.startswith(str(folder / name))
    assert message.count("\n") <= 1
    return message.removeprefix(str(folder / name))


def cells(table: Table) -> list[tuple[Any, ...]]:
    """Return the rows with their numbers in front."""
    return table.frame.rows()


def told(table: Table, code: str) -> list[dict[str, Any]]:
    """Return the findings of one code."""
    return table.findings.filter(pl.col("code") == code).to_dicts()


def codes(table: Table) -> list[str]:
    """Return the codes of all findings, in order."""
    return table.findings["code"].to_list()
