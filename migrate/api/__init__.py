"""The client of the Partner API: requests, answers, tokens, pace, and the one retry loop.

What few settings need and takes long to import is a lazy name here (PEP 562).
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from migrate.api.assertion import JwtAssertion

__all__ = ["JwtAssertion"]

_HOMES = {"JwtAssertion": "migrate.api.assertion"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
