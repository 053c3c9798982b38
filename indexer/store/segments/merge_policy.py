"""Which segments of an index are written anew as one, so that additions of an episode a day do not pile up.

Segments of about the same size are joined once there are a few of them, so an episode is rewritten once
for each time its segment grew fourfold. Large ones stay as they are: nobody waits for them to be rewritten,
and readers keep what they have open in any case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol, TypeVar

SEVERAL = 4
"""So many segments of one size are joined; sizes differ by this factor."""
LARGE = 128
"""Episodes. Segments of this size are not joined any more."""
MOST_DELETED = 0.25
"""A segment with a larger share of removed episodes is rewritten without them."""


class Sized(Protocol):
    """What is asked of a segment of Whoosh: its documents, those that are not removed, and those that are."""

    def doc_count_all(self) -> int: ...
    def doc_count(self) -> int: ...
    def deleted_count(self) -> int: ...


_Segment = TypeVar("_Segment", bound=Sized)


def to_merge(segments: Sequence[_Segment]) -> list[_Segment]:
    """Of the segments of an index those to be written anew as one; those without a document are none of them."""
    sizes = defaultdict(list)
    for segment in segments:
        if 0 < segment.doc_count() < LARGE:
            sizes[_size_class(segment.doc_count())].append(segment)
    merged = [segment for same in sizes.values() if len(same) >= SEVERAL for segment in same]
    return [
        segment
        for segment in segments
        if segment in merged or 0 < segment.doc_count() < (1.0 - MOST_DELETED) * segment.doc_count_all()
    ]


def _size_class(count: int) -> int:
    """The number of times a segment of so many episodes has grown fourfold.

    >>> _size_class(1), _size_class(3), _size_class(4), _size_class(63)
    (0, 0, 1, 2)
    """
    size = 0
    while count >= SEVERAL:
        count, size = count // SEVERAL, size + 1
    return size
