"""Scale: what a million, a hundred million and a billion devices take, as tables of docs/scale.md; run by `growth.py`.

What the API takes is arithmetic: its tiers, and the requests that the tool sends. What the tool takes is measured:
beyond the largest size of GROWTH.md each further row is taken to cost what it did from the size before.
"""

from math import ceil
from typing import TYPE_CHECKING

from benchmarks.measure import ROOT
from migrate.planning.estimate import ACTIVATION_REQUESTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.growth import Point

SCALE = ROOT / "docs" / "scale.md"
BEGIN, END = "<!-- tables:begin -->", "<!-- tables:end -->"
SIZES = (1_000_000, 100_000_000, 1_000_000_000)
TIERS = {"Free": 60, "Pro": 600, "Enterprise": 3000}
"""Requests a minute, sustained."""

PER_SITE, PER_REQUEST, PAGE = 20, 50, 500
ARMING, ACTIVATION = 1, ACTIVATION_REQUESTS
_UNITS = ((60, "s"), (60, "min"), (24, "h"), (365, "days"))


def requests(devices: int, *, extra: int = 0) -> int:
    """Return the requests for an empty dealer: sites, batches, `extra` for each site, the site list once more."""
    sites = ceil(devices / PER_SITE)
    return sites * (1 + ceil(PER_SITE / PER_REQUEST) + extra) + sites // PAGE + 2


def duration(seconds: float) -> str:
    """Return a time in the largest unit of which there is at least one."""
    for size, unit in _UNITS:
        if seconds < size:
            return f"{seconds:.1f} {unit}" if seconds < 10 else f"{seconds:.0f} {unit}"
        seconds /= size
    return f"{seconds:.1f} years"


def api_table() -> list[str]:
    """Return how long the API lets each number of devices take."""
    head = " | ".join(f"{tier}, {rate}/min" for tier, rate in TIERS.items())
    lines = [f"| devices | what is sent | requests | {head} |", "|---:|---|---:|---:|---:|---:|"]
    for devices in SIZES:
        for what, extra in (("sites, devices", 0), ("arming and activation too", ARMING + ACTIVATION)):
            number = requests(devices, extra=extra)
            times = " | ".join(duration(60 * number / rate) for rate in TIERS.values())
            lines.append(f"| {devices:,} | {what} | {number:,} | {times} |")
    return lines


def our_table(check: "Sequence[Point]", apply: "Sequence[Point]") -> list[str]:
    """Return what the tool takes for each number of devices on one machine."""
    checked, applied = check[-1], apply[-1]
    sent = 2 * applied.sites  # a site and its one batch
    about = (
        f"CPU time, measured at the largest size: `check` of {checked.rows:,} rows {duration(checked.cpu_s)}; "
        f"`apply` of {applied.rows:,} devices, {applied.rows // applied.sites} a site, {duration(applied.cpu_s)}: "
        f"one core brings {sent / applied.cpu_s:,.0f} requests a second from the file to the reports. Beyond it, what "
        "each further row took from the size before; with more devices a site there are fewer requests, and less of it."
    )
    head = ("devices", "CPU of `check`", "its memory", "CPU of `apply`", "its memory", "its run folder")
    lines = [about, "", f"| {' | '.join(head)} |", "|---:|---:|---:|---:|---:|---:|"]
    for devices in SIZES:
        cells = (
            f"{devices:,}",
            duration(_beyond(check, "cpu_s", devices)),
            _bytes(_beyond(check, "peak_mb", devices)),
            duration(_beyond(apply, "cpu_s", devices)),
            _bytes(_beyond(apply, "peak_mb", devices)),
            _bytes(_beyond(apply, "disk_mb", devices)),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _beyond(points: "Sequence[Point]", figure: str, rows: int) -> float:
    """Return a figure at `rows`: as the line through the last two points goes on."""
    (before, at_before), (last, at_last) = ((point.rows, getattr(point, figure)) for point in points[-2:])
    each = max(at_last - at_before, 0.0) / (last - before)
    return float(max(at_last + (rows - last) * each, 0.0))


def _bytes(megabytes: float) -> str:
    if megabytes < 1e3:
        return f"{megabytes:,.0f} MB"
    return f"{megabytes / 1e3:,.1f} GB" if megabytes < 1e6 else f"{megabytes / 1e6:,.1f} TB"


def write_scale(check: "Sequence[Point]", apply: "Sequence[Point]") -> None:
    """Write the tables between the marks of docs/scale.md anew."""
    text = SCALE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    tables = [
        "### What the API takes",
        "",
        *api_table(),
        "",
        "### What the tool takes",
        "",
        *our_table(check, apply),
        "",
    ]
    SCALE.write_text("\n".join([f"{before}{BEGIN}", "", *tables, f"{END}{after}"]), encoding="utf-8")
