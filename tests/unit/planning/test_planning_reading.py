"""Reading the dealer: the lists that the records call for, side by side, and what a refused one means."""

import asyncio
from collections.abc import Mapping, Sequence

import polars as pl
import pytest
from planning_frames import READ_AT, planned, records

from migrate.errors import ApiUnusable, Rejected
from migrate.model.answers import ArmingSettings, Device, Listing, Site, Station
from migrate.model.exchange import Acted
from migrate.planning.dealer import Dealer
from migrate.planning.reading import read_dealer


class FakeApi:
    """Answers from its lists, and remembers what was asked and how much of it at once."""

    def __init__(
        self,
        *,
        sites: Sequence[Site] = (),
        devices: Mapping[int, Sequence[Device]] | None = None,
        refused: Mapping[int, Exception] | None = None,
        incomplete: Sequence[int] = (),
    ) -> None:
        self.sites = sites
        self.devices = devices or {}
        self.refused = refused or {}
        self.incomplete = incomplete
        self.asked: list[str] = []
        self.most_at_once = 0
        self._at_once = 0

    async def all_stations(self) -> Listing[Station]:
        self.asked.append("stations")
        station = Station(monitoring_station_id=5, external_monitoring_station_id=" CS ", name="Central", prefix="")
        return Listing((station,), complete=True)

    async def all_sites(self) -> Listing[Site]:
        self.asked.append("sites")
        return Listing(tuple(self.sites), complete=True)

    async def all_devices(self, site_id: int, /) -> Listing[Device]:
        await self._ask(f"devices {site_id}", site_id)
        return Listing(tuple(self.devices.get(site_id, ())), complete=site_id not in self.incomplete)

    async def get_arming_settings(self, site_id: int, /) -> ArmingSettings:
        await self._ask(f"arming {site_id}", site_id)
        return ArmingSettings(security_type=1)

    async def _ask(self, what: str, site_id: int) -> None:
        self.asked.append(what)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        await asyncio.sleep(0)
        self._at_once -= 1
        if site_id in self.refused:
            raise self.refused[site_id]


def _site(site_id: int, external: str | None) -> Site:
    return Site(site_id=site_id, external_site_id=external, name=f"Name {external}", timezone="America/New_York")


def _refusal(status: int = 403) -> Rejected:
    return Rejected("no access", code=f"http_{status}", acted=Acted.NO, status_code=status)


async def _read(api: FakeApi, frames: dict[str, pl.DataFrame], **options: object) -> Dealer:
    return await read_dealer(api, frames, read_at=READ_AT, **options)  # type: ignore[arg-type]  # any option, per test


async def test_only_what_the_records_call_for_is_read() -> None:
    frames = records(
        sites=[{"external_site_id": "S1", "security_type": 3}, {"external_site_id": "S2"}, {"external_site_id": "S9"}],
        devices=[
            {"external_site_id": "S2", "external_device_id": "D1"},
            {"external_site_id": "S9", "external_device_id": "D2"},
            {"external_site_id": "S1", "external_device_id": "D3", "_verdict": "invalid"},
        ],
    )
    api = FakeApi(sites=[_site(1, "S1"), _site(2, " S2"), _site(3, "other")])
    dealer = await _read(api, frames)
    assert sorted(api.asked) == ["arming 1", "devices 2", "sites"]
    assert dealer.arming.rows() == [(1, 1)]
    assert dealer.sites["external_site_id"].to_list() == ["S1", "S2", "other"]
    assert dealer.read_at == READ_AT


async def test_stations_are_read_where_records_use_them() -> None:
    api = FakeApi()
    frames = records(sites=[{"external_site_id": "S1", "external_monitoring_station_id": "CS"}])
    dealer = await _read(api, frames)
    assert api.asked == ["stations", "sites"]
    assert dealer.stations.rows(named=True)[0]["external_monitoring_station_id"] == "CS"
    assert dealer.stations["prefix"].to_list() == [None]
    await _read(api, records(stations=[{"external_monitoring_station_id": "CS"}]))
    assert api.asked.count("stations") == 2


async def test_a_site_that_is_there_twice_is_not_read_into() -> None:
    api = FakeApi(sites=[_site(1, "S1"), _site(2, "S1")])
    await _read(api, records(devices=[{"external_site_id": "S1", "external_device_id": "D1"}]))
    assert api.asked == ["sites"]


async def test_devices_of_a_site_to_adopt_are_read() -> None:
    place = {"name": "Acme", "address1": "1 Main St"}
    frames = records(
        sites=[{"external_site_id": "S1", **place}], devices=[{"external_site_id": "S1", "external_device_id": "D1"}]
    )
    api = FakeApi(sites=[Site(site_id=4, **place)])
    await _read(api, frames, adopt=True)
    assert api.asked == ["sites", "devices 4"]


async def test_only_records_in_scope_are_read_for() -> None:
    frames = records(devices=[{"external_site_id": f"S{at}", "external_device_id": f"D{at}"} for at in (1, 2)])
    api = FakeApi(sites=[_site(1, "S1"), _site(2, "S2")])
    await _read(api, frames, scope=pl.Series([2001], dtype=pl.UInt32))
    assert api.asked == ["sites", "devices 2"]


async def test_sites_are_read_side_by_side_but_not_more_than_told() -> None:
    frames = records(devices=[{"external_site_id": f"S{at}", "external_device_id": f"D{at}"} for at in range(20)])
    device = Device(device_id=1, external_device_id="D0", device_type="camera", zone_number="1")
    api = FakeApi(sites=[_site(at, f"S{at}") for at in range(20)], devices={0: [device]})
    told: list[tuple[int, int]] = []
    dealer = await _read(api, frames, concurrency=3, progress=lambda done, of: told.append((done, of)))
    assert api.most_at_once == 3
    assert told == [(done, 20) for done in range(1, 21)]
    assert dealer.devices.select("device_id", "site_id", "external_device_id").rows() == [(1, 0, "D0")]


async def test_a_site_that_the_api_refuses_is_noted_and_the_others_go_on() -> None:
    frames = records(devices=[{"external_site_id": f"S{at}", "external_device_id": f"D{at}"} for at in (1, 2)])
    api = FakeApi(sites=[_site(1, "S1"), _site(2, "S2")], refused={1: _refusal()})
    dealer = await _read(api, frames)
    assert dealer.unreadable.rows() == [(1, "http_403", "no access")]
    assert planned(frames, dealer).records["device"]["_planned"].to_list() == ["failed", "planned"]


async def test_a_list_that_may_lack_some_is_noted() -> None:
    frames = records(devices=[{"external_site_id": "S1", "external_device_id": "D1"}])
    dealer = await _read(FakeApi(sites=[_site(1, "S1")], incomplete=[1]), frames)
    assert dealer.unreadable["code"].to_list() == ["incomplete_list"]


async def test_where_no_site_can_be_read_the_first_error_ends_it() -> None:
    frames = records(devices=[{"external_site_id": f"S{at}", "external_device_id": f"D{at}"} for at in (1, 2)])
    api = FakeApi(sites=[_site(1, "S1"), _site(2, "S2")], refused={1: _refusal(), 2: _refusal()})
    with pytest.raises(Rejected, match="no access"):
        await _read(api, frames)


async def test_an_error_that_may_not_be_about_the_site_ends_it() -> None:
    frames = records(devices=[{"external_site_id": f"S{at}", "external_device_id": f"D{at}"} for at in (1, 2)])
    api = FakeApi(sites=[_site(1, "S1"), _site(2, "S2")], refused={1: _refusal(400)})
    with pytest.raises(Rejected):
        await _read(api, frames)


async def test_an_api_that_can_not_be_used_ends_it_with_that_error_alone() -> None:
    frames = records(devices=[{"external_site_id": f"S{at}", "external_device_id": f"D{at}"} for at in (1, 2)])
    api = FakeApi(sites=[_site(1, "S1"), _site(2, "S2")], refused={2: ApiUnusable("unreachable")})
    with pytest.raises(ApiUnusable, match="unreachable"):
        await _read(api, frames)
