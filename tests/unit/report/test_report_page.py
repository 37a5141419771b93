"""The page: self-contained, safe with any text, and it says what needs attention first."""

import json
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import polars as pl
import pytest
from report_runs import PAYLOADS, findings, outcomes, report

from migrate.model.sources import LEFT_OUT_SCHEMA
from migrate.report import page as page_room
from migrate.report import shown as shown_room
from migrate.report.page import write_page
from migrate.report.run_report import RunReport
from migrate.report.write import count


class Page(HTMLParser):
    """The elements of a page, its scripts, styles and visible text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[str] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in self.raw:
            self.raw[tag].append("")
        self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.inside and self.inside[-1] in self.raw:
            self.raw[self.inside[-1]][-1] += data
        else:
            self.text += data

    @property
    def shape(self) -> list[str]:
        return [tag for tag, _ in self.elements]


def _page(run: RunReport) -> Page:
    handle = BytesIO()
    write_page(handle, run)
    return Page(handle.getvalue().decode())


def _counted(*args: Any, **more: Any) -> RunReport:
    run = report(*args, **more)
    return RunReport(count(run), run.sources, run.outcomes, run.findings, run.left_out, run.next_command)


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
    run = _counted(told, found=found, normalized={text: (1, text)}, **known)
    return RunReport(run.facts, run.sources, run.outcomes, run.findings, run.left_out, next_command=text)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_element_and_no_attribute_is_made_from_data(payload: str) -> None:
    plain, attacked = _page(_run("plain")), _page(_run(payload))

    assert attacked.shape == plain.shape
    assert [set(attributes) for _, attributes in attacked.elements] == [set(given) for _, given in plain.elements]
    assert not any(name.startswith("on") for _, given in attacked.elements for name in given)
    assert attacked.raw["style"] == plain.raw["style"]
    assert attacked.raw["script"][-1] == plain.raw["script"][-1]


@pytest.mark.parametrize("payload", ["\u202eabc", "\x1b[31mred", "a\x00b", "\u2066x"])
def test_characters_that_act_are_shown_as_escapes(payload: str) -> None:
    page = _page(_run(payload))
    raw = page.text + "".join(page.raw["script"][:-1])

    assert not set(raw) & set("\u202e\x1b\x00\u2066")


def test_only_our_own_script_and_style_may_run_and_nothing_is_fetched() -> None:
    page = _page(_run("x"))

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
    page = _page(_run("</script><b>"))

    columns = json.loads(page.raw["script"][0])
    assert columns[0] == ["invalid", "failed", "skipped"]
    assert columns[2] == ["</script><b>"] * 3


def test_what_needs_attention_is_said_first_with_the_fix() -> None:
    told = outcomes({}, {"outcome": "invalid", "message": "m"}, {"outcome": "skipped", "message": "name: A → B"})
    page = _page(_counted(told, found=findings({"_row": 3, "_n": 1, "hint": "type an IANA name"})))

    words = " ".join(page.text.split())
    assert "1 of 3 records needs attention" in words
    assert words.index("type an IANA name") < words.index("What became of the records")
    assert "3 source records = 1 invalid + 1 skipped + 1 created." in words
    assert "name: A → B" in words


def test_the_sums_of_rows_are_told() -> None:
    left_out = pl.DataFrame({"_src": [0, 0], "_row": [8, 9], "why": ["blank", "total"]}, schema=LEFT_OUT_SCHEMA)
    words = " ".join(_page(_counted(outcomes({}, {}, {}), left_out=left_out)).text.split())

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
    assert heading in " ".join(_page(_counted(outcomes(*rows), state=state)).text.split())


def test_an_outcome_that_the_page_has_no_colour_for_is_shown_all_the_same() -> None:
    page = _page(_counted(outcomes({"outcome": "novel"})))

    assert "o-other" in {given.get("class") for tag, given in page.elements if tag == "rect"}
    assert "1 novel" in " ".join(page.text.split())


def test_above_the_limit_only_what_needs_attention_is_shown_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown_room, "ROWS_SHOWN", 3)
    told = outcomes({}, {}, {"outcome": "invalid"}, {"outcome": "failed"})
    found = findings({"_row": 4, "_n": 2}, {"_row": 2, "_n": 0, "severity": "warning"})

    page = _page(_counted(told, found=found))

    assert json.loads(page.raw["script"][0])[0] == ["invalid", "failed"]
    assert "Of 4 outcomes, 2 that need attention are shown here; all of them are in outcomes.csv." in page.text
    assert "Of 2 findings, 1 that are errors are shown here; all of them are in findings.csv." in page.text


def test_even_what_needs_attention_is_bounded_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown_room, "ROWS_SHOWN", 3)

    page = _page(_counted(outcomes(*({"outcome": "failed", "message": "no"} for _ in range(5)))))

    assert len(json.loads(page.raw["script"][0])[0]) == 3
    assert "Of 5 outcomes, the first 3 of 5 that need attention are shown here" in page.text


def test_lists_that_are_cut_short_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_room, "LISTED_MAX", 1)
    told = outcomes(
        {"outcome": "failed", "message": "a"},
        {"outcome": "failed", "message": "b"},
        {"outcome": "skipped", "message": "c"},
        {"outcome": "skipped", "message": "d"},
    )

    page = _page(_counted(told))

    assert "1 more kinds are not listed here" in page.text
    assert "1 more are in outcomes.csv" in page.text


def test_a_long_value_is_cut_visibly() -> None:
    page = _page(_counted(outcomes({"external_id": "x" * 5_000})))

    assert json.loads(page.raw["script"][0])[2][0] == "x" * 600 + " …"
