"""One screen a run: what needs attention first, nothing cut short in silence, the next command last."""

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_runs import finding, run_of, site

from migrate.app.check_files import check_files
from migrate.app.driving import Driving
from migrate.app.finish import Run
from migrate.app.fresh import apply_files, plan_files
from migrate.app.options import Options
from migrate.app.rehearse import sandbox_settings
from migrate.cli.show import CAUSES_SHOWN, RECORDS_SHOWN, show_brief, show_run
from migrate.errors import Stopped
from migrate.mapping.mapping import Mapping
from migrate.sandbox.faults import Faults
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox
from migrate.shipped import samples_folder

EXPECTED = Path(__file__).parent / "expected"
TIDY = samples_folder() / "tidy"
Golden = Callable[[Path, str], None]
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Runs go to `reports` in a folder of the test's own, so that screens name no other."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal with 80 columns that knows no colours."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")


def steady(text: str) -> str:
    """Return the text without what differs from run to run."""
    text = re.sub(r"\b2\d{7}-\d{6}-\d{3}\b", "RUN", text)
    text = re.sub(r"http://127\.0\.0\.1:\d+", "http://sandbox", text)
    text = re.sub(r"about \d+ (s|min)\b", "about N s", text)
    return text.replace(str(samples_folder()), "samples")


def shown(run: Run, capsys: Captured) -> str:
    show_run(run, as_json=False)
    return steady(capsys.readouterr().out)


def check_lighthouse() -> Run:
    return check_files(
        [samples_folder() / "lighthouse/lighthouse-customers.xlsx"], Mapping.load("lighthouse"), out=Path("reports")
    )


async def tidy_runs() -> dict[str, Run]:
    """Return a plan and an apply of the sample `tidy`, at a dealer that refuses some of it."""
    options, files, mapping = Options(settle=0.1), sorted(TIDY.glob("*.csv")), Mapping.load("tidy")
    refusals = Faults.parse(["sites.create/T-003:400-before:*", "devices.create/T-007-1:poison:*"])
    async with Sandbox(SandboxOptions(faults=refusals)) as sandbox:
        settings, out = sandbox_settings(sandbox), Path("reports")
        return {
            "plan": await plan_files(files, mapping, settings, out=out, options=options, driving=Driving()),
            "apply": await apply_files(files, mapping, settings, out=out, options=options, driving=Driving()),
        }


def test_the_screen_of_a_check(capsys: Captured, assert_golden: Golden) -> None:
    assert_golden(EXPECTED / "check.txt", shown(check_lighthouse(), capsys))


@pytest.mark.usefixtures("at_a_terminal")
def test_the_screen_of_a_check_at_a_terminal(capsys: Captured, assert_golden: Golden) -> None:
    text = "".join(f"{line.rstrip()}\n" for line in shown(check_lighthouse(), capsys).splitlines())
    assert_golden(EXPECTED / "check.80.txt", text)
    assert not re.search("[\x1b\x07]", text)


def test_the_screens_of_a_plan_and_an_apply(capsys: Captured, assert_golden: Golden) -> None:
    runs = asyncio.run(tidy_runs())
    assert set(runs) == {"plan", "apply"}
    for verb, run in runs.items():
        assert_golden(EXPECTED / f"{verb}.txt", shown(run, capsys))


def test_what_needs_attention_comes_first_then_what_is_skipped_then_the_rest(capsys: Captured) -> None:
    run = run_of(
        [site(1, "failed", "no"), site(2, "blocked", "why"), site(3, "skipped", "name: A → B"), site(4, "created")],
        [finding(5, "warning", "odd", "look"), finding(6, "error", "wrong", "mend"), finding(7, "note", "fine", "-")],
        verb="apply",
    )
    labels = [line.split()[0] for line in shown(run, capsys).splitlines()[4:-2]]
    assert labels == ["failed", "error", "blocked", "skipped", "warning", "note", "report"]


def test_the_verdict_and_the_next_command_come_last(capsys: Captured) -> None:
    lines = shown(run_of([site(1, "invalid"), site(2, "valid")]), capsys).splitlines()
    assert lines[-2:] == ["1 of 2 records needs attention.", "Next: chekt-migrate runs"]


@pytest.mark.parametrize(
    ("outcomes", "verdict"),
    [
        (["valid"], "The one record can go."),
        (["valid"] * 3, "All 3 records can go."),
        (["unchanged"] * 2 + ["planned"], "Nothing was written."),
        (["unchanged"] * 2, "All 2 records are in, just as the files say, and none of them twice."),
        (["created", "unchanged"], "All 2 records are in."),
        (["created"], "The one record is in."),
        (["created", "skipped"], "1 of 2 records differs from what the dealer has: left alone."),
        (["created", "pending", "failed"], "1 of 3 records is still to be sent."),
        (["created", "unknown", "failed"], "2 of 3 records need attention."),
        ([], "No row makes a record."),
    ],
)
def test_the_verdict_says_how_it_stands(outcomes: list[str], verdict: str, capsys: Captured) -> None:
    run = run_of([site(number, outcome) for number, outcome in enumerate(outcomes, start=1)])
    assert verdict in shown(run, capsys).splitlines()
    show_brief(run)
    assert verdict in capsys.readouterr().out.splitlines()


def test_records_that_hang_on_what_the_dealer_has_are_told_until_the_dealer_is_asked(capsys: Captured) -> None:
    doubt = finding(1, "warning", 'site "S9" is left out by where in row 9', "look") | {
        "code": "filtered_site",
        "_n": 1,
    }
    records, doubts = [site(1, "valid"), site(2, "valid")], [doubt, doubt | {"code": "unknown_site"}]
    verdict = "All 2 records can go, 1 of them only if the dealer has what they belong to."
    assert verdict in shown(run_of(records, doubts), capsys).splitlines()
    planned = run_of([site(1, "planned")], doubts, verb="plan", dealer_id=7)
    assert "The one record can go." in shown(planned, capsys).splitlines()


def test_the_attention_file_of_a_rehearsal_is_to_look_at(capsys: Captured) -> None:
    for verb, is_told in (("apply", False), ("rehearse", True)):
        run = run_of([site(1, "failed")], verb=verb, written=("report.html", "attention.xlsx"))
        (line,) = [line for line in shown(run, capsys).splitlines() if "attention.xlsx" in line]
        assert ("can't be retried" in line) == is_told


def test_causes_that_are_cut_say_how_many_there_are_and_where(capsys: Captured) -> None:
    many = [finding(number, "error", f"wrong {number}", f"mend {number}") for number in range(CAUSES_SHOWN + 7)]
    lines = shown(run_of([site(1, "invalid")], many), capsys).splitlines()
    assert sum(line.startswith("  error ") for line in lines) == CAUSES_SHOWN
    [cut] = [line for line in lines if line.startswith("  ...")]
    assert "and 7 more causes: see report.html, or findings.csv" in cut


def test_errors_never_push_out_warnings(capsys: Captured) -> None:
    many = [finding(number, "error", f"wrong {number}", f"mend {number}") for number in range(CAUSES_SHOWN + 7)]
    told = shown(run_of([site(1, "invalid")], [*many, finding(1, "warning", "odd", "look")]), capsys)
    assert "  warning     1 row (customers.xlsx, Sites!F2): odd; look\n" in told


def test_skipped_records_say_what_differs_and_how_many_more_there_are(capsys: Captured) -> None:
    skipped = [site(number, "skipped", f"name: A{number} → B") for number in range(RECORDS_SHOWN + 3)]
    lines = shown(run_of(skipped, verb="apply"), capsys).splitlines()
    assert "  skipped     site S-1: name: A1 → B" in lines
    assert "  ...         and 3 more are skipped: see outcomes.csv" in lines


def test_what_is_alike_is_told_once_with_its_number_and_the_fix(capsys: Captured) -> None:
    run = run_of(
        [site(1, "invalid")],
        [finding(number, "error", 'time zone "X" is not known', "add it") for number in range(212)],
    )
    assert '  error       212 rows: time zone "X" is not known; add it\n' in shown(run, capsys)


def test_no_text_of_a_customer_or_an_api_acts_on_the_terminal(capsys: Captured) -> None:
    nasty = "\x1b[2J\x07\u202e"
    run = run_of(
        [site(1, "failed", f"no {nasty}"), site(2, "skipped", nasty, external_id=nasty)],
        [finding(3, "error", nasty, nasty)],
        verb="apply",
        file=f"{nasty}.xlsx",
        normalized={"site.name": (1, f"{nasty} → x")},
        dealer_id="1",
        base_url="https://api.chekt.com",
    )
    show_run(run, as_json=False)
    told = capsys.readouterr().out
    assert not {"\x1b", "\x07", "\u202e"} & set(told)
    assert told.count("\\x1b[2J") == 7


def test_what_ended_a_run_is_told_on_stderr_and_the_next_command_on_stdout(capsys: Captured) -> None:
    run = run_of([site(1, "pending")], verb="apply", error=Stopped("the disk is full"), exit_code=4)
    assert show_run(run, as_json=False) == 4
    told = capsys.readouterr()
    assert told.err == "error: the disk is full\n"
    assert told.out.endswith("1 of 1 records is still to be sent.\nNext: chekt-migrate runs\n")


def test_as_json_stdout_holds_the_run_and_nothing_else(capsys: Captured) -> None:
    run = run_of([site(1, "invalid")], error=Stopped("the disk is full"))
    show_run(run, as_json=True)
    told = capsys.readouterr()
    assert json.loads(told.out)["counts"] == {"site": {"invalid": 1}}
    assert told.err == "error: the disk is full\n"


def test_the_counts_stand_under_their_outcomes(capsys: Captured) -> None:
    run = run_of([site(1, "invalid"), *(site(number, "valid") for number in range(2, 1300))])
    header, row = shown(run, capsys).splitlines()[2:4]
    assert header.split() == ["invalid", "valid"]
    assert row.split() == ["sites", "1", "1,298"]
    assert {header.index("invalid") + 7, len(header)} == {row.index("1") + 1, len(row)}


def test_where_a_terminal_is_too_narrow_for_the_table_each_record_is_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "40")
    words = ["invalid", "blocked", "failed", "created", "updated", "unchanged"]
    told = shown(run_of([site(number, word) for number, word in enumerate(words * 2)], verb="apply"), capsys)
    assert " ".join(told.split("rows", 1)[1].split()).startswith(
        "sites 2 invalid, 2 blocked, 2 failed, 2 created, 2 updated, 2 unchanged failed"
    )


def test_many_outcomes_are_not_squeezed_where_they_are_piped(capsys: Captured) -> None:
    words = ["invalid", "blocked", "failed", "unknown", "skipped", "created", "updated", "unchanged", "pending"]
    run = run_of([site(number, word) for number, word in enumerate(words)], verb="apply")
    assert [line.split() for line in shown(run, capsys).splitlines() if "unchanged" in line] == [
        ["invalid", "blocked", "failed", "unknown", "skipped", "pending", "created", "updated", "unchanged"]
    ]


def test_what_is_in_but_was_sent_again_is_told(capsys: Captured) -> None:
    again = {"code": "sent_again", "message": "it was sent again after its answer was lost"}
    run = run_of([site(1, "created") | again, site(2, "created") | again, site(3, "created")])
    told = [line for line in shown(run, capsys).splitlines() if "sent again" in line]
    assert len(told) == 1
    assert " ".join(told[0].split()) == "created 2 records, such as S-1: it was sent again after its answer was lost"
