"""Sentences wrap under themselves at a terminal, and are one line each where they are piped."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from migrate.cli.screen import LABEL_WIDTH, open_console, say, say_labelled, time_left

INDENT = LABEL_WIDTH + 4
SENTENCE = (
    '212 rows (such as customers.xlsx, Sites!F12): time zone "Estern" is not known; did you mean "Eastern"? add it '
    "under table.fields.timezone.map"
)
WORDS = st.lists(st.text(alphabet="abcdé漢字", min_size=1, max_size=12), min_size=1, max_size=30).map(" ".join)


def at_terminal(width: int) -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=True, color_system=None, highlight=False, markup=False)
    return console, out


@pytest.mark.parametrize("width", [80, 120])
def test_at_a_terminal_a_long_sentence_hangs_beside_its_label(width: int) -> None:
    console, out = at_terminal(width)
    say_labelled(console, "error", SENTENCE)
    first, *rest = [line.rstrip() for line in out.getvalue().splitlines()]
    assert first.startswith("  error       212 rows")
    assert rest
    assert all(line.startswith(" " * INDENT) and line[INDENT] != " " for line in rest)
    assert " ".join([first[INDENT:], *(line.strip() for line in rest)]) == SENTENCE


@given(sentence=WORDS, width=st.integers(40, 160))
def test_nothing_is_lost_in_wrapping_and_nothing_is_wider_than_the_terminal(sentence: str, width: int) -> None:
    console, out = at_terminal(width)
    say_labelled(console, "warning", sentence)
    lines = out.getvalue().splitlines()
    assert "".join(line[INDENT:].replace(" ", "") for line in lines) == sentence.replace(" ", "")
    assert all(console.measure(line).maximum <= width for line in lines)


def test_piped_each_sentence_is_one_line_without_spaces_at_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    say_labelled(open_console(), "error", SENTENCE * 20)
    assert capsys.readouterr().out == f"  error       {SENTENCE * 20}\n"


def test_a_line_to_copy_is_never_broken() -> None:
    console, out = at_terminal(40)
    say(console, "Next: chekt-migrate " + "x" * 200)
    assert out.getvalue() == "Next: chekt-migrate " + "x" * 200 + "\n"


@pytest.mark.parametrize("text", ["\x1b[2J", "a\x07b", "\u202egnp", "[red]x[/red]", ":smile:", "a\rb"])
def test_text_is_shown_and_does_not_act(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    say(open_console(), text)
    say_labelled(open_console(), "error", text)
    told = capsys.readouterr().out
    assert told.isprintable() or set(told) - set(" \n") == {char for char in told if char.isprintable() and char != " "}
    assert not {"\x1b", "\x07", "\u202e", "\r"} & set(told)
    assert "[red]x[/red]" in told or text != "[red]x[/red]"
    assert ":smile:" in told or text != ":smile:"


@given(seconds=st.floats(1.0, 1e6))
def test_the_time_left_is_shown_no_rougher_than_a_twentieth(seconds: float) -> None:
    units = {"s": 1, "min": 60, "h": 3600}
    words = time_left(seconds).replace(",", "").split()
    shown = sum(float(number) * units[unit] for number, unit in zip(words[::2], words[1::2], strict=True))
    assert abs(shown - seconds) <= max(0.5, 0.05 * seconds)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.1, "1 s"), (59.4, "59 s"), (59.8, "1 min"), (62.4, "1 min"), (63, "1 min 5 s"), (597, "9 min 55 s")],
)
def test_a_short_time_left_is_shown_to_a_few_seconds(seconds: float, shown: str) -> None:
    assert time_left(seconds) == shown
