"""What schemathesis can't know of the sandbox: which time zones there are, and which of all ids something has."""

from typing import Any
from zoneinfo import available_timezones

import schemathesis
from hypothesis import strategies as st

schemathesis.openapi.format("iana-timezone", st.sampled_from(sorted(available_timezones())))


def _near(value: Any) -> Any:
    """Return 2, 3 or 4, of which there is one of everything, in place of an id that surely is not there."""
    is_far = isinstance(value, int) and not isinstance(value, bool) and (abs(value) > 1000 or value == 0)
    return 2 + value % 3 if is_far else value


@schemathesis.hook
def map_path_parameters(context: schemathesis.HookContext, parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    operation = context.operation
    if not parameters or (
        operation and operation.method.upper() == "DELETE"
    ):  # what is deleted is of no more use to others
        return parameters
    near = {name: _near(value) for name, value in parameters.items()}
    if near != parameters and isinstance(site_id := near.get("site_id"), int):
        near |= {name: key for name, key in (("device_id", 2 * site_id), ("contact_id", site_id)) if name in near}
    return near


@schemathesis.hook
def map_body(_context: schemathesis.HookContext, body: Any) -> Any:
    if isinstance(body, list):
        return [_with_near(item, "device_id") for item in body]
    return _with_near(body, "monitoring_station_id")


def _with_near(item: Any, name: str) -> Any:
    return {**item, name: _near(item[name])} if isinstance(item, dict) and name in item else item
