"""The limits that docs/files.md states are those that hold."""

from pathlib import Path

import pytest

from migrate.readers import limits, text_limits

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "files.md").read_text(encoding="utf-8")
ROWS = dict(line.strip("| ").split(" | ", 1) for line in PAGE.partition("## Limits")[2].splitlines() if " | " in line)
MIB, GIB = 1024**2, 1024**3


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("a file", f"{text_limits.MAX_FILE_BYTES // GIB} GiB"),
        ("a file", f"{limits.MAX_MARKUP_BYTES // MIB} MiB"),
        ("a file", f"{limits.MAX_XLS_BYTES // MIB} MiB"),
        ("a line of text", f"{text_limits.MAX_LINE_BYTES // MIB} MiB"),
        ("rows of a text file", f"{text_limits.MAX_TEXT_ROWS:,}"),
        ("rows of a text file", f"{text_limits.MAX_BATCHED_ROWS:,}"),
        ("columns of any table", f"{text_limits.MAX_TEXT_COLUMNS:,}"),
        ("columns of any table", f"{limits.MAX_COLUMNS:,}"),
        ("rows of a sheet", f"{limits.MAX_ROWS:,}"),
        ("cells that a text table spans, its rows filled up to the longest", f"{text_limits.MAX_TEXT_CELLS:,}"),
        ("cells that the sheets of a workbook span", f"{limits.MAX_CELLS:,}"),
        ("sheets", f"{limits.MAX_SHEETS:,}"),
        ("parts of a workbook's archive", f"{limits.MAX_PARTS:,}"),
        ("what an archive unpacks to", f"{limits.MAX_INFLATED_BYTES // GIB} GiB"),
        ("what an archive unpacks to", f"{limits.MAX_RATIO} times"),
        ("what an archive unpacks to", f"{limits.RATIO_COUNTS_FROM_BYTES // MIB} MiB"),
        ("a text in a workbook's XML", f"{limits.MAX_TEXT_BYTES // 1024} KiB"),
        ("cells that an ODS holds once and says to be repeated", f"{limits.MAX_REPEATED_CELLS:,}"),
        ("memory of the process that parses", f"{limits.memory_limit(0) // MIB} MiB"),
        ("memory of the process that parses", f"{limits.MEMORY_A_BYTE} bytes"),
        ("memory of the process that parses", f"{limits.memory_limit(4 * GIB) // MIB:,} MiB"),
        ("time of that process", f"{limits.time_limit_s(0)} s"),
        ("time of that process", f"{limits.BYTES_A_SECOND:,} bytes"),
    ],
)
def test_a_limit_that_is_stated_is_the_one_that_holds(what: str, said: str) -> None:
    assert said in ROWS[what]
