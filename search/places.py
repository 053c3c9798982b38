"""Where a word stands in an episode: where its atoms stand and jieba cut them so.

Positions are not stored. The stream has every place of a word's atoms, and the marks tell which of these
are places of the word, as it was counted when the episode was indexed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

from indexer.sounds import INSIDE, NEW_WORD
from indexer.stream import Region, Stream

LONGEST_PART = 3
"""Atoms. Dictionary words up to this long are also counted inside longer words."""


def word_places(stream: Stream, atoms: Sequence[str], count: int, marks: Callable[[], bytes]) -> list[int]:
    """The ascending positions of a word that occurs `count` times in an episode.

    `marks` gives a mark for each atom (`indexer.sounds`); it is called only when there are more places than that.
    """
    places = stream.find(atoms)
    return places if len(places) == count else _cut_so(places, len(atoms), marks())


def word_places_within(
    stream: Stream, atoms: Sequence[str], regions: Sequence[Region], marks: Callable[[], bytes]
) -> list[int]:
    """Those positions of a word that lie in the regions, which are disjoint and in order."""
    size = len(atoms)
    places = stream.find(atoms, regions)
    if not places or size == 1:
        return places
    unbroken, alone = _unbroken(places, size, marks())
    if unbroken and not alone and size <= LONGEST_PART:
        # Only inside longer words here: whether the dictionary knows it is told where it stands alone.
        return within(_cut_so(stream.find(atoms), size, marks()), regions)
    return _words_among(unbroken, alone, size, marks())


def within(places: Sequence[int], regions: Iterable[Region]) -> list[int]:
    """The places that lie in the regions."""
    return [place for first, end in regions for place in places[bisect_left(places, first) : bisect_left(places, end)]]


def _cut_so(places: Sequence[int], size: int, marks: bytes) -> list[int]:
    """Of all places of a run of `size` atoms those that are one word, or a dictionary word inside one."""
    return _words_among(*_unbroken(places, size, marks), size, marks)


def _unbroken(places: Sequence[int], size: int, marks: bytes) -> tuple[list[int], list[int]]:
    """The places of a run of `size` atoms that no word begins inside of, and those of them that are a whole word."""
    whole = bytes(size - 1)  # no border between the atoms: INSIDE is zero
    unbroken = [at for at in places if marks[at + 1 : at + size] == whole]
    return unbroken, [at for at in unbroken if marks[at] != INSIDE and marks[at + size : at + size + 1] != _GOES_ON]


def _words_among(unbroken: list[int], alone: list[int], size: int, marks: bytes) -> list[int]:
    is_new = any(marks[at] == NEW_WORD for at in alone)
    return alone if size > LONGEST_PART or is_new else unbroken


_GOES_ON = bytes((INSIDE,))
