"""doctor looks at everything, tells each thing apart, goes on after what fails, and leaves nothing behind."""

import os
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from socket import socket
from typing import Any

import jwt
import pytest
from signing_keys import SHARED_SECRET, key_file, oct_jwk

from migrate.app.doctor import examine
from migrate.app.doctor_lines import Diagnosis, Line
from migrate.app.doctor_machine import LITTLE_BYTES, look_at_machine
from migrate.sandbox.faults import Faults
from migrate.sandbox.options import Rate, SandboxOptions
from migrate.sandbox.server import Sandbox

ALL = ["settings", "target", "credentials", "token", "dealer", "clock", "limits", "folder", "disk", "versions"]
SECRET = "canary-secret-7c41"


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder, and no settings."""
    for name in list(os.environ):
        if name.upper().startswith("CHEKT_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What sets variables of the process."""

    def give(values: Mapping[str, str]) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return give


def env_file() -> Path:
    return Path(".env").absolute()


async def look(out: str = "reports", **typed: str) -> Diagnosis:
    told = {"dealer": None, "base_url": None, **typed}
    return await examine(**told, out=Path(out), timeout_s=5.0, environment=os.environ, env_file=env_file())


def line(diagnosis: Diagnosis, check: str) -> Line:
    """Return the one line about a thing."""
    [found] = [one for one in diagnosis.lines if one.check == check]
    return found


@asynccontextmanager
async def sandbox(environment: Any, *faults: str, **options: Any) -> AsyncIterator[Sandbox]:
    """A sandbox that the process's variables mean."""
    given = {"client_secret": SECRET, "faults": Faults.parse(faults), **options}
    async with Sandbox(SandboxOptions(**given)) as started:
        environment(started.environment)
        yield started


async def test_where_all_is_well_each_line_says_so_and_one_site_was_asked_for(environment: Any, here: Path) -> None:
    async with sandbox(environment, rate=Rate(600, 20)) as started:
        diagnosis = await look()
    assert [one.check for one in diagnosis.lines] == ALL
    assert {one.state for one in diagnosis.lines} == {"ok"}
    assert not any(one.remedy for one in diagnosis.lines)
    assert diagnosis.exit_code == 0
    [asked] = started.history.of("sites.list")
    assert ("limit", "1") in asked.query
    assert len(started.history) == 2
    assert line(diagnosis, "limits").told == "600 requests a minute, 19 left at present"
    assert line(diagnosis, "target").told.startswith(f"dealer 12345 at {started.url}, tokens from {started.url}/")
    assert "good for 60 min" in line(diagnosis, "token").told
    assert not os.listdir(here)  # noqa: PTH208 - in a test, nothing waits for it


async def test_no_line_shows_a_secret(environment: Any) -> None:
    async with sandbox(environment, "token:401-before:*"):
        diagnosis = await look()
    assert line(diagnosis, "token").state == "wrong"
    assert SECRET not in repr(diagnosis)


async def test_without_any_settings_what_lacks_is_told_and_the_machine_is_looked_at() -> None:
    diagnosis = await look()
    assert [(one.check, one.state) for one in diagnosis.lines] == [
        ("settings", "warning"),
        ("target", "wrong"),
        ("credentials", "wrong"),
        *((check, "skipped") for check in ("token", "dealer", "clock", "limits")),
        *((check, "ok") for check in ("folder", "disk", "versions")),
    ]
    assert "--dealer" in line(diagnosis, "target").told
    assert "CHEKT_JWT_KEY_FILE" in line(diagnosis, "credentials").told
    assert diagnosis.exit_code == 2


async def test_each_setting_is_told_with_where_it_comes_from(environment: Any, here: Path) -> None:
    env_file = here / ".env"
    env_file.write_text(f"CHEKT_CLIENT_SECRET={SECRET}\nchekt_client_id=sandbox\nCHEKT_DEALER_ID=1\nOTHER=1\n")
    env_file.chmod(0o600)
    async with Sandbox(SandboxOptions(client_secret=SECRET)) as started:
        environment({"CHEKT_DEALER_ID": "12345", "CHEKT_CLIENT_SECRET": ""})
        diagnosis = await look(base_url=started.url)
    found = line(diagnosis, "settings")
    assert found.state == "ok"
    assert set(found.told.split("; ")) == {
        "from --base-url: CHEKT_BASE_URL",
        f"from the environment: CHEKT_DEALER_ID (not the one of {env_file})",
        f"from {env_file}: CHEKT_CLIENT_ID, CHEKT_CLIENT_SECRET",
    }
    assert diagnosis.exit_code == 0  # what is told to be taken is what was taken


async def test_an_env_file_that_can_not_be_read_is_wrong_and_the_rest_is_looked_at(here: Path) -> None:
    (here / ".env").write_bytes(b"CHEKT_DEALER_ID=\xff\n")
    diagnosis = await look()
    [wrong] = [one for one in diagnosis.lines if one.state == "wrong"]
    assert "not UTF-8" in wrong.told
    assert line(diagnosis, "versions").state == "ok"
    assert diagnosis.exit_code == 2


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
async def test_an_env_file_that_others_can_read_is_a_warning(here: Path) -> None:
    (here / ".env").write_text("CHEKT_DEALER_ID=1\n")
    (here / ".env").chmod(0o644)
    diagnosis = await look()
    [warned] = [one for one in diagnosis.lines if one.state == "warning"]
    assert (warned.check, warned.remedy) == ("settings", f"keep it to yourself: chmod 600 {here / '.env'}")


async def test_a_name_that_is_no_setting_is_told_with_the_nearest(environment: Any) -> None:
    environment({"CHEKT_CLEINT_ID": SECRET, "CHEKT_DEALER_ID": "1"})
    diagnosis = await look()
    [warned] = [one for one in diagnosis.lines if one.state == "warning"]
    assert "CHEKT_CLEINT_ID in the environment" in warned.told
    assert warned.remedy == "did you mean CHEKT_CLIENT_ID?"
    assert SECRET not in repr(diagnosis)


async def test_all_wrong_settings_are_told_and_the_rest_is_looked_at(environment: Any) -> None:
    environment({"CHEKT_BASE_URL": "http://example.com", "CHEKT_DEALER_ID": "a/b", "CHEKT_JWT_GRANT": "password"})
    diagnosis = await look()
    wrong = [one.told for one in diagnosis.lines if one.state == "wrong"]
    assert [told.split(":")[0] for told in wrong] == ["CHEKT_BASE_URL", "CHEKT_JWT_GRANT", "CHEKT_DEALER_ID"]
    assert "plain http is refused" in wrong[0]
    assert diagnosis.exit_code == 2
    assert line(diagnosis, "folder").state == "ok"


@pytest.mark.parametrize(
    ("env", "check", "said", "exit_code"),
    [
        ({"CHEKT_CLIENT_SECRET": "another"}, "token", "check CHEKT_CLIENT_ID and CHEKT_CLIENT_SECRET", 3),
        ({"CHEKT_TOKEN_URL": "{url}/elsewhere"}, "token", "CHEKT_TOKEN_URL", 3),
        ({"CHEKT_ACCESS_TOKEN": "another"}, "dealer", "check CHEKT_ACCESS_TOKEN", 3),
        ({"CHEKT_DEALER_ID": "777"}, "dealer", "dealer 777 is not known", 3),
        ({"CHEKT_CLIENT_ID": ""}, "credentials", "there are no credentials", 3),
        ({"CHEKT_JWT_KEY_FILE": "nowhere"}, "credentials", "CHEKT_JWT_KEY_FILE: there is no such file", 2),
    ],
    ids=str,
)
async def test_what_is_wrong_is_told_where_it_is_wrong(
    environment: Any, env: dict[str, str], check: str, said: str, exit_code: int
) -> None:
    async with sandbox(environment) as started:
        environment({name: value.format(url=started.url) for name, value in env.items()})
        diagnosis = await look()
    assert [one.check for one in diagnosis.lines if one.state == "wrong"] == [check]
    assert said in line(diagnosis, check).told
    assert diagnosis.exit_code == exit_code
    assert line(diagnosis, "clock").state == ("skipped" if check == "credentials" else "ok")


async def test_an_address_that_is_not_let_in_is_told(environment: Any) -> None:
    async with sandbox(environment, "sites:403-before:*"):
        diagnosis = await look()
    assert "address allow-list" in line(diagnosis, "dealer").told
    assert diagnosis.exit_code == 3


@pytest.mark.parametrize(("ready", "check"), [("a-token", "dealer"), ("", "token")])
async def test_an_api_that_is_not_there_is_told_and_the_machine_is_looked_at(
    environment: Any, ready: str, check: str
) -> None:
    async with sandbox(environment):
        pass
    with socket() as closed:
        closed.bind(("127.0.0.1", 0))
        environment({"CHEKT_BASE_URL": f"http://127.0.0.1:{closed.getsockname()[1]}", "CHEKT_ACCESS_TOKEN": ready})
        diagnosis = await look()
    assert [one.check for one in diagnosis.lines if one.state == "wrong"] == [check]
    assert "can't be reached" in line(diagnosis, check).told
    assert "the network" in line(diagnosis, check).remedy
    assert [line(diagnosis, check).state for check in ("clock", "limits", "disk")] == ["skipped", "skipped", "ok"]
    assert diagnosis.exit_code == 3


async def test_without_a_dealer_a_token_is_asked_for_all_the_same(environment: Any) -> None:
    async with sandbox(environment) as started:
        environment({"CHEKT_DEALER_ID": ""})
        diagnosis = await look()
    assert [line(diagnosis, check).state for check in ("target", "token", "dealer")] == ["wrong", "ok", "skipped"]
    assert not started.history.of("sites.list")
    assert diagnosis.exit_code == 2


async def test_a_signed_assertion_is_told_with_its_algorithm_and_what_it_goes_before(
    environment: Any, here: Path
) -> None:
    path = key_file(here, SHARED_SECRET)
    async with sandbox(environment, client_key=oct_jwk(SHARED_SECRET)):
        environment({"CHEKT_JWT_KEY_FILE": str(path)})
        diagnosis = await look()
        told = line(diagnosis, "credentials").told
        assert told == (
            "a signed assertion (HS256), from CHEKT_CLIENT_ID and CHEKT_JWT_KEY_FILE; set too, and not used: "
            "CHEKT_CLIENT_SECRET"
        )
        assert diagnosis.exit_code == 0
        environment({"CHEKT_ACCESS_TOKEN": "ready"})
        assert line(await look(), "credentials").told.startswith("a ready token, from CHEKT_ACCESS_TOKEN; set too")


@pytest.mark.parametrize(
    ("token", "state", "said"),
    [
        ("opaque", "ok", "doesn't say how long"),
        ("a.b.c", "ok", "doesn't say how long"),
        (10_790, "ok", "good for 3 h"),
        (-600, "warning", "ended 10 min ago"),
    ],
)
async def test_a_ready_token_is_told_with_what_it_says_of_its_end(
    environment: Any, token: str | int, state: str, said: str
) -> None:
    if isinstance(token, int):
        token = jwt.encode({"exp": time.time() + token}, SHARED_SECRET)
    async with sandbox(environment):
        environment({"CHEKT_ACCESS_TOKEN": token})
        found = line(await look(), "token")
    assert (found.state, said in found.told) == (state, True)


@pytest.mark.parametrize(
    ("skew_s", "state", "said"),
    [
        (0, "ok", "within "),
        (50, "ok", "within "),
        (-50, "ok", "within "),
        (130, "warning", "2 min behind the server's"),
        (-70, "warning", "70 s ahead of the server's"),
        (-86_400 * 3, "warning", "3 days ahead of"),
    ],
)
async def test_a_clock_that_is_a_minute_off_is_a_warning(
    environment: Any, skew_s: float, state: str, said: str
) -> None:
    async with sandbox(environment, skew_s=skew_s):
        diagnosis = await look()
    found = line(diagnosis, "clock")
    assert (found.state, said in found.told) == (state, True), found.told
    assert diagnosis.exit_code == 0


async def test_an_assertion_refused_for_the_time_comes_with_the_clock_s_warning(environment: Any, here: Path) -> None:
    async with sandbox(environment, client_key=oct_jwk(SHARED_SECRET), skew_s=900):
        environment({"CHEKT_JWT_KEY_FILE": str(key_file(here, SHARED_SECRET))})
        diagnosis = await look()
    assert "has expired" in line(diagnosis, "token").told
    assert "15 min behind" in line(diagnosis, "clock").told


async def test_an_api_without_rate_headers_is_told_with_the_rate_that_a_run_starts_at(environment: Any) -> None:
    async with sandbox(environment, rate=None):
        found = line(await look(), "limits")
    assert (found.state, "60 requests a minute" in found.told) == ("ok", True)


async def test_a_limit_that_is_used_up_is_a_warning(environment: Any) -> None:
    async with sandbox(environment, rate=Rate(60, 1)):
        found = line(await look(), "limits")
    assert (found.state, found.told) == ("warning", "60 requests a minute, none left at present")


async def test_a_folder_that_can_not_be_written_to_is_exit_code_2(environment: Any, here: Path) -> None:
    (here / "taken").write_text("a file")
    async with sandbox(environment):
        diagnosis = await look(out="taken/reports")
    found = line(diagnosis, "folder")
    assert (found.state, found.remedy) == ("wrong", "name a folder you may write to with --out")
    assert line(diagnosis, "dealer").state == "ok"
    assert diagnosis.exit_code == 2


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="needs permissions that bind this user")
def test_a_folder_that_is_read_only_is_told(here: Path) -> None:
    (here / "reports").mkdir(mode=0o500)
    found = look_at_machine(Path("reports"))[0]
    assert "Permission denied" in found.told


def test_a_folder_that_is_there_stays_as_it_was(here: Path) -> None:
    (here / "reports").mkdir()
    (here / "reports" / "README.md").write_text("x")
    assert look_at_machine(Path("reports"))[0].state == "ok"
    assert [path.name for path in (here / "reports").iterdir()] == ["README.md"]


def test_folders_that_were_made_to_try_are_taken_away_again(here: Path) -> None:
    assert look_at_machine(Path("a/b/c"))[0].state == "ok"
    assert not list(here.iterdir())


@pytest.mark.parametrize(("free", "state"), [(LITTLE_BYTES, "ok"), (LITTLE_BYTES - 1, "warning"), (0, "warning")])
def test_a_disk_that_is_nearly_full_is_a_warning(free: int, state: str) -> None:
    found = look_at_machine(Path("not/yet/there"), free_bytes=lambda _: free)[1]
    assert found.state == state
    assert found.exit_code == 0


def test_the_versions_are_told() -> None:
    told = look_at_machine(Path("reports"))[2].told
    assert all(f"{name} " in told for name in ("chekt-migrate", "Python", "polars", "aiohttp"))
