"""Near file: which file was probably meant by a name that leads to none."""

from difflib import get_close_matches
from pathlib import Path

from migrate.model.text import escape_controls

_ALIKE = 0.75


def near_file(path: Path) -> str:
    """Return the question that ends a message about a file that isn't there; empty where none beside it is near."""
    try:
        stems = {other.stem: other.name for other in path.parent.glob(f"*{path.suffix}") if other.is_file()}
    except OSError:
        return ""
    found = get_close_matches(path.stem, stems, n=1, cutoff=_ALIKE)
    return f"; did you mean {escape_controls(stems[found[0]])}?" if found else ""
