"""`check` of a large CSV, reports written, against a bare read of it: `python benchmarks/check.py [ROWS]`."""

import platform
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import polars as pl

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
CAMERAS = 20
ROUNDS = 3

BARE = "import sys, polars as pl; pl.read_csv(sys.argv[1], infer_schema=False)"
NOTHING = "import sys, polars as pl"


def write_inventory(path: Path, rows: int) -> None:
    """Write an inventory of `rows` cameras, CAMERAS to a site."""
    number, mac = pl.col("i") // CAMERAS, pl.col("i").hash(1).cast(pl.String).str.zfill(20).str.slice(0, 12)
    pl.DataFrame({"i": pl.int_range(rows, eager=True)}).select(
        (number + 100_000).cast(pl.String).alias("Customer #"),
        pl.format("Customer {}", number).alias("Name"),
        pl.format("{} Main Street", number % 997).alias("Street"),
        pl.lit("Springfield, IL 62701").alias("City"),
        pl.lit("Central").alias("TZ"),
        number.cast(pl.String).str.zfill(6).alias("Acct"),
        (pl.col("i") % CAMERAS + 1).cast(pl.String).alias("Zone"),
        pl.format("Camera {}", pl.col("i") % CAMERAS + 1).alias("Camera"),
        mac.alias("MAC"),
        pl.lit("Axis").alias("Make"),
        pl.lit("P3265-LVE").alias("Model"),
        pl.format("SN{}", pl.col("i").hash(2)).alias("Serial"),
    ).write_csv(path)


def measure(command: list[str], *, cwd: Path) -> tuple[float, int]:
    """Return the CPU seconds of a command and its peak memory in bytes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    code = (
        f"import resource, subprocess, sys; p = subprocess.run({command!r}, stdout=subprocess.DEVNULL); "
        "r = resource.getrusage(resource.RUSAGE_CHILDREN); print(r.ru_maxrss * 1024); sys.exit(p.returncode)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=cwd, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, int(done.stdout)


def main() -> None:
    """Measure both, side by side, and print the ratios."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "inventory.csv"
        write_inventory(path, rows)
        (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
        check = [sys.executable, "-m", "migrate", "check", "inventory.csv", "-m", "mapping.toml"]
        bare = [sys.executable, "-c", BARE, "inventory.csv"]
        start = [sys.executable, "-c", NOTHING]
        rounds = [
            (measure(check, cwd=folder), measure(bare, cwd=folder), measure(start, cwd=folder)) for _ in range(ROUNDS)
        ]
        ratios = [tool[0] / (base[0] - idle[0]) for tool, base, idle in rounds]
        memory = [tool[1] / base[1] for tool, base, _ in rounds]
        size, seconds = path.stat().st_size / 1e6, median(tool[0] for tool, _, _ in rounds)
        peak = median(tool[1] for tool, _, _ in rounds) / 1e6
        print(f"Python {platform.python_version()}, polars {pl.__version__}, {rows:,} rows, {size:.0f} MB")
        print(f"check: {seconds:.2f} s CPU, {median(ratios):.1f} x the bare read's")
        print(f"peak memory: {peak:.0f} MB, {median(memory):.2f} x the bare read's")


if __name__ == "__main__":
    main()
