"""After the run: the lists are read once more, and a record that is at the dealer twice is told loudly."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

import polars as pl

from migrate.pipeline.running import Running


async def audit(running: Running, records: Mapping[str, pl.DataFrame]) -> None:
    """Look for repeated external ids among the sites, and among the devices of sites where doubt arose.

    A request that lost its answer may be carried out after the settle time; only here can that be seen.
    """
    sites = records.get("site")
    if sites is not None and _made_any(running, sites):
        listing = await running.read(running.remote.all_sites)
        ids = [(site.external_site_id, site.site_id) for site in listing.items]
        await _tell_twice(running, sites, "external_site_id", ids)
    devices = records.get("device")
    if devices is None:
        return
    for site_id, of_site in _doubtful_sites(running, devices):
        listed = await running.read(partial(running.remote.all_devices, site_id))
        there = [(device.external_device_id, device.device_id) for device in listed.items]
        await _tell_twice(running, of_site, "external_device_id", there)


def _doubtful_sites(running: Running, devices: pl.DataFrame) -> Iterator[tuple[int, pl.DataFrame]]:
    """Yield the id at the dealer, and our devices, of each site with a device that was ever in doubt."""
    doubted = pl.Series(sorted(running.doubted), dtype=pl.UInt32).implode()
    sites = devices.filter(pl.col("_n").is_in(doubted)).select("external_site_id", "_site", "_site_id")
    for external_site_id, n, known in sites.unique(maintain_order=True).iter_rows():
        made = running.results.get(n)
        site_id = made.remote_id if made is not None and made.remote_id is not None else known
        if site_id is not None:
            yield site_id, devices.filter(pl.col("external_site_id") == external_site_id)


def _made_any(running: Running, sites: pl.DataFrame) -> bool:
    return any(
        (result := running.results.get(n)) is not None and result.outcome in {"created", "unknown"} for n in sites["_n"]
    )


async def _tell_twice(
    running: Running, frame: pl.DataFrame, id_field: str, there: Iterable[tuple[str | None, int]]
) -> None:
    listed = list(there)
    counts = Counter(name for name, _ in listed)
    twice = {name for name, count in counts.items() if count > 1}
    results = []
    for n, name in frame.filter(pl.col(id_field).is_in(list(twice))).select("_n", id_field).iter_rows():
        before = running.results.get(n)
        if before is None or before.outcome not in {"created", "unknown"}:
            continue
        ids = ", ".join(str(remote_id) for found, remote_id in listed if found == name)
        message = f"the dealer has {name} {counts[name]} times ({ids}): one was carried out late; delete all but one"
        results.append(running.result(n, "failed", code="twice_at_dealer", message=message, remote_id=before.remote_id))
    await running.settle(results)
