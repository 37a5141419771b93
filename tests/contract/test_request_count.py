"""No request is wasted: a run without faults sends what there is to make, and reads the pages that it must."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from math import ceil
from pathlib import Path
from typing import Any

from applying import OPTIONS, Wire, apply_to

from migrate.api.reply import Failure, Reply
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox

SITES, DEVICES = 3, 7


@dataclass
class Counting(Wire):
    """Counts what leaves, by method and what it is about."""

    sent: Counter[str] = field(default_factory=Counter)

    async def send(self, method: str, url: str, **rest: Any) -> Reply | Failure:
        self.sent[f"{method} {url.partition('?')[0].rpartition('/')[2]}"] += 1
        return await super().send(method, url, **rest)


async def test_a_run_without_faults_sends_what_there_is_to_make_and_reads_each_list_once_more_at_the_end(
    tmp_path: Path,
) -> None:
    wire, never_settles = Counting(), replace(OPTIONS, settle=3_600.0)
    async with Sandbox(SandboxOptions(rate=None)) as sandbox, asyncio.timeout(60):  # nothing is in doubt: nobody waits
        run = await apply_to(sandbox, tmp_path, wire=wire, options=never_settles, sites=SITES, devices=DEVICES)
    assert run.exit_code == 0
    assert wire.sent == {
        "POST token": 1,
        "POST monitoring-stations": 1,
        "POST sites": SITES,
        "PATCH arming-settings": SITES,
        "POST devices": SITES * ceil(DEVICES / OPTIONS.batch_size),
        "GET monitoring-stations": 1,  # an empty page is a whole list
        "GET sites": 1 + 2,  # the same; and at the end one with all, and the empty one that shows that these are all
    }
    told = run.report.facts.requests
    assert (told.sent, told.retried) == (wire.sent.total() - wire.sent["POST token"], 0)
