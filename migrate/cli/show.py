"""One screen for a run: what it came to, what needs attention and why, where the reports are, the next command."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence

import polars as pl
from rich.console import Console
from rich.table import Table

from migrate.app.finish import Run
from migrate.cli.ending import say_error
from migrate.cli.screen import LABEL_WIDTH, duration, open_console, say, say_labelled
from migrate.cli.streams import print_json
from migrate.model.outcomes import NEEDS_ATTENTION
from migrate.model.records import RECORDS
from migrate.outcomes.causes import Cause, causes
from migrate.outcomes.summary import in_order
from migrate.planning.left_out import ASKED_AT_THE_DEALER
from migrate.planning.plan import Plan
from migrate.planning.present import numbers
from migrate.report.run_json import as_json as run_json
from migrate.report.write import ATTENTION

CAUSES_SHOWN = 20
"""The most causes of errors, and again of warnings."""
RECORDS_SHOWN = 10
"""The most records that are left alone, and again of those to be updated."""
_STYLES = {**dict.fromkeys(("error", *NEEDS_ATTENTION), "red"), "warning": "yellow", "skipped": "yellow", "note": "dim"}
_GOOD = frozenset({"created", "updated", "unchanged", "valid", "planned"})
_ANY_WIDTH = 1000
_NOT_RETRIED = " (to look at: mend the files themselves, as a rehearsal can't be retried)"
_FILES = {"report.html": "report", "attention.xlsx": "attention"}


def show_run(run: Run, *, as_json: bool) -> int:
    """Print a run's result on stdout, its error on stderr; return its exit code."""
    if as_json:
        print_json(run_json(run.report.facts))
        _show_error(run)
    else:
        _show(run, open_console())
    return run.exit_code


def show_brief(run: Run) -> None:
    """Print what a run came to, and no causes: they were told before."""
    console = open_console()
    _show_counts(run, console)
    if run.plan is not None and run.report.facts.verb == "plan":
        show_plan_numbers(run.plan)
    _show_verdict(run, console)


def show_plan_numbers(plan: Plan) -> None:
    """Print what a plan would send, and how long it takes."""
    console = open_console()
    for line in plan_lines(plan):
        say(console, line)


def show_to_agree(plan: Plan) -> None:
    """Print on stderr what a person is asked to agree to: what is made and changed, what is doubtful, how long."""
    console, found = open_console(stderr=True), numbers(plan)
    for action in ("create", "update"):
        told = [
            f"{number:,} {record}{'s' * (number > 1)}"
            for record in RECORDS
            if (number := found.actions.get(record, {}).get(action, 0))
        ]
        if told:
            say_labelled(console, action, ", ".join(told))
    _show_activation(plan, console)
    not_sent = [
        f"{number:,} {outcome}" for outcome in in_order(set(found.outcomes)) if (number := found.outcomes[outcome])
    ]
    if not_sent:
        say_labelled(console, "not sent", ", ".join(not_sent), style="yellow")
    _show_records("update", found.updates, console)
    _show_records("skipped", found.skipped, console)
    _show_causes([cause for cause in causes(plan.findings) if cause.kind == "warning"], console)
    for line in plan_lines(plan):
        say(console, line)


def _show_activation(plan: Plan, console: Console) -> None:
    """Print how many sites are switched on: that costs money, and no count of records shows it."""
    switched = numbers(plan).activations
    for wanted, what in ((True, "activate"), (False, "deactivate")):
        if number := switched.get(wanted, 0):
            sites = f"{number:,} site{'s' * (number > 1)}"
            say_labelled(console, what, f"{sites}: billing begins" if wanted else sites, style="yellow")


def plan_lines(plan: Plan) -> Iterator[str]:
    """Yield what a plan would send, and how long it takes."""
    estimate = plan.estimate
    parts = [f"{what} {number:,}" for what, number in estimate.requests.items() if number]
    if not parts:
        yield "Nothing is to be sent."
        return
    requests = "1 request" if estimate.total == 1 else f"{estimate.total:,} requests"
    yield f"It takes {requests} ({', '.join(parts)}): about {duration(60 * estimate.minutes)} at the present rate."


def _show(run: Run, console: Console) -> None:
    """Print the screen; what a person needs most comes last, where the eye is."""
    facts = run.report.facts
    where = "" if facts.dealer_id is None else f", dealer {facts.dealer_id} at {facts.base_url}"
    say(console, f"{facts.verb} {facts.run_id}: {facts.state}{where}", style="bold")
    for item in facts.inputs:
        say(console, f"  {item.file}: {item.rows:,} rows")
    _show_counts(run, console)
    _show_attention(run, console)
    outcomes = run.report.outcomes
    _show_records("skipped", outcomes.filter(pl.col("outcome") == "skipped"), console)
    _show_records("update", outcomes.filter(pl.col("outcome") == "planned", pl.col("action") == "update"), console)
    _show_remarks(outcomes.filter(pl.col("outcome") == "created", pl.col("code").is_not_null()), console)
    _show_rest(run, console)
    for path in run.written:
        if path.name in _FILES:
            only = _NOT_RETRIED if facts.verb == "rehearse" and path.name in ATTENTION else ""
            say(console, f"  {_FILES[path.name]:{LABEL_WIDTH}}  {path}{only}")
    if run.plan is not None and facts.verb == "plan":
        _show_activation(run.plan, console)
        show_plan_numbers(run.plan)
    _show_error(run)
    _show_verdict(run, console)
    if run.report.next_command is not None:
        say(console, f"Next: {run.report.next_command}")


def _show_error(run: Run) -> None:
    if run.error is not None:
        sys.stdout.flush()
        say_error(run.error)


def _show_counts(run: Run, console: Console) -> None:
    """Print record by outcome; where the terminal is too narrow for a table, a line for each record."""
    table = _counts(run)
    if console.measure(table, options=console.options.update(width=_ANY_WIDTH)).maximum <= console.width:
        console.print(table)
        return
    for record, of_record in run.counts.items():
        say_labelled(
            console,
            f"{record}s",
            ", ".join(f"{of_record[outcome]:,} {outcome}" for outcome in in_order(set(of_record))),
        )


def _counts(run: Run) -> Table:
    counts = run.counts
    outcomes = in_order({outcome for numbers in counts.values() for outcome in numbers})
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    for outcome in outcomes:
        table.add_column(outcome, justify="right", style=_style(outcome))
    for record, came_to in counts.items():
        table.add_row(f"  {record}s", *(f"{came_to[outcome]:,}" if outcome in came_to else "" for outcome in outcomes))
    return table


def _show_attention(run: Run, console: Console) -> None:
    """Print what keeps records out, and what mends it."""
    _show_causes([cause for cause in run.report.causes if cause.is_urgent], console)


def _show_causes(found: Sequence[Cause], console: Console) -> None:
    for cause in found[:CAUSES_SHOWN]:
        say_labelled(console, cause.kind, str(cause), style=_STYLES.get(cause.kind, ""))
    if len(found) > CAUSES_SHOWN:
        left = len(found) - CAUSES_SHOWN
        say_labelled(console, "...", f"and {left:,} more causes: see report.html, or findings.csv for each cell")


def _show_records(what: str, records: pl.DataFrame, console: Console) -> None:
    """Print records that are left alone or to be updated, with what differs or changes: before → after."""
    for record, identity, message in records.select("record", "external_id", "message").head(RECORDS_SHOWN).iter_rows():
        say_labelled(console, what, f"{record} {identity}: {message or ''}", style="yellow")
    if records.height > RECORDS_SHOWN:
        left, are = records.height - RECORDS_SHOWN, "are skipped" if what == "skipped" else "are to be updated"
        say_labelled(console, "...", f"and {left:,} more {are}: see outcomes.csv")


def _show_remarks(created: pl.DataFrame, console: Console) -> None:
    """Print what is told of records that are in all the same: sent again after doubt, kept otherwise by the API."""
    alike = created.group_by("message", maintain_order=True).agg(pl.len(), pl.col("external_id").first())
    for message, number, identity in alike.head(RECORDS_SHOWN).iter_rows():
        which = str(identity) if number == 1 else f"{number:,} records, such as {identity}"
        say_labelled(console, "created", f"{which}: {message}", style="yellow")
    if alike.height > RECORDS_SHOWN:
        say_labelled(console, "...", "and more are created with a remark: see outcomes.csv")


def _show_rest(run: Run, console: Console) -> None:
    """Print what keeps nothing out: warnings, values put in the API's form, rows that made no record."""
    facts = run.report.facts
    for kind in ("warning", "note"):
        _show_causes([cause for cause in run.report.causes if cause.kind == kind], console)
    for field, (number, example) in facts.normalized.items():
        say_labelled(console, "normalized", f"{number:,} {field}, such as {example}")
    if facts.left_out:
        left_out = ", ".join(f"{number:,} {why}" for why, number in facts.left_out.items())
        say_labelled(console, "left out", f"rows without a record: {left_out}")


def _show_verdict(run: Run, console: Console) -> None:
    number_of: Counter[str] = Counter()
    for of_record in run.counts.values():
        number_of.update(of_record)
    total, attention = number_of.total(), sum(number_of[outcome] for outcome in NEEDS_ATTENTION)
    if not total:
        say(console, "No row makes a record.", style="bold yellow")
    elif pending := number_of["pending"]:
        say(console, f"{_of(pending, total, 'is', 'are')} still to be sent.", style="bold yellow")
    elif attention:
        say(console, f"{_of(attention, total, 'needs', 'need')} attention.", style="bold red")
    elif skipped := number_of["skipped"]:
        told = f"{_of(skipped, total, 'differs', 'differ')} from what the dealer has: left alone."
        say(console, told, style="bold yellow")
    elif number_of["planned"] and run.report.facts.verb != "plan":
        say(console, "Nothing was written.", style="bold yellow")
    else:
        dry = number_of["valid"] or number_of["planned"]
        which = "The one record" if total == 1 else f"All {total:,} records"
        done = "can go" if dry else "is in" if total == 1 else "are in"
        once = ", just as the files say, and none of them twice" if number_of["unchanged"] == total > 1 else ""
        say(console, f"{which} {done}{once}{_if_the_dealer_has(run)}.", style="bold green")


def _if_the_dealer_has(run: Run) -> str:
    """Return under which condition some records can go, where nobody has asked the dealer."""
    if run.report.facts.dealer_id is not None:
        return ""
    doubts = run.report.findings.filter(pl.col("code").is_in(ASKED_AT_THE_DEALER), severity="warning")
    number = doubts["_n"].n_unique()
    return f", {number:,} of them only if the dealer has what they belong to" if number else ""


def _of(number: int, total: int, one: str, many: str) -> str:
    return f"{number:,} of {total:,} records {one if number == 1 else many}"


def _style(outcome: str) -> str:
    return "red" if outcome in NEEDS_ATTENTION else "green" if outcome in _GOOD else "yellow"
