"""The shape of a text at a place: how it fits into the words around it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from enum import IntEnum
from typing import TypeVar

from indexer.store.fields.word_boundaries import Marks

T = TypeVar("T")


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


def grouped_by_shape(heard: Iterable[tuple[T, int]], marks: Marks, size: int) -> dict[tuple[T, Shape], list[int]]:
    """The ascending places of texts of `size` atoms by text and shape. A text that occurs often has few
    different marks around it, so its shape is found once for each of them."""
    begins, after = marks.begins, size + 1
    alike: defaultdict[tuple[T, str], list[int]] = defaultdict(list)
    for text, at in heard:
        alike[text, begins[at : at + after]].append(at)
    found: dict[tuple[T, Shape], list[int]] = {}
    for (text, _), places in alike.items():
        shape = shape_at(marks, places[0], size)
        if shape in (Shape.WORD, Shape.NEW_WORD):
            new = marks.new
            for at in places:
                found.setdefault((text, Shape.NEW_WORD if new[at] == "1" else Shape.WORD), []).append(at)
        else:
            found.setdefault((text, shape), []).extend(places)
    for places in found.values():
        places.sort()  # those of several kinds of marks
    return found
