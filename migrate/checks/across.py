"""Across: which rows of a large run may have something told of them, found by the keys of its parts alone.

A part is some rows of one source. The rows found are a superset: what is told of them is judged on the rows themselves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from migrate.checks.links import PARENTS
from migrate.checks.normalized import Counted, compacted
from migrate.checks.part import SEEDS, Numbers, look_at
from migrate.checks.records import numbers_of
from migrate.checks.widths import Column, proven_width
from migrate.mapping.mapped import Mapped
from migrate.model.records import DEVICE, MERGED, RECORDS, SITE, RecordType

_KEYS_AT_ONCE = 2_000_000
_KEY_FIELDS = ("id", "zone", "mac")


@dataclass(slots=True)
class Names:
    """Ids as numbers, and of a merged kind what the first row of each says (`SEEDS`), null if no row was seen."""

    known: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"id": pl.String, "code": pl.UInt32}))
    firsts: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=dict.fromkeys(("a", "b"), pl.UInt64)))

    def codes(self, ids: pl.Series) -> pl.Series:
        """Return the numbers of ids, giving out new ones; null has none."""
        is_new = ids.ne_missing(ids.shift()).scatter(0, values=True) if ids.len() else pl.Series(dtype=pl.Boolean)
        if 2 * is_new.sum() < ids.len():  # the rows of a site stand together most often
            return self._codes(ids.filter(is_new)).gather(is_new.cum_sum() - 1)
        return self._codes(ids)

    def _codes(self, ids: pl.Series) -> pl.Series:
        unique = ids.drop_nulls().unique(maintain_order=True).alias("id").to_frame()
        here = unique.join(self.known, on="id")
        new = unique.join(here, on="id", how="anti", maintain_order="left")
        start = self.known.height
        numbers = pl.int_range(start, start + new.height, dtype=pl.UInt32, eager=True).alias("code")
        added = compacted(new).with_columns(numbers)
        self.known = pl.concat([self.known, added])
        self.firsts = pl.concat([self.firsts, self.firsts.clear(new.height)])
        return (
            ids.alias("id")
            .to_frame()
            .join(pl.concat([here, added]), on="id", how="left", maintain_order="left")["code"]
        )

    def meet(self, rows: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
        """Take rows (`_row`, `code`, `a`, `b`) of a merged kind; return those that are firsts, and codes at odds."""
        firsts = rows.unique("code", keep="first", maintain_order=True)
        known = self.firsts[firsts["code"]]
        new = firsts.filter(known["a"].is_null())
        at = new["code"]
        self.firsts = pl.DataFrame({name: self.firsts[name].scatter(at, new[name]) for name in ("a", "b")})
        said = self.firsts[rows["code"]]
        odd = rows.filter((rows["a"] != said["a"]) | (rows["b"] != said["b"]))["code"]
        return new["_row"], odd.unique()


@dataclass(slots=True)
class _Seen:
    """What is kept of a part: `merged` kind → `_row`, `code`; other kind → keys, and `site`, the number it names."""

    merged: dict[str, pl.DataFrame]
    keys: dict[str, pl.DataFrame]
    zones: pl.DataFrame
    numbers: dict[tuple[str, str], Numbers]


@dataclass(frozen=True, slots=True)
class Look:
    """What a part comes to by itself: something is told of the rows `told` (`_row`).

    `kept` are these, and the first rows of merged records. `clean` is what records of other kinds are (`checks.part`).
    """

    kept: pl.Series
    told: pl.Series
    clean: dict[str, pl.DataFrame]


class Across:
    """Takes parts one after the other, in source order; then tells which rows must be looked at together."""

    def __init__(self, kinds: Sequence[str]) -> None:
        self.kinds = [kind for kind in RECORDS if kind in kinds]
        self.counted = Counted()
        self._names = {kind: Names() for kind in (*MERGED, SITE.name)}
        self._odd: dict[str, set[int]] = {kind: set() for kind in MERGED}
        self._seen: list[_Seen] = []

    def take(self, mapped: Mapped) -> Look:
        """Take a part, and return what it comes to by itself."""
        merged, keys, numbers = dict[str, pl.DataFrame](), dict[str, pl.DataFrame](), dict[tuple[str, str], Numbers]()
        told = [mapped.findings["_row"].drop_nulls()]
        firsts, zones, clean = list[pl.Series](), list[pl.DataFrame](), dict[str, pl.DataFrame]()
        for name, frame in mapped.frames.items():
            kind = RECORDS[name]
            self.counted.add(name, frame, mapped.defaults.get(name))
            if name in MERGED:
                merged[name], first, nameless = self._merged(frame, kind)
                firsts.append(first)
                told.append(nameless)
            else:
                fields = numbers_of(name, self.kinds)
                part = look_at(frame, kind, fields)
                self.counted.add_macs(part.macs)
                keys[name] = part.keys.with_columns(self._site(frame).alias("site"))
                numbers |= {(name, field): part.numbers[field] for field in fields}
                told.append(part.odd)
                zones.append(part.zones)
                clean[name] = part.clean
        no_zones = pl.DataFrame(schema={"_row": pl.UInt32, "zone": pl.UInt64})
        self._seen.append(_Seen(merged, keys, pl.concat([no_zones, *zones]), numbers))
        of_these = pl.concat(told).unique()
        return Look(pl.concat([of_these, *firsts]).unique().sort(), of_these, clean)

    def columns(self) -> dict[tuple[str, str], Column]:
        """Return what the columns of numbers prove, of the kinds that are never merged."""
        found = {}
        for column in dict.fromkeys(column for seen in self._seen for column in seen.numbers):
            parts = [seen.numbers[column] for seen in self._seen if column in seen.numbers]
            long, rounded = sum(part.long for part in parts), sum(part.rounded.len() for part in parts)
            counts = pl.concat([part.counts for part in parts]).group_by("width").agg(pl.col("len", "zero").sum())
            found[column] = Column(proven_width(counts), rounded=0 < rounded == long)
        return found

    def meeting(self) -> list[pl.Series]:
        """Return for each part the rows of records that may meet others, name what is not there, or stand out.

        To be asked once, after the last part: the keys go, as they are most of what is kept of a row.
        """
        columns = self.columns()
        meeting = [self._in_columns(seen, columns) for seen in self._seen]
        for name in _KEY_FIELDS:
            for at, rows in self._repeated(name):
                meeting[at].append(rows)
            for seen in self._seen:
                seen.keys = {kind: keys.drop(name, strict=False) for kind, keys in seen.keys.items()}
        lost, short = self._lost(), self._short()
        for seen, found in zip(self._seen, meeting, strict=True):
            for kind, keys in seen.keys.items():
                found.append(keys.filter(pl.col("site").is_in(lost[kind].implode()))["_row"])
                found.append(keys.filter(pl.col("site").is_in(short.implode()))["_row"])
        return [pl.concat([pl.Series([], dtype=pl.UInt32), *found]).unique() for found in meeting]

    def odd(self) -> dict[str, pl.Series]:
        """Return merged kind → the numbers of records whose rows do not all say the same."""
        found = {}
        for kind, codes in self._odd.items():
            names = self._names[kind].known
            mixed = names.join(self.counted.mixed(kind).alias("id").to_frame(), on="id", how="semi")["code"]
            found[kind] = pl.concat([pl.Series(sorted(codes), dtype=pl.UInt32), mixed]).unique()
        return found

    def numbers_of(self, kind: str, ids: pl.Series) -> pl.Series:
        """Return the numbers of some records."""
        return self._names[kind].known.join(ids.alias("id").to_frame().unique(), on="id", how="semi")["code"]

    def rows_in(self, kind: str) -> pl.DataFrame:
        """Return `id`, `rows`: how many rows each of the merged records is made of."""
        codes = [seen.merged[kind].select("code") for seen in self._seen if kind in seen.merged]
        counts = pl.concat([pl.DataFrame(schema={"code": pl.UInt32}), *codes]).group_by("code").len("rows")
        return self._names[kind].known.join(counts, on="code").select("id", "rows")

    def forget(self) -> None:
        """Let go of all that is kept of rows, after the last question about them."""
        self._seen.clear()
        self._names.clear()

    def rows_of(self, codes: dict[str, pl.Series]) -> Iterator[pl.Series]:
        """Yield for each part the rows of merged records, and of what belongs to these sites."""
        for seen in self._seen:
            own = [
                rows.filter(pl.col("code").is_in(codes[kind].implode()))["_row"] for kind, rows in seen.merged.items()
            ]
            if SITE.name in codes:
                belong = pl.col("site").is_in(codes[SITE.name].implode())
                own += [keys.filter(belong)["_row"] for keys in seen.keys.values()]
            yield pl.concat([pl.Series([], dtype=pl.UInt32), *own]).unique()

    def _merged(self, frame: pl.DataFrame, kind: RecordType) -> tuple[pl.DataFrame, pl.Series, pl.Series]:
        """Return `_row`, `code` of the rows, the first ones of their records, and those without an id."""
        names = self._names[kind.name]
        said = pl.struct(
            pl.col(name) if name in frame.columns else pl.lit(None, dtype=pl.String).alias(name)
            for name in kind.field_names
        )
        rows = frame.select("_row", names.codes(frame[kind.id_field]).alias("code"))
        # a row that says what the one above says tells nothing new
        fields = [name for name in kind.field_names if name in frame.columns]
        is_new = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift()) for name in fields)
        new = frame.with_columns(rows["code"]).filter(is_new | (pl.int_range(pl.len()) == 0))
        named = new.select("_row", "code", a=said.hash(SEEDS[0]), b=said.hash(SEEDS[1])).drop_nulls("code")
        first, odd = names.meet(named)
        self._odd[kind.name].update(odd)
        return rows.drop_nulls("code"), first, rows.filter(pl.col("code").is_null())["_row"]

    def _site(self, frame: pl.DataFrame) -> pl.Series:
        if SITE.id_field not in frame.columns:
            return pl.Series([None], dtype=pl.UInt32).new_from_index(0, frame.height)
        return self._names[SITE.name].codes(frame[SITE.id_field])

    def _in_columns(self, seen: _Seen, columns: dict[tuple[str, str], Column]) -> list[pl.Series]:
        """Return the rows whose numbers are shorter than their column proves, or rounded as all of them are."""
        found = []
        for column, numbers in seen.numbers.items():
            known = columns[column]
            if known.usual is not None:
                found.append(numbers.others.filter(pl.col("width") < known.usual)["_row"])
                if numbers.usual < known.usual and column[0] in seen.keys:
                    found.append(seen.keys[column[0]]["_row"])
            if known.rounded:
                found.append(numbers.rounded)
        return found

    def _repeated(self, name: str) -> Iterator[tuple[int, pl.Series]]:
        """Yield part and rows whose key another record has; an address that is at one site alone is left out."""
        total = sum(keys.height for seen in self._seen for keys in seen.keys.values())
        pieces = total // _KEYS_AT_ONCE + 1
        for piece in range(pieces):
            parts = [(at, keys.filter(pl.col("key") % pieces == piece)) for at, keys in self._all_keys(name)]
            whole = pl.concat([pl.Series([], dtype=pl.UInt64), *(keys["key"] for _, keys in parts)]).sort()
            again = whole.filter(whole == whole.shift(1)).unique()
            if again.is_empty():
                continue
            met = [(at, keys.filter(pl.col("key").is_in(again.implode()))) for at, keys in parts]
            if name == "mac":
                sites = pl.concat([keys for _, keys in met]).group_by("key").agg(pl.col("site").n_unique())
                apart = sites.filter(pl.col("site") > 1)["key"]
                met = [(at, keys.filter(pl.col("key").is_in(apart.implode()))) for at, keys in met]
            yield from ((at, keys["_row"]) for at, keys in met)

    def _all_keys(self, name: str) -> Iterator[tuple[int, pl.DataFrame]]:
        for at, seen in enumerate(self._seen):
            for keys in seen.keys.values():
                if name in keys.columns:
                    yield at, keys.select("_row", pl.col(name).alias("key"), "site").drop_nulls("key")
            if name == "zone" and seen.zones.height:
                none = pl.lit(None, dtype=pl.UInt32).alias("site")
                yield at, seen.zones.select("_row", pl.col("zone").alias("key"), none)

    def _lost(self) -> dict[str, pl.Series]:
        """Return kind → the numbers of sites that are named and not there, where there are sites at all."""
        nothing = pl.Series([], dtype=pl.UInt32)
        missing = self._names[SITE.name].firsts["a"].is_null().arg_true()
        return {
            kind: missing if kind in PARENTS and PARENTS[kind] is SITE and SITE.name in self.kinds else nothing
            for kind in RECORDS
        }

    def _short(self) -> pl.Series:
        """Return the numbers of sites with a bridge that may have fewer channels than the site has cameras."""
        of_devices = [
            seen.keys[DEVICE.name].select("site", "channels") for seen in self._seen if DEVICE.name in seen.keys
        ]
        bridges = [keys.filter(pl.col("channels") > 0) for keys in of_devices]
        if not sum(part.height for part in bridges):
            return pl.Series([], dtype=pl.UInt32)
        fewest = pl.concat(bridges).group_by("site").agg(pl.col("channels").min())
        cameras = [
            keys.filter(pl.col("channels") == 0).join(fewest, on="site", how="semi").group_by("site").len("cameras")
            for keys in of_devices
        ]
        counted = pl.concat(cameras).group_by("site").agg(pl.col("cameras").sum())
        both = fewest.join(counted, on="site")
        return both.filter(pl.col("cameras") > pl.col("channels"))["site"].drop_nulls()
