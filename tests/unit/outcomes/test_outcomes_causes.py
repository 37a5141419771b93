"""Findings and failures that are alike are told once."""

from typing import Any

import polars as pl

from migrate.model.codes import CODES
from migrate.model.findings import findings_frame, no_findings
from migrate.model.outcomes import OUTCOMES_SCHEMA
from migrate.outcomes.causes import causes, run_causes


def _finding(row: int | None, **more: Any) -> dict[str, Any]:
    known = {
        "file": "a.xlsx",
        "sheet": "Sites",
        "row": row,
        "cell": f"C{row}",
        "record": "site",
        "field": "timezone",
        "severity": "error",
        "code": "timezone",
        "message": 'time zone "Estern" is not known',
        "hint": 'did you mean "Eastern"? add it under table.fields.timezone.map',
        "_src": 0,
        "_row": row,
        "_n": row,
    }
    return {**known, **more}


def _outcome(n: int, outcome: str, **more: Any) -> dict[str, Any]:
    blank = dict.fromkeys(OUTCOMES_SCHEMA)
    return {**blank, "file": "a.csv", "row": n + 2, "record": "site", "outcome": outcome, "_src": 0, "_n": n, **more}


def test_a_cause_is_one_line_with_its_number_and_the_fix() -> None:
    found = causes(findings_frame(_finding(row) for row in range(2, 214)))

    assert [str(cause) for cause in found] == [
        '212 rows: time zone "Estern" is not known; did you mean "Eastern"? add it under table.fields.timezone.map'
    ]
    assert found[0].places == ("a.xlsx, Sites!C2", "a.xlsx, Sites!C3", "a.xlsx, Sites!C4")


def test_a_cause_of_one_row_says_where_it_is() -> None:
    (cause,) = causes(findings_frame([_finding(7, hint=None)]))

    assert str(cause) == '1 row (a.xlsx, Sites!C7): time zone "Estern" is not known'


def test_messages_that_differ_are_told_with_their_numbers_and_the_fix_once() -> None:
    zones = ["EST"] * 2 + ["CST"] * 4 + ["PST"]
    rows = [_finding(row, message=f'"{zone}" is doubtful', hint="say which") for row, zone in enumerate(zones, start=2)]
    (cause,) = causes(findings_frame(rows))

    assert not cause.alike
    assert str(cause) == (
        '7 rows (such as a.xlsx, Sites!C4): "CST" is doubtful (4 rows); "EST" is doubtful (2 rows); "PST" is doubtful; '
        "say which"
    )


def test_of_many_different_messages_the_most_frequent_are_told_and_how_many_more_there_are() -> None:
    rows = [_finding(row, message=f"zone {row // 2}", hint="mend it") for row in range(2, 2003)]
    (cause,) = causes(findings_frame(rows))

    assert str(cause).startswith("2,001 rows (such as a.xlsx, Sites!C2): zone 1 (2 rows); zone 2 (2 rows); zone 3 ")
    assert str(cause).endswith("; and 998 more like these; mend it")
    assert (cause.different, len(cause.sayings)) == (1001, 3)


def test_a_finding_about_several_whole_files_tells_each_of_them() -> None:
    rows = [_finding(None, cell=None, sheet=None, message=f"{name} was guessed", hint=None) for name in ("a", "b")]
    (cause,) = causes(findings_frame(rows))

    assert str(cause) == "a.xlsx: a was guessed; b was guessed"


def test_a_cell_that_goes_into_two_fields_is_told_once_as_the_gravest_of_both() -> None:
    damage = {"code": "e_notation", "message": "its digits are lost", "hint": "type it again"}
    rows = [
        _finding(2, **damage, field="address1", severity="warning"),
        _finding(2, **damage, field="external_site_id"),
        _finding(3, **damage, field="address1", severity="warning"),
        _finding(None, **damage, cell=None, severity="warning"),
        _finding(None, **damage, cell=None, severity="warning"),
    ]
    told = [(cause.kind, cause.rows) for cause in causes(findings_frame(rows))]

    assert told == [("error", 1), ("warning", 1), ("warning", 0)]


def test_two_cells_of_one_row_are_one_row() -> None:
    (cause,) = causes(findings_frame([_finding(2), _finding(2, cell="D2")]))

    assert cause.rows == 1


def test_errors_come_first_and_then_what_is_most_frequent() -> None:
    found = causes(
        findings_frame(
            [
                _finding(2, severity="note", code="n"),
                _finding(2, severity="warning", code="w"),
                _finding(3, severity="warning", code="w"),
                _finding(2, code="rare"),
                _finding(2, code="often"),
                _finding(3, code="often"),
            ]
        )
    )

    assert [cause.code for cause in found] == ["often", "rare", "w", "n"]


def test_a_finding_about_a_whole_file_has_no_row() -> None:
    (cause,) = causes(findings_frame([_finding(None, cell=None, sheet=None, message="encoding was guessed")]))

    assert cause.places == ("a.xlsx",)


def test_rows_without_a_cell_are_placed_by_their_number() -> None:
    (cause,) = causes(findings_frame([_finding(2, cell=None)]))

    assert cause.places == ("a.xlsx, Sites, row 2",)


def test_failures_are_grouped_by_their_code_and_blocked_ones_by_kind_each_with_what_mends_it() -> None:
    rows = [
        _outcome(0, "failed", code="http_400", message="too long"),
        _outcome(1, "failed", code="http_400", message="too long"),
        _outcome(2, "failed", code="http_400", message="not allowed"),
        _outcome(3, "blocked", code="blocked", message="site A is invalid", record="device"),
        _outcome(4, "blocked", code="blocked", message="site B is invalid", record="device"),
        _outcome(5, "created"),
        _outcome(6, "invalid", message="a finding tells it"),
    ]

    told = run_causes(pl.DataFrame(rows, schema=OUTCOMES_SCHEMA), no_findings())

    assert [str(cause) for cause in told] == [
        "3 rows (such as a.csv, row 2): too long (2 rows); not allowed (http_400); mend the row and retry",
        "2 rows wait for what they belong to, such as site A is invalid",
    ]
    assert told[0].places == ("a.csv, row 2", "a.csv, row 3", "a.csv, row 4")
    assert told[1].hint == "mend what is wrong with that one; this record follows"


def test_a_failure_that_an_error_of_its_record_tells_stands_once_and_another_beside_it() -> None:
    renamed = {"code": "exists_different", "field": "name", "hint": "look at what differs"}
    found = [_finding(n + 2, _n=n, message=f"different: A → {n}", **renamed) for n in range(25)]
    found.append(_finding(40, _n=38))
    failed = [_outcome(n, "failed", code="exists_different", message=f"different: A → {n}") for n in range(25)]
    rows = [*failed, _outcome(38, "invalid", code="timezone"), _outcome(30, "failed", code="exists_different")]
    told = run_causes(pl.DataFrame(rows, schema=OUTCOMES_SCHEMA), findings_frame(found))

    assert [(cause.kind, cause.code, cause.rows) for cause in told] == [
        ("failed", "exists_different", 1),
        ("error", "exists_different", 25),
        ("error", "timezone", 1),
    ]
    assert str(told[1]).endswith("different: A → 2; and 22 more like these; look at what differs")


def test_what_needs_attention_without_a_hint_of_its_own_has_the_cure_of_its_code() -> None:
    rows = [
        _outcome(0, "failed", code="http_418", message="no coffee"),
        _outcome(1, "unknown", code="timeout", message="silence"),
    ]
    found = findings_frame([_finding(4, hint=None), _finding(5, hint=None, severity="warning", code="mac")])
    told = run_causes(pl.DataFrame(rows, schema=OUTCOMES_SCHEMA), found)

    assert [(cause.code, cause.hint) for cause in told] == [
        ("http_418", "see what the message says; mend the row by it, then retry"),
        ("timeout", CODES["timeout"].cure),
        ("timezone", CODES["timezone"].cure),
        ("mac", None),
    ]


def test_nothing_found_has_no_causes() -> None:
    assert causes(findings_frame([])) == []
    assert run_causes(OUTCOMES_SCHEMA.to_frame(), no_findings()) == ()
