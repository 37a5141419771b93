"""Layouts: sheets and files with the same columns are one table of a mapping, and what it says of where they are."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from migrate.mapping.blanks import fold
from migrate.mapping.mapping import matches_glob
from migrate.mapping.suggest.profile import whole_rows
from migrate.model.sources import Source

_SPECIAL = frozenset("*?[")
_SHORTEST = 4
_CUT_WORD = re.compile(r"[^\W_]+$")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table's rows are: the `file` and the `sheet` of a mapping's table, None where it needn't say."""

    file: str | None
    sheet: str | None


@dataclass(frozen=True, slots=True)
class Layout:
    """Sources with the same columns (`members`, by their index), and all of their rows as one source."""

    members: tuple[int, ...]
    source: Source


def layouts(sources: Sequence[Source], *, leave_out: Collection[int] = ()) -> list[Layout]:
    """Return the layouts of the sources but for some, in their order; what has no rows or columns is in none."""
    alike: dict[tuple[object, ...], list[int]] = {}
    for src, source in enumerate(sources):
        table = source.table
        if table.columns and table.frame.height and src not in leave_out:
            key = (table.header_row == 0, *map(fold, table.columns))
            alike.setdefault(key, []).append(src)
    return [_layout(members, sources) for members in alike.values()]


def places(layout: Layout, sources: Sequence[Source]) -> list[Place]:
    """Return the fewest places that hold the layout's sources and no others."""
    files = list(dict.fromkeys(sources[src].file for src in layout.members))
    every = list(dict.fromkeys(source.file for source in sources))
    sheets = {file: [sources[src].table.sheet for src in layout.members if sources[src].file == file] for file in files}
    found: list[Place] = []
    for globs, group in _by_sheets(files, sheets, sources).items():
        others = [file for file in every if file not in group]
        names = _globs([*map(_base, group)], [*map(_base, others)]) if others else [None]
        found += [Place(name, glob) for name in names for glob in globs]
    return found


def _layout(members: Sequence[int], sources: Sequence[Source]) -> Layout:
    first = sources[members[0]]
    if len(members) == 1:
        return Layout((members[0],), first)
    frames = [whole_rows(sources[src].table) for src in members]
    frames = [frame.rename(dict(zip(frame.columns, frames[0].columns, strict=True))) for frame in frames]
    whole = pl.concat(frames)
    rows = pl.int_range(2, whole.height + 2, dtype=pl.UInt32, eager=True).alias("_row")
    seen = first.table  # what it says of rows, it says of their numbers in the first sheet
    left_out, findings = seen.left_out.clear(), seen.findings.clear()
    table = replace(seen, frame=whole.with_columns(rows), left_out=left_out, findings=findings)
    return Layout(tuple(members), replace(first, table=table))


def _by_sheets(
    files: Sequence[str], sheets: dict[str, list[str | None]], sources: Sequence[Source]
) -> dict[tuple[str | None, ...], list[str]]:
    """Return globs of sheets → the files in which they are what is meant."""
    found: dict[tuple[str | None, ...], list[str]] = {}
    for file in files:
        own = [sheet for sheet in sheets[file] if sheet is not None]
        there = [source.table.sheet for source in sources if source.file == file and source.table.sheet is not None]
        others = [sheet for sheet in there if sheet not in own]
        globs = tuple(_globs(own, others)) if own else (None,)
        found.setdefault(globs, []).append(file)
    return found


def _globs(names: Sequence[str], others: Sequence[str]) -> list[str]:
    """Return one glob that takes all `names` and none of the `others`, else each name."""
    if len(names) == 1:
        return list(names)
    for glob in _candidates(names):
        if all(matches_glob(name, glob) for name in names) and not any(matches_glob(name, glob) for name in others):
            return [glob]
    return list(names)


def _candidates(names: Sequence[str]) -> Iterator[str]:
    head = _CUT_WORD.sub("", _shared(names))
    tail = _CUT_WORD.sub("", _shared([name[::-1] for name in names]))[::-1]
    pieces = [(head, tail)] if min(map(len, names)) >= len(head) + len(tail) else []
    for before, after in [(head, ""), ("", tail), *pieces]:
        if len(before + after) >= _SHORTEST and not _SPECIAL & {*before, *after}:
            yield f"{before}*{after}"
    yield "*"


def _shared(names: Sequence[str]) -> str:
    """Return what all names begin with."""
    same = 0
    for letters in zip(*names, strict=False):
        if len(set(letters)) > 1:
            break
        same += 1
    return names[0][:same]


def _base(file: str) -> str:
    return file.replace("\\", "/").rsplit("/", 1)[-1]
