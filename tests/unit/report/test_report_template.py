"""The template's workbook: each field of a record has a column, and cells take what the tool can read."""

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from migrate.mapping.mapping import Mapping
from migrate.model.records import RECORDS
from migrate.normalize.choices import read_device_type, read_security_type, read_yes_no
from migrate.normalize.timezones import read_timezone
from migrate.report.template_columns import ABSENT, EXAMPLE, SHEETS, columns_of
from migrate.report.template_workbook import ZONES_SHEET, template_workbook

READERS = {"security_type": read_security_type, "device_type": read_device_type, "is_activated": read_yes_no}

each_record = pytest.mark.parametrize("record", SHEETS)


@pytest.fixture(scope="module")
def book() -> Workbook:
    return load_workbook(BytesIO(template_workbook()))


def page_of(book: Workbook, record: str) -> Worksheet:
    page = book[SHEETS[record]]
    assert isinstance(page, Worksheet)
    return page


def allowed(page: Worksheet, letter: str) -> list[str]:
    """Return the formulas of the drop-downs in a column."""
    return [
        str(rule.formula1)
        for rule in page.data_validations.dataValidation
        if f"{letter}2:{letter}1048576" in rule.sqref
    ]


def test_the_sheets_come_in_the_order_of_the_work_and_the_first_says_how(book: Workbook) -> None:
    assert book.sheetnames == ["How to", "Stations", "Sites", "Devices", ZONES_SHEET]
    told = " ".join(str(cell.value or "") for (cell,) in book["How to"].iter_rows())
    assert "chekt-migrate check template.xlsx -m template" in told
    assert all(name in told for name in SHEETS.values())


@each_record
def test_each_field_has_a_column_and_the_mapping_reads_it_from_there(book: Workbook, record: str) -> None:
    columns = list(columns_of(record))
    left_out = {field for kind, field in ABSENT if kind == record}
    assert {column.field.name for column in columns} == {*RECORDS[record].field_names} - left_out
    assert [cell.value for cell in page_of(book, record)[1]] == [column.name for column in columns]
    (spec,) = [table for table in Mapping.load("template").tables if table.record == record]
    assert spec.sheet == SHEETS[record]
    assert {name: field.columns for name, field in spec.fields.items()} == {
        column.field.name: (column.name,) for column in columns
    }


@each_record
def test_what_is_required_is_as_the_model_has_it_and_can_be_seen(book: Workbook, record: str) -> None:
    cells = page_of(book, record)[1]
    looks = {column.field.name: cell.fill.fgColor.rgb for column, cell in zip(columns_of(record), cells, strict=True)}
    notes = {
        column.field.name: cell.comment.text if cell.comment else ""
        for column, cell in zip(columns_of(record), cells, strict=True)
    }
    required = {name for name, note in notes.items() if note.startswith("Required. ")}
    assert required == {*RECORDS[record].required}
    assert all(note.startswith("May stay empty. ") for name, note in notes.items() if name not in required)
    assert all("\nFor example: " in note for note in notes.values())
    assert {looks[name] for name in required}.isdisjoint({looks[name] for name in notes.keys() - required})


@each_record
def test_every_column_holds_text_so_that_zeros_stay(book: Workbook, record: str) -> None:
    page = page_of(book, record)
    spans = [(span.min, span.max) for span in page.column_dimensions.values() if span.number_format == "@"]
    assert {column for first, last in spans for column in range(first, last + 1)} == {cell.column for cell in page[1]}
    assert {cell.data_type for cell in page[2]} == {"s"}
    assert page.freeze_panes == "A2"


@each_record
def test_a_drop_down_offers_only_what_the_tool_can_read(book: Workbook, record: str) -> None:
    page = page_of(book, record)
    for column, cell in zip(columns_of(record), page[1], strict=True):
        rules = allowed(page, cell.column_letter)
        if column.field.name == "timezone":
            assert rules == [f"'{ZONES_SHEET}'!$A$2:$A${book[ZONES_SHEET].max_row}"]
        elif column.choices:
            assert rules == [f'"{",".join(column.choices)}"']
            read = READERS[column.field.name]
            assert not [choice for choice in column.choices if read(choice).doubts]
        else:
            assert rules == []


def test_all_time_zones_that_are_offered_and_what_stands_beside_them_are_read_as_they_stand(book: Workbook) -> None:
    rows = [(str(zone.value), str(name.value)) for zone, name in book[ZONES_SHEET].iter_rows(min_row=2)]
    assert len(rows) > 100
    assert rows[0] == ("America/New_York", "Eastern")
    assert [zone for zone, _ in rows if read_timezone(zone).value != zone] == []
    assert [name for zone, name in rows if read_timezone(name).value != zone] == []


@each_record
def test_the_example_row_is_one_that_the_mapping_leaves_out(book: Workbook, record: str) -> None:
    page = page_of(book, record)
    assert page.max_row == 2
    (spec,) = [table for table in Mapping.load("template").tables if table.record == record]
    (condition,) = spec.where
    example = dict(zip((cell.value for cell in page[1]), (str(cell.value) for cell in page[2]), strict=True))
    assert example[condition.column].startswith(EXAMPLE)
    assert condition.not_in == (f"{EXAMPLE}*",)
    assert page["A1"].value == condition.column, "the rule that greys examples looks at the first column"
