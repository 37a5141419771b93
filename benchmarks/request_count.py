"""Goal 12: no request is wasted: `python -m benchmarks.request_count`.

The server counts. Into an empty dealer, `apply` may send one create a station and site, one change an arming setting,
one create a started batch of a site's devices, and the pages of the site list before and after; a second `apply` of the
same inventory, with everything there, only reads. A token is no request to the API, and stands apart.
"""

import tempfile
from math import ceil
from pathlib import Path

from benchmarks.dealer_server import PAGE_MOST, running
from benchmarks.inventories import make
from benchmarks.measure import run, tool
from benchmarks.results import Result, parser, show

DEVICES, CAMERAS, BATCH = 30_000, 60, 50
OPTIONS = ("--yes", "--rate", "100000/s", "--burst", "1000", "--concurrency", "16", "--batch-size", str(BATCH))


def pages(rows: int) -> int:
    """Return the pages that show a list to be whole: the last is empty, or shorter than another one."""
    return rows // PAGE_MOST + (1 if rows >= PAGE_MOST or not rows else 2)


def main() -> None:
    """Count and print."""
    options = parser(__doc__, rounds=1)
    options.add_argument("--devices", type=int, default=DEVICES)
    args = options.parse_args()
    sites = ceil(args.devices / CAMERAS)
    with tempfile.TemporaryDirectory() as name, running() as server:
        folder = Path(name)
        make(folder, rows=args.devices, cameras=CAMERAS)
        command = tool("apply", "inventory.csv", "-m", "mapping.toml", *OPTIONS, folder=folder, env=server.env)
        run(command)
        first = server.counts()
        run(command)
        both = server.counts()
    first_sent = sum(number for kind, number in first.items() if kind != "token")
    again = {kind: number - first.get(kind, 0) for kind, number in both.items() if kind != "token"}
    batches = sum(ceil(min(CAMERAS, args.devices - site * CAMERAS) / BATCH) for site in range(sites))
    allowed = sites + batches + pages(0) + pages(sites)
    device_pages = 1 + 1  # a list that fits into one page, and the empty one that shows it
    allowed_again = pages(sites) + sites * device_pages
    results = [
        Result(
            12,
            "`apply` into an empty dealer: requests",
            f"{first_sent:,} ({_told(first)})",
            f"needed {allowed:,}: {sites:,} sites, {batches:,} batches, {pages(0) + pages(sites)} pages",
            first_sent - allowed,
            f"{first_sent - allowed:+d} requests",
            most=0,
            unit="more",
        ),
        Result(
            12,
            "the same again, everything there: requests",
            f"{sum(again.values()):,} ({_told(again)})",
            f"needed {allowed_again:,}: {pages(sites)} pages of sites, {device_pages} of each site's devices",
            sum(again.values()) - allowed_again,
            f"{sum(again.values()) - allowed_again:+d} requests",
            most=0,
            unit="more",
        ),
    ]
    show(results, setting=f"{sites:,} sites, {args.devices:,} devices, {BATCH} a request", as_json=args.json)


def _told(counts: dict[str, int]) -> str:
    return ", ".join(f"{kind} {number:,}" for kind, number in sorted(counts.items()) if number)


if __name__ == "__main__":
    main()
