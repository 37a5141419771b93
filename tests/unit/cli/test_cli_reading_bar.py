"""Reading: how far it is, at a terminal and elsewhere."""

import json
from collections.abc import Callable, Iterator, Sequence

import pytest
from cli_screens import Clock, Screen, screens

from migrate.cli.log import LogFormat, set_up
from migrate.cli.reading_bar import ReadingBar

PARTS = [(600_000 * part, part / 10) for part in range(11)]


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], Screen]]:
    yield from screens(monkeypatch)


def read(bar: ReadingBar, clock: Clock, parts: Sequence[tuple[int, float]], *, seconds: float) -> None:
    """Read so many rows, such a share of all, each in so many seconds."""
    with bar:
        for rows, share in parts:
            bar.watch.rows(rows, share)
            clock.now += seconds


def test_at_a_terminal_rows_share_and_time_left_are_told(screen: Callable[[int], Screen]) -> None:
    shown, clock = screen(100), Clock()
    with ReadingBar(quiet=False, clock=clock) as bar:
        bar.watch.rows(0, 0.0)
        assert "reading the inputs" in shown.text()
        for rows, share in PARTS[1:5]:
            clock.now += 4
            bar.watch.rows(rows, share)
        assert " 40% ████       2,400,000 rows, 24 s of reading left" in shown.text()
        bar.watch.rows(6_000_000, 1.0)
        assert "100% ██████████ 6,000,000 rows, comparing them" in shown.text()
        bar.watch.writing()
        assert "writing the reports" in shown.text()
    assert shown.lines()[-1] == ""


def test_what_comes_before_the_first_part_does_not_count_for_the_time_left(screen: Callable[[int], Screen]) -> None:
    shown, clock = screen(100), Clock()
    with ReadingBar(quiet=False, clock=clock) as bar:
        bar.watch.rows(0, 0.0)
        clock.now += 100
        bar.watch.rows(1000, 0.1)
        assert "left" not in shown.text()
        clock.now += 1
        bar.watch.rows(2000, 0.2)
        assert "2,000 rows, 8 s of reading left" in shown.text()


def test_a_file_that_is_read_as_a_whole_after_all_begins_anew(screen: Callable[[int], Screen]) -> None:
    shown, clock = screen(100), Clock()
    with ReadingBar(quiet=False, clock=clock) as bar:
        for rows, share in [(1000, 0.1), (5000, 0.5), (1500, 0.15), (3000, 0.3)]:
            bar.watch.rows(rows, share)
            clock.now += 3
        assert "3,000 rows, 14 s of reading left" in shown.text()


def test_without_a_terminal_a_line_tells_every_30_seconds_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    read(ReadingBar(quiet=False, clock=clock), clock, PARTS, seconds=11)
    told = capsys.readouterr()
    assert told.err.splitlines() == [
        "reading the inputs: 30%, 1,800,000 rows, 1 min 15 s of reading left",
        "reading the inputs: 60%, 3,600,000 rows, 44 s of reading left",
        "reading the inputs: 90%, 5,400,000 rows, 11 s of reading left",
    ]
    assert told.out == ""


def test_a_machine_is_told_the_same_as_facts(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(0, LogFormat.json)
    clock = Clock()
    read(ReadingBar(quiet=False, clock=clock), clock, PARTS[:5], seconds=11)
    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["rows"], told["share"], told["left_s"]) == (1_800_000, 0.3, 77.0)


def test_quiet_shows_nothing(screen: Callable[[int], Screen]) -> None:
    shown, clock = screen(100), Clock()
    read(ReadingBar(quiet=True, clock=clock), clock, PARTS, seconds=60)
    assert shown.text() == ""
