"""Hostile files are refused with the limit that they break, and hide nothing of the files beside them.

`benchmarks/hostile.py` runs each before the command itself and tells the time and the memory that it takes.
"""

from pathlib import Path

import pytest
from hostile_files import Hostile, hostile_files
from typer.testing import CliRunner

from migrate.cli.main import app
from migrate.errors import InputError
from migrate.readers import read as reading
from migrate.readers import workbook_process
from migrate.readers.grid import Grid
from migrate.readers.limits import Unreadable
from migrate.readers.read import read
from migrate.readers.showing import to_grid

IN_A_PROCESS = {"texts-shared-100000-times.xlsx"}
"""What nothing but the limit on the process stops."""
READ = [hostile for hostile in hostile_files() if not hostile.says]
SMALL = [
    hostile for hostile in hostile_files() if hostile.says and not hostile.is_large and hostile.name not in IN_A_PROCESS
]


def parsed_here(path: Path, *, kind: str, encoding: str | None) -> list[Grid]:
    """Read a workbook as `read_workbook` does, in this process."""
    try:
        return [to_grid(sheet) for sheet in workbook_process.sheets(path, kind, encoding=encoding)]
    except Unreadable as error:
        raise InputError(f"{path}: {error}") from error


@pytest.mark.parametrize("hostile", SMALL, ids=lambda hostile: f"{hostile.fault}-{hostile.name}")
def test_a_hostile_file_is_refused_with_the_limit_that_it_breaks(
    hostile: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "read_workbook", parsed_here)
    path = hostile.write(tmp_path)
    with pytest.raises(InputError) as caught:
        read(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert hostile.says in message
    assert "\n" not in message


@pytest.mark.parametrize("hostile", READ, ids=lambda hostile: f"{hostile.fault}-{hostile.name}")
def test_a_file_that_is_made_to_take_long_is_read_to_its_end(
    hostile: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "read_workbook", parsed_here)
    (table,) = read(hostile.write(tmp_path))
    assert len(table.columns) == (1 if hostile.name.endswith(".html") else 2)


def test_refused_files_are_told_at_once_and_the_others_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    chosen = [hostile for hostile in hostile_files() if hostile.name in {*IN_A_PROCESS, "far-cell.xlsx", "half.xlsx"}]
    for hostile in chosen:
        hostile.write(tmp_path)
    Path("good.csv").write_text("Site,Zone\n1,2\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["inspect", *(hostile.name for hostile in chosen), "good.csv"])
    assert done.exit_code == 2
    assert done.stdout.startswith("good.csv\n")
    lines = done.stderr.removeprefix("error: ").splitlines()
    assert len(lines) == len(chosen) + 1
    for hostile, line in zip(chosen, lines, strict=False):
        assert line.startswith(f"{hostile.name}: ")
        assert hostile.says in line
