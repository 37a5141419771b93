"""Bulk migration and import for the CHeKT Partner API: the public names, imported when they are used (PEP 562)."""

from importlib import import_module
from typing import TYPE_CHECKING

from migrate.version import __version__

if TYPE_CHECKING:
    from migrate.api.client import PartnerClient
    from migrate.app.apply import apply
    from migrate.app.check import Checked, check
    from migrate.app.finish import Run
    from migrate.app.options import Options
    from migrate.app.planned import Planned, plan
    from migrate.errors import ApiError, MigrateError
    from migrate.mapping.mapping import Mapping
    from migrate.readers.read import read
    from migrate.settings import Settings

__all__ = [
    "ApiError",
    "Checked",
    "Mapping",
    "MigrateError",
    "Options",
    "PartnerClient",
    "Planned",
    "Run",
    "Settings",
    "__version__",
    "apply",
    "check",
    "plan",
    "read",
]

_HOMES = {
    "ApiError": "migrate.errors",
    "Checked": "migrate.app.check",
    "Mapping": "migrate.mapping.mapping",
    "MigrateError": "migrate.errors",
    "Options": "migrate.app.options",
    "PartnerClient": "migrate.api.client",
    "Planned": "migrate.app.planned",
    "Run": "migrate.app.finish",
    "Settings": "migrate.settings",
    "apply": "migrate.app.apply",
    "check": "migrate.app.check",
    "plan": "migrate.app.planned",
    "read": "migrate.readers.read",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
