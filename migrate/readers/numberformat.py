"""Number formats of spreadsheets: the text that a value and a format code show (ECMA-376 part 1, 18.8.30-31)."""

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from migrate.readers.numberformat_date import is_misplaced, show_date
from migrate.readers.numberformat_digits import general, show_digits
from migrate.readers.numberformat_tokens import Token, tokens

BUILTIN_FORMATS: Mapping[int, str] = MappingProxyType(
    {
        0: "General",
        1: "0",
        2: "0.00",
        3: "#,##0",
        4: "#,##0.00",
        5: '"$"#,##0_);("$"#,##0)',
        6: '"$"#,##0_);[Red]("$"#,##0)',
        7: '"$"#,##0.00_);("$"#,##0.00)',
        8: '"$"#,##0.00_);[Red]("$"#,##0.00)',
        9: "0%",
        10: "0.00%",
        11: "0.00E+00",
        12: "# ?/?",
        13: "# ??/??",
        14: "m/d/yy",
        15: "d-mmm-yy",
        16: "d-mmm",
        17: "mmm-yy",
        18: "h:mm AM/PM",
        19: "h:mm:ss AM/PM",
        20: "h:mm",
        21: "h:mm:ss",
        22: "m/d/yy h:mm",
        **dict.fromkeys((*range(27, 32), 36, *range(50, 55), 57, 58), "m/d/yy"),
        **dict.fromkeys((*range(32, 36), 55, 56), "h:mm:ss"),
        37: "#,##0_);(#,##0)",
        38: "#,##0_);[Red](#,##0)",
        39: "#,##0.00_);(#,##0.00)",
        40: "#,##0.00_);[Red](#,##0.00)",
        41: '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)',
        42: '_("$"* #,##0_);_("$"* (#,##0);_("$"* "-"_);_(@_)',
        43: '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)',
        44: '_("$"* #,##0.00_);_("$"* (#,##0.00);_("$"* "-"??_);_(@_)',
        45: "mm:ss",
        46: "[h]:mm:ss",
        47: "mm:ss.0",
        48: "##0.0E+0",
        49: "@",
    }
)
"""The formats that a workbook may name by number alone, as the US setting has them."""

_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)")
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
_SYSTEM_FORMATS = {"F800": "dddd, mmmm d, yyyy", "F400": "h:mm:ss AM/PM"}
_SYSTEM_FORMAT = re.compile(r"\[\$-(?:x-sys|)(F800|F400)[^\]]*\]", re.IGNORECASE)
_NUMBER_SECTIONS = 3
_DATE_KINDS = frozenset({"date", "elapsed", "ampm"})


@dataclass(frozen=True, slots=True)
class Section:
    """One of a format's up to four parts; `unsigned`: only negative numbers get here, and it shows them without `-`."""

    tokens: tuple[Token, ...]
    condition: tuple[str, float] | None
    unsigned: bool

    @property
    def is_date(self) -> bool:
        """Whether it shows a number as a date or a time."""
        return any(token.kind in _DATE_KINDS for token in self.tokens)

    def takes(self, value: float) -> bool:
        """Return whether its condition holds for `value`."""
        return self.condition is None or _COMPARE[self.condition[0]](value, self.condition[1])


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A format code, taken apart; `numbers` is empty where it says nothing about numbers, `text` None about text."""

    numbers: tuple[Section, ...]
    text: tuple[Token, ...] | None

    @classmethod
    def parse(cls, code: str) -> "NumberFormat":
        """Take a format code apart; one that breaks the rules is read as far as it can be."""
        system = _SYSTEM_FORMAT.search(code)
        parts = _split(tokens(_SYSTEM_FORMATS[system[1].upper()] if system else code))
        has_text = len(parts) > _NUMBER_SECTIONS or any(token.kind == "text" for token in parts[-1])
        numbers = _sections(parts[: min(len(parts) - has_text, _NUMBER_SECTIONS)])
        if len(numbers) == 1 and _kinds(numbers[0].tokens) in ([], ["general"]):
            numbers = ()
        if any(is_misplaced(section.tokens) for section in numbers):
            numbers = ()
        text = tuple(token for token in parts[-1] if token.kind != "bracket") if has_text else None
        if text is not None and _kinds(text) in (["text"], ["general"]):
            text = None
        return cls(numbers=numbers, text=text)

    @property
    def is_date(self) -> bool:
        """Whether it shows positive numbers as dates or times."""
        return bool(self.numbers) and self.numbers[0].is_date

    @property
    def zeros(self) -> int | None:
        """The width, for a format such as `00000` that only puts zeros in front of whole numbers."""
        if len(self.numbers) != 1 or any(token.text != "0" for token in self.numbers[0].tokens):
            return None
        return len(self.numbers[0].tokens)

    def show(self, value: float, *, date1904: bool = False) -> str:
        """Return what a cell with this format and number shows; where that is `####`, the number."""
        section = self._section(value)
        if section is None or not math.isfinite(value):
            return general(value)
        if section.is_date:
            return show_date(section.tokens, value, date1904=date1904) or general(value)
        sign = "-" if value < 0 and not section.unsigned else ""
        return (sign + show_digits(section.tokens, abs(value))).strip()

    def show_text(self, value: str) -> str:
        """Return what a cell with this format and text shows."""
        if self.text is None:
            return value
        return "".join(value if token.kind in {"text", "general"} else token.shown for token in self.text).strip()

    def _section(self, value: float) -> Section | None:
        if not self.numbers:
            return None
        return next((section for section in self.numbers if section.takes(value)), self.numbers[-1])


def _kinds(part: Sequence[Token]) -> list[str]:
    return [token.kind for token in part if token.kind not in {"pad", "fill"}]


def _split(all_tokens: list[Token]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in all_tokens:
        if token.kind == "semicolon":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _sections(parts: list[list[Token]]) -> tuple[Section, ...]:
    given = [_condition(part) for part in parts]
    defaults: dict[int, list[tuple[str, float] | None]] = {2: [(">=", 0.0), None], 3: [(">", 0.0), ("<", 0.0), None]}
    conditions = list(given)
    if not any(given):
        conditions = defaults.get(len(parts), [None])
    elif len(parts) == _NUMBER_SECTIONS and given[1] is None:
        conditions[1] = ("<", 0.0)
    return tuple(
        Section(
            tokens=tuple(token for token in part if token.kind != "bracket"),
            condition=conditions[place],
            unsigned=_only_negative(conditions[: place + 1]),
        )
        for place, part in enumerate(parts)
    )


def _condition(part: list[Token]) -> tuple[str, float] | None:
    for token in part:
        if token.kind == "bracket" and (match := _CONDITION.fullmatch(token.text.strip())):
            try:
                return match[1], float(match[2])
            except ValueError:
                return None
    return None


def _only_negative(conditions: list[tuple[str, float] | None]) -> bool:
    *before, own = conditions
    if own is not None:
        return own[0] in {"<", "<="} and own[1] <= 0
    return any(one is not None and one[0] in {">", ">="} and one[1] <= 0 for one in before)
