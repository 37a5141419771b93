r"""Templates: columns put together to one text, `{Last Name}, {First Name}`; `{{` and `}}` stand for braces."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from migrate.mapping.blanks import BLANK

MOST_COLUMNS = 20

_TOKEN = re.compile(r"\{\{|\}\}|\{(?P<column>[^{}]*)\}|[^{}]+|[{}]")
_OPENING = "([{<\u00ab\u201c\u2018\"'#"
_CLOSING = ")]}>\u00bb\u201d\u2019\"'%"
_SEPARATORS = re.compile(r"[^\w" + re.escape(_OPENING + _CLOSING) + r"]+")


@dataclass(frozen=True, slots=True)
class Part:
    """One column of a template, with the text that belongs to it and the separator that stands after it."""

    column: str
    head: str
    tail: str
    separator: str


@dataclass(frozen=True, slots=True)
class Template:
    """`literals` has one text more than `columns`: before each of them, and after the last."""

    columns: tuple[str, ...]
    literals: tuple[str, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """The columns, each with its own text; the first literal belongs to the first, the last to the last."""
        first, *between, last = self.literals
        split = [_split(literal) for literal in between]
        heads = [first, *(head for _, _, head in split)]
        tails = [*(tail for tail, _, _ in split), last]
        separators = [*(separator for _, separator, _ in split), ""]
        return tuple(map(Part, self.columns, heads, tails, separators))


def parse_template(text: str) -> Template:
    """Return the template that `text` writes; ValueError says what is wrong with it."""
    columns: list[str] = []
    literals = [""]
    for token in _TOKEN.finditer(text):
        column = token["column"]
        if column is not None and column.strip():
            columns.append(column.strip())
            literals.append("")
        elif column is not None:
            raise ValueError("has empty braces; put a column's name between them")
        elif token[0] in "{}":
            raise ValueError(f"has a lone {token[0]}; a column is written {{Name}}, a brace itself {token[0] * 2}")
        else:
            literals[-1] += token[0][0] if token[0] in ("{{", "}}") else token[0]
    if not columns:
        raise ValueError("names no column; write {Column}, or use value for a fixed text")
    if len(columns) > MOST_COLUMNS:
        raise ValueError(f"puts more than {MOST_COLUMNS} columns together")
    literals[0], literals[-1] = literals[0].lstrip(BLANK), literals[-1].rstrip(BLANK)
    return Template(tuple(columns), tuple(literals))


def join_all(template: Template, cells: Mapping[str, pl.Expr]) -> pl.Expr:
    """Return the text of `template` from trimmed cells, null where any of its columns is empty: what an id needs."""
    texts = _literal(template.literals[0])
    for column, literal in zip(template.columns, template.literals[1:], strict=True):
        texts += [cells[column], *_literal(literal)]
    return pl.concat_str(texts)


def join_present(template: Template, cells: Mapping[str, pl.Expr]) -> pl.Expr:
    """Return the text of `template` from trimmed cells without its empty columns, null where all are empty.

    An empty column takes along the words and brackets that are glued to it, and of the separators between two columns
    that are there the one with the most marks stays, the first if several have as many.
    """
    parts = template.parts
    texts: list[pl.Expr] = []
    for index, part in enumerate(parts):
        cell = cells[part.column]
        if index:
            texts.append(pl.when(cell.is_not_null()).then(_separator(parts[:index], cells)))
        texts.append(pl.concat_str([*_literal(part.head), cell, *_literal(part.tail)]))
    return pl.concat_str(texts, ignore_nulls=True).replace("", None)


def _separator(before: Sequence[Part], cells: Mapping[str, pl.Expr]) -> pl.Expr:
    """Return the separator after the nearest of the parts `before` that has text; null where none has."""
    nearest_first = range(len(before) - 1, -1, -1)
    strongest = [max((part.separator for part in before[index:]), key=_strength) for index in nearest_first]
    return pl.coalesce(
        pl.when(cells[before[index].column].is_not_null()).then(pl.lit(separator))
        for index, separator in zip(nearest_first, strongest, strict=True)
    )


def _literal(text: str) -> list[pl.Expr]:
    return [pl.lit(text)] if text else []


def _split(literal: str) -> tuple[str, str, str]:
    """Return what of the text between two columns belongs to the one before, to neither, and to the one after."""
    runs = list(_SEPARATORS.finditer(literal))
    if not runs:
        inner = literal.lstrip(_CLOSING)
        middle = inner.rstrip(_OPENING)
        return literal[: len(literal) - len(inner)], middle, inner[len(middle) :]
    strongest = max(runs, key=lambda run: _strength(run[0]))
    return literal[: strongest.start()], strongest[0], literal[strongest.end() :]


def _strength(separator: str) -> tuple[int, bool]:
    """Count the marks of `separator`; a full stop is none, it may belong to an initial."""
    return len(separator.replace(".", "").strip()), separator != ""
