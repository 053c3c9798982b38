"""The shape of a text at a place: how it fits into the words around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum

from indexer.core import native
from indexer.store.fields.word_boundaries import Marks


class Shape(IntEnum):
    """What a text is where it occurs: a dictionary word, an out-of-dictionary word, several words, or text that does
    not start and end at word boundaries."""

    WORD = 0
    NEW_WORD = 1
    RUN = 2
    INSIDE = 3


def by_shape(places: Sequence[int], marks: Marks, size: int) -> Iterator[tuple[Shape, list[int]]]:
    """Yields the shapes of the `size` atoms at the ascending places, each with its places."""
    words, runs, inside = native.by_cut(places, size, marks.packed, marks.atoms)
    known, new = native.by_bit(words, marks.packed_new, marks.atoms) if words else (words, words)
    for shape, at in zip(_SHAPES, (known, new, runs, inside), strict=True):
        if at:
            yield shape, at


_SHAPES = tuple(Shape)
