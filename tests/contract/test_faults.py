"""Whatever goes wrong on the way, each record exists exactly once at the dealer, and the report says what is true.

The sandbox accepts repeated external ids, and where it matters repeated zones, so a second create would show.
"""

import asyncio
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from inventory import mapping, write_inventory

from migrate.app.driving import Driving
from migrate.app.finish import Run
from migrate.app.fresh import apply_files
from migrate.app.going_on import resume
from migrate.app.lock import holding_dealer
from migrate.app.options import Options
from migrate.app.rehearse import sandbox_settings
from migrate.app.retry import retry
from migrate.app.runs import known_runs
from migrate.sandbox.faults import Faults
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox

OPTIONS = Options(rate="1000/s", burst=100, concurrency=4, batch_size=3, timeout=2.0, settle=0.2, patience=10.0)

LOSSES = (
    "reset-before-commit",
    "reset-after-commit",
    "500-before",
    "500-after",
    "503-before",
    "502-after",
    "504-after",
    "408-after",
    "429-before",
    "truncated",
    "html-before",
    "html-after",
    "empty",
    "409-before",
    "409-after",
    "422-after",
    "401-before",
)


async def run_apply(folder: Path, sandbox: Sandbox, *, options: Options = OPTIONS, active: str = "") -> Run:
    files = write_inventory(folder, active=active)
    return await apply_files(
        files, mapping(), sandbox_settings(sandbox), out=folder / "reports", options=options, driving=Driving()
    )


def assert_each_exists_once(sandbox: Sandbox, *, sites: int = 3, devices: int = 4) -> None:
    state = sandbox.state()
    for kind, id_field, number in (
        ("stations", "external_monitoring_station_id", 1),
        ("sites", "external_site_id", sites),
        ("devices", "external_device_id", sites * devices),
    ):
        counts = Counter(item[id_field] for item in state[kind])
        assert len(counts) == number, kind
        assert set(counts.values()) == {1}, kind


def assert_told_as_it_is(run: Run, sandbox: Sandbox, *, records: int = 16) -> None:
    """Created or unchanged if and only if it is there, under the number that it has there; one outcome per record."""
    state = sandbox.state()
    there = {
        (kind, item[f"external_{id_field}"], str(item[id_field]))
        for kind, id_field in (("station", "monitoring_station_id"), ("site", "site_id"), ("device", "device_id"))
        for item in state[f"{kind}s"]
    }
    outcomes = run.report.outcomes
    said = outcomes.filter(pl.col("outcome").is_in(["created", "unchanged"])).select(
        "record", "external_id", pl.col("remote_id").cast(pl.String)
    )
    assert set(said.rows()) == there
    assert outcomes.height == records


async def assert_second_run_sends_nothing(folder: Path, sandbox: Sandbox) -> None:
    before = sandbox.history.methods.copy()
    again = await run_apply(folder, sandbox)
    sent = sandbox.history.methods - before
    assert set(sent) == {"GET"}
    assert set(again.report.outcomes["outcome"]) == {"unchanged"}
    assert again.exit_code == 0


@pytest.mark.parametrize(
    ("target", "fault"),
    [
        *(("stations.create", fault) for fault in ("reset-before-commit", "reset-after-commit", "503-after")),
        *((target, fault) for target in ("sites.create", "devices.create") for fault in LOSSES),
    ],
)
async def test_a_fault_leaves_each_record_once(tmp_path: Path, target: str, fault: str) -> None:
    async with Sandbox(SandboxOptions(faults=Faults.parse([f"{target}:{fault}:1@0"]), unique_zones=False)) as sandbox:
        run = await run_apply(tmp_path, sandbox)
        assert_told_as_it_is(run, sandbox)
        if fault != "409-before":  # a conflict over something that isn't there is the API's final no
            assert_each_exists_once(sandbox)
            assert run.exit_code == 0
        else:
            await _again_until_in(tmp_path, sandbox)
        await assert_second_run_sends_nothing(tmp_path, sandbox)


async def _again_until_in(folder: Path, sandbox: Sandbox) -> None:
    again = await run_apply(folder, sandbox)
    assert again.exit_code == 0
    assert_each_exists_once(sandbox)


@pytest.mark.parametrize(
    "fault",
    [
        "devices.create:reset-after-commit:3",
        "devices.create:partial-commit:1:2",
        "devices.create:shuffle:*",
        "devices.create:drop-results:2",
        "devices.create:extra-result:*",
        "devices.create:twice:2",
        "devices.create:wrong-counts:*",
        "devices.create:no-echo:*",
        "sites.create:reset-after-commit:3",
        "sites.create:delay-commit-after:0.1:2",
        "devices.create:delay-commit-after:0.1:2",
        "any.list:lag:0.05:*",
        "any:503-before:4@3",
        "any:html-before:2@5",
        "any:429-before:retry-after=0:3@4",
        "arming.update:503-after:2",
        "arming.update:reset-after-commit:2",
    ],
)
async def test_a_spell_of_faults_leaves_each_record_once(tmp_path: Path, fault: str) -> None:
    async with Sandbox(SandboxOptions(faults=Faults.parse([fault]), unique_zones=False)) as sandbox:
        run = await run_apply(tmp_path, sandbox)
        assert_each_exists_once(sandbox)
        assert_told_as_it_is(run, sandbox)
        assert run.exit_code == 0
        sandbox.play(Faults())
        await assert_second_run_sends_nothing(tmp_path, sandbox)


async def test_an_answer_that_is_slower_than_the_time_out_makes_no_second_record(tmp_path: Path) -> None:
    faults = Faults.parse(["sites.create:delay:0.6:1", "devices.create:delay:0.6:1"])
    options = Options(rate="1000/s", burst=100, timeout=0.3, settle=0.6, batch_size=3)
    async with Sandbox(SandboxOptions(faults=faults, unique_zones=False)) as sandbox:
        run = await run_apply(tmp_path, sandbox, options=options)
        assert_each_exists_once(sandbox)
        assert_told_as_it_is(run, sandbox)


async def test_one_bad_device_does_not_take_its_batch_along(tmp_path: Path) -> None:
    faults = Faults.parse(["devices.create/S-002-2:poison:*"])
    async with Sandbox(SandboxOptions(faults=faults)) as sandbox:
        run = await run_apply(tmp_path, sandbox)
        failed = run.report.outcomes.filter(pl.col("outcome") == "failed")
        assert failed.select("external_id", "code").rows() == [("S-002-2", "http_400")]
        assert len(sandbox.state()["devices"]) == 11
        assert run.exit_code == 1


async def test_a_batch_that_is_too_large_is_halved_for_good(tmp_path: Path) -> None:
    options = Options(rate="1000/s", burst=100, batch_size=50, concurrency=1)
    async with Sandbox(SandboxOptions(max_batch=2)) as sandbox:
        run = await run_apply(tmp_path, sandbox, options=options)
        assert_each_exists_once(sandbox)
        sizes = [len(request.body) for request in sandbox.history.of("devices.create")]
        assert sizes[0] == 4
        assert max(sizes[1:]) <= 2
        assert run.exit_code == 0


async def test_a_site_that_is_refused_blocks_its_devices_and_no_others(tmp_path: Path) -> None:
    faults = Faults.parse(["sites.create/S-002:400-before:*"])
    async with Sandbox(SandboxOptions(faults=faults)) as sandbox:
        run = await run_apply(tmp_path, sandbox)
        assert run.counts["site"] == {"failed": 1, "created": 2}
        assert run.counts["device"] == {"blocked": 4, "created": 8}
        assert run.exit_code == 1


async def test_a_403_under_one_site_is_that_sites_failure(tmp_path: Path) -> None:
    faults = Faults.parse(["devices.create/S-001:403-before:*"])
    async with Sandbox(SandboxOptions(faults=faults)) as sandbox:
        run = await run_apply(tmp_path, sandbox)
        assert run.counts["device"] == {"failed": 4, "created": 8}
        assert set(run.report.outcomes.filter(pl.col("outcome") == "failed")["code"]) == {"http_403"}


async def test_a_403_under_every_site_stops_the_run(tmp_path: Path) -> None:
    faults = Faults.parse(["arming.update:403-before:*", "devices.create:403-before:*"])
    async with Sandbox(SandboxOptions(faults=faults)) as sandbox:
        run = await run_apply(tmp_path, sandbox)
        assert run.counts["device"].get("created") is None
        assert run.exit_code == 3


async def test_existing_records_with_the_same_id_twice_are_told_and_never_picked(tmp_path: Path) -> None:
    async with Sandbox(SandboxOptions()) as sandbox:
        await run_apply(tmp_path, sandbox)
        await _create_site_again(sandbox, "S-001")
        run = await run_apply(tmp_path, sandbox)
        told = run.report.outcomes.filter((pl.col("record") == "site") & (pl.col("outcome") == "invalid"))
        assert told.select("external_id", "code").rows() == [("S-001", "twice_at_dealer")]
        assert len(sandbox.state()["sites"]) == 4


async def _create_site_again(sandbox: Sandbox, identity: str) -> None:
    from migrate.api.client import PartnerClient

    async with PartnerClient(sandbox_settings(sandbox)) as client:
        await client.create_site({"external_site_id": identity, "name": "Again", "timezone": "UTC"})


@pytest.mark.parametrize(("target", "identity"), [("stations", "CS-1"), ("sites", "S-001")])
async def test_a_lost_create_that_commits_after_the_settle_time_is_found_by_the_last_look(
    tmp_path: Path, target: str, identity: str
) -> None:
    """F10: the documented limit; it is told, never passed over."""
    faults = Faults.parse([f"{target}.create/{identity}:delay-commit-after:0.4:1", "devices.create:delay:0.5:1"])
    options = Options(rate="1000/s", burst=100, settle=0.05, batch_size=3, concurrency=1)
    async with Sandbox(SandboxOptions(faults=faults)) as sandbox:
        run = await run_apply(tmp_path, sandbox, options=options)
        told = run.report.outcomes.filter(pl.col("code") == "twice_at_dealer")
        assert told["external_id"].to_list() == [identity]
        assert run.exit_code == 1


async def test_an_api_that_stays_away_stops_the_run_with_its_rows_pending(tmp_path: Path) -> None:
    faults = Faults.parse(["any:503-before:*@6"])
    options = Options(rate="1000/s", burst=100, settle=0.05, patience=0.5, batch_size=3)
    async with Sandbox(SandboxOptions(faults=faults)) as sandbox:
        run = await run_apply(tmp_path, sandbox, options=options)
        assert run.exit_code == 4
        assert run.report.facts.state == "interrupted"
        assert sum(numbers.get("failed", 0) for numbers in run.counts.values()) == 0


@pytest.mark.parametrize("fault", ["reset-after-commit", "503-after", "503-before", "401-before", "truncated"])
async def test_activation_is_never_called_twice(tmp_path: Path, fault: str) -> None:
    async with Sandbox(SandboxOptions(faults=Faults.parse([f"activation:{fault}:1"]))) as sandbox:
        await run_apply(tmp_path, sandbox, active="yes")
        per_site = Counter(request.path for request in sandbox.history.of("activation.update") if request.committed)
        assert set(per_site.values()) == {1}


async def test_a_site_is_activated_once_its_devices_are_in_and_not_before(tmp_path: Path) -> None:
    async with Sandbox(SandboxOptions(faults=Faults.parse(["devices.create/S-002-1:poison:*"]))) as sandbox:
        run = await run_apply(tmp_path, sandbox, active="yes")
        active = {site["external_site_id"]: bool(site["is_activated"]) for site in sandbox.state()["sites"]}
        assert active == {"S-001": True, "S-002": False, "S-003": True}
        told = run.report.outcomes.filter((pl.col("record") == "site") & (pl.col("outcome") == "failed"))
        assert told.select("external_id", "code").rows() == [("S-002", "not_activated")]


async def test_no_task_is_left_behind(tmp_path: Path) -> None:
    async with Sandbox(SandboxOptions()) as sandbox:
        before = asyncio.all_tasks()
        await run_apply(tmp_path, sandbox)
        left = {task for task in asyncio.all_tasks() - before if "migrate" in repr(task.get_coro())}
    assert not {task for task in left if not task.done()}


async def test_an_api_that_takes_no_writes_for_their_rate_stops_the_run_when_patience_ends(tmp_path: Path) -> None:
    faults = Faults.parse(["sites.create:429-before:retry-after=0:*"])
    options = Options(rate="1000/s", burst=100, patience=0.5)
    async with Sandbox(SandboxOptions(faults=faults)) as sandbox:
        run = await run_apply(tmp_path, sandbox, options=options)
        assert run.exit_code == 4
        assert run.counts["site"] == {"pending": 3}


async def test_an_update_that_the_api_never_takes_is_not_told_as_updated(tmp_path: Path) -> None:
    async with Sandbox(SandboxOptions()) as sandbox:
        await run_apply(tmp_path, sandbox)
        sandbox.play(Faults.parse(["devices.update:503-before:*", "sites.update:503-before:*"]))
        write_inventory(tmp_path)
        renamed = (tmp_path / "devices.csv").read_text(encoding="utf-8").replace("Camera", "Kamera")
        (tmp_path / "devices.csv").write_text(renamed, encoding="utf-8")
        files = [tmp_path / name for name in ("stations.csv", "sites.csv", "devices.csv")]
        options = Options(rate="1000/s", burst=100, settle=0.05, patience=2.0, on_existing="update", force=True)
        run = await apply_files(
            files, mapping(), sandbox_settings(sandbox), out=tmp_path / "r", options=options, driving=Driving()
        )
        assert run.counts["device"].get("updated") is None
        assert run.exit_code in {1, 4}


async def test_what_another_run_made_meanwhile_is_not_made_again_by_resume(tmp_path: Path) -> None:
    faults = Faults.parse(["any:503-before:*@8"])
    options = Options(rate="1000/s", burst=100, settle=0.05, patience=0.3, batch_size=3)
    async with Sandbox(SandboxOptions(faults=faults)) as sandbox:
        first = await run_apply(tmp_path, sandbox, options=options)
        assert first.exit_code == 4
        sandbox.play(Faults())
        assert (await run_apply(tmp_path, sandbox)).exit_code == 0
        known = next(run for run in known_runs(tmp_path / "reports") if run.run_id == first.run_id)
        await resume(known, sandbox_settings(sandbox), driving=Driving())
        assert_each_exists_once(sandbox)


async def test_a_retry_changes_no_site_that_the_run_did_not_make(tmp_path: Path) -> None:
    async with Sandbox(SandboxOptions()) as sandbox:
        await run_apply(tmp_path, sandbox)
        sites = tmp_path / "sites.csv"
        sites.write_text(sites.read_text(encoding="utf-8").replace("CS-1,3,", "CS-1,1,yes"), encoding="utf-8")
        files = [tmp_path / name for name in ("stations.csv", "sites.csv", "devices.csv")]
        options = Options(rate="1000/s", burst=100, on_existing="fail")
        settings = sandbox_settings(sandbox)
        run = await apply_files(files, mapping(), settings, out=tmp_path / "r", options=options, driving=Driving())
        assert run.counts["site"] == {"failed": 3}
        known = known_runs(tmp_path / "r")[0]
        again = await retry(known, settings, out=tmp_path / "r", options=OPTIONS, driving=Driving())
        assert again.counts["site"] == {"skipped": 3}
        assert {site["is_activated"] for site in sandbox.state()["sites"]} == {0}


async def test_a_second_run_on_the_same_dealer_is_refused(tmp_path: Path) -> None:
    async with Sandbox(SandboxOptions()) as sandbox:
        settings = sandbox_settings(sandbox)
        with holding_dealer(settings, run_id="other"):
            run = await run_apply(tmp_path, sandbox)
        assert run.exit_code == 5
        assert "other" in str(run.error)
        assert sandbox.state()["sites"] == []
