"""Limits on the size of a transcript, so that no file exhausts memory, however well it is compressed.

Reading takes at most `BYTES_A_BYTE` bytes of memory per uncompressed byte plus `BYTES_BESIDE`, and linear time. The
constant covers the maximum of lines, cues and characters; the factor covers text, JSON values and times of words.
`tests/indexer/readers/test_growth.py` checks the memory bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from indexer.core.messages import _

BYTES_A_BYTE, BYTES_BESIDE = 25, 500 << 20

MOST_LINES = 1_000_000
MOST_CUES = 250_000
"""A day of speech has 40,000 cues, or 350,000 words, which most formats join before they are counted."""
MOST_CHARACTERS = 4_000_000
"""In all cues together; a day of speech has a million."""
MOST_CELLS = 4_000_000
"""Cells of a table: 16 columns per cue."""
MOST_OBJECTS = 1_500_000
"""Objects and lists of a JSON document: one for each character said in a day."""

_T = TypeVar("_T")


class TooMuch(ValueError):
    """A file exceeds a limit; the message names it."""


def check_lines(text: str) -> None:
    """Raises TooMuch if a text has too many lines."""
    if len(text) > MOST_LINES and text.count("\n") + text.count("\r") - text.count("\r\n") > MOST_LINES:
        raise TooMuch(_("more than {most:,} lines").format(most=MOST_LINES))


def check_objects(text: str) -> None:
    """Raises TooMuch if a JSON text has too many objects and lists."""
    if text.count("{") + text.count("[") > MOST_OBJECTS:
        raise TooMuch(_("more than {most:,} objects and lists").format(most=MOST_OBJECTS))


def check_cells(text: str, delimiter: str) -> None:
    """Raises TooMuch if a table has too many cells."""
    if len(text) > MOST_CELLS and text.count(delimiter) > MOST_CELLS:
        raise TooMuch(_("more than {most:,} cells").format(most=MOST_CELLS))


def counted(cues: Iterable[_T]) -> list[_T]:
    """The cues as a list. Raises TooMuch as soon as there are too many."""
    found: list[_T] = []
    for cue in cues:
        if len(found) >= MOST_CUES:
            raise TooMuch(_("more than {most:,} cues").format(most=MOST_CUES))
        found.append(cue)
    return found


def check_texts(texts: Sequence[str]) -> None:
    """Raises TooMuch if there are too many cues or characters."""
    if len(texts) > MOST_CUES:
        raise TooMuch(_("more than {most:,} cues").format(most=MOST_CUES))
    check_characters(sum(map(len, texts)))


def check_characters(count: int) -> int:
    """Returns the number of characters. Raises TooMuch if it is too large."""
    if count > MOST_CHARACTERS:
        raise TooMuch(_("more than {most:,} characters of text").format(most=MOST_CHARACTERS))
    return count
