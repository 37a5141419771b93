"""What a header asks for, in five languages: nothing is guessed from a word that says something else."""

import pytest

from migrate.mapping.suggest.phrases import asked, is_secret, meanings

USED = 0.5


def best(header: str) -> str | None:
    said = {concept: found.weight for concept, found in asked(header).items() if found.weight >= USED}
    return max(said, key=lambda concept: said[concept], default=None)


@pytest.mark.parametrize(
    ("concept", "headers"),
    [
        ("site_id", "Store #|Customer ID|external_site_id|System No|Objekt-Nr|Kundennummer|Kd.-Nr.|고객번호|N° client"),
        ("site_id", "Cust No|Cust #|Cust. No.|CustNo|Customer No|Kd-Nr|No client|계약번호|Vertragsnummer|Contract No"),
        ("account", "N° abonné|No abonné|N° d'abonné|Numéro d'abonné"),
        ("model", "HardwareModel|Hardware Model"),
        ("serial", "HardwareSerialNumber|Hardware Serial"),
        ("mac", "HardwareMAC"),
        ("device_name", "HardwareName"),
        ("site_name", "Cust Name|Customer Name|Firma|상호|고객명|Razón social|Raison sociale|Subscriber Name"),
        ("account", "Acct No|CSID|account_number|Transmitter ID|Xmit code|Teilnehmer-Nr|관제번호|CS #"),
        ("timezone", "TZ|Time Zone|Zeitzone|시간대|Fuseau horaire|Zona horaria"),
        ("street", "Street|Address 1|Straße|Calle|Rue"),
        ("zip", "Zip Code|Postal code|PLZ|Postleitzahl|Code postal|Código postal|우편번호"),
        ("status", "Status|Monitoring Status|Vertragsstatus|계약상태|Estado del contrato|Statut"),
        ("zone", "Zone|Cam zone|Zn|Panel Zones|Meldelinie|구역|Zona"),
        ("other_zones", "Other zones|Linked Points|Weitere Zonen|additional_zone_numbers"),
        ("mac", "MAC|MacAddress|Cam MAC|MAC-Adresse|MAC 주소|Dirección MAC|Adresse MAC"),
        ("serial", "S/N|Device Serial No.|Seriennummer|일련번호|Numéro de série"),
        ("make", "Manufacturer|Mfr|Hersteller|제조사|Fabricante|Marque"),
        ("model", "ModelName|Model #|Modell|모델|Modèle"),
        ("device_name", "Camera name|Kameraname|카메라명|Nom de la caméra"),
        ("device_type", "device_type|Camera Type|Gerätetyp|장비종류|Tipo de equipo"),
        ("make", "Manufcturer"),
        ("street", "Adress"),
    ],
)
def test_a_header_is_understood_in_any_of_its_languages(concept: str, headers: str) -> None:
    assert {header: best(header) for header in headers.split("|")} == dict.fromkeys(headers.split("|"), concept)


@pytest.mark.parametrize(
    "header",
    ["Billing Address", "Old Account", "IPv4 Gateway", "Software Version", "Site Group", "Install Date", "Notes"],
)
def test_a_word_that_makes_it_something_else_leaves_nothing_to_ask_for(header: str) -> None:
    assert best(header) is None


def test_a_name_of_hardware_is_no_model() -> None:
    assert "model" not in asked("HardwareName")


def test_a_misspelt_or_half_understood_header_counts_for_less() -> None:
    assert asked("Manufcturer")["make"].weight < asked("Manufacturer")["make"].weight
    assert asked("Xyzzy zone")["zone"].weight < asked("Zone")["zone"].weight
    assert asked("Manufcturer")["make"].why == "header nearly means make"


def test_a_column_that_may_hold_a_password_is_known_though_the_reader_keeps_it() -> None:
    assert [is_secret(name) for name in ("pw", "User Pass", "Bypass", "Passage")] == [True, True, False, False]
    assert all(map(is_secret, ("Logins", "systemlogin", "SystemLogin", "LOGIN_NAME", "Combos", "loginname")))
    assert not any(map(is_secret, ("Logging", "Log in place", "Compass", "Combination")))


def test_a_header_without_end_is_read_by_its_beginning() -> None:
    assert meanings("id" * 1200)[0] == meanings("id" * 40)[0] == ("number",)
    assert best(f"MAC address {'x ' * 5000}") == best(f"MAC address {'x ' * 34}")
