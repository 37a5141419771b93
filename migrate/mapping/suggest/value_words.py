"""What values of device types and of an account's status say, and time zones as only a country's people name them."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

DeviceKind = Literal["camera", "bridge", "other"]
Standing = Literal["open", "closed"]

_BRIDGE = re.compile(r"bridge|브[릿리]지|brücke|puente|passerelle|\bckb-", re.IGNORECASE)
_RECORDER = re.compile(r"\b(?:nvr|dvr|xvr|recorder|rekorder)\b|녹화기|i?DS-[79]\d|DS-A\d", re.IGNORECASE)
_OTHER = re.compile(
    r"\b(?:microphones?|mikrofon|speakers?|metadata|inputs?|outputs?|burg\w*|fire|smoke"
    r"|motion|contacts?|doors?|glass ?break|panic|hold-?up|server|switch|router|keypad|siren|detectors?"
    r"|(?<!multi-)(?<!multi )sensors?|heat"
    r"|access|intercom|(?<!video )encoder|decoder|storage|panel)\b|마이크|스피커|센서|감지기",
    re.IGNORECASE,
)
_CAMERA = re.compile(
    r"\bcam(?:era)?s?\b|\bip ?cam|\bipc\b|kamera|c[aá]mara|cam[eé]ra|카메라|\bdome\b|\bbullet\b|\bptz\b|\bturret\b"
    r"|\bfish ?eye\b|\bmulti[- ]?sensor\b|\bpanoram\w*|\bthermal\b(?! (?:detector|sensor))"
    r"|\bvideo\b|\bi?DS-2(?:CD|DE|TD|DF)|^iDS-2|\bIPC-H",
    re.IGNORECASE,
)
_NOT_ONE = re.compile(
    r"\bno\b(?!\.? *\d)|\bnon-?(?:$|\W|func|work|op)|\b(?:not|none|without|keine?|ohne|nicht|sans|sin|pas)\b"
    r"|\bw/o\b|\bex-|removed?\b|\b(?:old|former|deleted|retired|obsolete|disconnected|uninstalled|disabled|replaced|stolen)\b"
    r"|\b(?:missing|dead)\b|\bdecommission|\bscrap|\bdefe[ck]t|\b(?:broken|spares?|backup|in stock|planned|proposed)\b"
    r"|\b(?:future|fake|decoy)\b|\bdumm(?:y|ies)\b|\battrappe|demontiert|ausgebaut|entfernt|\bersatz|\breserve|\bgeplant|retirad[oa]|repuesto"
    r"|factice|\bretirée?\b|démontée?|supprimée?"
    r"|\b(?:power|psu|supply|supplies)\b|\binjector|adapter|netzteil|alimenta(?:tion|ción)|housing|gehäuse|carcasa"
    r"|caisson|enclosure|\bmounts?\b|bracket|halter(?:ung)?\b|soporte|\bpoles?\b|junction|back ?box"
    r"|licen[cs]e|lizenz|licencia|\bcabl(?:e|es|ing)\b|kabel|\bcam(?:era)?s? lens|accessor|zubehör|\bsigns?\b|sticker"
    r"|없음|철거|제거|해체|미설치|예비|모형|더미|전원|라이[선센]스|브라켓|하우징|거치대",
    re.IGNORECASE,
)
"""Beside a camera or a bridge: there is none, it is not there, or what it is is a part of one."""
_MODEL = re.compile(r"\bi?DS-2(?:CD|DE|TD|DF)|^iDS-2|\bi?DS-[79A]\d|\bIPC-H", re.IGNORECASE)
_MODEL_KEYS = ("iDS-2", "DS-2CD", "DS-2DE", "DS-2TD", "DS-2DF", "IPC-H", "iDS-7", "iDS-9", "DS-7", "DS-9", "DS-A")

_CLOSED = re.compile(
    r"(?:closed|cancel\w*|terminated|inactive|dead|lost|disconnected|ended|expired|deleted|decommission\w*|removed|retired"
    r"|obsolete|out of service|gekündigt|inaktiv|beendet|storniert|geschlossen|stillgelegt|해지|종료|폐점|폐업|baja"
    r"|cancelad[oa]|inactiv[oa]|cerrad[oa]|résiliée?|inactif|fermée?|annulée?|pseudo\b.*|dummy\b.*|template"
    r"|tests?(?: accounts?)?|demo)"
    r"(?:[\s:,(-]*[\d/.-]+\)?)?",
    re.IGNORECASE,
)
_CONNECTION = re.compile(
    r"(?:disconnected|offline|lost|dead|inactive|inaktiv|inactiv[oa]|inactif|getrennt)(?:[\s:,(-]*[\d/.-]+\)?)?",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"active|on test|live|open|in service|current|subscriber|customer|aktiv|정상|activ[oa]|actif|en test"
    r"|in use|in betrieb|in nutzung|en servicio|en service|en uso|vigente|(?:사용|이용|운영|가동|계약|영업) ?중",
    re.IGNORECASE,
)
_NO = re.compile(r"no|n|false|0|nein|non", re.IGNORECASE)
_YES = re.compile(r"yes|y|true|1|ja|oui|s[ií]", re.IGNORECASE)

LOCAL_ZONES: Mapping[str, str] = MappingProxyType(
    {
        "mez": "Europe/Berlin",
        "mesz": "Europe/Berlin",
        "deutschland": "Europe/Berlin",
        "대한민국": "Asia/Seoul",
        "heure de l'est": "America/Toronto",
        "hora del este": "America/New_York",
        "hora central": "America/Chicago",
        "hora del centro": "America/Chicago",
        "hora de la montaña": "America/Denver",
        "hora del pacífico": "America/Los_Angeles",
        "hora del pacifico": "America/Los_Angeles",
    }
)
"""Names of time zones that the tool does not know by itself, in lower case, and what they most likely mean."""


def device_kind(text: str) -> DeviceKind | None:
    """Return what kind of device a value says; None where it does not tell, or says more than the kind."""
    if _RECORDER.search(text) and not _BRIDGE.search(text):
        return "other"
    is_other = _OTHER.search(text) is not None
    if _BRIDGE.search(text) or _CAMERA.search(text):
        is_one = not _NOT_ONE.search(text) and not (is_other and not _BRIDGE.search(text))
        return ("bridge" if _BRIDGE.search(text) else "camera") if is_one else None
    return "other" if is_other else None


def model_key(text: str) -> str | None:
    """Return the key of a map that holds for a model number and its like, such as `DS-2CD*`."""
    if not _MODEL.search(text):
        return None
    return next((f"{key}*" for key in _MODEL_KEYS if text.upper().startswith(key.upper())), None)


def says_connection(text: str) -> bool:
    """Tell whether a device's status may say no more than that it can't be reached today."""
    return _CONNECTION.fullmatch(text.strip()) is not None


def standing(text: str, *, is_switch: bool) -> Standing | None:
    """Return whether an account or a device is in use, as far as its status says; `is_switch`: it says yes or no."""
    word = text.strip()
    if _CLOSED.fullmatch(word) or (is_switch and _NO.fullmatch(word)):
        return "closed"
    return "open" if _OPEN.fullmatch(word) or (is_switch and _YES.fullmatch(word)) else None
