"""Each endpoint as the seeds write it, and the check of the dealer."""

from typing import Any

import pytest
from api_virtual import SITE, Network, client, now, reply, run, settings

from migrate.api.client import PartnerClient
from migrate.api.query import ListQuery
from migrate.api.reply import Failure, Reply
from migrate.errors import ApiError, ApiUnusable, Doubtful, Rejected, SettingsError

ROOT = "/partner/v1/dealers/12"
STATION = {"monitoring_station_id": 4, "external_monitoring_station_id": "CS", "name": "Central"}
DEVICE = {"device_id": 9, "external_device_id": "d", "device_type": "camera", "zone_number": "001"}
ARMING = {"site_id": 1, "security_type": 3}
BULK = {"success_count": 1, "failure_count": 0, "results": [{"is_successful": True, "res": DEVICE}]}

CALLS: list[tuple[str, Any, str, str, Any, Any]] = [
    ("create_station", ({"name": "C"},), "POST", "/monitoring-stations", {"name": "C"}, STATION),
    ("list_stations", (), "GET", "/monitoring-stations", None, [STATION]),
    ("get_station", (4,), "GET", "/monitoring-stations/4", None, STATION),
    ("update_station", (4, {"name": "C"}), "PUT", "/monitoring-stations/4", {"name": "C"}, STATION),
    ("delete_station", (4,), "DELETE", "/monitoring-stations/4", None, None),
    ("create_site", ({"name": "S"},), "POST", "/sites", {"name": "S"}, SITE),
    ("list_sites", (ListQuery(limit=1),), "GET", "/sites?limit=1", None, [SITE]),
    ("get_site", (1,), "GET", "/sites/1", None, SITE),
    ("update_site", (1, {"name": "S"}), "PUT", "/sites/1", {"name": "S"}, SITE),
    ("delete_site", (1,), "DELETE", "/sites/1", None, None),
    ("update_activation_status", (1,), "PATCH", "/sites/1/activation-status", None, SITE),
    ("get_arming_settings", (1,), "GET", "/sites/1/arming-settings", None, ARMING),
    ("update_arming_settings", (1, 3), "PATCH", "/sites/1/arming-settings", {"security_type": 3}, ARMING),
    ("create_devices", (1, [{"name": "D"}]), "POST", "/sites/1/devices", [{"name": "D"}], BULK),
    ("create_devices", (1, b'[{"name":"D"}]'), "POST", "/sites/1/devices", [{"name": "D"}], BULK),
    ("list_devices", (1,), "GET", "/sites/1/devices", None, [DEVICE]),
    ("get_device", (1, 9), "GET", "/sites/1/devices/9", None, DEVICE),
    ("update_devices", (1, [{"device_id": 9}]), "PUT", "/sites/1/devices", [{"device_id": 9}], BULK),
    ("delete_devices", (1, [9]), "POST", "/sites/1/devices/bulk-delete", {"deviceIds": [9]}, BULK),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call[0])
def test_an_endpoint_is_called_as_its_seed_writes_it(call: tuple[str, Any, str, str, Any, Any]) -> None:
    name, arguments, method, path, body, answer = call
    network = Network([reply(204 if answer is None else 200, answer)])

    async def main() -> Any:
        async with client(network) as caller:
            return await getattr(caller, name)(*arguments)

    result = run(main())
    [sent] = network.sent
    assert (sent.method, sent.path) == (method, ROOT + path)
    assert sent.json == body
    assert ("Content-Type" in sent.headers) == (body is not None)
    assert ("Idempotency-Key" in sent.headers) == (method != "GET")
    shown = [item.model_dump() for item in result] if isinstance(result, list) else result and result.model_dump()
    wanted = answer[0] if isinstance(answer, list) else answer
    shown = shown[0] if isinstance(shown, list) else shown
    assert shown is None or {key: shown[key] for key in wanted if key != "results"} == {
        key: value for key, value in wanted.items() if key != "results"
    }


async def check(caller: PartnerClient) -> Exception | None:
    try:
        await caller.check_dealer()
    except (ApiError, ApiUnusable) as error:
        return error
    return None


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (reply(403, {"message": "scope"}), ApiUnusable, "no access to dealer 12 .*scope.*allow-list"),
        (reply(404), ApiUnusable, "dealer 12 is not known at https://api.test"),
        (reply(401), ApiUnusable, "credentials"),
        (reply(503), Doubtful, "503"),
        (reply(405), Rejected, "405"),
    ],
)
def test_a_dealer_that_can_not_be_used_is_told(answer: Reply, kind: type[Exception], words: str) -> None:
    async def main() -> Exception | None:
        async with client(Network([answer])) as caller:
            return await check(caller)

    error = run(main())
    assert type(error) is kind
    with pytest.raises(kind, match=words):
        raise error


@pytest.mark.parametrize("answer", [reply(200, []), reply(200, [SITE]), reply(400, {"message": "limit?"})])
def test_a_dealer_that_answers_is_fine(answer: Reply) -> None:
    async def main() -> Exception | None:
        async with client(Network([answer])) as caller:
            await caller.open()
            return await check(caller)

    assert run(main()) is None


@pytest.mark.parametrize("answer", [reply(503), reply(302), reply(200, b"<html>"), Failure("timeout", "is slow")])
def test_a_start_without_the_api_ends_within_half_a_minute(answer: Reply | Failure) -> None:
    network = Network([answer], latency_s=10.0)

    async def main() -> float:
        async with client(network) as caller:
            await caller._caller._tokens.token()
            start = now()
            with pytest.raises(ApiUnusable, match="CHEKT_BASE_URL"):
                await caller.open()
            return now() - start

    assert run(main()) < 31


def test_an_answer_of_another_kind_leaves_open_what_happened() -> None:
    async def main() -> None:
        async with client(Network([reply(201, {"id": 5})])) as caller:
            with pytest.raises(Doubtful, match="not a site") as raised:
                await caller.create_site({"name": "S"})
            assert raised.value.code == "unreadable_answer"
            assert raised.value.status_code == 201

    run(main())


def test_a_client_without_credentials_or_dealer_does_not_start() -> None:
    with pytest.raises(ApiUnusable):
        PartnerClient(settings(client_id=""))
    with pytest.raises(SettingsError):
        PartnerClient(settings(dealer_id=None))


def test_rate_and_counts_are_told() -> None:
    async def main() -> None:
        network = Network([reply(200, SITE, X_RateLimit_Limit="600")])
        async with client(network, rate=None) as caller:
            assert caller.per_minute == 60
            await caller.get_site(1)
            assert caller.per_minute == pytest.approx(600, rel=0.01)
            assert (caller.counts.sent, caller.counts.retried, caller.counts.rate_limited) == (1, 0, 0)
            assert (caller.dealer_id, caller.origin) == ("12", "https://api.test")

    run(main())
