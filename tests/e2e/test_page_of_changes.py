"""The page of a run shows what the dealer has different, and still does when it is written again."""

from pathlib import Path

import pytest
from called import outcomes_of
from e2e_inventory import SITES, site_rows, write_csv, write_inventory
from e2e_tool import QUICK, Tool

from migrate.sandbox.server import Sandbox

SEND = ("--yes", *QUICK)


@pytest.mark.parametrize(
    ("words", "outcome", "title"),
    [
        (("apply", "--on-existing", "skip", *SEND), "skipped", "Left alone, because the dealer has them different"),
        (("apply", "--on-existing", "fail", *SEND), "failed", "Failed, because the dealer has them different"),
        (("apply", "--on-existing", "update", "--force", *SEND), "updated", "Updated: what changed"),
        (("plan", "--on-existing", "update", "--force"), "planned", "To be updated: what will change"),
    ],
)
async def test_what_differs_is_on_the_page_field_by_field(
    tmp_path: Path, sandbox: Sandbox, words: tuple[str, ...], outcome: str, title: str
) -> None:
    tool = Tool(tmp_path, sandbox.environment)
    inputs = write_inventory(tmp_path, sites=3, devices=1)
    assert (await tool.run("apply", *inputs, *SEND)).exit_code == 0
    rows = site_rows("A", 3)
    rows[1][1:4] = ["=New <name>", rows[1][2], "서울 1-2"]
    write_csv(tmp_path / "sites.csv", SITES, rows)

    await tool.run(words[0], *inputs, *words[1:])

    run = tool.runs()[-1]
    assert outcomes_of(run)[outcome] == 1
    page = (run / "report.html").read_text(encoding="utf-8")
    told = page[page.index(title) : page.index("</table>", page.index(title))]
    assert [told.count(text) for text in ("Shop A 2", "=New &lt;name&gt;", "2 A Street", "서울 1-2")] == [1] * 4

    await tool.run("report", run.name)

    assert told in (run / "report.html").read_text(encoding="utf-8")
