"""How many devices a request holds follows what the API says, and forgets what was no teaching."""

import pytest

from migrate.errors import Rejected
from migrate.model.exchange import Acted
from migrate.pipeline.batch_size import BatchSize


def refusal(status: int, message: str = "no") -> Rejected:
    return Rejected(message, code=f"http_{status}", acted=Acted.NO, status_code=status)


def test_a_413_halves_the_batches_for_good() -> None:
    """F33."""
    batches = BatchSize(50)
    assert batches.refused(refusal(413), size=50)
    assert batches.limit == 25
    assert not batches.refused(refusal(413), size=1)
    assert batches.limit == 25


@pytest.mark.parametrize("message", ["too many devices", "at most 20 devices", "the maximum is 20"])
def test_a_400_about_size_halves_them_until_a_single_device_gets_it_too(message: str) -> None:
    """F25, F33: `name: at most 40 characters` is about a device, and shows so once the device stands alone."""
    batches = BatchSize(50)
    for size, limit in ((50, 25), (25, 13), (13, 7)):
        assert batches.refused(refusal(400, message), size=size)
        assert batches.limit == limit
    assert not batches.refused(refusal(400, message), size=1)
    assert batches.limit == 50


def test_a_400_about_something_else_splits_one_batch_and_leaves_the_others() -> None:
    """F25."""
    batches = BatchSize(50)
    assert batches.refused(refusal(400, "zone_number is missing"), size=50)
    assert batches.limit == 50


@pytest.mark.parametrize("status", [401, 403, 404, 429])
def test_any_other_refusal_is_about_all_of_the_batch(status: int) -> None:
    assert not BatchSize(50).refused(refusal(status), size=50)
