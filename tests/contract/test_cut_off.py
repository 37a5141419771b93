"""A run that is left in the middle of a request goes on: what was under way is looked for, not made again."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from test_faults import OPTIONS, assert_each_exists_once, assert_told_as_it_is, run_apply

from migrate.app.driving import Driving
from migrate.app.going_on import resume
from migrate.app.rehearse import sandbox_settings
from migrate.app.runs import known_runs
from migrate.sandbox.faults import Faults
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox

UNDER_WAY_S = 0.2
PATIENT = replace(OPTIONS, settle=1.0)


@pytest.mark.parametrize("target", ["stations.create", "sites.create", "devices.create"])
async def test_f55_a_run_that_is_left_while_a_create_is_under_way_does_not_make_it_again(
    tmp_path: Path, target: str
) -> None:
    faults = Faults.parse([f"{target}:delay:{UNDER_WAY_S}:1"])
    async with Sandbox(SandboxOptions(faults=faults, unique_zones=False)) as sandbox:
        left = asyncio.ensure_future(run_apply(tmp_path, sandbox, options=PATIENT))
        await _until(lambda: bool(sandbox.history.of(target)))
        left.cancel()
        with suppress(asyncio.CancelledError):
            await left
        [known] = known_runs(tmp_path / "reports")
        run = await resume(known, sandbox_settings(sandbox), driving=Driving())
        assert_each_exists_once(sandbox)
        assert_told_as_it_is(run, sandbox)
        assert run.exit_code == 0


async def _until(condition: Callable[[], bool]) -> None:
    for _ in range(1_000_000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came")
