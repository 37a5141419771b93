"""The README tells the truth: its commands exist and run in the order in which a newcomer meets them."""

import asyncio
import os
import re
import shlex
import shutil
import sys
from pathlib import Path

import openpyxl
import pytest
import typer
from called import ROOT, Called, clean_environment, newest_run, outcomes_of

from migrate.cli.main import VERBS, Verbs, app
from migrate.mapping.mapping import Mapping
from migrate.sandbox.server import Sandbox

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMAND = "chekt-migrate"
_FENCED = re.compile(r"^ *```(\w+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(rf"`({COMMAND} [^`]+)`")
_WAIT_S = 120.0
FIXES = {"C1004": ("Time Zone", "Eastern"), "C1012": ("Customer", "Cedar Point Marina")}
"""Customer # → the column that a person mends in the attention workbook, and what is typed there."""


def blocks(language: str) -> list[str]:
    return [body for told, body in _FENCED.findall(README) if told == language]


def shell_lines() -> list[str]:
    """Return the commands of all sh blocks, in order, comments aside."""
    lines = [line.strip() for body in blocks("sh") for line in body.splitlines()]
    return [" ".join(line.split(" #")[0].split()) for line in lines if line and not line.startswith("#")]


def own_commands() -> list[str]:
    """Return every call of the tool that the README shows, in its sh blocks and in its sentences."""
    return [*(line for line in shell_lines() if line.startswith(COMMAND)), *_INLINE.findall(README)]


def words_of(command: str) -> list[str]:
    return shlex.split(command.split(" > ", maxsplit=1)[0])[1:]


def options_of(verb: str | None) -> set[str]:
    group = typer.main.get_command(app)
    assert isinstance(group, Verbs)
    with group.make_context(COMMAND, [], resilient_parsing=True) as context:
        found = group if verb is None else group.get_command(context, verb)
        assert found is not None, verb
        return {name for option in found.params for name in option.opts} | {"--help", "-h"}


def test_the_readme_shows_most_verbs() -> None:
    shown = {words_of(command)[0] for command in own_commands()}
    assert {"demo", "inspect", "mappings", "check", "rehearse", "plan", "apply", "resume", "retry"} <= shown


@pytest.mark.parametrize("command", own_commands())
def test_a_command_of_the_readme_is_one_that_the_tool_has(command: str) -> None:
    first, *rest = words_of(command)
    verb = None if first.startswith("-") else first
    assert verb is None or verb in VERBS
    options = {word.split("=")[0] for word in ([first] if verb is None else rest) if word.startswith("-")}
    assert options <= options_of(verb)


def test_each_option_that_the_readme_speaks_of_exists_somewhere() -> None:
    spoken = set(re.findall(r"`(--[a-z-]+)", README)) | set(re.findall(r" (--[a-z-]+)[ `]", README))
    assert spoken <= set.union(options_of(None), *(options_of(verb) for verb in VERBS))


def test_the_toml_of_the_readme_is_a_mapping() -> None:
    [text] = blocks("toml")
    mapping = Mapping.parse(text, path="README.md")
    assert [table.record for table in mapping.tables] == ["site", "device"]


def test_the_targets_that_the_readme_makes_exist() -> None:
    targets = set(re.findall(r"\bmake ([a-z-]+)", README))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert {"demo", "test"} <= targets
    assert targets <= set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


def test_the_files_that_the_readme_points_to_exist() -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / link).exists(), link


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the README's blocks are for sh")
async def test_a_newcomer_gets_through_the_readme_from_top_to_bottom(tmp_path: Path) -> None:
    shutil.copy(ROOT / "samples/lighthouse/lighthouse-customers.xlsx", tmp_path / "customers.xlsx")
    ended: dict[str, int] = {}
    async with Sandbox() as sandbox:
        for line in shell_lines():
            if not line.startswith(COMMAND):
                continue
            done = await in_shell(as_typed(line, tmp_path), folder=tmp_path, environment=sandbox.environment)
            assert "Traceback" not in done.stderr
            assert not done.stderr.startswith("error"), done.stderr
            ended[line] = done.exit_code
        made = sandbox.state()
    expected = {"check": 1, "rehearse": 1, "plan": 1, "apply": 1, "retry": 1}
    assert ended == {line: expected.get(line.split()[1], 0) for line in ended}
    assert {line.split()[1] for line in ended} >= {"demo", "inspect", "mappings", *expected}
    assert {"C1004", "C1012"} <= {site["external_site_id"] for site in made["sites"]}
    assert outcomes_of(newest_run(tmp_path))["created"] == 2 + 8  # the mended sites, and what they blocked


def as_typed(line: str, folder: Path) -> str:
    """Return the line as a person would type it: the run's own folder, after mending its workbook; nobody is asked."""
    if " retry " in line:
        run = newest_run(folder)
        mend(run / "attention.xlsx")
        line = line.replace("reports/RUN", str(run))
    return f"{line} --yes" if line.split()[1] in {"apply", "retry"} else line


def mend(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    sheet = book["Customers"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        column, value = FIXES.get(str(sheet.cell(row, columns["Customer #"]).value), (None, None))
        if column is not None:
            sheet.cell(row, columns[column]).value = value
    book.save(workbook)


async def in_shell(line: str, *, folder: Path, environment: dict[str, str]) -> Called:
    """Run a line of sh in which the command is the one of this checkout."""
    shim = folder / "bin" / COMMAND
    if not shim.exists():
        shim.parent.mkdir()
        shim.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m migrate "$@"\n', encoding="utf-8")
        shim.chmod(0o755)
    process = await asyncio.create_subprocess_shell(
        line,
        cwd=folder,
        env=clean_environment() | environment | {"PATH": f"{shim.parent}{os.pathsep}{os.environ['PATH']}"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    stdout, stderr = await asyncio.wait_for(process.communicate(), _WAIT_S)
    assert process.returncode is not None
    return Called(process.returncode, stdout.decode(), stderr.decode())
