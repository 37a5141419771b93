"""Old runs are deleted, and nothing else: no run that goes on or could, no other folder, nothing behind a link."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from migrate.app.lock import holding_dealer
from migrate.app.prune import Prunable, find_prunable, parse_age, prune
from migrate.errors import UsageError
from migrate.settings import Settings

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
OLD, NEW, RECENT = "20260101-120000-000", "20260531-120000-000", "20260530-120000-000"

HELD = Settings(env_file=None, base_url="http://127.0.0.1:1", dealer_id="prune", access_token="t")


def make_run(out: Path, name: str, **facts: object) -> Path:
    folder = out / name
    folder.mkdir(parents=True)
    told = {"run_id": name, "verb": "apply", "state": "finished", "exit_code": 0, "dealer_id": "1", **facts}
    (folder / "run.json").write_text(json.dumps(told), encoding="utf-8")
    (folder / "journal.sqlite").write_bytes(b"names" * 200)
    return folder


def found(out: Path, age: str = "90d", *, unfinished: bool = False) -> Prunable:
    return find_prunable(out, older_than=parse_age(age), now=NOW, unfinished=unfinished)


def old(out: Path, age: str = "90d", *, unfinished: bool = False) -> list[str]:
    return [item.run.run_id for item in found(out, age, unfinished=unfinished).old]


@pytest.mark.parametrize(
    ("text", "age"),
    [("36h", timedelta(hours=36)), ("90d", timedelta(90)), (" 12W ", timedelta(84)), ("0d", timedelta())],
)
def test_an_age_is_a_number_with_a_unit(text: str, age: timedelta) -> None:
    assert parse_age(text) == age


@pytest.mark.parametrize("text", ["90", "d", "-1d", "1.5d", "90m", "9999999d", ""])
def test_an_age_that_is_none_says_what_one_looks_like(text: str) -> None:
    with pytest.raises(UsageError, match="such as 90d"):
        parse_age(text)


def test_runs_are_old_by_when_they_began(tmp_path: Path) -> None:
    for name in (OLD, NEW, "20260303-115959-000", "20260303-120001-000"):
        make_run(tmp_path, name)
    assert old(tmp_path) == ["20260303-115959-000", OLD]
    assert old(tmp_path, "0d") == [NEW, "20260303-120001-000", "20260303-115959-000", OLD]
    assert old(tmp_path / "nowhere") == []


@pytest.mark.parametrize(("folder", "run_id"), [("foo", "x"), ("foo", "foo"), ("foo", OLD), (OLD, "x"), (OLD, NEW)])
def test_a_folder_that_has_not_the_name_of_the_run_in_it_stays(tmp_path: Path, folder: str, run_id: str) -> None:
    make_run(tmp_path, folder, run_id=run_id, started_at="2026-01-01T12:00:00.000Z")
    (tmp_path / folder / "customers.xlsx").write_bytes(b"the only one")
    assert list(prune(found(tmp_path, "0d", unfinished=True))) == []
    assert (tmp_path / folder / "customers.xlsx").is_file()


def test_a_run_is_as_old_as_the_earlier_of_what_its_id_and_its_run_json_say(tmp_path: Path) -> None:
    make_run(tmp_path, NEW, started_at="2026-01-01T12:00:00.000Z")
    make_run(tmp_path, RECENT, started_at="in spring")
    assert old(tmp_path) == [NEW]


def test_what_is_deleted_is_gone_and_what_is_not_is_whole(tmp_path: Path) -> None:
    gone, stays = make_run(tmp_path, OLD), make_run(tmp_path, NEW)
    (gone / "deeper").mkdir()
    (gone / "deeper" / "mine.xlsx").write_bytes(b"x" * 500)
    there = found(tmp_path)
    assert there.size_bytes == sum(path.stat().st_size for path in gone.rglob("*") if path.is_file())
    assert [(item.run.run_id, why) for item, why in prune(there)] == [(OLD, None)]
    assert not gone.exists()
    assert sorted(path.name for path in stays.iterdir()) == ["journal.sqlite", "run.json"]


def test_what_is_no_run_stays(tmp_path: Path) -> None:
    (tmp_path / OLD).mkdir()
    (tmp_path / "20260102-120000-000").mkdir()
    (tmp_path / "20260102-120000-000" / "run.json").write_text("[]")
    (tmp_path / "20260103-120000-000").write_text("a file")
    (tmp_path / "README.md").write_text("mine")
    (tmp_path / ".git").mkdir()
    list(prune(found(tmp_path, "0d")))
    assert len(list(tmp_path.iterdir())) == 5


def test_links_are_not_followed(tmp_path: Path) -> None:
    elsewhere = make_run(tmp_path / "elsewhere", OLD)
    out = tmp_path / "reports"
    run = make_run(out, "20260102-120000-000")
    (out / OLD).symlink_to(elsewhere, target_is_directory=True)
    (out / ".20260101-120000-000").symlink_to(elsewhere, target_is_directory=True)
    (run / "customers").symlink_to(elsewhere, target_is_directory=True)
    assert [(item.run.run_id, why) for item, why in prune(found(out))] == [(run.name, None)]
    assert not run.exists()
    assert sorted(path.name for path in elsewhere.iterdir()) == ["journal.sqlite", "run.json"]
    assert (out / OLD).is_symlink()


@pytest.mark.parametrize("state", ["interrupted", "running"])
def test_a_run_that_can_be_resumed_stays_until_it_is_asked_for(tmp_path: Path, state: str) -> None:
    make_run(tmp_path, OLD, state=state, exit_code=None if state == "running" else 130)
    assert old(tmp_path) == []
    assert found(tmp_path).kept == [(OLD, "it can be resumed; --unfinished takes it too")]
    assert old(tmp_path, unfinished=True) == [OLD]


@pytest.mark.parametrize(
    "facts", [{"verb": "plan"}, {"verb": "rehearse"}, {"exit_code": 5}, {"verb": "retry", "dealer_id": None}]
)
def test_a_run_that_was_cut_off_and_that_nobody_can_resume_is_deleted(tmp_path: Path, facts: dict[str, object]) -> None:
    make_run(tmp_path, OLD, state="interrupted", **{"exit_code": 130, **facts})
    assert old(tmp_path) == [OLD]


@pytest.mark.parametrize("verb", ["apply", "plan", "check"])
def test_a_run_that_may_be_going_on_stays_whatever_is_asked_for(tmp_path: Path, verb: str) -> None:
    make_run(tmp_path, RECENT, verb=verb, state="running", exit_code=None)
    assert old(tmp_path, "1h", unfinished=True) == []
    assert found(tmp_path, "1h").kept == [(RECENT, "it may be running")]


def test_a_run_that_holds_its_dealer_stays_whatever_is_asked_for(tmp_path: Path) -> None:
    make_run(tmp_path, OLD, state="running", exit_code=None)
    with holding_dealer(HELD, run_id=OLD):
        assert found(tmp_path, "0d", unfinished=True).kept == [(OLD, "it is running")]
    assert old(tmp_path, "0d", unfinished=True) == [OLD]


def make_cut_off(out: Path, name: str = OLD) -> Path:
    return make_run(out, name, state="interrupted", exit_code=130, base_url=HELD.origin, dealer_id=HELD.dealer_id)


def test_a_run_that_was_resumed_while_the_question_stood_is_not_deleted(tmp_path: Path) -> None:
    run = make_cut_off(tmp_path)
    there = found(tmp_path, unfinished=True)
    with holding_dealer(HELD, run_id=OLD):
        assert [why for _, why in prune(there)] == ["it is running, or another run holds its dealer"]
    assert (run / "journal.sqlite").is_file()


@pytest.mark.parametrize("facts", [{"state": "running", "exit_code": None}, {"state": "finished", "exit_code": 0}])
def test_a_run_that_is_not_as_it_was_found_is_not_deleted(tmp_path: Path, facts: dict[str, object]) -> None:
    run = make_cut_off(tmp_path)
    there = found(tmp_path, unfinished=True)
    told = json.loads((run / "run.json").read_text(encoding="utf-8"))
    (run / "run.json").write_text(json.dumps({**told, **facts}), encoding="utf-8")
    assert [why for _, why in prune(there)] == ["it went on since it was looked at"]
    assert (run / "journal.sqlite").is_file()


def test_folders_of_runs_that_were_killed_while_they_began_go_unless_they_may_be_beginning(tmp_path: Path) -> None:
    for name in (".20260101-120000-000", ".20260601-105959-000", ".20260601-113000-000", ".mine"):
        (tmp_path / name).mkdir()
    list(prune(found(tmp_path, "900d")))
    assert sorted(path.name for path in tmp_path.iterdir()) == [".20260601-113000-000", ".mine"]


def test_a_run_that_can_not_be_deleted_is_told_after_the_others_are_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, other = make_run(tmp_path, OLD), make_run(tmp_path, "20260102-120000-000")
    there = found(tmp_path)
    unlink = Path.unlink

    def refuse(path: Path, *, missing_ok: bool = False) -> None:
        if path.parent == stuck:
            raise PermissionError(13, "Permission denied")
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    gone = []
    with pytest.raises(UsageError, match=rf"{OLD}: can't be deleted \(Permission denied\)"):  # noqa: PT012 - what is yielded before counts
        for item, why in prune(there):
            gone.append((item.run.run_id, why))
    assert gone == [(other.name, None)]
    assert (stuck / "run.json").is_file()
