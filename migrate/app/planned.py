"""Planning as one step: what the dealer has, compared with what was checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from migrate.api.client import PartnerClient
from migrate.app.check import Checked
from migrate.app.options import Options
from migrate.model.records import DEVICE
from migrate.planning.dealer import Dealer
from migrate.planning.make import make_plan
from migrate.planning.plan import Plan
from migrate.planning.reading import read_dealer
from migrate.planning.rules import Rules

_ONLY_SENT = [name for name in DEVICE.sent if name != DEVICE.id_field]

_FEW_DIFFERENT = ("_verdict", "_code", "_message", "_action", "_planned")


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan and the checked records it was made from; `scope` holds the `_n` of those in the run (None: all)."""

    checked: Checked
    plan: Plan
    scope: pl.Series | None = None

    def let_go(self) -> None:
        """Hold no more of the devices of a large run than outcomes tell, once all is sent: a third of what they took.

        What few records differ in is held as numbers of texts.
        """
        devices = self.plan.records.get(DEVICE.name)
        if not self.checked.pieces or devices is None or _ONLY_SENT[0] not in devices.columns:
            return
        for records in (self.plan.records, self.checked.records):
            if (frame := records.get(DEVICE.name)) is not None:
                records[DEVICE.name] = frame.drop(_ONLY_SENT, strict=False).with_columns(
                    pl.col(name).cast(pl.Categorical) for name in _FEW_DIFFERENT if name in frame.columns
                )


async def plan(
    checked: Checked,
    client: PartnerClient,
    *,
    options: Options | None = None,
    scope: pl.Series | None = None,
    own: frozenset[str] = frozenset(),
    progress: Callable[[int, int], object] | None = None,
) -> Planned:
    """Compare checked records with what the dealer has; sends GETs only.

    Raises:
        ApiUnusable, ApiError: the dealer can't be read.
        Refused: a list can't be shown to be complete, and something would be created after it.
    """
    options = options or Options()
    dealer = await look(checked.records, client, options=options, scope=scope, progress=progress)
    made = make_plan(
        checked.records,
        dealer,
        findings=checked.findings,
        rules=Rules(
            on_existing=options.on_existing,
            clear={name: checked.mapping.clears(name) for name in checked.records},
            own=own,
        ),
        scope=scope,
        locate=checked.locate,
        batch_size=options.batch_size,
        per_minute=client.per_minute,
    )
    return Planned(checked, made, scope)


async def look(
    records: Mapping[str, pl.DataFrame],
    client: PartnerClient,
    *,
    options: Options,
    scope: pl.Series | None,
    progress: Callable[[int, int], object] | None = None,
) -> Dealer:
    """Read what the dealer has, as far as `records` touch it; raises as `plan` does."""
    await client.open()
    return await read_dealer(
        client,
        records,
        read_at=datetime.now(UTC),
        scope=scope,
        concurrency=options.concurrency,
        progress=progress,
    )
