"""The page in a browser, where one is installed: its script may run, and finds everything that it works on."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from report_runs import PAYLOADS, outcomes, report, source

from migrate.report.write import write_reports

BROWSER = shutil.which("chromium")
QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--enable-logging=stderr"),
)


@pytest.mark.skipif(BROWSER is None, reason="Chromium isn't installed")
def test_the_page_opens_from_disk_without_a_complaint_and_its_script_runs(tmp_path: Path) -> None:
    told = outcomes(
        *({"outcome": "failed", "external_id": text, "message": text, "code": "x"} for text in PAYLOADS * 5)
    )
    write_reports(tmp_path, report(told, sources=[source([["a"]] * told.height, ["Id"])]))
    page = (tmp_path / "report.html").as_uri()

    done = subprocess.run(  # the browser of this machine, with our own page
        [str(BROWSER), *QUIET, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", page],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )

    assert "CONSOLE" not in done.stderr
    assert done.stdout.count('aria-sort="none"') == 13
    assert f"1–100 of {told.height}" in done.stdout  # noqa: RUF001  # a dash between numbers
    assert not re.search(r'<form class="controls"[^>]*hidden', done.stdout)
    assert not re.search(r"<button[^>]*hidden[^>]*data-show", done.stdout)
    assert done.stdout.count("<script") == 2
