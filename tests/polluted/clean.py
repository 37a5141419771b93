"""Clean inventories: the samples' tables as text, with names in the script of a country, and the encodings for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from migrate.readers.read import read

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
_FILES = (
    "grouped/grouped-stores.xlsx",
    "korean/korean-customers.csv",
    "laval/laval-export.csv",
    "lighthouse/lighthouse-customers.xlsx",
    "manitou/manitou-customers.xlsx",
    "milestone/milestone-hardware.csv",
    "milestone/milestone-sites.txt",
    "sadp/sadp-devices.xls",
    "sadp/sadp-sites.csv",
    "tidy/devices.csv",
    "tidy/sites.csv",
)
_LEAST_ROWS = 5

UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-16-be-bom")
SCRIPTS: dict[str, tuple[tuple[str, ...], str]] = {
    "ascii": ((), ""),
    "western": (
        ("cp1252", "cp1252", "latin-1", "iso8859-15", "mac_roman"),
        (
            "Café de l'Étoile|Bäckerei Grünwald|Peluquería Núñez|"
            "Straße des Friedens 5|Garçon & Fils|Åkerströms Möbler|"
            "Quincaillerie Lefèvre|Hôtel du Lac|Müller Söhne|"
            "Rue de la Forêt 12|São João Mercearia|Øster Søgade 7|"
            "Muñoz Hermanos|Crème Brûlée|Zürcher Käsehaus|Málaga Óptica"
        ),
    ),
    "central": (
        ("cp1250", "cp1250", "iso8859-2"),
        (
            "Łódź Piekarnia|Księgarnia Żak|Cukrárna Růže|Železářství Dvořák|"
            "Győri Könyvesbolt|Kőbányai út 12|Čačak Pekara|"
            "Świętokrzyska 7|Gdańsk Główny|Třída Míru 5|Nyíregyháza Söröző|"
            "Đorđe Šišić|Wrocław Sąd|Příbram Lékárna|"
            "Székesfehérvár Fő tér|Ulica Wąska 3"
        ),
    ),
    "cyrillic": (
        ("cp1251",),
        (
            "Магазин Ромашка|ул. Ленина, 12|Аптека Здоровье|Склад Северный|"
            "Кафе Весна|Ресторан Прага|пр. Мира 7|"
            "Офис Центральный|Автосервис Мотор|Школа № 5|Завод Прогресс|Гостиница Волга"
        ),
    ),
    "korean": (
        ("cp949",),
        (
            "강남 약국|서울특별시 종로구|부산 해운대점|정문 카메라|"
            "주차장 입구|수원시 영통구|한빛 서점|대전 유성구 대학로|"
            "미래 전자|사무실 뒷문|인천 연수구|창고 출입문"
        ),
    ),
    "japanese": (
        ("shift_jis", "cp932"),
        (
            "東京都港区六本木|さくら薬局|大阪市北区梅田|カメラ 正面入口|"
            "田中商店|横浜駅前ビル|株式会社みどり|駐車場 北側|"
            "名古屋市中区栄|倉庫の裏口|スーパーやまと|札幌支店"
        ),
    ),
    "chinese": (
        ("gb18030", "gbk"),
        (
            "北京市朝阳区建国路|上海东方商店|广州市天河区|大门摄像机|"
            "停车场入口|深圳科技有限公司|南京路百货|仓库后门|"
            "杭州西湖酒店|成都市高新区|新华书店|办公室走廊"
        ),
    ),
    "taiwanese": (
        ("big5", "cp950"),
        (
            "臺北市信義區|高雄門市|大門攝影機|停車場入口|"
            "新竹科技股份有限公司|臺中市西屯區|倉庫後門|中華電信|"
            "桃園機場|辦公室走廊|東門國小|誠品書店"
        ),
    ),
}
"""Script → its encodings, and names in it."""


@dataclass(frozen=True, slots=True)
class Clean:
    """A table as it should be read: names of columns, and rows as wide."""

    source: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@cache
def clean_tables() -> tuple[Clean, ...]:
    """Return the samples' tables of some rows, without the lines that make no record."""
    found = []
    for name in _FILES:
        for table in read(SAMPLES / name):
            out = set(table.left_out["_row"])
            rows = [cells for row, *cells in table.frame.rows() if row not in out]
            texts = tuple(tuple(_trimmed(cell) for cell in cells) for cells in rows)
            if len(texts) >= _LEAST_ROWS:
                found.append(Clean(f"{name} {table.sheet or ''}".strip(), tuple(table.columns), texts))
    return tuple(found)


def with_names(table: Clean, script: str, *, rng: Random) -> Clean:
    """Return some rows of a table, with names of the script in one or two of its text columns."""
    rows = list(table.rows[: rng.randint(_LEAST_ROWS, len(table.rows))])
    names = [name for name in SCRIPTS[script][1].split("|") if name]
    columns = [col for col in range(len(table.header)) if _is_wordy([row[col] for row in rows])]
    if not names or not columns:
        return Clean(table.source, table.header, tuple(rows))
    share = rng.choice([0.1, 0.5, 1.0])
    for col in rng.sample(columns, min(len(columns), rng.randint(1, 2))):
        for at, row in enumerate(rows):
            if rng.random() < share or at == 0:
                rows[at] = (*row[:col], rng.choice(names), *row[col + 1 :])
    return Clean(table.source, table.header, tuple(rows))


def _trimmed(cell: str | None) -> str:
    return (cell or "").replace("\r\n", "\n").replace("EntrÃ©e", "Entrée").strip()


def _is_wordy(cells: Sequence[str]) -> bool:
    return sum(any(letter.isalpha() for letter in cell) and " " in cell for cell in cells) * 2 > len(cells)
