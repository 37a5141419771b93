"""What a sandbox is like: limits, strictness, what it holds and what goes wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from migrate.errors import UsageError
from migrate.sandbox.faults import Faults

_RATE: Final = re.compile(r"([1-9]\d{0,6})/(s|min)")


@dataclass(frozen=True, slots=True)
class Rate:
    """A token bucket: `per_minute` requests go on and on, `burst` at once."""

    per_minute: int
    burst: int

    @classmethod
    def parse(cls, text: str, *, burst: int) -> Self | None:
        """Return the rate that `600/min` or `10/s` says; None for `none`: no limit, and no headers about one."""
        if text == "none":
            return None
        match = _RATE.fullmatch(text)
        if match is None or burst < 1:
            raise UsageError(
                f"rate {text[:40]!r} with a burst of {burst}: write 600/min, 10/s or none, and a burst from 1"
            )
        return cls(int(match[1]) * (60 if match[2] == "s" else 1), burst)


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """How the sandbox behaves; the default takes all that the vendor's pages allow, repeated external ids too."""

    port: int = 0
    """0 takes a free one."""
    store: Path | None = None
    """A file that outlives the sandbox; None keeps all in memory."""
    dealers: tuple[str, ...] = ("12345",)
    client_id: str = "sandbox"
    client_secret: str = "sandbox-secret"  # noqa: S105 - invented, opens nothing but this
    client_key: Mapping[str, str] | None = None
    """The key with which the client's assertions are checked, as a JWK; None takes no assertions."""
    token_life_s: float = 3600
    rate: Rate | None = Rate(per_minute=6000, burst=200)
    faults: Faults = field(default_factory=Faults)
    unique: bool = False
    """Refuse a repeated external id with 409: of stations and sites per dealer, of devices and contacts per site."""
    unique_zones: bool = True
    """Refuse a device whose zone is in use in its site."""
    page_cap: int | None = None
    """No list is longer, whatever limit is asked for, and nothing says so."""
    ignore_params: bool = False
    """Lists take no notice of fields, filter, sort, dir, limit, offset."""
    max_batch: int | None = None
    """More devices in one request are refused with `max_batch_status`."""
    max_batch_status: int = 413
    skew_s: float = 0
    """How far the sandbox's clock is ahead of this machine's: of its `Date`, its tokens, all it writes."""
    history_size: int = 20_000
    """How many of the last requests are remembered."""
