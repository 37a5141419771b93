"""After the run: the lists are read once more, and a record that is at the dealer twice is told loudly."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import polars as pl

from migrate.errors import ApiError, Stopped
from migrate.model.answers import Device, Listing, SiteIds, Station
from migrate.model.records import DEVICE, SITE, STATION, RecordType
from migrate.model.results import Result
from migrate.pipeline.remarks import seen_once
from migrate.pipeline.running import Running

_GONE = 404
_Item = Station | SiteIds | Device


@dataclass(frozen=True, slots=True)
class _Look:
    """Records of ours, and how the list is read in which they are."""

    kind: RecordType
    frame: pl.DataFrame
    read: Callable[[], Awaitable[Listing[_Item]]]


async def audit(running: Running, records: Mapping[str, pl.DataFrame]) -> None:
    """Look for repeated external ids among the sites, and where doubt arose among the stations and a site's devices.

    A request that lost its answer may be carried out after the settle time; only here can that be seen.

    Raises:
        Stopped: a list can't be read; all the others have been looked at.
    """
    failed: ApiError | None = None
    for look in _looks(running, records):
        try:
            listing = await running.read(look.read)
        except ApiError as error:
            failed = failed if error.status_code == _GONE else error
        else:
            await running.settle(_seen(running, look, listing))
        if look.kind is DEVICE:
            running.done(1)
    if failed is not None:
        raise Stopped(
            f"the last look for records that the dealer has twice failed ({failed.message}); what was done is saved, "
            "and resume looks again"
        ) from failed


def _looks(running: Running, records: Mapping[str, pl.DataFrame]) -> Iterator[_Look]:
    remote = running.remote
    stations, sites, devices = (records.get(kind.name) for kind in (STATION, SITE, DEVICE))
    if stations is not None and not _doubted(running, stations).is_empty():
        yield _Look(STATION, stations, remote.all_stations)
    if sites is not None and any(_is_ours(running.ledger.results.get(n)) for n in sites["_n"]):
        yield _Look(SITE, sites, remote.all_site_ids)
    if devices is None:
        return
    of_doubt = _doubted(running, devices).select(SITE.id_field, "_site", "_site_id").unique(maintain_order=True)
    for external_site_id, n, known in of_doubt.iter_rows():
        made = running.ledger.results.get(n)
        site_id = made.remote_id if made is not None and made.remote_id is not None else known
        if site_id is not None:
            of_site = devices.filter(pl.col(SITE.id_field) == external_site_id)
            yield _Look(DEVICE, of_site, partial(remote.all_devices, site_id))


def _doubted(running: Running, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the records that were ever in doubt."""
    return frame.filter(pl.col("_n").is_in(pl.Series(sorted(running.ledger.doubted), dtype=pl.UInt32).implode()))


def _is_ours(result: Result | None) -> bool:
    """Return whether this run may have made a record, so that it may have made it twice."""
    return result is not None and result.outcome in {"created", "unknown"}


def _seen(running: Running, look: _Look, listing: Listing[_Item]) -> list[Result]:
    """Return what becomes of records now that they were looked for; of most of them nothing new."""
    there: dict[str, list[int]] = defaultdict(list)
    for item in listing.items:
        there[getattr(item, look.kind.id_field)].append(getattr(item, look.kind.remote_id_field))
    results = []
    for n, name in look.frame.select("_n", look.kind.id_field).iter_rows():
        before, ids = running.ledger.results.get(n), there.get(name, [])
        if before is None or not _is_ours(before):
            continue
        if len(ids) > 1:
            told = f"the dealer has {name} {len(ids)} times ({', '.join(map(str, ids))})"
            message = f"{told}: one was carried out late, or made by somebody else; delete all but one"
            code = "twice_at_dealer"
            results.append(running.result(n, "failed", code=code, message=message, remote_id=before.remote_id))
        elif ids and listing.complete and (now := seen_once(before)) is not None:
            results.append(now)
    return results
