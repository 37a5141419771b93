"""Every code that the tool may write stands in the table with its cause and cure, and the table in the docs."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

from migrate.api.reply import FailureCode
from migrate.model.codes import CODES, SECTIONS
from migrate.planning.reading import _INCOMPLETE
from migrate.readers.delimited import Trouble

Golden = Callable[[Path, str], None]

ROOT = Path(__file__).resolve().parents[3]
INSIDE = {
    "asked": "a question to the mapping that becomes no finding",
    "unusable": "an answer that stops the run; the record stays pending",
    "untrusted": "a certificate that stops the run; nothing was sent",
}
"""Codes that no report shows → why."""

POSITIONS = {"Complaint": 1, "Doubt": 1, "_doubtful": 1, "Failure": 0, "error": 0, "warned": 1}
"""What takes a code without its name → at which place."""

HEAD = """# Codes

The `code` of a finding (`findings.csv`) or an outcome (`outcomes.csv`): what causes it, and what to do.
Several codes of one record are joined by `;`.
"""


def written() -> dict[str, str]:
    """Return code (a regular expression where it is put together) → where the tool writes it."""
    found = dict.fromkeys((*get_args(FailureCode), *get_args(Trouble), _INCOMPLETE[0], "no_answer"), "a constant")
    for path in sorted((ROOT / "migrate").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = constants(tree)
        for node in ast.walk(tree):
            for value in code_values(node):
                named = names.get(value.id, value) if isinstance(value, ast.Name) else value
                for code in as_pattern(named):
                    found.setdefault(code, f"{path.relative_to(ROOT).as_posix()}:{value.lineno}")
    return found


def constants(tree: ast.Module) -> dict[str, ast.expr]:
    """Return the names that a module gives to values at its top."""
    return {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }


def code_values(node: ast.AST) -> Iterator[ast.expr]:
    """Yield the expressions that say a code."""
    if isinstance(node, ast.Call):
        yield from (word.value for word in node.keywords if word.arg == "code")
        called = node.func.id if isinstance(node.func, ast.Name) else ""
        place = POSITIONS.get(called)
        if place is not None and len(node.args) > place:
            yield node.args[place]
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "code":
                yield value
    elif isinstance(node, ast.Assign) and any(
        isinstance(name, ast.Name) and name.id == "code" for name in node.targets
    ):
        yield node.value


def as_pattern(value: ast.expr) -> Iterator[str]:
    """Yield the codes that an expression may say, as far as it tells them."""
    match value:
        case ast.Constant(value=str(text)) if text:
            yield re.escape(text)
        case ast.JoinedStr(values=parts):
            yield "".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else "[a-z0-9]+" for p in parts)
        case ast.IfExp(body=body, orelse=orelse):
            yield from as_pattern(body)
            yield from as_pattern(orelse)
        case ast.BoolOp(values=values):
            for part in values:
                yield from as_pattern(part)
        case ast.Call(func=ast.Attribute(attr="lit"), args=[text, *_]):
            yield from as_pattern(text)


def test_every_code_that_is_written_has_its_cause_and_cure() -> None:
    unknown = {
        code: where
        for code, where in written().items()
        if code not in INSIDE and not any(re.fullmatch(code, known) for known in CODES)
    }
    assert not unknown


def test_every_code_of_the_table_is_written_somewhere() -> None:
    patterns = written()
    assert not {code for code in CODES if not any(re.fullmatch(pattern, code) for pattern in patterns)}


def test_no_code_stands_twice_or_says_nothing() -> None:
    listed = [code for codes in SECTIONS.values() for code in codes]
    assert len(listed) == len(CODES)
    assert all(code.cause and code.cure and re.fullmatch("[a-z0-9_]+", code.code) for code in listed)


def test_the_docs_have_the_table(assert_golden: Golden) -> None:
    lines = [HEAD]
    for section, codes in SECTIONS.items():
        lines += [f"\n## {section}\n\n", "| code | cause | what to do |\n", "|---|---|---|\n"]
        lines += [f"| `{code.code}` | {cell(code.cause)} | {cell(code.cure)} |\n" for code in codes]
    lines.append("\nAny other status of the API stands as `http_` and its number.\n")
    assert_golden(ROOT / "docs" / "codes.md", "".join(lines))


def test_the_page_about_damage_names_codes_that_there_are() -> None:
    page = (ROOT / "docs" / "damage.md").read_text(encoding="utf-8")
    rows = [line.rstrip("| ").rpartition("|")[2] for line in page.splitlines() if line.startswith("| ")]
    named = {code for row in rows for code in re.findall("`([a-z_]+)`", row)}
    assert len(named) > len(rows) / 2
    assert named <= CODES.keys()


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
