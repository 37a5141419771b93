"""The settings that a command has to which no others are typed."""

from migrate.errors import SettingsError
from migrate.settings import Settings


def usual_settings() -> Settings | None:
    """Return the settings of the environment and `.env`; None if these are none."""
    try:
        return Settings()
    except SettingsError:
        return None
