"""The sounds column: the sound class of each atom's syllable.

Stored uncompressed, one byte per atom, because every search by sound scans it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexer.core.words.pronunciation import Readings


def sound_classes(units: str, words: Mapping[str, Iterable[int]], readings: Readings) -> bytes:
    """The sound class of each unit. `words` maps the words that may have a reading of their own to their positions."""
    classes = readings.code(units)
    for word, positions in words.items():
        special = readings.phrase_code(word)
        if special is not None:
            for position in positions:
                classes[position : position + len(special)] = special
    return bytes(classes)
