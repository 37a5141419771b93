"""XML, a start tag at a time, for the small parts of a workbook."""

import functools
from collections.abc import Iterator
from xml.parsers import expat

from migrate.readers.limits import HAS_DOCTYPE, Unreadable


def start_tags(xml: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each element's local name and its attributes by local name, in document order."""
    found: list[tuple[str, dict[str, str]]] = []

    def started(name: str, attributes: dict[str, str]) -> None:
        found.append((local(name), {local(key): value for key, value in attributes.items()}))

    parser = expat.ParserCreate()
    parser.StartElementHandler = started
    parse(parser, [xml])
    yield from found


def parse(parser: expat.XMLParserType, chunks: Iterator[bytes] | list[bytes]) -> None:
    """Feed a parser to the end; broken XML, a DOCTYPE, or what a handler can't make sense of, is a refusal."""
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Unreadable(f"is damaged: its XML is broken ({error}); save the workbook again") from error


@functools.lru_cache(maxsize=1_000)
def local(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2]


def _refuse_doctype(*_: object) -> None:
    raise Unreadable(HAS_DOCTYPE)
