"""Progress: a bar at a terminal, a line now and then elsewhere, nothing with --quiet."""

import logging
from collections.abc import Callable, Iterator

import pytest
from cli_screens import Clock, Screen, screens

from migrate.app.driving import Traffic, Work
from migrate.cli.log import set_up
from migrate.cli.progress import ProgressBar


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], Screen]]:
    yield from screens(monkeypatch)


def settle(bar: ProgressBar, clock: Clock, *, seconds: int) -> None:
    """Settle a record each second, with a request."""
    sent = 0
    with bar:
        bar.watch.traffic(lambda: Traffic(sent, 120.0, 0.0))
        bar.watch.work(Work(1000, 1000))
        for _ in range(seconds):
            clock.now += 1
            sent += 1
            bar.watch.done(1)
            bar.watch.settled(1)


def test_without_a_terminal_a_line_tells_every_30_seconds_how_it_goes(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    settle(ProgressBar(quiet=False, clock=clock), clock, seconds=95)
    told = capsys.readouterr()
    assert told.err.splitlines() == [
        "sending: 16 min left, 30 of 1,000 records, 30 of 1,000 requests, 60 of 120/min",
        "sending: 16 min left, 60 of 1,000 records, 60 of 1,000 requests, 60 of 120/min",
        "sending: 15 min left, 90 of 1,000 records, 90 of 1,000 requests, 60 of 120/min",
    ]
    assert told.out == ""


def test_a_run_that_is_over_soon_tells_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    settle(ProgressBar(quiet=False, clock=clock), clock, seconds=29)
    assert capsys.readouterr() == ("", "")


def test_time_alone_makes_a_line_come_where_no_record_is_settled(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with ProgressBar(quiet=False, clock=clock) as bar:
        bar.watch.work(Work(1000, 500))
        for _ in range(62):
            clock.now += 1
            bar.tick()
    assert capsys.readouterr().err.splitlines() == ["sending: 0 of 1,000 records"] * 2


def test_a_wait_for_the_limit_is_told_as_one_and_counts_as_time_left(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with ProgressBar(quiet=False, clock=clock) as bar:
        bar.watch.traffic(lambda: Traffic(40, 60.0, 45.0))
        bar.watch.work(Work(100, 50))
        bar.watch.settled(80)
        bar.watch.done(40)
        clock.now += 31
        bar.tick()
    assert capsys.readouterr().err == (
        "sending: waiting for the API's limit (45 s), 55 s left, 80 of 100 records, 40 of 50 requests, 60/min allowed\n"
    )


def test_the_rate_is_that_of_the_last_minute(capsys: pytest.CaptureFixture[str]) -> None:
    clock, sent = Clock(), 0
    with ProgressBar(quiet=False, clock=clock) as bar:
        bar.watch.traffic(lambda: Traffic(sent, 600.0, 0.0))
        bar.watch.work(Work(10_000, 10_000))
        for per_second in [10] * 60 + [2] * 60:
            clock.now += 1
            sent += per_second
            bar.tick()
    lines = capsys.readouterr().err.splitlines()
    assert [line.rsplit(", ", 1)[1] for line in lines] == [
        "600 of 600/min",
        "600 of 600/min",
        "360 of 600/min",
        "120 of 600/min",
    ]


def test_a_sentence_stands_above_the_bar_of_the_reading(screen: Callable[[int], Screen]) -> None:
    shown = screen(100)
    with ProgressBar(quiet=False, clock=Clock()) as bar:
        bar.watch.rows(1000, 1.0)
        bar.watch.wait("starts at 60 requests a minute")
    assert shown.lines()[-2:] == ["starts at 60 requests a minute", ""]


def test_reading_the_dealer_tells_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with ProgressBar(quiet=False, clock=clock) as bar:
        bar.watch.read(0, 400)
        clock.now += 31
        bar.watch.read(120, 400)
    assert capsys.readouterr().err == "reading what the dealer has: 120 of 400 sites' lists\n"


def test_before_it_is_known_how_many_lists_there_are_the_requests_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with ProgressBar(quiet=False, clock=clock) as bar:
        bar.watch.traffic(lambda: Traffic(25, 60.0, 0.0))
        clock.now += 31
        bar.tick()
        bar.watch.read(0, 0)
        clock.now += 31
        bar.tick()
    assert capsys.readouterr().err == "reading what the dealer has: 25 requests, 60/min allowed\n"


def test_reading_tells_how_long_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    clock, sent = Clock(), 0
    with ProgressBar(quiet=False, clock=clock) as bar:
        bar.watch.traffic(lambda: Traffic(sent, 120.0, 0.0))
        for done in range(31):
            bar.watch.read(done, 400)
            clock.now += 1
            sent += 2  # each list has two pages
            bar.tick()
    told = "reading what the dealer has: 6 min 10 s left, 29 of 400 sites' lists, 60 requests, 120 of 120/min\n"
    assert capsys.readouterr().err == told


def test_once_only_lists_are_left_what_is_sent_tells_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    clock, sent = Clock(), 100
    with ProgressBar(quiet=False, clock=clock) as bar:
        bar.watch.traffic(lambda: Traffic(sent, 60.0, 0.0))
        bar.watch.work(Work(1000, 80, 40))
        bar.watch.settled(1000)
        bar.watch.done(40)
        bar.tick()
        sent, clock.now = 130, clock.now + 30
        bar.tick()
    assert capsys.readouterr().err.splitlines()[-1] == (
        "sending: 10 s left, 1,000 of 1,000 records, 70 of 80 requests, 60 of 60/min"
    )


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


@pytest.mark.parametrize(
    ("columns", "line"),
    [
        (20, " 50% 5 min left"),
        (40, " 50% 5 min left, 500 of 1,000 records"),
        (60, " 50% 5 min left, 500 of 1,000 records, 120/min allowed"),
        (80, " 50% 5 min left, 500 of 1,000 records, 600 of 1,200 requests, 120/min allowed"),
        (88, " 50% 5 min left, 500 of 1,000 records, 600 of 1,200 requests, 120/min allowed"),
        (89, " 50% █████      5 min left, 500 of 1,000 records, 600 of 1,200 requests, 120/min allowed"),
        (200, " 50% █████      5 min left, 500 of 1,000 records, 600 of 1,200 requests, 120/min allowed"),
    ],
)
def test_the_bar_fits_the_terminal_and_is_one_line(columns: int, line: str, screen: Callable[[int], Screen]) -> None:
    terminal = screen(columns)
    bar = ProgressBar(quiet=False, clock=Clock())
    with bar:
        bar.watch.traffic(lambda: Traffic(100, 120.0, 0.0))
        bar.watch.work(Work(1000, 1200))
        bar.watch.settled(500)
        bar.watch.done(600)
        bar.tick()
        assert terminal.lines() == [line]
    assert terminal.lines() == [""]


def test_while_the_reports_are_written_no_bar_says_that_there_is_something_to_send(
    screen: Callable[[int], Screen],
) -> None:
    terminal = screen(80)
    with ProgressBar(quiet=False, clock=Clock()) as bar:
        bar.watch.traffic(lambda: Traffic(100, 120.0, 0.0))
        bar.watch.work(Work(10, 10))
        bar.watch.writing()
        assert terminal.lines() == ["writing the reports"]
    assert terminal.lines() == [""]


def test_a_bar_is_gone_when_a_run_is_cut_off(screen: Callable[[int], Screen]) -> None:
    terminal = screen(80)

    def cut_off() -> None:
        with ProgressBar(quiet=False, clock=Clock()) as bar:
            bar.watch.work(Work(1000, 1200))
            bar.tick()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cut_off()
    assert terminal.lines() == [""]


def test_log_lines_and_waits_stand_above_the_bar(screen: Callable[[int], Screen]) -> None:
    terminal = screen(80)
    set_up(0)
    with ProgressBar(quiet=False, clock=Clock()) as bar:
        bar.watch.work(Work(10, 10))
        bar.tick()
        logging.getLogger("migrate.api").warning("the API asks for a pause")
        bar.watch.wait("the API is away")
        bar.tick()
        first, second, last = terminal.lines()
    assert first.endswith("WARNING migrate.api: the API asks for a pause")
    assert second == "the API is away"
    assert last.startswith("  0% ")


def test_no_bar_is_open_once_the_dealer_is_read_for_a_question_may_come(screen: Callable[[int], Screen]) -> None:
    terminal = screen(80)
    with ProgressBar(quiet=False, clock=Clock()) as bar:
        bar.watch.read(1, 2)
        bar.tick()
        bar.watch.read(2, 2)
        bar.tick()
        assert terminal.lines() == [""]


@pytest.mark.parametrize("variable", ["NO_COLOR", "TERM"])
def test_a_terminal_that_knows_little_gets_no_escape_sequences(
    variable: str, screen: Callable[[int], Screen], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = screen(80)
    monkeypatch.setenv(variable, "dumb")
    clock = Clock()
    settle(ProgressBar(quiet=False, clock=clock), clock, seconds=31)
    text = terminal.text()
    assert "\x1b" not in text
    assert ("\r" in text.replace("\r\n", "")) == (variable == "NO_COLOR")
