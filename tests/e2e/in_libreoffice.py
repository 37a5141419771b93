"""LibreOffice as a person has it: opens a workbook and saves it."""

import asyncio
import shutil
from pathlib import Path

import pytest

needs_libreoffice = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice isn't installed")


async def saved_by_libreoffice(path: Path, kind: str, *, folder: Path) -> Path:
    """Have LibreOffice open a file and save it as a kind, in `folder`."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    process = await asyncio.create_subprocess_exec(
        *("soffice", profile, "--headless", "--convert-to", kind, "--outdir", folder, path),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    async with asyncio.timeout(120):
        assert await process.wait() == 0
    return folder / f"{path.stem}.{kind}"
