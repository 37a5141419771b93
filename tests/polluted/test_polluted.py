"""Polluted files are read exactly, refused, or told of; `make polluted` plays more seeds."""

from collections import Counter
from pathlib import Path

import pytest
from clean import Clean
from polluted import lines
from pollution import Variant, variant
from verdict import judge

SEEDS = range(100)


def test_no_polluted_file_is_read_silently_wrong() -> None:
    counts = Counter[str]()
    told = list(lines(SEEDS, counts))
    assert counts["wrong"] == 0, told
    assert counts["refused"] <= 2, told
    assert counts["exact"] > len(SEEDS) / 2


def test_a_seed_gives_the_same_file_each_time() -> None:
    assert variant(7).content == variant(7).content
    assert variant(7).content != variant(8).content


ROWS = (("S1", "Foxtrot", "007"), ("S2", "Golf", "008"), ("S3", "Hotel", ""))


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (b"", b"", "exact"),
        (b"S3", b"S33", "wrong"),
        (b"Golf", b"", "wrong"),
        (b"S3,Hotel,", b"", "wrong"),
        (b"S3,Hotel,\n", b"S3,Hotel,\nS4,India,\n", "wrong"),
        (b"Name", b"Names", "wrong"),
        (b"Golf,008", b"Golf", "warned"),
        (b"Golf", b"G\xf8lf", "wrong"),
        (b"\n", b"\0" * 200, "refused"),
    ],
)
def test_what_is_read_otherwise_and_not_told_is_called_wrong(
    tmp_path: Path, before: bytes, after: bytes, kind: str
) -> None:
    plain = b"Site,Name,Zone\nS1,Foxtrot,007\nS2,Golf,008\nS3,Hotel,\n"
    content = plain.replace(before, after, 1) if before else plain
    table = Clean("invented", ("Site", "Name", "Zone"), ROWS)
    assert judge(Variant(0, table, content, dict(enumerate(ROWS, 2)), []), tmp_path).kind == kind
