"""The token stream: an episode's atoms as one string of code units, so that a position is the index of an atom.

A Han or kana character represents itself. Any other atom (a run of letters, a number, a rare character outside the
basic plane) gets a code local to the episode, from ranges that such characters never use. An exact phrase is then a
byte search in the mapped file, across cue boundaries.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from mmap import mmap
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from indexer.core import native
from indexer.core.native import find, find_each
from indexer.core.positions.tokens import RANGES, is_single

if TYPE_CHECKING:
    from indexer.core.native.streams.signatures import SignedUnits

Region: TypeAlias = tuple[int, int]
"""A range of atom positions: first inclusive, end exclusive."""

# Code points for other atoms, in order of preference: private use, then scripts whose letters occur only inside runs.
_CODES = (range(0xE000, 0xF900), range(0x0100, 0x2E80), range(0xA000, 0xD800), range(0xF0000, 0x10FFFE))
_HEADER = struct.Struct("<BI")


class Stream:
    """The packed atoms of an episode and the names behind their codes, read in place from `data[begin:end]`, usually a
    mapped file: a search scans hundreds of streams and decodes a few lines. Raises ValueError if truncated.

    | bytes | value                                                       |
    |-------|-------------------------------------------------------------|
    | 1     | bytes per unit: 2, or 4 if a code needs them                |
    | 4     | length of the units in bytes                                |
    | units | UTF-16 or UTF-32, little-endian                             |
    | names | UTF-8, one per line: the i-th is the atom of the i-th code  |
    """

    def __init__(self, data: mmap | bytes, begin: int = 0, end: int | None = None) -> None:
        self._data = data
        self._width: int
        length: int
        self._width, length = _HEADER.unpack_from(data, begin)
        self._begin = begin + _HEADER.size
        self._names_at = self._begin + length
        self._end = len(data) if end is None else end
        if self._width not in ENCODINGS or self._names_at > self._end:
            raise ValueError("a stream is cut off")
        self._signed_units: SignedUnits = data, self._begin, self._names_at, self._width, None
        """The units as `native.find_in_all` takes them, with their signature once there is one."""
        self._passes = 0
        """How often all of the stream was searched, while it had no signature."""

    @classmethod
    def of(cls, units: str, names: Iterable[str]) -> Stream:
        """Builds a stream from coded units; `names` are the atoms behind the codes."""
        width = 4 if units and max(units) > "\uffff" else 2
        return cls(pack_units(units.encode(ENCODINGS[width]), width, names))

    def pack(self) -> bytes:
        """The stream as stored."""
        return self._data[self._begin - _HEADER.size : self._end]

    def __len__(self) -> int:
        """The number of atoms."""
        return (self._names_at - self._begin) // self._width

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The atoms that have codes."""
        return tuple(self._read_names())

    def names_by_code(self) -> dict[str, str]:
        """The inverse of `codes`. Read anew each time, so that nothing is kept for a stream that is read only once."""
        return dict(zip(code_characters(), self._read_names(), strict=False))

    def _read_names(self) -> list[str]:
        names = str(self._data[self._names_at : self._end], "utf-8", "replace")
        return names.split("\n") if names else []

    @cached_property
    def codes(self) -> dict[str, str]:
        """Maps each atom that has a code to it."""
        return dict(zip(self.names, code_characters(), strict=False))

    def _code(self, atom: str) -> str:
        """The code of an atom; empty if it has none here. Does not build `codes`, since a search asks thousands of
        streams for one or two atoms each."""
        if "codes" in vars(self):
            return self.codes.get(atom, "")
        names = b"\n%b\n" % self._data[self._names_at : self._end]
        at = names.find(b"\n%b\n" % atom.encode("utf-8", "replace"))
        return _code_character(names.count(b"\n", 0, at)) if at >= 0 else ""

    @cached_property
    def _atoms(self) -> dict[str, str]:
        return {code: name for name, code in self.codes.items()}

    def name(self, unit: str) -> str:
        """The atom that a unit represents."""
        return self._atoms.get(unit, unit)

    def find(self, atoms: Sequence[str], regions: Iterable[Region] | None = None) -> list[int]:
        """The positions at which the atoms occur consecutively, overlaps included. `regions` (disjoint, ascending)
        restricts where an occurrence may begin."""
        wanted = encoded_plainly(tuple(atoms), self._width) or self.encoded(tuple(atoms))
        if not wanted:
            return []
        return find(self._data, self._begin, self._names_at, self._width, wanted, regions)

    def find_needles(self, needles: Sequence[bytes], region: Region | None = None) -> list[list[int]]:
        """The positions of each of several runs of atoms (`find`), which are `encoded`, in one pass over all of the
        stream or a region."""
        if region is None:
            return find_each(self._data, self._begin, self._names_at, self._width, needles)
        first, end = region
        longest = max(map(len, needles), default=self._width) // self._width
        begin, stop = self._place(first), self._place(min(len(self), end + longest - 1))
        found = find_each(self._data, begin, stop, self._width, needles)
        return [[first + at for at in places if first + at < end] if places else places for places in found]

    @property
    def width(self) -> int:
        """The size of a unit in bytes."""
        return self._width

    @property
    def packed_units(self) -> tuple[mmap | bytes, int, int, int]:
        """The data, where the units in it begin and end, and the size of one."""
        return self._data, self._begin, self._names_at, self._width

    @property
    def signed_units(self) -> SignedUnits:
        """The packed units, and their signature once there is one."""
        return self._signed_units

    def plain(self, atoms: tuple[str, ...]) -> bytes | None:
        """The atoms as encoded in every stream of this width; None if that differs between streams."""
        return encoded_plainly(atoms, self._width)

    def encoded(self, atoms: tuple[str, ...]) -> bytes:
        """The atoms as encoded in the data; empty if one of them does not occur in this episode."""
        plain = encoded_plainly(atoms, self._width)
        if plain is not None:
            return plain
        if len(atoms) == 1:
            return self._code(atoms[0]).encode(ENCODINGS[self._width])
        run = self.coded(atoms)
        return b"" if _UNKNOWN in run else run.encode(ENCODINGS[self._width])

    def _place(self, position: int | None) -> int:
        """The byte offset of the unit at a position; None means the end."""
        return self._names_at if position is None else min(self._begin + position * self._width, self._names_at)

    def text(self, piece: bytes) -> str:
        """Decodes encoded atoms to coded units."""
        return piece.decode(ENCODINGS[self._width], "replace")

    def units(self, start: int = 0, end: int | None = None) -> str:
        """The coded units of positions `start` to `end`."""
        return str(self._data[self._place(start) : self._place(end)], ENCODINGS[self._width], "replace")

    def coded(self, atoms: Sequence[str]) -> str:
        """The atoms as coded units; those unknown to this episode become U+0000, which no stream contains."""
        return "".join(atom if is_basic(atom) else self._code(atom) or _UNKNOWN for atom in atoms)

    def atoms(self, start: int = 0, end: int | None = None) -> list[str]:
        """The atoms at positions `start` to `end`."""
        return [self.name(unit) for unit in self.units(start, end)]


def pack_units(units: bytes, width: int, names: Iterable[str]) -> bytes:
    """A stream as stored, of encoded units of so many bytes."""
    return _HEADER.pack(width, len(units)) + units + "\n".join(names).encode()


def find_in_all(numbers: Sequence[int], streams: Iterable[Stream], atoms: Sequence[str]) -> dict[int, list[int]]:
    """Maps number -> positions for each of the numbered streams in which the atoms occur. Streams that are searched
    often get a signature, with which most of their text is skipped."""
    several = list(streams)
    if not is_plain(atoms):  # the atoms have codes, which differ by stream
        each = zip(numbers, several, strict=True)
        return {number: found for number, stream in each if (found := stream.find(atoms))}
    signed = [stream._signed_units for stream in several]
    if len(atoms) > 1 and native.is_compiled and None in map(_signature, signed):
        _sign(several)
    return find_in_units(numbers, signed, atoms)


def is_plain(atoms: Sequence[str]) -> bool:
    """True if a run of atoms is encoded alike in every stream of a width."""
    return bool(atoms) and all(map(is_basic, atoms))


def find_in_units(numbers: Sequence[int], units: Iterable[SignedUnits], atoms: Sequence[str]) -> dict[int, list[int]]:
    """Like `find_in_all`, given the units of the streams; only for plain atoms."""
    narrow, wide = (encoded_plainly(tuple(atoms), width) for width in ENCODINGS)
    assert narrow and wide
    return {numbers[index]: found for index, found in native.find_in_all(units, narrow, wide)}


_signature = itemgetter(4)


_UNSIGNED = 4
"""A stream gets a signature after so many passes, so that a process that answers a single query makes none."""
_SIGNED_AT_ONCE = 32
"""How many streams get a signature in one pass, plus an eighth of the others, so that no query waits for hundreds."""


def _sign(streams: Sequence[Stream]) -> None:
    """Notes a pass over some streams, and makes signatures of some of those that have had several."""
    left = _SIGNED_AT_ONCE + len(streams) // 8
    for stream in streams:
        if stream._passes <= _UNSIGNED:
            stream._passes += 1
        elif left and stream._signed_units[4] is None:
            left -= 1
            units = stream.packed_units
            stream._signed_units = *units, native.sign(*units)


ENCODINGS = {2: "utf-16-le", 4: "utf-32-le"}
"""How units are encoded, by the bytes of one."""
WIDTHS = tuple(ENCODINGS)
_UNKNOWN = "\0"


@lru_cache(1024)
def encoded_plainly(atoms: tuple[str, ...], width: int) -> bytes | None:
    """The encoding of atoms that represent themselves, the same in every stream; None for any others."""
    return "".join(atoms).encode(ENCODINGS[width]) if all(map(is_basic, atoms)) else None


@lru_cache(32768)
def is_basic(atom: str) -> bool:
    """True for an atom that represents itself in a stream.

    >>> is_basic("训"), is_basic("gpu"), is_basic("\U00020000")
    (True, False, False)
    """
    return len(atom) == 1 and atom <= "\uffff" and is_single(atom)


BASIC_RANGES = tuple((ord(first), ord(last)) for first, last in RANGES if last <= "\uffff")
"""The first and last code point of each range of atoms that represent themselves."""


def find_basic(units: str) -> list[str]:
    """The coded units that represent themselves."""
    return list(filter(is_basic, units))


def code_characters() -> Iterator[str]:
    """The codes, in the order in which an episode uses them."""
    return (chr(code) for codes in _CODES for code in codes)


def _code_character(number: int) -> str:
    """The code with this number; empty if there are not so many."""
    for codes in _CODES:
        if number < len(codes):
            return chr(codes[number])
        number -= len(codes)
    return ""
