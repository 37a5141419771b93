"""Codes: what causes each code of a finding or an outcome, and what cures it, for the docs."""

from collections.abc import Mapping
from types import MappingProxyType

from migrate.model.codes_reading import READING
from migrate.model.codes_sending import PLANNING, SENDING
from migrate.model.findings import Code

_STEPS = (
    Code(
        "extract",
        "the pattern under extract is not found in the value, so the field is empty",
        "mend the cell, or the pattern under table.fields.<field>.extract",
    ),
    Code(
        "not_in_map",
        "the map is strict and none of its keys matches the value",
        "mend the cell, or add the value under table.fields.<field>.map",
    ),
    Code(
        "filled_across",
        "fill_down gave the first row of a site a value of the site above, as its own cell is empty",
        "fill the cell, or take the column out of table.fill_down",
    ),
)

_FIELDS = (
    Code(
        "required",
        "a field that the record must have is empty in all of its rows",
        "fill the cell, map the field, or give it a default",
    ),
    Code(
        "timezone",
        "the text is no time zone that is known: unknown, a bare offset, or a state with two zones",
        "write the time zone's name, or add the text under table.fields.timezone.map",
    ),
    Code(
        "timezone_ambiguous",
        "the name may mean two time zones; the likelier one was taken",
        "if the other one is meant, add the name under table.fields.timezone.map",
    ),
    Code(
        "zone_number",
        "the text is no number from 1 to 999; it is sent as it is",
        "write the zone's number, or extract it with table.fields.zone_number.extract",
    ),
    Code("repeated_zone", "a zone stands twice in one device's zones; it is sent once", "take it out of the list"),
    Code(
        "thousands",
        "a list of zones such as 002,003 may have been turned into the number 2,003 (additional zones are read as the "
        "list), or an identifier has thousands separators",
        "format the column as text and write each zone with three digits; replace takes separators out",
    ),
    Code(
        "date_text",
        "an identifier or a zone looks like a date, such as 2-Jan, which may have been a text such as 1-2",
        "look at the original; if it was no date, type the value again in a cell formatted as text",
    ),
    Code(
        "point_zero",
        "an identifier ends in .0: a note where most numbers of its column do and it was taken off, else a warning",
        "nothing to do, or take it off with replace",
    ),
    Code(
        "typographic",
        "an identifier has a quotation mark of typesetting, or begins with one",
        "type the value again if the mark does not belong to it",
    ),
    Code(
        "cut_text",
        "the text has exactly 255 or 32,767 characters, where programs cut texts",
        "look whether its end is missing",
    ),
    Code(
        "maybe_rounded",
        "a number has zeros from its 16th digit on, as all long ones of its column: it may have been rounded",
        "look at the original; if digits are lost, type the value again in a cell formatted as text",
    ),
    Code(
        "mac",
        "the text is no MAC address, or one that no device has; it is sent as it is",
        "write the twelve hex digits of the device's address, or empty the cell",
    ),
    Code(
        "security_type",
        "the text is neither the number nor the name of a security type",
        "write 1, 2, 3, 4 or a type's name, or add the text under table.fields.security_type.map",
    ),
    Code(
        "is_activated",
        "the text is neither yes nor no",
        "write yes or no, or add the text under table.fields.is_activated.map",
    ),
    Code(
        "monitoring_station_id",
        "the text is no positive whole number",
        "write the number that CHeKT gave; an id of your own goes under external_monitoring_station_id",
    ),
    Code(
        "device_type",
        "the text is neither camera nor bridge",
        "write one of them, or add the text under table.fields.device_type.map",
    ),
    Code(
        "control_character",
        "the text holds a line break, or a character that is not seen but acts",
        "type the cell anew",
    ),
    Code("long_text", "the text has more than 255 characters, which the API may refuse", "make it shorter"),
)

_RECORDS = (
    Code(
        "duplicate_id",
        "an earlier device has the same external id",
        "take out one of the rows, or make the ids unique with the template that the hint shows",
    ),
    Code(
        "disagreement",
        "rows of one site or station say different things about it",
        "make the rows agree, or empty the cell: an empty cell agrees with anything",
    ),
    Code(
        "near_id",
        "two ids differ only in leading zeros, case, spaces or Unicode form",
        "spell both alike if they are one; leave them if they are two",
    ),
    Code(
        "shorter_than_others",
        "a number is shorter than nearly all others of its column, some of which begin with 0",
        "if its leading zeros were lost, pad the field to the width of the others",
    ),
    Code(
        "duplicate_zone",
        "an earlier device of the site has the same zone, as its own or an additional one",
        "give one of the two another zone",
    ),
    Code(
        "duplicate_account",
        "an earlier site has the same account number at the same station (a warning while neither has a station)",
        "give each site its own account number",
    ),
    Code("no_account", "a site has a station, but no account number", "fill in its account number"),
    Code(
        "two_stations",
        "a site names its station by the dealer's number and by an external id; the number is taken",
        "leave one of the two cells empty, or map one of the two alone",
    ),
    Code(
        "prefix_repeated",
        "an account number begins with the prefix that its station has too",
        "leave the prefix out in one of the two places",
    ),
    Code(
        "unknown_site",
        "a device names a site that is not in the inputs, nor, where the dealer was asked, at the dealer",
        "add the site to the inputs, or mend the id",
    ),
    Code(
        "unknown_station",
        "a site names a station that is not in the inputs, nor, where the dealer was asked, at the dealer; where no "
        "table makes stations, a note says how many will be looked up there",
        "add the station to the inputs, or mend the id",
    ),
    Code(
        "filtered_site",
        "a device names a site that where leaves out, or that was removed from the corrected file; if the dealer has "
        "it, the device is not left out",
        "leave the device out by a where of its own table, or let where take the site's row",
    ),
    Code(
        "filtered_station",
        "a site names a station that where leaves out; if the dealer has it, the site is not left out",
        "leave the site out by a where of its own table, or let where take the station's row",
    ),
    Code(
        "blocked",
        "the site or station that the record belongs to did not make it",
        "mend what is wrong with that one; this record follows",
    ),
    Code(
        "bridge_channels",
        "a site has more cameras than its bridges have channels, by their models",
        "add a bridge; cloud cameras need no channel",
    ),
    Code("mac_at_two_sites", "devices at two sites have the same MAC address", "see which of the two is right"),
)

SECTIONS: Mapping[str, tuple[Code, ...]] = MappingProxyType(
    {
        "Reading the file": READING,
        "The mapping's steps": _STEPS,
        "Fields": _FIELDS,
        "Records": _RECORDS,
        "Compared with the dealer": PLANNING,
        "The API's answers": SENDING,
    }
)
"""Where codes come from, in the order of the work → its codes."""

CODES: Mapping[str, Code] = MappingProxyType({code.code: code for codes in SECTIONS.values() for code in codes})
"""Every code, by name."""
