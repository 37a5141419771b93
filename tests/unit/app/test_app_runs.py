"""Run folders are named so that they sort by time, and are found by what a person types."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.app.runs import KnownRun, find_run, known_runs, new_run_folder
from migrate.errors import UsageError

NOON = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)


def make_run(out: Path, name: str, *, verb: str = "apply") -> Path:
    folder = out / name
    folder.mkdir(parents=True)
    facts = {"run_id": name, "verb": verb, "state": "finished"}
    (folder / "run.json").write_text(json.dumps(facts), encoding="utf-8")
    return folder


def begin(out: Path, *, now: datetime = NOON) -> Path:
    with new_run_folder(out, now=now) as (_, folder):
        pass
    return folder


def found(name: str, out: Path, verb: str = "apply") -> str:
    return find_run(name, out, fits=lambda run: run.facts["verb"] == verb, verb="resume").run_id


def test_a_run_id_tells_the_time_in_utc_and_is_safe_as_a_file_name(tmp_path: Path) -> None:
    moment = NOON.astimezone(timezone(timedelta(hours=9)))
    assert begin(tmp_path, now=moment).name == "20260301-120000-250"


def test_a_run_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    assert begin(tmp_path / "new" / "reports").stat().st_mode & 0o777 == 0o700


def test_runs_that_begin_in_the_same_millisecond_do_not_collide(tmp_path: Path) -> None:
    names = [begin(tmp_path).name for _ in range(20)]
    assert len(set(names)) == len(names)
    assert names == sorted(names)


@given(moments=st.lists(st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)), min_size=2, unique=True))  # noqa: DTZ001 - hypothesis wants its bounds without a zone
def test_run_ids_sort_by_time(tmp_path_factory: pytest.TempPathFactory, moments: list[datetime]) -> None:
    out = tmp_path_factory.mktemp("runs")
    apart = sorted(moments)
    names = [
        begin(out, now=moment).name
        for moment, before in zip(apart[1:], apart, strict=False)
        if moment - before > timedelta(seconds=1)
    ]
    assert names == sorted(names)


def test_a_run_that_begins_has_its_name_only_when_it_is_filled(tmp_path: Path) -> None:
    with new_run_folder(tmp_path, now=NOON) as (begun, folder):
        (begun / "run.json").write_text('{"run_id": "1"}', encoding="utf-8")
        assert begun.parent == tmp_path
        assert not folder.exists()
        assert known_runs(tmp_path) == []
    assert (folder / "run.json").is_file()
    assert not begun.exists()


def test_runs_that_begin_side_by_side_do_not_collide(tmp_path: Path) -> None:
    with new_run_folder(tmp_path, now=NOON) as (_, one), new_run_folder(tmp_path, now=NOON) as (_, two):
        assert one.name < two.name


def test_a_run_that_fails_while_it_begins_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), new_run_folder(tmp_path, now=NOON):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_can_not_be_made_is_a_mistake_in_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="--out"):
        begin(tmp_path / "file" / "reports")


def test_runs_are_listed_newest_first_and_other_folders_are_none(tmp_path: Path) -> None:
    make_run(tmp_path, "20260301-120000-000")
    make_run(tmp_path, "20260302-120000-000")
    (tmp_path / "20260303-120000-000").mkdir()
    broken = tmp_path / "20260304-120000-000"
    broken.mkdir()
    (broken / "run.json").write_text("{", encoding="utf-8")
    (tmp_path / "README.md").write_text("")
    assert [run.run_id for run in known_runs(tmp_path)] == ["20260302-120000-000", "20260301-120000-000"]
    assert known_runs(tmp_path / "nowhere") == []


def test_a_run_is_found_by_its_id_its_beginning_and_its_folder(tmp_path: Path) -> None:
    folder = make_run(tmp_path, "20260301-120000-000")
    make_run(tmp_path, "20260302-120000-000")
    assert found("20260301-120000-000", tmp_path) == folder.name
    assert found("20260301", tmp_path) == folder.name
    assert found(str(folder), tmp_path / "elsewhere") == folder.name


def test_an_id_that_begins_another_one_is_itself(tmp_path: Path) -> None:
    make_run(tmp_path, "20260301")
    make_run(tmp_path, "20260301-120000-000")
    assert found("20260301", tmp_path) == "20260301"


def test_an_ambiguous_beginning_names_the_runs_it_may_mean(tmp_path: Path) -> None:
    make_run(tmp_path, "20260301-120000-000")
    make_run(tmp_path, "20260301-130000-000")
    with pytest.raises(UsageError, match=r"2 runs .*20260301-130000-000, 20260301-120000-000.*type more"):
        found("202603", tmp_path)


def test_last_is_the_newest_run_that_the_verb_can_act_on(tmp_path: Path) -> None:
    make_run(tmp_path, "20260301-120000-000", verb="apply")
    make_run(tmp_path, "20260302-120000-000", verb="check")
    assert found("last", tmp_path) == "20260301-120000-000"
    with pytest.raises(UsageError, match="no run that resume can act on"):
        found("last", tmp_path, "rehearse")


def test_where_to_look_is_a_command_that_can_be_pasted(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=rf"see: chekt-migrate runs --out '{tmp_path}/my runs'$"):
        found("2030", tmp_path / "my runs")
    with pytest.raises(UsageError, match=r"see: chekt-migrate runs$"):
        found("2030", Path("reports"))


def test_a_run_that_is_not_there_says_where_to_look(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no run 2030; see: chekt-migrate runs"):
        found("2030", tmp_path)


def test_a_run_killed_before_its_journal_is_known_not_to_have_one(tmp_path: Path) -> None:
    assert not KnownRun(make_run(tmp_path, "20260301-120000-000"), {}).has_journal
