"""Answers of the Partner API, read tolerantly: unknown fields are kept, numbers may be strings (seeds: all)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar, overload

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_serializer


def _text(value: object) -> object:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Text = Annotated[str | None, BeforeValidator(_text)]
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)  # slots and a call such as Listing[Site](...) don't go together before Python 3.13
class Listing(Generic[T_co]):
    """A list as it was read to its end; `complete` is false where the answers can't show that nothing is missing."""

    items: tuple[T_co, ...]
    complete: bool


class _Answer(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True, hide_input_in_errors=True)


class Station(_Answer):
    """A monitoring station as the API tells it."""

    monitoring_station_id: int
    external_monitoring_station_id: Text = None
    name: Text = None
    prefix: Text = None
    linecard: Text = None


class Site(_Answer):
    """A site as the API tells it; `is_activated` is 0 or 1 there."""

    site_id: int
    external_site_id: Text = None
    name: Text = None
    timezone: Text = None
    monitoring_station_id: int | None = None
    external_monitoring_station_id: Text = None
    account_number: Text = None
    address1: Text = None
    address2: Text = None
    is_activated: bool | None = None


@dataclass(frozen=True, slots=True)
class SiteIds:
    """Of a site its ids alone: a tenth of what all of it takes, where a dealer has many."""

    site_id: int
    external_site_id: str | None


class ArmingSettings(_Answer):
    """A site's arming settings."""

    site_id: int | None = None
    security_type: int | None = None


class Device(_Answer):
    """A device as the API tells it."""

    device_id: int
    external_device_id: Text = None
    device_type: Text = None
    zone_number: Text = None
    additional_zone_numbers: Text = None
    name: Text = None
    mac: Text = None
    manufacturer: Text = None
    model: Text = None
    serial_number: Text = None
    registered_by_partner: Text = None


class BulkResult(_Answer):
    """One item of a bulk answer; `req` may echo only a part of what was sent, `res` may be absent."""

    is_successful: bool
    req: dict[str, Any] | None = None
    res: dict[str, Any] | None = None
    status_code: int | None = None
    error_message: Text = None


_KINDS = {"req": dict, "res": dict, "status_code": int}


class GoodResults(Sequence[BulkResult]):
    """Results that all tell of success, as they came (`told`); each becomes an object when it is asked for.

    Fields with values that make no sense count as absent.
    """

    def __init__(self, told: list[dict[str, Any]]) -> None:
        self.told = told

    def __len__(self) -> int:
        return len(self.told)

    @overload
    def __getitem__(self, at: int) -> BulkResult: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[BulkResult]: ...

    def __getitem__(self, at: int | slice) -> BulkResult | Sequence[BulkResult]:
        if isinstance(at, slice):
            return GoodResults(self.told[at])
        told, kinds = self.told[at], {"req": dict, "res": dict, "status_code": int}
        return BulkResult(
            is_successful=True, **{name: told[name] for name in kinds if type(told.get(name)) is kinds[name]}
        )


class BulkAnswer(_Answer):
    """The answer to a bulk call; counts and order are not to be relied on."""

    success_count: int | None = None
    failure_count: int | None = None
    results: Sequence[BulkResult] = Field(default_factory=list)

    @field_serializer("results")
    def _each(self, results: Sequence[BulkResult]) -> list[BulkResult]:
        return list(results)
