"""What the sandbox refuses, with which status, and that it then does nothing."""

from io import BytesIO
from typing import Any

import pytest
from sandbox_caller import SITE, STATION, Caller, calling, camera


def without(body: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != name}


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/sites", without(SITE, "timezone"), "timezone is required"),
        ("/sites", {**SITE, "name": ""}, "name is required"),
        ("/sites", {**SITE, "name": None}, "name is required"),
        ("/sites", {**SITE, "timezone": "Eastern"}, "timezone Eastern is not known"),
        ("/sites", {**SITE, "city": "Seoul"}, "unknown field: city"),
        ("/sites", {**SITE, "is_activated": 1}, "unknown field: is_activated"),
        ("/sites", {**SITE, "account_number": 42}, "account_number must be a string"),
        ("/sites", {**SITE, "address1": None}, "address1 must be a string"),
        ("/sites", {**SITE, "monitoring_station_id": "1"}, "monitoring_station_id must be a number"),
        ("/sites", {**SITE, "monitoring_station_id": True}, "monitoring_station_id must be a number"),
        ("/sites", {**SITE, "monitoring_station_id": 2**63}, "monitoring_station_id must be a number"),
        ("/sites", {**SITE, "monitoring_station_id": 9}, "monitoring_station_id 9 does not exist"),
        ("/sites", [SITE], "the body must be a JSON object"),
        ("/sites", None, "the body must be a JSON object"),
        ("/monitoring-stations", without(STATION, "name"), "name is required"),
        ("/monitoring-stations", {**STATION, "prefix": 7}, "prefix must be a string"),
        ("/sites/1/devices", {}, "the body must be a list of objects, and not empty"),
        ("/sites/1/devices", [], "the body must be a list of objects, and not empty"),
        ("/sites/1/devices", ["x"], "the body must be a list of objects, and not empty"),
        ("/sites/1/devices/bulk-delete", {"deviceIds": ["1"]}, "deviceIds must be a list of numbers, and not empty"),
        ("/sites/1/devices/bulk-delete", {"device_ids": [1]}, "unknown field: device_ids"),
    ],
)
async def test_a_bad_body_is_refused_with_400_and_a_reason(path: str, body: object, said: str) -> None:
    async with calling() as caller:
        await caller.make_site()
        before = caller.sandbox.state()
        reply = await caller.call("POST", path, body)
        assert (reply.status, reply.body) == (400, {"error_message": said})
        assert caller.sandbox.state() == before
        assert not list(caller.sandbox.history)[-1].committed


async def test_a_body_that_is_not_json_is_refused() -> None:
    async with calling() as caller:
        url = f"{caller.sandbox.url}/partner/v1/dealers/12345/sites"
        reply = await caller.send("POST", url, data=b"{", headers={"Authorization": f"Bearer {caller.token}"})
        assert (reply.status, reply.body) == (400, {"error_message": "the body is not JSON"})


async def test_updates_refuse_what_cannot_be_updated() -> None:
    async with calling() as caller:
        await caller.make_site()
        await caller.call("POST", "/monitoring-stations", STATION)
        change = {"external_monitoring_station_id": "CS-2"}
        assert (await caller.call("PUT", "/monitoring-stations/1", change)).status == 400
        assert (await caller.call("PUT", "/sites/1", {"name": ""})).status == 400
        assert (await caller.call("PUT", "/sites/1", {})).status == 200


@pytest.mark.parametrize("value", [0, 5, "3", None, True, 1.5])
async def test_a_security_type_out_of_range_is_refused(value: object) -> None:
    async with calling() as caller:
        await caller.make_site()
        assert (await caller.call("PATCH", "/sites/1/arming-settings", {"security_type": value})).status == 400


async def assert_missing(caller: Caller, method: str, path: str) -> None:
    reply = await caller.call(method, path, None if method == "GET" else [camera("001")])
    assert reply.status == 404, path
    assert "error_message" in reply.body


async def test_what_does_not_exist_is_404() -> None:
    async with calling(dealers=("12345", "678")) as caller:
        await caller.make_site()
        await assert_missing(caller, "GET", "/sites/2")
        await assert_missing(caller, "GET", "/sites/x")
        await assert_missing(caller, "GET", f"/sites/{10**30}")
        await assert_missing(caller, "GET", "/sites/1/devices/1")
        await assert_missing(caller, "GET", "/sites/2/devices")
        await assert_missing(caller, "POST", "/sites/2/devices")
        await assert_missing(caller, "GET", "/monitoring-stations/1")
        await assert_missing(caller, "GET", "/nothing")
        caller.dealer = "678"
        await assert_missing(caller, "GET", "/sites/1")
        assert (await caller.call("GET", "/sites")).body == []
        caller.dealer = "999"
        await assert_missing(caller, "GET", "/sites")


async def test_devices_of_another_site_are_out_of_reach() -> None:
    async with calling() as caller:
        await caller.make_site()
        await caller.make_site(external_site_id="S-2")
        await caller.make_devices(1, "001")
        changed = await caller.call("PUT", "/sites/2/devices", [{"device_id": 1, "name": "x"}])
        assert changed.body["results"][0]["status_code"] == 404


async def test_each_bad_device_is_refused_by_itself() -> None:
    bad = [
        without(camera("010"), "external_device_id"),
        camera("011", device_type="toaster"),
        {**camera("012"), "zone_number": 12},
        camera("013", colour="red"),
        camera("001"),
        camera("014", additional_zone_numbers="015, 001"),
        camera("016", additional_zone_numbers="016"),
    ]
    async with calling() as caller:
        await caller.make_site()
        reply = await caller.call("POST", "/sites/1/devices", [camera("001"), *bad, camera("002")])
        assert reply.status == 201
        assert (reply.body["success_count"], reply.body["failure_count"]) == (2, 7)
        refused = reply.body["results"][1:-1]
        assert [result["status_code"] for result in refused] == [400, 400, 400, 400, 409, 409, 400]
        assert refused[0]["req"] == {"device_type": "camera", "zone_number": "010"}
        assert refused[4]["error_message"] == "zone_number 001 is already in use"
        assert all("res" not in result for result in refused)
        assert [device["zone_number"] for device in caller.sandbox.state()["devices"]] == ["001", "002"]


async def test_a_changed_zone_gives_the_old_one_free() -> None:
    async with calling() as caller:
        await caller.make_site()
        await caller.make_devices(1, "001", "002")
        clash = await caller.call("PUT", "/sites/1/devices", [{"device_id": 1, "zone_number": "002"}])
        assert clash.body["results"][0]["status_code"] == 409
        swap = [{"device_id": 1, "zone_number": "003"}, {"device_id": 2, "zone_number": "001"}]
        assert (await caller.call("PUT", "/sites/1/devices", swap)).body["success_count"] == 2


async def test_bad_updates_of_devices_are_refused_one_by_one() -> None:
    async with calling() as caller:
        await caller.make_site()
        await caller.make_devices(1, "001")
        items = [{"name": "x"}, {"device_id": 1, "device_type": "bridge"}, {"device_id": 1, "mac": None}]
        results = (await caller.call("PUT", "/sites/1/devices", items)).body["results"]
        assert [result.get("status_code") for result in results] == [400, 400, None]


async def test_the_same_device_twice_is_taken_where_zones_are_not_checked() -> None:
    async with calling(unique_zones=False) as caller:
        await caller.make_site()
        assert (await caller.make_devices(1, "001", "001")).body["success_count"] == 2


@pytest.mark.parametrize("status", [413, 400])
async def test_a_batch_above_the_largest_is_refused_whole(status: int) -> None:
    async with calling(max_batch=2, max_batch_status=status) as caller:
        await caller.make_site()
        assert (await caller.make_devices(1, "001", "002", "003")).status == status
        assert (await caller.make_devices(1, "001", "002")).body["success_count"] == 2


async def test_a_method_that_a_path_does_not_have_is_refused_with_those_that_it_has() -> None:
    async with calling() as caller:
        refused = await caller.call("TRACE", "/sites/1")
        assert (refused.status, refused.headers["Allow"]) == (405, "DELETE, GET, PUT")
        assert refused.body["error_message"]
        assert (await caller.call("OPTIONS", "/sites/1/devices/bulk-delete")).headers["Allow"] == "POST"
        assert (await caller.call("GET", "/nothing")).status == 404


async def test_a_body_that_is_too_large_is_refused_as_json() -> None:
    async with calling() as caller:
        large = BytesIO(b" " * (5 * 2**20))
        refused = await caller.send("POST", "/partner/v1/dealers/12345/sites", data=large)
        assert refused.status == 413
        assert refused.headers["Content-Type"].startswith("application/json")
        assert "bytes" in refused.body["error_message"]


async def test_a_whole_number_may_be_written_with_a_point() -> None:
    async with calling() as caller:
        await caller.make_site()
        await caller.make_devices(1, "001")
        armed = await caller.call("PATCH", "/sites/1/arming-settings", {"security_type": 3.0})
        assert (armed.status, armed.body["security_type"]) == (200, 3)
        assert (await caller.call("PATCH", "/sites/1/arming-settings", {"security_type": 3.5})).status == 400
        gone = await caller.call("POST", "/sites/1/devices/bulk-delete", {"deviceIds": [1.0, 1e300]})
        assert gone.status == 400
        gone = await caller.call("POST", "/sites/1/devices/bulk-delete", {"deviceIds": [1.0]})
        assert gone.body["results"][0]["req"] == {"device_id": 1}
