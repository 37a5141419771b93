"""What planning needs of the API: four reads; the client satisfies it, and so can anything else."""

from typing import Protocol

from migrate.model.answers import ArmingSettings, Device, Listing, Site, Station


class Reader(Protocol):
    """The reads that a plan is made from; each raises ApiError, or ApiUnusable when no call can work any more."""

    async def all_stations(self) -> Listing[Station]: ...

    async def all_sites(self) -> Listing[Site]: ...

    async def all_devices(self, site_id: int, /) -> Listing[Device]: ...

    async def get_arming_settings(self, site_id: int, /) -> ArmingSettings: ...
