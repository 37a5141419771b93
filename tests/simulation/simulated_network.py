"""The network and the server behind it: carries requests at their own speed, harms some, and remembers all."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, urlsplit

import orjson
from multidict import CIMultiDict
from simulated_faults import TIMEOUT_S, Fault, Outage, Script
from simulated_store import Answer, Json, Sending, Store
from simulated_time import now

from migrate.api.reply import Failure, Reply

ORIGIN = "https://api.simulated"
ROOT = "/partner/v1/dealers/12/"
SECRET = "canary-client-secret-5a1f"
TOKEN = "canary-access-token-77c2"

_PAGE = b"<!DOCTYPE html><html><body><h1>Sign in</h1></body></html>"
_REFUSED = Failure("unreachable", "can't be reached: the connection was refused or failed")
_LOST = Failure("connection_lost", "closed the connection before its answer was whole")
_HANGS = None


class Points(Protocol):
    """Where a leg may be cut off."""

    async def point(self, what: str) -> None: ...


@dataclass
class Network:
    """What all legs of a scenario talk to; it goes on when they are cut off."""

    store: Store
    script: Script
    history: list[Sending] = field(default_factory=list)
    calm: bool = False
    tokens: int = 0


@dataclass
class Line:
    """One leg's transport, with what it can be held to: its moments of sending and its requests in flight."""

    network: Network
    points: Points
    outages: tuple[Outage, ...] = ()
    began_at: float = 0.0
    left_at: list[float] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0

    async def open(self) -> None:
        self.began_at = now()

    async def close(self) -> None: ...

    async def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None, timeout_s: float
    ) -> Reply | Failure:
        network = self.network
        await self.points.point(f"before {method}")
        self.left_at.append(now())
        parts = urlsplit(url)
        if parts.path == "/oauth/token":
            return await self._granted(timeout_s)
        path = f"{parts.path}?{parts.query}".rstrip("?")
        sending = Sending(len(network.history), now(), method, path, body, headers.get("Authorization", ""))
        network.history.append(sending)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        came: asyncio.Future[Reply | Failure] = asyncio.get_running_loop().create_future()
        self._leave(sending, came)
        try:
            await self.points.point(f"after {method}")
            async with asyncio.timeout(timeout_s):
                outcome = await came
        except TimeoutError:
            outcome = Failure("timeout", f"did not answer within {timeout_s:g} s")
        finally:
            self.in_flight -= 1
            sending.ended_at = now()
        sending.answered = str(outcome.status) if isinstance(outcome, Reply) else outcome.code
        return outcome

    async def _granted(self, timeout_s: float) -> Reply | Failure:
        network = self.network
        network.tokens += 1
        fault = None if network.calm else network.script.token_fault(network.tokens)
        await asyncio.sleep(timeout_s if fault == "hangs" else 0.05)
        granted: dict[str, Json] = {"access_token": f"{TOKEN}-{network.tokens}", "token_type": "Bearer"}
        match fault:
            case "hangs":
                return Failure("timeout", f"did not answer within {timeout_s:g} s")
            case "lost":
                return _LOST
            case "refused":
                return _REFUSED
            case "500" | "html":
                return _reply(500, f"client_secret={SECRET}".encode()) if fault == "500" else _reply(200, _PAGE)
            case "silent":
                pass
            case _:
                granted["expires_in"] = 3 if fault == "short" else 600
        return _reply(200, orjson.dumps(granted))

    def _leave(self, sending: Sending, came: "asyncio.Future[Reply | Failure]") -> None:
        """Send a request on its way; from here on nobody who gives up keeps it from arriving."""
        script = self.network.script
        fault = None if self.network.calm else self._fault(sending)
        sending.fault = "" if fault is None else str(fault)
        there_s, back_s = (0.01, 0.01) if self.network.calm else script.latency_s(sending.number)
        if fault is not None and fault.kind == "slow":
            back_s += 0.6 * TIMEOUT_S
        if fault is not None and fault.kind == "too-slow":
            back_s += 1.5 * TIMEOUT_S

        def arrive() -> None:
            outcome = _Server(self.network).meet(sending, fault)
            if outcome is not _HANGS:
                asyncio.get_running_loop().call_later(back_s, _set, came, outcome)

        asyncio.get_running_loop().call_later(there_s, arrive)

    def _fault(self, sending: Sending) -> Fault | None:
        at = now() - self.began_at
        for outage in self.outages:
            if outage.begins_s <= at < outage.ends_s:
                return Fault("before", outage.kind)
        is_bulk = sending.path.endswith("/devices") and sending.method != "GET"
        where = sending.path.partition("?")[0].removeprefix(ROOT)
        return self.network.script.fault(sending.number, sending.method, is_bulk=is_bulk, where=where)


class _Server:
    """One request at the server."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def meet(self, sending: Sending, fault: Fault | None) -> Reply | Failure | None:
        """Return what goes back, None if nothing ever does."""
        if fault is None or fault.kind in {"slow", "too-slow"}:
            return _answered(self._act(sending))
        if fault.when == "bulk":
            return self._bulk(sending, fault)
        if fault.when == "after":
            answer = self._act(sending)
            if fault.kind == "empty":
                return _reply(204, b"")
            if fault.kind == "truncated":
                return _reply(answer[0], orjson.dumps(answer[1])[:-3])
        elif fault.when == "late":
            asyncio.get_running_loop().call_later(fault.late_s, self._act, sending)
        elif fault.kind == "truncated":
            answer = self._act(sending)
            return _reply(answer[0], orjson.dumps(answer[1])[:-3])
        return _harmed(sending, fault)

    def _act(self, sending: Sending, *, only: int | None = None) -> Answer:
        network, at = self._network, now()
        path, _, query = sending.path.partition("?")
        path = path.removeprefix(ROOT)
        longest = network.store.habits.lag_s
        lag_s = 0.0 if network.calm else network.script.lag_s(sending.number, longest)
        if sending.fault and ("409" in sending.fault or "422" in sending.fault):
            lag_s = 0.0
        body = sending.body
        if only is not None:
            sending = _part(sending, only)
        answer = network.store.answer(path.split("/"), dict(parse_qsl(query)), sending, at=at, lag_s=lag_s)
        sending.body = body
        return answer

    def _bulk(self, sending: Sending, fault: Fault) -> Reply | Failure | None:
        sent = orjson.loads(sending.body or b"[]")
        if fault.kind == "413" and len(sent) > 1:
            return _no(sending, 413, "too many devices in one request")
        if fault.kind == "poison":
            return _no(sending, 400, "one of the devices has a fault")
        if fault.kind == "partial":
            self._act(sending, only=int(fault.pick * (len(sent) + 1)))
            return _no(sending, 503, "it broke in the middle")
        if fault.kind in {"item-no", "item-no-shuffled"}:
            status, answer = self._act(sending, only=len(sent) - 1)
            at = len(sent) if fault.kind == "item-no" else int(fault.pick * len(sent))
            answer["results"].insert(at, _item_no(sent[-1], 400))
            return _answered((status, answer))
        status, answer = self._act(sending)
        return _answered((status, _bent(answer, fault, creates=sending.method == "POST")))


def _part(sending: Sending, only: int) -> Sending:
    sending.body = orjson.dumps(orjson.loads(sending.body or b"[]")[:only])
    return sending


def _bent(answer: Json, fault: Fault, *, creates: bool) -> Json:
    """Return an answer to a bulk call as a server with habits of its own would write it."""
    results = answer["results"]
    at = int(fault.pick * len(results))
    if fault.kind == "wrong-counts":
        return {**answer, "success_count": 0, "failure_count": 17}
    if fault.kind == "413" or (fault.kind == "extra" and not creates):
        return answer
    return {**answer, "results": _BENDS[fault.kind](results, at)}


_BENDS: Final[Mapping[str, Callable[[list[Json], int], list[Json]]]] = {
    "shuffle": lambda results, at: results[at:] + results[:at],
    "drop": lambda results, at: results[:at] + results[at + 1 :],
    "no-results": lambda results, at: [],
    "extra": lambda results, at: [
        {"is_successful": True, "req": {"external_device_id": "never-sent"}, "res": {}},
        *results,
    ],
    "twice": lambda results, at: [*results, _item_no(results[at]["req"], 409)],
    "no-echo": lambda results, at: [{**item, "req": None, "res": _without_ids(item.get("res"))} for item in results],
    "item-503": lambda results, at: [*results[:at], _item_no(results[at]["req"], 503), *results[at + 1 :]],
    "no-id": lambda results, at: [{**item, "res": {}} for item in results],
    "no-and-id": lambda results, at: [
        *results[:at],
        {**results[at], "is_successful": False, "status_code": 400},
        *results[at + 1 :],
    ],
}


def _item_no(sent: Json, status: int) -> Json:
    return {"is_successful": False, "req": sent, "status_code": status, "error_message": f"no ({status})"}


def _without_ids(values: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if values is None else {name: value for name, value in values.items() if name != "external_device_id"}


def _harmed(sending: Sending, fault: Fault) -> Reply | Failure | None:
    match fault.kind:
        case "refused":
            return _REFUSED
        case "lost":
            return _LOST
        case "hangs":
            return _HANGS
        case "html":
            return _reply(200, _PAGE)
        case "429" if fault.retry_after is not None:
            return _no(sending, 429, "too many requests", {"Retry-After": fault.retry_after})
        case status:
            return _no(sending, int(status), f"fault {fault}")


def _no(sending: Sending, status: int, message: str, headers: Mapping[str, str] | None = None) -> Reply:
    """Return an answer that says no and, as bad servers do, repeats the secrets that it got."""
    told = {"error_message": f"{message}; Authorization: {sending.authorization}, client_secret={SECRET}"}
    return _reply(status, orjson.dumps(told), headers)


def _answered(answer: Answer) -> Reply:
    return _reply(answer[0], orjson.dumps(answer[1]))


def _reply(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply(status, CIMultiDict(headers or {}), body)


def _set(came: "asyncio.Future[Reply | Failure]", outcome: Reply | Failure) -> None:
    if not came.done():
        came.set_result(outcome)
