"""What tests of all rooms share: golden files, written anew by one flag and read as a diff, and an empty sandbox."""

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

from migrate.sandbox.server import Sandbox

settings.register_profile("shared", deadline=None)  # machines are shared: how long an example takes says nothing
settings.load_profile("shared")

_numbers = count()

Golden = Callable[[Path, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-goldens", action="store_true", help="write the golden files anew; read the diff")


@pytest.fixture
def assert_golden(request: pytest.FixtureRequest) -> Golden:
    """Return what compares a text with the golden file at a path, or writes it there."""
    rewrite = bool(request.config.getoption("--rewrite-goldens"))

    def compare(path: Path, text: str) -> None:
        if rewrite:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        expected = path.read_text(encoding="utf-8")
        assert text == expected, f"{path} is not as it was; if that is right, run pytest with --rewrite-goldens"

    return compare


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A dealer that has nothing; a file whose tests need another has its own."""
    async with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture(autouse=True)
def remembers_nothing(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test learns of a server's limits is not known to the next, nor to the person who runs them."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / f"cache-{next(_numbers)}"))


@pytest.fixture(autouse=True)
def log_as_it_was() -> Iterator[None]:
    """A command that is called in this process says where log lines go; the next test is not to notice."""
    logger = logging.getLogger("migrate")
    before = logger.handlers[:], logger.propagate, logger.level
    yield
    logger.handlers[:], logger.propagate = before[:2]
    logger.setLevel(before[2])
