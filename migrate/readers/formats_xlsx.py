"""XLSX and XLSM: the sheets by calamine, laid over with the cells that a scan of their XML finds."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import polars as pl

from migrate.readers.archive import Archive
from migrate.readers.cells import Formats, Sheet
from migrate.readers.limits import CellBudget, Unreadable, refuse_many_sheets
from migrate.readers.marks_xlsx import Styles, find_marks, new_each_time, place_marks, to_cells, unsaved
from migrate.readers.numberformat import BUILTIN_FORMATS, NumberFormat
from migrate.readers.ooxml import Package, package_of
from migrate.readers.rows_xlsx import Rows
from migrate.readers.xml_tags import start_tags

_LEAST_CELL_BYTES = len('<c r="A1"><v>1</v></c>')
_SCAN_FIRST_BYTES = 4 * 1024**2
"""A larger sheet is scanned while calamine reads it; whoever ends the process stops that too."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A worksheet and its part of the archive."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class _Scan:
    """What a sheet's XML tells beyond what calamine reads: cells taken apart, and its rows."""

    marks: pl.DataFrame
    rows: Rows


def sheets(path: Path) -> Iterator[Sheet]:
    """Yield the worksheets in their order."""
    budget = CellBudget()
    with Archive(path) as archive:
        package = package_of(archive)
        parts, date1904 = _workbook(archive, package)
        refuse_many_sheets(len(parts))
        formats, styles = _styles(archive.read(package.styles) or b"<styleSheet/>")
        archive.check_others({part.part for part in parts})
        reader = _reader(path)
        for part in parts:
            scan, read = _read(reader, archive, part, styles=styles, budget=budget)
            frame = _from_column_a(read, scan.rows.first_filled)
            without_value = unsaved(scan.marks, frame)
            yield Sheet(
                name=part.name,
                cells=to_cells(scan.marks, styles, date1904=date1904),
                formats=formats,
                frame=frame,
                unsaved=without_value,
                new_each_time=new_each_time(scan.marks, but=without_value),
                hidden=part.hidden,
                hidden_rows=tuple(scan.rows.hidden),
                hidden_columns=tuple(scan.rows.layout.hidden_columns),
                merged=scan.rows.layout.merged,
                date1904=date1904,
            )


def _workbook(archive: Archive, package: Package) -> tuple[list[_Part], bool]:
    parts, date1904 = list[_Part](), False
    for name, tag in start_tags(archive.read(package.workbook)):
        if name == "workbookPr":
            date1904 = tag.get("date1904") in {"1", "true"}
        elif name == "sheet" and (part := package.worksheets.get(tag.get("id", ""))) is not None:
            parts.append(_Part(tag.get("name", ""), part, hidden=tag.get("state", "visible") != "visible"))
    return parts, date1904


def _styles(xml: bytes) -> tuple[tuple[NumberFormat, ...], Styles]:
    codes, ids, inside = dict(BUILTIN_FORMATS), list[int](), False
    for name, tag in start_tags(xml):
        if name == "numFmt" and not ids:
            codes[int(tag["numFmtId"])] = tag["formatCode"]
        elif name in {"cellXfs", "cellStyleXfs", "cellStyles", "dxfs"}:
            inside = name == "cellXfs"
        elif name == "xf" and inside:
            ids.append(int(tag.get("numFmtId", 0)))
    formats = Formats()
    indices = formats.indices(codes.get(id_, "General") for id_ in ids)
    parsed = formats.parsed()
    of_numbers = frozenset(style for style, index in enumerate(indices) if parsed[index].numbers)
    of_text = frozenset(style for style, index in enumerate(indices) if parsed[index].text is not None)
    return parsed, Styles(formats=indices, of_numbers=of_numbers, of_text=of_text)


def _reader(path: Path) -> fastexcel.ExcelReader:
    try:
        return fastexcel.read_excel(path)
    except fastexcel.FastExcelError as error:
        told = str(error).partition("\n")[0]
        if "macrosheet" in told:
            raise Unreadable("holds an Excel 4 macro sheet, which is not read; delete that sheet, save it") from error
        raise Unreadable(f"is damaged ({told}); open it in a spreadsheet program and save it again") from error


def _read(
    reader: fastexcel.ExcelReader, archive: Archive, part: _Part, *, styles: Styles, budget: CellBudget
) -> tuple[_Scan, pl.DataFrame]:
    def scan() -> _Scan:
        found = _scan(archive, part, styles)
        most = found.rows.size_bytes // _LEAST_CELL_BYTES
        budget.spend(part.name, rows=found.rows.last_row, columns=found.rows.columns, filled=most)
        return found

    if archive.size_bytes(part.part) <= _SCAN_FIRST_BYTES:
        return scan(), _load(reader, part)
    pool = ThreadPoolExecutor(max_workers=1)
    try:
        frame = pool.submit(_load, reader, part)
        return scan(), frame.result()
    finally:
        pool.shutdown(wait=False)


def _scan(archive: Archive, part: _Part, styles: Styles) -> _Scan:
    pattern = styles.pattern
    try:
        with closing(archive.chunks(part.part)) as chunks:
            rows = Rows(chunks)
            found = [find_marks(piece, pattern) for piece in (b"", *rows.pieces())]
    except Unreadable as error:
        raise Unreadable(f"sheet {part.name!r}: {error}") from error
    marks = pl.concat(found).filter(pl.col("row") <= rows.last_row)
    return _Scan(marks=place_marks(marks, styles), rows=rows)


def _load(reader: fastexcel.ExcelReader, part: _Part) -> pl.DataFrame:
    try:
        return pl.DataFrame(reader.load_sheet(part.name, header_row=None, skip_rows=0, dtypes="string"))
    except fastexcel.FastExcelError as error:
        told = str(error).partition("\n")[0]
        raise Unreadable(
            f"sheet {part.name!r} is damaged ({told}); open it in a spreadsheet program and save it again"
        ) from error


def _from_column_a(frame: pl.DataFrame, first: int) -> pl.DataFrame:
    """Put the empty columns in front that calamine leaves out, and name all by their index."""
    named = frame.rename({name: str(at + first) for at, name in enumerate(frame.columns)})
    if not named.width:
        return named
    return named.select(*(pl.lit(None, dtype=pl.String).alias(str(at)) for at in range(first)), pl.all())
