"""What must hold after every scenario (I1 to I8): the report against the server's own memory."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl
from simulated_faults import SETTLE_S
from simulated_network import SECRET, TOKEN
from simulated_process import BURST, RATE_PER_S
from simulated_run import Scenario, Told
from simulated_store import Row, Sending, Store

from migrate.model.outcomes import OUTCOMES
from migrate.planning.plan import Plan

There = Mapping[tuple[str, str], Sequence[Row]]

_IDS = {
    "station": "external_monitoring_station_id",
    "site": "external_site_id",
    "device": "external_device_id",
}
_GOOD = frozenset({"created", "updated", "unchanged", "skipped"})
_UNTOUCHED = frozenset({"pending", "blocked", "invalid"})
_SLACK_S = 1e-6


def violations(scenario: Scenario) -> list[str]:
    """Return a line for each law that a scenario breaks."""
    found = [f"{told.name}: {line}" for told in (*scenario.legs, *scenario.clean) for line in _of_leg(scenario, told)]
    found += _of_secrets(scenario)
    found += [f"the simulation itself: {line}" for line in scenario.broken]
    if scenario.planned_again is not None:
        found += _of_second_run(scenario, scenario.planned_again)
    return found


def _of_leg(scenario: Scenario, told: Told) -> Iterator[str]:
    there, whole = rows_by_id(told.store), told.ended == "finished"
    yield from _of_states(scenario, told)
    for outcome in told.outcomes.iter_rows(named=True):
        rows = there.get((outcome["record"], outcome["external_id"]), [])
        yield from of_record(outcome, rows, told)
        if outcome["record"] == "site" and outcome["outcome"] in {"created", "updated"} and len(rows) == 1 and whole:
            yield from _of_steps(scenario, outcome, rows[0], told.store)
    yield from _of_pressure(scenario, told)


def _of_states(scenario: Scenario, told: Told) -> Iterator[str]:
    numbers = told.outcomes["_n"]
    records = sum(frame.height for frame in scenario.inventory.checked.records.values())
    if not numbers.len() == numbers.n_unique() == records:
        yield f"I1: {records} records, but {numbers.len()} outcomes of {numbers.n_unique()} records"
    strange = set(told.outcomes["outcome"]) - set(OUTCOMES)
    if strange:
        yield f"I1: there is no outcome {strange}"
    if told.ended == "finished" and "pending" in told.outcomes["outcome"]:
        yield "I1: the run has finished, and a record is pending"
    if told.ended == "finished" and told.settled != told.in_journal:
        yield f"I5: {told.settled} records were told as settled, and the journal holds {told.in_journal}"


def of_record(outcome: Mapping[str, Any], rows: Sequence[Row], told: Told) -> Iterator[str]:
    name = f"{outcome['record']} {outcome['external_id']} is told {outcome['outcome']} ({outcome['code']})"
    late = any(_is_late(row) for row in rows)
    made = [row for row in rows if row.made_by is not None and row.made_by.at >= told.planned_at]
    if len(rows) > 1 and not late:
        yield f"I2: {name} and is there {len(rows)} times"
    seen_at = sorted(row.visible_at for row in rows)
    if len(rows) > 1 and told.ended == "finished" and outcome["outcome"] in _GOOD and seen_at[1] < told.began_at:
        yield f"I2: {name}, is there {len(rows)} times, and nobody says so"
    if outcome["outcome"] in _GOOD and not rows:
        yield f"I3: {name} and is not there"
    if outcome["outcome"] in _GOOD and rows and int(outcome["remote_id"]) not in {_number(row) for row in rows}:
        yield f"I3: {name} as number {outcome['remote_id']}, which is another one's"
    if outcome["outcome"] == "created" and rows and not made:
        yield f"I3: {name} and was there before"
    denied = outcome["outcome"] == "failed" and outcome["remote_id"] is None and outcome["code"] != "twice_at_dealer"
    if denied and made and not late:
        yield f"I4: {name} and is there"
    if outcome["outcome"] == "failed" and outcome["remote_id"] is not None and not rows:
        yield f"I4: {name} with a number, and is not there"
    if outcome["outcome"] in _UNTOUCHED and made and not late:
        yield f"I4: {name} and was made"


def _of_steps(scenario: Scenario, outcome: Mapping[str, Any], row: Row, store: Store) -> Iterator[str]:
    """Check a site's arming and activation; of what landed after the settle time nothing is promised."""
    wanted = scenario.inventory.checked.records["site"].filter(pl.col("_n") == outcome["_n"]).row(0, named=True)
    name = f"site {outcome['external_id']} is told {outcome['outcome']}"
    switched = store.switched.get(row.values["site_id"], [])
    late = any(_landed_late(sending) for sending in switched)
    if wanted["security_type"] is not None and row.values.get("_type") != wanted["security_type"]:
        yield f"I3: {name} and has security type {row.values.get('_type')} instead of {wanted['security_type']}"
    if wanted["is_activated"] and not row.values["is_activated"] and not late:
        yield f"I3: {name} and is not active"
    if len(switched) > 1 and not late:
        yield f"I2: {name} and was switched {len(switched)} times"


def _of_pressure(scenario: Scenario, told: Told) -> Iterator[str]:
    line, allowed = told.line, scenario.options.concurrency
    if line.most_in_flight > allowed:
        yield f"I7: {line.most_in_flight} requests in flight, and {allowed} are allowed"
    for most, window_s in ((RATE_PER_S, 1.0), (BURST, 0.0)):
        ends = zip(line.left_at, line.left_at[most:], strict=False)
        if any(after - before <= window_s - _SLACK_S for before, after in ends):
            yield f"I7: more than {most} requests left within {window_s} s"


def _of_secrets(scenario: Scenario) -> Iterator[str]:
    texts = {
        "the log": "\n".join(scenario.log),
        "a report": "".join(told.outcomes.write_csv() for told in (*scenario.legs, *scenario.clean)),
        "the journal": scenario.journal_bytes.decode(errors="replace"),
    }
    for place, text in texts.items():
        for secret in (SECRET, f"{TOKEN}-"):
            if secret in text:
                at = text.index(secret)
                yield f"I6: {place} holds a secret: {text[max(0, at - 60) : at + 20]!r}"


def _of_second_run(scenario: Scenario, plan: Plan) -> Iterator[str]:
    there = rows_by_id(scenario.network.store)
    last = (scenario.clean or scenario.legs)[-1].outcomes
    told = {row["_n"]: row for row in last.iter_rows(named=True)}
    for record, frame in plan.records.items():
        for row in frame.iter_rows(named=True):
            name = f"{record} {row[_IDS[record]]}"
            count, became = len(there.get((record, row[_IDS[record]]), [])), told[row["_n"]]["outcome"]
            if row["_planned"] == "planned" and told[row["_n"]]["code"] != "not_activated":
                yield f"I8: after a clean run, {name} is sent once more ({row['_action']}: {row['_changes']})"
            waits = row["_planned"] == "blocked" and _hangs_on_twice(scenario, row, there)  # whose doubling is told
            if count > 1 and row["_code"] != "twice_at_dealer" and not waits:
                yield f"I8: {name} is there {count} times, and a second run says {row['_planned']}"
            changed = count == 1 and row["_planned"] != "unchanged" and became in {"created", "updated"}
            if changed and not _hangs_on_twice(scenario, row, there):
                yield f"I8: {name} was {became}, and a second run says {row['_planned']}"
            if became == "unknown" and count < 2:
                yield f"I8: {name} is unknown though nothing goes wrong any more"


def _hangs_on_twice(scenario: Scenario, row: Mapping[str, Any], there: There) -> bool:
    """Return whether a record hangs on one that is there twice, so that a second run leaves it alone."""
    sites = scenario.inventory.checked.records["site"].filter(external_site_id=row.get("external_site_id"))
    names = [("site", row.get("external_site_id"))]
    names += [("station", name) for name in sites["external_monitoring_station_id"]]
    return any(len(there.get((record, name or ""), [])) > 1 for record, name in names)


def _is_late(row: Row) -> bool:
    """Return whether a record showed only after the settle time: the limit that the documentation tells (F10)."""
    return row.made_by is not None and _after_settling(row.made_by, row.visible_at)


def _landed_late(sending: Sending) -> bool:
    return any(_after_settling(sending, at) for at in sending.committed_at)


def _after_settling(sending: Sending, at: float) -> bool:
    return sending.ended_at is not None and at > sending.ended_at + SETTLE_S


def _number(row: Row) -> int:
    return int(
        next(row.values[name] for name in ("device_id", "site_id", "monitoring_station_id") if name in row.values)
    )


def rows_by_id(store: Store) -> There:
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for record, table in (("station", store.stations), ("site", store.sites), ("device", store.devices)):
        for row in table.values():
            found[record, row.values[_IDS[record]]].append(row)
    return found
