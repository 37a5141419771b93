"""Whether the API keeps what it was sent."""

from collections.abc import Mapping
from typing import Any


def stored_differently(sent: Mapping[str, Any], stored: Mapping[str, Any]) -> str | None:
    """Return a sentence naming the fields that the API tells otherwise than they were sent; None if there are none.

    Fields that the answer does not tell count as kept; `1` and `"1"` are the same.
    """
    differing = [
        f"{name} {str(stored[name])!r} instead of {str(value)!r}"
        for name, value in sent.items()
        if stored.get(name) is not None and str(stored[name]) != str(value)
    ]
    return f"the API keeps {'; '.join(differing)}" if differing else None


def is_stored(sent: Mapping[str, Any], stored: Mapping[str, Any]) -> bool:
    """Return whether each field is as it was sent; one that is not told is not: before an update it may be empty."""
    return all(str(value) == ("" if stored.get(name) is None else str(stored[name])) for name, value in sent.items())
