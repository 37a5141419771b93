"""Files are whole or not there, their owner's alone, and never written through a link."""

import errno
import stat
from pathlib import Path
from typing import BinaryIO

import pytest

from migrate.errors import Stopped
from migrate.report.files import write_whole


def _full(handle: BinaryIO) -> None:
    handle.write(b"half")
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = write_whole(tmp_path / "a.csv", lambda handle: handle.write(b"x"), durable=True)

    assert path == tmp_path / "a.csv"
    assert path.read_bytes() == b"x"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_write_that_fails_leaves_the_file_before_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "run-1" / "a.csv"
    path.parent.mkdir()
    path.write_text("before")

    with pytest.raises(Stopped, match=r"No space left on device\n.*chekt-migrate report run-1") as caught:
        write_whole(path, _full)

    assert caught.value.exit_code == 4
    assert path.read_text() == "before"
    assert list(path.parent.iterdir()) == [path]


def test_what_a_killed_run_left_behind_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / ".a.csv.part").write_text("half")

    write_whole(tmp_path / "a.csv", lambda handle: handle.write(b"x"))

    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_link_is_replaced_and_what_it_points_to_is_not_touched(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    for name in ("a.csv", ".a.csv.part"):
        (tmp_path / name).symlink_to(victim)

    write_whole(tmp_path / "a.csv", lambda handle: handle.write(b"x"))

    assert victim.read_text() == "mine"
    assert not (tmp_path / "a.csv").is_symlink()


def test_a_file_that_is_open_in_excel_gets_a_new_numbered_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = Path.replace

    def locked(self: Path, target: Path) -> Path:
        if target.name == "a.xlsx":
            raise PermissionError(errno.EACCES, "in use")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", locked)
    for name in ("a.xlsx", "a-2.xlsx"):
        (tmp_path / name).write_text("before")

    path = write_whole(tmp_path / "a.xlsx", lambda handle: handle.write(b"x"))

    assert path == tmp_path / "a-3.xlsx"
    assert path.read_bytes() == b"x"
    assert (tmp_path / "a.xlsx").read_text() == "before"


def test_a_folder_that_refuses_writing_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)

    with pytest.raises(Stopped, match="Permission denied"):
        write_whole(tmp_path / "a.csv", lambda handle: handle.write(b"x"))


def test_a_folder_in_the_place_of_a_file_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()

    with pytest.raises(Stopped, match="csv can't be written"):
        write_whole(tmp_path / "a.csv", lambda handle: handle.write(b"x"))
