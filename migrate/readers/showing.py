"""Showing: a sheet's cells as the text that a spreadsheet program shows, with notes on what that hides or lost."""

import polars as pl

from migrate.model.phrase import phrase
from migrate.readers.addresses import column_letters
from migrate.readers.cells import Sheet
from migrate.readers.grid import GRID_NOTES, Grid
from migrate.readers.layout import hidden_columns, merged_notes, with_texts
from migrate.readers.numberformat import NumberFormat
from migrate.readers.numberformat_digits import general

ROUNDED_FROM = 1e15
"""Whole numbers from here on have more than the 15 digits that a spreadsheet program keeps."""


def to_grid(sheet: Sheet) -> Grid:
    """Return the sheet as a grid: each cell's text as shown, and notes on what was lost or is doubtful."""
    shown = _show(_with_frame_text(sheet), sheet)
    frame = _lay_over(sheet.frame, shown)
    hidden_rows = tuple(row for row in sheet.hidden_rows if row <= frame.height)
    columns_hidden = hidden_columns(sheet.hidden_columns, frame)
    notes = [
        sheet.notes,
        *_cell_notes(shown, sheet, frame),
        merged_notes(sheet.merged, frame),
        _note(
            pl.DataFrame({"row": hidden_rows}, schema={"row": pl.UInt32}),
            severity="note",
            code="hidden_row",
            message="this row is hidden in the workbook, and read like any other",
            hint="delete the row, or filter it with `where` in the mapping, if it is not meant to be read",
        ),
        _note(
            pl.DataFrame({"col": columns_hidden}, schema={"col": pl.UInt32}),
            severity="note",
            code="hidden_column",
            message="hidden in the workbook, and read like any other",
            hint="take it out of the mapping if it is not meant to be read",
        ),
        _note(
            pl.DataFrame({"row": [None] * sheet.hidden}, schema={"row": pl.UInt32}),
            severity="note",
            code="hidden_sheet",
            message="this sheet is hidden in the workbook, and read like any other",
            hint="leave it out of the mapping's tables if it is not meant to be read",
        ),
    ]
    return Grid(
        sheet=sheet.name,
        frame=frame,
        first_row=1,
        notes=pl.concat(notes).sort("row", "col", maintain_order=True),
        hidden=sheet.hidden,
    )


def _with_frame_text(sheet: Sheet) -> pl.DataFrame:
    lacks = pl.col("text").is_null() & pl.col("number").is_null()
    return pl.concat([sheet.cells.filter(~lacks), with_texts(sheet.cells.filter(lacks), sheet.frame, name="text")])


def _show(cells: pl.DataFrame, sheet: Sheet) -> pl.DataFrame:
    """Add `shown`; each number is rendered once for each format that it has."""
    to_render = pl.col("text").is_null() & pl.col("number").is_not_null()
    parts = []
    for (index,), part in cells.group_by("format"):
        format_ = sheet.formats[int(str(index))]
        numbers = part.filter(to_render)
        unique = numbers.select(pl.col("number").unique())
        rendered = unique.with_columns(_render(unique["number"], format_, date1904=sheet.date1904))
        parts.append(numbers.join(rendered, on="number", how="left"))
        parts.append(part.filter(~to_render).with_columns(shown=_render_text(format_)))
    return pl.concat(parts) if parts else cells.with_columns(shown="text")


def _render(numbers: pl.Series, format_: NumberFormat, *, date1904: bool) -> pl.Series:
    whole = numbers.cast(pl.Int64, strict=False)
    if format_.zeros and ((whole == numbers) & numbers.is_between(0, ROUNDED_FROM)).fill_null(value=False).all():
        return whole.cast(pl.String).str.zfill(format_.zeros).alias("shown")
    texts = [format_.show(number, date1904=date1904) for number in numbers]
    return pl.Series("shown", texts, dtype=pl.String)


def _render_text(format_: NumberFormat) -> pl.Expr:
    text = pl.col("text")
    return text if format_.text is None else text.map_elements(format_.show_text, return_dtype=pl.String)


def _lay_over(frame: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    height = max(frame.height, _top(shown["row"]))
    tall = pl.concat([frame, frame.clear(height - frame.height)]) if height > frame.height else frame
    columns = dict(zip(tall.columns, tall.get_columns(), strict=True))
    for col in range(frame.width, _top(shown["col"] + 1)):
        columns[str(col)] = pl.repeat(None, height, dtype=pl.String, eager=True)
    for (col,), part in shown.group_by("col"):
        columns[str(col)] = columns[str(col)].scatter(part["row"] - 1, part["shown"])
    return pl.DataFrame(columns).with_columns(pl.all().replace("", None))


def _top(values: pl.Series) -> int:
    return int(str(values.max())) if values.len() else 0


def _cell_notes(shown: pl.DataFrame, sheet: Sheet, frame: pl.DataFrame) -> list[pl.DataFrame]:
    number = pl.col("number")
    dates = [index for index, format_ in enumerate(sheet.formats) if format_.is_date]
    is_date = number.is_not_null() & pl.col("format").is_in(dates)
    is_rounded = (number.abs() >= ROUNDED_FROM) & ~is_date
    is_gone = (pl.col("shown") == "") & (number.is_not_null() | (pl.col("text") != ""))
    value = number.map_elements(general, return_dtype=pl.String).fill_null(pl.col("text"))
    return [
        _note(
            shown.filter(is_date).with_columns(value="shown"),
            code="date_cell",
            message="Excel holds a date here",
            hint="if it was not meant as a date, type it as text (format the column as Text first)",
        ),
        _note(
            shown.filter(is_rounded).with_columns(value="shown"),
            code="rounded_digits",
            message="a number of more than 15 digits, of which Excel has kept the first 15",
            hint="type it again as text (format the column as Text first)",
        ),
        _note(
            shown.filter(is_gone).with_columns(value=value),
            code="hidden_by_format",
            message="the cell has a value, and its number format shows nothing",
            hint="give the cell the General format if the value is meant to be read",
        ),
        _note(
            _zeros_by_format(shown.filter(number.is_not_null() & ~is_date)),
            severity="note",
            code="zeros_by_format",
            message="numbers with zeros in front by their format were read as they are shown",
            hint="nothing to do: this is what the cells show",
        ).with_columns(message=phrase("{}: {}", "message", "value")),
        _note(
            sheet.unsaved,
            code="formula_without_value",
            message="a formula whose value was not saved",
            hint="open the workbook in a spreadsheet program, let it calculate, and save it",
        ),
        _note(
            with_texts(sheet.new_each_time, frame, name="value"),
            code="volatile_formula",
            message="a formula with a new value whenever the workbook is opened; the one that was saved last was read",
            hint="copy the cell and paste it as a value, so that it stays what it is",
        ),
    ]


def _zeros_by_format(numbers: pl.DataFrame) -> pl.DataFrame:
    """Return, for each column with numbers that only their format gives zeros in front, how many, and the first."""
    with_zeros = numbers.filter(pl.col("shown").str.contains("^0[0-9]")).sort("col", "row")
    counted = with_zeros.group_by("col", maintain_order=True).agg(pl.len(), pl.col("row", "number", "shown").first())
    values = [
        f"{count:,}, such as {general(number)} → {text} in {column_letters(col)}{row}"
        for col, count, row, number, text in counted.iter_rows()
    ]
    return counted.select("col", value=pl.Series(values, dtype=pl.String))


def _note(at: pl.DataFrame, *, code: str, message: str, hint: str, severity: str = "warning") -> pl.DataFrame:
    told = at.with_columns(
        pl.lit(text).alias(name)
        for name, text in {"severity": severity, "code": code, "message": message, "hint": hint}.items()
    )
    return told.select(
        pl.col(name).cast(dtype) if name in told.columns else pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in GRID_NOTES.items()
    )
