"""The rate that a run starts with: given, remembered, or the lowest plan's; and keeping what it learned."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime

from migrate.api.learner import START_PER_S
from migrate.api.pace import Pace
from migrate.api.rate import Rate
from migrate.api.remembered import cache_folder, recall, remember
from migrate.settings import Settings


@dataclass(frozen=True, slots=True)
class FirstRate:
    """Requests a minute that a run starts with; `told` says it and where it comes from; `remembered` if from there."""

    told: str
    remembered_per_minute: float | None = None


def first_rate(settings: Settings, rate: str | None) -> FirstRate:
    """Return what a run against the settings' API starts with; `rate` is as typed and goes before all."""
    if rate is not None:
        return FirstRate(f"at most {Rate.parse(rate)}, as --rate says")
    folder = cache_folder(os.environ)
    kept = None if folder is None else recall(settings, folder, now=datetime.now(UTC))
    if kept is None:
        return FirstRate(f"starts at {60 * START_PER_S:.0f} requests a minute, and learns")
    told = f"starts at {kept.per_minute:,.0f} requests a minute, learned on {kept.learned_at:%Y-%m-%d}, and learns on"
    return FirstRate(told, kept.per_minute)


def keep_rate(settings: Settings, pace: Pace) -> None:
    """Remember what a run has learned, if it has."""
    folder = cache_folder(os.environ)
    if folder is not None and pace.learned_per_minute is not None:
        remember(settings, folder, per_minute=pace.learned_per_minute, now=datetime.now(UTC))
