"""The tool as a library: what the interface page shows, word for word."""

from pathlib import Path

import pytest
from e2e_inventory import write_inventory

import migrate
from migrate import Mapping, PartnerClient, Settings, apply, check, plan
from migrate.sandbox.server import Sandbox


async def test_a_program_checks_plans_and_applies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_inventory(tmp_path, sites=2, devices=2)
    monkeypatch.chdir(tmp_path)
    async with Sandbox() as sandbox:
        for name, value in sandbox.environment.items():
            monkeypatch.setenv(name, value)
        mapping = Mapping.load("mapping.toml")
        checked = check(["stations.csv", "sites.csv", "devices.csv"], mapping)
        assert {record: frame.height for record, frame in checked.records.items()} == {
            "station": 1,
            "site": 2,
            "device": 4,
        }
        assert set(checked.findings["severity"]) <= {"note"}
        async with PartnerClient(Settings()) as client:
            run = await apply(await plan(checked, client), client)
        assert run.counts == {"station": {"created": 1}, "site": {"created": 2}, "device": {"created": 4}}
        assert (tmp_path / "reports" / run.run_id / "outcomes.csv").is_file()
        assert len(sandbox.state()["devices"]) == 4


def test_a_program_reads_tables_as_they_are(tmp_path: Path) -> None:
    write_inventory(tmp_path, sites=2, devices=1)
    (table,) = migrate.read(tmp_path / "sites.csv")
    assert table.sheet is None
    assert table.header_row == 1
    assert table.frame.columns[:2] == ["_row", "id"]
    assert table.frame["account"].to_list() == ["A001", "A002"]
    assert table.findings.is_empty()


def test_the_public_names_are_there() -> None:
    for name in migrate.__all__:
        assert getattr(migrate, name) is not None
