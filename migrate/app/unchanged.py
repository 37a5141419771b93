"""Whether a run can still be acted on: the same files, mapping, dealer and API as when it was made."""

import logging
from collections.abc import Sequence
from pathlib import Path

from migrate.app.inputs import sha256_of
from migrate.app.runs import KnownRun
from migrate.errors import InputError, MappingError, Refused, UsageError
from migrate.mapping.mapping import Mapping
from migrate.model.sources import Input
from migrate.settings import Settings

logger = logging.getLogger("migrate.app")


def refuse_rehearsed(run: KnownRun, verb: str) -> None:
    """Raise UsageError if the run was a rehearsal: its sandbox is gone."""
    if run.facts["verb"] == "rehearse":
        raise UsageError(
            f"{run.run_id} was a rehearsal, and its sandbox is gone: {verb} can't act on it; apply the files themselves"
        )


def refuse_other_target(run: KnownRun, settings: Settings) -> None:
    """Raise Refused if the settings mean another dealer or API than the run's."""
    theirs = (run.facts["dealer_id"], run.facts["base_url"])
    ours = (settings.require_dealer(), settings.origin)
    if theirs != ours:
        raise Refused(
            f"{run.run_id} is about dealer {theirs[0]} at {theirs[1]}, the settings are about dealer {ours[0]} at "
            f"{ours[1]}; set CHEKT_DEALER_ID and CHEKT_BASE_URL as they were, or start anew with apply"
        )


def refuse_changed_inputs(inputs: Sequence[Input], run_id: str) -> None:
    """Raise Refused if a file is not as it was when the run read it."""
    if lines := _changed_inputs(inputs):
        told = "\n".join(f"  {line}" for line in lines)
        raise Refused(f"the files of {run_id} are not as they were; put them back, or start again from them\n{told}")


def tell_changes(inputs: Sequence[Input], mapping: Mapping, run_id: str) -> None:
    """Say that a run goes on with its files and its mapping as it read them, where they are not so any more."""
    lines = _changed_inputs(inputs)
    if Path(mapping.path).is_file() and _changed_mapping(mapping):
        lines.append(f"{mapping.path}: has changed")
    for line in lines:
        logger.warning("%s since %s read it, which goes on with it as it was", line, run_id)


def mapping_now(mapping: Mapping, run_id: str) -> Mapping:
    """Return the mapping as its file is now, and say so if it has changed; as it was where the file is gone.

    A finding's hint may ask for a change of the mapping, and `retry` is where that is to show.
    """
    path = Path(mapping.path)
    if not path.is_file():
        return mapping
    now = Mapping.load(path)
    if now.sha256 == mapping.sha256:
        return mapping
    logger.warning("the mapping %s has changed since %s and is used as it is now", mapping.path, run_id)
    return now


def refuse_changed_mapping(mapping: Mapping, run_id: str) -> None:
    """Raise Refused if the mapping that the run was made with is not as it was."""
    if _changed_mapping(mapping):
        raise Refused(f"the mapping {mapping.path} has changed since {run_id} was made with it; plan again")


def _changed_inputs(inputs: Sequence[Input]) -> list[str]:
    """Return a line for each file that is not as it was when it was read."""
    lines = []
    for item in inputs:
        try:
            changed = sha256_of(item.path) != item.sha256
        except InputError:
            lines.append(f"{item.path}: can't be read any more")
        else:
            if changed:
                lines.append(f"{item.path}: has changed")
    return lines


def _changed_mapping(mapping: Mapping) -> bool:
    path = Path(mapping.path)
    try:
        return Mapping.load(path if path.is_file() else mapping.path).sha256 != mapping.sha256
    except (MappingError, UsageError):
        return True
