"""A retry is accounted for as if its files had only its rows: the sums balance, whichever rows it takes."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from migrate.app.check import Checked, check
from migrate.app.scope import numbers_in, restrict
from migrate.mapping.mapping import Mapping
from migrate.outcomes.resolve import resolve
from migrate.shipped import samples_folder


def checked_sample(name: str, pattern: str) -> Checked:
    return check(sorted((samples_folder() / name).glob(pattern)), Mapping.load(name))


SAMPLES = [checked_sample("laval", "*.csv"), checked_sample("tidy", "*.csv"), checked_sample("lighthouse", "*.xlsx")]


@given(sample=st.sampled_from(range(len(SAMPLES))), data=st.data())
def test_any_rows_that_made_records_balance_alone(sample: int, data: st.DataObject) -> None:
    checked = SAMPLES[sample]
    places = checked.contributing.sort("_src", "_row")
    chosen = data.draw(st.sets(st.integers(0, places.height - 1)))
    rows = places[sorted(chosen)]
    part = restrict(checked, rows)
    outcomes = resolve(part.records, part.sources, stage="check")
    part.balance(outcomes)
    assert sum(item.rows for item in part.inputs) == rows.height
    assert outcomes["_n"].sort().to_list() == numbers_in(checked, rows).to_list()


def test_all_rows_are_the_whole() -> None:
    checked = SAMPLES[0]
    whole = restrict(checked, pl.concat([checked.contributing, checked.left_out.select("_src", "_row")]))
    assert whole.inputs == checked.inputs
    assert all(whole.records[name].equals(frame) for name, frame in checked.records.items())
    assert whole.left_out.equals(checked.left_out)


def test_no_rows_are_nothing() -> None:
    checked = SAMPLES[1]
    none = restrict(checked, checked.contributing.clear())
    assert [item.rows for item in none.inputs] == [0, 0]
    assert all(frame.is_empty() for frame in none.records.values())
    assert none.findings.is_empty()
