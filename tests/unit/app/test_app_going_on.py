"""What a run leaves from its first moment on, and what it can be followed by before it has done anything."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from migrate.app import finish, going_on
from migrate.app.check import check
from migrate.app.conduct import Conduct, conduct
from migrate.app.driving import Driving
from migrate.app.going_on import asks, can_apply, can_resume, report, resume
from migrate.app.kept import keep_agreed, keep_read
from migrate.app.options import Options
from migrate.app.recording import Recording, start
from migrate.app.retry import retry
from migrate.app.runs import KnownRun, known_runs
from migrate.errors import Refused
from migrate.journal.journal import FILE_NAME, Journal
from migrate.journal.writer import JournalWriter
from migrate.mapping.mapping import Mapping
from migrate.report.run_json import write_run_json
from migrate.report.run_report import RunReport
from migrate.report.write import write_reports
from migrate.settings import Settings

MAPPING = Mapping.parse(
    """
    name = "Sites"
    [[table]]
    record = "site"
    [table.fields]
    external_site_id = "id"
    name = "name"
    timezone = { value = "UTC" }
    """,
    path="sites.toml",
)
SETTINGS = Settings(
    env_file=None,
    base_url="http://127.0.0.1:9",
    token_url="",
    client_id="",
    client_secret="",
    access_token="a-token",
    dealer_id="12345",
)


def begun(out: Path, *, verb: str = "apply", agreed: bool = True) -> Recording:
    return start(
        verb,
        out,
        mapping=MAPPING,
        paths=(out / "sites.csv",),
        dealer_id="12345",
        base_url=SETTINGS.origin,
        keep=lambda journal: keep_agreed(journal, agreed=agreed),
    )


def cut_off(out: Path, *, verb: str = "apply", agreed: bool = True) -> KnownRun:
    """Return a run that was killed right after it had begun."""
    begun(out, verb=verb, agreed=agreed).journal.close()
    return known_runs(out)[0]


def test_run_json_is_written_before_anything_else(tmp_path: Path) -> None:
    seen = []

    def keep(journal: Journal) -> None:
        folder = journal.path.parent
        seen.append(json.loads((folder / "run.json").read_text(encoding="utf-8")))
        assert {path.name.partition("-")[0] for path in folder.iterdir()} == {"run.json", "journal.sqlite"}
        assert known_runs(tmp_path) == []

    start("check", tmp_path, mapping=MAPPING, paths=(), keep=keep).journal.close()
    (told,) = seen
    assert (told["verb"], told["state"], told["exit_code"]) == ("check", "running", None)
    assert told["run_id"] == known_runs(tmp_path)[0].run_id


async def test_a_run_that_was_cut_off_before_it_read_its_files_is_to_be_resumed_before_it_is_retried(
    tmp_path: Path,
) -> None:
    run = cut_off(tmp_path)
    with pytest.raises(Refused, match=f"first: chekt-migrate resume {run.run_id}"):
        await retry(run, SETTINGS, out=tmp_path, options=Options(), driving=Driving())
    assert known_runs(tmp_path) == [run]


@pytest.mark.parametrize("agreed", [True, False])
def test_a_run_begun_with_a_yes_is_gone_on_with_unasked_and_any_other_is_asked_about(
    tmp_path: Path, *, agreed: bool
) -> None:
    assert asks(cut_off(tmp_path, agreed=agreed)) is not agreed


async def test_a_run_that_has_sent_something_was_agreed_to_whoever_kept_that(tmp_path: Path) -> None:
    run = cut_off(tmp_path, agreed=False)
    async with JournalWriter(run.folder / FILE_NAME) as writer:
        await writer.announce(step="site", numbers=[1], attempt=1, fingerprint="f", trace_id="t")
    assert not asks(run)


def test_a_run_that_sends_can_be_resumed_and_no_other(tmp_path: Path) -> None:
    found = {verb: can_resume(cut_off(tmp_path, verb=verb)) for verb in ("apply", "retry", "rehearse", "plan", "check")}
    assert found == {"apply": True, "retry": True, "rehearse": False, "plan": False, "check": False}


@pytest.mark.parametrize(
    ("verb", "state", "exit_code", "can"),
    [
        ("plan", "planned", 0, True),
        ("plan", "planned", 1, True),
        ("plan", "interrupted", 5, True),  # its brake holds: --force
        ("plan", "interrupted", 3, False),
        ("plan", "running", None, False),
        ("apply", "planned", 0, False),
    ],
)
def test_a_plan_that_was_made_can_be_applied(verb: str, state: str, exit_code: int | None, *, can: bool) -> None:
    run = KnownRun(Path("run"), {"verb": verb, "state": state, "exit_code": exit_code})
    assert can_apply(run) is can


async def test_a_run_that_was_deleted_while_it_was_about_to_go_on_sends_nothing_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "sites.csv").write_text("id,name\n1,One\n", encoding="utf-8")
    checked = check([tmp_path / "sites.csv"], MAPPING)
    recording = begun(tmp_path / "reports")
    shutil.rmtree(recording.folder)
    with pytest.raises(Refused, match=f"{recording.run_id} is gone"), recording:
        await conduct(
            recording, checked, SETTINGS, options=Options(patience=0), driving=Driving(), how=Conduct(sends=True)
        )
    assert not recording.folder.exists()


def test_a_run_reported_again_is_never_told_to_have_ended_in_another_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sites.csv").write_text("id,name\n1,One\n", encoding="utf-8")
    with begun(tmp_path / "reports") as recording:
        keep_read(recording.journal, check([tmp_path / "sites.csv"], MAPPING))
        write_run_json(recording.folder, replace(recording.facts, state="interrupted", exit_code=130))
    (run,) = known_runs(tmp_path / "reports")
    told = []

    def write(folder: Path, report: RunReport) -> list[Path]:
        told.append((report.facts.state, report.facts.exit_code, report.facts.finished_at))
        return write_reports(folder, report)

    monkeypatch.setattr(finish, "write_reports", write)
    assert report(run).counts == {"site": {"pending": 1}}
    assert told == [("interrupted", 130, None)]
    assert known_runs(tmp_path / "reports")[0].facts["state"] == "interrupted"


async def test_of_two_that_go_on_with_a_run_at_once_the_second_is_refused_before_it_touches_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sites.csv").write_text("id,name\n1,One\n", encoding="utf-8")
    run = cut_off(tmp_path)
    before = {}

    async def second(recording: Recording, *_: object, **__: object) -> None:
        before.update({path.name: path.read_bytes() for path in recording.folder.iterdir()})
        with pytest.raises(Refused, match=f"is held by another run .{run.run_id}"):
            await resume(run, SETTINGS, driving=Driving())
        assert before == {path.name: path.read_bytes() for path in recording.folder.iterdir()}

    monkeypatch.setattr(going_on, "conduct", second)
    await resume(run, SETTINGS, driving=Driving())
    assert before
