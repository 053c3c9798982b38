"""The shape of a text at a place: how it fits into the words around it."""

from __future__ import annotations

from enum import IntEnum

from indexer.store.fields.word_boundaries import Marks


class Shape(IntEnum):
    """What a text is where it occurs: a dictionary word, an out-of-dictionary word, several words, or text that does
    not start and end at word boundaries."""

    WORD = 0
    NEW_WORD = 1
    RUN = 2
    INSIDE = 3


def shape_at(marks: Marks, start: int, size: int) -> Shape:
    """The shape of the `size` atoms from `start` on."""
    begins, end = marks.begins, start + size
    if begins[start] == "0" or begins[end : end + 1] == "0":
        return Shape.INSIDE
    if "1" in begins[start + 1 : end]:
        return Shape.RUN
    return Shape.NEW_WORD if marks.new[start] == "1" else Shape.WORD
