"""The table of the contract: each test that it names is there, and nothing that users meet is missing from it."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import typer

from migrate import errors
from migrate.app.interrupted import INTERRUPTED
from migrate.cli.main import VERBS, Verbs, app
from migrate.model.findings import FINDING_COLUMNS
from migrate.model.outcomes import OUTCOME_COLUMNS, OUTCOMES
from migrate.report.attention import KEYS, TOLD
from migrate.report.run_report import RunFacts

TESTS = Path(__file__).resolve().parents[1]
TABLE = (TESTS / "CONTRACT.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


def lines_of(title: str) -> dict[str, str]:
    """Return the items of one part of the table → the tests beside them."""
    part = TABLE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    rows = [line.strip("| \n").split(" | ") for line in part.splitlines() if line.startswith("| ")]
    return {item.replace("`", ""): tests for item, tests in rows[1:]}


def options() -> Iterator[str]:
    """Yield the long name of each option of each verb."""
    group = typer.main.get_command(app)
    assert isinstance(group, Verbs)
    with group.make_context("chekt-migrate", [], resilient_parsing=True) as context:
        for verb in VERBS:
            command = group.get_command(context, verb)
            assert command is not None
            for param in command.params:
                yield from (name for name in param.opts if name.startswith("--"))


def test_each_line_names_a_test_that_is_there() -> None:
    named = NAMED.findall(TABLE)
    assert len(named) > 100
    lost = [
        f"{file}::{test}"
        for file, test in named
        if not re.search(rf"^(async )?def {test}\(", (TESTS / file).read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert not lost
    rows = [line for line in TABLE.splitlines() if line.startswith("| ") and not line.endswith("| test |")]
    assert not [line for line in rows if not NAMED.search(line)]


def test_every_verb_and_option_has_its_line() -> None:
    assert set(VERBS) <= set(lines_of("Verbs"))
    assert set(options()) <= set(lines_of("Options and variables"))


def test_every_exit_code_and_outcome_has_its_line() -> None:
    raised = {
        str(getattr(errors, name).exit_code) for name in dir(errors) if hasattr(getattr(errors, name), "exit_code")
    }
    assert raised | {"0", "1", str(INTERRUPTED), "143"} == set(lines_of("Exit codes"))
    assert set(OUTCOMES) == set(lines_of("Outcomes"))


def test_every_file_and_column_has_its_line() -> None:
    columns = dict(item.split(": ") for item in lines_of("Columns and keys"))
    assert columns["outcomes.csv"] == ",".join(OUTCOME_COLUMNS)
    assert columns["findings.csv"] == ",".join(FINDING_COLUMNS)
    assert columns["attention"] == ",".join((*KEYS, *TOLD))
    keys = {field.name.partition("_")[0] for field in fields(RunFacts)} - {"report"}
    assert keys <= {key.partition("_")[0] for key in columns["run.json"].split(",")}
    assert {"run.json", "journal.sqlite", "report.html", "attention.xlsx"} <= set(lines_of("Files of a run"))


def test_every_fault_has_a_line_with_tests_that_are_there() -> None:
    text = (TESTS.parent / "docs" / "faults.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| F")]
    assert [row[0] for row in rows] == [f"F{number}" for number in range(1, 76)]
    assert all(len(row) == 5 and all(row) for row in rows)
    for number, _, tests, *_ in rows:
        named = NAMED.findall(tests)
        assert named, number
        for file, test in named:
            source = (TESTS / file).read_text(encoding="utf-8")
            assert re.search(rf"^(async )?def {test}\(", source, re.MULTILINE), f"{number}: {file}::{test}"
