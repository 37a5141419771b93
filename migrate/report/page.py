"""Page: the run as one self-contained HTML file that asks for nothing and runs nothing but its own script."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import BinaryIO

import polars as pl
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from migrate.model.outcomes import OUTCOMES
from migrate.model.text import escape_controls
from migrate.outcomes.causes import causes, outcome_causes
from migrate.outcomes.summary import in_order, needing_attention
from migrate.report.grid import finding_grid, outcome_grid
from migrate.report.run_json import as_json
from migrate.report.run_report import RunReport
from migrate.report.shown import SEVERITY_TONES, TONES, choose_shown

LISTED_MAX = 200
"""The most causes of a kind and skipped records that are listed; the page says how many more there are."""

_LEAST_SHARE = 0.006
"""The share of a bar that even a single record gets, so that it is seen."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a bar: an outcome, its number, and where it starts and how wide it is, in percent."""

    outcome: str
    number: int
    start: float
    width: float


def write_page(handle: BinaryIO, report: RunReport) -> None:
    """Write `report.html` to `handle`."""
    environment = Environment(
        loader=PackageLoader("migrate.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    style, script = (_asset(name) for name in ("report.css", "report.js"))
    nothing = "default-src 'none'; base-uri 'none'; form-action 'none'"
    csp = f"{nothing}; style-src {_source(style)}; script-src {_source(script)}"
    template = environment.get_template("report.html")
    handle.write(template.render(style=style, script=script, csp=csp, **_facts(report), **_rows(report)).encode())


def segments(counts: Mapping[str, int]) -> list[Segment]:
    """Return the parts of a bar for outcome → number."""
    total = sum(counts.values())
    widths = [max(number / total, _LEAST_SHARE) for number in counts.values()]
    scale = 100 / sum(widths)
    return [
        Segment(outcome, number, start=round(sum(widths[:index]) * scale, 3), width=round(widths[index] * scale, 3))
        for index, (outcome, number) in enumerate(counts.items())
    ]


def _facts(report: RunReport) -> dict[str, object]:
    """Return the numbers of the page."""
    facts = report.facts
    words = in_order({word for counts in facts.counts.values() for word in counts})
    return {
        "facts": facts,
        "run": as_json(facts),
        "next_command": report.next_command,
        "total": report.outcomes.height,
        "attention": needing_attention(report.outcomes).height,
        "pending": report.outcomes.filter(pl.col("outcome") == "pending").height,
        "source_rows": sum(file.rows for file in facts.inputs),
        "left_out": report.left_out.select("_src", "_row").unique().height,
        "bars": {record: segments(counts) for record, counts in facts.counts.items()},
        "words": words,
        "meanings": OUTCOMES,
        "tones": {**dict.fromkeys(words, "quiet"), **TONES, **SEVERITY_TONES},
    }


def _rows(report: RunReport) -> dict[str, object]:
    """Return the causes and tables of the page."""
    shown = choose_shown(report)
    told = causes(report.findings)
    skipped = report.outcomes.filter(pl.col("outcome") == "skipped")
    return {
        "failures": outcome_causes(report.outcomes),
        **{f"{kind}s": [cause for cause in told if cause.kind == kind] for kind in ("error", "warning", "note")},
        "skipped": list(skipped.head(LISTED_MAX).select("record", "external_id", "message").iter_rows(named=True)),
        "skipped_total": skipped.height,
        "listed_max": LISTED_MAX,
        "notices": shown.notices,
        "grids": [outcome_grid(shown.outcomes), finding_grid(shown.findings)],
    }


def _visible(value: object) -> object:
    if value is None:
        return ""
    return escape_controls(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _asset(name: str) -> Markup:
    return Markup(files("migrate.report").joinpath("templates", name).read_text(encoding="utf-8"))  # noqa: S704  # ours


def _source(asset: Markup) -> str:
    """Return how a content security policy names `asset`."""
    return f"'sha256-{b64encode(sha256(asset.encode()).digest()).decode()}'"
