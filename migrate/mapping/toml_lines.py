"""The line of every key of a TOML text; tomllib and tomlkit don't tell it (and tomlkit is slow with long maps)."""

import re
import tomllib

Path = tuple[str | int, ...]
"""Keys and, inside arrays, indices from 0, such as `("table", 0, "fields", "name")`."""

_TOKEN = re.compile(
    r"[ \t\r]+|\#[^\n]*"
    r'|(?P<token>"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\''
    r"|[\[\]{},=.\n]|[^\s\[\]{},=.\"'#]+)",
    re.DOTALL,
)


def key_lines(text: str) -> dict[Path, int]:
    """Return the line, from 1, of each key and each array item of a valid TOML text."""
    return _Lines(text).read()


class _Lines:
    def __init__(self, text: str) -> None:
        self._found: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        self._tokens: list[tuple[str, int]] = [("\n", 0)]
        line = 1
        for match in _TOKEN.finditer(text):
            if token := match["token"]:
                self._tokens.append((token, line))
            line += match[0].count("\n")
        self._tokens.append(("\n", line))
        self._tokens.reverse()

    def read(self) -> dict[Path, int]:
        base: Path = ()
        while self._tokens:
            if self._next == "\n":
                self._take()
            elif self._next == "[":
                base = self._header()
            else:
                self._pair(base)
        return self._found

    @property
    def _next(self) -> str:
        return self._tokens[-1][0]

    def _take(self) -> str:
        return self._tokens.pop()[0]

    def _header(self) -> Path:
        self._take()
        is_item = self._next == "["
        if is_item:
            self._take()
        line = self._tokens[-1][1]
        keys = self._keys("]")
        path: Path = ()
        for depth, key in enumerate(keys, start=1):
            path = (*path, key)
            self._found.setdefault(path, line)
            if path in self._counts and not (is_item and depth == len(keys)):
                path = (*path, self._counts[path])
        if is_item:
            self._take()
            self._counts[path] = self._counts.get(path, -1) + 1
            path = (*path, self._counts[path])
        self._found[path] = line
        return path

    def _pair(self, base: Path) -> None:
        line = self._tokens[-1][1]
        path = base
        for key in self._keys("="):
            path = (*path, key)
            self._found.setdefault(path, line)
        self._value(path)

    def _keys(self, end: str) -> list[str]:
        keys = []
        while (part := self._take()) != end:
            if part != ".":
                keys.append(_unquoted(part))
        return keys

    def _value(self, path: Path) -> None:
        opened = self._take()
        if opened not in ("[", "{"):
            while self._next not in (",", "]", "}", "\n"):
                self._take()
            return
        index = 0
        while self._next not in ("]", "}"):
            if self._next in (",", "\n"):
                self._take()
            elif opened == "{":
                self._pair(path)
            else:
                self._found[(*path, index)] = self._tokens[-1][1]
                self._value((*path, index))
                index += 1
        self._take()


def _unquoted(key: str) -> str:
    return str(tomllib.loads(f"key = {key}")["key"]) if key[0] in "\"'" else key
