"""The plan, as a value: what would be sent and what not; it goes into frames and a text, and comes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import polars as pl

from migrate.planning.dealer import Dealer
from migrate.planning.estimate import Estimate
from migrate.planning.rules import OnExisting

_RECORDS = "record."
_DEALER = "dealer."
_DEALER_FRAMES = ("stations", "sites", "devices", "arming", "unreadable")


@dataclass(frozen=True, slots=True)
class Plan:
    """One action per record, made from the checked records and what the dealer already has.

    `records` are planned record frames, by record. `brakes` are the reasons why it refuses itself. `fingerprint` is
    what `stale.touched` said of the dealer when the plan was made.
    """

    records: dict[str, pl.DataFrame]
    findings: pl.DataFrame
    dealer: Dealer
    on_existing: OnExisting
    estimate: Estimate
    brakes: tuple[str, ...]
    fingerprint: Mapping[str, str]

    def frames(self) -> dict[str, pl.DataFrame]:
        """Return the frames of the plan by name."""
        return {
            "findings": self.findings,
            **{_RECORDS + name: frame for name, frame in self.records.items()},
            **{_DEALER + name: getattr(self.dealer, name) for name in _DEALER_FRAMES},
        }

    def to_json(self) -> str:
        """Return all that is not in the frames."""
        parts = {
            "read_at": self.dealer.read_at.isoformat(),
            "stations_complete": self.dealer.stations_complete,
            "sites_complete": self.dealer.sites_complete,
            "on_existing": self.on_existing,
            "requests": dict(self.estimate.requests),
            "minutes": self.estimate.minutes,
            "brakes": list(self.brakes),
            "fingerprint": dict(self.fingerprint),
        }
        return orjson.dumps(parts).decode()

    @classmethod
    def from_json(cls, text: str, frames: Mapping[str, pl.DataFrame]) -> "Plan":
        """Return the plan that `to_json` and `frames` were taken from."""
        parts: dict[str, Any] = orjson.loads(text)
        dealer = Dealer(
            **{name: frames[_DEALER + name] for name in _DEALER_FRAMES},
            read_at=datetime.fromisoformat(parts["read_at"]),
            stations_complete=parts["stations_complete"],
            sites_complete=parts["sites_complete"],
        )
        return cls(
            records={name.removeprefix(_RECORDS): frame for name, frame in frames.items() if name.startswith(_RECORDS)},
            findings=frames["findings"],
            dealer=dealer,
            on_existing=parts["on_existing"],
            estimate=Estimate(parts["requests"], parts["minutes"]),
            brakes=tuple(parts["brakes"]),
            fingerprint=parts["fingerprint"],
        )
