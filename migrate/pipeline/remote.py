"""What the pipeline needs of the API; the client satisfies it, and so can anything else."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from migrate.model.answers import ArmingSettings, BulkAnswer, Device, Listing, Site, SiteIds, Station
from migrate.model.exchange import Exchange

Body = Mapping[str, Any]


class Remote(Protocol):
    """The calls that a run makes; each raises ApiError, or ApiUnusable when no call can work any more."""

    async def check_dealer(self) -> None:
        """Ask for the least that shows that the API answers for this dealer."""
        ...

    async def create_station(self, body: Body, *, exchange: Exchange | None = None) -> Station: ...

    async def update_station(
        self, monitoring_station_id: int, body: Body, *, exchange: Exchange | None = None
    ) -> Station: ...

    async def create_site(self, body: Body, *, exchange: Exchange | None = None) -> Site: ...

    async def update_site(self, site_id: int, body: Body, *, exchange: Exchange | None = None) -> Site: ...

    async def get_site(self, site_id: int) -> Site: ...

    async def update_activation_status(self, site_id: int, *, exchange: Exchange | None = None) -> Site: ...

    async def update_arming_settings(
        self, site_id: int, security_type: int, *, exchange: Exchange | None = None
    ) -> ArmingSettings: ...

    async def create_devices(
        self, site_id: int, devices: Sequence[Body] | bytes, *, exchange: Exchange | None = None
    ) -> BulkAnswer: ...

    async def update_devices(
        self, site_id: int, devices: Sequence[Body], *, exchange: Exchange | None = None
    ) -> BulkAnswer: ...

    async def all_stations(self) -> Listing[Station]: ...

    async def all_site_ids(self) -> Listing[SiteIds]: ...

    async def look_for_site(self, external_site_id: str) -> Listing[Site]: ...

    async def all_devices(self, site_id: int) -> Listing[Device]: ...
