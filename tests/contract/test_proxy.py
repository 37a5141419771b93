"""A network that delays, slices, cuts and resets, for real: each record exists once, and the report says what is true.

A sweep cuts each of many creates at another byte; `WHOLE_SWEEP=1` in the environment takes every byte, else some do.
"""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from client_sandbox import settings
from inventory import mapping, write_inventory
from proxy import Kind, Proxy, Trouble, Way, through_proxy
from test_faults import assert_each_exists_once, assert_told_as_it_is

from migrate.app.driving import Driving
from migrate.app.finish import Run
from migrate.app.fresh import apply_files
from migrate.app.options import Options
from migrate.sandbox.faults import Faults
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox

OPTIONS = Options(rate="1000/s", burst=100, concurrency=4, batch_size=3, timeout=5.0, settle=0.1, patience=10.0)
HASTY = Options(rate="1000/s", burst=100, concurrency=4, batch_size=3, timeout=0.4, settle=1.0, patience=10.0)
SITE, DEVICES = rb"^POST \S+/sites ", rb"^POST \S+/devices "
READS = 4
"""What a run reads whom nothing went wrong: lists before it sends, and the sites after."""
WHOLE = bool(os.environ.get("WHOLE_SWEEP"))
AT_ONCE = 40
"""So many offsets are swept by one run: each cuts another create."""


async def run_through(
    folder: Path, sandbox: Sandbox, proxy: Proxy, *, options: Options = OPTIONS, sites: int = 3, devices: int = 4
) -> Run:
    """Apply an inventory through the proxy; nothing of it goes on after the end."""
    files = write_inventory(folder, sites=sites, devices=devices)
    before = asyncio.all_tasks()
    run = await apply_files(
        files,
        mapping(),
        settings(sandbox, base_url=proxy.url),
        out=folder / "reports",
        options=options,
        driving=Driving(),
    )
    left = {task for task in asyncio.all_tasks() - before if "migrate" in repr(task.get_coro()) and not task.done()}
    assert not left
    return run


@dataclass(frozen=True)
class Case:
    """A trouble with the options that make it felt, and what the sandbox does meanwhile."""

    kind: Kind
    way: Way
    numbers: Sequence[float]
    options: Options = OPTIONS
    faults: tuple[str, ...] = ()
    doubt: bool = True
    """Whether something has to be read back."""


CASES = {
    "late up": Case("latency", "up", [0.02] * 6, doubt=False),
    "late down": Case("latency", "down", [0.02] * 6, doubt=False),
    "F9 later up than the time-out": Case("latency", "up", [0, 0.7, 0, 0.7], HASTY),
    "F8 later down than the time-out": Case("latency", "down", [0, 0.7, 0, 0.7], HASTY),
    "narrow up": Case("bandwidth", "up", [50_000] * 20, doubt=False),
    "narrow down": Case("bandwidth", "down", [50_000] * 20, doubt=False),
    "F12 too narrow up": Case("bandwidth", "up", [1_000, 1_000], HASTY),
    "F12 too narrow down": Case("bandwidth", "down", [200, 200], HASTY),
    "sliced up": Case("slicer", "up", [1] * 20, doubt=False),
    "sliced down": Case("slicer", "down", [1] * 20, doubt=False),
    "closed slowly up": Case("slow_close", "up", [0.3, 0.3], faults=("sites.create:truncated:1@1",)),
    "F14 closed slowly down": Case("slow_close", "down", [5] * 20, HASTY, faults=("devices.create:truncated:2",)),
    "F16 never heard of up": Case("timeout", "up", [0, 0], HASTY),
    "F16 never heard of down": Case("timeout", "down", [0, 0], HASTY),
    "F5 F6 F11 reset up": Case("reset_peer", "up", [0] * 3),
    "F7 reset down": Case("reset_peer", "down", [0] * 3),
    "F5 cut up": Case("limit_data", "up", [0, 100, 600]),
    "F14 cut down": Case("limit_data", "down", [0, 100, 600]),
    "F3 F17 away as it is asked": Case("down", "up", [0.3]),
    "F3 F17 away as it answers": Case("down", "down", [0.3]),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_trouble_on_the_way_leaves_each_record_once(tmp_path: Path, case: Case) -> None:
    trouble = Trouble(case.kind, case.way, case.numbers)
    async with (
        Sandbox(SandboxOptions(faults=Faults.parse(case.faults), unique_zones=False)) as sandbox,
        through_proxy(sandbox.url, trouble) as proxy,
    ):
        run = await run_through(tmp_path, sandbox, proxy, options=case.options)
        assert 0 < proxy.suffered <= len(case.numbers)
        assert_each_exists_once(sandbox)
        assert_told_as_it_is(run, sandbox)
        assert run.exit_code == 0
        assert case.doubt is (sandbox.history.methods["GET"] > READS)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["up", "down"])
@pytest.mark.parametrize("request_line", [SITE, DEVICES], ids=["site", "devices"])
async def test_f14_a_create_that_is_cut_at_any_byte_leaves_each_record_once(
    tmp_path: Path, way: Way, request_line: bytes
) -> None:
    """F5 on the way there, F14 on the way back; the length of a clean request or answer is the end of the sweep."""
    length = await _longest(tmp_path, way, request_line)
    offsets = range(0, length + 1, 1 if WHOLE else -(-length // AT_ONCE))
    for number, start in enumerate(range(0, len(offsets), AT_ONCE)):
        folder = tmp_path / str(number)
        folder.mkdir()
        cuts = offsets[start : start + AT_ONCE]
        async with (
            Sandbox(SandboxOptions(unique_zones=False)) as sandbox,
            through_proxy(sandbox.url, Trouble("limit_data", way, cuts, request_line)) as proxy,
        ):
            run = await run_through(folder, sandbox, proxy, sites=len(cuts), devices=2)
            assert proxy.suffered == len(cuts)
            assert_each_exists_once(sandbox, sites=len(cuts), devices=2)
            assert_told_as_it_is(run, sandbox, records=1 + 3 * len(cuts))
            assert run.exit_code == 0


async def _longest(folder: Path, way: Way, request_line: bytes) -> int:
    """Return the bytes of the longest such request, or its answer, that nothing cuts."""
    async with (
        Sandbox(SandboxOptions()) as sandbox,
        through_proxy(sandbox.url, Trouble("slicer", way, [2**16] * 3, request_line)) as proxy,
    ):
        await run_through(folder, sandbox, proxy, devices=2)
        method, _, end = request_line.lstrip(b"^").partition(b" \\S+")
        lengths = [
            one.up if way == "up" else one.down
            for one in proxy.carried
            if one.line.startswith(method) and one.line.split()[1].endswith(end.strip())
        ]
    assert len(lengths) == 3
    return max(lengths)
