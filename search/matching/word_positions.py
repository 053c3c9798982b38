"""The positions of a word in an episode: where its atoms occur and jieba cut them as this word.

The index stores no positions. The stream gives every occurrence of a word's atoms, and the marks (word boundaries) tell
which of these were counted as the word at indexing time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from indexer.core.native import by_bit, unbroken, within
from indexer.core.positions.token_stream import Region, Stream
from indexer.store.fields.word_boundaries import Marks

LONGEST_PART = 3
"""Atoms. Dictionary words up to this long are also counted inside longer words."""


def word_places(stream: Stream, atoms: Sequence[str], count: int, marks: Callable[[], Marks]) -> list[int]:
    """Returns the ascending positions of a word that occurs `count` times in an episode.

    `marks` returns the word boundaries; it is called only if the atoms occur more often than that.
    """
    places = stream.find(atoms)
    return places if len(places) == count else cut_so(places, len(atoms), marks())


def words_within(
    places: list[int], stream: Stream, atoms: Sequence[str], regions: Sequence[Region], marks: Callable[[], Marks]
) -> list[int]:
    """Returns the positions of a word within the regions, which are disjoint and in order, of those at which its atoms
    are (`places`)."""
    size = len(atoms)
    if not places or size == 1:
        return places
    cut = marks()
    whole, alone = unbroken(places, size, cut.packed, cut.atoms)
    if whole and not alone and size <= LONGEST_PART:
        # All of these are inside longer words. Whether the word is in the dictionary is recorded only where it occurs
        # by itself.
        return within(cut_so(stream.find(atoms), size, cut), regions)
    return _words_among(whole, alone, size, cut)


def cut_so(places: Sequence[int], size: int, marks: Marks) -> list[int]:
    """Keeps the positions of a run of `size` atoms that are one word, or a dictionary word inside a longer one."""
    return _words_among(*unbroken(places, size, marks.packed, marks.atoms), size, marks)


def _words_among(whole: list[int], alone: list[int], size: int, marks: Marks) -> list[int]:
    if size > LONGEST_PART or len(alone) == len(whole):
        return alone
    return alone if by_bit(alone, marks.packed_new, marks.atoms)[1] else whole
