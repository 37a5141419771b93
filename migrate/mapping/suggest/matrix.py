"""Camera matrices: one row per site, and the columns of each of its cameras side by side."""

from collections.abc import Iterator, Mapping

from migrate.mapping.suggest.draft import EMPTY, FieldDraft, Setting
from migrate.mapping.suggest.numbered import NumberedColumn
from migrate.mapping.suggest.sheets import Sheet
from migrate.mapping.suggest.site_fields import in_template

_FIELDS = {"name": "device_name", "mac": "mac", "manufacturer": "make", "model": "model", "serial_number": "serial"}


def matrix_tables(sheet: Sheet) -> Iterator[tuple[FieldDraft, ...]]:
    """Yield the fields of one table of devices for each camera of a matrix."""
    site = next((sheet.takes[name].column for name in ("site_id", "account", "site_name") if name in sheet.takes), None)
    by_number: dict[int, dict[str, NumberedColumn]] = {}
    for cell in sheet.numbered:
        by_number.setdefault(cell.number, {}).setdefault(cell.concept, cell)
    if site is None or not in_template(site):
        return
    for number, cells in sorted(by_number.items()):
        yield tuple(_device(site, number, cells))


def _device(site: str, number: int, cells: Mapping[str, NumberedColumn]) -> Iterator[FieldDraft]:
    yield FieldDraft("external_site_id", {"column": site}, why="sure: the row is the site's")
    template: Setting = f"{{{site}}}-C{number}"
    yield FieldDraft("external_device_id", {"template": template}, why=f"sure: number {number} of its cameras")
    yield FieldDraft("device_type", {"value": "camera"}, why="likely: the headers speak of cameras")
    yield _zone(number, cells)
    for field, concept in _FIELDS.items():
        if concept in cells:
            yield FieldDraft(field, {"column": cells[concept].column}, why="sure: the header says so")


def _zone(number: int, cells: Mapping[str, NumberedColumn]) -> FieldDraft:
    if "zone" in cells:
        return FieldDraft("zone_number", {"column": cells["zone"].column}, why="sure: the header says so")
    if any(cell.word == "zone" for cell in cells.values()):
        return FieldDraft("zone_number", {"value": f"{number:03}"}, why="likely: the header has the zone's number")
    notes = (
        "TODO zone_number: no column gives it; check says so of every camera until it is written here",
        f'  if camera {number} is zone {number} everywhere: zone_number = {{ value = "{number:03}" }}',
    )
    return FieldDraft("zone_number", EMPTY, notes=notes, score=0.0)
