"""Interrupted: what a signal ends a computation with; apart from `signals`, as what has no event loop knows it too."""

INTERRUPTED = 130
"""The exit code after SIGINT."""

SHELLS_ADD = 128
"""What shells add to a signal's number to make an exit code of it."""


class Interrupted(KeyboardInterrupt):
    """A signal ended what this program computes; the message says what that means for the run."""

    def __init__(self, number: int, *, following: str | None) -> None:
        super().__init__(
            "stopped; nothing was sent"
            if following is None
            else f"stopped; what was done is saved, go on with: {following}"
        )
        self.exit_code = SHELLS_ADD + number
