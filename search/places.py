"""Where a word stands in an episode: where its atoms stand and jieba cut them so.

Positions are not stored. The stream has every place of a word's atoms, and the marks tell which of these
are places of the word, as it was counted when the episode was indexed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from indexer.sounds import INSIDE, NEW_WORD
from indexer.stream import Stream

LONGEST_PART = 3
"""Atoms. Dictionary words up to this long are also counted inside longer words."""


def word_places(stream: Stream, atoms: Sequence[str], count: int, marks: Callable[[], bytes]) -> list[int]:
    """The ascending positions of a word that occurs `count` times in an episode.

    `marks` gives a mark for each atom (`indexer.sounds`); it is called only when there are more places than that.
    """
    places = stream.find(atoms)
    return places if len(places) == count else _cut_so(places, len(atoms), marks())


def word_places_between(
    stream: Stream, atoms: Sequence[str], span: tuple[int, int], marks: Callable[[], bytes]
) -> list[int]:
    """Those positions of a word that lie from the first atom of `span` to before its last."""
    first, end = span
    size = len(atoms)
    places = stream.find(atoms, first, end + size - 1)
    if not places or size == 1:
        return places
    unbroken, alone = _unbroken(places, size, marks())
    if unbroken and not alone and size <= LONGEST_PART:
        # Only inside longer words here: whether the dictionary knows it is told where it stands alone.
        return [at for at in _cut_so(stream.find(atoms), size, marks()) if first <= at < end]
    return _words_among(unbroken, alone, size, marks())


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
