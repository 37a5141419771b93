"""Secrets stay in the process: not in what it prints, not in any file it leaves, whatever happens."""

import io
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest
from called import Called
from e2e_inventory import write_inventory
from e2e_tool import QUICK, Tool
from signing_keys import SHARED_SECRET, key_file, oct_jwk, pem, rsa_jwk, rsa_key

from migrate.sandbox import tokens
from migrate.sandbox.faults import Faults
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox

SECRET = "canary-secret-7c41"
TOKEN = "canary-token-93be"
PASSWORD = "canary-password-5d0a"
CANARIES = (SECRET, TOKEN, PASSWORD, SHARED_SECRET)
SEND = ("--yes", *QUICK)


@pytest.fixture
async def sandbox(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sandbox]:
    """A sandbox whose tokens and secret are canaries."""
    numbers = iter(range(1_000))
    monkeypatch.setattr(tokens, "token_urlsafe", lambda _: f"{TOKEN}-{next(numbers)}")
    async with Sandbox(SandboxOptions(client_secret=SECRET)) as sandbox:
        yield sandbox


@pytest.fixture
def tool(tmp_path: Path, sandbox: Sandbox) -> Tool:
    return Tool(tmp_path, sandbox.environment)


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    return write_inventory(tmp_path, sites=3, devices=3, password=PASSWORD)


def texts(folder: Path) -> Iterator[tuple[str, bytes]]:
    """All that a run left: its files, and the frames in its journal, which are compressed there."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.name, path.read_bytes()
        if path.name == "journal.sqlite":
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as journal:
                for name, data in journal.execute("SELECT name, data FROM frame"):
                    yield name, pl.read_parquet(io.BytesIO(data)).write_json().encode()
        if path.suffix == ".xlsx":
            sheets = pl.read_excel(path, sheet_id=0, raise_if_empty=False)
            yield path.name, repr([frame.rows() for frame in sheets.values()]).encode()


def assert_nothing_leaked(tool: Tool, *told: Called, canaries: Sequence[str] = CANARIES) -> None:
    for run in tool.runs():
        for name, data in texts(run):
            assert not [canary for canary in canaries if canary.encode() in data], name
    for command in told:
        assert not [canary for canary in canaries if canary in command.stdout + command.stderr]


@pytest.mark.parametrize(
    "faults",
    [
        ["any:401-before:1@3", "sites.create:500-after:2", "devices.create:reset-after-commit:2"],
        ["devices.create/A-1-1:poison:*", "any:html-after:2@6", "token:500-before:1"],
        ["any:503-before:3@9", "any:truncated:1@14"],
    ],
    ids=str,
)
async def test_no_secret_is_printed_or_left_behind(
    tool: Tool, sandbox: Sandbox, words: list[str], faults: list[str]
) -> None:
    told = [await tool.run(verb, *words, "-vv") for verb in ("check", "plan")]
    sandbox.play(Faults.parse(faults))
    told.append(await tool.run("apply", *words, *SEND, "--patience", "0.3", "-vv"))
    sandbox.play(Faults.parse(faults))
    told += [
        await tool.run("resume", "last", "-vv"),
        await tool.run("retry", "last", *SEND, "--patience", "0.3", "-vv"),
        await tool.run("report", "last", "-vv", "--format", "json"),
    ]
    assert sandbox.history.of("token.create")
    assert len(tool.runs()) >= 3
    assert_nothing_leaked(tool, *told)


@pytest.mark.parametrize(
    "env",
    [
        {"CHEKT_CLIENT_SECRET": f"{SECRET}-wrong"},
        {"CHEKT_ACCESS_TOKEN": TOKEN},
        {"CHEKT_ACCESS_TOKEN": f"{TOKEN} with spaces"},
        {"CHEKT_CLIENT_ID": SECRET, "CHEKT_CLIENT_SECRET": f"{SECRET}\r\nInjected: {TOKEN}"},
        {"CHEKT_TOKEN_URL": f"https://user:{SECRET}@example.com/token"},
        {"CHEKT_DEALER_ID": f"12 {SECRET}"},
    ],
    ids="+".join,
)
async def test_no_secret_is_told_when_it_is_refused(tool: Tool, words: list[str], env: dict[str, str]) -> None:
    tool.env = {**tool.env, **env}
    told = await tool.run("apply", *words, *SEND, "-vv")
    assert told.exit_code in {2, 3}
    assert_nothing_leaked(tool, told)


async def test_a_secret_from_a_file_is_used_and_only_the_file_is_named(
    tool: Tool, words: list[str], tmp_path: Path
) -> None:
    path = tmp_path / ".env"
    path.write_text(f"CHEKT_CLIENT_SECRET={SECRET}\n", encoding="utf-8")
    path.chmod(0o600)
    tool.env = {name: value for name, value in tool.env.items() if name != "CHEKT_CLIENT_SECRET"}
    told = await tool.run("apply", *words, *SEND, "-vv")
    assert told.exit_code == 0, told.stderr
    assert f"settings from {path}" in told.stderr
    assert "others on this machine" not in told.stderr
    assert_nothing_leaked(tool, told)


@pytest.mark.parametrize("algorithm", ["HS256", "RS256"])
async def test_no_key_is_printed_or_left_behind(tmp_path: Path, words: list[str], algorithm: str) -> None:
    content, known = (
        (SHARED_SECRET, oct_jwk(SHARED_SECRET)) if algorithm == "HS256" else (pem(rsa_key()), rsa_jwk(rsa_key()))
    )
    async with Sandbox(SandboxOptions(client_key=known)) as sandbox:
        tool = Tool(tmp_path, {**sandbox.environment, "CHEKT_JWT_KEY_FILE": str(key_file(tmp_path, content))})
        sandbox.play(Faults.parse(["token:500-after:1", "any:401-before:1@3"]))
        told = [await tool.run("doctor", "-vv"), await tool.run("apply", *words, *SEND, "-vv")]
        assert [command.exit_code for command in told] == [0, 0]
        assert f"a signed assertion ({algorithm})" in told[0].stdout
        tool.env = {**tool.env, "CHEKT_JWT_AUDIENCE": "https://elsewhere.test/"}
        told.append(await tool.run("plan", *words, "-vv"))
    assert told[2].exit_code == 3
    assert "aud is not the token URL" in told[2].stderr
    assert_nothing_leaked(tool, *told, canaries=[*content.splitlines(), "eyJ"])


async def test_a_key_in_the_place_of_its_path_is_not_told(tool: Tool, words: list[str]) -> None:
    for mistaken in (SHARED_SECRET, f"-----BEGIN PRIVATE KEY-----{SHARED_SECRET}"):
        tool.env = {**tool.env, "CHEKT_JWT_KEY_FILE": mistaken}
        told = [await tool.run(verb, *arguments, "-vv") for verb, arguments in (("doctor", []), ("plan", words))]
        assert [command.exit_code for command in told] == [2, 2]
        assert "not the key itself" in told[0].stdout
        assert_nothing_leaked(tool, *told)
