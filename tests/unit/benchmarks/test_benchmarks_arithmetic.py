"""What the benchmarks make of figures is right: middles, ratios, verdicts, exponents, and the pages that tell them."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from benchmarks import growth, render, scale
from benchmarks.apply import summed
from benchmarks.growth import Point, exponent
from benchmarks.measure import Spread, Used, cpu_s, figures, ratio
from benchmarks.request_count import pages
from benchmarks.results import Result, show
from migrate.planning.estimate import ACTIVATION_REQUESTS


def used(*seconds: float) -> list[Used]:
    return [Used(cpu_s=one, wall_s=10 * one, peak_bytes=0, stdout="") for one in seconds]


def result(goal: int, ratio: float | None, **bound: Any) -> Result:
    return Result(goal, f"what {goal}", "6.0 s", "bare 1.5 s", ratio, **bound)


def test_a_spread_is_the_middle_and_the_ends_of_all_rounds_in_any_order() -> None:
    spread = Spread.of([5.0, 1.0, 2.0, 9.0])
    assert (spread.middle, spread.least, spread.most) == (3.5, 1.0, 9.0)
    assert spread.shown(1, "s") == "3.5 s (1.0-9.0)"


def test_a_ratio_is_made_within_each_round_and_only_the_base_goes_without_the_start() -> None:
    ours, base, idle = used(6.0, 3.0, 8.0), used(2.5, 2.0, 1.5), used(0.5, 0.1, 9.0)
    assert figures(cpu_s, base, idle=idle) == [2.0, 1.5, 1.0]
    assert ratio(cpu_s, ours, base, idle=idle) == Spread(middle=3.0, least=2.0, most=8.0)
    with pytest.raises(ValueError, match="zip"):
        ratio(cpu_s, ours, base[:2])


@pytest.mark.parametrize(
    ("made", "wanted", "verdict"),
    [
        (result(1, 4.5, most=4.5), "≤ 4.5 x", "reached"),
        (result(1, 4.95, most=4.5), "≤ 4.5 x", "not reached, by 10%"),
        (result(6, 0.9, least=0.9, unit="%"), "≥ 90%", "reached"),
        (result(6, 0.888, least=0.9, unit="%"), "≥ 90%", "not reached, by 1%"),
        (result(12, 0, most=0, unit="more"), "≤ 0 more", "reached"),
        (result(12, 2, most=0, unit="more"), "≤ 0 more", "not reached"),
        (result(7, 1.2), "", ""),
        (result(7, None, most=1), "≤ 1 x", ""),
    ],
)
def test_a_goal_is_reached_up_to_its_bound_and_else_it_is_told_by_how_much_not(
    made: Result, wanted: str, verdict: str
) -> None:
    assert (made.wanted, made.verdict) == (wanted, verdict)


def test_the_last_line_for_programs_makes_the_same_results_again(capsys: pytest.CaptureFixture[str]) -> None:
    made = [result(1, 4.95, most=4.5, facts={"seconds": 6.0})]
    show(made, setting="1,000 rows", as_json=True)
    line, *_, last = capsys.readouterr().out.splitlines()
    told = json.loads(last)
    assert (line, [Result(**one) for one in told["results"]]) == ("1,000 rows", made)


@pytest.fixture
def page_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[str, str]]:
    """Return what writes both pages of some results; it returns RESULTS.md and README.md."""
    goals = [f'[goal.{number}]\ntitle = "Goal {number}"\nwhy = "Because\\nof {number}."\n' for number in (1, 2, 3, 10)]
    lines = '[[readme]]\ngoal = {}\nwhat = "what {}"\ntext = "It takes {{seconds:.0f}} s."\n'
    for name, text in (
        ("GOALS", "".join([*goals, lines.format(1, 1), lines.format(10, 10)])),
        ("README", f"before\n{render.BEGIN}\n- of old\n{render.END}\nafter\n"),
        ("RESULTS", ""),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        monkeypatch.setattr(render, name, tmp_path / name)

    def write(*results: Result) -> tuple[str, str]:
        step = {
            "when": "today",
            "setting": "small",
            "results": [asdict(one) for one in results],
        }
        told = {"about": ["Python"], "steps": {"check": step}}
        render.write_results(told)
        render.write_readme(told)
        return render.RESULTS.read_text(encoding="utf-8"), render.README.read_text(encoding="utf-8")

    return write


def test_the_page_of_results_tells_each_goal_once_and_which_are_reached(
    page_of: Callable[..., tuple[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    page, readme = page_of(
        result(1, 4.4, most=4.5, facts={"seconds": 6.4}),
        result(2, 0.9, most=1.0),
        result(2, 1.5, most=1.0, shown="1.5 | x"),
        result(3, 0.8, least=0.9, unit="%"),
    )
    lines = page.splitlines()
    assert "Reached: 1; in part: 2; not reached: 3." in lines
    assert [line for line in lines if line.startswith("## ")] == [
        "## 1. Goal 1",
        "## 2. Goal 2",
        "## 3. Goal 3",
        "## 10. Goal 10",
        "## When and how",
    ]
    assert "| what 1 | 6.0 s | bare 1.5 s | 4.40 x | ≤ 4.5 x | reached |" in lines
    assert "| what 2 | 6.0 s | bare 1.5 s | 1.5 \\| x | ≤ 1 x | **not reached, by 50%** |" in lines
    assert "| what 3 | 6.0 s | bare 1.5 s | 0.80 x | ≥ 90% | **not reached, by 11%** |" in lines
    assert lines[lines.index("## 10. Goal 10") + 2].startswith("Not measured yet")
    assert "Because of 2." in lines
    assert readme == f"before\n{render.BEGIN}\n- It takes 6 s.\n{render.END}\nafter\n"
    assert "what 10" in capsys.readouterr().out


def test_an_exponent_is_that_of_the_power_by_which_it_grows() -> None:
    sizes = (1_000.0, 10_000.0, 100_000.0)
    for power in (0.5, 1.0, 2.0):
        assert exponent([(size, 3 * size**power) for size in sizes]) == pytest.approx(power)
    assert exponent([(1_000.0, 3.0)]) is None


def point(rows: int, cpu_s: float, peak_mb: float) -> Point:
    return Point("check", rows, rows, cpu_s, wall_s=2 * cpu_s, peak_mb=peak_mb, disk_mb=1.0, rounds=5, when="today")


def test_the_page_of_growth_takes_the_start_off_and_fits_from_the_size_on_that_it_says() -> None:
    sizes = (1, 1_000, 10_000, 100_000, 1_000_000)
    seconds = (1.0, 1.5, 1.9, 1.0 + 2.0, 1.0 + 20.0)  # linear from 100,000 rows on, once the start is off
    page = growth.page([point(rows, cpu_s, 100 + rows**0.5) for rows, cpu_s in zip(sizes, seconds, strict=True)])
    assert "One row: 1.00 s of CPU, 101 MB." in page
    assert "Exponent from 100,000 rows on: of the time 1.00, of the memory 0.50." in page
    assert "| 1,000,000 | 1,000,000 | 21.00 | 21.0 | 1.00 | 42.00 | 1,100 | 0.50 | 1.0 | 5 | today |" in page
    assert "## `apply`" not in page


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(9.96, "10.0 s"), (45, "45 s"), (90, "1.5 min"), (7_200, "2.0 h"), (400 * 86_400, "1.1 years")],
)
def test_a_time_is_told_in_the_largest_unit_of_which_there_is_one(seconds: float, told: str) -> None:
    assert scale.duration(seconds) == told


def test_the_requests_of_a_million_devices_are_those_that_the_plan_counts() -> None:
    assert scale.requests(1_000_000) == 50_000 + 50_000 + 100 + 1 + 1
    assert scale.requests(1_000_000, extra=scale.ARMING + scale.ACTIVATION) == 100_102 + 50_000 * (
        1 + ACTIVATION_REQUESTS
    )


@pytest.mark.parametrize(("rows", "number"), [(0, 1), (1, 2), (499, 2), (500, 2), (501, 2), (1_000, 3)])
def test_a_list_takes_the_pages_that_show_it_to_be_whole(rows: int, number: int) -> None:
    assert pages(rows) == number


def test_of_apply_the_ratio_is_that_of_cpu_time_while_sending_round_by_round() -> None:
    def tool(cpu_s: float) -> dict[str, Any]:
        phase = {"cpu_s": cpu_s, "wall_s": 2.0, "peak_mb": 100.0}
        return {"requests": 1_000, "commits": 100, "journal_cpu_s": cpu_s / 20, "phases": {"send": phase}}

    told = summed([(tool(0.3), tool(0.2)), (tool(0.4), tool(0.4)), (tool(0.2), tool(0.1))])
    assert told["ratios"] == [1.5, 1.0, 2.0]
    assert (told["ratio"], told["tool_us_per_request"], told["bare_us_per_request"]) == (1.5, 300.0, 200.0)
    assert (told["requests_per_s"], told["requests_a_commit"], told["journal_share"]) == (500, 10.0, 0.05)
