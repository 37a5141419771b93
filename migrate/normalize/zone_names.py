"""What inventories call a time zone, and the IANA zone that is meant."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from migrate.normalize.windows_zones import WINDOWS_ZONES

_REGIONS = {
    "Eastern": ("America/New_York", "ET", "EDT", "EST5EDT", "US/Eastern"),
    "Central": ("America/Chicago", "CST", "CDT", "CST6CDT", "US/Central"),
    "Mountain": ("America/Denver", "MT", "MDT", "MST7MDT", "US/Mountain", "Navajo"),
    "Pacific": ("America/Los_Angeles", "PT", "PST", "PDT", "PST8PDT", "US/Pacific"),
    "Alaskan": ("America/Anchorage", "AKT", "AKST", "AKDT", "US/Alaska"),
    "Hawaii": ("Pacific/Honolulu", "US/Hawaii"),
    "Hawaiian": ("Pacific/Honolulu",),
    "Hawaii-Aleutian": ("Pacific/Honolulu",),
    "Arizona": ("America/Phoenix", "US/Arizona"),
    "Atlantic": ("America/Halifax", "ADT", "Atlantic Time (Canada)"),
    "Newfoundland": ("America/St_Johns", "NST", "NDT"),
}
"""Region → its zone, then other names of it. The region's name stands alone too, and before the words below."""

_AFTER_REGION = (
    "",
    " Time",
    " Time Zone",
    " Standard",
    " Standard Time",
    " Daylight",
    " Daylight Time",
    " Daylight Savings Time",
    " Daylight Saving Time",
    " Time (US & Canada)",
    " Time (US and Canada)",
    " (US & Canada)",
    " (US)",
)

_OTHERS = {
    "US/Aleutian": "America/Adak",
    "US/East-Indiana": "America/Indiana/Indianapolis",
    "US/Indiana-Starke": "America/Indiana/Knox",
    "US/Michigan": "America/Detroit",
    "US/Samoa": "Pacific/Pago_Pago",
    "US Eastern": "America/New_York",
    "US Central": "America/Chicago",
    "US Mountain": "America/Denver",
    "US Pacific": "America/Los_Angeles",
    "Aleutian Islands": "America/Adak",
    "Indiana (East)": "America/Indiana/Indianapolis",
    "Saskatchewan": "America/Regina",
    "Yukon": "America/Whitehorse",
    "Puerto Rico": "America/Puerto_Rico",
    "Guam": "Pacific/Guam",
    "ChST": "Pacific/Guam",
    "Guadalajara, Mexico City, Monterrey": "America/Mexico_City",
    "Baja California": "America/Tijuana",
    "Korea": "Asia/Seoul",
    "South Korea": "Asia/Seoul",
    "Korea Time": "Asia/Seoul",
    "Korean Time": "Asia/Seoul",
    "Korean Standard Time": "Asia/Seoul",
    "KST": "Asia/Seoul",
    "ROK": "Asia/Seoul",
    "Seoul": "Asia/Seoul",
    "한국": "Asia/Seoul",
    "한국 표준시": "Asia/Seoul",
    "한국표준시": "Asia/Seoul",
    "서울": "Asia/Seoul",
    "JST": "Asia/Tokyo",
    "Japan Standard Time": "Asia/Tokyo",
    "Osaka, Sapporo, Tokyo": "Asia/Tokyo",
    "Kuala Lumpur, Singapore": "Asia/Singapore",
    "UK": "Europe/London",
    "British Time": "Europe/London",
    "British Summer Time": "Europe/London",
    "Dublin, Edinburgh, Lisbon, London": "Europe/London",
    "Ireland": "Europe/Dublin",
    "Germany": "Europe/Berlin",
    "Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna": "Europe/Berlin",
    "Brussels, Copenhagen, Madrid, Paris": "Europe/Paris",
    "Belgrade, Bratislava, Budapest, Ljubljana, Prague": "Europe/Budapest",
    "Sarajevo, Skopje, Warsaw, Zagreb": "Europe/Warsaw",
    "Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius": "Europe/Kyiv",
    "Canberra, Melbourne, Sydney": "Australia/Sydney",
    "Brisbane": "Australia/Brisbane",
    "Adelaide": "Australia/Adelaide",
    "Darwin": "Australia/Darwin",
    "Perth": "Australia/Perth",
    "Hobart": "Australia/Hobart",
    "Auckland, Wellington": "Pacific/Auckland",
    "Coordinated Universal Time": "UTC",
}

AMBIGUOUS_NAMES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "EST": ("America/New_York", "EST alone has no daylight saving time"),
        "MST": ("America/Denver", "Arizona, without daylight saving time, is America/Phoenix"),
        "HST": ("Pacific/Honolulu", "the Aleutian Islands are America/Adak"),
        "AST": ("America/Halifax", "Puerto Rico, without daylight saving time, is America/Puerto_Rico"),
        "Alaska": ("America/Anchorage", "the Aleutian Islands are America/Adak"),
    }
)
"""Names that a dealer most likely means so, and what else they may mean."""


def _names() -> Iterator[tuple[str, str]]:
    for region, (zone, *others) in _REGIONS.items():
        yield from ((region + words, zone) for words in _AFTER_REGION)
        yield from ((name, zone) for name in others)
    yield from (("Alaska" + words, "America/Anchorage") for words in _AFTER_REGION)
    yield from _OTHERS.items()
    yield from WINDOWS_ZONES.items()
    yield from ((name, zone) for name, (zone, _) in AMBIGUOUS_NAMES.items())


ZONE_NAMES: Mapping[str, str] = MappingProxyType(dict(_names()))
"""Every name that is known beside IANA's own, as people write it, and its zone."""
