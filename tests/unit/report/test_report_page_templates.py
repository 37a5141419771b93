"""A template that is kept compiled makes the page that it would make anyway, and none that can't be kept is missed."""

import sys
from pathlib import Path

import pytest
from jinja2 import Environment, PackageLoader

from migrate.report.page_templates import open_templates


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Templates are kept under a folder of the test's own, as Python's modules would be."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates that are compiled from now on."""
    seen: list[str] = []
    meant = Environment.compile

    def compile_(self: Environment, *given: object, **named: object) -> object:
        seen.append(str(given[1]))
        return meant(self, *given, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Environment, "compile", compile_)
    return seen


def page() -> object:
    return open_templates(finalize=str).get_template("grid.html").root_render_func.__code__


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_template_is_compiled_once(compiled: list[str]) -> None:
    first = page()
    assert compiled == ["grid.html"]
    assert page() == first
    assert compiled == ["grid.html"]


@pytest.mark.parametrize("left", [0, 1, 20, 60, -1])
def test_one_that_is_damaged_is_compiled_again(kept: Path, compiled: list[str], left: int) -> None:
    first = page()
    (path,) = files(kept)
    path.write_bytes(path.read_bytes()[:left])
    assert page() == first
    assert len(compiled) == 2
    assert page() == first
    assert len(compiled) == 2


def test_one_of_another_source_is_compiled_again(
    kept: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = page()
    meant = PackageLoader.get_source
    monkeypatch.setattr(PackageLoader, "get_source", lambda *given: (f"changed{meant(*given)[0]}", *meant(*given)[1:]))
    assert page() != first
    assert len(compiled) == 2
    assert len(files(kept)) == 1


def test_a_folder_that_cannot_be_made_costs_no_page(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = kept / "file"
    taken.touch()
    monkeypatch.setattr(sys, "pycache_prefix", str(taken))
    assert page()
    assert files(kept) == [taken]


def test_where_python_keeps_no_modules_no_template_is_kept(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert page()
    assert files(kept) == []
