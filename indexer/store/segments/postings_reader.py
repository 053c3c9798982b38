"""Decodes postings of the W3 codec: in blocks or, for short lists, inlined as one pickled value.

| bytes  | value                                                                                   |
|--------|-----------------------------------------------------------------------------------------|
| 4      | `W3Bl`, before the first block of a term                                                |
| int    | the length of the rest of this block; negative in the last block                        |
| pickle | postings in the block, last number, highest weight, compression, shortest, longest      |
| pickle | (numbers, weights, values), deflated unless the compression is 0                        |

Document numbers are delta-encoded, from 0 in each block. Weights are None if all are 1, a number if all are equal, else
a tuple. Inlined postings are (numbers, weights, values) with absolute numbers and a tuple of weights. Our fields have
no values; in their place stand the peaks (`indexer.store.impacts`), or nothing if they equal the weights.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from operator import sub
from struct import Struct
from typing import TypeAlias

from indexer.core import native
from indexer.core.files.inflate import inflate
from indexer.store.segments.safe_pickle import unpickle, unpickle_first

MAGIC = b"W3Bl"
LENGTH = Struct("!i")
_LONGEST_HEAD = 200
"""Limit on a block's pickled header in bytes: six numbers."""

_LONGEST_BLOCK = 1 << 24
"""Limit on an inflated block in bytes; a thousand postings take about 10,000."""

Block: TypeAlias = "tuple[array[int], array[int], array[int]]"
"""Ascending document numbers; the weight (frequency) of the term in each; its peak (highest frequency in one
window)."""


def read_blocks(postings: bytes) -> Iterator[Block]:
    """Yields the blocks of a term's postings. Raises ValueError, or another of `corruption.FAILURES`, if damaged."""
    if not postings.startswith(MAGIC):
        raise ValueError("postings have an unknown format")
    at, length = len(MAGIC), 0
    while length >= 0:
        (length,) = LENGTH.unpack_from(postings, at)
        at += LENGTH.size
        (count, _, _, compression, _, _), size = unpickle_first(postings[at : at + _LONGEST_HEAD])
        packed = postings[at + size : at + abs(length)]
        at += abs(length)
        content = inflate(packed, _LONGEST_BLOCK) if compression else packed
        differences, weights, peaks = unpickle(content, checked=bool(compression))
        if weights is None:
            weights = 1.0
        if len(differences) != count:
            raise ValueError("postings are not as many as they should be")
        weights = weights if isinstance(weights, tuple) else (weights,) * count
        yield _block(differences, weights, peaks or weights)


def read_inlined(postings: bytes) -> Block:
    """Decodes inlined postings."""
    numbers, weights, peaks = unpickle(postings)
    return _block(map(sub, numbers, (0, *numbers)), weights, peaks or weights)


def _block(differences: Iterable[int], weights: Sequence[float], peaks: Sequence[float]) -> Block:
    block = array("I"), array("I"), array("I")
    for column, packed in zip(block, native.unpacked_block(differences, weights, peaks), strict=True):
        column.frombytes(packed)
    if not len(block[0]) == len(block[1]) == len(block[2]):
        raise ValueError("postings have not as many weights as documents")
    return block
