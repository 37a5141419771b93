"""The samples come to what is expected of them; between them they show what may become of a record."""

import csv
import io
import os
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pytest
from called import ROOT, call, clean_environment, newest_run, outcomes_of, rows_of, run_json
from typer.testing import CliRunner, Result

from migrate.cli.main import app
from migrate.model.outcomes import NEEDS_ATTENTION, OUTCOMES
from migrate.sandbox.faults import Faults
from migrate.sandbox.options import SandboxOptions
from migrate.sandbox.server import Sandbox

SAMPLES = ("grouped", "korean", "laval", "lighthouse", "manitou", "milestone", "sadp", "tidy")
EXPORTS = (
    *("axis", "idis", "ivms4200", "milestone-cameras", "milestone-classic", "mkms", "netbox", "sdm2", "sedona"),
    "stages",
)
"""Samples of what programs export; the command is called for them in this process, which takes a tenth of the time."""
ALL = tuple(sorted((*SAMPLES, *EXPORTS)))
NO_INPUT = ("corrections.csv",)
"""What lies beside the input files of a sample: what the demo mends in lighthouse."""
SHOWN = {"valid", "planned", "created", "unchanged", "skipped", "updated", "invalid", "blocked", "failed"}
"""The outcomes that the samples show; not `pending` and `unknown`, which need a run that is cut off."""
SECRETS = {
    "korean": ("cp949", r"ss\d{4}!"),
    "milestone": ("utf-8", r"vw-\d{6}|rd7-Kelp"),
    "sadp": ("cp1252", r"kw\d{4}"),
}
SECRETS_OF_EXPORTS = {
    "ivms4200": r"hik#\d{5}",
    "milestone-classic": r"xp-(?:\d{5}|Vault77)",
    "mkms": r"Word\d{4}",
    "sdm2": r"tkh-\d{5}",
}
"""Sample → encoding of the file with passwords, and what these look like: in a column, an address, a torn row."""

TORN = (
    "상세주소",
    "관제번호",
    "계약상태",
    "시간대",
    "구역",
    "장비종류",
    "카메라명",
    "제조사",
    "모델",
    "MAC 주소",
    "일련번호",
    "P",
)
TORN_DEVICE = ("새솔전자", "SS-440R", "BE-4D-B5-54-24-DE", "8471980139")
"""The columns of `korean` from the one on that lost its quotation marks, and what belongs there at the end."""

CODES_SHOWN = {
    *("bridge_channels", "control_character", "device_type", "disagreement", "duplicate_account", "duplicate_id"),
    *("duplicate_zone", "extract", "is_activated", "mac", "mac_at_two_sites", "near_id", "no_account", "not_in_map"),
    *("prefix_repeated", "repeated_zone", "required", "security_type", "shorter_than_others", "thousands"),
    *("timezone", "timezone_ambiguous", "unknown_site", "unknown_station", "zone_number", "filtered_site"),
    *("credentials_dropped", "date_cell", "e_notation", "encoding_guessed", "excel_error", "formula_without_value"),
    *("hidden_by_format", "hidden_row", "hidden_sheet", "masked_credentials", "mojibake", "ragged_row"),
    *("rounded_digits", "short_row", "text_marker", "unwrapped", "wrong_extension", "merged_cells", "full_width"),
    *("zeros_by_format", "unseen_space", "not_looked_up", "looked_up_by_none"),
}
"""What the samples show of what can be wrong with a file."""

Golden = Callable[[Path, str], None]
VARYING = ("remote_id", "trace_id", "attempts")

each_sample = pytest.mark.parametrize("sample", SAMPLES)


def files_of(sample: str) -> list[Path]:
    folder = ROOT / "samples" / sample
    return [path for path in sorted(folder.iterdir()) if path.is_file() and path.name not in NO_INPUT]


def expected_at(sample: str, name: str) -> Path:
    return ROOT / "samples" / sample / "expected" / name


def as_golden(path: Path, *, emptied: Sequence[str] = ()) -> str:
    """Return a CSV file with as few quotes as it can have, and the columns that vary emptied."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(["" if name in emptied else cell for name, cell in zip(header, row, strict=True)] for row in rows)
    return text.getvalue()


@each_sample
async def test_check_finds_in_a_sample_what_is_wrong_with_it(
    tmp_path: Path, sample: str, assert_golden: Golden
) -> None:
    called = await call("check", *files_of(sample), "-m", sample, folder=tmp_path)
    assert (called.exit_code, called.stderr) == (1, "")
    run = newest_run(tmp_path)
    for name in ("outcomes", "findings", "left_out"):
        assert_golden(expected_at(sample, f"check.{name}.csv"), as_golden(run / f"{name}.csv"))


@each_sample
async def test_a_rehearsal_brings_in_all_of_a_sample_that_is_right(
    tmp_path: Path, sample: str, assert_golden: Golden
) -> None:
    called = await call("rehearse", *files_of(sample), "-m", sample, folder=tmp_path)
    assert (called.exit_code, called.stderr) == (1, "")
    told = as_golden(newest_run(tmp_path) / "outcomes.csv", emptied=VARYING)
    assert_golden(expected_at(sample, "rehearse.outcomes.csv"), told)


@pytest.mark.parametrize("sample", SECRETS)
async def test_no_password_of_a_sample_is_in_what_a_rehearsal_leaves(tmp_path: Path, sample: str) -> None:
    encoding, secret = SECRETS[sample]
    given = "".join(path.read_bytes().decode(encoding, errors="ignore") for path in files_of(sample))
    assert len(set(re.findall(secret, given))) >= 6
    called = await call("rehearse", *files_of(sample), "-m", sample, "-vv", folder=tmp_path)
    left = {path.name: held_by(path) for path in newest_run(tmp_path).iterdir()}
    assert {"attention.xlsx", "attention.csv", "journal.sqlite", "report.html"} <= left.keys()
    told = {"stdout": called.stdout, "stderr": called.stderr, **left}
    assert [name for name, text in told.items() if re.search(secret, text)] == []


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder, in which this process stands, with no CHEKT_ variables."""
    for name in os.environ.keys() - clean_environment().keys():
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def called_here(verb: str, sample: str) -> Result:
    words = [verb, *map(str, files_of(sample)), "-m", sample]
    return CliRunner().invoke(app, words, catch_exceptions=False)


@pytest.mark.parametrize("sample", EXPORTS)
def test_check_finds_in_an_export_what_is_wrong_with_it(here: Path, sample: str, assert_golden: Golden) -> None:
    called = called_here("check", sample)
    assert (called.exit_code, called.stderr) == (1, "")
    for name in ("outcomes", "findings", "left_out"):
        assert_golden(expected_at(sample, f"check.{name}.csv"), as_golden(newest_run(here) / f"{name}.csv"))


@pytest.mark.parametrize("sample", EXPORTS)
def test_a_rehearsal_brings_in_all_of_an_export_that_is_right_and_keeps_no_password(
    here: Path, sample: str, assert_golden: Golden
) -> None:
    called = called_here("rehearse", sample)
    assert (called.exit_code, called.stderr) == (1, "")
    run = newest_run(here)
    assert_golden(expected_at(sample, "rehearse.outcomes.csv"), as_golden(run / "outcomes.csv", emptied=VARYING))
    if secret := SECRETS_OF_EXPORTS.get(sample):
        assert len(set(re.findall(secret, "".join(map(held_by, files_of(sample)))))) >= 6
        told = {"stdout": called.stdout, **{path.name: held_by(path) for path in run.iterdir()}}
        assert [name for name, text in told.items() if re.search(secret, text)] == []


def held_by(path: Path) -> str:
    """Return all that a file holds as text, a workbook's parts unpacked."""
    if not is_zipfile(path):
        return path.read_bytes().decode(errors="ignore")
    with ZipFile(path) as archive:
        return "".join(archive.read(name).decode(errors="ignore") for name in archive.namelist())


def test_the_page_about_the_samples_has_each_with_the_command_that_checks_it() -> None:
    page = (ROOT / "samples" / "README.md").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^\| `([\w-]+)` \|", page, re.MULTILINE)) == ALL
    commands = re.findall(r"^chekt-migrate .*$", page, re.MULTILINE)
    called = [(sample, *(path.relative_to(ROOT).as_posix() for path in files_of(sample))) for sample in ALL]
    assert commands == [f"chekt-migrate check {' '.join(files)} -m {sample}" for sample, *files in called]


@pytest.mark.parametrize("sample", ALL)
def test_the_mapping_of_a_sample_names_its_files_in_its_first_comment(sample: str) -> None:
    comment = (ROOT / "mappings" / f"{sample}.toml").read_text(encoding="utf-8").partition("\nname = ")[0]
    assert all(path.relative_to(ROOT).as_posix() in comment for path in files_of(sample))


def test_the_samples_show_nearly_all_that_can_be_wrong_with_a_file() -> None:
    found = [row for sample in ALL for row in rows_of(expected_at(sample, "check.findings.csv"))]
    assert {row["code"] for row in found} == CODES_SHOWN


def test_every_folder_of_samples_is_tried_here() -> None:
    assert tuple(sorted(path.name for path in (ROOT / "samples").iterdir() if path.is_dir())) == ALL


@pytest.mark.slow
async def test_a_sample_with_a_bad_connection_comes_to_the_same(tmp_path: Path) -> None:
    called = await call("rehearse", *files_of("laval"), "-m", "laval", "--faults", "flaky", folder=tmp_path)
    assert called.exit_code == 1, called.stderr
    told = rows_of(newest_run(tmp_path) / "outcomes.csv")
    expected = rows_of(expected_at("laval", "rehearse.outcomes.csv"))
    key = ("record", "external_id", "outcome")
    assert [[row[name] for name in key] for row in told] == [[row[name] for name in key] for row in expected]


@pytest.mark.parametrize("sample", ["lighthouse", "grouped", "korean"])  # the others differ in how they are read
async def test_a_second_apply_of_a_sample_sends_nothing_but_gets(tmp_path: Path, sample: str) -> None:
    files = files_of(sample)
    async with Sandbox() as sandbox:
        first = await call("apply", *files, "-m", sample, "--yes", folder=tmp_path, environment=sandbox.environment)
        assert first.exit_code == 1, first.stderr
        made = outcomes_of(newest_run(tmp_path))
        before, store = sandbox.history.methods.copy(), sandbox.state()
        again = await call("apply", *files, "-m", sample, "--yes", folder=tmp_path, environment=sandbox.environment)
        assert again.exit_code == 1, again.stderr
        assert set(sandbox.history.methods - before) == {"GET"}
        assert sandbox.state() == store
    told = outcomes_of(newest_run(tmp_path))
    assert told.pop("unchanged") == made.pop("created")
    assert told == made
    assert set(told) <= NEEDS_ATTENTION


@each_sample
async def test_a_plan_of_a_sample_sends_nothing_but_gets(tmp_path: Path, sample: str) -> None:
    async with Sandbox() as sandbox:
        called = await call("plan", *files_of(sample), "-m", sample, folder=tmp_path, environment=sandbox.environment)
        assert called.exit_code == 1, called.stderr
        asked = {(request.method, request.endpoint) for request in sandbox.history}
        assert {method for method, endpoint in asked if endpoint != "token.create"} == {"GET"}
        assert not any(sandbox.state().values())
    run = newest_run(tmp_path)
    expected = rows_of(expected_at(sample, "rehearse.outcomes.csv"))
    told = rows_of(run / "outcomes.csv")
    assert [row["outcome"] for row in told] == [row["outcome"].replace("created", "planned") for row in expected]
    assert [row["action"] for row in told] == [row["action"] for row in expected]
    assert run_json(run)["requests"]["planned"] > 0


async def test_all_that_is_wrong_with_a_sample_can_be_mended_in_its_attention_file(tmp_path: Path) -> None:
    mends = {
        "9": {"구역": "4"},
        "14": {"일련번호": "880213000001"},
        "19": {"구역": "2"},
        "20": dict(zip(TORN, ("3층, 302호", "0315", "정상", "", "3", "카메라", "창고", *TORN_DEVICE, ""), strict=True)),
        "22": {"시간대": "KST"},
        "23": {"시간대": "KST"},
        "32": {"장비종류": "카메라"},
    }
    async with Sandbox() as sandbox:
        applied = await call(
            "apply", *files_of("korean"), "-m", "korean", "--yes", folder=tmp_path, environment=sandbox.environment
        )
        assert applied.exit_code == 1, applied.stderr
        rows = rows_of(newest_run(tmp_path) / "attention.csv")
        with (tmp_path / "mended.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(row | mends.get(row["_row"], {}) for row in rows)
        words = ("retry", "last", "--from", "mended.csv", "--yes")
        retried = await call(*words, folder=tmp_path, environment=sandbox.environment)
        assert retried.exit_code == 0, retried.stdout + retried.stderr
        assert {"KR-0105", "KR-0106"} <= {site["external_site_id"] for site in sandbox.state()["sites"]}
    assert set(outcomes_of(newest_run(tmp_path))) == {"created"}


async def test_what_the_api_refuses_and_what_differs_there_is_told_and_goes_in_the_next_time(tmp_path: Path) -> None:
    files = [Path(shutil.copy(path, tmp_path)) for path in files_of("tidy")]
    refusals = Faults.parse(["sites.create/T-003:400-before:*", "devices.create/T-007-1:poison:*"])
    async with Sandbox(SandboxOptions(faults=refusals)) as sandbox:

        async def go(*words: str) -> dict[tuple[str, str], str]:
            called = await call(*words, folder=tmp_path, environment=sandbox.environment)
            assert called.exit_code == 1, called.stderr
            told = rows_of(newest_run(tmp_path) / "outcomes.csv")
            return {(row["external_site_id"], row["external_id"]): row["outcome"] for row in told}

        words = (*map(str, files), "-m", "tidy")
        refused = await go("apply", *words, "--yes")
        assert {key for key, outcome in refused.items() if outcome == "failed"} == {
            ("T-003", "T-003"),
            ("T-007", "T-007-1"),
        }
        assert refused["T-003", "T-003-1"] == "blocked"
        assert refused["T-007", "T-007-2"] == "created"

        sandbox.play(Faults())
        sites = next(path for path in files if path.name == "sites.csv")
        changed = sites.read_text(encoding="utf-8").replace("Meadowbrook Golf", "Meadowbrook Golf Club")
        sites.write_text(changed, encoding="utf-8")
        planned = await go("plan", *words)
        assert set(planned.values()) == {"planned", "unchanged", "skipped", "invalid", "blocked"}
        left_alone = await go("apply", *words, "--yes")
        assert left_alone["T-002", "T-002"] == "skipped"
        assert left_alone["T-002", "T-002-1"] == "unchanged"
        assert {left_alone[key] for key in refused if refused[key] == "failed"} == {"created"}
        put_right = await go("apply", *words, "--yes", "--on-existing", "update")
        assert put_right["T-002", "T-002"] == "updated"
        assert [site["name"] for site in sandbox.state()["sites"] if site["external_site_id"] == "T-002"] == [
            "Meadowbrook Golf Club"
        ]
    shown = {*refused.values(), *planned.values(), *left_alone.values(), *put_right.values()}
    in_goldens = {row["outcome"] for sample in SAMPLES for row in rows_of(expected_at(sample, "check.outcomes.csv"))}
    assert shown | in_goldens == SHOWN
    assert set(OUTCOMES) >= SHOWN
