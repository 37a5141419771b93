"""What a run keeps in its journal, so that it can be reported, resumed and retried from there alone."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from migrate.app.check import Checked, check_sources
from migrate.app.only_sites import OnlySites
from migrate.app.options import Options
from migrate.app.runs import KnownRun
from migrate.errors import Defect, UsageError
from migrate.journal.journal import Journal
from migrate.mapping.mapping import Mapping
from migrate.model.lean import lean
from migrate.model.sources import Input, Source, Table
from migrate.planning.plan import Plan

_TABLE_FACTS = ("header_row", "format", "encoding", "delimiter", "quote", "hidden")
_AGREED = "agreed"
_DRY = "dry"
MENDED = "mended"
"""The fact of a retry whether its rows are those of a mended file."""
_PLAN = "plan."
_REMOVED = "removed."
_CHECKED = "checked."
_TABLE = "table."
_FRAME = "frame"
_TABLE_FRAMES = (_FRAME, "findings", "left_out")
_CHECKED_FACT = "checked"
_CHECKED_FRAMES = ("left_out", "parts")


def keep_part(journal: Journal, src: int, number: int, frame: pl.DataFrame) -> None:
    """Keep some of the source rows of a large run while it reads them."""
    journal.put_frames({f"{_TABLE}{src:06d}.{_FRAME}.{number:06d}": frame})


def kept_part(journal: Journal, src: int, number: int) -> pl.DataFrame:
    """Return some of the source rows of a large run."""
    return _frame(journal, f"{_TABLE}{src:06d}.{_FRAME}.{number:06d}")


def keep_read(journal: Journal, checked: Checked) -> None:
    """Keep the originals of the source rows, credentials aside, and what they were read from.

    Those of a large run were kept part by part (`keep_part`).
    """
    frames = {
        f"{_TABLE}{number:06d}.{part}": getattr(source.table, part)
        for number, source in enumerate(checked.sources)
        for part in _TABLE_FRAMES
        if part != _FRAME or not checked.pieces
    }
    if checked.pieces:  # what a check of all of it would have to come to again
        frames |= {_CHECKED + name: getattr(checked, name) for name in _CHECKED_FRAMES}
        journal.put_facts({_CHECKED_FACT: {"normalized": checked.normalized, "used": checked.used}})
    journal.put_frames({**frames, **{_REMOVED + kind: frame for kind, frame in checked.removed.items()}})
    journal.put_facts(
        {
            "inputs": [{**asdict(item), "path": str(item.path.absolute())} for item in checked.inputs],
            "sources": [
                {**_source_facts(source), "pieces": checked.pieces.get(number)}
                for number, source in enumerate(checked.sources)
            ],
            "read": True,
        }
    )


def kept_mapping(journal: Journal) -> Mapping:
    """Return the run's mapping as it was."""
    facts = journal.fact("mapping")
    return Mapping.parse(facts["text"], path=facts["path"])


def kept_only(journal: Journal) -> OnlySites | None:
    """Return the sites that the run was asked to take, None if it takes all."""
    return OnlySites.from_facts(journal.fact("only_sites"))


def options_of(run: KnownRun) -> Options:
    """Return the options that a run was made with."""
    with Journal.peek(run.folder) as journal:
        return Options.from_facts(journal.fact("options"))


def kept_inputs(journal: Journal) -> tuple[Input, ...]:
    """Return the run's inputs as they were."""
    return tuple(Input(**{**item, "path": Path(item["path"])}) for item in journal.fact("inputs"))


def kept_pieces(journal: Journal) -> dict[int, int]:
    """Return in how many parts the rows of each source of a large run are kept; nothing for a run that is none."""
    pieces = [facts.get("pieces") for facts in journal.fact("sources")]
    return {src: number for src, number in enumerate(pieces) if number is not None}


def kept_heads(journal: Journal) -> tuple[Source, ...]:
    """Return the sources of a large run, each with the rows of its first part alone."""
    return tuple(
        _source(
            facts,
            {
                part: kept_part(journal, src, 0) if part == _FRAME else _frame(journal, f"{_TABLE}{src:06d}.{part}")
                for part in _TABLE_FRAMES
            },
        )
        for src, facts in enumerate(journal.fact("sources"))
    )


def kept_told(journal: Journal) -> dict[str, Any] | None:
    """Return what a large run keeps of its check beside its plan, by the names of `Checked`; None: it does not."""
    facts = journal.fact(_CHECKED_FACT)
    if facts is None or not kept_pieces(journal):  # a part of the run that was killed may have read other files
        return None
    normalized = {name: (number, example) for name, (number, example) in facts["normalized"].items()}
    frames = {name: _frame(journal, _CHECKED + name) for name in _CHECKED_FRAMES}
    return {"normalized": normalized, "used": tuple(facts["used"]), **frames}


def kept_sources(journal: Journal) -> tuple[Source, ...]:
    """Return the tables that the run read, credentials aside."""
    frames = journal.frames(_TABLE)
    return tuple(
        _source(facts, {part: _whole(frames, f"{number:06d}.{part}", facts.get("pieces")) for part in _TABLE_FRAMES})
        for number, facts in enumerate(journal.fact("sources"))
    )


def kept_checked(journal: Journal) -> Checked:
    """Return what the run's files come to: the rows as they were read, mapped and checked again.

    Raises:
        UsageError: the run ended before it had read them.
    """
    if not journal.fact("read"):
        raise UsageError(f"{journal.path.parent.name}: the run ended before its files were read; start it again")
    return check_sources(
        kept_inputs(journal),
        kept_sources(journal),
        kept_mapping(journal),
        only=kept_only(journal),
        rows=journal.frame("rows"),
        removed=journal.frames(_REMOVED),
    )


def keep_plan(journal: Journal, plan: Plan) -> None:
    """Keep the plan; from here on the run can be resumed."""
    journal.put_frames({_PLAN + name: frame for name, frame in plan.frames().items()})
    journal.put_facts({"plan": plan.to_json()})


def kept_plan(journal: Journal) -> Plan | None:
    """Return the run's plan, None if it ended before it had one."""
    text = journal.fact("plan")
    if text is None:
        return None
    return Plan.from_json(text, {name: lean(frame.iter_columns()) for name, frame in journal.frames(_PLAN).items()})


def keep_agreed(journal: Journal, *, agreed: bool) -> None:
    """Keep whether a person agreed to what the run is about to send, beforehand (`--yes`) or when asked."""
    journal.put_facts({_AGREED: agreed})


def kept_agreed(journal: Journal) -> bool:
    """Return whether the run may send without asking again; one that has announced something was agreed to."""
    return bool(journal.fact(_AGREED)) or journal.has_announced()


def keep_dry(journal: Journal, *, dry: bool) -> None:
    """Keep whether a retry sends nothing, as the run did whose rows it takes."""
    journal.put_facts({_DRY: dry})


def is_dry(verb: str, state: str, journal: Journal) -> bool:
    """Return whether a run is or was a dry one: a plan, one whose question was answered no, a retry of these."""
    return verb == "plan" or state == "planned" or bool(journal.fact(_DRY))


def _frame(journal: Journal, name: str) -> pl.DataFrame:
    frame = journal.frame(name)
    if frame is None:
        raise Defect(f"{name} is not in the journal")
    return frame


def _whole(frames: dict[str, pl.DataFrame], name: str, pieces: int | None) -> pl.DataFrame:
    if pieces is None or not name.endswith(f".{_FRAME}"):
        return frames[name]
    return pl.concat([frames[f"{name}.{number:06d}"] for number in range(pieces)])


def _source_facts(source: Source) -> dict[str, Any]:
    table = source.table
    return {
        **{name: getattr(table, name) for name in _TABLE_FACTS},
        "file": source.file,
        "looked_up": list(source.looked_up),
        "path": str(table.path.absolute()),
        "sheet": table.sheet,
        "letters": dict(table.letters),
        "dropped": list(table.dropped),
    }


def _source(facts: dict[str, Any], frames: dict[str, pl.DataFrame]) -> Source:
    known: dict[str, Any] = {name: facts[name] for name in _TABLE_FACTS}
    table = Table(
        path=Path(facts["path"]),
        sheet=facts["sheet"],
        letters=facts["letters"],
        dropped=tuple(facts["dropped"]),
        frame=frames["frame"],
        findings=frames["findings"],
        left_out=frames["left_out"],
        **known,
    )
    return Source(facts["file"], table, looked_up=tuple(facts["looked_up"]))
