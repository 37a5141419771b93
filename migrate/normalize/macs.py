"""MAC addresses: twelve hex digits in any spelling become `AA:BB:CC:DD:EE:FF`."""

import polars as pl

_CLEAN = r"^(?:[0-9A-F]{2}:){5}[0-9A-F]{2}$"
_BARE = r"^[0-9A-F]{12}$"
_SEPARATORS = r"[\s:._\-\u2010-\u2015]+"
_NOBODYS = ("00:00:00:00:00:00", "FF:FF:FF:FF:FF:FF")


def clean_macs(texts: pl.Series) -> pl.Series:
    """Return the addresses in the usual spelling; a text that is none stays as it is."""
    for mend in (_dashed, _spelled):
        odd = (texts.is_not_null() & ~texts.str.contains(_CLEAN)).arg_true()
        if odd.is_empty():
            break
        # A copy, because scatter writes in place.
        texts = texts.clone().scatter(odd, texts.gather(odd).to_frame("mac").select(mend()).to_series())
    return texts


def is_mac(column: pl.Expr) -> pl.Expr:
    """Tell whether a cleaned text is an address."""
    return column.str.contains(_CLEAN)


def is_somebodys(column: pl.Expr) -> pl.Expr:
    """Tell whether a cleaned address can be one device's; that of all zeros and the broadcast address can't."""
    return ~column.is_in(_NOBODYS)


def _dashed() -> pl.Expr:
    """Mend the common spellings, the quick way: lower case, and dashes instead of colons."""
    mended = pl.col("mac").str.to_uppercase().str.replace_all("-", ":", literal=True)
    return pl.when(mended.str.contains(_CLEAN)).then(mended).otherwise("mac")


def _spelled() -> pl.Expr:
    bare = pl.col("mac").str.replace_all(_SEPARATORS, "").str.to_uppercase()
    pairs = pl.concat_str([bare.str.slice(at, 2) for at in range(0, 12, 2)], separator=":")
    return pl.when(bare.str.contains(_BARE)).then(pairs).otherwise("mac")
