"""Render: what was measured as RESULTS.md, and its five lines for users in README.md."""

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.measure import ROOT
from benchmarks.results import Result

RESULTS, README, GOALS = ROOT / "benchmarks" / "RESULTS.md", ROOT / "README.md", ROOT / "benchmarks" / "goals.toml"
BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"


def goals() -> dict[str, Any]:
    """Return what is written by hand."""
    return tomllib.loads(GOALS.read_text(encoding="utf-8"))


def write_results(told: Mapping[str, Any]) -> None:
    """Write RESULTS.md from what the driver kept."""
    results = [Result(**result) for result in told["results"]]
    lines = [
        "# Results",
        "",
        "Made by `make bench`; the sentences under each goal are written by hand in `goals.toml`. Figures are medians,",
        "the least and the most of all rounds in brackets; where a line has a CPU time, the ratio that is judged is of",
        "CPU time (user and system, of all processes), and the time on the clock stands beside it.",
        "",
        *(f"- {line}" for line in told["about"]),
        "",
        _sum_up(results),
        "",
    ]
    for number, goal in sorted(goals()["goal"].items(), key=lambda item: int(item[0])):
        of_goal = [result for result in results if result.goal == int(number)]
        lines += [f"## {number}. {goal['title']}", ""]
        if of_goal:
            lines += ["| what | figure | baseline | ratio | goal | |", "|---|---|---|---|---|---|"]
            lines += [_row(result) for result in of_goal]
        else:
            lines += ["Not measured: its benchmark did not end well."]
        lines += ["", *([" ".join(goal["why"].split()), ""] if goal["why"] else [])]
    lines += ["## Settings", "", *(f"- `{name}`: {setting}" for name, setting in told["settings"].items()), ""]
    RESULTS.write_text("\n".join(lines), encoding="utf-8")


def _sum_up(results: Sequence[Result]) -> str:
    """Return which goals are reached, in one line."""
    judged: dict[int, list[bool]] = {}
    for result in results:
        if result.reached is not None:
            judged.setdefault(result.goal, []).append(result.reached)
    whole = [str(goal) for goal, reached in sorted(judged.items()) if all(reached)]
    part = [str(goal) for goal, reached in sorted(judged.items()) if any(reached) and not all(reached)]
    none = [str(goal) for goal, reached in sorted(judged.items()) if not any(reached)]
    told = {"Reached": whole, "in part": part, "not reached": none}
    return "; ".join(f"{word}: {', '.join(numbers)}" for word, numbers in told.items() if numbers) + "."


def _row(result: Result) -> str:
    shown = result.shown or ("" if result.ratio is None else f"{result.ratio:.2f} x")
    verdict = f"**{result.verdict}**" if result.reached is False else result.verdict
    cells = (result.what, result.figure, result.baseline, shown, result.wanted, verdict)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def write_readme(told: Mapping[str, Any]) -> None:
    """Write the lines between the marks in README.md anew; a line whose numbers are missing is left out."""
    results = {(result.goal, result.what): result for result in (Result(**result) for result in told["results"])}
    lines = []
    for line in goals()["readme"]:
        result = results.get((line["goal"], line["what"]))
        if result is None:
            print(f"README.md: left out, since nothing was measured under this name: {line['what']}")
            continue
        lines.append(f"- {line['text'].format(**result.facts)}")
    text = README.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        raise SystemExit(f"README.md has no {BEGIN} and {END}")
    before, _, rest = text.partition(BEGIN)
    README.write_text(f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{rest.partition(END)[2]}", encoding="utf-8")
