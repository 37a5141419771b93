"""Sets of faults by name, for rehearsals: whole options, each with what it is like."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from migrate.errors import UsageError
from migrate.sandbox.faults import Faults
from migrate.sandbox.options import Rate, SandboxOptions


@dataclass(frozen=True, slots=True)
class FaultSet:
    """`options` are those of a sandbox that behaves so."""

    meaning: str
    options: SandboxOptions


FAULT_SETS: Mapping[str, FaultSet] = MappingProxyType(
    {
        "flaky": FaultSet(
            "a bad connection: cuts before and after the commit, answers lost or cut short, a page, some 503s, a 429",
            SandboxOptions(
                faults=Faults.parse(
                    [
                        "any:503-before:2@4",
                        "sites.create:reset-before-commit@1",
                        "sites.create:reset-after-commit",
                        "devices.create:truncated",
                        "devices.create:reset-after-commit@3",
                        "devices.create:html-after@5",
                        "devices.create:partial-commit:1@7",
                        "any:429-before:retry-after=2:1@12",
                        "any:401-before:1@16",
                    ]
                )
            ),
        ),
        "slow": FaultSet(
            "a slow API: each answer takes a fifth of a second, lists lag two seconds behind, 300 requests a minute",
            SandboxOptions(rate=Rate(300, 10), faults=Faults.parse(["any:delay:0.2:*", "any.list:lag:2:*"])),
        ),
        "strict": FaultSet(
            "a strict API: repeated ids are refused, one bad device refuses its batch, 20 devices to a batch",
            SandboxOptions(unique=True, max_batch=20, faults=Faults.parse(["devices.create:all-or-nothing:*"])),
        ),
        "odd": FaultSet(
            "odd answers: results in another order or missing, wrong counts, lists cut at 100",
            SandboxOptions(
                page_cap=100,
                faults=Faults.parse(
                    [
                        "devices.create:shuffle:*",
                        "devices.create:wrong-counts:*",
                        "devices.create:drop-results:1@1",
                        "devices.create:extra-result:1@2",
                    ]
                ),
            ),
        ),
    }
)
"""Name → what `rehearse --faults NAME` is like."""


def fault_set(name: str) -> SandboxOptions:
    """Return the options of a set of faults; raises UsageError with the names there are."""
    if name not in FAULT_SETS:
        known = "\n".join(f"  {known}: {found.meaning}" for known, found in FAULT_SETS.items())
        raise UsageError(f"there is no set of faults named {name[:40]!r}; choose one of\n{known}")
    return FAULT_SETS[name].options
