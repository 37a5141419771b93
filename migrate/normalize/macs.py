"""MAC addresses: twelve hex digits in any spelling become `AA:BB:CC:DD:EE:FF`."""

import polars as pl

_CLEAN = r"^(?:[0-9A-F]{2}:){5}[0-9A-F]{2}$"
_BARE = r"^[0-9A-F]{12}$"
_SEPARATORS = r"[\s:._\-\u2010-\u2015]+"
_NOBODYS = ("00:00:00:00:00:00", "FF:FF:FF:FF:FF:FF")


def clean_macs(texts: pl.Series) -> pl.Series:
    """Return the addresses in the usual spelling; a text that is none stays as it is."""
    odd = (texts.is_not_null() & ~texts.str.contains(_CLEAN)).arg_true()
    for mend in (_bare, _dashed, _spelled):
        if odd.is_empty():
            break
        here = texts.gather(odd)
        mended, is_clean = mend(here)
        whole = mended if is_clean.all() else mended.zip_with(is_clean, here)
        # A copy, because scatter writes in place.
        texts = whole if odd.len() == texts.len() else texts.clone().scatter(odd, whole)
        odd = odd.filter(~is_clean)
    return texts


def is_mac(column: pl.Expr) -> pl.Expr:
    """Tell whether a cleaned text is an address."""
    return column.str.contains(_CLEAN)


def is_somebodys(column: pl.Expr) -> pl.Expr:
    """Tell whether a cleaned address can be one device's; that of all zeros and the broadcast address can't."""
    return ~column.is_in(_NOBODYS)


def _bare(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Mend the digits alone, the quickest way; return where that came to an address, too."""
    return _paired(texts)


def _dashed(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Mend the common spellings, the quick way: lower case, and dashes instead of colons."""
    mended = texts.str.to_uppercase().str.replace_all("-", ":", literal=True)
    return mended, mended.str.contains(_CLEAN)


def _spelled(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    return _paired(texts.str.replace_all(_SEPARATORS, "").str.to_uppercase())


def _paired(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the texts as pairs, and where they are twelve digits."""
    is_bare = texts.str.contains(_BARE)
    if not is_bare.any():
        return texts, is_bare
    digits = pl.lit(texts)
    pairs = pl.concat_str([digits.str.slice(at, 2) for at in range(0, 12, 2)], separator=":")
    return pl.select(pairs).to_series().alias(texts.name), is_bare
