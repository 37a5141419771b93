"""What inspect writes for each sample finds nothing that the shipped mapping doesn't: a copy of that, or, where none
were shipped, what is suggested, but where a person must decide.
"""

from collections.abc import Iterator
from collections.abc import Mapping as Dict
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from migrate.app.check import check
from migrate.app.inspect import inspect_files
from migrate.mapping.mapping import Mapping
from migrate.readers.workbook import read_workbook
from migrate.shipped import samples_folder, shipped_mappings

SAMPLES = sorted(path.name for path in samples_folder().iterdir() if path.is_dir() and path.name in shipped_mappings())
NO_INPUT = "corrections.csv"
Found = tuple[str, int | None]
"""A code and the row that has it; None stands for every row of devices."""

UNDECIDED: Dict[str, Dict[Found, str]] = {
    "korean": {("zone_number", 9): "the cell says `all`: a warning here, an error of the shipped extract"},
    "manitou": {("required", 12): "an empty time zone in a state that has two; the shipped default is a person's"},
    "sadp": {
        ("shorter_than_others", 7): "a lost zero is given back by a person's pad alone",
        ("required", 8): "an empty time zone, though all others are German; the shipped default is a person's",
        ("not_looked_up", 29): "a camera that is inactive may only be so today; whether it is left out, a person says",
        ("required", 29): "a camera that is inactive may only be so today; whether it is left out, a person says",
    },
    "axis": {
        ("duplicate_zone", 13): "a camera that stands twice, which the shipped mapping tells as a repeated id",
        ("required", 15): "a speaker, told from cameras by its model's letter alone",
        ("not_looked_up", 15): "a speaker, told from cameras by its model's letter alone",
    },
    "idis": {
        ("required", None): "without a header nothing says that the camera's number is its zone",
        ("duplicate_id", 5): "without a header nothing says that the camera's number tells devices apart",
        ("looked_up_twice", None): "without a header nothing says that the camera's number is a part of the key",
    },
    "ivms4200": {
        ("required", None): "nothing in the list says that these are cameras, and some are recorders",
        ("not_looked_up", 16): "a recorder, which its nickname says to a person",
        ("duplicate_id", 11): "a zone that stands twice at a site; the shipped mapping makes ids of address and port",
    },
    "milestone-cameras": {
        ("extract", 15): "a recorder on the test bench, which its name says to a person",
        ("required", 15): "a recorder on the test bench, which its name says to a person",
    },
    "mkms": {("disagreement", 5): "a second panel's account number; which one is the site's, the dealer says"},
    "sedona": {("no_account", None): "that the system's number is its account number, the dealer says"},
    "stages": {("duplicate_zone", 8): "a point that stands twice, which the shipped template tells as a repeated id"},
}
"""Sample → what is found beyond the shipped mapping's findings, and why nothing can decide it but a person."""


def files_of(sample: str) -> list[Path]:
    folder = samples_folder() / sample
    return [path for path in sorted(folder.iterdir()) if path.is_file() and path.name != NO_INPUT]


def codes_of_rows(files: list[Path], mapping: Mapping) -> set[tuple[str, str | None, int, str]]:
    findings = check(files, mapping).findings
    doubts = findings.filter(pl.col("severity") != "note", pl.col("row").is_not_null())
    return set(doubts.select("file", "sheet", "row", "code").iter_rows())


@pytest.fixture(scope="module", autouse=True)
def each_workbook_is_read_once() -> Iterator[None]:
    """A workbook is read in a process of its own, which is most of the time that these tests take."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("migrate.readers.read.read_workbook", cache(read_workbook))
        yield


@pytest.fixture(scope="module", params=SAMPLES)
def beyond(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, set[Found]]:
    """Return a sample, and what its suggested mapping finds that the shipped one doesn't."""
    sample, files = request.param, files_of(request.param)
    written = tmp_path_factory.mktemp(sample) / "suggested.toml"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("migrate.app.inspect.recognize", lambda _: None)
        inspect_files(files, write_to=written)
    more = codes_of_rows(files, Mapping.load(written)) - codes_of_rows(files, Mapping.load(sample))
    return sample, {(code, row) for _, _, row, code in more}


def test_a_suggested_mapping_finds_nothing_that_the_shipped_one_does_not(beyond: tuple[str, set[Found]]) -> None:
    sample, found = beyond
    known = UNDECIDED.get(sample, {})
    assert {(code, row) for code, row in found if not {(code, row), (code, None)} & known.keys()} == set()


def test_what_is_left_to_a_person_is_found_indeed(beyond: tuple[str, set[Found]]) -> None:
    sample, found = beyond
    codes = {code for code, _ in found}
    gone = [
        item for item in UNDECIDED.get(sample, {}) if item not in found and not (item[1] is None and item[0] in codes)
    ]
    assert gone == []


@pytest.mark.parametrize("sample", SAMPLES)
def test_what_is_written_for_an_export_with_a_shipped_mapping_is_what_that_mapping_reads(
    sample: str, tmp_path: Path
) -> None:
    files, written = files_of(sample), tmp_path / "own.toml"
    inspect_files(files, write_to=written)
    assert Mapping.load(written).tables == Mapping.load(sample).tables


def test_every_sample_has_a_shipped_mapping_to_be_compared_with() -> None:
    assert {path.name for path in samples_folder().iterdir() if path.is_dir()} == {*SAMPLES}
