"""Random tables, fault scripts and moments of death: after each scenario the report and the server agree (I1 to I8).

`python tests/simulation/soak.py` plays more seeds; one that is named plays alone.
"""

import pytest
from simulated_run import play
from soak import problems, told

SEEDS = 300
_AT_ONCE = 30


@pytest.mark.parametrize("first", range(0, SEEDS, _AT_ONCE))
def test_no_seed_breaks_a_law(first: int) -> None:
    broken = [seed for seed in range(first, first + _AT_ONCE) if problems(seed)]
    assert not broken, told(broken[0])


@pytest.mark.parametrize("seed", [7, 11, 18])
def test_a_seed_played_again_sends_the_same_at_the_same_moments_and_tells_the_same(seed: int) -> None:
    one, two = play(seed), play(seed)
    assert one.history == two.history
    assert one.script.used == two.script.used
    same = [name for name in one.legs[-1].outcomes.columns if name != "trace_id"]
    assert [leg.outcomes.select(same).rows() for leg in one.legs] == [
        leg.outcomes.select(same).rows() for leg in two.legs
    ]
