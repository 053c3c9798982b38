"""The sounds of an episode: for each atom the class of its syllable.

With them a search finds what sounds like the query at the speed of C. They are stored as they are, one byte an atom,
because every search by sound scans them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexer.core.pronunciation import Readings


def sound_classes(units: str, words: Mapping[str, Iterable[int]], readings: Readings) -> bytes:
    """The class of each unit; `words` (word -> positions) are those in which characters may be read otherwise."""
    classes = readings.code(units)
    for word, positions in words.items():
        special = readings.phrase_code(word)
        if special is not None:
            for position in positions:
                classes[position : position + len(special)] = special
    return bytes(classes)
