"""The page's templates, compiled once and kept as Python keeps its modules: in the `__pycache__` beside them."""

import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket

_FOLDER = Path(__file__).with_name("templates")


def open_templates(*, finalize: Callable[[object], object]) -> Environment:
    """Return where the templates come from; `finalize` makes of each value what is shown."""
    return Environment(
        loader=PackageLoader("migrate.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=finalize,
        bytecode_cache=_Kept(str(Path(cache_from_source(str(_FOLDER / "page"))).parent)),
    )


class _Kept(FileSystemBytecodeCache):
    """To compile takes longer than all else about a small page; where nothing can be kept, it is done each time."""

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        """Return what is kept of a template; one that was made in another way is not taken."""
        how = (environment.autoescape, environment.trim_blocks, environment.lstrip_blocks)
        return super().get_bucket(environment, name, filename, f"{how}{source}")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is kept, if it is whole."""
        try:
            super().load_bytecode(bucket)
        except Exception:  # noqa: BLE001 - a damaged pickle raises anything; it is only a copy
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template where Python is to keep modules."""
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                Path(self.directory).mkdir(parents=True, exist_ok=True)
                super().dump_bytecode(bucket)
