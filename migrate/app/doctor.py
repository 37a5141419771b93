"""What works here and what doesn't: settings, credentials, token, dealer, clock, limits, folder, disk, versions."""

from collections.abc import Mapping
from pathlib import Path

from migrate.app.doctor_api import look_at_api, not_tried
from migrate.app.doctor_lines import Diagnosis
from migrate.app.doctor_machine import look_at_machine
from migrate.app.doctor_settings import look_at_settings


async def examine(
    *,
    dealer: str | None,
    base_url: str | None,
    out: Path,
    timeout_s: float,
    environment: Mapping[str, str],
    env_file: Path,
) -> Diagnosis:
    """Look at everything, going on after what fails; GETs only, leaves nothing behind.

    `environment` and `env_file` say where settings were found; their values are read as everywhere.
    """
    lines, settings = look_at_settings(dealer=dealer, base_url=base_url, environment=environment, env_file=env_file)
    lines += not_tried() if settings is None else await look_at_api(settings, timeout_s=timeout_s)
    return Diagnosis((*lines, *look_at_machine(out)))
