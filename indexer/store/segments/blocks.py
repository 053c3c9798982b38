"""Postings as the W3 codec writes them: in blocks, or inlined, as a pickled value, where they are few.

| bytes  | value                                                                                   |
|--------|-----------------------------------------------------------------------------------------|
| 4      | `W3Bl`, before the first block of a term                                                |
| int    | the length of what follows in this block; negative in the last block                    |
| pickle | postings in the block, last number, highest weight, compression, shortest, longest      |
| pickle | (numbers, weights, values), deflated unless the compression is 0                        |

Numbers of documents are differences to the one before, the first of a block to 0. Weights are None when
all are 1, a number when all are the same, else a tuple. Inlined postings are (numbers, weights, values) with
the numbers themselves and a tuple of weights. Values belong to the fields of others. In their place ours have the peaks
(`indexer.store.impacts`), or nothing where these are the weights.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import accumulate
from struct import Struct
from typing import TypeAlias

from indexer.core.inflate import inflate
from indexer.store.segments.safe_pickle import unpickle, unpickle_first

MAGIC = b"W3Bl"
LENGTH = Struct("!i")
_LONGEST_HEAD = 200
"""Bytes of the pickle before those of a block's postings: six numbers."""

_LONGEST_BLOCK = 1 << 24
"""Bytes of a block, inflated: a thousand postings take some 10,000."""

Block: TypeAlias = "tuple[array[int], array[int], array[int]]"
"""The numbers of documents in ascending order, the weight of the term in each, which is how often it occurs, and the
peak, which is how often it does so in one window, at most."""


def read_blocks(postings: bytes) -> Iterator[Block]:
    """The blocks of a term's postings."""
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
        yield _block(accumulate(differences), weights, peaks or weights)


def read_inlined(postings: bytes) -> Block:
    """The postings of a term that are pickled in one value."""
    numbers, weights, peaks = unpickle(postings)
    return _block(numbers, weights, peaks or weights)


def _block(numbers: Iterable[int], weights: Iterable[float], peaks: Iterable[float]) -> Block:
    block = array("I", numbers), array("I", map(int, weights)), array("I", map(int, peaks))
    if not len(block[0]) == len(block[1]) == len(block[2]):
        raise ValueError("postings have not as many weights as documents")
    return block
