"""inspect as a use case: the mapping is written once and loads, and the shipped mapping is told that uses most."""

import shutil
from pathlib import Path

import pytest
from openpyxl import Workbook

from migrate.app.inspect import inspect_files, told_findings
from migrate.app.recognize import recognize
from migrate.errors import UsageError
from migrate.mapping.mapping import Mapping
from migrate.model.sources import Source
from migrate.readers.read import read
from migrate.shipped import samples_folder

SITES = "Site #,Site,Time Zone,Street\nS1,Joe's,Eastern,1 Main St\nS2,Kim's,Central,2 Main St\n"


def sources(*paths: Path) -> list[Source]:
    return [Source(path.name, table) for path in paths for table in read(path)]


def ship(monkeypatch: pytest.MonkeyPatch, folder: Path, **mappings: str) -> None:
    """Let only these mappings, each a list of columns, be those that ship with the tool."""
    folder.mkdir()
    fields_of_all = 'external_site_id = "Site #"\nname = "Site"\ntimezone = "Time Zone"\n'
    head = f'[[table]]\nrecord = "site"\n[table.fields]\n{fields_of_all}'
    for name, fields in mappings.items():
        (folder / f"{name}.toml").write_text(head + fields)
    monkeypatch.setattr("migrate.shipped.mappings_folder", lambda: folder)


def test_a_written_mapping_loads_and_another_file_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "sites.csv").write_text(SITES)
    written = tmp_path / "own.toml"
    inspection = inspect_files([tmp_path / "sites.csv"], write_to=written)
    assert inspection.written == written
    assert Mapping.load(written).tables[0].fields["external_site_id"].column == ("Site #",)
    before = written.read_bytes()
    with pytest.raises(UsageError, match=r"own\.toml: is there already, and is left as it is"):
        inspect_files([tmp_path / "sites.csv"], write_to=written)
    assert written.read_bytes() == before


def test_a_link_that_points_nowhere_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "sites.csv").write_text(SITES)
    (tmp_path / "own.toml").symlink_to(tmp_path / "elsewhere.toml")
    with pytest.raises(UsageError, match="is there already"):
        inspect_files([tmp_path / "sites.csv"], write_to=tmp_path / "own.toml")
    assert not (tmp_path / "elsewhere.toml").exists()


def test_of_a_file_in_which_nothing_is_known_no_mapping_is_written(tmp_path: Path) -> None:
    (tmp_path / "prices.csv").write_text("Item,Price\nBolt,1.20\nNut,0.80\n")
    with pytest.raises(UsageError, match=r"prices\.csv: nothing in it looks like stations, sites or devices"):
        inspect_files([tmp_path / "prices.csv"], write_to=tmp_path / "own.toml")
    assert not (tmp_path / "own.toml").exists()
    assert inspect_files([tmp_path / "prices.csv"]).suggestion.tables == ()


def test_a_file_that_can_not_be_read_hides_no_other_and_no_mapping_is_written(tmp_path: Path) -> None:
    (tmp_path / "sites.csv").write_text(SITES)
    (tmp_path / "empty.csv").touch()
    files = [tmp_path / name for name in ("empty.csv", "sites.csv", "gone.csv")]
    inspection = inspect_files(files, write_to=tmp_path / "own.toml")
    assert [item.path.name for item in inspection.files] == ["sites.csv"]
    assert [str(error).partition(":")[0] for error in inspection.refused] == [str(files[0]), str(files[2])]
    assert [table.record for table in inspection.suggestion.tables] == ["site"]
    assert (inspection.written, (tmp_path / "own.toml").exists()) == (None, False)


def test_a_mapping_that_would_be_too_long_is_refused_not_cut_short(tmp_path: Path) -> None:
    cameras = ",".join(f"Camera {at}" for at in range(1, 100))
    names = ",".join(["Front"] * 99)
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for path, zone in zip(files, ("TZ", "Time Zone"), strict=True):
        path.write_text(f"Store #,Store,Street,{zone},{cameras}\nS1,Shop,1 Elm,Eastern,{names}\n")
    with pytest.raises(UsageError, match="200 tables would be needed, and a mapping has at most 100"):
        inspect_files(files, write_to=tmp_path / "own.toml")


def test_a_folder_that_is_not_there_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "sites.csv").write_text(SITES)
    with pytest.raises(UsageError, match=r"own\.toml: its folder is not there; make it first"):
        inspect_files([tmp_path / "sites.csv"], write_to=tmp_path / "gone" / "own.toml")


def test_the_shipped_mapping_that_uses_most_columns_is_told_not_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sites.csv").write_text(SITES)
    ship(monkeypatch, tmp_path / "m", alpha="", beta='address1 = "Street"\n', gamma="")
    found = recognize(sources(tmp_path / "sites.csv"))
    assert found is not None
    assert (found.name, found.used, found.columns, found.fits) == ("beta", 4, 4, True)


def test_an_export_without_its_second_file_is_known_and_what_lacks_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sites.csv").write_text(SITES)
    device = (
        '[[table]]\nrecord = "device"\nfile = "*cams*"\n[table.fields]\nexternal_site_id = "S"\n'
        'external_device_id = "D"\ndevice_type = "T"\nzone_number = "Z"\n'
    )
    ship(monkeypatch, tmp_path / "m", export=f'address1 = "Street"\n{device}')
    found = recognize(sources(tmp_path / "sites.csv"))
    assert found is not None
    assert (found.name, found.fits, found.used) == ("export", False, 4)
    assert found.lacks == ('a file called "*cams*" for its devices',)


def test_a_file_that_no_shipped_mapping_was_made_for_is_not_recognized(tmp_path: Path) -> None:
    (tmp_path / "sites.csv").write_text(SITES)
    assert recognize(sources(tmp_path / "sites.csv")) is None


def test_what_a_shipped_mapping_reads_is_written_as_a_copy_of_that_mapping(tmp_path: Path) -> None:
    export = Path(shutil.copy(samples_folder() / "laval/laval-export.csv", tmp_path / "x.csv"))
    inspect_files([export], write_to=tmp_path / "own.toml")
    said = (tmp_path / "own.toml").read_text(encoding="utf-8")
    assert said.startswith("# A copy of the shipped mapping laval, which reads these files; change it as you like.\n")
    assert said.endswith(Mapping.load("laval").text)


def test_the_finding_of_a_column_that_may_hold_a_password_has_no_example(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in (["Site #", "Site", "System Login"], [1, "Joe's", 42], [2, "Kim's", 77]):
        sheet.append(row)
    for cell in ("A2", "A3", "C2", "C3"):
        sheet[cell].number_format = "0000"
    workbook.save(tmp_path / "sites.xlsx")
    [table] = read(tmp_path / "sites.xlsx")
    told = dict(told_findings(table).filter(code="zeros_by_format").select("column", "message").iter_rows())
    said = "numbers with zeros in front by their format were read as they are shown: 2"
    assert told == {
        "Site #": f'column "Site #": {said}, such as 1 → 0001 in A2',
        "System Login": f'column "System Login": {said}',
    }


@pytest.mark.parametrize(("german", "korean"), [("cp1252", "cp949"), ("utf-8", "cp949")])
def test_files_in_different_encodings_are_each_read_in_their_own_by_the_written_mapping(
    tmp_path: Path, german: str, korean: str
) -> None:
    header, rows = "Site ID,Site Name,Time Zone,Street\n", range(1, 16)
    first = [f"D{at},Bäckerei Müller {at},Europe/Berlin,Hauptstraße {at}\n" for at in rows]
    second = [f"K{at},서울상회 {at}호점,Asia/Seoul,강남대로 {at}\n" for at in rows]
    (tmp_path / "de.csv").write_text(header + "".join(first), encoding=german)
    (tmp_path / "kr.csv").write_text(header + "".join(second), encoding=korean)
    files, written = [tmp_path / "de.csv", tmp_path / "kr.csv"], tmp_path / "own.toml"
    inspect_files(files, write_to=written)
    assert f"# the files' encodings differ ({german}, {korean})" in written.read_text(encoding="utf-8")
    mapping = Mapping.load(written)
    assert [table.encoding for table in mapping.tables] == [None]
    names = [name for path in files for table in read(path) for name in table.frame["Site Name"]]
    assert {"Bäckerei Müller 1", "서울상회 1호점"} <= {*names}


def test_an_encoding_that_was_guessed_for_all_files_alike_is_written(tmp_path: Path) -> None:
    for name in "ab":
        text = SITES + f"{name},Café Zoë,Eastern,3 Main St\n"
        (tmp_path / f"{name}.csv").write_text(text, encoding="cp1252")
    written = tmp_path / "own.toml"
    inspect_files([tmp_path / "a.csv", tmp_path / "b.csv"], write_to=written)
    assert [table.encoding for table in Mapping.load(written).tables] == ["cp1252"]
