"""An API that goes away in the middle: nothing fails for it, and the run goes on, or stops when patience ends (F17)."""

import asyncio
from pathlib import Path

from applying import apply_to
from client_sandbox import talker
from inventory import mapping, write_inventory

from migrate.app.check import check
from migrate.app.driving import Driving
from migrate.app.going_on import resume
from migrate.app.options import Options
from migrate.app.planned import plan
from migrate.app.rehearse import sandbox_settings
from migrate.app.runs import known_runs
from migrate.journal.journal import Journal
from migrate.pipeline.execute import Progress, execute
from migrate.pipeline.stop import Stop
from migrate.sandbox.faults import Faults
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox

SITES, DEVICES = 60, 40
PATIENT = Options(rate="1000/s", burst=100, concurrency=8, batch_size=20, timeout=2.0, settle=0.05, patience=60.0)
IMPATIENT = Options(rate="1000/s", burst=100, concurrency=8, batch_size=20, timeout=2.0, settle=0.05, patience=0.5)


async def test_thousands_of_rows_do_not_fail_because_the_api_is_down(tmp_path: Path) -> None:
    """F17: 2,461 rows, an outage after 40 requests that outlasts patience; then the run is resumed."""
    faults = Faults.parse(["any:503-before:*@40"])
    async with Sandbox(SandboxOptions(rate=None, faults=faults)) as sandbox:
        run = await apply_to(sandbox, tmp_path, options=IMPATIENT, sites=SITES, devices=DEVICES)
        assert run.exit_code == 4
        outcomes = set(run.report.outcomes["outcome"])
        assert outcomes <= {"created", "pending", "unknown"}
        assert run.counts["device"]["pending"] > 0.8 * SITES * DEVICES
        assert run.report.outcomes.height == 1 + SITES + SITES * DEVICES
        sandbox.play(Faults())
        again = await resume(known_runs(tmp_path / "reports")[0], sandbox_settings(sandbox), driving=Driving())
        assert again.exit_code == 0
        devices = [item["external_device_id"] for item in sandbox.state()["devices"]]
        assert len(devices) == len(set(devices)) == SITES * DEVICES
        assert len(sandbox.state()["sites"]) == SITES


async def test_a_port_that_closes_and_opens_again_is_waited_for(tmp_path: Path) -> None:
    """F3, F17: the server is gone, and comes back on its port once the run has noticed."""
    options = SandboxOptions(rate=None, store=tmp_path / "dealer.sqlite")
    files = write_inventory(tmp_path, sites=20, devices=10)
    journal = Journal.create(tmp_path)
    noticed, settled = asyncio.Event(), asyncio.Event()
    seen = 0

    def count(number: int) -> None:
        nonlocal seen
        seen += number
        if seen > 60:
            settled.set()

    def wait(_: str) -> None:
        noticed.set()

    async with Sandbox(options) as first:
        port = int(first.url.rpartition(":")[2])
        async with talker(first, options=PATIENT) as client:
            planned = await plan(check(files, mapping()), client, options=PATIENT)
            stop = Stop()
            running = asyncio.create_task(
                execute(
                    planned.plan.records,
                    remote=client,
                    journal=journal,
                    options=PATIENT.pipeline(),
                    stop=stop,
                    progress=Progress(count, wait),
                )
            )
            await settled.wait()
            await first.__aexit__(None, None, None)
            await noticed.wait()
            async with Sandbox(SandboxOptions(rate=None, store=options.store, port=port)) as second:
                await running
                devices = [item["external_device_id"] for item in second.state()["devices"]]
    outcomes = journal.results()["outcome"].to_list()
    journal.close()
    assert stop.error is None
    assert set(outcomes) == {"created"}
    assert len(outcomes) == 221
    assert len(devices) == len(set(devices)) == 200
