"""Result: what the pipeline settled about one record."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the record with number `n`; `retryable` says whether the same row may pass another time."""

    n: int
    outcome: str
    retryable: bool = False
    code: str | None = None
    message: str | None = None
    status_code: int | None = None
    remote_id: int | None = None
    attempts: int = 0
    trace_id: str | None = None

    def as_row(self) -> tuple[int, str, int, str | None, str | None, int | None, str | None, int, str | None]:
        """Return the values in the order of the journal's table; remote ids are text there."""
        remote_id = None if self.remote_id is None else str(self.remote_id)
        head = (self.n, self.outcome, int(self.retryable), self.code, self.message)
        return (*head, self.status_code, remote_id, self.attempts, self.trace_id)
