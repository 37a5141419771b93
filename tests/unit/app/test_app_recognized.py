"""A file that a shipped mapping was made for is told by its columns, and taken for nothing else."""

from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from migrate.app.inspect import Inspected, fitting_mapping, inspect_files
from migrate.errors import MappingError
from migrate.mapping.choose import choose
from migrate.mapping.mapping import Mapping
from migrate.model.sources import Source
from migrate.shipped import samples_folder, shipped_mappings

SAMPLES = sorted(path.name for path in samples_folder().iterdir() if path.is_dir())
NO_INPUT = "corrections.csv"
BY_NAME = {"idis", "tidy"}
"""Files without a header, and those that have the same columns, are told by their names."""


@pytest.fixture(scope="module")
def inspected() -> Dict[str, Sequence[Inspected]]:
    """Return sample → what inspect sees in its files."""
    return {
        name: inspect_files(
            path for path in sorted((samples_folder() / name).iterdir()) if path.is_file() and path.name != NO_INPUT
        )
        for name in SAMPLES
    }


@pytest.mark.parametrize("sample", SAMPLES)
def test_inspect_tells_a_sample_by_its_columns(inspected: Dict[str, Sequence[Inspected]], sample: str) -> None:
    assert fitting_mapping(inspected[sample]) == sample


@pytest.mark.parametrize("name", shipped_mappings())
def test_a_shipped_mapping_reads_no_sample_but_its_own(inspected: Dict[str, Sequence[Inspected]], name: str) -> None:
    mapping = Mapping.load(name)
    taken = [sample for sample, items in inspected.items() if reads(mapping, items)]
    assert taken == ([name] if name in SAMPLES else [])


@pytest.mark.parametrize("sample", sorted({*SAMPLES} - BY_NAME))
def test_an_export_is_told_whatever_its_files_are_called(
    inspected: Dict[str, Sequence[Inspected]], sample: str
) -> None:
    renamed = [replace(item, path=Path(f"list {at}.csv")) for at, item in enumerate(inspected[sample])]
    assert fitting_mapping(renamed) == sample


def reads(mapping: Mapping, items: Sequence[Inspected]) -> bool:
    """Tell whether a mapping reads all of the files, and none of its tables is left without one."""
    try:
        choose([Source(item.path.name, table) for item in items for table in item.tables], mapping)
    except MappingError:
        return False
    return True
