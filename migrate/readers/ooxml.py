"""What XLSX and XLSB packages have in common: which parts are the workbook, its sheets, its styles and its texts."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from migrate.readers.archive import Archive
from migrate.readers.limits import Unreadable
from migrate.readers.xml_tags import start_tags


@dataclass(frozen=True, slots=True)
class Package:
    """The names of the parts; `worksheets` is by relation id: charts, dialogs and macro sheets hold no table."""

    workbook: str
    worksheets: dict[str, str]
    styles: str
    shared_texts: str


def package_of(archive: Archive) -> Package:
    """Follow the relations from the package to the workbook, and from there to its parts."""
    workbook = next((part for _, kind, part in _relations(archive, "") if kind == "officeDocument"), "")
    if workbook not in archive:
        raise Unreadable("is damaged: the part with its list of sheets is missing; save the workbook again")
    related = list(_relations(archive, workbook))
    parts = {kind: part for _, kind, part in related}
    return Package(
        workbook=workbook,
        worksheets={id_: part for id_, kind, part in related if kind == "worksheet" and part in archive},
        styles=parts.get("styles", ""),
        shared_texts=parts.get("sharedStrings", ""),
    )


def _relations(archive: Archive, part: str) -> Iterator[tuple[str, str, str]]:
    """Yield (id, last word of the type, name of the part) for what a part relates to."""
    folder, name = posixpath.split(part)
    for tag, given in start_tags(archive.read(posixpath.join(folder, "_rels", f"{name}.rels")) or b"<none/>"):
        if tag == "Relationship":
            target = posixpath.join("/", folder, given.get("Target", "").replace("\\", "/"))
            kind = given.get("Type", "").rpartition("/")[2]
            yield given.get("Id", ""), kind, posixpath.normpath(target).lstrip("/")
