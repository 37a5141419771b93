"""Sheets seen together: those with the same columns as one, and keys that another sheet's values name."""

import pytest
from mapping_sources import source

from migrate.mapping.suggest.layouts import layouts
from migrate.mapping.suggest.profile import Profile, whole_rows
from migrate.mapping.suggest.suggest import suggest


def test_of_files_with_the_same_columns_torn_rows_alone_are_left_out() -> None:
    torn = {"_row": 3, "severity": "error", "code": "column_count", "message": "torn"}
    first = source({"A": ["a", "b"], "B": ["1", "2"]}, file="1.csv", findings=[torn])
    second = source({"A": ["c", "d", "e"], "B": ["3", "4", "5"]}, file="2.csv")
    [layout] = layouts([second, first])
    assert whole_rows(layout.source.table)["A"].to_list() == ["c", "d", "e", "a"]
    [layout] = layouts([first, second])
    assert whole_rows(layout.source.table)["A"].to_list() == ["a", "c", "d", "e"]


def test_the_values_of_a_column_are_gone_through_once_for_all_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet of places without an id, and one with a column for each of them, have too many pairs of columns."""
    keys = {f"k{column}": [f"{column}-{row}" for row in range(6)] for column in range(40)}
    places = {"Street": [f"{row} Main St" for row in range(6)], "TZ": ["Eastern"] * 6, "Acct": list("123456")}
    others = {f"o{column}": [f"{column + 20}-{row}" for row in range(6)] for column in range(30)}
    compared = 0

    def counted(_: Profile, known: object) -> float:
        nonlocal compared
        compared += 1
        return 0.0

    monkeypatch.setattr(Profile, "share_among", counted)
    suggest([source({**places, **keys}, file="a.csv"), source(others, file="b.csv")])
    assert compared < len(keys) * len(others) / 4


def test_the_key_is_the_column_whose_values_another_sheet_has_most_of() -> None:
    places = {"Street": [f"{row} Main St" for row in range(6)], "TZ": ["Eastern"] * 6, "City": ["Troy"] * 6}
    keys = {"foo": [f"p{row}x" for row in range(6)], "bar": [f"q{row}y" for row in range(6)]}
    others = {
        "MAC": [f"AA:BB:CC:00:00:0{row}" for row in range(6)],
        "Zone": [str(row + 1) for row in range(6)],
        "baz": [*keys["bar"][:5], "other"],
        "qux": [*keys["foo"][:3], "r", "s", "t"],
    }
    [sheet, _] = [
        one.sheet for one in suggest([source({**places, **keys}, file="a.csv"), source(others, file="b.csv")]).found
    ]
    assert sheet.column("site_id") == "bar"
