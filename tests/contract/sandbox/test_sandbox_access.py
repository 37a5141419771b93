"""Who is let in, and how often: tokens and the rate limit."""

import pytest
from sandbox_caller import calling

from migrate.sandbox.options import Rate


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_id": "somebody"}, 401, "invalid_client"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
async def test_wrong_credentials_get_no_token(changes: dict[str, str], status: int, error: str) -> None:
    async with calling() as caller:
        reply = await caller.log_in(**changes)
        assert (reply.status, reply.body["error"]) == (status, error)


async def test_a_token_request_that_is_no_form_is_refused() -> None:
    async with calling() as caller:
        reply = await caller.send("POST", "/oauth/token", json={"grant_type": "client_credentials"})
        assert (reply.status, reply.body["error"]) == (400, "invalid_request")
        assert (await caller.send("POST", "/oauth/token", data={"client_id": "sandbox"})).status == 400


async def test_a_token_request_to_a_host_that_is_none_is_refused() -> None:
    form = {"grant_type": "client_credentials"}
    async with calling() as caller:
        reply = await caller.send("POST", "/oauth/token", data=form, headers={"Host": "x:99999999"})
        assert (reply.status, reply.body["error"]) == (400, "invalid_request")


async def test_a_token_is_good_until_it_expires() -> None:
    async with calling(token_life_s=60) as caller:
        answer = (await caller.log_in()).body
        assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 60)
        caller.clock.now += 59
        assert (await caller.call("GET", "/sites")).status == 200
        caller.clock.now += 1
        assert (await caller.call("GET", "/sites")).status == 401
        await caller.log_in()
        assert (await caller.call("GET", "/sites")).status == 200


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic c2FuZGJveDpzYW5kYm94"])
async def test_nobody_gets_in_without_a_token(header: str) -> None:
    async with calling() as caller:
        assert (await caller.call("POST", "/sites", {}, headers={"Authorization": header})).status == 401


async def test_the_bucket_refuses_what_is_too_much_and_says_when_to_come_again() -> None:
    async with calling(rate=Rate(per_minute=60, burst=2)) as caller:
        first = await caller.call("GET", "/sites")
        assert first.headers["X-RateLimit-Limit"] == "60"
        assert first.headers["X-RateLimit-Remaining"] == "1"
        assert first.headers["X-RateLimit-Reset"] == str(int(caller.clock.now) + 1)
        assert (await caller.call("GET", "/sites")).status == 200
        refused = await caller.call("GET", "/sites")
        assert (refused.status, refused.headers["Retry-After"]) == (429, "1")
        assert refused.headers["X-RateLimit-Remaining"] == "0"
        caller.clock.now += 1
        assert (await caller.call("GET", "/sites")).status == 200


async def test_without_a_rate_there_are_no_headers_about_it() -> None:
    async with calling(rate=None) as caller:
        headers = (await caller.call("GET", "/sites")).headers
        assert not [name for name in headers if name.startswith("X-RateLimit")]
