"""The survey counts line ends as a reader of lines would, or more, never fewer."""

import re
from pathlib import Path
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from migrate.readers import survey
from migrate.readers.encoding import Decoded


@given(st.lists(st.sampled_from(["a", "b,c", "\n", "\r\n", "\r", '"'])))
def test_no_line_end_is_missed(pieces: list[str]) -> None:
    text = "".join(pieces)
    with patch.object(survey, "_CHUNK_BYTES", 4):
        found = survey.survey(Decoded(text.encode(), 0, "utf-8"), (), path=Path("unused"))

    assert found.line_feeds == text.count("\n")
    assert found.line_ends >= len(re.findall(r"\r\n|\r|\n", text))
