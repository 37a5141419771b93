"""Keys of a map: whole values in any case, `*` for anything; exact keys win, then the first in order."""

from collections.abc import Iterable, Mapping

import polars as pl

from migrate.mapping.blanks import BLANK


def look_up(text: pl.Expr, table: Mapping[str, str]) -> pl.Expr:
    """Return the text of `table` whose key matches; null where none does."""
    exact: dict[str, str] = {}
    wild: list[tuple[str, str]] = []
    for key, value in zip(fold_keys(table), table.values(), strict=True):
        if "*" in key:
            wild.append((_pattern(key), value))
        else:
            exact.setdefault(key, value)
    lower = text.str.to_lowercase()
    found = [lower.replace_strict(list(exact), list(exact.values()), default=None, return_dtype=pl.String)]
    found += [pl.when(lower.str.contains(pattern)).then(pl.lit(value)) for pattern, value in wild]
    return pl.coalesce(found)


def matches_any(text: pl.Expr, keys: Iterable[str]) -> pl.Expr:
    """Return whether any of `keys` matches; an empty cell counts as the empty text."""
    return look_up(text.fill_null(""), dict.fromkeys(keys, "")).is_not_null()


def fold_keys(keys: Iterable[str]) -> list[str]:
    """Return `keys` as they are compared: trimmed, in lower case as polars has it."""
    folded: list[str] = pl.Series(list(keys), dtype=pl.String).str.strip_chars(BLANK).str.to_lowercase().to_list()
    return folded


def _pattern(key: str) -> str:
    return "(?s)^" + ".*".join(pl.escape_regex(piece) for piece in key.split("*")) + "$"
