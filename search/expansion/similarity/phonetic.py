"""Phonetic matching: finds text that sounds like the query.

Matches are grouped by their text, so that each alternative can be shown and weighed by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING

from indexer.core import native
from indexer.core.named_tuples import NamedTuple
from indexer.core.words.pronunciation import Readings, Sound, near_form, split_syllable
from search.matching.shapes import Shape, by_shape
from search.matching.terms import SoundPattern

_MOST_KEPT = 50_000
"""Places of the matches that are kept, of all words together; each takes some 40 bytes. A query is refined, paged
through, counted, and read in an episode, each time with the same words."""

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot


class SoundLikeness(IntEnum):
    """How alike two texts sound; lower is more alike."""

    SAME_TONES = 0
    SAME_SYLLABLES = 1
    NEAR = 2


class SoundMatch(NamedTuple):
    """A text that sounds like the query, with its positions: episode -> ascending atom positions. Each atom was
    pronounced as one of the `syllables` listed for it."""

    atoms: str
    likeness: SoundLikeness
    shape: Shape
    places: dict[int, list[int]]
    syllables: tuple[tuple[str, ...], ...]

    @property
    def pattern(self) -> SoundPattern:
        """What was found, as a value."""
        return SoundPattern(tuple(self.atoms), self.shape, self.syllables)

    @property
    def frequency(self) -> int:
        """Its number of occurrences."""
        return sum(map(len, self.places.values()))


def _shares_half(one: str, other: str) -> bool:
    """True for syllables with the same initial or the same final.

    >>> _shares_half("xin", "xi"), _shares_half("xin", "lin"), _shares_half("xin", "ma")
    (True, True, False)
    """
    first, second = split_syllable(near_form(one)), split_syllable(near_form(other))
    return (bool(first[0]) and first[0] == second[0]) or first[1] == second[1]


def _in_order(pieces: Sequence[Collection[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(sorted(piece)) for piece in pieces)


class PhoneticMatcher:
    """Finds text by its sound in one snapshot. Threads may share it: what is kept is not changed any more."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._kept: dict[object, list[SoundMatch]] = {}
        self._size = 0

    @property
    def _readings(self) -> Readings:
        return self._snapshot.readings

    def sounds(self, atoms: Sequence[str]) -> list[Sound] | None:
        """The syllable and tone of each atom; None if one has no reading. A name that is a valid syllable is read as
        one."""
        read = [
            (atom, 0) if sound is None and atom in self._readings.syllables else sound
            for atom, sound in zip(atoms, self._readings.read(atoms), strict=True)
        ]
        return None if None in read else [sound for sound in read if sound is not None]

    def match(
        self, sounds: Sequence[Sound], most: SoundLikeness, inside: bool = False, itself: str | None = None
    ) -> list[SoundMatch]:
        """Text that sounds like the given syllables, at least as alike as `most`; most alike first.

        With `inside` it need not start and end at word boundaries. The text `itself` is left out. The caller must not
        change what is returned.
        """
        asked = tuple(sounds), most, inside, itself
        kept = self._kept.get(asked)
        if kept is None:
            kept = self._matched(sounds, most, inside, itself)
            self._keep(asked, kept)
        return kept

    def _keep(self, asked: object, found: list[SoundMatch]) -> None:
        size = 10 + sum(match.frequency for match in found)
        if self._size + size > _MOST_KEPT:
            self._kept, self._size = {}, 0
        if size <= _MOST_KEPT // 4:
            self._kept[asked] = found
            self._size += size

    def _matched(
        self, sounds: Sequence[Sound], most: SoundLikeness, inside: bool, itself: str | None
    ) -> list[SoundMatch]:
        classes = self._readings.classes
        return self._grouped(
            self._snapshot.sounding([(classes[syllable],) for syllable, _ in sounds], itself or ""),
            tuple((syllable,) for syllable, _ in sounds),
            lambda text: None if text == itself else self._likeness(sounds, text, most),
            inside,
        )

    def match_half(self, sounds: Sequence[Sound]) -> list[SoundMatch]:
        """Text that matches the syllables except for the initial or the final of one."""
        near: defaultdict[str, set[str]] = defaultdict(set)
        for syllable in self._readings.syllables:
            near[near_form(syllable)].add(syllable)
        alike = [near[near_form(syllable)] for syllable, _ in sounds]
        found = []
        for at, (syllable, _) in enumerate(sounds):
            halves = {other for other in self._readings.syllables if _shares_half(syllable, other)} - alike[at]
            found += self.match_pieces([*alike[:at], halves, *alike[at + 1 :]])
        return found

    def match_pieces(
        self, pieces: Sequence[Collection[str]], ways: Sequence[Sequence[str]] | None = None
    ) -> list[SoundMatch]:
        """Text with one of the given syllables at each place, from word boundary to word boundary; that is said in one
        of some `ways`, if these are given."""
        if not all(pieces):
            return []
        classes = self._readings.classes
        coded = None if ways is None else {bytes(classes[syllable] for syllable in way) for way in ways}
        found = self._snapshot.sounding(self._classes(pieces), (), coded)
        return self._grouped(found, _in_order(pieces), lambda text: self._is_one_of(pieces, text), False)

    def new_words(
        self, pieces: Sequence[Collection[str]], most: int, is_wanted: Callable[[str], bool]
    ) -> list[SoundMatch]:
        """Words that no dictionary has, with one of the given syllables at each place, that occur at most so often, of
        those that are wanted."""

        def judge(text: str) -> SoundLikeness | None:
            likeness = self._is_one_of(pieces, text)
            return likeness if likeness is not None and is_wanted(text) else None

        found = self._snapshot.of_rare_words(self._classes(pieces), most, lambda text: judge(text) is not None)
        matches = self._grouped(found, _in_order(pieces), judge, False)
        new = (match for match in matches if match.shape is Shape.NEW_WORD)
        return [match for match in new if self._snapshot.word_count(match.atoms) <= most]

    def _classes(self, pieces: Sequence[Collection[str]]) -> list[set[int]]:
        """The sound classes of the syllables for each place."""
        classes = self._readings.classes
        return [{classes[syllable] for syllable in piece} for piece in pieces]

    def _grouped(
        self,
        sounding: Iterable[tuple[int, list[int]]],
        syllables: tuple[tuple[str, ...], ...],
        judge: Callable[[str], SoundLikeness | None],
        inside: bool,
    ) -> list[SoundMatch]:
        """Groups what is at some places (episode, positions) by text and shape, keeping what `judge` accepts."""
        size = len(syllables)
        judged: dict[bytes, tuple[str, SoundLikeness | None]] = {}
        found: dict[tuple[str, Shape], SoundMatch] = {}
        for episode, positions in sounding:
            stream = self._snapshot.stream(episode)
            heard = native.by_text(*stream.packed_units, positions, size)
            for said in heard.keys() - judged.keys():
                text = stream.text(said)
                judged[said] = text, judge(text)
            marks = None
            # Most text that sounds like a word is that word: told by its bytes and skipped.
            for said, places in heard.items():
                text, likeness = judged[said]
                if likeness is None:
                    continue
                marks = marks or self._snapshot.marks(episode)
                for shape, at in by_shape(places, marks, size):
                    if inside or shape is not Shape.INSIDE:
                        match = found.get((text, shape))
                        if match is None:
                            match = found[text, shape] = SoundMatch(text, likeness, shape, {}, syllables)
                        match.places[episode] = at
        return sorted(found.values(), key=lambda h: (h.likeness, -h.frequency, h.atoms, h.shape))

    def _is_one_of(self, pieces: Sequence[Collection[str]], text: str) -> SoundLikeness | None:
        read = self._readings.read(text)
        fit = all(sound is not None and sound[0] in piece for sound, piece in zip(read, pieces, strict=True))
        return SoundLikeness.NEAR if fit else None

    def _likeness(self, sounds: Sequence[Sound], text: str, most: SoundLikeness) -> SoundLikeness | None:
        """How alike a text sounds; None if less than `most`."""
        read = self._readings.read(text)
        worst = SoundLikeness.SAME_TONES
        for (syllable, tone), other in zip(sounds, read, strict=True):
            if other is None:
                return None
            if syllable != other[0]:
                if near_form(syllable) != near_form(other[0]):
                    return None
                worst = SoundLikeness.NEAR
            elif tone and tone != other[1]:
                worst = max(worst, SoundLikeness.SAME_SYLLABLES)
        return worst if worst <= most else None
