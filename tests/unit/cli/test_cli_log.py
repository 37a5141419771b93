"""What goes to stderr: as text for people, one JSON object a line for machines; never in the way of a result."""

import io
import json
import logging
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cli_calls import call
from hypothesis import given
from hypothesis import strategies as st

from migrate.app.driving import Traffic, Work
from migrate.cli.log import LogFormat, say, set_up
from migrate.cli.main import VERBS
from migrate.cli.progress import ProgressBar
from migrate.model.text import ACTING
from migrate.shipped import samples_folder

TIDY = [str(path) for path in sorted((samples_folder() / "tidy").glob("*.csv"))]
LEVELS = {"debug", "info", "warning", "error"}
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def objects(text: str) -> list[dict[str, Any]]:
    """Return the object of each line; each has what all have."""
    told: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines()]
    for one in told:
        assert datetime.fromisoformat(one["time"]).tzinfo == UTC
        assert one["level"] in LEVELS
        assert one["logger"].startswith("migrate")
        assert isinstance(one["message"], str)
    return told


def test_a_log_line_is_text_with_its_time_in_utc(capsys: Captured) -> None:
    set_up(0)
    logging.getLogger("migrate.api").warning("a pause of %d s\x1b[2J", 5)
    line = capsys.readouterr().err
    assert line.endswith("Z WARNING migrate.api: a pause of 5 s\\x1b[2J\n")
    assert datetime.fromisoformat(line.split()[0]).tzinfo == UTC


def test_as_json_a_log_line_has_what_was_given_beside_it(capsys: Captured) -> None:
    set_up(0, LogFormat.json)
    logging.getLogger("migrate.api").warning("a pause of %d s", 5, extra={"seconds": 5, "folder": Path("reports")})
    [told] = objects(capsys.readouterr().err)
    assert (told["message"], told["seconds"], told["folder"]) == ("a pause of 5 s", 5, "reports")
    assert set(told) == {"time", "level", "logger", "message", "seconds", "folder"}


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@given(text=st.text() | st.text(alphabet="a\x1b\x7f\x9b\u2028\u202e\ufeff\udc80\ud83d\ude00漢é", max_size=8))
def test_as_json_whatever_is_told_is_one_line_that_acts_on_no_terminal(encoding: str, text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        written = io.BytesIO()
        stream = io.TextIOWrapper(written, encoding=encoding, newline="")
        patch.setattr("sys.stderr", stream)
        set_up(0, LogFormat.json)
        logging.getLogger("migrate.api").warning("%s", text, extra={"beside": text})
        stream.flush()
        [line] = written.getvalue().decode(encoding).removesuffix("\n").split("\n")
    assert not re.search(ACTING, line)
    told = json.loads(line)
    assert [told[name].encode("utf-16", "surrogatepass") for name in ("message", "beside")] == [
        text.encode("utf-16", "surrogatepass")
    ] * 2


@pytest.mark.parametrize(("verbose", "levels"), [(0, 1), (1, 2), (2, 3), (5, 3)])
def test_more_v_tell_more(verbose: int, levels: int, capsys: Captured) -> None:
    set_up(verbose)
    for level in (logging.WARNING, logging.INFO, logging.DEBUG):
        logging.getLogger("migrate.api").log(level, "told")
    assert len(capsys.readouterr().err.splitlines()) == levels


def test_a_sentence_for_who_waits_is_told_whatever_the_level(capsys: Captured) -> None:
    set_up(0)
    say("one\ntwo\x07", done=1)
    assert capsys.readouterr().err == "one\ntwo\\x07\n"
    set_up(0, LogFormat.json)
    say("one\ntwo\x07", done=1)
    [told] = objects(capsys.readouterr().err)
    assert (told["message"], told["done"], told["level"]) == ("one\ntwo\\x07", 1, "info")


def test_other_programs_are_told_what_is_done_to_go_and_allowed(capsys: Captured) -> None:
    set_up(0, LogFormat.json)
    now, sent = 0.0, 10
    with ProgressBar(quiet=False, clock=lambda: now) as bar:
        bar.watch.traffic(lambda: Traffic(sent, 120.0, 0.5))
        bar.watch.work(Work(1000, 300, 2))
        for _ in range(62):
            now, sent = now + 0.5, sent + 1
            bar.watch.done(1)
            bar.tick()
    [line] = objects(capsys.readouterr().err)
    told = {name: value for name, value in line.items() if name not in {"time", "level", "logger"}}
    assert told == {
        "message": "sending: 2 min left, 0 of 1,000 records, 60 of 300 requests, 120 of 120/min",
        "done": 0,
        "total": 1000,
        "requests_done": 60,
        "requests_total": 300,
        "left_s": 120.0,
        "sent": 70,
        "per_minute": 120.0,
        "allowed_per_minute": 120.0,
        "limit_wait_s": 0.5,
    }


def test_progress_and_waits_are_objects_too(capsys: Captured) -> None:
    set_up(0, LogFormat.json)
    now = [0.0]
    with ProgressBar(quiet=False, clock=lambda: now[0]) as bar:
        bar.watch.work(Work(10, 5))
        now[0] = 31
        bar.watch.settled(4)
        bar.watch.wait("the API is away")
    line, wait = objects(capsys.readouterr().err)
    assert (line["done"], line["total"]) == (4, 10)
    assert wait["message"] == "the API is away"


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_knows_both_options(verb: str) -> None:
    told = call(verb, "--help").stdout
    assert all(option in told for option in ("-v,", "--verbose", "--log-format"))


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (["check", "gone.csv", "-m", "tidy"], "gone.csv: there is no such file", 2),
        (["check", *TIDY, "-m", "gone"], "no such mapping file", 2),
        (["plan", *TIDY, "-m", "tidy", "--dealer", "1"], "CHEKT_CLIENT_ID", 3),
        (["runs", "prune"], "--older-than", 2),
    ],
)
def test_as_json_the_error_that_ends_a_command_is_an_object_with_its_exit_code(
    words: list[str], said: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CHEKT_CLIENT_ID", "CHEKT_CLIENT_SECRET", "CHEKT_ACCESS_TOKEN", "CHEKT_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    done = call(*words, "--log-format", "json")
    assert (done.exit_code, done.stdout) == (code, "")
    last = objects(done.stderr)[-1]
    assert said in last["message"]
    assert (last["level"], last["exit_code"]) == ("error", code)


def test_what_v_tells_goes_to_stderr_and_is_one_object_a_line() -> None:
    quiet = call("check", *TIDY, "-m", "tidy", "--format", "json")
    done = call("check", *TIDY, "-m", "tidy", "-v", "--log-format", "json", "--format", "json")
    assert json.loads(done.stdout)["counts"] == json.loads(quiet.stdout)["counts"]
    assert quiet.stderr == ""
    run_ids = {told["run_id"] for told in objects(done.stderr) if "run_id" in told}
    assert run_ids == {json.loads(done.stdout)["run_id"]}


def test_vv_tells_each_request_without_a_secret() -> None:
    done = call("rehearse", *TIDY, "-m", "tidy", "--settle", "0", "-vv", "--log-format", "json", "--format", "json")
    told = [one for one in objects(done.stderr) if one["logger"] == "migrate.api"]
    assert len(told) >= json.loads(done.stdout)["requests"]["sent"]
    assert "secret" not in done.stderr
    assert "Bearer" not in done.stderr
