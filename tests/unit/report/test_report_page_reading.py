"""The page as it is read: by eye in both schemes, by keyboard, by a screen reader, on paper."""

import json
import re
from dataclasses import replace
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from report_pages import Page, counted, page_of
from report_runs import findings, outcomes

from migrate.app.next_command import next_command
from migrate.report.page import bars
from migrate.report.run_report import CHANGES_SCHEMA, RunReport

CSS = files("migrate.report").joinpath("templates", "report.css").read_text(encoding="utf-8")
SCRIPT = files("migrate.report").joinpath("templates", "report.js").read_text(encoding="utf-8")
SCHEMES = dict(
    zip(
        ("light", "dark"),
        (dict(re.findall(r"--([\w-]+): (#\w{6})", block)) for block in re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)),
        strict=False,
    )
)
MEND_IN_FILES = "Mend them in the files they came from, or in the mapping, and run again."
TEXT_RATIO, SHAPE_RATIO = 4.5, 3.0
"""WCAG 2.2, 1.4.3 and 1.4.11: the least contrast of text, and of shapes that tell something."""


def _everything() -> RunReport:
    """Return a run with something in every part of the page."""
    told = outcomes(
        {"outcome": "invalid", "code": "timezone", "message": "m"},
        {"outcome": "blocked", "code": "blocked", "message": "its site did not make it", "record": "device"},
        {"outcome": "failed", "code": "http_400", "message": "no"},
        {"outcome": "failed", "code": "http_503", "message": "busy", "retryable": True},
        {"outcome": "unknown", "code": "timeout", "message": "silence"},
        {"outcome": "skipped", "action": "none", "external_id": "S-6", "message": "left alone: name: A → B"},
        {"outcome": "skipped", "action": "none", "external_id": "S-7", "message": "differs, found by reading back"},
        {"outcome": "updated", "action": "update", "external_id": "S-8"},
        {"outcome": "planned", "action": "update", "external_id": "S-9"},
        {"outcome": "created"},
    )
    found = findings(
        {"_row": 2, "_n": 0},
        {"_row": 3, "_n": 1, "severity": "warning", "code": "w", "message": "odd", "hint": "look"},
        {"_row": 4, "_n": 2, "severity": "note", "code": "n", "message": "taken off"},
    )
    changes = [(5, '[["name","Old","New"],["is_activated",null,true]]'), (7, '[["name","a","b"]]'), (8, '[["x",1,2]]')]
    run = counted(told, found=found, normalized={"site.timezone": (3, "ET → America/New_York")})
    return replace(run, next_command="go on", changes=pl.DataFrame(changes, schema=CHANGES_SCHEMA, orient="row"))


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_the_contrast_of_wcag_aa(scheme: str) -> None:
    colours = SCHEMES[scheme]
    tones = ("bad", "caution", "good", "quiet")
    pairs = [(text, ground) for text in ("ink", "soft", "accent") for ground in ("paper", "card")]
    pairs += [(tone, ground) for tone in tones for ground in (f"{tone}-wash", "card", "paper")]
    pairs += [("soft", "quiet-wash"), ("ink", "quiet-wash")]

    short = {pair: _contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in short.items() if ratio < TEXT_RATIO} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_bars_and_the_edges_of_controls_stand_out(scheme: str) -> None:
    colours = SCHEMES[scheme]
    shapes = ["edge", "accent", *(f"{tone}-bar" for tone in ("bad", "caution", "good", "quiet"))]

    assert {shape for shape in shapes if _contrast(colours[shape], colours["card"]) < SHAPE_RATIO} == set()
    assert set(SCHEMES["dark"]) == set(SCHEMES["light"])


def test_what_a_print_overrides_is_light_whatever_the_screen_is() -> None:
    assert "@media screen and (prefers-color-scheme: dark)" in CSS
    assert CSS.count("prefers-color-scheme") == 1
    printed = CSS[CSS.index("@media print") :]
    assert re.search(r"\.controls,[^{]*\{ display: none !important; \}", printed)
    assert "details::details-content { content-visibility: visible;" in printed
    assert 'addEventListener("beforeprint"' in SCRIPT


def test_the_script_makes_text_of_data_and_never_markup() -> None:
    assert "textContent" in SCRIPT
    assert not re.findall(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|Function\(|\.style\b", SCRIPT)


def test_headings_go_down_without_a_gap_and_every_part_is_named_by_one() -> None:
    page = page_of(_everything())
    levels = [int(tag[1]) for tag in page.shape if re.fullmatch(r"h\d", tag)]
    ids = [given["id"] for _, given in page.elements if "id" in given]
    named = [given["aria-labelledby"] for _, given in page.elements if "aria-labelledby" in given]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert len(ids) == len(set(ids))
    assert set(named) <= set(ids)
    assert all("aria-labelledby" in given for tag, given in page.elements if tag == "section")
    assert len(named) == len(set(named))
    assert all("aria-label" in given for _, given in page.elements if given.get("role") in {"group", "search"})
    assert [page.shape.count(landmark) for landmark in ("header", "main")] == [1, 1]


def test_the_first_thing_a_keyboard_reaches_leads_to_the_result() -> None:
    page = page_of(_everything())
    links = [given for tag, given in page.elements if tag == "a"]

    assert [given["href"] for given in links] == ["#main"]
    assert ("main", {"id": "main", "tabindex": "-1"}) in page.elements
    assert all(given.get("tabindex") in {"0", "-1"} for _, given in page.elements if "tabindex" in given)


def test_every_table_has_a_caption_and_headers_that_say_what_they_head() -> None:
    page = page_of(_everything())

    assert page.shape.count("caption") == page.shape.count("table") == 6
    assert all("scope" in given for tag, given in page.elements if tag == "th")


def test_every_control_has_a_name_and_every_cause_a_button_of_its_own() -> None:
    controls = page_of(_everything()).controls

    assert {kind for kind, _ in controls} == {"input", "select", "button", "summary"} - {"summary"}
    assert [name for _, name in controls if not name.strip()] == []
    shown = [name for _, name in controls if name.startswith("Show in the table:")]
    assert len(shown) == len(set(shown)) == 7


def test_numbers_of_rows_are_announced_and_sorting_is_told() -> None:
    page = page_of(_everything())

    assert len([given for _, given in page.elements if given.get("role") == "status"]) == 2
    assert '"aria-sort"' in SCRIPT
    assert {"none", "ascending", "descending"} <= set(re.findall(r'"(\w+)"', SCRIPT))


def test_every_cause_that_needs_attention_has_the_line_that_mends_it() -> None:
    run = _everything()
    urgent = [cause for cause in run.causes if cause.is_urgent]

    assert [(cause.kind, cause.code) for cause in urgent] == [
        ("failed", "http_400"),
        ("failed", "http_503"),
        ("unknown", "timeout"),
        ("error", "timezone"),
        ("blocked", "blocked"),
    ]
    text = page_of(run).text
    assert text.count("To do") == 5 + 1
    assert all(cause.hint is not None and f"To do {cause.hint}" in text for cause in urgent)


def test_a_failure_that_an_error_tells_already_stands_once() -> None:
    told = outcomes({"outcome": "failed", "code": "exists_different", "message": "different"})
    errors = findings({"_row": 2, "_n": 0, "code": "exists_different", "message": "different", "hint": "look"})

    controls = page_of(counted(told, found=errors)).controls
    assert [name for _, name in controls if name.startswith("Show in")] == ["Show in the table: different"]


def test_what_was_left_alone_and_what_was_updated_is_shown_field_by_field() -> None:
    words = " ".join(page_of(_everything()).text.split())

    assert "Left alone, because the dealer has them different" in words
    assert "site S-6 name Old → New is_activated (empty) → yes" in words
    assert "site S-7 differs, found by reading back" in words
    assert "Updated: what changed" in words
    assert "site S-8 name a → b" in words
    assert "To be updated: what will change" in words
    assert "site S-9 x 1 → 2" in words
    assert words.index("Left alone") < words.index("What became of the records") < words.index("Updated: what")


def test_the_chart_tells_each_number_in_words_and_marks_beside_the_colour() -> None:
    page = page_of(_everything())
    words = " ".join(page.text.split())

    assert "site 9" in words
    assert "✕failed 2 22 %" in words
    assert "✓created 1 11 %" in words
    assert "✕needs attention !worth a look, or still to be tried ✓as it should be ○nothing was to do" in words
    lengths = [
        float(str(given["width"])[:-1]) for tag, given in page.elements if tag == "rect" and given["class"] != "track"
    ]
    assert lengths[:3] == [11.111, 22.222, 11.111]


@pytest.mark.parametrize(
    ("counts", "shares"),
    [
        ({"created": 1}, ["100 %"]),
        ({"failed": 1, "created": 999_999}, ["< 1 %", "> 99 %"]),
        ({"failed": 1, "created": 3}, ["25 %", "75 %"]),
    ],
)
def test_a_share_is_never_rounded_to_all_or_nothing(counts: dict[str, int], shares: list[str]) -> None:
    assert [bar.share for bar in bars(counts)] == shares


def test_causes_beyond_the_first_are_there_but_folded_and_their_number_is_said() -> None:
    told = outcomes(*({"outcome": "failed", "code": f"c{n}", "message": f"no {n}"} for n in range(15)))
    page = page_of(counted(told))

    assert "5 more kinds of 15" in page.text
    assert all(f"no {n}" in page.text for n in range(15))
    assert page.shape.count("details") == 1


@pytest.mark.parametrize(
    ("facts", "verb", "advice"),
    [
        ({"verb": "apply"}, "retry", "Mend the cells there and hand the file to retry --from."),
        ({"verb": "plan", "state": "planned"}, "retry", "Mend the cells there and hand the file to retry --from."),
        ({"verb": "apply", "state": "interrupted"}, "resume", "Resume this run first; then mend the cells there"),
        ({"verb": "apply", "state": "interrupted", "exit_code": 5}, "plan", MEND_IN_FILES),
        ({"verb": "check", "dealer_id": None}, "check", MEND_IN_FILES),
        ({"verb": "rehearse"}, "plan", MEND_IN_FILES),
    ],
)
def test_where_to_mend_is_what_the_next_command_takes(facts: dict[str, Any], verb: str, advice: str) -> None:
    run = counted(
        outcomes({"outcome": "failed", "code": "x", "message": "no"}), **{"dealer_id": "1", "exit_code": 1, **facts}
    )
    following = next_command(run.facts, folder=Path("reports", run.facts.run_id), mapping="acme.toml", usual=None)
    run = replace(run, next_command=following)

    assert run.next_verb == verb
    assert advice in " ".join(page_of(run).text.split())


def test_what_was_left_alone_keeps_the_heading_from_calling_all_well() -> None:
    words = " ".join(page_of(counted(outcomes({}, {"outcome": "skipped"}))).text.split())

    assert "Nothing needs attention; 1 record of 2 was left alone" in words


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.04, "0.0 s"), (119.9, "119.9 s"), (1234.5, "20 min 34 s"), (7265.0, "2 h 1 min")]
)
def test_how_long_it_took_is_told_in_units_that_fit(seconds: float, said: str) -> None:
    assert f"took {said}." in page_of(counted(outcomes({}), seconds=seconds)).text


def test_errors_stand_before_warnings_in_the_table_of_findings() -> None:
    found = findings({"_row": 2, "severity": "note"}, {"_row": 3, "severity": "warning"}, {"_row": 4})
    page = page_of(counted(outcomes({}), found=found))

    assert json.loads(page.raw["script"][1])[0] == ["error", "warning", "note"]


def test_codes_that_are_joined_can_be_chosen_one_by_one() -> None:
    page = page_of(counted(outcomes({"outcome": "invalid", "code": "timezone;required"}, {"code": "required"})))

    assert page.options("code") == ["all", "required", "timezone"]


def test_the_parser_of_these_tests_sees_a_control_without_a_name() -> None:
    assert Page("<button></button><label>Name<input></label>").controls == [("button", ""), ("input", "Name")]
