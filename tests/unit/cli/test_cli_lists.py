"""The verbs that list: runs and mappings; aligned, escaped, ending with the next command."""

import json
from pathlib import Path

import pytest
from cli_calls import output_of
from typer.testing import CliRunner

from migrate.cli.main import app
from migrate.mapping.schema import schema_text
from migrate.shipped import mappings_folder

runner = CliRunner()


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def make_run(name: str, **facts: object) -> None:
    folder = Path("reports", name)
    folder.mkdir(parents=True)
    told = {"run_id": name, "verb": "apply", "state": "finished", "exit_code": 0, **facts}
    (folder / "run.json").write_text(json.dumps(told), encoding="utf-8")


def test_runs_are_listed_newest_first_in_columns() -> None:
    make_run("20260301-120000-000", verb="check", exit_code=1, counts={"site": {"valid": 1200, "invalid": 3}})
    make_run("20260302-120000-000", verb="rehearse", counts={"site": {"created": 4}, "device": {"created": 6}})
    make_run(
        "20260303-120000-000",
        state="running",
        exit_code=None,
        inputs=[{"path": "/data/customers.xlsx"}, {"path": "C:\\data\\cameras.csv"}],
    )
    assert output_of("runs").splitlines() == [
        "run                  verb      state     exit  records                 files",
        "20260303-120000-000  apply     running         -                       customers.xlsx, cameras.csv",
        "20260302-120000-000  rehearse  finished  0     10 created",
        "20260301-120000-000  check     finished  1     3 invalid, 1,200 valid",
        "Next: chekt-migrate runs",
    ]


def test_runs_elsewhere_name_the_folder_in_the_next_command() -> None:
    make_run("20260301-120000-000")
    Path("reports").rename("my runs")
    assert output_of("runs", "--out", "my runs").endswith("Next: chekt-migrate runs --out 'my runs'\n")


def test_where_there_are_no_runs_the_list_says_how_to_make_one() -> None:
    assert output_of("runs") == "no runs under reports\nNext: chekt-migrate check FILE... -m MAPPING\n"


def test_a_run_that_is_hardly_there_is_listed_all_the_same() -> None:
    Path("reports/20260301-120000-000").mkdir(parents=True)
    Path("reports/20260301-120000-000/run.json").write_text('{"run_id": "20260301-120000-000"}', encoding="utf-8")
    assert "20260301-120000-000" in output_of("runs")
    for verb in ("apply", "retry", "resume", "report"):
        for name in ("last", "20260301-120000-000"):
            done = runner.invoke(app, (verb, name))
            assert done.exit_code == 2, done.output
            assert "mistake" not in done.output


@pytest.mark.parametrize(
    "facts",
    [
        {"counts": None},
        {"counts": {"site": None}},
        {"counts": {"site": {"created": "many"}}},
        {"inputs": None},
        {"inputs": ["customers.xlsx"]},
        {"run_id": 1},
        {"state": None},
        {"verb": []},
        {"dealer_id": 1, "state": "running"},
    ],
)
@pytest.mark.parametrize("words", [("runs",), ("runs", "prune", "--older-than", "0d", "--yes"), ("report", "last")])
def test_a_folder_whose_run_json_is_none_of_a_run_is_no_run(facts: dict[str, object], words: tuple[str, ...]) -> None:
    make_run("20260301-120000-000", **facts)
    done = runner.invoke(app, words)
    assert done.exit_code == (2 if "report" in words else 0)
    assert Path("reports/20260301-120000-000/run.json").is_file()


def test_runs_as_json_are_their_run_jsons() -> None:
    make_run("20260301-120000-000")
    assert [run["run_id"] for run in json.loads(output_of("runs", "--format", "json"))] == ["20260301-120000-000"]


def test_a_file_name_in_a_list_of_runs_does_not_act_on_the_terminal() -> None:
    make_run("20260301-120000-000", inputs=[{"path": "\x1b[2J.csv"}])
    assert "\\x1b[2J.csv" in output_of("runs")


def test_the_shipped_mappings_are_listed_and_the_first_is_the_example() -> None:
    *listed, following = output_of("mappings").splitlines()
    names = [line.split()[0] for line in listed]
    assert names == sorted(path.stem for path in mappings_folder().glob("*.toml"))
    title = "Korean customer export in cp949: one row per camera, site repeated"
    assert ["korean", title] in [line.split(maxsplit=1) for line in listed]
    assert len({line.index(line.split(maxsplit=1)[1]) for line in listed}) == 1
    assert following == f"Next: chekt-migrate mappings show {names[0]} > my-mapping.toml"
    assert output_of("mappings", "list") == output_of("mappings")


def test_a_shipped_mapping_that_is_shown_can_be_used_as_it_is() -> None:
    Path("own.toml").write_text(output_of("mappings", "show", "tidy"), encoding="utf-8")
    Path("sites.csv").write_text("external_site_id,name,timezone,account_number,address1,address2,active\n")
    assert runner.invoke(app, ["check", "sites.csv", "-m", "own.toml"]).exit_code == 2  # there is no devices*.csv


@pytest.mark.parametrize("name", [path.stem for path in sorted(mappings_folder().glob("*.toml"))])
def test_a_shipped_mapping_is_shown_as_it_is_with_its_comments(name: str) -> None:
    shown = output_of("mappings", "show", name)
    assert shown == (mappings_folder() / f"{name}.toml").read_text(encoding="utf-8")
    assert shown.startswith("# ")


def test_the_schema_is_json() -> None:
    assert output_of("mappings", "schema") == schema_text()
    assert "properties" in json.loads(schema_text())


def test_show_without_a_name_says_what_to_say() -> None:
    done = runner.invoke(app, ["mappings", "show"])
    assert (
        done.stderr
        == "error: mappings show: say `list`, `show NAME` or `schema`; the names: chekt-migrate mappings list\n"
    )


@pytest.mark.parametrize("words", [["show"], ["show", "nothing-like-it"], ["drop"]])
def test_a_mapping_that_is_not_there_is_a_mistake_of_the_command(words: list[str]) -> None:
    done = runner.invoke(app, ["mappings", *words])
    assert done.exit_code == 2
    assert done.stderr.startswith("error: ")
