"""The command called in this process, from where the test stands."""

from pathlib import Path

from typer.testing import CliRunner, Result

from migrate.cli.main import app


def call(*words: str | Path) -> Result:
    """Call the command; an error that nobody foresaw is the test's."""
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


def output_of(*words: str | Path) -> str:
    """Return what the command prints, which must end well."""
    done = call(*words)
    assert done.exit_code == 0, done.output
    return done.output
