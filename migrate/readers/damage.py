"""Damage: what spreadsheet programs did to cells, repaired where the cell proves its value, else told."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from migrate.model.findings import as_findings, no_findings
from migrate.model.heads import heads
from migrate.readers.credentials import SIGNS_OF_CREDENTIALS, SUSPECT, masked_cells
from migrate.readers.survey import Sign


@dataclass(frozen=True, slots=True)
class Damage:
    """A kind of damage to a cell.

    `cell`, a polars pattern, finds it in a cell; `sign` occurs in every text file with such a cell. `repaired` is what
    the cell becomes, in terms of the groups of `cell`; None where that can't be known.
    """

    code: str
    severity: Literal["warning", "note"]
    cell: str
    sign: Sign
    message: str
    hint: str
    repaired: str | None = None
    text_only: bool = False
    """In a workbook this is what the cell shows, and no damage."""


_ERROR = (
    r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!"
    r"|NV|BEZUG!|WERT!|ZAHL!|ÜBERLAUF!"  # German
    r"|VALEUR!|NOM\?|NOMBRE!|NUL!|PROPAGATION!"  # French
    r"|N/D|[¡¿](?:REF!|VALOR!|NOMBRE\?|DIV/0!|NULO!|NUM!)|VALOR!|RIF!|VALORE!|NOME\?|NÚM!)"  # Spanish and its likes
)
"""What spreadsheet programs show instead of a value, in their languages."""
_LIBRE_ERROR = "Err:5[0-9]{2}"

_GARBLED = "\ufffd|Ã[\u0080-\u00bf]|Â[\u0080-\u00bf]|â€|ï»¿"
_CONTROL = r"[\x00\x1a\x1b]"
"""Those that do harm: what ends a text in other programs, and what commands a terminal."""

DAMAGES = (
    Damage(
        code="unwrapped",
        severity="note",
        cell=r'^\s*="([^"]*)"\s*$',
        sign=Sign('="', b"="),
        message="the formula around the text was taken off",
        hint="nothing to do: the text in the formula is the value",
        repaired="${1}",
    ),
    Damage(
        code="text_marker",
        severity="note",
        cell=r"^'([-+]?[0-9][0-9.,/ -]*|=[^']+)$",
        sign=Sign("'[-+=0-9]", b"'"),
        message="the apostrophe in front, Excel's mark for text, was taken off",
        hint="nothing to do: what follows the apostrophe is the value",
        repaired="${1}",
        text_only=True,
    ),
    Damage(
        code="e_notation",
        severity="warning",
        cell=r"^\s*[-+]?[0-9]+(?:[.,][0-9]+)?[eE][-+][0-9]{1,3}\s*$",
        sign=Sign(r"(?:\A|[^0-9A-Za-z+.\-])[-+]?[0-9]+(?:[.,][0-9]+)?[eE][-+][0-9]{1,3}(?:[^0-9A-Za-z]|\z)"),
        message="this was turned into a number in exponent form; its digits or letters are lost",
        hint="type the value again, in a cell formatted as text",
    ),
    *(
        Damage(
            code="excel_error",
            severity="warning",
            cell=rf"^\s*(?:{error})\s*$",
            sign=Sign(error, byte),
            message="the cell holds an error instead of a value",
            hint="mend the formula, or type the value",
        )
        for error, byte in ((_ERROR, b"#"), (_LIBRE_ERROR, b":"))  # apart, as colons are in many files, and `#` in few
    ),
    Damage(
        code="excel_error",
        severity="warning",
        cell=r"^\s*#{3,}\s*$",
        sign=Sign("###", b"#"),
        message="the column was too narrow when the file was saved, and the value is lost",
        hint="widen the column in the original workbook and save again",
        text_only=True,
    ),
    Damage(
        code="mojibake",
        severity="warning",
        cell=_GARBLED,
        sign=Sign(_GARBLED, "\ufffdÃÂâï".encode()),
        message="letters were garbled when the file was saved in another encoding",
        hint="export the file again as UTF-8, or type the letters",
    ),
    Damage(
        code="control_character",
        severity="warning",
        cell=_CONTROL,
        sign=Sign(_CONTROL, b"\x00\x1a\x1b"),
        message="the cell holds a control character, which can't be seen",
        hint="type the value again",
    ),
)

SIGNS = frozenset({damage.sign for damage in DAMAGES} | set(SIGNS_OF_CREDENTIALS))
"""What to look for in a text file's bytes; a kind of damage that isn't there has no cell that must be looked at."""


def mend(
    frame: pl.DataFrame, letters: Mapping[str, str], found: Collection[Sign] | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the frame (`_row`, then text columns) with what could be repaired, and a findings frame.

    `found` are the SIGNS that occur in the text file; None for a workbook.
    """
    findings = [no_findings()]
    here = [d for d in DAMAGES if (d.sign in found if found is not None else not d.text_only)]
    may_mask = found is None or not SIGNS_OF_CREDENTIALS.isdisjoint(found)
    suspects = _suspects(frame, letters, [*(damage.cell for damage in here), *[SUSPECT] * may_mask])
    for damage in here:
        frame, told = _mend(frame, suspects, damage)
        findings += told
    if may_mask:
        frame, told = _mask(frame, suspects)
        findings += told
    return frame, pl.concat(findings)


def _suspects(frame: pl.DataFrame, letters: Mapping[str, str], patterns: Sequence[str]) -> dict[str, str]:
    """Return the columns that have one of the patterns, found by one look at each."""
    any_of = "|".join(f"(?:{pattern})" for pattern in patterns)
    return {
        column: letter
        for column, letter in letters.items()
        if patterns and heads(frame[column]).str.contains(any_of).any()
    }


def _mend(frame: pl.DataFrame, letters: Mapping[str, str], damage: Damage) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    hits = frame.select(pl.col(*letters).str.contains(damage.cell).any()) if letters else pl.DataFrame()
    findings = []
    for column in (column for column in hits.columns if hits[column].item()):
        bad = frame.filter(pl.col(column).str.contains(damage.cell)).select("_row", value=column)
        constants = {"severity": damage.severity, "code": damage.code, "message": damage.message, "hint": damage.hint}
        findings.append(_findings(bad, column, letters[column], **constants))
        if damage.repaired is not None:
            frame = frame.with_columns(_empty_to_null(pl.col(column).str.replace(damage.cell, damage.repaired)))
    return frame, findings


def _mask(frame: pl.DataFrame, letters: Mapping[str, str]) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    findings = []
    for column, letter in letters.items():
        masked = masked_cells(frame[column])
        if not masked:
            continue
        value = pl.col(column).replace_strict(masked, default=None, return_dtype=pl.String)
        findings.append(
            _findings(
                frame.select("_row", value=value).drop_nulls(),
                column,
                letter,
                severity="note",
                code="masked_credentials",
                message="a password in the address was replaced by ***",
                hint="nothing to do: passwords are never kept",
            )
        )
        frame = frame.with_columns(pl.col(column).replace(masked))
    return frame, findings


def _findings(bad: pl.DataFrame, column: str, letter: str, **constants: str) -> pl.DataFrame:
    places = bad.with_columns(row="_row", cell=pl.lit(letter) + pl.col("_row").cast(pl.String))
    return as_findings(places, column=column, **constants)


def _empty_to_null(cell: pl.Expr) -> pl.Expr:
    return cell.replace("", None)
