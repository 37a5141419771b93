"""The sandbox answers as the vendor's pages print it: their requests, their answers."""

from typing import Any

from sandbox_caller import SITE, STATION, calling

MADE_AT = "2025-01-01T00:00:00.000Z"

SEED_SITE: dict[str, Any] = {
    "external_site_id": "1234567890",
    "name": "Gangnam Headquarters",
    "monitoring_station_id": 1,
    "account_number": "1234567890",
    "address1": "123 Teheran-ro, Gangnam-gu, Seoul",
    "address2": "7th Floor, Suite 701",
    "timezone": "Asia/Seoul",
}
SEED_DEVICE = {
    "external_device_id": "adc-67890",
    "device_type": "camera",
    "name": "Front Door Camera",
    "zone_number": "001",
    "additional_zone_numbers": "002,003",
    "mac": "1234567890",
    "manufacturer": "CHeKT",
    "model": "ADC2345",
    "serial_number": "SN1234567890",
}
TOLD_DEVICE = {
    **SEED_DEVICE,
    "device_id": 1,
    "registered_by_partner": "adc",
    "created_at": MADE_AT,
    "updated_at": MADE_AT,
}


async def test_a_station_is_made_listed_read_changed_and_deleted() -> None:
    sent = {**STATION, "external_monitoring_station_id": "12345", "prefix": "CH", "linecard": "12345"}
    told = {"monitoring_station_id": 1, **sent, "created_at": MADE_AT}
    async with calling() as caller:
        made = await caller.call("POST", "/monitoring-stations", sent)
        assert (made.status, made.body) == (201, told)
        assert (await caller.call("GET", "/monitoring-stations")).body == [told]
        read = await caller.call("GET", "/monitoring-stations/1")
        assert (read.status, read.body) == (200, told)
        change = {"name": "Updated Station Name", "prefix": "NEW", "linecard": "67890"}
        changed = await caller.call("PUT", "/monitoring-stations/1", change)
        assert (changed.status, changed.body) == (200, {**told, **change})
        gone = await caller.call("DELETE", "/monitoring-stations/1")
        assert (gone.status, gone.content) == (204, b"")
        assert (await caller.call("GET", "/monitoring-stations/1")).status == 404


async def test_a_site_is_made_listed_read_changed_and_deleted() -> None:
    station = {**STATION, "external_monitoring_station_id": "12345"}
    told = {
        **SEED_SITE,
        "site_id": 1,
        "external_monitoring_station_id": "12345",
        "is_activated": 0,
        "created_at": MADE_AT,
    }
    async with calling() as caller:
        await caller.call("POST", "/monitoring-stations", station)
        made = await caller.call("POST", "/sites", SEED_SITE)
        assert (made.status, made.body) == (201, told)
        assert (await caller.call("GET", "/sites")).body == [told]
        read = await caller.call("GET", "/sites/1")
        assert (read.status, read.body) == (200, {**told, "has_physical_bridge": False})
        changed = await caller.call("PUT", "/sites/1", {"name": "Gangnam HQ - Updated"})
        assert (changed.status, changed.body) == (200, {**told, "name": "Gangnam HQ - Updated"})
        gone = await caller.call("DELETE", "/sites/1")
        assert (gone.status, gone.content) == (204, b"")
        assert (await caller.call("DELETE", "/sites/1")).status == 404


async def test_a_site_without_a_station_has_nulls_for_it() -> None:
    async with calling() as caller:
        site = (await caller.call("POST", "/sites", SITE)).body
        assert site["monitoring_station_id"] is None
        assert site["external_monitoring_station_id"] is None
        assert site["account_number"] is None


async def test_sites_of_a_deleted_station_have_none() -> None:
    async with calling() as caller:
        await caller.call("POST", "/monitoring-stations", STATION)
        await caller.make_site(monitoring_station_id=1)
        await caller.call("DELETE", "/monitoring-stations/1")
        site = (await caller.call("GET", "/sites/1")).body
        assert (site["monitoring_station_id"], site["external_monitoring_station_id"]) == (None, None)


async def test_an_update_with_null_clears_what_is_not_required() -> None:
    async with calling() as caller:
        await caller.make_site(address1="Old Street 1")
        assert (await caller.call("PUT", "/sites/1", {"address1": None})).body["address1"] is None
        assert (await caller.call("PUT", "/sites/1", {"name": None})).status == 400


async def test_activation_is_a_switch() -> None:
    async with calling() as caller:
        await caller.make_site()
        first = await caller.call("PATCH", "/sites/1/activation-status")
        assert (first.status, first.body["is_activated"]) == (200, 1)
        assert (await caller.call("PATCH", "/sites/1/activation-status", {})).body["is_activated"] == 0
        assert (await caller.call("PATCH", "/sites/1/activation-status", {"is_activated": 1})).status == 400


async def test_arming_settings_are_read_and_set() -> None:
    async with calling() as caller:
        await caller.make_site(external_site_id="1234567890")
        told = {"site_id": 1, "external_site_id": "1234567890", "name": "Gangnam Headquarters", "security_type": 1}
        assert (await caller.call("GET", "/sites/1/arming-settings")).body == told
        changed = await caller.call("PATCH", "/sites/1/arming-settings", {"security_type": 3})
        assert (changed.status, changed.body) == (200, {**told, "security_type": 3})


async def test_devices_are_made_listed_and_read() -> None:
    async with calling() as caller:
        await caller.make_site()
        made = await caller.call("POST", "/sites/1/devices", [SEED_DEVICE])
        req = {"external_device_id": "adc-67890", "device_type": "camera", "zone_number": "001"}
        assert made.status == 201
        assert made.body == {
            "success_count": 1,
            "failure_count": 0,
            "results": [{"is_successful": True, "req": req, "res": TOLD_DEVICE}],
        }
        assert (await caller.call("GET", "/sites/1/devices")).body == [TOLD_DEVICE]
        assert (await caller.call("GET", "/sites/1/devices/1")).body == TOLD_DEVICE


async def test_devices_are_changed() -> None:
    change = {"device_id": 1, "name": "Updated Front Door Camera", "zone_number": "005", "mac": "0987654321"}
    async with calling() as caller:
        await caller.make_site()
        await caller.call("POST", "/sites/1/devices", [SEED_DEVICE])
        caller.clock.now += 60
        changed = await caller.call("PUT", "/sites/1/devices", [change])
        res = {"device_id": 1, "device_type": "camera", "zone_number": "005", "name": change["name"]}
        req = {"device_id": 1, "name": change["name"]}
        told = {"is_successful": True, "req": req, "res": {**res, "updated_at": "2025-01-01T00:01:00.000Z"}}
        assert changed.status == 200
        assert changed.body == {"success_count": 1, "failure_count": 0, "results": [told]}
        device = (await caller.call("GET", "/sites/1/devices/1")).body
        assert device == {**TOLD_DEVICE, **change, "updated_at": "2025-01-01T00:01:00.000Z"}


async def test_devices_are_deleted_in_bulk() -> None:
    async with calling() as caller:
        await caller.make_site()
        await caller.make_devices(1, "001", "002", "003")
        gone = await caller.call("POST", "/sites/1/devices/bulk-delete", {"deviceIds": [1, 891]})
        assert gone.status == 200
        assert gone.body["success_count"] == gone.body["failure_count"] == 1
        done, refused = gone.body["results"]
        res = {"device_id": 1, "device_type": "camera", "zone_number": "001"}
        assert done == {"is_successful": True, "req": {"device_id": 1}, "res": res}
        assert (refused["is_successful"], refused["status_code"], refused["req"]) == (False, 404, {"device_id": 891})
        assert [device["device_id"] for device in caller.sandbox.state()["devices"]] == [2, 3]


async def test_a_bridge_shows_on_its_site_and_goes_with_it() -> None:
    bridge = {"external_device_id": "b", "device_type": "bridge", "zone_number": "001"}
    async with calling() as caller:
        await caller.make_site()
        await caller.call("POST", "/sites/1/devices", [bridge])
        assert (await caller.call("GET", "/sites/1")).body["has_physical_bridge"] is True
        await caller.call("DELETE", "/sites/1")
        assert caller.sandbox.state()["devices"] == []


async def test_a_contact_is_made_listed_changed_and_deleted() -> None:
    sent = {"external_contact_id": "C-1", "first_name": "Min", "last_name": "Kim", "email": "min@example.com"}
    told = {"contact_id": 1, **sent, "phone_number": None, "created_at": MADE_AT}
    async with calling() as caller:
        await caller.make_site()
        made = await caller.call("POST", "/sites/1/contacts", sent)
        assert (made.status, made.body) == (201, told)
        assert (await caller.call("GET", "/sites/1/contacts")).body == [told]
        changed = await caller.call("PUT", "/sites/1/contacts/1", {"phone_number": "555"})
        assert changed.body == {**told, "phone_number": "555"}
        assert (await caller.call("DELETE", "/sites/1/contacts/1")).status == 204
        assert (await caller.call("GET", "/sites/1/contacts")).body == []


async def test_repeated_external_ids_are_taken() -> None:
    async with calling() as caller:
        assert [await caller.make_site(), await caller.make_site()] == [1, 2]


async def test_a_strict_sandbox_refuses_repeated_external_ids() -> None:
    async with calling(unique=True) as caller:
        await caller.make_site()
        await caller.make_site(external_site_id="S-2")
        assert (await caller.call("POST", "/sites", SITE)).status == 409
        assert (await caller.call("PUT", "/sites/2", {"external_site_id": "S-1"})).status == 409
        assert (await caller.call("PUT", "/sites/1", {"external_site_id": "S-1"})).status == 200
        await caller.make_devices(1, "001")
        again = await caller.call("POST", "/sites/1/devices", [{**SEED_DEVICE, "external_device_id": "cam-001"}])
        assert again.body["results"][0]["status_code"] == 409
