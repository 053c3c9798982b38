"""Where a word stands in an episode: where its atoms stand and jieba cut them so.

Positions are not stored. The stream has every place of a word's atoms, and the marks tell which of these
are places of the word, as it was counted when the episode was indexed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

from indexer.core.token_stream import Region, Stream
from indexer.store.fields.word_boundaries import Marks

LONGEST_PART = 3
"""Atoms. Dictionary words up to this long are also counted inside longer words."""


def word_places(stream: Stream, atoms: Sequence[str], count: int, marks: Callable[[], Marks]) -> list[int]:
    """The ascending positions of a word that occurs `count` times in an episode.

    `marks` gives where words begin; it is called only when there are more places than that.
    """
    places = stream.find(atoms)
    return places if len(places) == count else _cut_so(places, len(atoms), marks())


def word_places_within(
    stream: Stream, atoms: Sequence[str], regions: Sequence[Region], marks: Callable[[], Marks]
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


def _cut_so(places: Sequence[int], size: int, marks: Marks) -> list[int]:
    """Of all places of a run of `size` atoms those that are one word, or a dictionary word inside one."""
    return _words_among(*_unbroken(places, size, marks), size, marks)


def _unbroken(places: Sequence[int], size: int, marks: Marks) -> tuple[list[int], list[int]]:
    """The places of a run of `size` atoms that no word begins inside of, and those of them that are a whole word."""
    begins, inside = marks.begins, "0" * (size - 1)
    unbroken = [at for at in places if begins[at + 1 : at + size] == inside]
    return unbroken, [at for at in unbroken if begins[at] == "1" and begins[at + size : at + size + 1] != "0"]


def _words_among(unbroken: list[int], alone: list[int], size: int, marks: Marks) -> list[int]:
    if size > LONGEST_PART or len(alone) == len(unbroken) or any(marks.new[at] == "1" for at in alone):
        return alone
    return unbroken
