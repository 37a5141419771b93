"""Text for people acts on no terminal, and a command that is shown can be pasted."""

import re
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.model.text import ACTING, escape_controls, shell_quoted

WORDS = st.text(alphabet=st.sampled_from("ab é漢'\"\\$`!x0\n\t\x1b\x9b\u202e\u2066\ufeff"), max_size=12)


@given(text=st.text())
def test_no_acting_character_is_left(text: str) -> None:
    assert not re.search(ACTING, escape_controls(text))
    assert not re.search(ACTING, shell_quoted(text))


@pytest.mark.parametrize("shell", ["bash", "zsh"])
@settings(max_examples=15)
@given(words=st.lists(WORDS.filter(lambda word: "\x9b" not in word), min_size=20, max_size=40))
def test_a_word_that_is_pasted_into_a_shell_is_the_word(shell: str, words: list[str]) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"no {shell} here")
    line = f"printf '%s\\0' {' '.join(shell_quoted(word, windows=False) for word in words)}"
    options = ["--norc"] if shell == "bash" else ["-f"]
    done = subprocess.run(
        [program, *options, "-c", line], capture_output=True, check=True, timeout=60, env={"LC_ALL": "C.UTF-8"}
    )
    assert done.stdout.decode().split("\0")[:-1] == words


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        (r"C:\data\a.csv", r"C:\data\a.csv"),
        (r"C:\my data\a.csv", r'"C:\my data\a.csv"'),
        ("C:\\my data\\", '"C:\\my data\\\\"'),
        ("it's & that.csv", '"it\'s & that.csv"'),
        ('say "hi"', r'"say \"hi\""'),
        ("FILE...", "FILE..."),
        ("고객.xlsx", "고객.xlsx"),
        ("", '""'),
        ("a\u202eb.csv", r"a\u202eb.csv"),
    ],
)
def test_a_word_for_windows_is_quoted_with_double_quotes(word: str, shown: str) -> None:
    assert shell_quoted(word, windows=True) == shown


@given(word=st.text(alphabet=" ab\\\"'&%^", max_size=8))
def test_a_word_for_windows_is_escaped_as_its_programs_read_it(word: str) -> None:
    shown = shell_quoted(word, windows=True)
    quoted = subprocess.list2cmdline([f" {word}"]).replace('" ', '"', 1)  # the space has it quoted
    assert shown in {word, quoted}
