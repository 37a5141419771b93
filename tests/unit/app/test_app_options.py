"""Options are kept with a run, so that it goes on in the same way."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.app.options import Options
from migrate.errors import UsageError

SECONDS = st.floats(min_value=0, max_value=1e5)


@given(
    options=st.builds(
        Options,
        rate=st.sampled_from([None, "60/min", "10/s"]),
        burst=st.integers(1, 1000),
        concurrency=st.integers(1, 256),
        batch_size=st.integers(1, 1000),
        timeout=SECONDS,
        settle=SECONDS,
        patience=SECONDS,
        on_existing=st.sampled_from(["skip", "update", "fail"]),
        force=st.booleans(),
    )
)
def test_options_come_back_from_a_journal_as_they_were(options: Options) -> None:
    assert Options.from_facts(json.loads(json.dumps(options.facts()))) == options


def test_the_client_is_told_the_rate_only_if_a_person_said_one() -> None:
    assert Options().for_client()["rate"] is None
    assert Options(rate="600/min").for_client()["rate"] is not None


def test_a_rate_that_says_nothing_is_a_mistake_in_the_options() -> None:
    with pytest.raises(UsageError, match="fast"):
        Options(rate="fast")
