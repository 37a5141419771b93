"""Run JSON: the run in one object, for other programs; written before anything else, and again at the end."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import orjson

from migrate.report.files import write_whole
from migrate.report.run_report import RunFacts

RUN_JSON = "run.json"


def write_run_json(folder: Path, facts: RunFacts) -> Path:
    """Write `folder`/run.json, so that the disk has it, and return where it is.

    Raises:
        Stopped: it can't be written.
    """
    text = orjson.dumps(as_json(facts), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return write_whole(folder / RUN_JSON, lambda handle: handle.write(text), durable=True)


def as_json(facts: RunFacts) -> dict[str, object]:
    """Return the object of the interface page, its keys in that order."""
    return {
        "run_id": facts.run_id,
        "verb": facts.verb,
        "state": facts.state,
        "exit_code": facts.exit_code,
        "dealer_id": facts.dealer_id,
        "base_url": facts.base_url,
        "parent": facts.parent,
        "inputs": [{"path": str(file.path), "sha256": file.sha256, "rows": file.rows} for file in facts.inputs],
        "mapping": {"name": facts.mapping_name, "sha256": facts.mapping_sha256},
        "counts": {record: dict(numbers) for record, numbers in facts.counts.items()},
        "findings": dict(facts.findings),
        "normalized": {
            field: {"number": number, "example": example} for field, (number, example) in facts.normalized.items()
        },
        "left_out": dict(facts.left_out),
        "requests": asdict(facts.requests),
        "started_at": _utc(facts.started_at),
        "finished_at": _utc(facts.finished_at),
        "seconds": facts.seconds,
        "version": facts.version,
    }


def _utc(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
