"""The places of a text that was found by its sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search.matching.shapes import shape_at
from search.matching.sources import PositionSource
from search.matching.terms import SoundPattern

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot


def places_of_sound(pattern: SoundPattern, run: PositionSource, snapshot: Snapshot) -> dict[int, list[int]]:
    """episode -> the positions of the text, which are among those of its `run`, where it has the shape and one of the
    sounds of the pattern. The same as the search by sound finds (`search.expansion.phonetic`)."""
    classes = snapshot.readings.classes
    sounds = [{classes[one] for one in syllables if one in classes} for syllables in pattern.syllables]
    places: dict[int, list[int]] = {}
    for episode in run.counts:
        said = snapshot.sounds(episode)
        marks = snapshot.marks(episode)
        kept = [
            at
            for at in run.positions(episode)
            if all(said[at + index] in sound for index, sound in enumerate(sounds))
            and shape_at(marks, at, len(sounds)) is pattern.shape
        ]
        if kept:
            places[episode] = kept
    return places
