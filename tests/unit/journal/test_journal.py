"""What is written to the journal is there after anything, and what is in doubt is told as such."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from migrate.errors import Defect, Doubtful, Refused, Rejected, Stopped, UsageError
from migrate.journal.journal import FILE_NAME, Journal
from migrate.journal.writer import JournalWriter
from migrate.model.exchange import Acted, Exchange
from migrate.model.results import Result
from migrate.model.states import State


def answered(trace_id: str = "t") -> Exchange:
    return Exchange(trace_id, attempts=1, status_code=201, body=b"{}")


async def announce(writer: JournalWriter, *numbers: int, step: str = "device") -> int:
    return await writer.announce(step=step, numbers=numbers, attempt=1, fingerprint="f", trace_id="t")


def test_facts_and_frames_come_back_as_they_were(tmp_path: Path) -> None:
    frame = pl.DataFrame({"_row": [1, 2], "Naïve": ["0042", None]}, schema={"_row": pl.UInt32, "Naïve": pl.String})
    with Journal.create(tmp_path) as journal:
        journal.put_facts({"run": {"verb": "apply"}, "n": 3})
        journal.put_frames({"table.0": frame, "table.1": frame.head(0)})
    with Journal.open(tmp_path) as journal:
        assert journal.fact("run") == {"verb": "apply"}
        assert journal.fact("missing") is None
        assert journal.frame("missing") is None
        frames = journal.frames("table.")
        assert list(frames) == ["0", "1"]
        assert_frame_equal(frames["0"], frame)
        assert_frame_equal(frames["1"], frame.head(0))


def test_a_large_frame_is_kept_in_rows_of_some_megabytes_and_comes_back_as_one(tmp_path: Path) -> None:
    large = pl.select(_n=pl.int_range(300_000, dtype=pl.UInt32), told=pl.lit(None, dtype=pl.String))
    with Journal.create(tmp_path) as journal:
        journal.put_frames({"plan.a": large, "plan.a.b": large.head(1), "plan.b": large})
        journal.put_frames({"plan.b": large.tail(2)})
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        kept = [name for (name,) in connection.execute("SELECT name FROM frame ORDER BY name")]
    assert kept == ["plan.a.b", "plan.a/000000/3", "plan.a/000001/3", "plan.a/000002/3", "plan.b"]
    with Journal.open(tmp_path) as journal:
        frames = journal.frames("plan.")
        assert sorted(frames) == ["a", "a.b", "b"]
        for told in (frames["a"], journal.frame("plan.a")):
            assert told is not None
            assert_frame_equal(told, large)
        assert_frame_equal(frames["b"], large.tail(2))


@pytest.mark.parametrize("gone", ["plan.a/000000/3", "plan.a/000002/3"])
def test_a_large_frame_of_which_a_row_has_gone_is_damage(gone: str, tmp_path: Path) -> None:
    with Journal.create(tmp_path) as journal:
        journal.put_frames({"plan.a": pl.select(_n=pl.int_range(300_000, dtype=pl.UInt32))})
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection, connection:
        connection.execute("DELETE FROM frame WHERE name = ?", (gone,))
    with Journal.open(tmp_path) as journal:
        with pytest.raises(UsageError, match=r"is damaged \(a row of frame has gone: plan.a\)"):
            journal.frame("plan.a")
        with pytest.raises(UsageError, match="is damaged"):
            journal.frames("plan.")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_the_journal_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    Journal.create(tmp_path).close()
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600


async def test_what_was_answered_is_settled_and_what_was_only_announced_is_in_doubt(tmp_path: Path) -> None:
    Journal.create(tmp_path).close()
    async with JournalWriter(tmp_path / FILE_NAME) as writer:
        intent = await announce(writer, 1, 2)
        await writer.answered(intent, answered(), results=[Result(1, "created", remote_id=7), Result(2, "created")])
        await announce(writer, 3, 4)
    with Journal.open(tmp_path) as journal:
        assert set(journal.doubts()) == {3, 4}
        told = dict(journal.results().select("_n", "outcome").iter_rows())
        assert told == {1: "created", 2: "created", 3: "unknown", 4: "unknown"}
        assert journal.results()["remote_id"][0] == "7"


async def test_a_record_that_the_server_surely_did_not_take_is_not_in_doubt(tmp_path: Path) -> None:
    Journal.create(tmp_path).close()
    refused = Rejected("too large", code="http_413", acted=Acted.NO, status_code=413)
    lost = Doubtful("lost", code="connection_lost", acted=Acted.UNKNOWN)
    async with JournalWriter(tmp_path / FILE_NAME) as writer:
        await writer.answered(await announce(writer, 1, 2), answered(), error=refused)
        await writer.answered(await announce(writer, 2), answered(), error=lost)
    with Journal.open(tmp_path) as journal:
        assert {n: doubt.code for n, doubt in journal.doubts().items()} == {2: "connection_lost"}


async def test_the_last_request_about_a_record_decides_whether_it_is_in_doubt(tmp_path: Path) -> None:
    Journal.create(tmp_path).close()
    refused = Rejected("down", code="unreachable", acted=Acted.NO)
    async with JournalWriter(tmp_path / FILE_NAME) as writer:
        await announce(writer, 5, step="site")
        await writer.answered(await announce(writer, 5, step="site"), answered(), error=refused)
    with Journal.open(tmp_path) as journal:
        assert journal.doubts() == {}


async def test_a_record_that_was_blocked_and_then_sent_by_a_resumed_run_is_in_doubt_until_it_is_answered(
    tmp_path: Path,
) -> None:
    with Journal.create(tmp_path) as journal:
        async with JournalWriter(tmp_path / FILE_NAME) as writer:
            await writer.settle([Result(1, "blocked", code="blocked"), Result(2, "blocked", code="blocked")])
        async with JournalWriter(tmp_path / FILE_NAME) as writer:
            said = {"fingerprint": "f", "trace_id": "t"}
            intent = await writer.announce(step="device", numbers=[1], attempt=1, reopened=[1], **said)
            assert set(journal.doubts()) == {1}
            assert journal.results().select("_n", "outcome").rows() == [(1, "unknown"), (2, "blocked")]
            await writer.answered(intent, answered(), results=[Result(1, "created", remote_id=7)])
        assert journal.results().select("_n", "outcome").rows() == [(1, "created"), (2, "blocked")]


async def test_steps_that_are_done_are_remembered(tmp_path: Path) -> None:
    Journal.create(tmp_path).close()
    async with JournalWriter(tmp_path / FILE_NAME) as writer:
        intent = await announce(writer, 1, step="arming")
        await writer.answered(intent, answered(), done=[(1, "arming")])
        await writer.settle([Result(1, "updated")], done=[(1, "activation")])
    with Journal.open(tmp_path) as journal:
        assert journal.past().states["arming"] == {1: State.SETTLED}
        assert journal.past().states["activation"] == {1: State.SETTLED}
        assert journal.doubts() == {}


async def test_a_later_result_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    Journal.create(tmp_path).close()
    async with JournalWriter(tmp_path / FILE_NAME) as writer:
        await writer.settle([Result(1, "created", remote_id=9)])
        await writer.settle([Result(1, "failed", code="twice_at_dealer", message="there twice", remote_id=9)])
    with Journal.open(tmp_path) as journal:
        assert journal.results().select("outcome", "code").rows() == [("failed", "twice_at_dealer")]


async def test_what_an_answer_made_is_told_like_any_other_result_and_gives_way_to_a_later_one(tmp_path: Path) -> None:
    Journal.create(tmp_path).close()
    async with JournalWriter(tmp_path / FILE_NAME) as writer:
        intent = await announce(writer, 1, 2, 3)
        await writer.answered(
            intent, answered(), results=[Result(3, "failed", code="x")], made={1: 70, 2: 71}, held=True
        )
        await writer.settle([Result(2, "failed", code="twice_at_dealer", remote_id=71)])
    with Journal.open(tmp_path) as journal:
        told = journal.results()
        assert told.select("_n", "outcome", "remote_id", "trace_id").rows() == [
            (1, "created", "70", "t"),
            (2, "failed", "71", None),
            (3, "failed", None, None),
        ]
        assert journal.past().states["record"] == dict.fromkeys((1, 2, 3), State.SETTLED)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        seen = connection.execute("SELECT n, outcome, remote_id, trace_id FROM result ORDER BY n").fetchall()
    assert seen == told.select("_n", "outcome", "remote_id", "trace_id").rows()


async def test_what_has_ended_is_what_became_something_or_is_in_doubt_but_for_what_was_blocked(tmp_path: Path) -> None:
    Journal.create(tmp_path).close()
    async with JournalWriter(tmp_path / FILE_NAME) as writer:
        await writer.answered(await announce(writer, 1, 2), answered(), made={1: 70, 2: 71})
        await writer.answered(await announce(writer, 3, 4, 5), answered(), made={3: 72}, results=[Result(4, "failed")])
        await writer.settle([Result(6, "blocked"), Result(7, "unknown"), Result(2, "failed", code="twice_at_dealer")])
        await announce(writer, 8, step="arming")
        await announce(writer, 9)
    with Journal.open(tmp_path) as journal:
        told = journal.results().filter(pl.col("outcome") != "blocked")
        assert journal.ended().sort().to_list() == told["_n"].to_list() == [1, 2, 3, 4, 5, 7, 9]


async def test_an_answer_that_is_held_goes_to_the_disk_with_the_next_write_or_with_the_end(tmp_path: Path) -> None:
    with Journal.create(tmp_path) as journal:
        async with JournalWriter(tmp_path / FILE_NAME) as writer:
            await writer.answered(await announce(writer, 1), answered(), made={1: 70}, held=True)
            assert set(journal.doubts()) == {1}
            intent = await announce(writer, 2)
            assert set(journal.doubts()) == {2}
            await writer.answered(intent, answered(), made={2: 71}, held=True)
        assert journal.results().select("_n", "remote_id").rows() == [(1, "70"), (2, "71")]


async def test_intent_ids_go_on_where_an_earlier_writer_ended(tmp_path: Path) -> None:
    Journal.create(tmp_path).close()
    ids = []
    for n in (1, 2):
        async with JournalWriter(tmp_path / FILE_NAME) as writer:
            ids.append(await announce(writer, n))
    assert ids == [1, 2]


async def test_a_disk_that_fails_stops_the_run_and_every_later_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Journal.create(tmp_path).close()
    async with JournalWriter(tmp_path / FILE_NAME) as writer:
        monkeypatch.setattr(
            "migrate.journal.writer._INTENT", "INSERT INTO no_such_table VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        )
        with pytest.raises(Stopped, match="resume"):
            await announce(writer, 1)
        monkeypatch.undo()
        with pytest.raises(Stopped):
            await announce(writer, 2)
    with Journal.open(tmp_path) as journal:
        assert journal.doubts() == {}


def test_a_missing_journal_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not there"):
        Journal.open(tmp_path)


@pytest.mark.parametrize("content", [b"", b"not a database at all, but long enough to look like a file" * 10])
def test_a_file_that_is_no_journal_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(UsageError, match="damaged"):
        Journal.open(tmp_path)


def test_a_journal_with_a_torn_page_is_told(tmp_path: Path) -> None:
    with Journal.create(tmp_path) as journal:
        journal.put_frames({"big": pl.DataFrame({"a": [os.urandom(64).hex() for _ in range(2000)]})})
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    path = tmp_path / FILE_NAME
    path.write_bytes(path.read_bytes()[: -4096 * 3])
    with pytest.raises(UsageError, match="damaged"):
        Journal.open(tmp_path)


def test_a_journal_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    Journal.create(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(Refused, match="newer version"):
        Journal.open(tmp_path)


def test_a_signal_while_something_is_sealed_ends_the_command_and_is_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def signalled(*_: object) -> bytes:
        raise KeyboardInterrupt

    with Journal.create(tmp_path) as journal:
        journal.put_facts({"read": True})
    monkeypatch.setattr("migrate.journal.tables._sealed", signalled)
    with pytest.raises(KeyboardInterrupt):
        Journal.open(tmp_path)


async def test_a_mistake_of_the_tool_while_it_writes_is_told_as_one_and_not_as_a_full_disk(tmp_path: Path) -> None:
    Journal.create(tmp_path).close()
    async with JournalWriter(tmp_path / FILE_NAME) as writer:
        with pytest.raises(Defect, match="was not written"):
            await writer.announce(step="device", numbers=[1], attempt=1, fingerprint="f", trace_id=object())  # type: ignore[arg-type]
