"""Pin what CI installs, with hashes and without naming a host: `python tools/lock.py`, `--check` to see if it fits."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS: dict[str, list[str]] = {
    "requirements.lock": [],
    "requirements-dev.lock": ["--extra=test", "--extra=dev"],
}
OPTIONS = (
    "--quiet",
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-strip-extras",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
)
_HOST = re.compile(r"https?://|file://|--index|--extra-index|--find-links|--trusted-host", re.IGNORECASE)
_PINNED = re.compile(r"^[a-z0-9._-]+==", re.IGNORECASE | re.MULTILINE)


def compiled(lock: Path, extras: list[str]) -> str:
    """Return the lock's text as the requirements of pyproject.toml make it, keeping the pins that still fit."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, lock.name)
        if lock.exists():
            output.write_text(lock.read_text(encoding="utf-8"), encoding="utf-8")
        command = [sys.executable, "-m", "uv", "pip", "compile", *OPTIONS, *extras]
        subprocess.run([*command, f"--output-file={output}", "pyproject.toml"], cwd=ROOT, check=True)  # noqa: S603
        return output.read_text(encoding="utf-8")


def main() -> int:
    """Write the locks, or with `--check` say whether they fit."""
    wrong = []
    for name, extras in LOCKS.items():
        lock = ROOT / name
        text = compiled(lock, extras)
        if "--check" not in sys.argv:
            lock.write_text(text, encoding="utf-8")
        elif not lock.exists() or lock.read_text(encoding="utf-8") != text:
            wrong.append(f"{name} does not fit pyproject.toml; run: make lock")
        if _HOST.search(text) or not _PINNED.search(text):
            wrong.append(f"{name} names a host or pins nothing")
    sys.stderr.write("".join(f"{line}\n" for line in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
