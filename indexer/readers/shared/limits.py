"""How much a transcript may be, so that no file fills the memory, however small it is packed.

Reading a file takes at most `BYTES_A_BYTE` bytes of memory for each byte of it (unpacked) and `BYTES_BESIDE` bytes;
time is linear. The constant is what the most lines, cues and characters take; the factor is what text, JSON values and
times of words take. `tests/indexer/readers/test_growth.py` reads files in no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

BYTES_A_BYTE, BYTES_BESIDE = 25, 500 << 20

MOST_LINES = 1_000_000
MOST_CUES = 250_000
"""A day of speech has 40,000, cut into words 350,000, which are joined before they are counted where a format tells."""
MOST_CHARACTERS = 4_000_000
"""Of all cues together. A day of speech has a million."""
MOST_CELLS = 4_000_000
"""Of a table: 16 columns for each cue."""
MOST_OBJECTS = 1_500_000
"""Objects and lists of a JSON document: one for each character that is said in a day."""

_T = TypeVar("_T")


class TooMuch(ValueError):
    """A file has more of something than any transcript. The message says of what."""


def check_lines(text: str) -> None:
    """Raises TooMuch for a text of too many lines."""
    if len(text) > MOST_LINES and text.count("\n") + text.count("\r") - text.count("\r\n") > MOST_LINES:
        raise TooMuch(f"more than {MOST_LINES:,} lines")


def check_objects(text: str) -> None:
    """Raises TooMuch for a JSON text with too many objects and lists."""
    if text.count("{") + text.count("[") > MOST_OBJECTS:
        raise TooMuch(f"more than {MOST_OBJECTS:,} objects and lists")


def check_cells(text: str, delimiter: str) -> None:
    """Raises TooMuch for a table of too many cells."""
    if len(text) > MOST_CELLS and text.count(delimiter) > MOST_CELLS:
        raise TooMuch(f"more than {MOST_CELLS:,} cells")


def counted(cues: Iterable[_T]) -> list[_T]:
    """The cues as a list. Raises TooMuch as soon as there are too many."""
    found: list[_T] = []
    for cue in cues:
        if len(found) >= MOST_CUES:
            raise TooMuch(f"more than {MOST_CUES:,} cues")
        found.append(cue)
    return found


def check_texts(texts: Sequence[str]) -> None:
    """Raises TooMuch for too many cues, and for too much that is said in them."""
    if len(texts) > MOST_CUES:
        raise TooMuch(f"more than {MOST_CUES:,} cues")
    check_characters(sum(map(len, texts)))


def check_characters(count: int) -> int:
    """The number of characters that are said so far. Raises TooMuch for too many."""
    if count > MOST_CHARACTERS:
        raise TooMuch(f"more than {MOST_CHARACTERS:,} characters of text")
    return count
