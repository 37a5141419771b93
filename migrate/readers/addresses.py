"""Cell addresses: a column's letters and its index."""


def column_index(letters: str) -> int:
    """Return the index of a column: 0 for A."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def column_letters(index: int) -> str:
    """Return the letters of a column: A for 0."""
    letters = ""
    while index >= 0:
        index, last = divmod(index, 26)
        letters = chr(ord("A") + last) + letters
        index -= 1
    return letters
