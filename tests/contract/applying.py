"""A whole apply against the sandbox with a client that hardly waits, and a wire whose answers can be bent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from client_sandbox import talker
from inventory import mapping, write_inventory
from multidict import CIMultiDict

from migrate.api.reply import Failure, Reply
from migrate.api.transport import AiohttpTransport
from migrate.app.apply import apply
from migrate.app.check import check
from migrate.app.finish import Run
from migrate.app.options import Options
from migrate.app.planned import plan
from migrate.sandbox.server import Sandbox

OPTIONS = Options(rate="1000/s", burst=100, concurrency=4, batch_size=3, timeout=2.0, settle=0.05, patience=10.0)
ONE_BY_ONE = Options(rate="1000/s", burst=100, concurrency=1, batch_size=50, timeout=2.0, settle=0.05, patience=10.0)

Bend = Callable[[Any], Any]


@dataclass
class Wire:
    """The real transport; what `bends` holds for a method and the end of a path changes the JSON of good answers.

    `cut` names such requests that never leave: the connection breaks while they are written.
    """

    bends: dict[tuple[str, str], Bend] = field(default_factory=dict)
    cut: dict[tuple[str, str], int] = field(default_factory=dict)
    inner: AiohttpTransport = field(default_factory=lambda: AiohttpTransport(tls=False))

    async def open(self) -> None:
        await self.inner.open()

    async def close(self) -> None:
        await self.inner.close()

    async def send(self, method: str, url: str, **rest: Any) -> Reply | Failure:
        key = (method, url.partition("?")[0].rpartition("/")[2])
        if self.cut.get(key, 0) > 0:
            self.cut[key] -= 1
            return Failure("connection_lost", "closed the connection")
        answer = await self.inner.send(method, url, **rest)
        if isinstance(answer, Failure) or answer.status >= 300 or key not in self.bends:
            return answer
        bent = self.bends[key](orjson.loads(answer.body))
        return Reply(answer.status, CIMultiDict(answer.headers), orjson.dumps(bent))


async def apply_to(
    sandbox: Sandbox,
    folder: Path,
    *,
    options: Options = OPTIONS,
    wire: Wire | None = None,
    between: Callable[[], Awaitable[None]] | None = None,
    sites: int = 3,
    devices: int = 4,
) -> Run:
    """Plan and carry out; `between` happens when the plan is made and nothing is sent."""
    files = write_inventory(folder, sites=sites, devices=devices)
    async with talker(sandbox, options=options, transport=wire) as client:
        planned = await plan(check(files, mapping()), client, options=options)
        if between is not None:
            await between()
        return await apply(planned, client, out=folder / "reports", options=options)


def rows(run: Run, *columns: str, **where: str) -> list[tuple[Any, ...]]:
    """Return columns of the outcomes that are as `where` says."""
    frame = run.report.outcomes
    for name, value in where.items():
        frame = frame.filter(frame[name] == value)
    return frame.select(*columns).rows()
