"""Workbooks are read in a process of their own: what ends it is an error on that file alone."""

import json
import os
import sys
from pathlib import Path

import polars as pl
import pytest
from workbook_packages import WORKBOOKS, hidden_rows, package, xlsx

from migrate.errors import InputError
from migrate.readers import workbook, workbook_process
from migrate.readers.limits import Unreadable, memory_limit
from migrate.readers.workbook import read_workbook

FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def answered(path: Path, kind: str, folder: Path) -> dict[str, object]:
    folder.mkdir()
    workbook_process.answer(path, kind, folder)
    told: dict[str, object] = json.loads((folder / "answer.json").read_text())
    return told


def test_a_workbook_comes_back_from_its_process_as_it_was_read(tmp_path: Path) -> None:
    rows = '<row r="2" hidden="1"><c r="B2" s="1"><v>7</v></c></row>'
    (grid,) = read_workbook(xlsx(tmp_path, rows, formats=["000"]), kind="xlsx")
    assert (grid.sheet, grid.first_row, grid.hidden, hidden_rows(grid)) == ("Sites", 1, False, (2,))
    assert grid.frame.rows() == [(None, None), (None, "007")]
    assert grid.notes["code"].to_list() == ["zeros_by_format", "hidden_row"]


def test_a_refusal_names_the_file_the_reason_and_what_to_do(tmp_path: Path) -> None:
    path = xlsx(tmp_path, FAR)
    with pytest.raises(InputError, match="'Sites' reaches to XFD1048576") as caught:
        read_workbook(path, kind="xlsx")
    assert str(caught.value).startswith(f"{path}: sheet")
    assert "\n" not in str(caught.value)


def test_an_empty_sheet_comes_back_empty(tmp_path: Path) -> None:
    (grid,) = read_workbook(xlsx(tmp_path, ""), kind="xlsx")
    assert grid.frame.shape == (0, 0)
    assert grid.notes.height == 0


@pytest.mark.skipif(sys.platform == "win32", reason="a signal is what ends the process here")
def test_a_reader_that_aborts_is_an_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "aborting.py").write_text("import os\nos.abort()\n")
    monkeypatch.setattr(workbook, "_PROCESS", "aborting")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(
        InputError, match=r"damaged, or there is too little memory for it \(a file of its size may take 160 MiB\)"
    ):
        read_workbook(xlsx(tmp_path, ""), kind="xlsx")


def test_a_reader_that_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hanging.py").write_text("import threading\nthreading.Event().wait()\n")
    monkeypatch.setattr(workbook, "_PROCESS", "hanging")
    monkeypatch.setattr(workbook, "time_limit_s", lambda _: 1)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(InputError, match="more than 1 s"):
        read_workbook(xlsx(tmp_path, ""), kind="xlsx")


def test_a_reader_that_eats_memory_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "eating.py").write_text("import threading\nheld = b'x' * 60_000_000\nthreading.Event().wait()\n")
    monkeypatch.setattr(workbook, "_PROCESS", "eating")
    monkeypatch.setattr(workbook, "memory_limit", lambda _: 50_000_000)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(
        InputError, match=r"took too much memory and was stopped \(a file of its size may take 47 MiB\); open"
    ):
        read_workbook(xlsx(tmp_path, ""), kind="xlsx")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of memory hold on Linux alone")
def test_a_process_that_meets_its_own_limit_of_memory_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hungry.py").write_text(
        "from migrate.readers import workbook_process as w\nimport polars as pl, os\nw.limit_resources(0)\n"
        "try:\n    pl.repeat('text', 10**9, eager=True).is_in(['a']).sum()\nfinally:\n    os._exit(0)\n"
    )
    monkeypatch.setattr(workbook, "_PROCESS", "hungry")
    monkeypatch.setattr(workbook, "memory_limit", lambda _: 12 * 1024**3)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(InputError, match=r"too little memory for it \(a file of its size may take 12,288 MiB\)"):
        read_workbook(xlsx(tmp_path, ""), kind="xlsx")


def test_credentials_do_not_reach_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        "import json, os, sys, pathlib",
        "told = {'refused': ' '.join([*os.environ, *os.environ.values(), *sys.argv])}",
    ]
    lines.append("pathlib.Path(sys.argv[3], 'answer.json').write_text(json.dumps(told))")
    (tmp_path / "telling.py").write_text("\n".join(lines))
    monkeypatch.setattr(workbook, "_PROCESS", "telling")
    monkeypatch.setenv("CHEKT_CLIENT_SECRET", "canary-1")
    monkeypatch.setenv("SEEN", "not-secret")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(InputError, match="not-secret") as caught:
        read_workbook(xlsx(tmp_path, ""), kind="xlsx")
    assert "canary" not in str(caught.value)
    assert "CHEKT" not in str(caught.value)


def test_a_module_beside_the_customers_file_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fastexcel.py").write_text("raise SystemExit(3)\n")
    monkeypatch.setattr(sys, "path", [entry or os.getcwd() for entry in sys.path])  # noqa: PTH109 - as the import system
    monkeypatch.chdir(tmp_path)
    (grid,) = read_workbook(xlsx(tmp_path, '<row r="1"><c r="A1"><v>1</v></c></row>'), kind="xlsx")
    assert grid.frame.rows() == [("1",)]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_an_encrypted_workbook_is_refused_whatever_its_kind(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"))
    assert "password" in str(answered(path, kind, tmp_path / "out")["refused"])


def test_the_answer_holds_each_sheet_as_arrow_files(tmp_path: Path) -> None:
    told = answered(WORKBOOKS / "sheet_visibility.xlsb", "xlsb", tmp_path / "out")
    assert told["sheets"] == [
        {"sheet": name, "first_row": 1, "hidden": name != "Visible"} for name in ["Visible", "Hidden", "VeryHidden"]
    ]
    assert pl.read_ipc((tmp_path / "out" / "2.frame").read_bytes()).width == 10


def test_running_out_of_memory_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def hungry(_: Path, __: str, *, encoding: str | None) -> None:
        raise MemoryError

    monkeypatch.setattr(workbook_process, "sheets", hungry)
    assert "more memory" in str(answered(package(tmp_path / "a.xlsx", {}), "xlsx", tmp_path / "out")["refused"])


def test_a_refused_workbook_is_told_with_its_reason(tmp_path: Path) -> None:
    assert "reaches to XFD1048576" in str(answered(xlsx(tmp_path, FAR), "xlsx", tmp_path / "out")["refused"])
    assert issubclass(Unreadable, Exception)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no process this way")
def test_limits_stay_below_those_that_are_set_already(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    asked: dict[int, tuple[int, int]] = {}
    hard = {resource.RLIMIT_DATA: resource.RLIM_INFINITY, resource.RLIMIT_CPU: 20}
    monkeypatch.setattr(resource, "getrlimit", lambda what: (0, hard[what]))
    monkeypatch.setattr(resource, "setrlimit", asked.__setitem__)
    monkeypatch.setattr(workbook_process, "resident_bytes", lambda _: 60 * 1024**2)
    workbook_process.limit_resources(10 * 1024**2)
    soft, kept = asked[resource.RLIMIT_DATA]
    assert memory_limit(10 * 1024**2) < soft < 3 * memory_limit(10 * 1024**2)
    assert (kept, asked[resource.RLIMIT_CPU]) == (resource.RLIM_INFINITY, (20, 20))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no process this way")
def test_a_platform_that_refuses_a_limit_reads_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    asked: list[int] = []

    def refuse(what: int, _: tuple[int, int]) -> None:
        asked.append(what)
        raise ValueError

    monkeypatch.setattr(resource, "setrlimit", refuse)
    workbook_process.limit_resources(0)
    assert asked == [resource.RLIMIT_DATA, resource.RLIMIT_CPU]
