"""The offline dry run: reads, maps, normalizes and validates."""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import polars as pl

from migrate.app.inputs import distinct, read_inputs
from migrate.app.only_sites import OnlySites
from migrate.checks.validate import Validated, count_normalized, validate
from migrate.mapping.apply import map_sources
from migrate.mapping.mapped import Mapped
from migrate.mapping.mapping import Mapping
from migrate.model.sources import Input, Source
from migrate.outcomes.balance import balance, balance_records
from migrate.outcomes.rest import Rest


@dataclass(frozen=True, slots=True)
class Checked:
    """Checked records, by record name, with all that was found on the way; frames as told in `checks` and `model`."""

    inputs: tuple[Input, ...]
    mapping: Mapping
    sources: tuple[Source, ...]
    used: tuple[int, ...]
    records: dict[str, pl.DataFrame]
    findings: pl.DataFrame
    left_out: pl.DataFrame
    parts: pl.DataFrame
    """`_n`, `_src`, `_row` of the source rows that each record is made of."""
    normalized: dict[str, tuple[int, str]]
    locate: Callable[[pl.DataFrame], pl.DataFrame]
    """Fills in the places of findings that are made later."""
    normalized_in: Callable[[pl.DataFrame], dict[str, tuple[int, str]]]
    """Counts like `normalized`, of some rows (`_src`, `_row`) alone."""
    only: OnlySites | None = None
    """The sites that were asked for; rows of others are in `left_out`."""
    removed: Dict[str, pl.DataFrame] = field(default_factory=dict)
    """Site or station → `_src`, `_row` and id of those that a person took out of a corrected file."""
    rest: Rest | None = None
    """The records of a large check that `records` do not hold, as nothing is wrong with them."""
    pieces: Dict[int, int] = field(default_factory=dict)
    """How many parts the rows of each source of a large check were kept in; `sources` has some of the rows then."""
    rows_of: Callable[[pl.DataFrame], tuple[Source, ...]] | None = None
    """The sources of a large check with the rows at these places (`_src`, `_row`)."""

    @property
    def contributing(self) -> pl.DataFrame:
        """`_src`, `_row` of the source rows that went into a record."""
        return self.parts.select("_src", "_row").unique()

    def balance(self, outcomes: pl.DataFrame, *, counted: int = 0) -> None:
        """Check that these outcomes account for every record, and records and `left_out` for every source row.

        Some outcomes of `records` may be only `counted`.

        Raises:
            Defect: a sum doesn't come out.
        """
        if self.pieces:  # source rows were counted part by part
            return balance_records(outcomes, self.records, counted=counted)
        return balance(
            outcomes,
            self.records,
            sources=self.sources,
            used=self.used,
            left_out=self.left_out,
            contributing=self.parts.select("_src", "_row"),
        )


def check(paths: Iterable[str | Path], mapping: Mapping, *, only: OnlySites | None = None) -> Checked:
    """Read and check customers' files; with `only`, what is returned is about these sites alone.

    Raises:
        InputError: a file can't be read.
        MappingError: the mapping does not fit the files.
        UsageError: no record belongs to `only`.
    """
    inputs, sources = read_inputs(distinct(paths), mapping)
    return check_sources(inputs, sources, mapping, only=only)


def check_sources(
    inputs: Sequence[Input],
    sources: Sequence[Source],
    mapping: Mapping,
    *,
    only: OnlySites | None = None,
    rows: pl.DataFrame | None = None,
    removed: Dict[str, pl.DataFrame] | None = None,
) -> Checked:
    """Check tables that are read already; `rows` (`_src`, `_row`) are those of a retry, which give way to all others.

    They are taken whatever `only` asks for. `removed` is what a person took out, as in `Checked`.
    """
    mapped = replace(map_sources(sources, mapping), removed=removed or {})
    validated = validate(mapped, late=rows)
    if only is not None:
        mapped, validated = only.take(mapped, validated, anyway=rows)
    return replace(checked_of(_counted(inputs, mapped), mapped, validated), only=only)


def checked_of(inputs: Sequence[Input], mapped: Mapped, validated: Validated) -> Checked:
    """Return what was mapped and validated as one value."""
    return Checked(
        inputs=tuple(inputs),
        mapping=mapped.mapping,
        sources=mapped.sources,
        used=mapped.used,
        records=validated.records,
        findings=validated.findings,
        left_out=mapped.left_out,
        parts=validated.parts,
        normalized=validated.normalized,
        locate=mapped.locate,
        normalized_in=partial(_normalized_in, mapped),
        removed=mapped.removed,
    )


def _normalized_in(mapped: Mapped, rows: pl.DataFrame) -> dict[str, tuple[int, str]]:
    places = ["_src", "_row"]
    return count_normalized({kind: frame.join(rows, on=places, how="semi") for kind, frame in mapped.frames.items()})


def _counted(inputs: Sequence[Input], mapped: Mapped) -> tuple[Input, ...]:
    rows = dict.fromkeys((item.file for item in inputs), 0)
    for index in mapped.used:
        source = mapped.sources[index]
        rows[source.file] += source.table.rows
    return tuple(replace(item, rows=rows[item.file]) for item in inputs)
