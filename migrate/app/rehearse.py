"""The whole apply against the embedded sandbox: no credentials, no dealer, the same pipeline."""

from collections.abc import Sequence
from pathlib import Path

from migrate.app.driving import Driving
from migrate.app.finish import Run
from migrate.app.fresh import apply_files
from migrate.app.only_sites import OnlySites
from migrate.app.options import Options
from migrate.mapping.mapping import Mapping
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox
from migrate.settings import Settings


def sandbox_settings(sandbox: Sandbox) -> Settings:
    """Return settings that mean the sandbox, and nothing of the process or of `.env`."""
    told = sandbox.environment
    return Settings(
        env_file=None,
        base_url=told["CHEKT_BASE_URL"],
        token_url=f"{told['CHEKT_BASE_URL']}/oauth/token",
        client_id=told["CHEKT_CLIENT_ID"],
        client_secret=told["CHEKT_CLIENT_SECRET"],
        access_token="",
        jwt_key_file="",
        token_audience="",
        dealer_id=told["CHEKT_DEALER_ID"],
    )


async def rehearse(
    files: Sequence[Path],
    mapping: Mapping,
    *,
    out: Path,
    options: Options,
    driving: Driving,
    sandbox_options: SandboxOptions,
    only: OnlySites | None = None,
) -> Run:
    """Apply files against a sandbox that lives as long as the run."""
    async with Sandbox(sandbox_options) as sandbox:
        return await apply_files(
            files,
            mapping,
            sandbox_settings(sandbox),
            out=out,
            options=options,
            driving=driving,
            only=only,
            verb="rehearse",
        )
