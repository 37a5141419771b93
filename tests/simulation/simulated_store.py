"""The dealer in memory: what the API keeps, and what it answers when nothing goes wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

Json = Any
Answer = tuple[int, Json]

_NOT_FOUND: Answer = (404, {"error_message": "not found"})
_BAD_QUERY: Answer = (400, {"error_message": "unknown parameter"})


@dataclass
class Sending:
    """One request as the network saw it; `ended_at` is when its sender knew of its end, or gave up."""

    number: int
    at: float
    method: str
    path: str
    body: bytes | None
    authorization: str
    fault: str = ""
    ended_at: float | None = None
    committed_at: list[float] = field(default_factory=list)
    answered: str = ""


@dataclass
class Row:
    """A record that was made, when lists begin to show it, and which sending made it (None: it was there before)."""

    values: dict[str, Json]
    visible_at: float
    made_by: Sending | None


@dataclass(frozen=True)
class Habits:
    """How the lists behave: `cap` rows a page at most, unsaid; `lag_s` until a new row may show."""

    cap: int | None = None
    lag_s: float = 0.0
    filter: str = "works"  # | ignored | refused
    undocumented: str = "obeyed"  # | ignored | refused: query parameters where none are documented


@dataclass
class Store:
    """Stations, sites and devices by their number; any external id may come again, as at the API."""

    habits: Habits = field(default_factory=Habits)
    stations: dict[int, Row] = field(default_factory=dict)
    sites: dict[int, Row] = field(default_factory=dict)
    devices: dict[int, Row] = field(default_factory=dict)
    next_id: int = 100
    switched: dict[int, list[Sending]] = field(default_factory=dict)

    def copy(self) -> "Store":
        switched = {number: list(sendings) for number, sendings in self.switched.items()}
        stations, sites, devices = _copied(self.stations), _copied(self.sites), _copied(self.devices)
        return Store(self.habits, stations, sites, devices, self.next_id, switched)

    def answer(
        self, parts: Sequence[str], query: Mapping[str, str], sending: Sending, *, at: float, lag_s: float = 0.0
    ) -> Answer:
        """Carry out a request now; `lag_s` is how long lists go on without what it makes."""
        body: Json = orjson.loads(sending.body) if sending.body else None
        if sending.method != "GET":
            sending.committed_at.append(at)
        answer = _NOT_FOUND
        match (sending.method, *parts):
            case ("GET", "monitoring-stations"):
                answer = self._listed(self.stations, query, at, documented=False)
            case ("GET", "sites"):
                answer = self._listed(self.sites, query, at, documented=True)
            case ("POST", "monitoring-stations"):
                answer = 201, self.add("monitoring_station_id", body, at + lag_s, sending)
            case ("POST", "sites"):
                answer = 201, self.add("site_id", {"is_activated": 0, **body}, at + lag_s, sending)
            case ("PUT", "monitoring-stations", number):
                answer = self._put(self.stations, int(number), body)
            case (_, "sites", number, "devices") if int(number) in self.sites:
                answer = self._devices(int(number), body, query, sending, at=at, lag_s=lag_s)
            case (_, "sites", number, *rest) if int(number) in self.sites:
                answer = self._site(int(number), rest, body, sending)
        return answer

    def add(self, id_field: str, values: Mapping[str, Json], visible_at: float, made_by: Sending | None) -> Json:
        number, self.next_id = self.next_id, self.next_id + 1
        table = {"monitoring_station_id": self.stations, "site_id": self.sites, "device_id": self.devices}[id_field]
        row = {id_field: number, **values}
        table[number] = Row(row, visible_at, made_by)
        return shown(row)

    def _site(self, number: int, rest: Sequence[str], body: Json, sending: Sending) -> Answer:
        site = self.sites[number]
        match (sending.method, *rest):
            case ("GET",):
                pass
            case ("PUT",):
                site.values.update(body)
            case ("PATCH", "activation-status"):
                site.values["is_activated"] = 1 - site.values["is_activated"]
                self.switched.setdefault(number, []).append(sending)
            case (_, "arming-settings"):
                site.values["_type"] = body["security_type"] if body else site.values.get("_type")
                return 200, {"site_id": number, "security_type": site.values["_type"]}
            case _:
                return _NOT_FOUND
        return 200, shown(site.values)

    def _devices(
        self, number: int, body: Json, query: Mapping[str, str], sending: Sending, *, at: float, lag_s: float
    ) -> Answer:
        if sending.method == "GET":
            mine = {key: row for key, row in self.devices.items() if row.values["_site"] == number}
            return self._listed(mine, query, at, documented=False)
        if sending.method == "POST":
            return bulk(
                [(item, self.add("device_id", {**item, "_site": number}, at + lag_s, sending)) for item in body]
            )
        done = [(item, self._put(self.devices, item["device_id"], item)) for item in body]
        return bulk([(item, answer if status == 200 else None) for item, (status, answer) in done])

    def _put(self, table: dict[int, Row], number: int, body: Mapping[str, Json]) -> Answer:
        if number not in table:
            return _NOT_FOUND
        table[number].values.update(body)
        return 200, shown(table[number].values)

    def _listed(self, table: Mapping[int, Row], query: Mapping[str, str], at: float, *, documented: bool) -> Answer:
        habits = self.habits
        rows = [shown(row.values) for row in table.values() if row.visible_at <= at]
        if not documented and habits.undocumented == "refused" and query:
            return _BAD_QUERY
        if "filter" in query:
            column, value, _ = query["filter"].split(",")
            if habits.filter == "refused":
                return _BAD_QUERY
            if habits.filter == "works":
                rows = [row for row in rows if row.get(column) == value]
        if not documented and habits.undocumented == "ignored":
            return 200, rows
        offset = int(query.get("offset", 0))
        limit = int(query.get("limit", len(rows)))
        return 200, rows[offset : offset + min(limit, habits.cap or limit)]


def _copied(table: Mapping[int, Row]) -> dict[int, Row]:
    return {number: Row(dict(row.values), row.visible_at, row.made_by) for number, row in table.items()}


def shown(values: Mapping[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in values.items() if not name.startswith("_")}


def bulk(done: Sequence[tuple[Json, Json | None]]) -> Answer:
    results = [
        {"is_successful": True, "req": item, "res": made}
        if made is not None
        else {"is_successful": False, "req": item, "status_code": 400, "error_message": "it has a fault of its own"}
        for item, made in done
    ]
    good = sum(result["is_successful"] for result in results)
    return 201, {"success_count": good, "failure_count": len(results) - good, "results": results}
