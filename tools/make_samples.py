"""Write the input files of the samples that are made by program: `python tools/make_samples.py [--out FOLDER]`.

Each `sample_*` module beside this one holds one sample, and says of each wrong cell how it came about. The same bytes
come out each time. A sample without a module is kept as files alone.
"""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

import sample_grouped
import sample_korean
import sample_manitou
import sample_milestone
import sample_mkms
import sample_sadp
import sample_sedona
import sample_stages

SAMPLES: Mapping[str, Callable[[Path], None]] = {
    "grouped": sample_grouped.write,
    "korean": sample_korean.write,
    "manitou": sample_manitou.write,
    "milestone": sample_milestone.write,
    "mkms": sample_mkms.write,
    "sadp": sample_sadp.write,
    "sedona": sample_sedona.write,
    "stages": sample_stages.write,
}


def main() -> None:
    """Write every sample into its own folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent.parent / "samples")
    out: Path = parser.parse_args().out
    for name, write in SAMPLES.items():
        (out / name).mkdir(parents=True, exist_ok=True)
        write(out / name)


if __name__ == "__main__":
    main()
