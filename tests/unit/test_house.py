"""What the house asks of every file: not too long, its reason in its first line, functions that fit on a screen."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("migrate", "tests", "tools", "benchmarks")
LINES_MAX, FUNCTION_MAX = 350, 50
NAMELESS = {"utils", "helpers", "common", "manager", "base"}
FILES = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]


@pytest.fixture(scope="module")
def modules() -> dict[str, ast.Module]:
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in FILES}


def functions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_no_file_is_longer_than_can_be_taken_in() -> None:
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert not {name: length for name, length in lengths.items() if length > LINES_MAX}


def test_no_function_is_longer_than_a_screen(modules: dict[str, ast.Module]) -> None:
    long = {
        f"{name}:{function.lineno} {function.name}": length
        for name, module in modules.items()
        for function in functions(module)
        if (length := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION_MAX
    }
    assert not long


def test_every_file_says_its_reason_in_its_first_line(modules: dict[str, ast.Module]) -> None:
    silent = [name for name, module in modules.items() if module.body and not ast.get_docstring(module)]
    assert not silent


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert not [path for path in FILES if path.stem in NAMELESS]
