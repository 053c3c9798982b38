"""The places of a text that was found by its sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search.matching.shapes import by_shape
from search.matching.terms import SoundPattern

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot
    from search.matching.position_source import PositionSource


def places_of_sound(pattern: SoundPattern, run: PositionSource, snapshot: Snapshot) -> dict[int, list[int]]:
    """episode -> the positions of the text, which are among those of its `run`, where it has the shape and one of the
    sounds of the pattern. The same as the search by sound finds (`search.expansion.similarity.phonetic`)."""
    classes = snapshot.readings.classes
    sounds = [{classes[one] for one in syllables if one in classes} for syllables in pattern.syllables]
    places: dict[int, list[int]] = {}
    for episode in run.counts:
        said = snapshot.sounds(episode)
        alike = [
            at for at in run.positions(episode) if all(said[at + index] in sound for index, sound in enumerate(sounds))
        ]
        for shape, kept in by_shape(alike, snapshot.marks(episode), len(sounds)) if alike else ():
            if shape is pattern.shape:
                places[episode] = kept
    return places
