"""What can't be done is told in a line or two, with the right exit code, and leaves nothing behind."""

import json
import sys
from pathlib import Path
from socket import socket

import pytest
from called import outcomes_of, run_json
from e2e_inventory import SITES, site_rows, write_csv, write_inventory, write_mapping
from e2e_tool import QUICK, Tool, at_a_terminal

from migrate.sandbox.faults import Faults
from migrate.sandbox.server import Sandbox

SEND = ("--yes", *QUICK)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200)
FIVE_MISTAKES = """
name = "Wrong"

[[table]]
record = "house"

[[table]]
record = "site"
colour = "red"
[table.fields]
external_site_id = { colum = "id" }
timezone = { column = "tz", extract = "(" }
mac = "MAC"
"""


@pytest.fixture
def tool(tmp_path: Path, sandbox: Sandbox) -> Tool:
    return Tool(tmp_path, sandbox.environment)


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    return write_inventory(tmp_path, sites=2, devices=2)


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"CHEKT_CLIENT_ID": "", "CHEKT_CLIENT_SECRET": ""}, "there are no credentials: set CHEKT_CLIENT_ID"),
        ({"CHEKT_CLIENT_SECRET": "another-secret"}, "CHEKT_CLIENT_SECRET"),
        ({"CHEKT_ACCESS_TOKEN": "another-token"}, "CHEKT_ACCESS_TOKEN"),
        ({"CHEKT_DEALER_ID": "777"}, "777"),
    ],
)
async def test_an_api_that_does_not_let_us_in_is_exit_code_3(
    tool: Tool, sandbox: Sandbox, words: list[str], env: dict[str, str], said: str
) -> None:
    tool.env = {**tool.env, **env}
    refused = await tool.run("apply", *words, *SEND)
    assert refused.exit_code == 3
    assert said in refused.stderr
    assert len(refused.stderr.splitlines()) <= 3
    assert not sandbox.state()["sites"]
    for run in tool.runs():
        assert run_json(run)["exit_code"] == 3
        assert outcomes_of(run) == {"pending": 7}


async def test_an_api_that_is_not_there_is_exit_code_3_within_half_a_minute(tool: Tool, words: list[str]) -> None:
    with socket() as closed:
        closed.bind(("127.0.0.1", 0))
        tool.env = {**tool.env, "CHEKT_BASE_URL": f"http://127.0.0.1:{closed.getsockname()[1]}"}
    refused = await tool.run("apply", *words, "--yes")
    assert refused.exit_code == 3
    assert "can't be reached" in refused.stderr
    (run,) = tool.runs()
    assert run_json(run)["seconds"] < 30


async def test_without_a_terminal_nothing_is_written_unasked(tool: Tool, sandbox: Sandbox, words: list[str]) -> None:
    refused = await tool.run("apply", *words)
    assert refused.exit_code == 2
    assert "--yes" in refused.stderr
    assert not tool.runs()
    assert not sandbox.history


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
@pytest.mark.parametrize(
    ("typed", "state", "sites"), [("y", "finished", 2), ("n", "planned", 0), ("^C", "interrupted", 0)]
)
async def test_at_a_terminal_a_person_is_asked(
    tool: Tool, sandbox: Sandbox, typed: str, state: str, sites: int
) -> None:
    words = write_inventory(tool.folder, sites=2, devices=2)
    answered, shown = await at_a_terminal(tool, "apply", *words, *QUICK, answer=typed)
    assert answered.exit_code == (130 if typed == "^C" else 0)
    assert len(sandbox.state()["sites"]) == sites
    assert f"dealer 12345 at {sandbox.url}" in shown
    (run,) = tool.runs()
    assert run_json(run)["state"] == state


def prepared(folder: Path, *, what: str) -> list[str | Path]:
    """Write what a command can't use; return the command's words."""
    write_mapping(folder)
    sites = write_csv(folder / "sites.csv", SITES, site_rows("A", 2))
    devices = ["sites.csv", "-m"]
    if what == "a missing file":
        return ["nowhere.csv", "-m", "mapping.toml"]
    if what == "an empty file":
        sites.write_bytes(b"")
    if what == "a picture":
        (folder / "sites.xlsx").write_bytes(PNG)
        return ["sites.xlsx", "-m", "mapping.toml"]
    if what == "a missing column":
        write_csv(sites, ["id", "nam", *SITES[2:]], site_rows("A", 2))
    if what == "a missing mapping":
        return [*devices, "nowhere.toml"]
    if what == "a file that no table reads":
        write_csv(folder / "people.csv", ["id"], [["1"]])
        return ["people.csv", *devices, "mapping.toml"]
    if what == "a folder":
        return [folder, "-m", "mapping.toml"]
    return [*devices, "mapping.toml"]


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("a missing file", ["nowhere.csv"]),
        ("an empty file", ["sites.csv", "empty"]),
        ("a picture", ["sites.xlsx"]),
        ("a missing column", ["mapping.toml", '"name"', "nam"]),
        ("a missing mapping", ["nowhere.toml"]),
        ("a file that no table reads", ["people.csv"]),
        ("a folder", []),
    ],
)
async def test_a_command_that_can_not_be_carried_out_is_exit_code_2(
    tool: Tool, sandbox: Sandbox, tmp_path: Path, what: str, said: list[str]
) -> None:
    refused = await tool.run("apply", *prepared(tmp_path, what=what), *SEND)
    assert refused.exit_code == 2, refused.stderr
    for text in said:
        assert text in refused.stderr
    errors = [line for line in refused.stderr.splitlines() if not line.startswith("API ")]
    assert errors[0].startswith("error: ")
    assert len(errors) <= 4
    assert not refused.stdout
    assert not list((tmp_path / "reports").glob("*"))
    assert not sandbox.history


async def test_all_mistakes_of_a_mapping_are_told_at_once(tool: Tool, tmp_path: Path) -> None:
    write_csv(tmp_path / "sites.csv", SITES, site_rows("A", 2))
    write_mapping(tmp_path, FIVE_MISTAKES)
    refused = await tool.run("check", "sites.csv", "-m", "mapping.toml")
    assert refused.exit_code == 2
    for line, key in ((5, "record"), (9, "colour"), (11, "external_site_id"), (12, "timezone"), (13, "mac")):
        (told,) = [said for said in refused.stderr.splitlines() if f":{line}:" in said or f"line {line}" in said]
        assert key in told


@pytest.mark.parametrize(
    "words",
    [
        ["check"],
        ["nonsense"],
        ["check", "sites.csv", "-m", "mapping.toml", "--nonsense"],
        ["apply", "nowhere", "--yes"],
        ["resume", "last"],
        ["retry", "2026", "--yes"],
        ["report", "nowhere"],
        ["apply", "sites.csv", "--yes"],
        ["plan", "sites.csv", "-m", "mapping.toml", "--rate", "fast"],
        ["rehearse", "sites.csv", "-m", "mapping.toml", "--faults", "nonsense"],
    ],
    ids=" ".join,
)
async def test_a_wrong_word_is_exit_code_2(tool: Tool, tmp_path: Path, words: list[str]) -> None:
    write_mapping(tmp_path)
    write_csv(tmp_path / "sites.csv", SITES, site_rows("A", 2))
    refused = await tool.run(*words)
    assert refused.exit_code == 2, refused.stderr
    assert refused.stderr
    assert not refused.stdout
    assert not list((tmp_path / "reports").glob("*"))


@pytest.mark.parametrize("plain", ["http://example.com", "example.com", "https://user:pass@example.com"])
async def test_an_address_that_would_show_credentials_is_exit_code_2(tool: Tool, words: list[str], plain: str) -> None:
    refused = await tool.run("plan", *words, "--base-url", plain)
    assert refused.exit_code == 2
    assert "CHEKT_BASE_URL" in refused.stderr
    assert "pass" not in refused.stderr.replace("password", "")


async def test_json_stands_alone_on_stdout(tool: Tool, sandbox: Sandbox, words: list[str]) -> None:
    sandbox.play(Faults.parse(["devices.create/A-1-2:poison:*"]))
    for verb, arguments, exit_code in (
        ("check", words, 0),
        ("plan", words, 0),
        ("rehearse", words, 0),
        ("apply", [*words, *SEND], 1),
        ("retry", ["last", *SEND], 1),
        ("resume", ["last"], 1),
        ("report", ["last"], 1),
    ):
        told = await tool.run(verb, *arguments, "--format", "json", "-vv")
        assert told.exit_code == exit_code, told.stderr
        run = tool.runs()[-1]
        assert json.loads(told.stdout) == run_json(run), verb
        assert run_json(run)["exit_code"] == exit_code
