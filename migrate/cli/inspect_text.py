"""What a file holds, in lines for a terminal: how it was read, each column, what it is taken for and why, damage."""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap

import polars as pl

from migrate.app.inspect import Inspected, told_findings
from migrate.mapping.suggest.draft import FieldDraft, TableDraft
from migrate.mapping.suggest.profile import SAMPLE_ROWS, Profile, is_sampled
from migrate.mapping.suggest.second_header import second_header
from migrate.mapping.suggest.sheets import CONTACT_CONCEPTS, Sheet
from migrate.mapping.suggest.suggest import Suggestion, unmapped
from migrate.model.sources import Table
from migrate.model.text import columns_of, escape_controls, excerpt, padded
from migrate.outcomes.causes import causes
from migrate.outcomes.summary import count_left_out
from migrate.readers.header_reason import header_reason

_NAME_WIDTH, _EXAMPLE_LENGTH, _SOURCE_WIDTH = 24, 20, 34
_LISTED = 40
_LINE_WIDTH, _WHY_WIDTH = 118, 40


def file_lines(item: Inspected, suggestion: Suggestion, *, first: int) -> Iterator[str]:
    """Yield the lines about a file; `first` is the index of its first table among all sources."""
    yield escape_controls(str(item.path))
    for at, table in enumerate(item.tables):
        yield from _table_lines(table, suggestion, first + at)
    for path in item.dumped:
        yield f"  dumped to {escape_controls(str(path))}"


def _table_lines(table: Table, suggestion: Suggestion, src: int) -> Iterator[str]:
    name = table.format if table.sheet is None else f"sheet '{escape_controls(table.sheet)}'"
    guessed = (table.findings["code"] == "encoding_guessed").any()
    columns = len(table.columns)
    facts = [f"{table.rows:,} row{'s' * (table.rows != 1)}", f"{columns:,} column{'s' * (columns != 1)}"]
    if table.encoding is not None:
        facts.append(f"encoding {table.encoding!r}{' (a guess)' if guessed else ''}")
    if table.delimiter is not None:
        facts.append(f"delimiter {table.delimiter!r}")
    yield f"  {name}{' (hidden)' if table.hidden else ''}: {', '.join(facts)}"
    yield f"    {header_reason(table)}"
    if (second := second_header(table)) is not None:
        yield f"    row {second} looks like a second header row: header_row = {second}"
    sheet = suggestion.sheet_of(src)
    if is_sampled(table):
        yield f"    kinds of values in long columns are told from {SAMPLE_ROWS:,} rows, evenly spread"
    yield from _column_lines(suggestion.profiles_of(src))
    yield from _damage_lines(table)
    if sheet is not None:
        yield from _taken_lines(sheet, suggestion, src)
    for asked in suggestion.second:
        if src in asked.givers:
            by = excerpt(", ".join(theirs for _, theirs in asked.lookup.key), length=_LISTED)
            yield f"    looked up by {escape_controls(suggestion.sources[asked.src].file)}, by its {by}"


def _column_lines(found: Mapping[str, Profile]) -> Iterator[str]:
    names = {column: excerpt(column, length=_NAME_WIDTH) for column in found}
    kinds = {column: _kind(profile) for column, profile in found.items()}
    width = max(map(columns_of, names.values()), default=0)
    kind_width = max(map(columns_of, kinds.values()), default=0)
    width, kind_width = max(width, len("column")), max(kind_width, len("kind"))
    yield f"         {padded('column', width)}  filled  different  {padded('kind', kind_width)}  examples"
    for column, profile in found.items():
        counts = f"{profile.filled_share:>6.0%}  {profile.distinct:>9,}"
        lead = f"    {profile.letter:>3}  {padded(names[column], width)}  {counts}  "
        lead += f"{padded(kinds[column], kind_width)}  "
        yield f"{lead}{_examples(profile, _LINE_WIDTH - columns_of(lead))}".rstrip()


def _examples(profile: Profile, width: int) -> str:
    """Return as many examples as there is room for."""
    said = ""
    for value in profile.examples:
        more = f"{said}{' | ' if said else ''}{excerpt(value, length=_EXAMPLE_LENGTH)}"
        if said and columns_of(more) > width:
            break
        said = more
    return said


def _kind(profile: Profile) -> str:
    width = profile.width
    is_code = profile.kind in {"codes", "codes with leading zeros", "numbers"}
    short = {"codes with leading zeros": "codes with zeros"}.get(profile.kind, profile.kind)
    return f"{short}, {width} wide" if is_code and width else short


def _damage_lines(table: Table) -> Iterator[str]:
    if table.dropped:
        yield f"    dropped, they look like credentials: {', '.join(map(escape_controls, table.dropped))}"
    left_out = count_left_out(table.left_out)
    if left_out:
        yield f"    rows that make no record: {', '.join(f'{number:,} {why}' for why, number in left_out.items())}"
    for cause in causes(told_findings(table).filter(pl.col("code") != "credentials_dropped")):
        yield f"    {cause.kind}: {escape_controls(str(cause))}"


def _taken_lines(sheet: Sheet, suggestion: Suggestion, src: int) -> Iterator[str]:
    """Yield what the columns are taken for; sheets with the same columns are told with the first of them."""
    members = next(one.layout.members for one in suggestion.found if src in one.layout.members)
    if src != members[0]:
        first = suggestion.sources[members[0]]
        yield f"    taken as {escape_controls(first.table.sheet or first.file)} above, which has the same columns"
        return
    tables = _first_of_each([table for table in suggestion.tables if table.layout == sheet.src])
    if not tables:
        yield "    not taken for stations, sites or devices"
        return
    if sheet.shape:
        yield f"    {sheet.shape}"
    for table in tables:
        if table.record == "device" and table is not next(other for other in tables if other.record == "device"):
            yield f"    and for more devices: {', '.join(filter(None, map(_named, table.fields)))}"
            continue
        yield f"    taken for {table.record}s{_read_by(table)}:"
        yield from _field_lines(table.fields)
        for condition in table.where:
            if condition.active:
                values = ", ".join(excerpt(value, length=_EXAMPLE_LENGTH) for value in condition.values)
                yield f"      left out, where {excerpt(condition.column, length=_LISTED)} is {excerpt(values)}"
    columns = unmapped(sheet, suggestion.tables)
    people = [take.column for concept, take in sheet.takes.items() if concept in CONTACT_CONCEPTS]
    for what, names in (
        ("people, not migrated", [name for name in columns if name in people]),
        ("not mapped", [name for name in columns if name not in people]),
    ):
        yield from _listed(what, names)


def _named(field: FieldDraft) -> str | None:
    """Return a field with its column, for a table that is like the one before."""
    if field.name == "external_device_id" or (field.columns and field.name != "external_site_id"):
        return f"{_source(field)} -> {field.name}"
    return None


def _listed(what: str, names: Sequence[str]) -> Iterator[str]:
    """Yield a list of columns, broken where a line is full."""
    line = f"    {what}: "
    for at, name in enumerate(names):
        said = excerpt(name, length=_LISTED) + (", " if at < len(names) - 1 else "")
        if columns_of(line + said) > _LINE_WIDTH:
            yield line.rstrip()
            line = "      "
        line += said
    if names:
        yield line


def _first_of_each(tables: Sequence[TableDraft]) -> list[TableDraft]:
    """Return the tables without those that say the same of another sheet."""
    return [table for at, table in enumerate(tables) if table.fields not in [other.fields for other in tables[:at]]]


def _read_by(table: TableDraft) -> str:
    down = ", ".join(excerpt(column, length=_LISTED) for column in table.fill_down)
    taken = ", ".join(excerpt(column, length=_LISTED) for column in table.lookup.columns) if table.lookup else ""
    told = [f", {down} filled down"] if down else []
    return "".join([*told, *([f", {taken} looked up in a second file"] if taken else [])])


def _field_lines(fields: Sequence[FieldDraft]) -> Iterator[str]:
    sources = [_source(field) for field in fields]
    width = min(max(map(columns_of, sources), default=0), _SOURCE_WIDTH)
    names = max(len(field.name) for field in fields)
    for field, source in zip(fields, sources, strict=True):
        lead = f"      {padded(source, width)} -> {field.name:{names}}  "
        first, *more = wrap(_why(field), max(_WHY_WIDTH, _LINE_WIDTH - columns_of(lead))) or [""]
        yield f"{lead}{first}".rstrip()
        yield from (f"{' ' * columns_of(lead)}{line}" for line in more)


def _source(field: FieldDraft) -> str:
    if field.is_open:
        return "?"
    if field.columns:
        return excerpt(", else ".join(field.columns), length=_SOURCE_WIDTH)
    return excerpt(str(field.settings.get("template", field.settings.get("value"))), length=_SOURCE_WIDTH)


def _why(field: FieldDraft) -> str:
    said = field.notes[0] if field.is_open else field.why
    decide = sum(note.startswith("decide") for note in field.notes)
    return excerpt(said) + (f" [{decide} to decide]" if decide else "")
