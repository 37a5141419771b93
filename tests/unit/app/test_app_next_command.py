"""Whatever a run came to, the command to run next is there, filled in."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from migrate.app.next_command import next_command
from migrate.app.runs import KnownRun
from migrate.model.sources import Input
from migrate.report.run_report import RunFacts
from migrate.settings import Settings
from migrate.shipped import mappings_folder

RUN = "20260301-120000-000"
FILES = "customers.xlsx -m acme.toml"
RETRY = f"retry {RUN} --from reports/{RUN}/attention.xlsx"


USUAL = Settings(env_file=None, dealer_id="12345", base_url="https://api.chekt.com")


def following(
    verb: str,
    *,
    out: str = "reports",
    mapping: str = "acme.toml",
    usual: Settings | None = USUAL,
    parent: KnownRun | None = None,
    **facts: Any,
) -> str:
    outcomes = facts.pop("outcomes", ())
    told = RunFacts(
        run_id=RUN,
        verb=verb,
        state=facts.pop("state", "finished"),
        version="1",
        started_at=datetime(2026, 3, 1, tzinfo=UTC),
        exit_code=facts.pop("exit_code", 0),
        dealer_id=facts.pop("dealer_id", None if verb == "check" else "12345"),
        base_url=facts.pop("base_url", None if verb == "check" else "https://api.chekt.com"),
        inputs=[Input(Path(facts.pop("file", "customers.xlsx")), "customers.xlsx", "", 1)],
        counts={"site": dict.fromkeys(outcomes, 1)},
        **facts,
    )
    command = next_command(told, folder=Path(out) / RUN, mapping=mapping, usual=usual, parent=parent)
    assert command.startswith("chekt-migrate ")
    return command.removeprefix("chekt-migrate ")


@pytest.mark.parametrize(
    ("verb", "outcomes", "expected"),
    [
        ("check", ["valid"], f"plan {FILES}"),
        ("check", ["valid", "invalid"], f"check {FILES}"),
        ("check", [], f"check {FILES}"),
        ("plan", ["planned"], f"apply {RUN}"),
        ("plan", ["planned", "invalid"], f"apply {RUN}"),
        ("plan", ["unchanged", "invalid"], RETRY),
        ("plan", ["unchanged", "skipped"], "runs"),
        ("apply", ["created", "unchanged"], f"plan {FILES}"),
        ("apply", ["unchanged"], "runs"),
        ("apply", ["created", "failed"], RETRY),
        ("apply", ["created", "unknown"], RETRY),
        ("retry", ["created", "blocked"], RETRY),
        ("retry", ["created"], "runs"),
        ("rehearse", ["created", "invalid"], f"plan {FILES}"),
        ("rehearse", ["created"], f"plan {FILES}"),
    ],
)
def test_after_a_run_that_came_to_its_end(verb: str, outcomes: list[str], expected: str) -> None:
    state = "planned" if verb == "plan" else "finished"
    assert following(verb, outcomes=outcomes, state=state) == expected


@pytest.mark.parametrize(
    ("verb", "exit_code", "expected"),
    [
        ("apply", 4, f"resume {RUN}"),
        ("apply", 3, f"resume {RUN}"),
        ("apply", 130, f"resume {RUN}"),
        ("retry", 143, f"resume {RUN}"),
        ("apply", 5, f"plan {FILES}"),
        ("retry", 5, "runs"),
        ("plan", 3, f"plan {FILES}"),
        ("rehearse", 130, f"rehearse {FILES}"),
        ("apply", 70, f"report {RUN}"),
    ],
)
def test_after_a_run_that_was_cut_off(verb: str, exit_code: int, expected: str) -> None:
    assert following(verb, outcomes=["created", "pending"], state="interrupted", exit_code=exit_code) == expected


def test_after_a_no_to_the_question_the_files_can_be_applied_another_time() -> None:
    assert following("apply", outcomes=["planned"], state="planned") == f"apply {FILES}"


def test_after_a_no_to_the_question_of_a_retry_the_run_can_be_retried_another_time() -> None:
    parent = KnownRun(Path("reports/P"), {"verb": "apply", "state": "finished"})
    command = following("retry", outcomes=["planned", "unchanged"], state="planned", parent=parent)
    assert command == "retry P --from reports/P/attention.xlsx"


def test_after_a_retry_of_a_dry_run_no_question_was_asked() -> None:
    for facts in ({"verb": "plan", "state": "planned"}, {"verb": "retry", "state": "planned"}):
        parent = KnownRun(Path("reports/P"), facts)
        assert following("retry", outcomes=["planned"], state="planned", parent=parent) == "runs"
    assert following("retry", outcomes=["planned"], state="planned") == "runs"  # the parent is not there any more


@pytest.mark.parametrize(
    ("usual", "named"),
    [
        (None, " --dealer 12345 --base-url https://api.chekt.com"),
        (Settings(env_file=None, dealer_id="1", base_url="https://api.chekt.com"), " --dealer 12345"),
        (Settings(env_file=None, dealer_id="12345", base_url="https://other"), " --base-url https://api.chekt.com"),
        (USUAL, ""),
    ],
)
def test_a_dealer_and_an_api_that_the_settings_do_not_mean_are_named(usual: Settings | None, named: str) -> None:
    for verb, outcomes, expected in (
        ("plan", ["planned"], f"apply {RUN}"),
        ("apply", ["created"], f"plan {FILES}"),
        ("apply", ["failed"], RETRY),
    ):
        assert following(verb, outcomes=outcomes, usual=usual) == expected + named
    cut_off = following("apply", outcomes=["pending"], state="interrupted", exit_code=130, usual=usual)
    assert cut_off == f"resume {RUN}{named}"


@pytest.mark.parametrize(
    ("verb", "outcomes"), [("rehearse", ["created"]), ("check", ["valid"]), ("retry", ["created"])]
)
def test_what_knows_no_dealer_names_none(verb: str, outcomes: list[str]) -> None:
    assert "--dealer" not in following(verb, outcomes=outcomes, usual=None)


@pytest.mark.parametrize(
    ("verb", "expected"),
    [
        ("apply", f"resume {RUN}"),
        ("retry", f"resume {RUN}"),
        ("check", f"check {FILES}"),
        ("plan", f"plan {FILES}"),
        ("rehearse", f"rehearse {FILES}"),
    ],
)
def test_a_run_that_was_killed_still_says_that_it_runs(verb: str, expected: str) -> None:
    assert following(verb, state="running", exit_code=None) == expected


def test_a_retry_of_a_check_that_was_cut_off_can_not_be_resumed() -> None:
    assert following("retry", state="interrupted", exit_code=130, dealer_id=None) == f"check {FILES}"


def test_after_a_retry_of_a_check_the_files_themselves_are_to_be_checked() -> None:
    assert following("retry", outcomes=["valid"], dealer_id=None) == f"check {FILES}"
    assert following("retry", outcomes=["invalid"], dealer_id=None) == f"check {FILES}"


def test_a_folder_of_runs_that_is_not_the_usual_one_is_named() -> None:
    assert following("apply", outcomes=["failed"], out="dealers/acme runs") == (
        f"retry {RUN} --from 'dealers/acme runs/{RUN}/attention.xlsx' --out 'dealers/acme runs'"
    )
    assert following("check", outcomes=["valid"], out="elsewhere") == f"plan {FILES} --out elsewhere"


def test_a_shipped_mapping_is_called_by_its_name() -> None:
    shipped = str(mappings_folder() / "lighthouse.toml")
    assert following("check", outcomes=["valid"], mapping=shipped) == "plan customers.xlsx -m lighthouse"


def test_a_file_name_with_spaces_can_be_pasted_into_a_shell() -> None:
    assert following("check", outcomes=["valid"], file="my list.xlsx") == "plan 'my list.xlsx' -m acme.toml"
