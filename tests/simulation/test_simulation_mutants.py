"""The simulation is worth something: a tool with one safety less breaks a law within some seeds, and it says which."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from simulated_process import SimulatedWriter
from soak import problems

from migrate.api import caller
from migrate.api.retry import pause_s
from migrate.journal.writer import Statement
from migrate.model.answers import BulkResult
from migrate.pipeline import devices, execute, single
from migrate.pipeline.doubt import look
from migrate.pipeline.match import Matched


async def _look_only_once(*args: Any, **how: Any) -> Any:
    return await look(*args, **{**how, "lists_may_lag": False})


async def _never_read_back(*_: Any) -> None:
    return None


async def _all_absent(_: Any, jobs: Sequence[Any], *__: Any, **___: Any) -> list[Any]:
    return list(jobs)


def _by_position(sent: Sequence[str], results: Sequence[BulkResult], **_: Any) -> Matched:
    found = dict(enumerate(results[: len(sent)]))
    return Matched(found, tuple(range(len(found), len(sent))), 0, 0)


async def _no_audit(*_: Any) -> None:
    return None


def no_read_back(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(single, "_read_back", _never_read_back)
    patch.setattr(devices._Site, "read_back", _all_absent)


def no_second_look(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(single, "look", _look_only_once)
    patch.setattr(devices, "look", _look_only_once)


def matching_by_position(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(devices, "match", _by_position)


def repeating_a_create_that_timed_out(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(caller, "pause_s", lambda *args, **how: pause_s(*args, **{**how, "repeatable": True}))


def announcing_after_sending(patch: pytest.MonkeyPatch) -> None:
    write = SimulatedWriter._write
    held: dict[int, list[Statement]] = {}

    async def later(writer: SimulatedWriter, statements: list[Statement]) -> None:
        if "INTO intent" in statements[0][0]:
            held.setdefault(id(writer), []).extend(statements)
        else:
            await write(writer, [*held.pop(id(writer), []), *statements])

    patch.setattr(SimulatedWriter, "_write", later)


def no_last_look(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(execute, "audit", _no_audit)


# which law each breaks, and a seed that shows it; after a change of the scripts: the first of some hundred that does
MUTANTS = [
    (no_read_back, "I2", 3),
    (no_second_look, "I2", 10),
    (matching_by_position, "I3", 2),
    (repeating_a_create_that_timed_out, "I2", 2),
    (announcing_after_sending, "I4", 14),
    (no_last_look, "I2", 90),
]


@pytest.mark.parametrize(("mutant", "law", "seed"), MUTANTS, ids=[mutant.__name__ for mutant, _, _ in MUTANTS])
def test_a_tool_with_one_safety_less_breaks_a_law(
    mutant: Callable[[pytest.MonkeyPatch], None], law: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not problems(seed)
    mutant(monkeypatch)
    assert [line for line in problems(seed) if f"{law}: " in line]
