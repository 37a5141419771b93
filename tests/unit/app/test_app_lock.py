"""A dealer is held by one run at a time, and looking whether it is held keeps no run away."""

import threading
from pathlib import Path

import pytest
from filelock import FileLock

from migrate.app.lock import holding_dealer, is_held
from migrate.errors import Refused
from migrate.settings import Settings

SETTINGS = Settings(env_file=None, base_url="http://127.0.0.1:1", dealer_id="glance", access_token="t")


@pytest.fixture(autouse=True)
def locks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    return tmp_path


def lock_of(locks: Path) -> FileLock:
    """Return another one's handle on the lock of the dealer, which has been held before."""
    [path] = locks.rglob("*.lock")
    return FileLock(path, thread_local=False)


def test_a_run_that_begins_while_somebody_looks_at_the_lock_is_not_refused(locks: Path) -> None:
    with holding_dealer(SETTINGS, run_id="before"):
        pass
    looking = lock_of(locks)
    looking.acquire(timeout=0)
    threading.Timer(0.05, looking.release).start()
    with holding_dealer(SETTINGS, run_id="now"):
        assert is_held("now")


def test_a_dealer_that_is_held_is_refused_and_free_again_once_it_is_let_go() -> None:
    with holding_dealer(SETTINGS, run_id="first"):
        assert is_held("first")
        assert not is_held("second")
        with (
            pytest.raises(Refused, match=r"held by another run \(first, process"),
            holding_dealer(SETTINGS, run_id="second"),
        ):
            pass
    assert not is_held("first")
