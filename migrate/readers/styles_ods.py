"""The styles of an ODS: which cells show a number with all of its digits, and which tables are hidden."""

_SAYS_MORE = {"text", "fraction", "scientific-number", "fill-character", "map"}


class StylesOds:
    """Collects styles from the tags that it is shown, in document order."""

    def __init__(self) -> None:
        self.hidden_tables: set[str] = set()
        self._style = ""
        self._number = ""
        self._general_numbers: set[str] = set()
        self._number_of: dict[str, str] = {}
        self._parent_of: dict[str, str] = {}

    def see(self, tag: str, given: dict[str, str]) -> None:
        """Take note of a start tag, told by its local names."""
        name = given.get("name", "")
        if tag == "style":
            self._style = name
            if "data-style-name" in given:
                self._number_of[name] = given["data-style-name"]
            if "parent-style-name" in given:
                self._parent_of[name] = given["parent-style-name"]
        elif tag == "table-properties" and given.get("display") == "false":
            self.hidden_tables.add(self._style)
        elif tag.endswith("-style"):
            self._number = name
            if tag == "number-style":
                self._general_numbers.add(name)
        elif tag in _SAYS_MORE or (tag == "number" and given != {"min-integer-digits": "1"}):
            self._general_numbers.discard(self._number)

    def shows_all_digits(self, style: str) -> bool:
        """Return whether a cell style, or the one it stands on, has no number format but the General one."""
        seen = set[str]()
        while style not in self._number_of:
            if style in seen or style not in self._parent_of:
                return True
            seen.add(style)
            style = self._parent_of[style]
        return self._number_of[style] in self._general_numbers
