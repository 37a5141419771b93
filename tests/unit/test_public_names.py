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


@pytest.mark.parametrize("verb", ["check", "plan", "apply", "rehearse", "demo", "doctor", "sandbox"])
def test_no_verb_imports_what_signs_before_a_key_is_set(verb: str) -> None:
    script = f"import sys, migrate.cli.{verb}; print([name for name in ('jwt', 'cryptography') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"
