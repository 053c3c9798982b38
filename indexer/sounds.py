"""The sounds of an episode: for each atom the class of its syllable, and where words begin.

With them a search finds what sounds like the query and begins and ends where words do, at the speed of
`bytes.find`. The classes are stored as they are, one byte an atom, because every search by sound scans
them; the marks are compressed, because few are looked at, and in a column of their own, so that looking at them
touches little of the file.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexer.readings import Readings

INSIDE, WORD, NEW_WORD, SINGLE = range(4)
"""Marks: inside a word; the beginning of a word of the dictionary, of a word it does not know, of a character
or name that stands alone."""


def sound_classes(units: str, words: Mapping[str, Iterable[int]], readings: Readings) -> bytes:
    """The class of each unit; `words` (word -> positions) are those in which characters may be read otherwise."""
    classes = readings.code(units)
    for word, positions in words.items():
        special = readings.phrase_code(word)
        if special is not None:
            for position in positions:
                classes[position : position + len(special)] = special
    return bytes(classes)


def pack_marks(marks: bytes) -> bytes:
    """The marks of an episode as stored in the index."""
    return zlib.compress(marks, 6)


def unpack_marks(packed: bytes, atoms: int) -> bytes:
    """The marks of an episode of `atoms` atoms. Raises zlib.error or ValueError for damaged ones."""
    marks = zlib.decompress(packed)
    if len(marks) != atoms:
        raise ValueError("the marks of words are cut off")
    return marks
