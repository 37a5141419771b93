"""How a run sends, as one value; apart from what sends, as a dry run keeps it too."""

from dataclasses import dataclass

from migrate.pipeline.failures import MaxFailures


@dataclass(frozen=True, slots=True)
class PipelineOptions:
    """How a run sends: `settle_s` before an absent record is looked for again, `batch_size` devices in a request.

    `max_failures` counts what fails while it sends, and again from 0 when it is resumed.
    """

    batch_size: int = 50
    concurrency: int = 8
    settle_s: float = 10.0
    patience_s: float = 300.0
    max_failures: MaxFailures | None = None
