"""Answers: bytes to values, tolerantly; what can't be read raises Unreadable and leaves open what happened."""

import json
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import TypeVar

import orjson
from pydantic import BaseModel, TypeAdapter, ValidationError

from migrate.api.excerpt import shorten
from migrate.model.answers import BulkAnswer, BulkResult, GoodResults

M = TypeVar("M", bound=BaseModel)

_UTF8_BOM = b"\xef\xbb\xbf"


class Unreadable(ValueError):
    """The answer can't be read; the message says why, without its content."""


def decode(body: bytes) -> object:
    """Return the value of a JSON body, with or without a byte order mark, in any Unicode encoding."""
    if not body.strip():
        raise Unreadable("the answer is empty")
    try:
        return orjson.loads(body.removeprefix(_UTF8_BOM))
    except ValueError:
        pass
    try:
        return orjson.loads(body.decode(json.detect_encoding(body)))
    except ValueError:
        pass
    start = body.lstrip()[:1]
    raise Unreadable(f"the answer is {'a web page' if start == b'<' else 'no whole JSON'}")


def read(model: type[M], value: object) -> M:
    """Return `value` as `model`; optional fields with values that make no sense count as absent."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        bad = {item["loc"][0] for item in error.errors(include_input=False, include_url=False) if item["loc"]}
    if isinstance(value, Mapping) and bad:
        try:
            return model.model_validate({name: item for name, item in value.items() if name not in bad})
        except ValidationError:
            pass
    raise Unreadable(f"the answer is not a {model.__name__.lower()}{': ' if bad else ''}{', '.join(map(str, bad))}")


def read_list(model: type[M], value: object) -> list[M]:
    """Return the items of a bare array; null is an empty one."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise Unreadable("the answer is not a list")
    try:
        return _adapter(model).validate_python(value)  # at once, in half the time
    except ValidationError:
        return [read(model, item) for item in value]


def read_bulk(value: object) -> BulkAnswer:
    """Return a bulk answer; results that make no sense are left out, and what they were about is then without one."""
    if (good := _all_good(value)) is not None:
        return good
    try:
        answer = BulkAnswer.model_validate(value)
    except ValidationError:
        answer = _bulk_in_parts(value)
    if all(result.error_message is None for result in answer.results):
        return answer
    return answer.model_copy(update={"results": [_shown(result) for result in answer.results]})


@cache
def _adapter(model: type[M]) -> TypeAdapter[list[M]]:
    return TypeAdapter(list[model])  # type: ignore[valid-type]  # a model known at run time only


def _all_good(value: object) -> BulkAnswer | None:
    """Return an answer of whose results each is a success in the usual shape, seen without making objects."""
    if type(value) is not dict or type(results := value.get("results")) is not list:
        return None
    counts = value.get("success_count"), value.get("failure_count")
    if not all(count is None or type(count) is int for count in counts) or not {*map(type, results)} <= {dict}:
        return None
    if [item.get("is_successful") for item in results].count(True) != len(results):
        return None
    return BulkAnswer.model_construct(success_count=counts[0], failure_count=counts[1], results=GoodResults(results))


def _bulk_in_parts(value: object) -> BulkAnswer:
    if not isinstance(value, Mapping):
        raise Unreadable("the answer is not the one of a bulk call")
    results = []
    told = value.get("results")
    for item in told if isinstance(told, list) else []:
        with suppress(Unreadable):
            results.append(read(BulkResult, item))
    return read(BulkAnswer, {**value, "results": results})


def _shown(result: BulkResult) -> BulkResult:
    if result.error_message is None:
        return result
    return result.model_copy(update={"error_message": shorten(result.error_message)})
