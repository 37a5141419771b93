"""inspect's screen: how a file was read and why, its columns, what they are taken for, the next command."""

import json
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_calls import output_of
from typer.testing import CliRunner

from migrate.cli.main import app
from migrate.model.text import columns_of
from migrate.shipped import samples_folder

EXPECTED = Path(__file__).parent / "expected"
LIGHTHOUSE = "lighthouse-customers.xlsx"
TOLD_IN_FULL = ("warning: ", "note: ", "Next: ", "The shipped mapping ", "These are columns ")
"""What begins a line that is as long as what it says: it is read as a sentence, or pasted."""

Golden = Callable[[Path, str], None]
runner = CliRunner()


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def sample(name: str, file: str) -> str:
    return Path(shutil.copy(samples_folder() / name / file, file)).name


def test_inspect_shows_what_a_file_holds_what_it_is_taken_for_and_why(assert_golden: Golden) -> None:
    assert_golden(EXPECTED / "inspect.txt", output_of("inspect", sample("lighthouse", LIGHTHOUSE)))


def test_the_mapping_that_is_suggested_has_its_reasons_and_what_is_left_to_a_person(
    assert_golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("migrate.app.inspect.recognize", lambda _: None)
    output_of("inspect", sample("lighthouse", LIGHTHOUSE), "--write", "own.toml")
    assert_golden(EXPECTED / "inspect.toml", Path("own.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "file"), [("korean", "korean-customers.csv"), ("sadp", "sadp-devices.xls")])
def test_a_line_of_the_screen_fits_into_120_columns(name: str, file: str) -> None:
    lines = output_of("inspect", sample(name, file)).splitlines()
    wide = [
        line for line in lines if columns_of(line) > 120 and not line.strip().startswith((*TOLD_IN_FULL, "error: "))
    ]
    assert wide == []


def test_each_column_is_shown_with_its_profile_and_what_was_dropped() -> None:
    header = "Site;Camera name;Password\n"
    Path("cameras.csv").write_text(f"{header}1;Front\x1b[2J;secret\n2;Rear;hidden\n{header}3;;own\n")
    told = output_of("inspect", "cameras.csv")
    assert told.splitlines()[:6] == [
        "cameras.csv",
        "  csv: 4 rows, 2 columns, encoding 'utf-8', delimiter ';'",
        "    header in row 1: fills 3 of 3 columns with texts, above data",
        "         column       filled  different  kind             examples",
        "      A  Site           100%          3  numbers, 1 wide  1 | 2 | 3",
        "      B  Camera name     67%          2  text             Front\\x1b[2J | Rear",
    ]
    assert "dropped, they look like credentials: Password\n" in told
    assert "1 repeated header" in told
    assert "secret" not in told
    assert told.splitlines()[-1] == "Next: chekt-migrate mappings show lighthouse > my-mapping.toml"


@pytest.mark.parametrize(
    ("above", "why"),
    [
        ("", "header in row 1: fills 3 of 3 columns with texts, above data"),
        ("List of sites\n", "header in row 2: fills 3 of 3 columns with texts, above data; row 1 is a title"),
        (
            "sep=,\n",
            "header in row 2: fills 3 of 3 columns with texts, above data; row 1 is for the program that opens",
        ),
        (
            "Sites\n2024\n,,\n",
            "header in row 4: fills 3 of 3 columns with texts, above data; rows 1-3 are titles and blank",
        ),
    ],
)
def test_the_header_is_told_with_what_speaks_for_it(above: str, why: str) -> None:
    Path("sites.csv").write_text(f"{above}Site #,Site,Zip\nS1,Joe's,12180\nS2,Kim's,12181\n")
    assert output_of("inspect", "sites.csv").splitlines()[2].strip().startswith(why)


def test_one_row_per_site_or_per_device_is_told_apart() -> None:
    site, camera = "S{0},Shop {0},Eastern,{0} Elm", "Cam {1},{1},AA:BB:CC:DD:0{0}:0{1}"
    header = "Site #,Site,Time Zone,Street,Camera,Zone,MAC\n"
    pairs = [(site_at, camera_at) for site_at in (1, 2, 3) for camera_at in (1, 2)]
    repeated = [f"{site},{camera}".format(*pair) for pair in pairs]
    grouped = [f"{site if pair[1] == 1 else ',,,'},{camera}".format(*pair) for pair in pairs]
    for rows, said in ((repeated, "repeated in each"), (grouped, "only in the first row of each group")):
        Path("cams.csv").write_text(header + "\n".join(rows))
        assert f"    one row per device, its site's columns {said}\n" in output_of("inspect", "cams.csv")
    assert "    one row per site\n" in output_of("inspect", sample("lighthouse", LIGHTHOUSE))


def test_where_there_is_no_header_that_is_told() -> None:
    Path("list.csv").write_text("1,AA:BB:CC:DD:EE:01,80\n2,AA:BB:CC:DD:EE:02,80\n")
    assert "    no header: no row names the columns, so they are called A, B, C" in output_of("inspect", "list.csv")


def test_an_encoding_that_was_guessed_is_told_as_a_guess() -> None:
    assert "encoding 'cp1252' (a guess), delimiter ';'" in output_of("inspect", sample("laval", "laval-export.csv"))


def test_a_sample_of_a_long_table_is_told() -> None:
    Path("long.csv").write_text("Site #,Camera\n" + "".join(f"S{row:06},Cam {row}\n" for row in range(45_000)))
    told = output_of("inspect", "long.csv")
    assert "kinds of values in long columns are told from 20,000 rows, evenly spread" in told
    assert " 45,000  codes, 7 wide" in told


def test_inspect_names_the_shipped_mapping_that_fits_and_the_files_as_a_shell_takes_them() -> None:
    file = samples_folder() / "laval/laval-export.csv"
    *_, recognized, following = output_of("inspect", file).splitlines()
    assert recognized == "The shipped mapping laval reads this: it uses 11 of the 12 columns."
    assert following == f"Next: chekt-migrate check {file} -m laval"
    odd = shutil.copy(file, "it's \x1b[2J.csv")
    assert output_of("inspect", odd).splitlines()[-1] == r"Next: chekt-migrate check $'it\'s \x1b[2J.csv' -m laval"


def test_an_export_that_lacks_its_second_file_is_recognized_all_the_same() -> None:
    told = output_of("inspect", sample("milestone", "milestone-hardware.csv")).splitlines()
    assert told[-2].startswith(
        "These are columns of the shipped mapping milestone: it uses 9 of the 13 columns. It looks for"
    )
    assert told[-1] == "Next: chekt-migrate inspect milestone-hardware.csv --write my-mapping.toml"


def test_a_written_mapping_is_what_the_next_command_checks_with() -> None:
    told = output_of("inspect", sample("laval", "laval-export.csv"), "--write", "my own.toml").splitlines()
    assert told[-2] == "Written: my own.toml, a copy of the shipped mapping laval"
    assert told[-1] == "Next: chekt-migrate check laval-export.csv -m 'my own.toml'"
    checked = runner.invoke(app, shlex.split(told[-1].removeprefix("Next: chekt-migrate ")))
    assert checked.exit_code == 1, checked.output  # what is wrong with the sample itself


def test_what_only_a_person_can_say_is_named_when_the_mapping_is_written() -> None:
    Path("cams.csv").write_text("Camera,MAC,Serial\nFront,AA:BB:CC:DD:EE:01,S1\nRear,AA:BB:CC:DD:EE:02,S2\n")
    told = output_of("inspect", "cams.csv", "--write", "own.toml").splitlines()
    assert told[-2].endswith("left to you (TODO in it): device.external_site_id, device.zone_number")


def test_a_file_that_is_there_is_not_written_over() -> None:
    Path("own.toml").write_text("mine")
    done = runner.invoke(app, ["inspect", sample("laval", "laval-export.csv"), "--write", "own.toml"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("error: own.toml: is there already, and is left as it is")
    assert Path("own.toml").read_text() == "mine"


def test_inspect_keeps_its_columns_where_letters_are_twice_as_wide() -> None:
    Path("sites.csv").write_text("고객번호,Zone,é\nK1,2,3\n", encoding="utf-8")
    assert output_of("inspect", "sites.csv").splitlines()[3:7] == [
        "         column    filled  different  kind             examples",
        "      A  고객번호    100%          1  codes, 2 wide    K1",
        "      B  Zone        100%          1  numbers, 1 wide  2",
        "      C  é           100%          1  numbers, 1 wide  3",
    ]


def test_as_json_there_is_all_of_it_and_no_password_either() -> None:
    Path("cameras.csv").write_text(
        "Site #,Camera,MAC,Serial,Login,Password\nS1,Front,AA:BB:CC:DD:EE:01,X1,hush,secret\n"
    )
    told = output_of("inspect", "cameras.csv", "--format", "json")
    [file] = json.loads(told)
    [table] = file["tables"]
    assert table["dropped"] == ["Password"]
    assert "secret" not in told
    assert "hush" not in told
    assert table["header_why"] == "header in row 1: fills 6 of 6 columns with texts, above data"
    assert [column["kind"] for column in table["profile"][:3]] == ["codes", "text", "MAC addresses"]
    assert {field["field"]: field["source"] for field in table["suggested"][0]["fields"]}["mac"] == {"column": "MAC"}
    assert (file["open"], file["shipped"], file["written"]) == (["device.zone_number"], None, None)


def test_a_second_header_row_is_told_on_the_screen() -> None:
    Path("matrix.csv").write_text(
        "Site code,Site name,TZ,Cam 1,,Cam 2,\n,,,Name,Zone,Name,Zone\nM1,East,Eastern,Gate,1,Dock,2\n"
    )
    lines = output_of("inspect", "matrix.csv").splitlines()
    assert "    row 2 looks like a second header row: header_row = 2" in lines
