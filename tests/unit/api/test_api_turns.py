"""Tokens and the pace together: what waits for its turn takes notice of what others met with meanwhile."""

from itertools import pairwise
from typing import Any

import pytest
from api_virtual import SITE, Network, client, granted, reply, run
from test_api_auth import ask, takes

from migrate.api.rate import Rate
from migrate.errors import ApiUnusable


def test_f27_what_queues_while_credentials_are_refused_is_not_sent_any_more() -> None:
    network = Network([takes()])

    async def main() -> list[Any]:
        async with client(network, rate=Rate(60, 60.0), burst=1) as caller:
            return await ask(caller, 8)

    assert {type(error) for error in run(main())} == {ApiUnusable}
    assert [sent.headers["Authorization"] for sent in network.sent] == ["Bearer token-1", "Bearer token-2"]
    assert len(network.token_requests) == 2


@pytest.mark.parametrize("life_s", [3_600, 10])
def test_f26_f29_who_waits_for_a_new_token_waits_for_the_pace_again(life_s: int) -> None:
    """Else all of them would leave at once, over the limit."""
    network = Network([takes("b", "c")], tokens=[granted("a"), granted("b", expires_in=life_s), granted("c")])

    async def main() -> None:
        async with client(network, rate=Rate(60, 60.0), burst=1) as caller:
            assert not any(isinstance(one, Exception) for one in await ask(caller, 20))

    run(main())
    times = sorted(sent.at for sent in [*network.sent, *network.token_requests])
    assert min(later - sooner for sooner, later in pairwise(times)) > 0.99


def test_f29_a_token_that_lives_shorter_than_the_pace_waits_is_renewed_and_sent() -> None:
    network = Network([reply(200, SITE)], tokens=[granted("a", expires_in=5)])

    async def main() -> None:
        async with client(network, rate=Rate(4, 60.0), burst=1) as caller:
            assert not any(isinstance(one, Exception) for one in await ask(caller, 3))

    run(main())
    assert len(network.sent) == 3
