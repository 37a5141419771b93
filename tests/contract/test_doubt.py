"""Doubt: what may have been made is looked for before it is sent again, and what can't be known is said."""

from collections import Counter
from pathlib import Path

import pytest
from applying import ONE_BY_ONE, OPTIONS, Wire, apply_to, rows
from client_sandbox import SITE, talker

from migrate.app.driving import Driving
from migrate.app.going_on import resume
from migrate.app.rehearse import sandbox_settings
from migrate.app.runs import known_runs
from migrate.pipeline.stop import Stop
from migrate.sandbox.faults import Faults
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox

NOT_SURE = "it was sent again after its answer was lost"
ONCE = f"{NOT_SURE}; it is there once so far; apply again in some minutes shows whether the first was carried out late"


def dealer(*faults: str, **options: object) -> Sandbox:
    return Sandbox(SandboxOptions(faults=Faults.parse(faults), rate=None, **options))  # type: ignore[arg-type]


def times_there(sandbox: Sandbox, kind: str = "devices") -> Counter[str]:
    return Counter(item[f"external_{kind[:-1]}_id"] for item in sandbox.state()[kind])


async def made_elsewhere(sandbox: Sandbox, identity: str, name: str) -> None:
    async with talker(sandbox, options=OPTIONS) as other:
        await other.create_site({**SITE, "external_site_id": identity, "name": name, "timezone": "America/New_York"})


async def lose_the_station(sandbox: Sandbox) -> None:
    """Its create loses its answer, and it can't be looked for."""
    sandbox.play(Faults.parse(["stations.create:reset-after-commit", "stations.list:500-before:*"]))


async def test_without_doubt_nothing_waits_and_no_list_is_read_but_that_of_sites(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Goal 12."""
    waits: list[float] = []

    async def pause(_: Stop, seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(Stop, "pause", pause)
    async with dealer() as sandbox:
        run = await apply_to(sandbox, tmp_path)
        writes = [index for index, request in enumerate(sandbox.history) if request.endpoint == "stations.create"]
        after = [request.endpoint for request in list(sandbox.history)[writes[0] :] if request.method == "GET"]
    assert run.exit_code == 0
    assert waits == []
    assert set(after) == {"sites.list"}
    assert not run.report.outcomes["code"].drop_nulls().to_list()


@pytest.mark.parametrize(
    "wire",
    [
        pytest.param({("POST", "sites"): 1}, id="F5-site"),
        pytest.param({("POST", "devices"): 1}, id="F5-devices"),
    ],
)
async def test_a_request_that_broke_while_it_was_written_is_looked_for_and_sent_again(
    tmp_path: Path, wire: dict[tuple[str, str], int]
) -> None:
    async with dealer() as sandbox:
        run = await apply_to(sandbox, tmp_path, wire=Wire(cut=wire), options=ONE_BY_ONE)
        assert set(times_there(sandbox).values()) == {1}
    assert run.exit_code == 0
    told = rows(run, "outcome", "message", "attempts", code="sent_again")
    assert set(told) == {("created", ONCE, 2)}


@pytest.mark.parametrize("fault", [pytest.param("reset-before-commit", id="F6"), pytest.param("503-before", id="F18")])
async def test_a_create_that_was_sent_again_is_told(tmp_path: Path, fault: str) -> None:
    async with dealer(
        f"stations.create:{fault}", f"sites.create/S-002:{fault}", f"devices.create/S-003:{fault}"
    ) as box:
        run = await apply_to(box, tmp_path)
        assert set(times_there(box).values()) == set(times_there(box, "sites").values()) == {1}
    told = {name for (name,) in rows(run, "external_id", code="sent_again")}
    assert {"CS-1", "S-002"} < told
    assert {name[:5] for name in told - {"CS-1", "S-002"}} == {"S-003"}
    assert {message for (message,) in rows(run, "message", code="sent_again")} == {ONCE}
    assert run.exit_code == 0


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param("reset-after-commit", id="F7"),
        pytest.param("502-after", id="F19"),
        pytest.param("delay-commit-after:0.03", id="F9"),
        pytest.param("empty", id="F37"),
    ],
)
async def test_what_was_carried_out_is_found_and_not_sent_again(tmp_path: Path, fault: str) -> None:
    options = ONE_BY_ONE if "delay" not in fault else ONE_BY_ONE.__class__(**{**ONE_BY_ONE.facts(), "settle": 0.5})
    async with dealer(f"sites.create/S-002:{fault}", f"devices.create/S-003:{fault}") as sandbox:
        run = await apply_to(sandbox, tmp_path, options=options)
        assert len(sandbox.history.of("sites.create")) == len(sandbox.history.of("devices.create")) == 3
        assert set(times_there(sandbox).values()) == {1}
    assert run.exit_code == 0
    assert set(run.report.outcomes["outcome"]) == {"created"}
    assert not run.report.outcomes["code"].drop_nulls().to_list()


async def test_devices_that_are_carried_out_late_are_found_twice_by_the_last_look(tmp_path: Path) -> None:
    """F10."""
    late = ("devices.create/S-001:delay-commit-after:0.4:1", "devices.create/S-003:delay:0.7:1")
    async with dealer(*late, unique_zones=False) as sandbox:
        run = await apply_to(sandbox, tmp_path, options=ONE_BY_ONE)
        twice = {name for name, number in times_there(sandbox).items() if number == 2}
    assert len(twice) == 4
    assert {name for (name,) in rows(run, "external_id", code="twice_at_dealer")} == twice
    assert run.exit_code == 1


async def test_a_site_that_vanished_fails_its_devices_and_no_others(tmp_path: Path) -> None:
    """F31."""
    async with dealer("devices.create/S-002:404-before:*") as sandbox:
        run = await apply_to(sandbox, tmp_path)
    assert run.counts["device"] == {"failed": 4, "created": 8}
    assert {site for (site,) in rows(run, "external_site_id", code="http_404")} == {"S-002"}


async def test_a_clash_with_another_record_of_the_id_shows_both_values(tmp_path: Path) -> None:
    """F32."""
    async with dealer(unique=True) as sandbox:
        run = await apply_to(sandbox, tmp_path, between=lambda: made_elsewhere(sandbox, "S-002", "Theirs"))
        assert times_there(sandbox, "sites") == Counter({"S-001": 1, "S-002": 1, "S-003": 1})
    ((outcome, message),) = rows(run, "outcome", "message", external_id="S-002")
    assert outcome == "failed"
    assert "'Theirs' instead of 'Shop S-002'" in message
    assert run.counts["device"] == {"blocked": 4, "created": 8}


async def test_a_clash_with_a_record_that_is_the_same_takes_it(tmp_path: Path) -> None:
    """F32."""
    async with dealer("sites.create/S-002:409-after", "devices.create/S-001:422-after") as sandbox:
        run = await apply_to(sandbox, tmp_path)
        assert set(times_there(sandbox).values()) == set(times_there(sandbox, "sites").values()) == {1}
    assert run.exit_code == 0


async def test_what_is_nearly_there_is_neither_taken_nor_made_beside_it(tmp_path: Path) -> None:
    """F48."""
    async with dealer("sites.create/S-002:reset-before-commit") as sandbox:
        run = await apply_to(sandbox, tmp_path, between=lambda: made_elsewhere(sandbox, "s-002", "Theirs"))
        assert times_there(sandbox, "sites") == Counter({"S-001": 1, "s-002": 1, "S-003": 1})
    ((outcome, message),) = rows(run, "outcome", "message", external_id="S-002")
    assert outcome == "unknown"
    assert "the dealer has s-002, which is nearly S-002" in message


async def test_a_list_that_may_be_cut_short_proves_no_absence(tmp_path: Path) -> None:
    """F49: each page is the first 500 rows, whatever is asked for."""
    page = [{"device_id": number, "external_device_id": f"other-{number}"} for number in range(1, 501)]
    wire = Wire(bends={("GET", "devices"): lambda _: page})
    async with dealer("devices.create/S-002:reset-before-commit") as sandbox:
        run = await apply_to(sandbox, tmp_path, wire=wire, options=ONE_BY_ONE)
        assert len(times_there(sandbox)) == 8
    assert set(rows(run, "outcome", external_site_id="S-002", record="device")) == {("unknown",)}
    assert all("may be cut short" in said for (said,) in rows(run, "message", outcome="unknown"))
    assert run.exit_code == 1


@pytest.mark.parametrize(
    "options", [pytest.param({"page_cap": 2}, id="F49-cap"), pytest.param({"ignore_params": True}, id="F49-ignored")]
)
async def test_pages_that_are_capped_or_not_pages_make_nothing_twice(
    tmp_path: Path, options: dict[str, object]
) -> None:
    faults = ("sites.create:reset-after-commit:2", "devices.create:reset-after-commit:2", "any.list:lag:0.03:*")
    async with dealer(*faults, **options) as sandbox:
        await apply_to(sandbox, tmp_path)
        assert set(times_there(sandbox).values()) == set(times_there(sandbox, "sites").values()) == {1}


async def test_a_reading_that_fails_leaves_it_unknown_and_resume_looks_first(tmp_path: Path) -> None:
    """F51."""
    faults = ("devices.create/S-002:reset-after-commit", "devices.list:500-before:*")
    async with dealer(*faults) as sandbox:
        run = await apply_to(sandbox, tmp_path, options=ONE_BY_ONE)
        assert run.counts["device"] == {"unknown": 4, "created": 8}
        assert run.exit_code == 4
        assert "resume" in str(run.error)
        sandbox.play(Faults())
        sent = len(sandbox.history.of("devices.create"))
        again = await resume(known_runs(tmp_path / "reports")[0], sandbox_settings(sandbox), driving=Driving())
        assert again.exit_code == 0
        assert again.counts["device"] == {"created": 12}
        assert len(sandbox.history.of("devices.create")) == sent
        assert set(times_there(sandbox).values()) == {1}


async def test_a_site_that_another_made_between_plan_and_sending_is_told(tmp_path: Path) -> None:
    """F52."""
    async with dealer() as sandbox:
        run = await apply_to(sandbox, tmp_path, between=lambda: made_elsewhere(sandbox, "S-002", "Theirs"))
    ((code, message),) = rows(run, "code", "message", external_id="S-002")
    assert code == "twice_at_dealer"
    assert "2 times" in message
    assert run.exit_code == 1


async def test_lists_that_lag_for_longer_than_the_settle_time_leave_a_second_record_that_is_told(
    tmp_path: Path,
) -> None:
    """F50, beyond what can be promised: the create was carried out, and no list shows it in time."""
    faults = ("sites.create/S-001:reset-after-commit", "sites.list:lag:0.4:*", "devices.create/S-003:delay:0.6:1")
    async with dealer(*faults) as sandbox:
        run = await apply_to(sandbox, tmp_path, options=ONE_BY_ONE)
        assert times_there(sandbox, "sites")["S-001"] == 2
    assert rows(run, "outcome", "code", external_id="S-001") == [("failed", "twice_at_dealer")]


async def test_what_was_blocked_and_is_there_by_now_is_not_made_again_by_resume(tmp_path: Path) -> None:
    async with dealer() as sandbox:
        run = await apply_to(sandbox, tmp_path, between=lambda: lose_the_station(sandbox))
        assert run.counts["site"] == {"blocked": 3}
        assert run.exit_code == 4
        sandbox.play(Faults())
        (tmp_path / "other").mkdir()
        assert (await apply_to(sandbox, tmp_path / "other")).exit_code == 0
        again = await resume(known_runs(tmp_path / "reports")[0], sandbox_settings(sandbox), driving=Driving())
        assert again.exit_code == 5
        assert set(times_there(sandbox).values()) == set(times_there(sandbox, "sites").values()) == {1}


async def test_what_was_blocked_is_sent_by_resume(tmp_path: Path) -> None:
    async with dealer() as sandbox:
        run = await apply_to(sandbox, tmp_path, between=lambda: lose_the_station(sandbox))
        assert run.counts["station"] == {"unknown": 1}
        sandbox.play(Faults())
        again = await resume(known_runs(tmp_path / "reports")[0], sandbox_settings(sandbox), driving=Driving())
        assert again.exit_code == 0
        assert set(again.report.outcomes["outcome"]) == {"created"}
        assert set(times_there(sandbox).values()) == set(times_there(sandbox, "sites").values()) == {1}
