"""PartnerClient: one typed coroutine for each endpoint of the Partner API, and whole lists."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from random import Random
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from migrate.api.answers import Unreadable, read, read_bulk, read_list
from migrate.api.caller import BRIEFLY, Caller, Counts
from migrate.api.lookup import SharedList, SiteLookup
from migrate.api.pace import Pace
from migrate.api.paging import Endpoint, Fetch, Pager, first_page
from migrate.api.query import ListQuery
from migrate.api.rate import Rate
from migrate.api.requests import Request, Requests
from migrate.api.retry import RetryPolicy
from migrate.api.transport import AiohttpTransport, Transport
from migrate.api.verdict import unreadable
from migrate.errors import ApiError, ApiUnusable, Doubtful
from migrate.model.answers import ArmingSettings, BulkAnswer, Device, Listing, Site, SiteIds, Station
from migrate.model.exchange import Exchange
from migrate.model.trace import new_trace_id
from migrate.settings import Settings

Body = Mapping[str, Any]
R = TypeVar("R")

_STATIONS: Final = Endpoint("monitoring-stations", "monitoring_station_id")
_SITES: Final = Endpoint("sites", "site_id", documented=True)
_DEVICES: Final = Endpoint("devices", "device_id")
_BAD_REQUEST, _FORBIDDEN, _NOT_FOUND = 400, 403, 404


class PartnerClient:
    """The Partner API for one dealer; use it with `async with`.

    All tasks share one pace, one token and one retry budget. Answers that leave open whether the server acted raise
    Doubtful; a create is never sent twice after one. An `exchange` is filled with what was sent and answered.
    Connections go straight to the API: proxy variables and `.netrc` are not used; `SSL_CERT_FILE` is.

    Args:
        settings: where the API is, the credentials and the dealer; raises ApiUnusable or SettingsError if they lack.
        rate: never exceeded if given; else learned, from 60/min on.
        remembered_per_minute: a rate to learn on from instead; no limit.
        burst: requests that may go at once.
        concurrency: requests in flight.
        timeout_s: limit for one request, from connecting to the last byte.
        policy: how often a call is tried.
        rng: spreads the waits.
        transport: what sends; aiohttp if None.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        rate: Rate | None = None,
        remembered_per_minute: float | None = None,
        burst: int = 5,
        concurrency: int = 8,
        timeout_s: float = 30.0,
        policy: RetryPolicy | None = None,
        rng: Random | None = None,
        transport: Transport | None = None,
    ) -> None:
        settings.require_credentials()
        self.dealer_id = settings.require_dealer()
        self.origin = settings.origin
        rng = rng or Random()  # noqa: S311 - spreads waits, guards nothing
        self.pace = Pace(rate, burst=burst, rng=rng, remembered_per_minute=remembered_per_minute)
        speaks_tls = any(url.startswith("https:") for url in (settings.base_url, settings.token_url))
        self._transport = transport or AiohttpTransport(tls=speaks_tls)
        self._caller = Caller(
            settings,
            self._transport,
            pace=self.pace,
            policy=policy or RetryPolicy(),
            concurrency=concurrency,
            timeout_s=timeout_s,
            rng=rng,
        )
        self._build = Requests(settings.origin, self.dealer_id)
        self._pager = Pager()
        self._sites = SharedList(partial(self._all, _SITES, self._sites_page))
        self._first_page: tuple[ListQuery, list[Site]] | None = None
        self._lookup = SiteLookup(self.list_sites, self._sites)

    async def __aenter__(self) -> Self:
        await self._transport.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.close()

    @property
    def counts(self) -> Counts:
        """How many requests were sent so far."""
        return self._caller.counts

    @property
    def per_minute(self) -> float:
        """The rate at present."""
        return self.pace.per_minute

    @property
    def limit_wait_s(self) -> float:
        """How many seconds requests that are ready still wait because of the API's limit; 0 if none waits."""
        return self.pace.limit_wait_s

    async def open(self) -> None:
        """Check at the start, within 30 s, that the API can be used for this dealer; raise ApiUnusable if not.

        What is asked for is the first page of the sites, which `all_sites` need not ask for again if it comes next.
        """
        query = first_page(_SITES)
        try:
            value = await self._look(query)
        except ApiError as error:
            raise ApiUnusable(f"{error.message}; check CHEKT_BASE_URL and the network") from error
        with suppress(Unreadable):
            self._first_page = None if value is None else (query, read_list(Site, value))

    async def log_in(self) -> float | None:
        """Have a token, and return for how many seconds it is still good, None if that isn't known.

        Raises:
            ApiUnusable, ApiError: there is none to be had.
        """
        return await self._caller.log_in()

    async def check_dealer(self) -> None:
        """Ask for the least that shows that the API answers for this dealer; raise ApiUnusable if it refuses."""
        await self._look(ListQuery(limit=1))

    async def _look(self, query: ListQuery) -> object | None:
        """Return sites as they come, or None where the API does not like how they are asked for: it answers."""
        try:
            return await self._caller.call(self._build.get("sites", query=query), policy=BRIEFLY)
        except ApiError as error:
            failed = error
        if failed.status_code == _FORBIDDEN:
            raise ApiUnusable(
                f"no access to dealer {self.dealer_id} (403: {failed.message}); "
                "check the token's scope, the dealer's id and the address allow-list"
            )
        if failed.status_code == _NOT_FOUND:
            raise ApiUnusable(
                f"dealer {self.dealer_id} is not known at {self.origin}; check --dealer and CHEKT_BASE_URL"
            )
        if failed.status_code != _BAD_REQUEST:  # a 400 is about the limit; it shows that the API answers
            raise failed
        return None

    # Monitoring stations

    async def create_station(self, body: Body, *, exchange: Exchange | None = None) -> Station:
        """POST .../monitoring-stations."""
        request = self._build.create("monitoring-stations", body=body)
        return await self._ask(request, partial(read, Station), exchange)

    async def list_stations(self, query: ListQuery | None = None) -> list[Station]:
        """GET .../monitoring-stations."""
        return await self._ask(self._build.get("monitoring-stations", query=query), partial(read_list, Station))

    async def get_station(self, monitoring_station_id: int) -> Station:
        """GET .../monitoring-stations/{monitoringStationId}."""
        return await self._ask(self._build.get("monitoring-stations", monitoring_station_id), partial(read, Station))

    async def update_station(
        self, monitoring_station_id: int, body: Body, *, exchange: Exchange | None = None
    ) -> Station:
        """PUT .../monitoring-stations/{monitoringStationId}; "" clears a field, None leaves it out."""
        request = self._build.change("PUT", "monitoring-stations", monitoring_station_id, body=body)
        return await self._ask(request, partial(read, Station), exchange)

    async def delete_station(self, monitoring_station_id: int, *, exchange: Exchange | None = None) -> None:
        """DELETE .../monitoring-stations/{monitoringStationId}."""
        await self._delete(self._build.change("DELETE", "monitoring-stations", monitoring_station_id), exchange)

    async def all_stations(self) -> Listing[Station]:
        """Read all stations of the dealer."""
        return await self._all(_STATIONS, self.list_stations)

    # Sites

    async def create_site(self, body: Body, *, exchange: Exchange | None = None) -> Site:
        """POST .../sites."""
        return await self._ask(self._build.create("sites", body=body), partial(read, Site), exchange)

    async def list_sites(self, query: ListQuery | None = None) -> list[Site]:
        """GET .../sites."""
        return await self._ask(self._build.get("sites", query=query), partial(read_list, Site))

    async def get_site(self, site_id: int) -> Site:
        """GET .../sites/{siteId}."""
        return await self._ask(self._build.get("sites", site_id), partial(read, Site))

    async def update_site(self, site_id: int, body: Body, *, exchange: Exchange | None = None) -> Site:
        """PUT .../sites/{siteId}; "" clears a field, None leaves it out."""
        return await self._ask(self._build.change("PUT", "sites", site_id, body=body), partial(read, Site), exchange)

    async def delete_site(self, site_id: int, *, exchange: Exchange | None = None) -> None:
        """DELETE .../sites/{siteId}."""
        await self._delete(self._build.change("DELETE", "sites", site_id), exchange)

    async def update_activation_status(self, site_id: int, *, exchange: Exchange | None = None) -> Site:
        """PATCH .../sites/{siteId}/activation-status; may be a toggle, so it is never repeated in doubt."""
        request = self._build.change("PATCH", "sites", site_id, "activation-status", repeatable=False)
        return await self._ask(request, partial(read, Site), exchange)

    async def all_sites(self) -> Listing[Site]:
        """Read all sites of the dealer, once for all who ask at the same time."""
        return await self._sites.read()

    async def all_site_ids(self) -> Listing[SiteIds]:
        """Read all sites of the dealer anew, and hold their ids alone."""
        return await self._all(_SITES, self._site_ids_page)

    async def _site_ids_page(self, query: ListQuery | None) -> list[SiteIds]:
        return [SiteIds(site.site_id, site.external_site_id) for site in await self.list_sites(query)]

    async def _sites_page(self, query: ListQuery | None) -> list[Site]:
        first, self._first_page = self._first_page, None
        return first[1] if first is not None and first[0] == query else await self.list_sites(query)

    async def find_sites(self, external_site_id: str) -> Listing[Site]:
        """Return the sites with exactly this external id; complete if there can be no others."""
        return await self._lookup.find(external_site_id)

    async def look_for_site(self, external_site_id: str) -> Listing[Site]:
        """Return the sites with exactly this id, or all sites where it is not found: one may have nearly this id."""
        return await self._lookup.look(external_site_id)

    # Arming settings

    async def get_arming_settings(self, site_id: int) -> ArmingSettings:
        """GET .../sites/{siteId}/arming-settings."""
        return await self._ask(self._build.get("sites", site_id, "arming-settings"), partial(read, ArmingSettings))

    async def update_arming_settings(
        self, site_id: int, security_type: int, *, exchange: Exchange | None = None
    ) -> ArmingSettings:
        """PATCH .../sites/{siteId}/arming-settings."""
        body = {"security_type": security_type}
        request = self._build.change("PATCH", "sites", site_id, "arming-settings", body=body)
        return await self._ask(request, partial(read, ArmingSettings), exchange)

    # Devices

    async def create_devices(
        self, site_id: int, devices: Sequence[Body] | bytes, *, exchange: Exchange | None = None
    ) -> BulkAnswer:
        """POST .../sites/{siteId}/devices; bytes are sent as they are."""
        return await self._ask(self._build.create("sites", site_id, "devices", body=devices), read_bulk, exchange)

    async def list_devices(self, site_id: int, query: ListQuery | None = None) -> list[Device]:
        """GET .../sites/{siteId}/devices."""
        return await self._ask(self._build.get("sites", site_id, "devices", query=query), partial(read_list, Device))

    async def get_device(self, site_id: int, device_id: int) -> Device:
        """GET .../sites/{siteId}/devices/{deviceId}."""
        return await self._ask(self._build.get("sites", site_id, "devices", device_id), partial(read, Device))

    async def update_devices(
        self, site_id: int, devices: Sequence[Body], *, exchange: Exchange | None = None
    ) -> BulkAnswer:
        """PUT .../sites/{siteId}/devices; "" clears a field, None leaves it out."""
        request = self._build.change("PUT", "sites", site_id, "devices", body=devices)
        return await self._ask(request, read_bulk, exchange)

    async def delete_devices(
        self, site_id: int, device_ids: Sequence[int], *, exchange: Exchange | None = None
    ) -> BulkAnswer:
        """POST .../sites/{siteId}/devices/bulk-delete; after a repeat, what is gone already may count as failed."""
        body = {"deviceIds": list(device_ids)}
        request = self._build.change("POST", "sites", site_id, "devices", "bulk-delete", body=body)
        return await self._ask(request, read_bulk, exchange)

    async def all_devices(self, site_id: int) -> Listing[Device]:
        """Read all devices of a site."""
        return await self._all(_DEVICES, partial(self.list_devices, site_id))

    async def _all(self, endpoint: Endpoint, fetch: Fetch[R]) -> Listing[R]:
        return await self._pager.read_all(endpoint, fetch)

    async def _ask(self, request: Request, reader: Callable[[object], R], exchange: Exchange | None = None) -> R:
        """Send a request and read its answer; an answer that can't be read leaves open what happened."""
        exchange = exchange or Exchange(new_trace_id())
        if request.writes:
            self._first_page = None  # it may be another one from here on
        value = await self._caller.call(request, exchange)
        try:
            return reader(value)
        except Unreadable as error:
            reason = str(error)
        raise unreadable(reason, exchange.status_code, exchange.trace_id)

    async def _delete(self, request: Request, exchange: Exchange | None) -> None:
        """Send a delete; if an earlier sending may have done it, that nothing is there any more is what was wanted."""
        try:
            await self._caller.call(request, exchange)
        except Doubtful as error:
            if error.status_code != _NOT_FOUND:
                raise
