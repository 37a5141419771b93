"""Progress: a line now and then where nobody looks at a terminal, nothing with --quiet."""

from dataclasses import dataclass

import pytest

from migrate.cli.progress import ProgressBar


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def settle(bar: ProgressBar, clock: Clock, *, seconds: int) -> None:
    """Settle a record each second."""
    with bar:
        bar.watch.total(1000)
        for _ in range(seconds):
            clock.now += 1
            bar.watch.settled(1)


def test_without_a_terminal_a_line_tells_every_30_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    settle(ProgressBar(quiet=False, clock=clock), clock, seconds=95)
    told = capsys.readouterr()
    assert told.err.splitlines() == [f"{done} of 1,000 records are settled" for done in (30, 60, 90)]
    assert told.out == ""


def test_a_run_that_is_over_soon_tells_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    settle(ProgressBar(quiet=False, clock=clock), clock, seconds=29)
    assert capsys.readouterr() == ("", "")


def test_reading_the_dealer_tells_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with ProgressBar(quiet=False, clock=clock) as bar:
        bar.watch.read(0, 400)
        clock.now += 31
        bar.watch.read(120, 400)
    assert capsys.readouterr().err == "120 of 400 sites' lists are read\n"


def test_a_wait_is_told_at_once_and_can_not_act_on_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressBar(quiet=False, clock=Clock()) as bar:
        bar.watch.wait("the API is away (\x1b[31mgone\x1b[0m)")
    assert capsys.readouterr().err == "the API is away (\\x1b[31mgone\\x1b[0m)\n"


def test_quiet_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    bar = ProgressBar(quiet=True, clock=clock)
    bar.watch.read(0, 400)
    settle(bar, clock, seconds=95)
    bar.watch.wait("the API is away")
    assert capsys.readouterr() == ("", "")
