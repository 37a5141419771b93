"""The samples that are made by program are what the program makes, so that it tells how each sin was put in."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pytest
from called import ROOT

MADE = ("grouped", "korean", "manitou", "milestone", "mkms", "sadp", "sedona", "stages")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the samples made anew."""
    folder = tmp_path_factory.mktemp("made")
    subprocess.run([sys.executable, str(ROOT / "tools" / "make_samples.py"), "--out", str(folder)], check=True)
    return folder


def contents(path: Path) -> dict[str, bytes]:
    """Return what a file holds; a workbook's parts, for how they are compressed is up to the machine."""
    if not is_zipfile(path):
        return {path.name: path.read_bytes()}
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("sample", MADE)
def test_a_sample_made_anew_is_the_one_that_is_kept(made: Path, sample: str) -> None:
    names = [path.name for path in sorted((made / sample).iterdir())]
    assert names == [path.name for path in sorted((ROOT / "samples" / sample).iterdir()) if path.is_file()]
    for name in names:
        assert contents(made / sample / name) == contents(ROOT / "samples" / sample / name)


def test_every_sample_that_the_program_makes_is_compared(made: Path) -> None:
    assert tuple(sorted(path.name for path in made.iterdir())) == MADE
