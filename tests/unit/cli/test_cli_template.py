"""template: what it writes, what it refuses, and the command that it names."""

import json
import sys
from pathlib import Path

import pytest
from cli_calls import call


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_template_is_written_and_the_command_that_it_names_finds_nothing_in_it() -> None:
    done = call("template")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "Next: chekt-migrate check template.xlsx -m template"
    checked = call("check", "template.xlsx", "-m", "template")
    assert (checked.exit_code, checked.stderr) == (0, "")
    (run,) = Path("reports").glob("2*")
    facts = json.loads((run / "run.json").read_text(encoding="utf-8"))
    assert (facts["counts"], facts["left_out"]) == ({}, {"filtered by where": 3})
    assert not any(facts["findings"].values())


def test_inspect_tells_the_template() -> None:
    call("template", "-o", "new dealer.xlsx")
    said = "Next: chekt-migrate check 'new dealer.xlsx' -m template"
    assert call("inspect", "new dealer.xlsx").stdout.splitlines()[-1] == said


def test_a_file_that_is_there_is_left_as_it_is() -> None:
    Path("template.xlsx").write_bytes(b"a customer's own")
    done = call("template")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "error: template.xlsx: is there already, and is left as it is; name another file with -o" in done.stderr
    assert Path("template.xlsx").read_bytes() == b"a customer's own"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("template.csv", "write -o template.xlsx"),
        ("template", "write -o template.xlsx"),
        ("", "write -o template.xlsx"),
        ("nowhere/template.xlsx", "its folder is not there"),
    ],
)
def test_a_name_that_can_not_be_written_is_told_and_nothing_is_left(name: str, said: str) -> None:
    done = call("template", "--output", name)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert list(Path().iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links and rights are others there")
def test_nothing_is_written_through_a_link() -> None:
    Path("template.xlsx").symlink_to("elsewhere.xlsx")
    assert call("template").exit_code == 2
    assert not Path("elsewhere.xlsx").exists()


def test_as_json_it_says_where_the_file_is_and_what_follows() -> None:
    told = json.loads(call("template", "--output", "a.xlsx", "--format", "json").stdout)
    assert told == {"path": "a.xlsx", "mapping": "template", "next": "chekt-migrate check a.xlsx -m template"}
