"""The page: self-contained, safe with any text, and it says what needs attention first."""

import json
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from typing import Any

import orjson
import polars as pl
import pytest
from report_pages import counted, page_of
from report_runs import PAYLOADS, findings, outcomes

from migrate.model.sources import LEFT_OUT_SCHEMA
from migrate.report import changes as changes_room
from migrate.report import page as page_room
from migrate.report import shown as shown_room
from migrate.report.run_report import CHANGES_SCHEMA, RunReport


def _run(text: str) -> RunReport:
    """Return a run that has `text` wherever text of others can stand."""
    cell = {"external_id": text, "external_site_id": text, "file": text, "sheet": text, "message": text, "code": text}
    told = outcomes(
        {"outcome": "invalid", **cell, "trace_id": text, "remote_id": text},
        {"outcome": "failed", **cell},
        {"outcome": "skipped", **cell},
    )
    found = findings(
        *(
            {
                "_row": 2,
                "_n": 0,
                "severity": severity,
                "value": text,
                "column": text,
                "hint": text,
                "cell": text,
                **cell,
            }
            for severity in ("error", "warning", "note")
        )
    )
    known = {"dealer_id": text, "base_url": text, "mapping_name": text, "mapping_sha256": text, "parent": text}
    run = counted(told, found=found, normalized={text: (1, text)}, **known)
    changes = orjson.dumps([[text, text, text]]).decode()
    told_changes = pl.DataFrame({"_n": [2], "_changes": [changes]}, schema=CHANGES_SCHEMA)
    return replace(run, next_command=text, changes=told_changes)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_element_and_no_attribute_is_made_from_data(payload: str) -> None:
    plain, attacked = page_of(_run("plain")), page_of(_run(payload))

    assert attacked.shape == plain.shape
    assert [set(attributes) for _, attributes in attacked.elements] == [set(given) for _, given in plain.elements]
    assert not any(name.startswith("on") for _, given in attacked.elements for name in given)
    assert attacked.raw["style"] == plain.raw["style"]
    assert attacked.raw["script"][-1] == plain.raw["script"][-1]


@pytest.mark.parametrize("payload", ["\u202eabc", "\x1b[31mred", "a\x00b", "\u2066x"])
def test_characters_that_act_are_shown_as_escapes(payload: str) -> None:
    page = page_of(_run(payload))
    raw = page.text + "".join(page.raw["script"][:-1])

    assert not set(raw) & set("\u202e\x1b\x00\u2066")


def test_only_our_own_script_and_style_may_run_and_nothing_is_fetched() -> None:
    page = page_of(_run("x"))

    (csp,) = [given["content"] for tag, given in page.elements if given.get("http-equiv") == "Content-Security-Policy"]
    allowed = [
        b64encode(sha256(text.encode()).digest()).decode() for text in (page.raw["style"][0], page.raw["script"][-1])
    ]
    assert csp == (
        "default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"style-src 'sha256-{allowed[0]}'; script-src 'sha256-{allowed[1]}'"
    )
    assert not any(name in {"src", "style"} for _, given in page.elements for name in given)
    assert {given["href"] for _, given in page.elements if "href" in given} == {"#main"}


def test_the_script_gets_every_row_as_json() -> None:
    page = page_of(_run("</script><b>"))

    columns = json.loads(page.raw["script"][0])
    assert columns[0] == ["invalid", "failed", "skipped"]
    assert columns[2] == ["</script><b>"] * 3


def test_what_needs_attention_is_said_first_with_the_fix() -> None:
    told = outcomes({}, {"outcome": "invalid", "message": "m"}, {"outcome": "skipped", "message": "name: A → B"})
    page = page_of(counted(told, found=findings({"_row": 3, "_n": 1, "hint": "type an IANA name"})))

    words = " ".join(page.text.split())
    assert "1 of 3 records needs attention" in words
    assert words.index("type an IANA name") < words.index("What became of the records")
    assert "3 source records = 1 invalid + 1 skipped + 1 created." in words
    assert "name: A → B" in words


def test_the_sums_of_rows_are_told() -> None:
    left_out = pl.DataFrame({"_src": [0, 0], "_row": [8, 9], "why": ["blank", "total"]}, schema=LEFT_OUT_SCHEMA)
    words = " ".join(page_of(counted(outcomes({}, {}, {}), left_out=left_out)).text.split())

    assert "3 source rows = 1 with a record + 2 left out (1 blank, 1 total)." in words


@pytest.mark.parametrize(
    ("rows", "state", "heading"),
    [
        ([{}, {}], "finished", "All 2 records are as they should be"),
        ([{}], "finished", "The record is as it should be"),
        ([{"outcome": "pending"}, {}], "interrupted", "1 record is still to be tried"),
        ([], "finished", "No records"),
    ],
)
def test_the_heading_says_how_it_stands(rows: list[dict[str, Any]], state: str, heading: str) -> None:
    assert heading in " ".join(page_of(counted(outcomes(*rows), state=state)).text.split())


def test_an_outcome_that_the_page_does_not_know_is_shown_all_the_same() -> None:
    page = page_of(counted(outcomes({"outcome": "novel"})))

    assert "quiet" in {given.get("class") for tag, given in page.elements if tag == "rect"}
    assert "1 novel" in " ".join(page.text.split())


def test_above_the_limit_only_what_needs_attention_is_shown_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown_room, "ROWS_SHOWN", 3)
    told = outcomes({}, {}, {"outcome": "invalid"}, {"outcome": "failed"})
    found = findings({"_row": 4, "_n": 2}, {"_row": 2, "_n": 0, "severity": "warning"})

    page = page_of(counted(told, found=found))

    assert json.loads(page.raw["script"][0])[0] == ["invalid", "failed"]
    assert "Of 4 outcomes, 2 that need attention are shown here; all of them are in outcomes.csv." in page.text
    assert "Of 2 findings, 1 that are errors are shown here; all of them are in findings.csv." in page.text


def test_even_what_needs_attention_is_bounded_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown_room, "ROWS_SHOWN", 3)

    page = page_of(counted(outcomes(*({"outcome": "failed", "message": "no"} for _ in range(5)))))

    assert len(json.loads(page.raw["script"][0])[0]) == 3
    assert "Of 5 outcomes, the first 3 of 5 that need attention are shown here" in page.text


def test_lists_that_are_cut_short_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_room, "LISTED_MAX", 1)
    monkeypatch.setattr(changes_room, "CHANGED_MAX", 1)
    told = outcomes(
        {"outcome": "failed", "code": "a", "message": "a"},
        {"outcome": "failed", "code": "b", "message": "b"},
        {"outcome": "skipped", "message": "c"},
        {"outcome": "skipped", "message": "d"},
    )

    page = page_of(counted(told))

    assert "1 more kind is not listed here" in page.text
    assert "1 more is in outcomes.csv" in page.text


def test_a_long_value_is_cut_visibly() -> None:
    page = page_of(counted(outcomes({"external_id": "x" * 5_000})))

    assert json.loads(page.raw["script"][0])[2][0] == "x" * 600 + " … [cut: 5000 characters]"
