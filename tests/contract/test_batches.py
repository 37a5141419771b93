"""Answers to batches, whatever they are like: each device comes to what is true of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from applying import ONE_BY_ONE, Wire, apply_to, rows

from migrate.app.finish import Run
from migrate.sandbox.faults import Faults
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox

Results = list[dict[str, Any]]


def dealer(*faults: str, **options: Any) -> Sandbox:
    return Sandbox(SandboxOptions(faults=Faults.parse(faults), rate=None, **options))


def bent(bend: Callable[[Results], Results]) -> Wire:
    """A wire on which the results of each batch are changed."""
    return Wire(bends={("POST", "devices"): lambda body: {**body, "results": bend(body["results"])}})


def each(**changes: Any) -> Callable[[Results], Results]:
    """Change the part of each result that names what the API keeps."""
    return lambda results: [{**result, "res": {**result["res"], **changes}} for result in results]


def warnings(run: Run) -> dict[str, str]:
    told = run.report.findings.filter(pl.col("severity") == "warning")
    return dict(told.select("code", "message").iter_rows())


def said(run: Run) -> set[tuple[Any, ...]]:
    return set(rows(run, "outcome", "code", record="device"))


@pytest.mark.parametrize(
    ("fault", "code", "message"),
    [
        pytest.param("extra-result:*", "extra_result", "4 answers to batches told of devices that were not", id="F41"),
        pytest.param("twice:1", "twice_in_answer", "1 answer to a batch told of one device twice", id="F42"),
        pytest.param("wrong-counts:1", "wrong_counts", "1 answer to a batch told counts that disagree", id="F43"),
    ],
)
async def test_an_odd_answer_is_a_warning_and_no_device_is_the_worse_for_it(
    tmp_path: Path, fault: str, code: str, message: str
) -> None:
    async with dealer(f"devices.create:{fault}") as sandbox:
        run = await apply_to(sandbox, tmp_path, sites=2)
        assert len(sandbox.state()["devices"]) == 8
    assert set(warnings(run)) <= {code, "wrong_counts"}
    assert message in warnings(run)[code]
    assert said(run) == {("created", None)}
    assert run.exit_code == 0


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param("shuffle:*", id="F39"),
        pytest.param("drop-results:*", id="F40"),
        pytest.param("no-echo:*", id="no-echo"),
        pytest.param("partial-commit:2:1", id="F20"),
    ],
)
async def test_answers_in_disorder_leave_each_device_once(tmp_path: Path, fault: str) -> None:
    async with dealer(f"devices.create:{fault}") as sandbox:
        run = await apply_to(sandbox, tmp_path, sites=2)
        there = {item["external_device_id"]: str(item["device_id"]) for item in sandbox.state()["devices"]}
        assert len(sandbox.state()["devices"]) == len(there) == 8
    assert dict(rows(run, "external_id", "remote_id", record="device")) == there
    assert run.exit_code == 0


async def test_a_success_without_an_id_is_looked_for(tmp_path: Path) -> None:
    """F44."""
    async with dealer() as sandbox:
        run = await apply_to(sandbox, tmp_path, sites=2, wire=bent(each(device_id=None)))
        assert len(sandbox.history.of("devices.create")) == 4
        there = {item["external_device_id"]: str(item["device_id"]) for item in sandbox.state()["devices"]}
    assert dict(rows(run, "external_id", "remote_id", record="device")) == there
    assert said(run) == {("created", None)}


async def test_what_the_api_keeps_otherwise_is_told_field_by_field(tmp_path: Path) -> None:
    """F44."""
    async with dealer() as sandbox:
        run = await apply_to(sandbox, tmp_path, sites=1, devices=1, wire=bent(each(zone_number="1", name="Cam")))
    ((outcome, code, message),) = rows(run, "outcome", "code", "message", record="device")
    assert (outcome, code) == ("created", "stored_differently")
    assert "zone_number '1' instead of '001'" in message
    assert "name 'Cam' instead of 'Camera 1'" in message


@pytest.mark.parametrize(
    "reason", [None, "", "x" * 100_000, "<html><script>alert(1)</script>" * 900, "bad\x1b[31m\x00\u202ezone"]
)
async def test_a_refusal_is_told_in_bounds_whatever_its_reason_is(tmp_path: Path, reason: str | None) -> None:
    """F45."""

    def refuse(results: Results) -> Results:
        return [
            {"is_successful": False, "req": results[0]["req"], "status_code": 400, "error_message": reason},
            *results[1:],
        ]

    async with dealer() as sandbox:
        run = await apply_to(sandbox, tmp_path, sites=1, devices=2, wire=bent(refuse))
    ((outcome, code, message),) = rows(run, "outcome", "code", "message", external_id="S-001-1")
    assert (outcome, code) == ("failed", "http_400")
    assert 0 < len(message) <= 400
    assert message.isprintable()
    assert rows(run, "outcome", external_id="S-001-2") == [("created",)]


async def test_numbers_as_text_nulls_and_unknown_fields_are_read(tmp_path: Path) -> None:
    """F46."""

    def odd(results: Results) -> Results:
        return [
            {**result, "res": {**result["res"], "device_id": str(result["res"]["device_id"]), "new": [1]}, "more": {}}
            for result in results
        ]

    wire = bent(odd)
    wire.bends["GET", "devices"] = lambda items: items or None
    wire.bends["POST", "sites"] = lambda site: {**site, "site_id": str(site["site_id"]), "is_activated": "0"}
    async with dealer() as sandbox:
        run = await apply_to(sandbox, tmp_path, sites=2, wire=wire)
    assert said(run) == {("created", None)}
    assert run.exit_code == 0


async def test_one_bad_device_stands_alone_and_the_rest_is_in(tmp_path: Path) -> None:
    """F25."""
    async with dealer("devices.create/S-001-5:poison:*") as sandbox:
        run = await apply_to(sandbox, tmp_path, sites=1, devices=16, options=ONE_BY_ONE)
        assert len(sandbox.state()["devices"]) == 15
        assert len(sandbox.history.of("devices.create")) == 1 + 2 * 4
    assert rows(run, "external_id", "code", outcome="failed") == [("S-001-5", "http_400")]


async def test_a_batch_of_which_a_part_is_there_is_split_until_the_rest_is_in(tmp_path: Path) -> None:
    """F25 with doubt: a 409 for the whole batch, of which the half before the bad device may be in."""
    async with dealer("devices.create/S-001-5:409-before:*") as sandbox:
        run = await apply_to(sandbox, tmp_path, sites=1, devices=8, options=ONE_BY_ONE)
        assert len(sandbox.state()["devices"]) == 7
    assert rows(run, "external_id", "code", outcome="failed") == [("S-001-5", "http_409")]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"max_batch": 3}, id="F33-413"),
        pytest.param({"max_batch": 3, "max_batch_status": 400}, id="F33-400"),
    ],
)
async def test_a_batch_that_is_too_large_is_halved_and_the_size_is_remembered(
    tmp_path: Path, options: dict[str, int]
) -> None:
    async with dealer(**options) as sandbox:
        run = await apply_to(sandbox, tmp_path, sites=3, devices=12, options=ONE_BY_ONE)
        sizes = [len(request.body) for request in sandbox.history.of("devices.create")]
        assert len(sandbox.state()["devices"]) == 36
    assert sizes[:3] == [12, 6, 3]
    assert max(sizes[sizes.index(3) + 2 :]) <= 6
    assert sizes.count(12) == 1
    assert set(sizes[-8:]) == {3}
    assert run.exit_code == 0
