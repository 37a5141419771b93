"""How many rows may fail: a number, or a share of what is to be sent."""

import pytest

from migrate.errors import UsageError
from migrate.pipeline.failures import MaxFailures


@pytest.mark.parametrize(
    ("text", "planned", "most"),
    [
        ("20", 1_000, 20),
        ("20", 5, 20),
        ("5%", 1_000, 50),
        ("5%", 1_001, 51),
        ("7%", 100, 7),  # 7.000000000000001 as a float
        ("0.5 %", 1_000, 5),
        ("5%", 3, 1),
        ("100%", 7, 7),
        (" 1 ", 7, 1),
    ],
)
def test_a_limit_is_a_number_or_a_share_of_what_is_to_be_sent(text: str, planned: int, most: int) -> None:
    assert MaxFailures.parse(text).of(planned) == most


@pytest.mark.parametrize("text", ["", "0", "0%", "-1", "many", "5 of 10", "101%", "1e3", "%"])
def test_a_limit_that_says_nothing_is_a_mistake_in_the_option(text: str) -> None:
    with pytest.raises(UsageError, match=r"--max-failures .*write a number of rows"):
        MaxFailures.parse(text)
