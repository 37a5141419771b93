"""Reading: what one text means, and what is doubtful about that; applied to columns through their different texts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from migrate.model.findings import Severity
from migrate.model.text import excerpt

Value = str | int | bool


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is wrong or doubtful about a text, in the words of a finding."""

    severity: Severity
    code: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The value that a text stands for, and what is doubtful about it; without a value, why it stands for nothing."""

    value: Value | None
    doubts: tuple[Doubt, ...] = ()

    @property
    def text(self) -> str | None:
        """The value as a person would write it."""
        if isinstance(self.value, bool):
            return "yes" if self.value else "no"
        return None if self.value is None else str(self.value)


Reader = Callable[[str], Reading]


def quoted(text: str) -> str:
    """Return `text` in quotes, short and harmless enough for a message."""
    return f'"{excerpt(text, length=60)}"'


def error(code: str, message: str, hint: str) -> Reading:
    """Return the reading of a text that stands for nothing."""
    return Reading(None, (Doubt("error", code, message, hint),))


def warned(value: Value, code: str, message: str, *, hint: str) -> Reading:
    """Return a reading that a person should look at."""
    return Reading(value, (Doubt("warning", code, message, hint),))


def readings(texts: pl.Series, read: Reader) -> dict[str, Reading]:
    """Return the reading of each different text of a column."""
    return {text: read(text) for text in texts.drop_nulls().unique(maintain_order=True)}


def value_of(field: str, readings: Mapping[str, Reading], dtype: type[pl.DataType]) -> pl.Expr:
    """Return the column `field` with each text replaced by its value; what was not read becomes null."""
    known = {text: reading.value for text, reading in readings.items() if reading.value is not None}
    return pl.col(field).replace_strict(
        pl.Series(list(known), dtype=pl.String),
        pl.Series(list(known.values()), dtype=dtype),
        default=None,
        return_dtype=dtype,
    )


def clean(texts: pl.Series, read: Reader, *, dtype: type[pl.DataType] = pl.String) -> pl.Series:
    """Return a column's values, without what is doubtful about them."""
    return texts.to_frame("_").select(value_of("_", readings(texts, read), dtype).alias(texts.name)).to_series()
