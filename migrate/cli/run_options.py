"""The options of a run that talks to the API, declared once and handed to a verb as one value."""

import functools
import inspect
from collections.abc import Callable
from typing import Any

import typer

from migrate.app.options import Options
from migrate.cli import options as o

_TYPES: dict[str, Any] = {
    "rate": o.RateText,
    "burst": o.Burst,
    "concurrency": o.Concurrency,
    "batch_size": o.BatchSize,
    "timeout": o.Timeout,
    "settle": o.Settle,
    "patience": o.Patience,
    "on_existing": o.Existing,
    "max_failures": o.MaxFailuresText,
    "force": o.Force,
}
_HOW_TYPED = inspect.Parameter("typed", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)


def run_options(
    *, without: tuple[str, ...] = (), **defaults: object
) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Return a decorator that puts these options in the place of a verb's parameter `options`.

    `without` names those that the verb has no use for; `defaults` are the verb's own where they are not the usual ones.
    A verb with a parameter `typed` is handed the names of the options that were not left to their defaults.
    """
    usual = {**Options().facts(), "on_existing": o.OnExisting.skip, **defaults}
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=usual[name], annotation=kind)
        for name, kind in _TYPES.items()
        if name not in without
    ]

    def decorate(verb: Callable[..., int]) -> Callable[..., int]:
        @functools.wraps(verb)
        def command(*, typed: typer.Context, **given: Any) -> int:  # noqa: ANN401 - what typer parsed, by name
            chosen = {option.name: given.pop(option.name) for option in added}
            if "on_existing" in chosen:
                chosen["on_existing"] = chosen["on_existing"].value
            if "typed" in own:
                given["typed"] = frozenset(name for name in chosen if _is_typed(typed, name))
            return verb(**given, options=Options(**chosen))

        own = inspect.signature(verb).parameters
        parameters = [
            new
            for parameter in own.values()
            if parameter.name != "typed"
            for new in (
                added if parameter.name == "options" else [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)]
            )
        ]
        parameters.append(_HOW_TYPED)
        command.__signature__ = inspect.Signature(parameters, return_annotation=int)  # type: ignore[attr-defined]  # read by typer
        command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters} | {"return": int}
        return command

    return decorate


def _is_typed(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name != "DEFAULT"
