"""Options: what a person may set for a run; kept with it, so that `resume` goes on in the same way."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal, Self

from migrate.api.rate import Rate
from migrate.api.retry import RetryPolicy
from migrate.pipeline.failures import MaxFailures
from migrate.pipeline.options import PipelineOptions


@dataclass(frozen=True, slots=True)
class Options:
    """The options of the interface page that steer planning and sending; times are in seconds.

    `rate` is as typed, such as `60/min`; None is learned from the API's headers. `max_failures` is as typed, `20` or
    `5%`; None is no limit.

    Raises:
        UsageError: the rate or the limit of failures is none.
    """

    rate: str | None = None
    burst: int = 5
    concurrency: int = 8
    batch_size: int = 50
    timeout: float = 30.0
    settle: float = 10.0
    patience: float = 300.0
    on_existing: Literal["skip", "update", "fail"] = "skip"
    max_failures: str | None = None
    force: bool = False

    def __post_init__(self) -> None:
        if self.rate is not None:
            Rate.parse(self.rate)
        if self.max_failures is not None:
            MaxFailures.parse(self.max_failures)

    def pipeline(self) -> PipelineOptions:
        """Return what the pipeline needs of it."""
        return PipelineOptions(
            batch_size=self.batch_size,
            concurrency=self.concurrency,
            settle_s=self.settle,
            patience_s=self.patience,
            max_failures=None if self.max_failures is None else MaxFailures.parse(self.max_failures),
        )

    def for_client(self) -> dict[str, Any]:
        """Return what the client needs of it, as its keywords."""
        usual = RetryPolicy()
        patient = replace(
            usual, longest_s=min(usual.longest_s, self.patience), refused_s=min(usual.refused_s, self.patience)
        )
        return {
            "policy": patient,
            "rate": None if self.rate is None else Rate.parse(self.rate),
            "burst": self.burst,
            "concurrency": self.concurrency,
            "timeout_s": self.timeout,
        }

    def on_top_of(self, before: Self, *, typed: Collection[str]) -> Self:
        """Return the options of an earlier run, but for those that were `typed`, by name; `force` is for one plan."""
        return replace(before, **{"force": False, **{name: getattr(self, name) for name in typed}})

    def facts(self) -> dict[str, Any]:
        """Return the options for the journal."""
        return asdict(self)

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> Self:
        """Return the options that were kept."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in facts.items() if name in known})
