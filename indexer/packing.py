"""The packed forms of a timeline's times and of an episode's cue texts, as stored in the index."""

from __future__ import annotations

import struct
import sys
import zlib
from array import array
from collections.abc import Sequence
from itertools import accumulate, pairwise

from indexer.timeline import Times
from indexer.values import Cue

_RECORD, _SECTION = "\x1e", "\x1d"
_COUNT = struct.Struct("<I")


def pack_times(times: Times) -> bytes:
    """Three arrays of differences: atoms per cue, milliseconds from start to start, and durations.

    Each takes as many bytes a number as its largest needs, about five bytes a cue together.
    """
    atoms = [after - before for before, after in pairwise(times.first)]
    steps = [after - before for before, after in pairwise([0, *times.starts])]
    return _COUNT.pack(len(times)) + b"".join(map(_pack_integers, (atoms, steps, times.durations)))


def unpack_times(packed: bytes) -> Times:
    (count,) = _COUNT.unpack_from(packed)
    offset = _COUNT.size
    columns = []
    for _ in range(3):
        numbers = _unpack_integers(packed, offset, count)
        offset += 1 + len(numbers) * numbers.itemsize
        columns.append(numbers)
    atoms, steps, durations = columns
    # Arrays, not lists: a search unpacks hundreds of episodes and looks at few numbers of each.
    return Times(_sums(atoms, initial=0), _sums(steps), durations)


def _sums(numbers: array[int], initial: int | None = None) -> array[int]:
    return array("q", accumulate(numbers, initial=initial))


def _pack_integers(numbers: Sequence[int]) -> bytes:
    low, high = min(numbers, default=0), max(numbers, default=0)
    for code in "BbHhIiq":
        bits = 8 * array(code).itemsize
        limit = 1 << (bits if code.isupper() else bits - 1)
        if (0 if code.isupper() else -limit) <= low and high < limit:
            return code.encode() + _little_endian(array(code, numbers)).tobytes()
    raise OverflowError("a time does not fit into 64 bits")


def _unpack_integers(packed: bytes, offset: int, count: int) -> array[int]:
    numbers = array(chr(packed[offset]))
    start = offset + 1
    numbers.frombytes(packed[start : start + count * numbers.itemsize])
    return _little_endian(numbers)


def _little_endian(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def pack_text(cues: Sequence[Cue]) -> bytes:
    """The cue texts and, when there are any, the speakers, compressed."""
    text = _RECORD.join(_plain(cue.text) for cue in cues)
    if any(cue.speaker for cue in cues):
        text += _SECTION + _RECORD.join(_plain(cue.speaker) for cue in cues)
    return zlib.compress(text.encode(), 6)


def unpack_text(packed: bytes) -> tuple[list[str], list[str]]:
    """The cue texts and the speakers, two parallel lists."""
    text, _, speakers = zlib.decompress(packed).decode().partition(_SECTION)
    texts = text.split(_RECORD)
    return texts, speakers.split(_RECORD) if speakers else [""] * len(texts)


def _plain(text: str) -> str:
    return text.replace(_RECORD, " ").replace(_SECTION, " ")
