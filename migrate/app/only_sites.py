"""Only sites: the sites of one wave of a cutover, named by a file of external ids or by a glob."""

from collections.abc import Mapping as Facts
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Self

import polars as pl

from migrate.checks.validate import Validated, count_normalized
from migrate.errors import UsageError
from migrate.mapping.mapped import Mapped
from migrate.model.findings import findings_frame
from migrate.model.records import SITE, STATION
from migrate.model.text import excerpt
from migrate.normalize.keys import near_keys
from migrate.outcomes.causes import place_name
from migrate.readers.options import SheetOptions
from migrate.readers.read import read

WHY = "not in --only-sites"
"""Why a row of another site is left out."""

_NAMED = 3


@dataclass(frozen=True, slots=True)
class OnlySites:
    """What was typed, and the external site ids that its file holds; `ids` is None where a glob was typed."""

    told: str
    ids: frozenset[str] | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return what `text` means: a file of ids if there is such a file, else a glob.

        Raises:
            InputError: the file can't be read.
            UsageError: it holds no ids, or it can't be told which of its columns does.
        """
        return cls(text, _ids_in(Path(text)) if Path(text).is_file() else None)

    def facts(self) -> dict[str, Any]:
        """Return it for the journal: a resumed run takes the ids as they were."""
        return {"told": self.told, "ids": None if self.ids is None else sorted(self.ids)}

    @classmethod
    def from_facts(cls, facts: Facts[str, Any] | None) -> Self | None:
        """Return what was kept, None if nothing was."""
        if facts is None:
            return None
        return cls(facts["told"], None if facts["ids"] is None else frozenset(facts["ids"]))

    def take(
        self, mapped: Mapped, validated: Validated, *, anyway: pl.DataFrame | None = None
    ) -> tuple[Mapped, Validated]:
        """Return what was mapped and validated as far as it belongs to these sites; rows of others are left out.

        Records were checked beside those of the other sites, so that a wave meets the clashes that the whole would. An
        id of the file that no record names is a warning. Rows that were in the wave and were mended are taken `anyway`
        (`_src`, `_row`), with the sites that they name now.

        Raises:
            UsageError: no record belongs to these sites.
        """
        known = _ids(mapped.frames)
        anyway = validated.parts.select("_src", "_row").clear() if anyway is None else anyway
        chosen = {name for name in known if self._includes(name)} | _ids(_rows_at(mapped.frames, anyway))
        if not chosen and anyway.is_empty():
            none = "its ids are those of" if self.ids is not None else "there is no such file, and as a pattern it fits"
            raise UsageError(f"--only-sites {self.told}: {none} none of the {len(known):,} sites in the inputs")
        at_these = validated.parts.join(anyway, on=["_src", "_row"], how="semi")["_n"]
        records = _records_of(validated.records, chosen, anyway=at_these)
        frames = _rows_of(mapped.frames, chosen, stations=records.get(STATION.name), anyway=anyway)
        rows = _places(frames)
        others = _places(mapped.frames).join(rows, on=["_src", "_row"], how="anti")
        left_out = pl.concat([mapped.left_out, others.with_columns(pl.lit(WHY).alias("why"))]).sort("_src", "_row")
        about = _findings_of(validated.findings, records, rows)
        narrowed = replace(mapped, frames=frames, left_out=left_out)
        findings = pl.concat([self._missing(known, filtered=_ids(mapped.filtered)), _nameless(mapped), about])
        numbers = pl.concat([frame["_n"] for frame in records.values()]).implode()
        parts = validated.parts.filter(pl.col("_n").is_in(numbers))
        return narrowed, Validated(records, parts, findings, count_normalized(frames))

    def _includes(self, external_site_id: str) -> bool:
        if self.ids is None:
            return fnmatchcase(external_site_id, self.told)
        return external_site_id in self.ids

    def _missing(self, known: frozenset[str], *, filtered: frozenset[str]) -> pl.DataFrame:
        """Return a warning if ids of the file name no site that is taken, with what is known of the first of them."""
        missing = sorted((self.ids or frozenset()) - known)
        if not missing:
            return findings_frame([])
        near = dict(zip(near_keys(sorted(known)), sorted(known), strict=True))
        named = []
        for name, key in zip(missing, near_keys(missing[:_NAMED]), strict=False):
            there = f" (there is {excerpt(near[key], length=60)})" if key in near else ""
            named.append(excerpt(name, length=60) + (" (left out by where)" if name in filtered else there))
        more = f" and {len(missing) - _NAMED:,} more" if len(missing) > _NAMED else ""
        return findings_frame(
            [
                {
                    "record": SITE.name,
                    "field": SITE.id_field,
                    "severity": "warning",
                    "code": "only_sites",
                    "message": f"{len(missing):,} of the {len(self.ids or ()):,} ids in --only-sites are not among the "
                    f"sites: {', '.join(named)}{more}",
                    "hint": f"mend them in {self.told}, or add the file that has these sites",
                }
            ]
        )


def _ids_in(path: Path) -> frozenset[str]:
    """Return the ids of a file: those under `external_site_id`, else those of its only column."""
    table = next(table for table in read(path, sheets=[SheetOptions(header_row=0)]) if not table.frame.is_empty())
    rows = table.frame.drop("_row").select(pl.all().str.strip_chars())
    headed = [name for name in rows.columns if (rows[name][0] or "").casefold() == SITE.id_field]
    if not headed and rows.width > 1:
        raise UsageError(
            f"--only-sites {path}: has {rows.width} columns; write one external site id a line, or head their column "
            f"{SITE.id_field}"
        )
    ids = rows[headed[0]][1:] if headed else rows.to_series()
    found = frozenset(ids.drop_nulls()) - {""}
    if not found:
        raise UsageError(f"--only-sites {path}: holds no ids; write one external site id a line")
    return found


def _nameless(mapped: Mapped) -> pl.DataFrame:
    """Return a warning if rows name no site: no wave takes them, and nobody would miss them."""
    key = SITE.id_field
    rows = _places({name: frame.filter(pl.col(key).is_null()) for name, frame in mapped.frames.items() if key in frame})
    if rows.is_empty():
        return findings_frame([])
    src, row = rows.sort("_src", "_row").row(0)
    source = mapped.sources[src]
    place = place_name(file=source.file, sheet=source.table.sheet, row=row, cell=None)
    number = "1 row names" if rows.height == 1 else f"{rows.height:,} rows name"
    return findings_frame(
        [
            {
                "record": SITE.name,
                "field": key,
                "severity": "warning",
                "code": "only_sites",
                "message": f"{number} no site, so no wave takes {'it' if rows.height == 1 else 'them'}: {place}",
                "hint": "fill the external site id; without --only-sites such a row is an error",
            }
        ]
    )


def _ids(frames: Facts[str, pl.DataFrame]) -> frozenset[str]:
    """Return the external site ids that rows name."""
    named = [frame[SITE.id_field].drop_nulls() for frame in frames.values() if SITE.id_field in frame.columns]
    return frozenset[str]().union(*named)


def _records_of(records: Facts[str, pl.DataFrame], chosen: set[str], *, anyway: pl.Series) -> dict[str, pl.DataFrame]:
    """Return the records of the chosen sites, the stations that these name, and those numbered in `anyway`."""
    given = pl.col("_n").is_in(anyway.implode())
    theirs = pl.col(SITE.id_field).is_in(list(chosen)).fill_null(value=False) | given
    taken = {name: frame.filter(theirs) for name, frame in records.items() if name != STATION.name}
    if STATION.name not in records:
        return taken
    sites = taken.get(SITE.name)
    named = pl.Series([], dtype=pl.UInt32) if sites is None else sites["_station"].drop_nulls()
    return {STATION.name: records[STATION.name].filter(pl.col("_n").is_in(named.implode()) | given), **taken}


def _rows_at(frames: Facts[str, pl.DataFrame], places: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return {name: frame.join(places, on=["_src", "_row"], how="semi") for name, frame in frames.items()}


def _rows_of(
    frames: Facts[str, pl.DataFrame], chosen: set[str], *, stations: pl.DataFrame | None, anyway: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Return the mapped rows that the records of the chosen sites, and their stations, are made of, and `anyway`."""
    ids = {SITE.id_field: list(chosen)}
    if stations is not None:
        ids[STATION.id_field] = stations[STATION.id_field].to_list()
    taken = {}
    for name, frame in frames.items():
        key = STATION.id_field if name == STATION.name else SITE.id_field
        is_taken = pl.col(key).is_in(ids[key]).fill_null(value=False) if key in frame.columns else pl.lit(value=False)
        given = frame.with_row_index("_at").join(anyway, on=["_src", "_row"], how="semi")["_at"].implode()
        taken[name] = frame.with_row_index("_at").filter(is_taken | pl.col("_at").is_in(given)).drop("_at")
    return taken


def _places(frames: Facts[str, pl.DataFrame]) -> pl.DataFrame:
    return pl.concat([frame.select("_src", "_row") for frame in frames.values()]).unique(maintain_order=True)


def _findings_of(findings: pl.DataFrame, records: Facts[str, pl.DataFrame], rows: pl.DataFrame) -> pl.DataFrame:
    """Return what is about these records or rows, or about a whole file or column."""
    numbers = pl.concat([frame["_n"] for frame in records.values()]).implode()
    here = findings.with_row_index("_at").join(rows, on=["_src", "_row"], how="semi")["_at"].implode()
    of_column = (pl.col("code") == "filled_across") & pl.col("_src").is_in(rows["_src"].unique().implode())
    of_row = pl.col("_row").is_null() | pl.col("_at").is_in(here)
    about = pl.when(pl.col("_n").is_null()).then(of_row).otherwise(pl.col("_n").is_in(numbers))
    return findings.with_row_index("_at").filter(about | of_column).drop("_at")
