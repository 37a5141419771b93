"""Why a row was taken for the header, in words for a person."""

from migrate.model.sources import Table


def header_reason(table: Table) -> str:
    """Return which row the header is and what speaks for it, and what stands above it."""
    if not table.header_row:
        return "no header: no row names the columns, so they are called A, B, C"
    named = sum(name != letter for name, letter in table.letters.items()) + len(table.dropped)
    total = len(table.letters) + len(table.dropped)
    below = ", above data" if table.frame.height else ", with no rows below it"
    said = f"header in row {table.header_row}: fills {named} of {total} columns with texts{below}"
    return said + _above(table)


def _above(table: Table) -> str:
    """Return what the rows above the header are; the first of a text file may be for the program that opens it."""
    first = table.header_row - len(table.above)
    said = ["row 1 is for the program that opens the file"] if first > 1 else []
    if table.above:
        kinds = [kind for kind, is_there in (("titles", any(table.above)), ("blank", 0 in table.above)) if is_there]
        last = table.header_row - 1
        rows, are = (f"row {first}", "is") if first == last else (f"rows {first}-{last}", "are")
        what = "a title" if kinds == ["titles"] and are == "is" else " and ".join(kinds)
        said.append(f"{rows} {are} {what}")
    return "".join(f"; {part}" for part in said)
