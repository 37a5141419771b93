"""What a shipped mapping was made for, inspect tells by its columns; no shipped mapping takes another's files."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from migrate.cli.main import app
from migrate.errors import MappingError
from migrate.mapping.choose import choose
from migrate.mapping.lookup import look_up
from migrate.mapping.mapping import Mapping
from migrate.model.sources import Source
from migrate.readers.read import read
from migrate.shipped import samples_folder, shipped_mappings

SAMPLES = sorted(path.name for path in samples_folder().iterdir() if path.is_dir())
NO_INPUT = "corrections.csv"
BY_NAME = {"idis", "tidy"}
"""Files without a header, and those whose columns several mappings could have, are told by their names."""


def files_of(sample: str) -> list[Path]:
    folder = samples_folder() / sample
    return [path for path in sorted(folder.iterdir()) if path.is_file() and path.name != NO_INPUT]


@pytest.mark.parametrize("sample", SAMPLES)
def test_inspect_tells_what_an_export_is_whatever_its_files_are_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample: str
) -> None:
    monkeypatch.chdir(tmp_path)
    files = files_of(sample)
    names = [path.name if sample in BY_NAME else f"list-{at}{path.suffix}" for at, path in enumerate(files)]
    for path, name in zip(files, names, strict=True):
        shutil.copy(path, name)
    done = CliRunner().invoke(app, ["inspect", *names], catch_exceptions=False)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == f"Next: chekt-migrate check {' '.join(names)} -m {sample}"


@pytest.fixture(scope="module")
def sources() -> dict[str, list[Source]]:
    """Return sample → its tables, as they are read without a mapping."""
    return {name: [Source(path.name, table) for path in files_of(name) for table in read(path)] for name in SAMPLES}


@pytest.mark.parametrize("name", shipped_mappings())
def test_a_shipped_mapping_reads_no_sample_but_its_own(sources: dict[str, list[Source]], name: str) -> None:
    mapping = Mapping.load(name)
    taken = [sample for sample, tables in sources.items() if reads(mapping, tables)]
    assert taken == ([name] if name in SAMPLES else [])


def reads(mapping: Mapping, tables: list[Source]) -> bool:
    """Tell whether a mapping reads all of the files, and none of its tables is left without one."""
    try:
        choose(look_up(tables, mapping), mapping)
    except MappingError:
        return False
    return True
