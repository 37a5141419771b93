"""Mistakes of a mapping file, each told in one line with its place: `acme.toml:12: table[1].fields.mac.pad: ...`."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from migrate.mapping.toml_lines import Path, key_lines

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_NEAR = 65


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with the key at `path`."""

    path: Path
    text: str


def tell(mistakes: Iterable[Mistake], *, file: str, text: str) -> list[str]:
    """Return a line for each of the mistakes in the TOML `text` of `file`, in the order of the file."""
    lines = key_lines(text)
    placed = {(_line(mistake.path, lines), _order(mistake.path), mistake) for mistake in mistakes}
    return [
        ": ".join(filter(None, (f"{file}:{line}" if line else file, key_text(mistake.path), mistake.text)))
        for line, _, mistake in sorted(placed, key=lambda place: (*place[:2], place[2].text))
    ]


def key_text(path: Path) -> str:
    """Return `path` as people write it; tables count from 1, keys that need quotes have them."""
    text = ""
    for key in path:
        if isinstance(key, int):
            text += f"[{key + 1}]"
        else:
            text += "." * bool(text) + (key if _BARE_KEY.fullmatch(key) else quoted(key))
    return text


def quoted(text: str) -> str:
    """Return `text` in quotes, on one line."""
    return json.dumps(text, ensure_ascii=False)


def nearest(name: str, names: Iterable[str], *, limit: int = 1) -> list[str]:
    """Return those of `names` that `name` may have meant, best first."""
    choices = list(dict.fromkeys(names))
    found = process.extract(
        name, choices, scorer=fuzz.WRatio, processor=str.casefold, limit=limit * 4, score_cutoff=_NEAR
    )
    best = sorted(found, key=lambda match: -match[1] - fuzz.ratio(name.casefold(), match[0].casefold()))
    return [match[0] for match in best[:limit]]


def did_you_mean(name: str, names: Iterable[str], *, quote: str = "`") -> str:
    """Return the question that ends a message about an unknown name; empty where nothing is near."""
    found = nearest(name, names)
    return f"; did you mean {quote}{found[0]}{quote}?" if found else ""


def listed(names: Sequence[str], *, limit: int = 8) -> str:
    """Return `names` in quotes, and how many more there are."""
    text = ", ".join(quoted(name) for name in names[:limit])
    return f"{text} and {len(names) - limit} more" if len(names) > limit else text


def _line(path: Path, lines: dict[Path, int]) -> int:
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 0


def _order(path: Path) -> tuple[tuple[int, str], ...]:
    return tuple((key, "") if isinstance(key, int) else (0, key) for key in path)
