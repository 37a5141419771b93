"""Inputs are called by the shortest path that tells them apart, and each is named once."""

import os
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.app import inputs
from migrate.app.inputs import distinct, sha256_of, short_names
from migrate.errors import InputError
from migrate.mapping.mapping import Mapping
from migrate.readers.read import read

PARTS = st.sampled_from(["a", "b", "north", "customers.csv"])
PATHS = st.lists(
    st.lists(PARTS, min_size=1, max_size=4).map(lambda parts: Path("/", *parts)), min_size=1, max_size=6, unique=True
)

SITES = Mapping.parse(
    'name = "S"\n[[table]]\nrecord = "site"\n[table.fields]\nexternal_site_id = "id"\nname = "name"\n'
    'timezone = { value = "UTC" }\n',
    path="s.toml",
)


def test_a_file_alone_is_called_by_its_name() -> None:
    assert short_names([Path("some/where/customers.csv")]) == ["customers.csv"]


def test_files_of_the_same_name_are_told_apart_by_their_folders() -> None:
    paths = [Path("x/north/customers.csv"), Path("x/south/customers.csv"), Path("x/south/cameras.csv")]
    assert short_names(paths) == ["north/customers.csv", "south/customers.csv", "cameras.csv"]


@given(paths=PATHS)
def test_names_tell_the_inputs_apart_by_the_end_of_their_paths(paths: list[Path]) -> None:
    names = short_names(paths)
    assert all(path.as_posix().endswith(name) for path, name in zip(paths, names, strict=True))
    if not any(one != two and one.as_posix().endswith(two.as_posix()) for one in paths for two in paths):
        assert len(set(names)) == len(names)


@given(paths=PATHS)
def test_no_shorter_name_would_do(paths: list[Path]) -> None:
    for path, name in zip(paths, short_names(paths), strict=True):
        shorter = PurePosixPath(name).parts[1:]
        if shorter and not name.startswith("/"):
            assert sum(other.parts[-len(shorter) :] == path.parts[-len(shorter) :] for other in paths) > 1


def test_a_file_given_twice_is_an_error_however_it_is_spelled(tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_text("id\n1\n")
    (tmp_path / "sub").mkdir()
    with pytest.raises(InputError, match="given twice"):
        distinct([file, tmp_path / "sub" / ".." / "customers.csv"])


def test_a_file_that_is_not_there_says_what_to_check(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.csv: there is no such file; check its name and folder"):
        sha256_of(tmp_path / "gone.csv")
    (tmp_path / "camera matrix.xlsx").touch()
    with pytest.raises(
        InputError, match=r"camera matrx\.xlsx: there is no such file; did you mean camera matrix\.xlsx\?"
    ):
        sha256_of(tmp_path / "camera matrx.xlsx")


def test_a_name_that_is_no_text_is_told_before_anything_begins() -> None:
    with pytest.raises(InputError, match="its name has bytes that are no text; rename"):
        distinct([os.fsdecode(b"f\xe9.csv")])


@pytest.mark.parametrize("by_link", [False, True], ids=["F67-replaced", "F67-link-swapped"])
def test_a_file_that_is_replaced_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, by_link: bool
) -> None:
    first, second, named = (tmp_path / name for name in ("first.csv", "second.csv", "sites.csv"))
    first.write_text("id,name\nS-1,Shop\n", encoding="utf-8")
    second.write_text("id,name\nS-2,Shop\n", encoding="utf-8")
    if by_link:
        named.symlink_to(first)
    else:
        named.write_bytes(first.read_bytes())
    real = read

    def swap(path: Path, **options: Any) -> Any:
        tables = real(path, **options)
        other = tmp_path / "other"
        if by_link:
            other.symlink_to(second)
        else:
            other.write_bytes(second.read_bytes())
        other.replace(named)
        return tables

    monkeypatch.setattr(inputs, "read", swap)
    with pytest.raises(InputError, match=r"sites\.csv: changed while it was read"):
        inputs.read_inputs([named], SITES)


def test_files_that_can_not_be_read_are_told_together(tmp_path: Path) -> None:
    empty, good, picture = (tmp_path / name for name in ("empty.csv", "good.csv", "picture.xlsx"))
    empty.touch()
    good.write_text("id\n1\n", encoding="utf-8")
    picture.write_bytes(b"\x89PNG\r\n")
    with pytest.raises(InputError) as caught:
        inputs.read_inputs([empty, tmp_path / "gone.csv", good, picture], SITES)
    told = str(caught.value).splitlines()
    assert [line.partition(": ")[0] for line in told] == [str(empty), str(tmp_path / "gone.csv"), str(picture)]
