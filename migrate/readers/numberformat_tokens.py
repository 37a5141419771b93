"""A number format's code, cut into tokens."""

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
      "(?P<quoted>[^"]*)"?
    | \\(?P<escaped>.)
    | _(?P<pad>.)
    | \*(?P<fill>.)
    | \[(?P<elapsed>h+|m+|s+)\]
    | \[\$(?P<currency>[^-\]]*)[^\]]*\]
    | \[(?P<bracket>[^\]]*)\]
    | (?P<general>General)
    | (?P<ampm>AM/PM|A/P|上午/下午)
    | (?<=[0\#?.])(?P<exponent>E[+-])
    | (?P<date>y+|m+|d+|h+|s+|e+|b+|a{3,4})
    | (?P<digit>[0\#?])
    | (?P<point>\.)
    | (?P<comma>,)
    | (?P<percent>%)
    | (?P<slash>/)
    | (?P<text>@)
    | (?P<semicolon>;)
    | (?P<literal>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_LITERAL_KINDS = {"quoted", "escaped", "currency"}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a format's code: its kind, and the characters that say what it does."""

    kind: str
    text: str

    @property
    def shown(self) -> str:
        """What it shows where it stands for itself."""
        if self.kind == "pad":
            return " "
        return "" if self.kind in {"fill", "bracket"} else self.text


def tokens(code: str) -> list[Token]:
    """Return the tokens of a format's code; quoted, escaped and currency texts are literals."""
    return [
        Token("literal" if match.lastgroup in _LITERAL_KINDS else str(match.lastgroup), match[str(match.lastgroup)])
        for match in _TOKEN.finditer(code)
    ]
