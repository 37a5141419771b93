"""What files hold, for other programs."""

from typing import Any

from migrate.app.inspect import Inspection, told_findings
from migrate.app.recognize import Recognized
from migrate.mapping.suggest.draft import TableDraft
from migrate.mapping.suggest.profile import Profile, is_sampled
from migrate.mapping.suggest.suggest import Suggestion, unmapped
from migrate.model.sources import Table
from migrate.outcomes.summary import count_left_out
from migrate.readers.header_reason import header_reason


def as_json(inspection: Inspection) -> list[dict[str, Any]]:
    """Return one object for each file; what is about all files together stands in each."""
    found, src = list[dict[str, Any]](), 0
    for item in inspection.files:
        tables = [_table(table, inspection.suggestion, src + at) for at, table in enumerate(item.tables)]
        src += len(item.tables)
        found.append(
            {
                "path": str(item.path),
                "dumped": [str(path) for path in item.dumped],
                "written": None if inspection.written is None else str(inspection.written),
                "shipped": _recognized(inspection.recognized),
                "open": [f"{record}.{name}" for record, name in inspection.suggestion.open_fields],
                "tables": tables,
            }
        )
    return found


def _recognized(found: Recognized | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "mapping": found.name,
        "used": found.used,
        "columns": found.columns,
        "fits": found.fits,
        "lacks": list(found.lacks),
    }


def _table(table: Table, suggestion: Suggestion, src: int) -> dict[str, Any]:
    sheet = suggestion.sheet_of(src)
    drafts = [draft for draft in suggestion.tables if sheet is not None and draft.layout == sheet.src]
    return {
        "sheet": table.sheet,
        "format": table.format,
        "encoding": table.encoding,
        "encoding_guessed": (table.findings["code"] == "encoding_guessed").any(),
        "delimiter": table.delimiter,
        "quote": table.quote,
        "header_row": table.header_row,
        "header_why": header_reason(table),
        "hidden": table.hidden,
        "rows": table.rows,
        "sampled": is_sampled(table),
        "columns": table.columns,
        "profile": [_profile(profile) for profile in suggestion.profiles_of(src).values()],
        "dropped": list(table.dropped),
        "left_out": count_left_out(table.left_out),
        "findings": told_findings(table).select("row", "cell", "severity", "code", "message", "hint").to_dicts(),
        "shape": None if sheet is None else sheet.shape or None,
        "suggested": [_draft(draft) for draft in drafts],
        "unmapped": [] if sheet is None else unmapped(sheet, suggestion.tables),
    }


def _profile(profile: Profile) -> dict[str, Any]:
    return {
        "column": profile.column,
        "letter": profile.letter,
        "rows": profile.rows,
        "filled": profile.filled,
        "distinct": profile.distinct,
        "kind": profile.kind,
        "width": profile.width,
        "shares": {kind: round(share, 4) for kind, share in profile.shares.items() if share},
        "examples": list(profile.examples),
    }


def _draft(draft: TableDraft) -> dict[str, Any]:
    return {
        "record": draft.record,
        "file": draft.file,
        "sheet": draft.sheet,
        "fill_down": list(draft.fill_down),
        "lookup": None if draft.lookup is None else draft.lookup.model_dump(mode="json"),
        "where": [
            {"column": condition.column, "not_in": list(condition.values), "active": condition.active}
            for condition in draft.where
        ],
        "fields": [
            {
                "field": field.name,
                "source": dict(field.settings),
                "score": round(field.score, 2),
                "why": field.why,
                "notes": list(field.notes),
            }
            for field in draft.fields
        ],
    }
