"""MAC addresses in any spelling."""

import polars as pl
import pytest

from migrate.normalize.macs import clean_macs, is_mac, is_somebodys


@pytest.mark.parametrize(
    "text",
    [
        "AA:BB:CC:0D:EE:0F",
        "aa:bb:cc:0d:ee:0f",
        "aa-bb-cc-0d-ee-0f",
        "AABBCC0DEE0F",
        "aabb.cc0d.ee0f",
        "aa bb cc 0d ee 0f",
        "aabbcc-0dee0f",
        "AA\u2010BB\u2010CC\u20100D\u2010EE\u20100F",
    ],
)
def test_twelve_hex_digits_become_six_pairs(text: str) -> None:
    assert clean_macs(pl.Series([text])).to_list() == ["AA:BB:CC:0D:EE:0F"]


@pytest.mark.parametrize("text", ["n/a", "AA:BB:CC:DD:EE", "AA:BB:CC:DD:EE:FF:00", "GG:BB:CC:DD:EE:FF", "192.168.1.10"])
def test_what_is_no_address_stays_as_it_is(text: str) -> None:
    assert clean_macs(pl.Series([text])).to_list() == [text]
    assert pl.select(is_mac(pl.lit(text))).item() is False


def test_empty_cells_stay_empty_and_rows_stay_in_place() -> None:
    texts = pl.Series("mac", [None, "aabbccddeeff", "AA:BB:CC:DD:EE:01", "x", "aa-bb-cc-dd-ee-02"])
    clean = clean_macs(texts)
    assert clean.to_list() == [None, "AA:BB:CC:DD:EE:FF", "AA:BB:CC:DD:EE:01", "x", "AA:BB:CC:DD:EE:02"]
    assert texts[1] == "aabbccddeeff"


def test_zeros_and_broadcast_are_nobodys_address() -> None:
    addresses = pl.DataFrame({"mac": ["00:00:00:00:00:00", "FF:FF:FF:FF:FF:FF", "AA:BB:CC:DD:EE:FF"]})
    assert addresses.select(is_somebodys(pl.col("mac"))).to_series().to_list() == [False, False, True]


def test_a_column_of_all_spellings_reads_as_each_of_them_alone() -> None:
    texts = ["AABBCC0DEE0F", None, "aa-bb-cc-0d-ee-0f", "n/a", "AA:BB:CC:0D:EE:0F", "aabb.cc0d.ee0f", "AABBCC0DEE0", ""]

    assert clean_macs(pl.Series(texts)).to_list() == [
        clean_macs(pl.Series([text], dtype=pl.String))[0] for text in texts
    ]
