"""The run in one object, with exactly the keys that the interface page names."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from migrate.model.sources import Input
from migrate.report.run_json import write_run_json
from migrate.report.run_report import Requests, RunFacts

KEYS = [
    *("run_id", "verb", "state", "exit_code", "dealer_id", "base_url", "parent", "inputs", "mapping", "counts"),
    *("findings", "normalized", "left_out", "requests", "started_at", "finished_at", "seconds", "version"),
]


def test_a_run_that_has_only_begun_is_told_with_every_key(tmp_path: Path) -> None:
    facts = RunFacts("r-1", "apply", "running", "1.0", datetime(2026, 1, 1, 14, tzinfo=timezone(timedelta(hours=2))))

    told = json.loads(write_run_json(tmp_path, facts).read_text())

    assert list(told) == KEYS
    assert told["started_at"] == "2026-01-01T12:00:00.000Z"
    assert told["finished_at"] is None
    assert told["exit_code"] is None
    assert told["mapping"] == {"name": None, "sha256": None}
    assert told["requests"] == {"sent": 0, "retried": 0, "rate_limited": 0, "planned": 0}


def test_a_finished_run_tells_its_numbers(tmp_path: Path) -> None:
    facts = RunFacts(
        run_id="r-1",
        verb="apply",
        state="finished",
        version="1.0",
        started_at=datetime(2026, 1, 1, tzinfo=UTC),
        finished_at=datetime(2026, 1, 1, 0, 1, tzinfo=UTC),
        seconds=60.5,
        exit_code=1,
        inputs=(Input(Path("in/a.csv"), "a.csv", "ff", 3),),
        mapping_name="m",
        mapping_sha256="aa",
        counts={"site": {"created": 2}},
        findings={"error": 1},
        normalized={"device.zone_number": (412, "7 → 007")},
        left_out={"blank": 1},
        requests=Requests(sent=5, retried=1),
    )

    told = json.loads(write_run_json(tmp_path, facts).read_text())

    assert told["inputs"] == [{"path": "in/a.csv", "sha256": "ff", "rows": 3}]
    assert told["normalized"] == {"device.zone_number": {"number": 412, "example": "7 → 007"}}
    assert told["counts"] == {"site": {"created": 2}}
    assert told["left_out"] == {"blank": 1}
    assert told["finished_at"] == "2026-01-01T00:01:00.000Z"
    assert told["seconds"] == 60.5
