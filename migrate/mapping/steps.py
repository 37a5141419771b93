"""From the spec of one field to named steps, each a column expression over the source's columns."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from migrate.mapping.blanks import clean
from migrate.mapping.grammar import FieldSpec, needs_all
from migrate.mapping.keys import look_up
from migrate.mapping.patterns import group_names
from migrate.mapping.rules import SOURCES
from migrate.mapping.templates import join_all, join_present, parse_template

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W\d_]+)*")
_APOSTROPHE = re.compile(r"(['\u2019])")
_LONGEST_ENDING = 2
"""`O'NEIL` becomes O'Neil, but `JOE'S` Joe's and `WE'LL` We'll."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `expr` is the field's text after it, from the source's columns, null where empty."""

    name: str
    expr: pl.Expr


@dataclass(frozen=True, slots=True)
class TextSteps:
    """What becomes of a trimmed text.

    `given` is the text before a default stands in for it, None where there is no default. `unmatched` is the text that
    `extract` found nothing in, `unknown` the text that a strict map has no key for; both are null where all is well.
    """

    steps: tuple[Step, ...]
    given: pl.Expr | None
    unmatched: pl.Expr | None
    unknown: pl.Expr | None


@dataclass(frozen=True, slots=True)
class CompiledField:
    """All steps of a field, from the columns of the source on; `columns` are those it reads, as the file has them."""

    name: str
    columns: tuple[str, ...]
    steps: tuple[Step, ...]


def compile_field(name: str, spec: FieldSpec, columns: Mapping[str, str]) -> CompiledField:
    """Return the steps of a field; `columns` tells what the file calls each of the mapping's columns that it has."""
    cells = {column: clean(pl.col(columns[column])) for column in spec.columns if column in columns}
    text = source_text(name, spec, cells)
    raw = pl.col(columns[next(iter(cells))]) if spec.column and len(cells) == 1 else text
    source = Step(next(kind for kind in SOURCES if getattr(spec, kind) is not None), raw)
    there = tuple(dict.fromkeys(columns[column] for column in cells))
    return CompiledField(name, there, (source, Step("trim", text), *text_steps(spec, text).steps))


def source_text(name: str, spec: FieldSpec, cells: Mapping[str, pl.Expr]) -> pl.Expr:
    """Return the trimmed text that a field begins with; `cells` are the trimmed columns, null where empty."""
    if spec.template is not None:
        template = parse_template(spec.template)
        return join_all(template, cells) if needs_all(name, spec) else join_present(template, cells)
    if spec.value is not None:
        return clean(pl.lit(spec.value))
    return pl.coalesce(cells[column] for column in spec.columns if column in cells)


def text_steps(spec: FieldSpec, text: pl.Expr) -> TextSteps:
    """Return what the spec does with `text`, which is trimmed and null where empty."""
    steps = [Step("trim", text), *_whole_steps(spec, text)]
    extracted = _around(steps, "extract")
    unmatched = None if extracted is None else pl.when(extracted[1].is_null()).then(extracted[0])
    whole = steps[-1].expr
    if spec.split is None:
        part_steps = _part_steps(spec, whole)
        unknown = _unknown(spec, [steps[-1], *part_steps])
        steps += part_steps
    else:
        parts = whole.str.split(spec.split, literal=False).list
        part = clean(pl.element())
        part_steps = [Step("split", part), *_part_steps(spec, part)]
        steps += [Step(step.name, clean(parts.eval(step.expr.drop_nulls()).list.join(","))) for step in part_steps]
        first = _unknown(spec, part_steps)
        unknown = None if first is None else parts.eval(first.drop_nulls()).list.first()
    given = steps[-1].expr if spec.default else None
    if given is not None:
        steps.append(Step("default", given.fill_null(spec.default)))
    return TextSteps(tuple(steps[1:]), given, unmatched, unknown)


def _whole_steps(spec: FieldSpec, text: pl.Expr) -> list[Step]:
    steps = []
    if spec.extract is not None:
        text = clean(text.str.extract(spec.extract, 1 if group_names(spec.extract) else 0))
        steps.append(Step("extract", text))
    if spec.replace:
        for pattern, replacement in spec.replace.items():
            text = text.str.replace_all(pattern, replacement)
        text = clean(text)
        steps.append(Step("replace", text))
    return steps


def _part_steps(spec: FieldSpec, text: pl.Expr) -> list[Step]:
    steps = []
    if spec.case is not None:
        cases = {
            "upper": text.str.to_uppercase(),
            "lower": text.str.to_lowercase(),
            "title": text.map_batches(_titled, return_dtype=pl.String),
        }
        text = cases[spec.case]
        steps.append(Step("case", text))
    if spec.map:
        text = clean(pl.coalesce(look_up(text, spec.map), text))
        steps.append(Step("map", text))
    if spec.pad is not None:
        digits = text.str.contains("^[0-9]+$")
        steps.append(Step("pad", pl.when(digits).then(text.str.zfill(spec.pad)).otherwise(text)))
    return steps


def _unknown(spec: FieldSpec, steps: Sequence[Step]) -> pl.Expr | None:
    """Return the text that a strict map has no key for, null where it has one."""
    mapped = _around(steps, "map") if spec.strict else None
    if mapped is None:
        return None
    before = mapped[0]
    return pl.when(look_up(before, spec.map).is_null()).then(before)


def _around(steps: Sequence[Step], name: str) -> tuple[pl.Expr, pl.Expr] | None:
    """Return the text before and after the step called `name`; None where there is none."""
    return next(((before.expr, step.expr) for before, step in pairwise(steps) if step.name == name), None)


def _titled(values: pl.Series) -> pl.Series:
    texts = [text if text is None else _WORD.sub(_titled_word, text) for text in values]
    return pl.Series(texts, dtype=pl.String)


def _titled_word(word: re.Match[str]) -> str:
    first, *others = _APOSTROPHE.split(word[0])
    return first.capitalize() + "".join(
        piece.lower() if len(piece) <= _LONGEST_ENDING or _APOSTROPHE.match(piece) else piece.capitalize()
        for piece in others
    )
