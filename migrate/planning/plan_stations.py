"""The plan of the stations: compared by external id, created or updated before any site."""

import polars as pl

from migrate.model.records import STATION
from migrate.planning.dealer import Dealer
from migrate.planning.decide import decide, look_for_near_ids
from migrate.planning.difference import differences, side_by_side
from migrate.planning.draft import Draft
from migrate.planning.match import with_remote_ids
from migrate.planning.rules import Rules


def draft_stations(stations: pl.DataFrame, dealer: Dealer, rules: Rules) -> Draft:
    """Return the draft of `stations`."""
    frame = with_remote_ids(stations, dealer.stations, on=[STATION.id_field], remote_id=STATION.remote_id_field)
    draft = Draft(STATION, frame)
    draft.reject_several()
    pairs = side_by_side(draft.open(), dealer.stations, remote_id=STATION.remote_id_field)
    found = differences(pairs, STATION.updatable, clear=rules.cleared(STATION))
    decide(draft, rules.on_difference(found))
    look_for_near_ids(draft, dealer.stations)
    return draft
