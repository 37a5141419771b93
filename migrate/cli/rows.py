"""Rows of requests: how long it takes until all are sent, if those of one site have to follow one another."""

from heapq import heapify, heappop, heappush

from migrate.pipeline.to_go import Sites

_ROUNDS = 10
"""So many sites a place are followed one by one; those before them keep all places taken, whatever their order."""
_LEAST = 1e-9


def in_rows_s(to_go: float, sites: Sites, *, over: float, per_s: float, answer_s: float) -> float:
    """Return how long it takes to send what is to go, at `per_s` at most.

    A site whose turn comes takes the place of one that is over. When none waits any more, ever fewer requests are sent
    side by side, and then answers may count for more than the pace. What is none of the sites' follows in the end. Of
    what is under way so much is `over`, in requests.
    """
    places = len(sites.under_way)
    in_the_end = to_go - sites.waiting - sum(site.left for site in sites.under_way)
    if not places:
        return max(0.0, in_the_end - over) / _pace(1, per_s, answer_s)
    made = 1 - sites.fell_away / max(sites.judged, 1)
    followed = sites.last(_ROUNDS * places)
    seconds = made * (sites.waiting - sum(followed)) / _pace(places, per_s, answer_s)
    ends = [max(0.0, site.left - over / places) for site in sites.under_way]
    heapify(ends)
    next_ones, at = iter(followed), 0.0
    while ends:
        end = heappop(ends)
        seconds += (end - at) * (len(ends) + 1) / _pace(len(ends) + 1, per_s, answer_s)
        at = end
        if (requests := next(next_ones, None)) is not None:
            heappush(ends, at + made * requests)
    return seconds + max(0.0, in_the_end) / _pace(1, per_s, answer_s)


def _pace(places: int, per_s: float, answer_s: float) -> float:
    """Return how many requests leave a second while so many can be under way."""
    return min(per_s, places / max(answer_s, _LEAST))
