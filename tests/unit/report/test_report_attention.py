"""The source rows that need attention, as they were."""

import polars as pl
import pytest
from report_runs import findings, outcomes, source

from migrate.report import attention as attention_room
from migrate.report.attention import attention_frame, attention_sheets, find_attention, headings

SITES = source([["S-1", "Estern"], ["S-2", "ET"], ["S-1", "Estern"]], ["Customer #", "TZ"])
CAMERAS = source([["C-1", "9999"]], ["Camera", "zone"], sheet="Cameras")


def test_a_record_that_is_in_needs_nothing() -> None:
    assert find_attention(outcomes({}, {"outcome": "skipped"}, {"outcome": "pending"}), findings()).rows.is_empty()


def test_an_error_in_a_later_row_of_a_merged_site_brings_that_row_too() -> None:
    told = outcomes({"outcome": "invalid", "message": "rows differ"}, {})
    errors = findings({"_n": 0, "_row": 4, "column": "TZ", "message": "differs from row 2", "hint": "make them agree"})

    found = find_attention(told, errors)

    assert found.rows.select("_row", "_record", "_outcome", "_message").rows() == [
        (2, "site", "invalid", "rows differ"),
        (4, "site", "invalid", "differs from row 2 (make them agree)"),
    ]


def test_several_records_of_a_row_are_one_line() -> None:
    told = outcomes(
        {"outcome": "invalid", "message": "time zone is not known", "row": 2},
        {"outcome": "blocked", "message": "site S-1 is invalid", "record": "device", "row": 2},
        {"outcome": "created", "record": "device", "row": 2},
    )

    (line,) = find_attention(told, findings()).rows.rows(named=True)

    assert line["_record"] == "site;device"
    assert line["_outcome"] == "invalid;blocked"
    assert line["_message"] == "time zone is not known;site S-1 is invalid"


def test_an_error_about_a_whole_row_counts_for_its_records_and_warnings_for_none() -> None:
    told = outcomes({"outcome": "invalid", "message": "m"}, {})
    found = find_attention(
        told,
        findings(
            {"_row": 2, "column": "TZ", "message": "a"},
            {"_row": 2, "column": "TZ", "message": "b", "hint": "do"},
            {"_row": 3, "column": "TZ"},
            {"_row": 2, "_n": 0, "column": "Customer #", "severity": "warning"},
        ),
    )

    assert found.rows["_message"].to_list() == ["a; b (do)"]
    assert found.cells.rows() == [(0, 2, "TZ", "a\nb (do)")]


def test_tables_with_other_columns_are_put_under_the_union_of_them() -> None:
    told = outcomes(
        {"outcome": "failed", "message": "no"},
        {"outcome": "failed", "message": "no", "_src": 1, "row": 2, "record": "device"},
    )

    frame = attention_frame(find_attention(told, findings()), [SITES, CAMERAS])

    ours = ["_file", "_sheet", "_row", "_record", "_outcome", "_message"]
    assert frame.columns == ["Customer #", "TZ", "Camera", "zone", *ours]
    assert frame.rows() == [
        ("S-1", "Estern", None, None, "a.xlsx", "Sites", 2, "site", "failed", "no"),
        (None, None, "C-1", "9999", "a.xlsx", "Cameras", 2, "device", "failed", "no"),
    ]


def test_columns_of_sources_without_a_line_are_left_away() -> None:
    frame = attention_frame(find_attention(outcomes({"outcome": "failed"}), findings()), [SITES, CAMERAS])

    assert frame.columns[:3] == ["Customer #", "TZ", "_file"]


def test_names_that_mean_something_to_polars_are_names_like_others() -> None:
    odd = source([["a", "b", "c"]], ["*", "^_.*$", "_file"])

    frame = attention_frame(find_attention(outcomes({"outcome": "failed"}), findings()), [odd])

    assert frame.columns[:4] == ["*", "^_.*$", "_file (original)", "_file"]
    assert frame.row(0)[:3] == ("a", "b", "c")


def test_columns_that_differ_in_case_only_share_a_heading_and_ours_stay_ours() -> None:
    names = headings([source([], ["Zone", "_ROW", "=a", "'=a"]), source([], ["zone"])])

    assert names == {"zone": "Zone", "_row": "_ROW (original)", "=a": "=a", "'=a": "'=a (original)"}


def test_a_workbook_has_a_sheet_for_each_source_with_bad_cells_tinted_and_explained() -> None:
    told = outcomes(
        {"outcome": "failed"},
        {"outcome": "invalid"},
        {"outcome": "failed", "_src": 1, "row": 2, "record": "device", "sheet": "Cameras"},
    )
    errors = findings(
        {"_row": 3, "_n": 1, "column": "tz-gone"}, {"_row": 3, "_n": 1, "column": "TZ", "hint": "mend it"}
    )

    sites, cameras = attention_sheets(find_attention(told, errors), [SITES, CAMERAS])

    assert (sites.name, cameras.name) == ("Sites", "Cameras")
    assert sites.frame.columns[:3] == ["Customer #", "TZ", "_file"]
    assert {column: tint.to_list() for column, tint in sites.tints.items()} == {"TZ": [None, "bad"]}
    (row, column, how_to), *about_cells = sites.comments
    assert (row, column) == (-1, "Customer #")
    assert how_to.startswith("How to use this file")
    assert about_cells == [(1, "TZ", "time zone is not known (mend it)")]
    assert [comment[:2] for comment in cameras.comments] == [(-1, "Camera")]


def test_a_text_file_gives_its_sheet_its_name() -> None:
    (sheet,) = attention_sheets(
        find_attention(outcomes({"outcome": "failed"}), findings()),
        [source([["x"]], ["a"], file="in/sites.csv", sheet=None)],
    )

    assert sheet.name == "sites"


def test_rows_that_a_sheet_cannot_hold_go_on_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention_room, "ROWS_MAX", 2)
    told = outcomes(*({"outcome": "failed"} for _ in range(3)))

    sheets = list(attention_sheets(find_attention(told, findings()), [SITES]))

    assert [sheet.frame.height for sheet in sheets] == [2, 1]
    assert pl.concat([sheet.frame for sheet in sheets])["_row"].to_list() == [2, 3, 4]


def test_more_comments_than_a_program_can_bear_are_left_away_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention_room, "COMMENTS_MAX", 1)
    told = outcomes({"outcome": "invalid"}, {"outcome": "invalid"})
    errors = findings({"_row": 2, "_n": 0, "column": "TZ"}, {"_row": 3, "_n": 1, "column": "TZ"})

    (sheet,) = attention_sheets(find_attention(told, errors), [SITES])

    assert [comment[:2] for comment in sheet.comments] == [(-1, "Customer #"), (0, "TZ"), (-1, "_message")]
    assert sheet.tints["TZ"].to_list() == ["bad", "bad"]
