"""The client's assertions against a sandbox that checks them by itself: signature, audience, time, once each."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import pytest
from client_sandbox import AT_ONCE, settings
from signing_keys import SHARED_SECRET, key_file, oct_jwk, pem, rsa_jwk, rsa_key

from migrate.api.assertion import JwtAssertion
from migrate.api.client import PartnerClient
from migrate.errors import ApiUnusable
from migrate.sandbox.faults import Faults
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox
from migrate.settings import Settings


def kept(folder: Path, algorithm: str) -> tuple[Path, dict[str, str]]:
    """Return a key file, and what the server knows of the key."""
    if algorithm == "RS256":
        return key_file(folder, pem(rsa_key())), rsa_jwk(rsa_key())
    return key_file(folder, SHARED_SECRET), oct_jwk(SHARED_SECRET)


@asynccontextmanager
async def talking(
    path: Path, known: dict[str, str], *faults: str, changes: dict[str, Any] | None = None, **options: Any
) -> AsyncIterator[tuple[PartnerClient, Sandbox]]:
    sandbox = Sandbox(SandboxOptions(client_key=known, faults=Faults.parse(faults), **options))
    async with sandbox:
        given = settings(sandbox, client_secret="", jwt_key_file=path, **(changes or {}))
        async with PartnerClient(given, policy=AT_ONCE) as client:
            yield client, sandbox


@pytest.mark.parametrize("algorithm", ["RS256", "HS256"])
@pytest.mark.parametrize("grant", ["client_credentials", "jwt-bearer"])
async def test_an_assertion_is_taken(tmp_path: Path, algorithm: str, grant: str) -> None:
    async with talking(*kept(tmp_path, algorithm), changes={"jwt_grant": grant}) as (client, sandbox):
        assert await client.list_sites() == []
        assert [request.status for request in sandbox.history.of("token.create")] == [200]


@pytest.mark.parametrize("fault", ["token:500-after:2", "token:reset-after-commit:2", "token:html-after:1"])
async def test_an_assertion_whose_answer_is_lost_is_not_sent_again_but_made_anew(tmp_path: Path, fault: str) -> None:
    async with talking(*kept(tmp_path, "HS256"), fault) as (client, sandbox):
        assert await client.list_sites() == []
        assert len(sandbox.history.of("token.create")) >= 2
        assert sandbox.history.of("token.create")[-1].status == 200


async def test_each_renewal_is_signed_anew(tmp_path: Path) -> None:
    async with talking(*kept(tmp_path, "RS256"), "any:401-before:1") as (client, sandbox):
        assert await client.list_sites() == []
        assert [request.status for request in sandbox.history.of("token.create")] == [200, 200]


@pytest.mark.parametrize("algorithm", ["RS256", "HS256"])
async def test_a_wrong_key_is_refused(tmp_path: Path, algorithm: str) -> None:
    path, _ = kept(tmp_path, algorithm)
    other = rsa_jwk(rsa_key(2)) if algorithm == "RS256" else oct_jwk(SHARED_SECRET[::-1])
    async with talking(path, other) as (client, _):
        with pytest.raises(ApiUnusable, match=r"signature is wrong; check .*CHEKT_JWT_KEY_FILE"):
            await client.check_dealer()


@pytest.mark.parametrize(
    ("changes", "options", "said"),
    [
        ({"jwt_audience": "https://elsewhere.test/"}, {}, "aud is not the token URL"),
        ({"client_id": "somebody"}, {}, "client_id is wrong"),
        ({"client_id": "somebody", "jwt_grant": "jwt-bearer"}, {}, "iss and sub"),
        ({}, {"skew_s": 301}, "has expired"),
        ({}, {"skew_s": -90}, "iat is in the future"),
        ({}, {"skew_s": -3600}, "too far ahead"),
    ],
)
async def test_a_wrong_claim_is_refused_and_told(
    tmp_path: Path, changes: dict[str, Any], options: dict[str, Any], said: str
) -> None:
    async with talking(*kept(tmp_path, "RS256"), changes=changes, **options) as (client, sandbox):
        with pytest.raises(ApiUnusable, match=said):
            await client.check_dealer()
        assert len(sandbox.history.of("token.create")) == 1


async def test_an_assertion_is_taken_once(tmp_path: Path) -> None:
    path, known = kept(tmp_path, "RS256")
    async with Sandbox(SandboxOptions(client_key=known)) as sandbox, aiohttp.ClientSession(sandbox.url) as session:
        form = JwtAssertion(settings(sandbox, jwt_key_file=path)).form()
        assert [await _post(session, form) for _ in range(2)] == [(200, None), (401, "jti was seen before")]


@pytest.mark.parametrize(
    ("algorithm", "claims", "said"),
    [
        ("none", {}, "signature is wrong"),
        ("HS512", {}, "signature is wrong"),
        ("HS256", {"jti": None}, "jti"),
        ("HS256", {"exp": None}, "exp"),
        ("HS256", {"aud": ["https://a.test", "TOKEN_URL"]}, None),
        ("HS256", {"sub": "somebody"}, "iss and sub"),
    ],
)
async def test_a_sandbox_reads_each_part(algorithm: str, claims: dict[str, Any], said: str | None) -> None:
    async with (
        Sandbox(SandboxOptions(client_key=oct_jwk(SHARED_SECRET)), clock=lambda: 1_000.0) as sandbox,
        aiohttp.ClientSession(sandbox.url) as session,
    ):
        url = f"{sandbox.url}/oauth/token"
        usual = {"iss": "sandbox", "sub": "sandbox", "aud": url, "exp": 1_060, "iat": 1_000, "jti": "1"}
        told = {name: value for name, value in {**usual, **claims}.items() if value is not None}
        if isinstance(told["aud"], list):
            told["aud"] = [url if one == "TOKEN_URL" else one for one in told["aud"]]
        signed = jwt.encode(told, _KEYS.get(algorithm, SHARED_SECRET), algorithm=algorithm)
        status, description = await _post(session, {**_FORM, "client_assertion": signed})
        assert (status == 200) is (said is None)
        assert said is None or said in (description or "")


@pytest.mark.parametrize("junk", ["", "x", "a.b", "a.b.c", "e30.W10.eA", "e30.e30.e30.e30", "ÿ.ÿ.ÿ", "e30.e30.!"])
async def test_what_is_no_jwt_is_refused(junk: str) -> None:
    options = SandboxOptions(client_key=oct_jwk(SHARED_SECRET))
    async with Sandbox(options) as sandbox, aiohttp.ClientSession(sandbox.url) as session:
        status, _ = await _post(session, {**_FORM, "client_assertion": junk})
        assert status in {400, 401}
        status, description = await _post(session, {"grant_type": _BEARER, "assertion": junk})
        assert (status, description is None) == (400, False)
        status, description = await _post(session, {**_FORM, "client_assertion": "x", "client_assertion_type": "saml"})
        assert (status, "client_assertion_type" in (description or "")) == (400, True)


async def test_a_secret_that_is_the_public_key_opens_nothing() -> None:
    """The old trick: what everybody knows of an RSA key, used as an HS256 secret."""
    known = rsa_jwk(rsa_key())
    async with Sandbox(SandboxOptions(client_key=known)) as sandbox, aiohttp.ClientSession(sandbox.url) as session:
        claims = {"iss": "sandbox", "sub": "sandbox", "aud": f"{sandbox.url}/oauth/token", "exp": 4e9, "jti": "1"}
        signed = jwt.encode(claims, known["n"], algorithm="HS256")
        assert await _post(session, {**_FORM, "client_assertion": signed}) == (
            401,
            "the assertion's signature is wrong",
        )


async def test_a_sandbox_without_a_key_takes_no_assertion(tmp_path: Path) -> None:
    path, _ = kept(tmp_path, "HS256")
    async with Sandbox() as sandbox:
        given: Settings = settings(sandbox, jwt_key_file=path)
        async with PartnerClient(given) as client:
            with pytest.raises(ApiUnusable, match="has no key for assertions"):
                await client.check_dealer()


_KEYS = {"none": "", "HS512": 2 * SHARED_SECRET}
_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_FORM = {
    "grant_type": "client_credentials",
    "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
}


async def _post(session: aiohttp.ClientSession, form: dict[str, str]) -> tuple[int, str | None]:
    async with session.post("/oauth/token", data=form) as response:
        body = await response.json()
        return response.status, body.get("error_description")
