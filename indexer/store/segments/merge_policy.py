"""The merge policy: selects segments to rewrite as one, so that daily additions do not pile up.

Segments of similar size are merged once there are a few of them, so an episode is rewritten once for each fourfold
growth of its segment. Large segments stay: rewriting them is not worth the wait, and readers keep unchanged segments
open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol, TypeVar

SEVERAL = 4
"""The number of segments of one size class that triggers a merge, and the factor between size classes."""
LARGE = 128
"""In episodes. Segments of at least this size are no longer merged."""
MOST_DELETED = 0.25
"""The share of deleted episodes above which a segment is rewritten without them."""


class Sized(Protocol):
    """What the policy needs of a Whoosh segment: the counts of all and of remaining documents."""

    def doc_count_all(self) -> int: ...
    def doc_count(self) -> int: ...


_Segment = TypeVar("_Segment", bound=Sized)


def to_merge(segments: Sequence[_Segment]) -> list[_Segment]:
    """The segments to rewrite as one. Never includes segments without remaining documents."""
    sizes = defaultdict(list)
    for segment in segments:
        if 0 < segment.doc_count() < LARGE:
            sizes[size_class(segment.doc_count())].append(segment)
    merged = [segment for same in sizes.values() if len(same) >= SEVERAL for segment in same]
    return [
        segment
        for segment in segments
        if segment in merged or 0 < segment.doc_count() < (1.0 - MOST_DELETED) * segment.doc_count_all()
    ]


def size_class(count: int) -> int:
    """The size class: how many times a file of `count` episodes, or other rows, has grown fourfold.

    >>> size_class(1), size_class(3), size_class(4), size_class(63)
    (0, 0, 1, 2)
    """
    size = 0
    while count >= SEVERAL:
        count, size = count // SEVERAL, size + 1
    return size
