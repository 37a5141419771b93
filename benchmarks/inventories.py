"""Inventories of any size, as dealers have them: `python -m benchmarks.inventories FOLDER [--rows N] [--xlsx]`.

Writes `inventory.csv` (or `.xlsx`) with 12 columns, a row a camera, the site's columns repeated on each, and
`mapping.toml`. The same numbers make the same bytes.
"""

import argparse
import subprocess
import sys
from pathlib import Path

import polars as pl
import xlsxwriter

ROWS_MAX_XLSX = 1_048_575
CHUNK = 1_000_000
MAPPING = """
name = "Benchmark"
[[table]]
record = "site"
[table.fields]
external_site_id = "Customer #"
name = "Name"
timezone = "TZ"
account_number = "Acct"
address1 = "Street"
address2 = "City"
[[table]]
record = "device"
[table.fields]
external_site_id = "Customer #"
external_device_id = { template = "{Customer #}-{Zone}" }
device_type = { value = "camera" }
zone_number = "Zone"
name = "Camera"
mac = "MAC"
manufacturer = "Make"
model = "Model"
serial_number = "Serial"
"""


def frame(first: int, rows: int, *, cameras: int, bad: float) -> pl.DataFrame:
    """Return the rows from `first` on, all text; of them a share of `bad` has a mistake in one cell.

    The mistakes are an unknown time zone and an empty zone by turns: the first takes a site and all its cameras out,
    so it stands on as few sites as make up the share.
    """
    every = round(1 / bad) if bad else 0
    number = pl.col("i") // cameras
    digits = pl.col("i").hash(1).cast(pl.String).str.zfill(20).str.slice(0, 12)
    site_is_bad = (number % (2 * every) == every) if every else pl.lit(value=False)
    row_is_bad = (pl.col("i") % (2 * every) == 1) if every else pl.lit(value=False)
    zone = (pl.col("i") % cameras + 1).cast(pl.String)
    return pl.DataFrame({"i": pl.int_range(first, first + rows, eager=True)}).select(
        (number + 100_000).cast(pl.String).alias("Customer #"),
        pl.format("Customer {}", number).alias("Name"),
        pl.format("{} Main Street", number % 997).alias("Street"),
        pl.lit("Springfield, IL 62701").alias("City"),
        pl.when(site_is_bad).then(pl.lit("Centrall")).otherwise(pl.lit("Central")).alias("TZ"),
        number.cast(pl.String).str.zfill(6).alias("Acct"),
        pl.when(row_is_bad).then(pl.lit("")).otherwise(zone).alias("Zone"),
        pl.format("Camera {}", pl.col("i") % cameras + 1).alias("Camera"),
        digits.alias("MAC"),
        pl.lit("Axis").alias("Make"),
        pl.lit("P3265-LVE").alias("Model"),
        pl.format("SN{}", pl.col("i").hash(2)).alias("Serial"),
    )


def write(folder: Path, *, rows: int, cameras: int, bad: float, xlsx: bool) -> Path:
    """Write the inventory and its mapping into `folder`; return the inventory."""
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    path = folder / ("inventory.xlsx" if xlsx else "inventory.csv")
    if xlsx:
        _write_xlsx(path, frame(0, rows, cameras=cameras, bad=bad))
        return path
    with path.open("wb") as file:
        for first in range(0, rows, CHUNK):
            part = frame(first, min(CHUNK, rows - first), cameras=cameras, bad=bad)
            part.write_csv(file, include_header=first == 0)
    return path


def _write_xlsx(path: Path, rows: pl.DataFrame) -> None:
    """Write text cells with shared strings, as spreadsheet programs do."""
    if rows.height > ROWS_MAX_XLSX:
        sys.exit(f"a sheet holds at most {ROWS_MAX_XLSX:,} rows")
    book = xlsxwriter.Workbook(path, {"strings_to_numbers": False})
    sheet = book.add_worksheet("Inventory")
    sheet.write_row(0, 0, rows.columns)
    for number, cells in enumerate(rows.iter_rows(), start=1):
        for column, cell in enumerate(cells):
            sheet.write_string(number, column, cell)
    book.close()


def make(folder: Path, *, rows: int, cameras: int = 20, bad: float = 0.0, xlsx: bool = False) -> Path:
    """Have the inventory written by a process of its own, so that this one stays small; return where it is."""
    folder.mkdir(parents=True, exist_ok=True)
    words = ["--rows", str(rows), "--cameras", str(cameras), "--bad", str(bad), *(["--xlsx"] if xlsx else [])]
    root = Path(__file__).resolve().parent.parent
    subprocess.run(
        [sys.executable, "-m", "benchmarks.inventories", str(folder.resolve()), *words], cwd=root, check=True
    )
    return folder / ("inventory.xlsx" if xlsx else "inventory.csv")


def main() -> None:
    """Write one inventory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000, help="cameras, a row each")
    parser.add_argument("--cameras", type=int, default=20, help="cameras of one site")
    parser.add_argument("--bad", type=float, default=0.0, help="share of rows with a mistake, 0 to 1")
    parser.add_argument("--xlsx", action="store_true", help="a workbook instead of CSV")
    args = parser.parse_args()
    write(args.folder, rows=args.rows, cameras=args.cameras, bad=args.bad, xlsx=args.xlsx)


if __name__ == "__main__":
    main()
