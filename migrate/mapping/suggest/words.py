"""Words of headers in English, German, French, Spanish and Korean, and the one word that each is read as."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

_MEANINGS = {
    # what stands for the customer's place, for a device, for the station
    "site": "site sites customer customers cust subscriber subscribers store client clients premise premises branch"
    " building facility property shop restaurant school church objekt objekts objekte kunde kunden kd standort filiale"
    " betrieb cliente clientes abonado sitio local tienda sucursal magasin abonne succursale batiment"
    " 고객 현장 점포 매장 사이트 지점 가맹점 업소",
    "company": "company business organization firma unternehmen empresa societe entreprise 상호 업체 회사",
    "camera": "camera cameras cam cams kamera kameras camara camaras 카메라 캠",
    "device": "device devices equipment geraet gerat gerate dispositivo dispositivos equipo appareil equipement"
    " 장비 기기 장치 디바이스",
    "unit": "unit",
    "recorder": "recorder nvr dvr recordingserver rekorder grabador enregistreur 녹화기 레코더",
    "station": "station stations leitstelle nsl estacion 관제센터 관제소",
    "receiver": "receiver receivers empfanger receptor recepteur 수신기",
    # what identifies
    "number": "number numbers no nr num id ids code key nummer kennung kennziffer numero identifier codigo cle"
    " clave ref"
    " 번호 코드 아이디 식별자",
    "name": "name names nom nombre bezeichnung label nickname alias 명 이름 명칭",
    "description": "description desc beschreibung descripcion libelle 설명",
    "account": "account acct acc act accts konto teilnehmer cuenta compte csid 계정 가입자 관제",
    "transmitter": "transmitter xmit xmt ubertrager ubertr ubertragungsgerat transmisor emetteur transmetteur",
    "serial": "serial serials sn seriennummer fabriknummer serie serien seriell 일련 시리얼",
    "external": "external extern externe externo 외부",
    # a site's other fields
    "timezone": "timezone tz zeitzone 시간대 타임존",
    "address": "address adresse adresses addr direccion domicilio anschrift adress 주소",
    "detail": "detail details 상세 나머지",
    "street": "street strasse str calle rue 도로명 거리",
    "suite": "suite apt apartment floor etage piso zusatz adresszusatz 층 호",
    "city": "city town ort stadt ciudad poblacion ville commune localidad 시군구 도시",
    "state": "state prov province bundesland estado provincia region 시도",
    "zip": "zip zipcode postcode postal plz postleitzahl cp 우편 우편번호",
    "country": "country land pais pays 국가",
    "county": "county landkreis",
    "system": "system systems anlage anlagen sistema systeme 시스템",
    "security": "security sicherheit seguridad securite 보안",
    "panel": "panel zentrale central centrale 패널",
    "status": "status zustand statut etat estatus 상태",
    "contract": "contract vertrag contrato contrat 계약",
    "monitoring": "monitoring 모니터링",
    "enabled": "enabled aktiv active activo actif inuse 사용",
    "activated": "activated activate",
    "prefix": "prefix prefijo prefixe 접두사",
    "linecard": "linecard",
    "line": "line linie linea ligne",
    "card": "card",
    # a device's other fields
    "zone": "zone zones zn zonen zona zonas meldelinie meldergruppe meldebereich 구역 존",
    "point": "point points punto punkt",
    "other": "other others more additional extra linked weitere weiterer zusatzliche andere autres autre otras"
    " otra otros"
    " 추가 다른 기타",
    "type": "type typ tipo art kind category kategorie role 종류 유형 구분 타입",
    "make": "make manufacturer mfr brand vendor hersteller marke fabricante marca fabricant marque 제조사 제조 브랜드",
    "model": "model models modell modelo modele product 모델 모델명 기종 제품",
    "mac": "mac 맥",
    "hardware": "hardware",
    "ethernet": "ethernet",
    "ip": "ip ipv4 ipaddress ipadresse 아이피",
    "channel": "channel channels ch kanal canal 채널",
    "driver": "driver treiber",
    "location": "location lage ubicacion emplacement lieu lugar 위치",
    "asset": "asset",
    "tag": "tag",
    "position": "position pos",
    # people and what is about somebody else
    "first": "first vorname prenom",
    "last": "last nachname familienname apellido apellidos",
    "phone": "phone telephone tel telefon mobile cell telefono 전화 연락처 휴대폰",
    "email": "email mail 이메일",
    "contact": "contact kontakt ansprechpartner contacto 담당자",
    "user": "user username benutzer usuario utilisateur 사용자",
    "old": "old previous former prior legacy billing mailing invoice alt alte alter ancien anterior gateway dns subnet"
    " version firmware software 이전 청구",
    "group": "group groups gruppe grupo groupe area bereich 그룹",
    "date": "date datum fecha 날짜 일자",
    # said beside others, and nothing alone
    "": "the of and de la le les los las du des del el der die das und et y"
    " install installed installation physical cf 설치",
}
"""Meaning → the words that have it; without accents, in lower case."""

PHRASES = MappingProxyType(
    {
        "time zone": "timezone",
        "zeit zone": "timezone",
        "ipv 4": "ip",
        "recording server": "recorder",
        "fuseau horaire": "timezone",
        "zona horaria": "timezone",
        "huso horario": "timezone",
        "표준시": "timezone",
        "code postal": "zip",
        "codigo postal": "zip",
        "line card": "linecard",
        "central station": "station",
        "code site": "site number",
        "no abonne": "account number",
        "no d abonne": "account number",
        "numero abonne": "account number",
        "numero d abonne": "account number",
        "numero de abonado": "account number",
        "e mail": "email",
        "go live": "activated",
        "point of contact": "contact",
        "razon social": "company",
        "raison sociale": "company",
        "data circuit": "old",
        "numero de serie": "serial",
        "s n": "serial",
        "cs number": "account",
        "cs no": "account",
        "cs id": "account",
    }
)
"""Words that mean something else together; applied before single words."""


def _by_word() -> Iterator[tuple[str, str]]:
    for meaning, words in _MEANINGS.items():
        yield from ((word, meaning) for word in words.split())


MEANINGS: Mapping[str, str] = MappingProxyType(dict(_by_word()))
"""Word → its meaning; "" is a word to pass over."""
