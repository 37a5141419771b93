"""The states and territories of the US and the time zones that each has."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

_ET, _CT, _MT, _PT = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"

_STATES = {
    "AK Alaska": ("America/Anchorage", "America/Adak"),
    "AL Alabama": (_CT,),
    "AR Arkansas": (_CT,),
    "AZ Arizona": ("America/Phoenix",),
    "CA California": (_PT,),
    "CO Colorado": (_MT,),
    "CT Connecticut": (_ET,),
    "DC District of Columbia": (_ET,),
    "DE Delaware": (_ET,),
    "FL Florida": (_ET, _CT),
    "GA Georgia": (_ET,),
    "GU Guam": ("Pacific/Guam",),
    "HI Hawaii": ("Pacific/Honolulu",),
    "IA Iowa": (_CT,),
    "ID Idaho": ("America/Boise", _PT),
    "IL Illinois": (_CT,),
    "IN Indiana": ("America/Indiana/Indianapolis", _CT),
    "KS Kansas": (_CT, _MT),
    "KY Kentucky": (_ET, _CT),
    "LA Louisiana": (_CT,),
    "MA Massachusetts": (_ET,),
    "MD Maryland": (_ET,),
    "ME Maine": (_ET,),
    "MI Michigan": ("America/Detroit", "America/Menominee"),
    "MN Minnesota": (_CT,),
    "MO Missouri": (_CT,),
    "MS Mississippi": (_CT,),
    "MT Montana": (_MT,),
    "NC North Carolina": (_ET,),
    "ND North Dakota": (_CT, _MT),
    "NE Nebraska": (_CT, _MT),
    "NH New Hampshire": (_ET,),
    "NJ New Jersey": (_ET,),
    "NM New Mexico": (_MT,),
    "NV Nevada": (_PT, _MT),
    "NY New York": (_ET,),
    "OH Ohio": (_ET,),
    "OK Oklahoma": (_CT,),
    "OR Oregon": (_PT, "America/Boise"),
    "PA Pennsylvania": (_ET,),
    "PR Puerto Rico": ("America/Puerto_Rico",),
    "RI Rhode Island": (_ET,),
    "SC South Carolina": (_ET,),
    "SD South Dakota": (_CT, _MT),
    "TN Tennessee": (_ET, _CT),
    "TX Texas": (_CT, _MT),
    "UT Utah": (_MT,),
    "VA Virginia": (_ET,),
    "VI Virgin Islands": ("America/St_Thomas",),
    "VT Vermont": (_ET,),
    "WA Washington": (_PT,),
    "WI Wisconsin": (_CT,),
    "WV West Virginia": (_ET,),
    "WY Wyoming": (_MT,),
}


def _by_code_and_name() -> Iterator[tuple[str, tuple[str, ...]]]:
    for state, zones in _STATES.items():
        code, name = state.split(" ", 1)
        yield code, zones
        yield name, zones


STATE_ZONES: Mapping[str, tuple[str, ...]] = MappingProxyType(dict(_by_code_and_name()))
"""Code or name of a state → its zones, the one of most people first."""
