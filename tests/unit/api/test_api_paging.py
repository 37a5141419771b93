"""Whole lists from servers that page in their own ways, and what can be shown about them."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from api_virtual import Network, Sent, client, reply, run
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.api.paging import PAGE_LIMIT
from migrate.api.reply import Reply
from migrate.errors import Rejected
from migrate.model.answers import Device, Listing, Site


@dataclass
class Lists:
    """A server of lists: what it has, how it cuts them, which parameters it takes."""

    ids: Sequence[int] = ()
    cap: int | None = None
    largest_limit: int | None = None
    takes_offset: bool = True
    takes_limit: bool = True
    refuses: bool = False
    shift: Callable[[int], Sequence[int]] | None = None
    asked: list[dict[str, str]] = field(default_factory=list)

    def __call__(self, sent: Sent) -> Reply:
        asked = dict(parse_qsl(urlsplit(sent.url).query))
        self.asked.append(asked)
        if self.refuses and asked:
            return reply(400, {"message": "unknown parameter"})
        limit = int(asked.get("limit", 10**9))
        if self.largest_limit is not None and "limit" in asked and limit > self.largest_limit:
            return reply(400, {"message": "limit is too high"})
        ids = list(self.shift(len(self.asked)) if self.shift else self.ids)
        start = int(asked.get("offset", 0)) if self.takes_offset else 0
        end = start + min(limit if self.takes_limit else 10**9, self.cap or 10**9)
        name = "site_id" if sent.url.split("?")[0].endswith("/sites") else "device_id"
        return reply(200, [{name: one} for one in ids[start:end]])


def sites(lists: Lists) -> Listing[Site]:
    async def main() -> Listing[Site]:
        async with client(Network([lists])) as caller:
            return await caller.all_sites()

    return run(main())


def ids(listing: Listing[Any]) -> list[int]:
    return [item.site_id if isinstance(item, Site) else item.device_id for item in listing.items]


@settings(deadline=None)
@given(st.integers(0, 1_300), st.integers(20, 700))
def test_a_list_is_read_to_its_end_however_it_is_capped(count: int, cap: int) -> None:
    lists = Lists(range(1, count + 1), cap=cap)
    listing = sites(lists)
    assert ids(listing) == list(range(1, count + 1))
    assert listing.complete
    assert len(lists.asked) <= count // min(cap, PAGE_LIMIT) + 2


def test_the_first_page_asks_for_order_and_goes_on_by_what_came() -> None:
    lists = Lists(range(1, 251), cap=100)
    sites(lists)
    assert lists.asked == [
        {"sort": "site_id", "limit": str(PAGE_LIMIT), "offset": str(offset)} for offset in (0, 100, 200)
    ]


def test_an_empty_list_takes_one_request() -> None:
    lists = Lists()
    listing = sites(lists)
    assert (listing.items, listing.complete, len(lists.asked)) == ((), True, 1)


def test_a_short_list_is_asked_on_until_a_longer_one_was_seen() -> None:
    lists = Lists()
    numbers: list[int] = []

    async def main() -> None:
        async with client(Network([lists])) as caller:
            for count in (3, 20, 5, 20):
                lists.ids = range(1, count + 1)
                before = len(lists.asked)
                listing = await caller.all_devices(7)
                assert listing.complete
                assert len(listing.items) == count
                numbers.append(len(lists.asked) - before)

    run(main())
    assert numbers == [2, 2, 1, 2]


@pytest.mark.parametrize("count", [1, 7, 499, 501, 1_200])
def test_a_server_that_takes_no_notice_of_parameters_has_told_all(count: int) -> None:
    lists = Lists(range(1, count + 1), takes_offset=False, takes_limit=False)
    listing = sites(lists)
    assert len(listing.items) == count
    assert listing.complete
    assert len(lists.asked) == 2


def test_a_page_of_the_limit_that_comes_twice_shows_nothing_about_the_rest() -> None:
    listing = sites(Lists(range(1, 2_000), takes_offset=False))
    assert len(listing.items) == PAGE_LIMIT
    assert not listing.complete


def test_a_page_of_a_length_at_which_lists_were_cut_before_shows_nothing_about_the_rest() -> None:
    lists = Lists(range(1, 251), cap=100)

    async def main() -> list[bool]:
        async with client(Network([lists])) as caller:
            first = await caller.all_sites()
            lists.takes_offset = False
            second = await caller.all_devices(1)
            lists.ids = range(1, 31)
            third = await caller.all_devices(2)
            return [first.complete, second.complete, third.complete]

    assert run(main()) == [True, False, True]


def test_devices_whose_list_refuses_parameters_are_asked_for_without() -> None:
    lists = Lists(range(1, 8), refuses=True)

    async def main() -> list[Listing[Device]]:
        async with client(Network([lists])) as caller:
            return [await caller.all_devices(1), await caller.all_devices(2)]

    for listing in run(main()):
        assert len(listing.items) == 7
        assert listing.complete
    assert [bool(asked) for asked in lists.asked] == [True, False, False]


def test_without_parameters_a_length_at_which_lists_were_cut_shows_nothing() -> None:
    lists = Lists(range(1, 251), cap=100)

    async def main() -> Listing[Device]:
        async with client(Network([lists])) as caller:
            await caller.all_sites()
            lists.refuses = True
            return await caller.all_devices(1)

    assert not run(main()).complete


def test_sites_whose_list_refuses_the_limit_are_asked_for_with_a_smaller_one() -> None:
    lists = Lists(range(1, 251), largest_limit=100)
    listing = sites(lists)
    assert len(listing.items) == 250
    assert listing.complete


def test_a_refusal_that_is_not_about_parameters_is_one() -> None:
    async def main() -> None:
        async with client(Network([reply(400, {"message": "no"})])) as caller:
            with pytest.raises(Rejected, match="no"):
                await caller.all_sites()
            with pytest.raises(Rejected):
                await caller.all_stations()

    run(main())


def test_rows_that_move_between_pages_are_read_again() -> None:
    def shift(request: int) -> Sequence[int]:
        return range(1, 251) if request == 1 else range(251)  # a row came in at the front after the first page

    lists = Lists(cap=100, shift=shift)
    listing = sites(lists)
    assert sorted(ids(listing)) == list(range(251))
    assert listing.complete


def test_rows_that_keep_moving_leave_the_list_incomplete() -> None:
    lists = Lists(cap=100, shift=lambda request: [*range(-request, 0), *range(1, 250)])
    listing = sites(lists)
    assert not listing.complete
    assert len(set(ids(listing))) == len(listing.items)


def test_a_row_twice_on_one_page_is_one_row() -> None:
    listing = sites(Lists([1, 2, 2, 3]))
    assert ids(listing) == [1, 2, 3]
    assert listing.complete


def test_pages_that_never_bring_anything_new_end() -> None:
    lists = Lists(shift=lambda request: [1, 2, 3] * 400 if request % 2 else [3, 2, 1] * 400, takes_offset=False)
    assert not sites(lists).complete


def find(lists: Any, *wanted: str) -> list[Listing[Site]]:
    async def main() -> list[Listing[Site]]:
        async with client(Network([lists])) as caller:
            return list(await asyncio.gather(*(caller.find_sites(one) for one in wanted)))

    return run(main())


@dataclass
class Filtering:
    """A server of sites whose filter works, is ignored, or is refused."""

    external_ids: Sequence[str]
    how: str = "works"
    asked: list[str] = field(default_factory=list)

    def __call__(self, sent: Sent) -> Reply:
        asked = dict(parse_qsl(urlsplit(sent.url).query))
        self.asked.append(asked.get("filter", "all"))
        rows = [{"site_id": n, "external_site_id": one} for n, one in enumerate(self.external_ids, 1)]
        if "filter" in asked:
            if self.how == "refused":
                return reply(400)
            if self.how == "forbidden":
                return reply(403)
            column, value, operator = asked["filter"].split(",")
            assert (column, operator) == ("external_site_id", "eq")
            if self.how == "works":
                rows = [row for row in rows if row["external_site_id"] == value]
            if self.how == "folds":
                rows = [row for row in rows if str(row["external_site_id"]).lower() == value.lower()]
        else:
            rows = rows[int(asked["offset"]) :]
        return reply(200, rows)


def test_a_filter_that_works_saves_the_list() -> None:
    server = Filtering(["A", "B", "B"])
    [one, two] = find(server, "A", "B")
    assert (ids(one), ids(two)) == ([1], [2, 3])
    assert one.complete
    assert two.complete
    assert "all" not in server.asked


@pytest.mark.parametrize("how", ["works", "ignored", "refused", "folds"])
def test_however_the_filter_behaves_the_right_sites_are_found(how: str) -> None:
    wanted = ["A", "B", "none", "a,b", "a"]
    found = find(Filtering(["A", "B", "B", "a,b"], how=how), *wanted)
    assert [ids(listing) for listing in found] == [[1], [2, 3], [], [4], []]
    assert all(listing.complete for listing in found)


def test_a_filter_that_does_not_work_is_not_asked_for_again() -> None:
    server = Filtering(["A", "B"], how="ignored")

    async def main() -> None:
        async with client(Network([server])) as caller:
            await caller.find_sites("A")
            before = len(server.asked)
            await caller.find_sites("B")
            assert set(server.asked[before:]) == {"all"}

    run(main())


def test_a_refusal_that_is_not_about_the_filter_is_one() -> None:
    with pytest.raises(Rejected):
        find(Filtering(["A"], how="forbidden"), "A")


def test_a_list_that_can_not_be_shown_to_be_whole_says_so_of_what_was_not_found() -> None:
    lists = Lists(range(1, 2_000), takes_offset=False)
    [listing] = find(lists, "none")
    assert not listing.complete


def test_those_who_wait_at_the_same_time_share_one_list_that_began_after_they_asked() -> None:
    network = Network([Filtering(["A", "B"], how="refused")], latency_s=1.0)
    server = network.script[0]
    assert isinstance(server, Filtering)

    async def main() -> None:
        async with client(network) as caller:
            first = asyncio.ensure_future(caller.all_sites())
            await asyncio.sleep(1.5)  # the first page is under way
            rest = [asyncio.ensure_future(caller.all_sites()) for _ in range(10)]
            assert len((await first).items) == 2
            server.external_ids = ["A", "B", "C"]
            assert [len(listing.items) for listing in await asyncio.gather(*rest)] == [3] * 10

    run(main())
    assert server.asked.count("all") == 4


def test_a_list_that_fails_is_read_anew_by_the_next() -> None:
    network = Network([reply(403), reply(200, [])], latency_s=1.0)

    async def main() -> None:
        async with client(network) as caller:
            results = await asyncio.gather(caller.all_sites(), caller.all_sites(), return_exceptions=True)
            assert isinstance(results[0], Rejected)
            assert isinstance(results[1], Listing)

    run(main())
