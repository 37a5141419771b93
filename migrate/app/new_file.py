"""A new file: made where none is, or not at all."""

from contextlib import suppress
from pathlib import Path

from migrate.errors import UsageError


def write_new(path: Path, data: bytes, *, option: str) -> None:
    """Write `data` to a file that is not there yet; of one that can't be written whole, nothing is left.

    Raises:
        UsageError: a file or a link of that name is there, or it can't be written; another name goes with `option`.
    """
    made = False
    try:
        with path.open("xb") as file:
            made = True
            file.write(data)
    except FileExistsError as error:
        raise there_already(path, option=option) from error
    except FileNotFoundError as error:
        raise UsageError(
            f"{path}: its folder is not there; make it first, or name another file with {option}"
        ) from error
    except OSError as error:
        if made:
            with suppress(OSError):
                path.unlink()
        raise UsageError(f"{path}: can't be written ({error.strerror}); name another file with {option}") from error


def there_already(path: Path, *, option: str) -> UsageError:
    """Return the error about a file that would have to be overwritten."""
    return UsageError(f"{path}: is there already, and is left as it is; name another file with {option}")
