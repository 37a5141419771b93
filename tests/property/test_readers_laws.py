"""Laws of reading: both ways of cutting text agree, and what was written is what is read."""

from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.errors import InputError
from migrate.readers import survey, text
from migrate.readers.damage import DAMAGES, SIGNS
from migrate.readers.delimited import MARK, Tokenizer
from migrate.readers.delimiter import CANDIDATES, Cut, find_cut
from migrate.readers.dump import safe_name
from migrate.readers.encoding import Decoded
from migrate.readers.encoding_guess import guess
from migrate.readers.header import header_at
from migrate.readers.options import ReadOptions, SheetOptions
from migrate.readers.plain import Layout, read_plain
from migrate.readers.read import read

TOUGH = st.text(alphabet='a,"\n\r é;\x00', max_size=40)
CELL = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters=MARK), max_size=8)
TABLE = st.integers(1, 5).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1))
LOCAL = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def by_record(source: str) -> list[list[str | None]]:
    tokenizer = Tokenizer(",", '"')
    rows = [[cell or None for cell in cells] for _, cells in tokenizer.records(source)]
    return [] if tokenizer.troubles else rows


@settings(LOCAL, max_examples=500)
@given(st.lists(TOUGH, min_size=1, max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_polars_reads_what_is_plain_exactly_as_the_tokenizer_does(lines: list[str], end: str) -> None:
    source = end.join(lines)
    rows = by_record(source)
    width = len(rows[0]) if rows else 1
    layout = Layout(delimiter=",", quote='"', width=width, start=0, lines=0)
    frame = read_plain(Decoded(source.encode(), 0, "utf-8"), layout, path=Path("unused"))
    if frame is not None:
        padded = [row + [None] * (width - len(row)) for row in rows]
        assert [list(row) for row in frame.rows()] == padded or not any(any(row[width:]) for row in rows)
        assert all(len(row) <= width or not any(row[width:]) for row in rows)
        assert [list(row) for row in frame.rows()] == [row[:width] for row in padded]


def written(table: list[list[str]], end: str, *, always_quoted: bool = False) -> str:
    def cell(text: str) -> str:
        return f'"{text.replace(chr(34), chr(34) * 2)}"' if always_quoted or set(text) & set(',"\r\n') else text

    return "".join(",".join(map(cell, row)) + end for row in table)


@LOCAL
@given(TABLE, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_what_was_written_is_read_by_either_way(table: list[list[str]], end: str, always_quoted: bool) -> None:
    source = written(table, end, always_quoted=always_quoted)
    wanted = [[cell or None for cell in row] for row in table]
    assert by_record(source) == wanted
    layout = Layout(delimiter=",", quote='"', width=len(table[0]), start=0, lines=0)
    frame = read_plain(Decoded(source.encode(), 0, "utf-8"), layout, path=Path("unused"))
    if frame is not None:
        assert [list(row) for row in frame.rows()] == wanted


@LOCAL
@given(TOUGH)
def test_no_character_of_a_text_is_lost(source: str) -> None:
    rows = Tokenizer(",", "'").records(source)
    kept = sorted("".join(cell for _, cells in rows for cell in cells))
    assert kept == sorted(letter for letter in source if letter not in ",\r\n")


@LOCAL
@given(TOUGH, st.integers(0, 4))
def test_no_letter_is_lost_whatever_width_is_usual(source: str, width: int) -> None:
    rows = Tokenizer(",", '"', width).records(source)
    kept = "".join(cell for _, cells in rows for cell in cells)
    assert [letter for letter in kept if letter in "aé"] == [letter for letter in source if letter in "aé"]


@LOCAL
@given(st.text(alphabet="a1,;|\t'\"\n ", max_size=60), st.none() | st.just(";"), st.none() | st.just("'"))
def test_a_cut_is_always_found_and_what_is_given_stays(source: str, delimiter: str | None, quote: str | None) -> None:
    cut = find_cut(source, delimiter=delimiter, quote=quote)
    assert cut.delimiter == delimiter or (delimiter is None and cut.delimiter in CANDIDATES)
    assert cut.quote == quote or (quote is None and cut.quote in "\"'")


@LOCAL
@given(st.binary(max_size=60), st.sampled_from(["cp1252", "cp949", "cp932", "gb18030", "mac_roman", "cp1250"]))
def test_a_guessed_encoding_takes_all_of_the_bytes(data: bytes, encoding: str) -> None:
    for text_ in (data, data.decode(encoding, "ignore").encode(encoding)):
        found = guess(text_)
        if found is not None:
            assert isinstance(text_.decode(found.encoding), str)


@settings(LOCAL, max_examples=300)
@given(
    titles=st.lists(st.sampled_from(["Acme", "", "Printed,2024", '"two\nlines"']), max_size=3),
    table=TABLE,
    end=st.sampled_from(["\n", "\r\n"]),
    around=st.tuples(
        st.sampled_from(["", "\ufeff"]),
        st.sampled_from(["", "\n", "\n\n", ",,\n", '"oops\n', "1,2,3,4,5,6,7\n"]),
    ),
)
def test_a_file_is_read_the_same_whether_polars_may_help_or_not(
    tmp_path: Path, titles: list[str], table: list[list[str]], end: str, around: tuple[str, str]
) -> None:
    path = tmp_path / "a.csv"
    mark, tail = around
    path.write_bytes((mark + "".join(title + end for title in titles) + written(table, end) + tail).encode())
    told, cut = ReadOptions(encoding="utf-8"), Cut(",", '"', len(table[0]))
    with patch.object(text, "find_cut", lambda *_, **__: cut):  # found in the head, which is too short here
        with patch.object(text, "HEAD_BYTES", 1 << 20):
            slow = text.read_text(path, options=told, signs=SIGNS)
        with patch.object(text, "HEAD_BYTES", 24), patch.object(survey, "_CHUNK_BYTES", 16):
            fast = text.read_text(path, options=told, signs=SIGNS)
    width = max(slow.grid.frame.width, fast.grid.frame.width)
    assert padded(fast.grid.frame, width).equals(padded(slow.grid.frame, width))
    assert fast.grid.notes.equals(slow.grid.notes)
    assert fast.damage == slow.damage


def padded(frame: pl.DataFrame, width: int) -> pl.DataFrame:
    return frame.with_columns(pl.lit(None, dtype=pl.String).alias(str(n)) for n in range(frame.width, width))


@LOCAL
@given(st.lists(st.from_regex(r"\A[-+'\"=#0-9A-Ea-e.,/:!?Nn Ã\x00-]{1,9}\Z"), min_size=1, max_size=5))
def test_damage_in_a_cell_is_always_seen_in_the_text(tmp_path: Path, texts: list[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(written([["x" * 400, "y"], *(["x", cell] for cell in texts)], "\n").encode())
    found = text.read_text(path, options=ReadOptions(delimiter=","), signs=SIGNS).damage
    cells = pl.Series(texts)
    assert {damage.sign for damage in DAMAGES if cells.str.contains(damage.cell).any()} <= found


@LOCAL
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_reason(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    tables = []
    with suppress(InputError):
        tables = read(path, sheets=[SheetOptions(header_row=0)])
    for table in tables:
        assert table.frame.columns == ["_row", *table.letters]
        assert table.frame["_row"].is_sorted()


@given(st.lists(st.none() | st.text(max_size=6), max_size=12))
def test_names_are_unique_in_any_case_and_never_blank(names: list[str | None]) -> None:
    frame = pl.DataFrame([pl.Series(str(n), [name], dtype=pl.String) for n, name in enumerate(names)])
    found = [name.casefold() for name in header_at(frame, 0 if names else -1).names]
    assert len(set(found)) == len(found) == len(names)
    assert all(name.strip() and name != "_row" for name in found)


@given(st.text(max_size=300))
def test_a_safe_name_stays_in_its_folder(name: str) -> None:
    safe = safe_name(name)
    assert Path(safe).name == safe
    assert safe not in {"", ".", ".."}
    assert len(safe.encode()) <= 181
