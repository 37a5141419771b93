"""The sample `korean`: a security company's customer export in cp949, one row per camera, all headers in Korean."""

from collections.abc import Iterator
from pathlib import Path

from invented import digits, mac

HEADER = (
    *("고객번호", "상호", "주소", "상세주소", "관제번호", "계약상태", "시간대"),
    *("구역", "장비종류", "카메라명", "제조사", "모델", "MAC 주소", "일련번호", "비밀번호"),
)
"""Customer no., name, address, rest of it, account, contract, time zone; zone, kind, camera, maker ... password."""

PLACES = ("정문", "계산대", "창고", "주차장", "후문", "사무실")
"""Main gate, till, store room, car park, back door, office."""

SITES = (
    ("KR-0101", "은하수 약국", "서울특별시 마포구 은행나무로 12", "1층", "0311", "정상", "한국 표준시", 3),
    ("KR-0102", "달빛 베이커리", "서울특별시 성동구 느티나무길 45", "", "0312", "정상", "서울", 4),
    ("KR-0103", "푸른언덕 유치원", "경기도 수원시 팔달구 솔밭로 8", "본관", "0313", "정상", "KST", 5),
    ("KR-0104", "새벽길 물류창고", "인천광역시 서구 갈매기로 301", "A동", "0314", "해지", "KST", 3),  # contract ended
    ("KR-0105", "하얀돌 치과", "부산광역시 수영구 동백로 77", "3층, 302호", "0315", "정상", "", 3),  # no time zone
    ("KR-0106", "바람개비 자전거", "대구광역시 중구 벚꽃길 19", "", "0316", "정상", "UTC+9", 2),  # an offset
    ("KR-0107", "돌담집 식당", "제주특별자치도 제주시 돌담길 5", "", "0317", "정상", "Asia/Seoul", 4),
    ("KR-0108", "별무리 서점", "광주광역시 동구 무등나무로 28", "지하 1층", "0318", "정지", "KST", 2),  # on hold
    ("KR-0109", "구름다리 문구", "대전광역시 유성구 연못길 61", "", "0319", "정상", "대한민국", 3),
)
SINS = {
    ("KR-0101", 1, "구역"): "구역 2",  # "zone 2"
    ("KR-0101", 2, "구역"): "\uff10\uff13",  # 03 in full-width digits
    ("KR-0102", 1, "MAC 주소"): "확인필요",  # "to be checked"
    ("KR-0102", 3, "구역"): "전체",  # "all of them"
    ("KR-0103", 2, "카메라명"): "놀이터\n(북쪽)",  # a line break inside of the quotes
    ("KR-0103", 4, "일련번호"): "8.80213E+11",
    ("KR-0105", 1, "구역"): "1",  # camera 1 has that zone
    ("KR-0109", 2, "장비종류"): "녹화기",  # a recorder
    ("KR-0107", 3, "고객번호"): "kr-0107",  # a row that was added later, by hand
}
"""What is wrong with single cells: customer, camera in its rows, column → what stands there instead."""

ACCOUNTS = {"KR-0102": '="0312"', "KR-0103": "'0313", "KR-0109": "319"}
"""What was done to keep the leading zero: a formula, an apostrophe; and one that has lost it."""


def write(folder: Path) -> None:
    """Write korean-customers.csv."""
    lines = ["고객 목록,,,,,,,,,,,,,,", ",".join(HEADER), *_lines(), "합계,,,,,,,29,,,,,,,"]
    (folder / "korean-customers.csv").write_bytes("".join(line + "\r\n" for line in lines).encode("cp949"))


def _lines() -> Iterator[str]:
    for site in SITES:
        if site[0] == "KR-0106":
            yield ",".join(HEADER)  # the export begins each page with the header
        for at in range(site[-1]):
            line = ",".join(map(_quoted, _cells(site, at)))
            # The third row of the dentist lost its quotation marks, so the comma in its address parts two cells.
            is_torn = (site[0], at) == ("KR-0105", 2)
            yield line.replace('"3층, 302호"', "3층, 302호") if is_torn else line


def _cells(site: tuple[str, str, str, str, str, str, str, int], at: int) -> Iterator[str]:
    number, key = site[0], f"korean {site[0]} {at}"
    kind = "브릿지" if at == 0 and number in {"KR-0101", "KR-0103"} else "카메라"
    maker, model = ("CHeKT", "CKB-308") if kind == "브릿지" else (("새솔전자", f"SS-{2 + at}40R"))
    name = "통신함" if kind == "브릿지" else PLACES[at]
    of_site = (number, *site[1:4], ACCOUNTS.get(number, site[4]), *site[5:7])
    address = mac(key, between="-")
    of_camera = (str(at + 1), kind, name, maker, model, address, digits(key, 10), f"ss{digits(key + ' password', 4)}!")
    for column, cell in zip(HEADER, (*of_site, *of_camera), strict=True):
        yield SINS.get((number, at, column), cell)


def _quoted(cell: str) -> str:
    return f'"{cell}"' if "," in cell or "\n" in cell else cell
