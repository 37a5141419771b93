"""Every command ends with the next one to run, filled in, whatever it came to."""

import json
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from migrate.cli.main import VERBS, app
from migrate.shipped import samples_folder

TIDY = [str(path) for path in sorted((samples_folder() / "tidy").glob("*.csv"))]
MENDED = ["doctor"]
"""What is named where the API can't be used."""
runner = CliRunner()


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("CHEKT_BASE_URL", "CHEKT_CLIENT_ID", "CHEKT_CLIENT_SECRET", "CHEKT_ACCESS_TOKEN", "CHEKT_DEALER_ID"):
        monkeypatch.delenv(name, raising=False)


def call(*words: str) -> Result:
    return runner.invoke(app, words, catch_exceptions=False, prog_name="chekt-migrate")


def following(text: str) -> list[str]:
    """Return the words of the command in the last line."""
    last = text.splitlines()[-1]
    words = shlex.split(last[last.index("chekt-migrate ") :])[1:]
    assert words[0] in {*VERBS, *MENDED}
    return words


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("demo",), ["inspect", "YOUR-FILE.xlsx"]),
        (("inspect", *TIDY), ["check", *TIDY, "-m", "tidy"]),
        (("check", *TIDY, "-m", "tidy"), ["check", *TIDY, "-m", "tidy"]),
        (("rehearse", *TIDY, "-m", "tidy", "--settle", "0"), ["plan", *TIDY, "-m", "tidy"]),
        (("runs",), ["check", "FILE...", "-m", "MAPPING"]),
        (("runs", "prune", "--older-than", "9d"), ["runs"]),
    ],
)
def test_what_was_done_names_what_follows(words: tuple[str, ...], expected: list[str]) -> None:
    assert following(call(*words).stdout) == expected


def test_the_list_of_mappings_names_one_to_start_from() -> None:
    assert following(call("mappings").stdout)[:2] == ["mappings", "show"]


@pytest.mark.parametrize(
    "words",
    [
        ("check", "gone.csv", "-m", "tidy"),
        ("check", "it's gone.csv", "-m", "tidy", "--format", "json"),
        ("check", TIDY[0], "-m", "tidy"),
        ("rehearse", *TIDY, "-m", "tidy", "--rate", "fast"),
        ("inspect", "gone.csv"),
        ("sandbox", "--fault", "nonsense"),
    ],
)
def test_a_mistake_that_can_be_mended_names_the_same_command_again(words: tuple[str, ...]) -> None:
    done = call(*words)
    assert done.exit_code == 2
    assert done.stderr.startswith("error: ")
    assert following(done.stderr) == list(words)


def test_files_that_can_not_be_read_hide_neither_each_other_nor_the_rest() -> None:
    Path("empty.csv").touch()
    words = ["inspect", "empty.csv", TIDY[0], "gone.csv"]
    done = call(*words)
    assert done.exit_code == 2
    assert done.stdout.startswith(f"{TIDY[0]}\n")
    assert "Next:" not in done.stdout
    first, second, _ = done.stderr.splitlines()
    assert first.startswith("error: empty.csv: is empty")
    assert second.startswith("gone.csv: there is no such file")
    assert following(done.stderr) == words
    as_json = call(*words, "--format", "json")
    assert [item["path"] for item in json.loads(as_json.stdout)] == [TIDY[0]]
    assert (as_json.exit_code, as_json.stderr.splitlines()[1]) == (2, second)
    checked = call("check", *words[1:], "-m", "tidy")
    assert (checked.exit_code, checked.stdout) == (2, "")
    assert [line.partition(":")[0] for line in checked.stderr.splitlines()] == ["error", "gone.csv", "Next"]
    assert not Path("reports").exists() or not any(Path("reports").iterdir())


@pytest.mark.parametrize("verb", ["plan", "apply"])
def test_an_api_that_can_not_be_used_names_the_verb_that_looks_why(verb: str) -> None:
    done = call(verb, *TIDY, "-m", "tidy", "--dealer", "1", *(["--yes"] if verb == "apply" else []))
    assert (done.exit_code, following(done.stderr)) == (3, ["doctor"])


@pytest.mark.parametrize(
    ("words", "verb"),
    [
        (("report", "2026"), "runs"),
        (("chek",), "--help"),
        (("check", "x"), "check"),
        (("runs", "prune"), "runs"),
        (("mappings", "drop"), "mappings"),
    ],
)
def test_an_error_that_names_a_command_itself_has_no_second_one(words: tuple[str, ...], verb: str) -> None:
    [line] = call(*words).stderr.splitlines()
    assert shlex.split(line[line.index("chekt-migrate ") :].replace("'", ""))[1] == verb


def test_as_json_the_next_command_is_part_of_the_error() -> None:
    done = call("check", "gone.csv", "-m", "tidy", "--log-format", "json")
    [told] = [json.loads(line) for line in done.stderr.splitlines()]
    assert told["next"] == "chekt-migrate check gone.csv -m tidy --log-format json"
