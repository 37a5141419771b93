"""Every error raised on purpose, and the exit code it ends a command with.

MigrateError
├── UsageError            2   the command can't be carried out as given
│   ├── Unasked               nobody can be asked before writing, and --yes was not said
│   ├── InputError            a file can't be read
│   │   └── UnreadableFiles       several can't, each for its own reason
│   ├── MappingError          a mapping has mistakes (all of them in `mistakes`)
│   └── SettingsError         a setting is missing or refused
├── ApiUnusable           3   unreachable, credentials missing or refused, no access to the dealer
├── Stopped               4   the API kept failing, or the disk is full; `resume` goes on
│   └── TooManyFailures       --max-failures is reached
├── Refused               5   stale, braked, inputs changed, another run holds the dealer
├── Defect               70   the counts don't balance: a mistake of the tool
└── ApiError                  one request failed; says whether the server may have acted
    ├── Rejected              the server answered that it did nothing
    └── Doubtful              no way to know from the answer
"""

from collections.abc import Sequence

from migrate.model.exchange import Acted


class MigrateError(Exception):
    """The root; `exit_code` is what a command ends with when it can't go on."""

    exit_code = 70


class UsageError(MigrateError):
    """The command can't be carried out as given."""

    exit_code = 2


class Unasked(UsageError):
    """Nobody can be asked before something is written or deleted; the same command with --yes is carried out."""


class InputError(UsageError):
    """A customer's file can't be read; the message names the file (and sheet), the reason and what to do."""


class UnreadableFiles(InputError):
    """Several files can't be read; all of them are told at once, as each would be alone."""

    def __init__(self, refused: Sequence[InputError]) -> None:
        super().__init__("\n".join(map(str, refused)))


class MappingError(UsageError):
    """A mapping has mistakes; all of them are told at once, a line each."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class SettingsError(UsageError):
    """A setting is missing or refused; the message names the variable or option."""


class ApiUnusable(MigrateError):
    """The API can't be used: unreachable, credentials missing or refused, no access to the dealer."""

    exit_code = 3


class Stopped(MigrateError):
    """The run stopped before its end; its state is saved and `resume` goes on."""

    exit_code = 4


class TooManyFailures(Stopped):
    """As many rows failed as `--max-failures` allows; where nothing is left to be sent, it is no reason to stop."""


class Refused(MigrateError):
    """The tool refuses to go on: the plan is stale or braked, an input changed, or another run holds the dealer."""

    exit_code = 5


class Defect(MigrateError):
    """A mistake of the tool itself; the journal is kept."""

    exit_code = 70


class ApiError(MigrateError):
    """One request to the API failed.

    `code` is short and stable (`http_400`, `timeout`, `connection_lost`, `unreadable_answer`); `acted` says whether the
    server may have done what was asked; `message` is what the API said, cleaned and bounded.
    """

    exit_code = 3

    def __init__(
        self, message: str, *, code: str, acted: Acted, status_code: int | None = None, trace_id: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.acted = acted
        self.status_code = status_code
        self.trace_id = trace_id


class Rejected(ApiError):
    """The server answered that it did nothing (a parsed 4xx other than 408, 409, 422), or was never reached."""


class Doubtful(ApiError):
    """The connection was lost, the time ran out, or the answer (5xx, 409, unreadable 2xx) leaves open what happened."""
