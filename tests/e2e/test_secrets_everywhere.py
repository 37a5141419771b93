"""Canaries in every secret, the most talkative log, trouble on the way: looked for wherever a run leaves anything."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from called import Called
from e2e_inventory import write_inventory
from e2e_tool import QUICK, Tool, ended, until
from test_secrets import texts

from migrate.sandbox import tokens
from migrate.sandbox.faults import Faults
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox

CLIENT_ID = "canary-client-2b60"
SECRET = "canary-secret-7c41"
TOKEN = "canary-token-93be"
PASSWORD = "canary-password-5d0a"
CANARIES = tuple(canary.encode() for canary in (CLIENT_ID, SECRET, TOKEN, PASSWORD))
TALKING = ("-vv", "--log-format", "json")
INPUTS = {"stations.csv", "sites.csv", "devices.csv", "mapping.toml"}

TROUBLES = {
    "F7 F26 F28": ["any:401-before:1@3", "token:html-after:1@1", "sites.create:reset-after-commit:2"],
    "F27": ["any:401-before:*@8"],
    "F14 F25 F34": ["devices.create/A-1-1:poison:*", "any:307-before:1@9", "devices.create:truncated:1"],
}


@pytest.mark.parametrize("faults", TROUBLES.values(), ids=TROUBLES)
async def test_i6_no_secret_is_in_any_output_file_or_list_of_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, faults: list[str]
) -> None:
    numbers = iter(range(1_000))
    monkeypatch.setattr(tokens, "token_urlsafe", lambda _: f"{TOKEN}-{next(numbers)}")
    home, scratch = tmp_path / "home", tmp_path / "scratch"
    home.mkdir()
    scratch.mkdir()
    words = write_inventory(tmp_path, sites=3, devices=2, password=PASSWORD)
    assert PASSWORD in (tmp_path / "devices.csv").read_text(encoding="utf-8")
    options = SandboxOptions(client_id=CLIENT_ID, client_secret=SECRET, faults=Faults.parse(faults))
    async with Sandbox(options) as sandbox:
        tool = Tool(tmp_path, {**sandbox.environment, "HOME": str(home), "TMPDIR": str(scratch)})
        process = await tool.start("apply", *words, "--yes", *QUICK, "--patience", "0.5", *TALKING)
        assert await until(lambda: len(sandbox.history) > 2, process)
        seen = list(_command_lines())
        assert any(b"apply" in line and b"migrate" in line for line in seen)
        told = [await ended(process)]
        sandbox.play(Faults())
        told += [await tool.run(verb, "last", *TALKING) for verb in ("resume", "report")]
    assert sandbox.history.of("token.create")
    assert any(json.loads(line)["level"] == "debug" for line in told[0].stderr.splitlines())
    everything = dict(_left_behind(tmp_path))
    assert any("journal.sqlite" in name for name in everything)
    everything["the processes"] = b"\n".join(seen)
    everything |= {f"output {number}": _output(command) for number, command in enumerate(told)}
    assert not [(name, canary) for name, data in everything.items() for canary in CANARIES if canary in data]


def _output(command: Called) -> bytes:
    assert command.stdout + command.stderr
    return (command.stdout + command.stderr).encode()


def _command_lines() -> Iterator[bytes]:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield path.read_bytes()
        except OSError:  # it has ended
            continue


def _left_behind(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below `folder` but the inputs, as it is, and those of runs unpacked."""
    for path in folder.rglob("*"):
        if path.is_file() and path.name not in INPUTS:
            yield str(path), path.read_bytes()
    for run in (folder / "reports").glob("2*"):
        for name, data in texts(run):
            yield f"{run.name}/{name}", data
