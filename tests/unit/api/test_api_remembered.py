"""What is remembered of an API's limits: by host and app, for a month, by its owner only, without a secret, no harm."""

import json
import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from api_limits import BucketLimit, FixedLimit, Limit, Telling, drive
from api_virtual import dice, run, settings
from hypothesis import given
from hypothesis import strategies as st

from migrate.api.pace import Pace
from migrate.api.rate import Rate
from migrate.api.remembered import cache_folder, recall, remember

NOW: Final = datetime(2026, 11, 28, 12, tzinfo=UTC)


def rate(folder: Path, *, days: float = 0.0, **changes: str) -> float | None:
    kept = recall(settings(**changes), folder, now=NOW + timedelta(days=days))
    return None if kept is None else kept.per_minute


def test_a_rate_is_remembered_for_its_host_and_app_alone(tmp_path: Path) -> None:
    remember(settings(), tmp_path, per_minute=600.0, now=NOW)
    remember(settings(client_id="id-2"), tmp_path, per_minute=60.0, now=NOW)
    assert rate(tmp_path) == 600.0
    assert rate(tmp_path, client_id="id-2") == 60.0
    assert rate(tmp_path, client_id="id-3") is None
    assert rate(tmp_path, base_url="https://other.test") is None


def test_what_is_a_month_old_or_from_the_future_is_forgotten(tmp_path: Path) -> None:
    remember(settings(), tmp_path, per_minute=600.0, now=NOW)
    assert [rate(tmp_path, days=days) for days in (0, 29, 31, -1)] == [600.0, 600.0, None, None]


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_the_file_is_its_owner_s_and_holds_no_secret_nor_the_client_id(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "cache"
    remember(settings(client_id="an-id-to-look-for"), folder, per_minute=600.0, now=NOW)
    (path,) = folder.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    text = path.read_text()
    assert "canary-secret-77" not in text
    assert "an-id-to-look-for" not in text


def test_a_folder_that_can_not_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    remember(settings(), tmp_path / "file", per_minute=600.0, now=NOW)
    assert rate(tmp_path / "file") is None


@given(st.one_of(st.text(), st.recursive(st.none() | st.floats() | st.text(), st.lists).map(json.dumps)))
def test_whatever_the_file_holds_is_no_error(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp() / "any"
    folder.mkdir(exist_ok=True)
    (folder / "rates.json").write_text(text, encoding="utf-8", errors="replace")
    assert rate(folder) is None
    remember(settings(), folder, per_minute=60.0, now=NOW)
    assert rate(folder) == 60.0


@pytest.mark.parametrize("kept", [{}, None, 7, {"per_minute": "x"}, {"per_minute": -1, "learned_at": NOW.isoformat()}])
def test_an_entry_that_makes_no_sense_is_none(tmp_path: Path, kept: object) -> None:
    remember(settings(), tmp_path, per_minute=60.0, now=NOW)
    path = tmp_path / "rates.json"
    path.write_text(json.dumps(dict.fromkeys(json.loads(path.read_text()), kept)))
    assert rate(tmp_path) is None


def test_the_cache_folder_is_absolute_or_the_home_s(tmp_path: Path) -> None:
    assert cache_folder({"XDG_CACHE_HOME": str(tmp_path)}) == tmp_path / "chekt-migrate"
    relative = cache_folder({"XDG_CACHE_HOME": "here"})
    assert relative is not None
    assert relative.is_absolute()


def paced(remembered: float | None, *, given: Rate | None = None) -> Pace:
    return Pace(given, burst=5, rng=dice(1), remembered_per_minute=remembered)


@pytest.mark.parametrize(
    "make", [partial(BucketLimit, 10, 30), partial(FixedLimit, 600, 60.0)], ids=["bucket", "window"]
)
@pytest.mark.parametrize("remembered", [60.0, 3000.0, 100_000.0])
def test_a_wrong_memory_does_no_harm(make: Callable[[], Limit], remembered: float) -> None:
    limit = make()
    seen = run(drive(paced(remembered), limit, enough=lambda d: d.seconds >= 400, workers=8, telling=Telling()))
    assert seen.later_share(limit.per_s) >= 0.85
    assert seen.refused_share < 0.02


def test_a_right_memory_saves_the_search() -> None:
    def seconds(remembered: float | None) -> float:
        limit = BucketLimit(50, 200)
        return run(drive(paced(remembered), limit, enough=lambda d: d.passed >= 1000, workers=8)).seconds

    assert seconds(3000.0) < 21
    assert seconds(None) > 30


def test_a_given_rate_goes_before_what_is_remembered_and_is_not_learned() -> None:
    async def main() -> Pace:
        return paced(3000.0, given=Rate(60, 60.0))

    pace = run(main())
    assert pace.per_minute == pytest.approx(60, rel=0.02)
    assert pace.learned_per_minute is None
