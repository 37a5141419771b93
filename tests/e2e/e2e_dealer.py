"""A dealer that has records already: made through the API, as other people and older systems would."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from e2e_inventory import device_rows, site_rows, station_rows

from migrate import PartnerClient
from migrate.api.rate import Rate
from migrate.app.rehearse import sandbox_settings
from migrate.sandbox.server import Sandbox

TYPE = 3
"""The security type of `site_rows`."""


@dataclass(frozen=True, slots=True)
class Filled:
    """The dealer's numbers of what it has, by external id."""

    station: int
    sites: Mapping[str, int]
    devices: Mapping[str, int]


@asynccontextmanager
async def talking_to(sandbox: Sandbox) -> AsyncIterator[PartnerClient]:
    """A client that does not wait."""
    async with PartnerClient(sandbox_settings(sandbox), rate=Rate(100_000, 60.0), burst=500) as client:
        yield client


async def fill(
    client: PartnerClient, *, sites: int, devices: int = 0, active: bool = False, prefix: str = "A"
) -> Filled:
    """Make what `write_inventory` writes: the records that a run of it would leave unchanged."""
    ((key, name),) = station_rows(prefix)
    station = await client.create_station({"external_monitoring_station_id": key, "name": name})
    site_ids, device_ids = {}, {}
    for key, name, timezone, street, account, *_ in site_rows(prefix, sites):
        body = {"external_site_id": key, "name": name, "timezone": timezone, "address1": street}
        made = await make_site(
            client, **body, account_number=account, monitoring_station_id=station.monitoring_station_id
        )
        site_ids[key] = made
        if active:
            await client.update_activation_status(made)
    for site, key, zone, name, _ in device_rows(prefix, sites, devices=devices):
        device_ids[key] = await make_device(client, site_ids[site], external_device_id=key, zone_number=zone, name=name)
    return Filled(station.monitoring_station_id, site_ids, device_ids)


async def make_site(client: PartnerClient, **body: Any) -> int:
    site = await client.create_site({"timezone": "America/New_York", **body})
    await client.update_arming_settings(site.site_id, TYPE)
    return site.site_id


async def make_device(client: PartnerClient, site_id: int, **body: Any) -> int:
    answer = await client.create_devices(site_id, [{"device_type": "camera", **body}])
    made = answer.results[0].res
    assert made is not None
    return int(made["device_id"])
