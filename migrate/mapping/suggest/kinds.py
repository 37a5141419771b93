"""Kinds of values that a column can hold, each as a pattern for polars."""

from collections.abc import Mapping
from types import MappingProxyType

from migrate.normalize.timezones import read_timezone
from migrate.normalize.us_states import STATE_ZONES
from migrate.normalize.zones import IN_FRONT

TIMEZONES = "time zones"
DEVICE_KINDS = "kinds of devices"
"""Kinds of values that no pattern tells."""

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "MAC addresses": r"(?i)^(?:[0-9a-f]{2}[:\-. ]?){5}[0-9a-f]{2}$|^(?:[0-9a-f]{4}[.:\-]){2}[0-9a-f]{4}$",
        "IP addresses": r"^(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?$",
        "links": r"^\w+://\S+$",
        "e-mail addresses": r"^\S+@\S+\.\w+$",
        "dates": r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ].*)?$|^\d{1,2}[-/.]\d{1,2}[-/.](?:\d{2}|\d{4})(?:\s.*)?$",
        "phone numbers": r"^(?:\+\d{1,3}|\(\d{2,4}\)|\d{2,4}[-. /])[\d\s().\-/]{5,}\d$",
        "numbers": r"^[-+]?\d+(?:[.,]\d+)*$",
        "twelve digits": r"^\d{12}$",
        "codes": r"^[A-Za-z]{1,5}[-_. ]?\d+(?:[-_. ]\d+)*$",
        "yes or no": r"(?i)^(?:yes|no|y|n|true|false|ja|nein|oui|non|si|sí|예|아니오|아니요|o|x)$",
        "US states": rf"(?i)^(?:{'|'.join(STATE_ZONES)})$",
        "zone numbers": rf"(?i)^{IN_FRONT}0*[1-9]\d{{0,2}}(?:\.0+)?$",
        "words with a number": r"^\D{0,20}\d{1,3}$",
    }
)
"""Kind → the pattern of a value."""

NAMED = (
    "MAC addresses",
    "IP addresses",
    "links",
    "e-mail addresses",
    "dates",
    TIMEZONES,
    DEVICE_KINDS,
    "yes or no",
    "US states",
    "phone numbers",
    "numbers",
    "codes",
)
"""The kinds that a column is called by, the narrower before the wider."""


def is_timezone(text: str) -> bool:
    """Tell whether a text is known as the name of a time zone, and is more than that of a state."""
    return text not in STATE_ZONES and read_timezone(text, suggest=False).value is not None
