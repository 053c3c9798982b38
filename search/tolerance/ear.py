"""The ear: finds what sounds like the query, from word border to word border.

All episodes are scanned at once: their syllable classes, joined, are one string of bytes. What is found
is grouped by what is written there, so that each alternative can be shown and weighed by itself.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from indexer.readings import Readings, Sound, near_form
from indexer.sounds import INSIDE, NEW_WORD, WORD
from search.postings import Postings


class Likeness(IntEnum):
    """How alike two texts sound; less is more alike."""

    SAME_TONES = 0
    SAME_SYLLABLES = 1
    NEAR = 2


class Shape(IntEnum):
    """What is written where it sounds so: a word of the dictionary, one it does not know, several words, or
    something that does not begin and end where words do."""

    WORD = 0
    NEW_WORD = 1
    RUN = 2
    INSIDE = 3


@dataclass(slots=True)
class Heard:
    """A text that sounds like the query: episode -> ascending atom positions of where it stands."""

    atoms: str
    likeness: Likeness
    shape: Shape
    places: dict[int, list[int]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(map(len, self.places.values()))


class Ear:
    """Listens to one index."""

    def __init__(self, postings: Postings) -> None:
        self._postings = postings

    @property
    def _readings(self) -> Readings:
        return self._postings.readings

    def sounds(self, atoms: Sequence[str]) -> list[Sound] | None:
        """How the atoms are spoken; None when one of them has no reading. A name that is a syllable is read as one."""
        read = [
            (atom, 0) if sound is None and atom in self._readings.syllables else sound
            for atom, sound in zip(atoms, self._readings.read(atoms), strict=True)
        ]
        return None if None in read else [sound for sound in read if sound is not None]

    def listen(self, sounds: Sequence[Sound], most: Likeness, inside: bool = False) -> list[Heard]:
        """What sounds like the given syllables, no less alike than `most`; the most alike first.

        With `inside` it need not begin and end where words do.
        """
        found: dict[tuple[str, Shape], Heard | None] = {}
        size = len(sounds)
        for episode, position in self._candidates(sounds):
            text = self._postings.stream(episode).units(position, position + size)
            shape = self._shape(episode, position, size)
            if shape is Shape.INSIDE and not inside:
                continue
            key = (text, shape)
            if key not in found:
                likeness = self._likeness(sounds, text)
                found[key] = Heard(text, likeness, shape) if likeness is not None and likeness <= most else None
            heard = found[key]
            if heard is not None:
                heard.places.setdefault(episode, []).append(position)
        return sorted((h for h in found.values() if h is not None), key=lambda h: (h.likeness, -h.count, h.atoms))

    def _candidates(self, sounds: Sequence[Sound]) -> Iterator[tuple[int, int]]:
        """(episode, position) of each run of the classes of the syllables."""
        classes = self._readings.classes
        needle = bytes(classes[syllable] for syllable, _ in sounds)
        joined, starts, numbers = self._postings.sound_classes
        at = joined.find(needle)
        while at >= 0:
            place = bisect_right(starts, at) - 1
            yield numbers[place], at - starts[place]
            at = joined.find(needle, at + 1)

    def _shape(self, episode: int, start: int, size: int) -> Shape:
        """What is written there."""
        marks = self._postings.marks(episode)
        end = start + size
        if marks[start] == INSIDE or (end < len(marks) and marks[end] == INSIDE):
            return Shape.INSIDE
        if any(marks[start + 1 : end]):
            return Shape.RUN
        return {WORD: Shape.WORD, NEW_WORD: Shape.NEW_WORD}.get(marks[start], Shape.RUN)

    def _likeness(self, sounds: Sequence[Sound], text: str) -> Likeness | None:
        read = self._readings.read(text)
        worst = Likeness.SAME_TONES
        for (syllable, tone), other in zip(sounds, read, strict=True):
            if other is None:
                return None
            if syllable != other[0]:
                if near_form(syllable) != near_form(other[0]):
                    return None
                worst = Likeness.NEAR
            elif tone and tone != other[1]:
                worst = max(worst, Likeness.SAME_SYLLABLES)
        return worst
