"""The clock: all times of an episode in as few bytes as they take, for a search that fetches them over a network.

An index in a folder reads times in place (`indexer.store.fields.times`); a clock is a third of that, or less. Times are
counted in frames (`indexer.store.fields.frames`); what a time is beside its frame is kept, too.

| part     | value                                                                                                 |
|----------|-------------------------------------------------------------------------------------------------------|
| checksum | CRC-32 of the rest                                                                                    |
| head     | `looks_inside`, the frame, the numbers of cues and of timed atoms                                     |
| cues     | lists: the atoms of each; frames from the end of the one before to its start, and to its end; what    |
|          | starts and ends, in turns, are beside their frames                                                    |
| words    | lists, if atoms are timed: the steps from position to position, and from frame to frame; what these   |
|          | are beside their frames                                                                               |

A list is deflated for itself: the number that its bytes count from, the format of numbers beyond, a byte for each of
the list, then the numbers beyond. One that is empty has zeros only.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from collections.abc import Sequence
from itertools import chain, pairwise
from operator import sub

from indexer.core.named_tuples import NamedTuple
from indexer.core.native import ascends, clocked, summed_up
from indexer.core.positions.timeline import Times
from indexer.store.fields.frames import Frame, frame_of

_CHECKSUM, _HEAD, _LIST = struct.Struct("<I"), struct.Struct("<?HHHII"), struct.Struct("<bc")
_BEYOND = 255
"""The byte for a number beyond, which follows the list."""
_SIZES = {"h": 2, "i": 4, "q": 8}
"""The formats of such numbers, and their bytes."""
_LOWEST = -127
"""What the bytes of a list count from at least."""
_MOST_LISTED, _MOST_ATOMS = 1 << 24, 1 << 26
"""No transcript has as many cues, or timed atoms, or atoms (`indexer.core.files.sources.LARGEST_FILE`): a few bytes
that say so would take gigabytes."""
_MOST = 1 << 62
"""In milliseconds: all times are nearer to zero."""


class _Head(NamedTuple):
    """What a clock begins with; `marks` is the number of timed atoms."""

    looks_inside: bool
    frame: Frame
    cues: int
    marks: int


def pack_clock(times: Times) -> bytes:
    """Encodes times. Raises OverflowError for one that does not fit into 64 bits."""
    said = array("q", times.said)  # raises OverflowError
    each = zip(times.starts, times.durations, strict=True)
    borders = array("q", chain.from_iterable((start, start + lasts) for start, lasts in each))
    frame = frame_of(borders + said)
    frames, beside = _in_frames(borders, frame)
    steps = _steps(frames)
    lists = [_pack(_steps(times.first)), _pack(steps[0::2]), _pack(steps[1::2]), beside]
    if said:
        frames, beside = _in_frames(said, frame)
        lists += [_pack(_steps(times.timed)), _pack(_steps(frames)), beside]
    rest = _HEAD.pack(times.looks_inside, *frame, len(times), len(said)) + b"".join(lists)
    return _CHECKSUM.pack(zlib.crc32(rest)) + rest


def unpack_clock(packed: bytes) -> Times:
    """Decodes times, to arrays. Raises ValueError if they are damaged."""
    head, lists = _opened(packed)
    looks_inside, frame, cues, marks = head
    first = lists.summed(cues + 1)
    starts, durations = lists.times(2, cues, frame)
    timed, said = array("q"), array("q")
    if marks:
        timed = lists.summed(marks)
        (said,) = lists.times(1, marks, frame)
    lists.end()
    _check(first, timed, (starts, durations, said))
    return Times(first, starts, durations, timed, said, looks_inside)


def _opened(packed: bytes) -> tuple[_Head, _Lists]:
    """The head of a clock, and what follows it. Raises ValueError if it is damaged."""
    rest = packed[_CHECKSUM.size :]
    if len(rest) < _HEAD.size or packed[: _CHECKSUM.size] != _CHECKSUM.pack(zlib.crc32(rest)):
        raise ValueError("a clock is not as it was written")
    looks_inside, milliseconds, frames, rounding, cues, marks = _HEAD.unpack_from(rest)
    if not (milliseconds and frames):
        raise ValueError("a clock has no frames")
    if max(cues, marks) > _MOST_LISTED:
        raise ValueError("a clock has too many times")
    return _Head(looks_inside, Frame(milliseconds, frames, rounding), cues, marks), _Lists(rest[_HEAD.size :])


def _check(first: array[int], timed: array[int], times: Sequence[array[int]]) -> None:
    """Raises ValueError for atoms and times that no episode has."""
    if first[0] or first[-1] > _MOST_ATOMS or not ascends(first):
        raise ValueError("a clock has cues out of order")
    if timed and not (timed[0] >= 0 and timed[-1] < first[-1] and ascends(timed)):
        raise ValueError("a clock has times of atoms that are not there")
    if not all(map(_can_be_added, times)):
        raise ValueError("a clock has times beyond 62 bits")


def _can_be_added(times: array[int]) -> bool:
    """True if no sum of two of them, or difference, is beyond 64 bits."""
    return times.itemsize < _SIZES["q"] or -_MOST < min(times, default=0) <= max(times, default=0) < _MOST


def _steps(numbers: Sequence[int]) -> list[int]:
    return [after - before for before, after in pairwise([0, *numbers])]


def _in_frames(times: Sequence[int], frame: Frame) -> tuple[list[int], bytes]:
    """The frames nearest to times, and the list of what these are beside them."""
    frames = frame.nearest(times)
    beside = list(map(sub, times, frame.times(frames)))
    return frames, _pack(beside) if any(beside) else _deflated(b"")


def _pack(numbers: Sequence[int]) -> bytes:
    lowest = min(0, max(_LOWEST, min(numbers, default=0)))
    codes = [number - lowest for number in numbers]
    beyond = [code + lowest for code in codes if not 0 <= code < _BEYOND]
    bits = max((max(number, ~number).bit_length() for number in beyond), default=0)
    form = next((form for form, size in _SIZES.items() if bits < 8 * size), None)
    if form is None:
        raise OverflowError("a time does not fit into 64 bits")
    listed = bytes(code if 0 <= code < _BEYOND else _BEYOND for code in codes)
    return _deflated(_LIST.pack(lowest, form.encode()) + listed + struct.pack(f"<{len(beyond)}{form}", *beyond))


def _deflated(data: bytes) -> bytes:
    """The smaller of two ways to deflate: most lists repeat no sequences, and are best coded number by number."""
    return min((_deflated_by(data, way) for way in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_HUFFMAN_ONLY)), key=len)


def _deflated_by(data: bytes, strategy: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9, strategy)
    return packer.compress(data) + packer.flush()


class _Lists:
    """The lists of a clock, taken from the front. Every method raises ValueError if they are damaged."""

    def __init__(self, packed: bytes) -> None:
        self._packed = packed

    def take(self, size: int) -> bytes:
        """The next list, inflated; it is to be of `size` numbers."""
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            data = unpacker.decompress(self._packed, _LIST.size + size * (1 + _SIZES["q"]) + 1)
        except zlib.error as error:
            raise ValueError(f"a clock is not as it was written ({error})") from None
        if not unpacker.eof:
            raise ValueError("a clock is cut off")
        self._packed = unpacker.unused_data
        return data

    def summed(self, size: int) -> array[int]:
        """Reads `size` numbers, which are the sums of the steps in the next list."""
        return array(*summed_up(self.take(size), size))

    def times(self, several: int, size: int, frame: Frame) -> list[array[int]]:
        """Several lists of so many times: the steps of each in frames, then what all are beside these."""
        frames = tuple(self.take(size) for _ in range(several))
        return [array(*one) for one in clocked(frames, self.take(several * size), size, frame)]

    def end(self) -> None:
        if self._packed:
            raise ValueError("a clock goes on after its end")
