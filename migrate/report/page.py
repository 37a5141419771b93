"""Page: the run as one self-contained HTML file that asks for nothing and runs nothing but its own script."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType
from typing import BinaryIO

from markupsafe import Markup

from migrate.model.outcomes import OUTCOMES
from migrate.model.text import escape_controls
from migrate.outcomes.summary import in_order, needing_attention
from migrate.report.changes import compare
from migrate.report.grid import finding_grid, outcome_grid
from migrate.report.page_templates import open_templates
from migrate.report.run_json import as_json
from migrate.report.run_report import RunReport
from migrate.report.shown import SEVERITY_TONES, TONES, choose_shown

LISTED_MAX = 200
"""The most causes of a kind that are listed; the page says how many more there are."""

_OPEN_MAX = 10
"""The most causes that are seen before somebody asks for the rest."""

_LEAST_PERCENT = 0.6
"""How long even a single record's bar is, so that it is seen."""

_LEGEND: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "bad": ("✕", "needs attention"),
        "caution": ("!", "worth a look, or still to be tried"),
        "good": ("✓", "as it should be"),
        "quiet": ("○", "nothing was to do, or it is only planned"),
    }
)
"""Tone → its mark, so that no colour is needed to tell it, and what it says."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the chart: an outcome, its number, and which part of the record's total that is, in percent."""

    outcome: str
    number: int
    percent: float

    @property
    def length(self) -> float:
        """How long the bar is, in percent."""
        return round(max(self.percent, _LEAST_PERCENT), 3)

    @property
    def share(self) -> str:
        """The percentage as text, which never rounds something to nothing or a part to the whole."""
        if 0 < self.percent < 1:
            return "< 1 %"
        return "> 99 %" if 99 < self.percent < 100 else f"{self.percent:.0f} %"  # noqa: PLR2004  # percent


def write_page(handle: BinaryIO, report: RunReport) -> None:
    """Write `report.html` to `handle`."""
    style, script = (_asset(name) for name in ("report.css", "report.js"))
    nothing = "default-src 'none'; base-uri 'none'; form-action 'none'"
    csp = f"{nothing}; style-src {_source(style)}; script-src {_source(script)}"
    template = open_templates(finalize=_visible).get_template("report.html")
    handle.write(template.render(style=style, script=script, csp=csp, **_facts(report), **_rows(report)).encode())


def bars(counts: Mapping[str, int]) -> list[Bar]:
    """Return the lines of the chart for outcome → number."""
    total = sum(counts.values())
    return [Bar(outcome, number, 100 * number / total) for outcome, number in counts.items()]


def _facts(report: RunReport) -> dict[str, object]:
    """Return the numbers of the page."""
    facts = report.facts
    words = in_order({word for counts in facts.counts.values() for word in counts})
    totals = {word: sum(counts.get(word, 0) for counts in facts.counts.values()) for word in words}
    tones = {**dict.fromkeys(words, "quiet"), **TONES, **SEVERITY_TONES}
    present = {tones[word] for word in words}
    return {
        "facts": facts,
        "run": as_json(facts),
        "next_command": report.next_command,
        "next_verb": report.next_verb,
        "total": report.records,
        "attention": needing_attention(report.outcomes).height,
        "source_rows": sum(file.rows for file in facts.inputs),
        "left_out": report.left_out.select("_src", "_row").unique().height,
        "bars": {record: bars(counts) for record, counts in facts.counts.items()},
        "totals": totals,
        "meanings": OUTCOMES,
        "tones": tones,
        "marks": {tone: mark for tone, (mark, _) in _LEGEND.items()},
        "legend": {tone: said for tone, (_, said) in _LEGEND.items() if tone in present},
    }


def _rows(report: RunReport) -> dict[str, object]:
    """Return the causes and tables of the page."""
    shown = choose_shown(report)
    return {
        "urgent": [cause for cause in report.causes if cause.is_urgent],
        **{f"{kind}s": [cause for cause in report.causes if cause.kind == kind] for kind in ("warning", "note")},
        "comparisons": compare(report),
        "listed_max": LISTED_MAX,
        "open_max": min(_OPEN_MAX, LISTED_MAX),
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
