"""Unpacks a block of postings."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate


def unpacked_block(
    differences: Iterable[int], weights: Sequence[float], peaks: Sequence[float]
) -> tuple[bytes, bytes, bytes]:
    """Returns the sums of the differences, the weights and the peaks as the bytes of three arrays of type "I". Raises
    OverflowError if one does not fit, or a difference is negative: documents ascend."""
    differences = list(differences)
    if min(differences, default=0) < 0:
        raise OverflowError("a posting is out of range")
    documents = array("I", accumulate(differences)).tobytes()
    packed = array("I", map(int, weights)).tobytes()
    return documents, packed, packed if peaks is weights else array("I", map(int, peaks)).tobytes()
