"""The library's names are those of the interface page, and cost nothing until they are used."""

import subprocess
import sys

import pytest

import migrate

HEAVY = ("polars", "aiohttp", "pydantic", "fastexcel", "rapidfuzz", "jinja2", "rich.table", "jwt", "cryptography")


def test_the_public_names_are_pinned() -> None:
    assert migrate.__all__ == [
        "ApiError",
        "Checked",
        "Mapping",
        "MigrateError",
        "Options",
        "PartnerClient",
        "Planned",
        "Run",
        "Settings",
        "__version__",
        "apply",
        "check",
        "plan",
        "read",
    ]
    assert migrate.__all__ == sorted(migrate.__all__)
    assert dir(migrate) == migrate.__all__


@pytest.mark.parametrize("name", migrate.__all__)
def test_a_public_name_can_be_had(name: str) -> None:
    assert getattr(migrate, name) is not None


def test_a_name_that_is_none_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'migrate_all'"):
        _ = migrate.migrate_all


@pytest.mark.parametrize(
    "statement",
    [
        "import migrate",
        "from migrate.cli.main import app; app(['--version'], standalone_mode=False)",
        "from migrate.cli.main import app; app(['--help'], standalone_mode=False)",
    ],
)
def test_what_needs_no_data_imports_nothing_heavy(statement: str) -> None:
    script = f"import sys; {statement}; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"


SIGNS = frozenset({"jwt", "cryptography"})
TALKS = frozenset({"aiohttp", "asyncio", "ssl", "pydantic_settings", "filelock", "uvloop"})
SHOWS = frozenset({"rich", "tqdm", "jinja2", "xlsxwriter"})
READS = frozenset({"fastexcel", "xlrd", "multiprocessing"})
NO_USE = {
    "check": SIGNS | TALKS | READS,
    "inspect": SIGNS | TALKS | READS | SHOWS,
    "plan apply resume retry rehearse demo": SIGNS | READS,
    "doctor": SIGNS | READS | {"polars", "rapidfuzz", "jinja2", "xlsxwriter"},
    "sandbox": SIGNS | READS | SHOWS | {"polars", "rapidfuzz", "pydantic_settings"},
    "template": SIGNS | TALKS | READS | {"rich", "jinja2", "pydantic", "rapidfuzz"},
    "mappings": SIGNS | TALKS | READS | SHOWS,
}
"""Verbs → libraries that it can do without: each takes its time whenever the tool starts."""


@pytest.mark.parametrize("verbs", NO_USE)
def test_a_verb_imports_no_library_that_it_has_no_use_for(verbs: str) -> None:
    modules = ", ".join(f"migrate.cli.{verb}" for verb in verbs.split())
    script = f"import sys, migrate.cli.main, {modules}; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert NO_USE[verbs] & set(done.stdout.split()) == set()
