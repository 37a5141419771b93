"""Fields: each one read by its normalizer and held against its rules, on the rows that say something different."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from migrate.checks.doubts import DOUBTS_SCHEMA, Complaint, no_doubts, shown
from migrate.checks.rows import Rows
from migrate.checks.rules import Rule, broken
from migrate.checks.suspects import doubtful_texts, suspects
from migrate.model.phrase import phrase
from migrate.model.records import RecordType
from migrate.model.text import ACTING
from migrate.normalize.choices import read_device_type, read_security_type, read_station_number, read_yes_no
from migrate.normalize.macs import clean_macs, is_mac, is_somebodys
from migrate.normalize.reading import Reader, Reading, readings, value_of
from migrate.normalize.timezones import timezone_reader
from migrate.normalize.zones import read_zone, read_zones

_DTYPES: Mapping[str, type[pl.DataType]] = MappingProxyType(
    {"text": pl.String, "integer": pl.Int64, "boolean": pl.Boolean}
)
"""Kind of a field → the type of its column."""

READERS: Mapping[str, Callable[[Collection[str]], Reader]] = MappingProxyType(
    {
        "timezone": timezone_reader,
        "security_type": lambda _: read_security_type,
        "is_activated": lambda _: read_yes_no,
        "monitoring_station_id": lambda _: read_station_number,
        "device_type": lambda _: read_device_type,
        "zone_number": lambda _: read_zone,
        "additional_zone_numbers": lambda _: read_zones,
    }
)
_LENGTH_MAX = 255
_MAC_DIGITS = 12
_MAC_WITHOUT_ZEROS = "^[0-9]{6,11}$"
_MAC_PAD_HINT = f"if its leading zeros were lost, it is {{}}: give pad = {_MAC_DIGITS} under table.fields.mac"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The different rows with clean, typed values; `doubts` about them; how many rows were `normalized`, by field."""

    different: pl.DataFrame
    doubts: pl.DataFrame
    normalized: dict[str, tuple[int, str]]


def clean_fields(rows: Rows) -> Cleaned:
    """Read every field; a text that stands for nothing becomes null, with an error."""
    kind, frame = rows.type, rows.different
    found, values = [no_doubts()], []
    normalized: dict[str, tuple[int, str]] = {}
    for field in kind.fields:
        if field.name in READERS:
            texts = frame.group_by(field.name).agg(pl.col("_times").sum()).drop_nulls()
            read = readings(texts[field.name], READERS[field.name](texts[field.name]))
            values.append(value_of(field.name, read, _DTYPES[field.kind]))
            found.append(_doubts(frame, kind.name, field=field.name, read=read))
            normalized |= changes(f"{kind.name}.{field.name}", texts, read)
    clean = frame.with_columns(values)
    if "mac" in kind.field_names:
        clean = clean.with_columns(clean_macs(clean["mac"]))
        normalized |= _mac_changes(frame, clean)
    doubtful = doubtful_texts(clean, _texts(kind))
    if not doubtful.is_empty():
        found.append(broken(doubtful, kind.name, list(_text_rules(kind))))
    found.append(broken(clean, kind.name, list(_other_rules(kind, clean))))
    if not doubtful.is_empty():
        found.append(suspects(doubtful, kind.name, _texts(kind)))
    return Cleaned(_without_own_zone(clean), pl.concat(found), normalized)


def _doubts(frame: pl.DataFrame, record: str, *, field: str, read: Mapping[str, Reading]) -> pl.DataFrame:
    """Return the doubts about the texts of one column, on each row that has such a text."""
    said = [
        (text, record, field, doubt.severity, doubt.code, doubt.message, doubt.hint)
        for text, reading in read.items()
        for doubt in reading.doubts
    ]
    if not said:
        return no_doubts()
    schema = ["_text", "record", "field", "severity", "code", "message", "hint"]
    about = pl.DataFrame(said, schema=dict.fromkeys(schema, pl.String), orient="row")
    return frame.join(about, left_on=field, right_on="_text", maintain_order="left_right").select(list(DOUBTS_SCHEMA))


def changes(name: str, texts: pl.DataFrame, read: Mapping[str, Reading]) -> dict[str, tuple[int, str]]:
    """Return how many rows a reader wrote anew, and the commonest of the changes."""
    written = {text: reading.text for text, reading in read.items() if reading.text not in (None, text)}
    if not written:
        return {}
    column = texts.columns[0]
    changed = texts.filter(pl.col(column).is_in(list(written))).sort("_times", column, descending=[True, False])
    example = changed.item(0, column)
    return {name: (int(changed["_times"].sum()), f"{example} → {written[example]}")}


def _mac_changes(mapped: pl.DataFrame, clean: pl.DataFrame) -> dict[str, tuple[int, str]]:
    changed = (mapped["mac"] != clean["mac"]).arg_true()
    if changed.is_empty():
        return {}
    at = changed.item(0)
    times = mapped["_times"].gather(changed).sum()
    return {"device.mac": (int(times), f"{mapped.item(at, 'mac')} → {clean.item(at, 'mac')}")}


def _texts(kind: RecordType) -> list[str]:
    """Return the fields that are sent as they stand in the source."""
    return [
        field.name
        for field in kind.fields
        if field.kind == "text" and field.name not in READERS and field.name != "mac"
    ]


def _text_rules(kind: RecordType) -> Iterator[Rule]:
    """Yield what is asked of texts; rows that break such a rule are `doubtful_texts`."""
    for name in _texts(kind):
        yield from _rules_of_text(name)


def _other_rules(kind: RecordType, frame: pl.DataFrame) -> Iterator[Rule]:
    if "mac" in kind.field_names:
        yield from _mac_rules()
    if _has_lists(frame):
        message = phrase("zone {} stands in the list and is the device's own", shown("zone_number"))
        complaint = Complaint("warning", "repeated_zone", "additional_zone_numbers", message, "it is sent once")
        yield Rule(~_own_zone_in_list(), complaint)


def _mac_rules() -> Iterator[Rule]:
    column = pl.col("mac")
    message = phrase('"{}" is not a MAC address', shown("mac"))
    to_do = (
        pl.when(column.str.contains(_MAC_WITHOUT_ZEROS))
        .then(phrase(_MAC_PAD_HINT, column.str.zfill(_MAC_DIGITS)))
        .otherwise(pl.lit("a MAC address has twelve hex digits; this text is sent as it is"))
    )
    yield Rule(is_mac(column), Complaint("warning", "mac", "mac", message, to_do))
    message = phrase("{} is no device's MAC address", column)
    hint = "write the device's own address, or leave the cell empty; this one is sent as it is"
    yield Rule(is_somebodys(column), Complaint("warning", "mac", "mac", message, hint))


def _rules_of_text(field: str) -> Iterator[Rule]:
    column = pl.col(field)
    message = "the text holds a line break or another character that is not seen"
    hint = "type the cell anew; the text is sent as it is"
    yield Rule(~column.str.contains(ACTING), Complaint("warning", "control_character", field, message, hint))
    length = phrase("the text is {} characters long", column.str.len_chars())
    hint = f"the API may refuse more than {_LENGTH_MAX}; make it shorter"
    yield Rule(column.str.len_chars() <= _LENGTH_MAX, Complaint("warning", "long_text", field, length, hint))


def _has_lists(frame: pl.DataFrame) -> bool:
    name = "additional_zone_numbers"
    return name in frame.columns and frame[name].null_count() < frame.height


def _own_zone_in_list() -> pl.Expr:
    listed = phrase(",{},", "additional_zone_numbers")
    return listed.str.contains(phrase(",{},", "zone_number"), literal=True)


def _without_own_zone(frame: pl.DataFrame) -> pl.DataFrame:
    """Take the device's own zone off its list, through the different pairs of both."""
    both = ["zone_number", "additional_zone_numbers"]
    if not _has_lists(frame):
        return frame
    pairs = frame.lazy().filter(_own_zone_in_list()).select(both).unique().collect()
    if pairs.is_empty():
        return frame
    rest = [",".join(zone for zone in listed.split(",") if zone != own) or None for own, listed in pairs.iter_rows()]
    mended = pairs.with_columns(pl.Series("_rest", rest, dtype=pl.String), pl.lit(value=True).alias("_mended"))
    joined = frame.join(mended, on=both, how="left", maintain_order="left")
    return joined.with_columns(pl.when("_mended").then("_rest").otherwise(both[1]).alias(both[1])).drop(
        "_rest", "_mended"
    )
