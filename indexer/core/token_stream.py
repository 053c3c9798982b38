"""The stream: an episode's atoms as one string, one code unit each, so that a position is an atom's index.

A Han or kana character stands for itself. Every other atom (a run of letters, a number, a rare
character outside the basic plane) gets a code of its own, local to the episode, from ranges such
characters never use. An exact run of atoms is then found at the speed of C in the bytes of the file,
whatever cues it crosses.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from mmap import mmap
from typing import TypeAlias

from indexer.core.tokens import HAN, KANA, is_single

Region: TypeAlias = tuple[int, int]
"""Atoms of an episode, from the first to before the second."""

# Codes for names, best first: private use, then scripts whose letters only occur inside runs.
_CODES = (range(0xE000, 0xF900), range(0x0100, 0x2E80), range(0xA000, 0xD800), range(0xF0000, 0x10FFFE))
_HEADER = struct.Struct("<BI")

# Everything in folded text that is not a basic-plane single: an atom to be coded, or no atom at all.
_OTHER = rf"(?P<atom>\d+(?:\.\d+)?|[^\W\d_{HAN}{KANA}]+(?:\+\+|#)?|[\U00020000-\U0003ffff])|[^{HAN}{KANA}]"


class Stream:
    """The packed atoms of an episode and the names behind their codes, read where they lie: in `data`, a mapped file
    perhaps, from `begin` to before `end`. A search looks through hundreds of streams and decodes a few lines of them.

    | bytes | value                                                       |
    |-------|-------------------------------------------------------------|
    | 1     | bytes a unit: 2, or 4 where a code needs them               |
    | 4     | the length of the units in bytes                            |
    | units | UTF-16 or UTF-32, the lowest byte first                     |
    | names | UTF-8, one a line: the i-th is the atom behind the i-th code|
    """

    def __init__(self, data: mmap | bytes, begin: int = 0, end: int | None = None) -> None:
        self._data = data
        self._width: int
        length: int
        self._width, length = _HEADER.unpack_from(data, begin)
        self._begin = begin + _HEADER.size
        self._names_at = self._begin + length
        self._end = len(data) if end is None else end
        if self._width not in _ENCODINGS or self._names_at > self._end:
            raise ValueError("a stream is cut off")

    @classmethod
    def of(cls, units: str, names: Iterable[str]) -> Stream:
        """The stream of coded units; `names` are the atoms behind the codes."""
        width = 4 if units and max(units) > "\uffff" else 2
        data = units.encode(_ENCODINGS[width])
        return cls(_HEADER.pack(width, len(data)) + data + "\n".join(names).encode())

    def pack(self) -> bytes:
        """The stream as it is stored."""
        return self._data[self._begin - _HEADER.size : self._end]

    def __len__(self) -> int:
        """The number of atoms."""
        return (self._names_at - self._begin) // self._width

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The atoms that have codes."""
        names = str(self._data[self._names_at : self._end], "utf-8", "replace")
        return tuple(names.split("\n")) if names else ()

    @cached_property
    def codes(self) -> dict[str, str]:
        """atom -> the unit that stands for it here, for those that need one."""
        return dict(zip(self.names, _code_characters(), strict=False))

    @cached_property
    def _atoms(self) -> dict[str, str]:
        return {code: name for name, code in self.codes.items()}

    def name(self, unit: str) -> str:
        """The atom behind a coded unit."""
        return self._atoms.get(unit, unit)

    def find(self, atoms: Sequence[str], regions: Iterable[Region] | None = None) -> list[int]:
        """The positions at which the atoms stand one after another, overlapping runs included; with regions (disjoint,
        in order) those that begin in one of them."""
        wanted = self._encoded(tuple(atoms))
        if not wanted:
            return []
        look, data, width, begin, last = looking_for(wanted), self._data, self._width, self._begin, len(wanted)
        found: list[int] = []
        for first, end in ((0, len(self)),) if regions is None else regions:
            stop = min(begin + (end - 1) * width + last, self._names_at)
            found += [
                at // width
                for match in look(data, begin + first * width, stop)
                if not (at := match.start() - begin) % width  # else two halves of neighbours
            ]
        return found

    def _encoded(self, atoms: tuple[str, ...]) -> bytes:
        """The atoms as they stand in the data, empty when they cannot."""
        plain = _plain(atoms, self._width)
        if plain is not None:
            return plain
        run = self.coded(atoms)
        return b"" if _UNKNOWN in run else run.encode(_ENCODINGS[self._width])

    def _place(self, position: int | None) -> int:
        """Where the unit at a position begins in the data; None for the end."""
        return self._names_at if position is None else min(self._begin + position * self._width, self._names_at)

    def pieces(self, positions: Iterable[int], size: int) -> list[bytes]:
        """The `size` atoms from each position on, as they stand in the data."""
        data, width, begin = self._data, self._width, self._begin
        return [data[begin + at * width : begin + (at + size) * width] for at in positions]

    def text(self, piece: bytes) -> str:
        """A piece as coded units."""
        return piece.decode(_ENCODINGS[self._width], "replace")

    def units(self, start: int = 0, end: int | None = None) -> str:
        """The coded string of the atoms from `start` to `end`."""
        return str(self._data[self._place(start) : self._place(end)], _ENCODINGS[self._width], "replace")

    def coded(self, atoms: Sequence[str]) -> str:
        """The atoms as coded units; those unknown to this episode become U+0000, which is in no stream."""
        return "".join(atom if is_basic(atom) else self.codes.get(atom, _UNKNOWN) for atom in atoms)

    def atoms(self, start: int = 0, end: int | None = None) -> list[str]:
        """The atoms themselves from `start` to `end`."""
        return [self.name(unit) for unit in self.units(start, end)]


def find_in_all(streams: Iterable[tuple[int, Stream]], atoms: Sequence[str]) -> dict[int, list[int]]:
    """number -> positions, for those of the numbered streams that have the atoms: `Stream.find` without its cost for
    each of the hundreds that do not."""
    found: dict[int, list[int]] = {}
    runs = {width: _plain(tuple(atoms), width) for width in _ENCODINGS}
    looks = {width: looking_for(run) for width, run in runs.items() if run}
    for number, stream in streams:
        width, begin = stream._width, stream._begin
        if width not in looks:  # the atoms have codes, others in each stream
            if places := stream.find(atoms):
                found[number] = places
            continue
        for match in looks[width](stream._data, begin, stream._names_at):
            at = match.start() - begin
            if not at % width:  # else two halves of neighbours
                found.setdefault(number, []).append(at // width)
    return found


_ENCODINGS = {2: "utf-16-le", 4: "utf-32-le"}
_UNKNOWN = "\0"


@lru_cache(1024)
def _plain(atoms: tuple[str, ...], width: int) -> bytes | None:
    """Atoms that stand for themselves as they stand in every stream; None for others."""
    return "".join(atoms).encode(_ENCODINGS[width]) if all(map(is_basic, atoms)) else None


@lru_cache(1024)
def looking_for(run: bytes) -> Callable[..., Iterator[re.Match[bytes]]]:
    """What finds a run in (data, from, to) wherever it begins, sooner than `mmap.find`. One that ends as it begins may
    overlap with itself, and is looked at ahead."""
    overlaps = any(run.startswith(run[-size:]) for size in range(1, len(run)))
    first, rest = re.escape(run[:1]), re.escape(run[1:])
    return re.compile(first + (b"(?=%b)" % rest if overlaps else rest)).finditer


class StreamBuilder:
    """Codes folded text piece by piece; `names` collects the atoms that needed a code."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}
        self._free = _code_characters()
        self._other = re.compile(_OTHER)  # here: a search builds no streams, and large sets take a while to compile

    def code(self, folded: str) -> str:
        """The coded atoms of a piece of folded text."""
        return self._other.sub(self._replace, folded)

    def _replace(self, match: re.Match[str]) -> str:
        atom = match["atom"]
        if atom is None:
            return ""
        code = self._codes.get(atom)
        if code is None:
            code = next(self._free, None)
            if code is None:
                raise ValueError(f"more than {len(self._codes):,} different names and numbers")
            self._codes[atom] = code
        return code

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._codes)

    def stream(self, units: str) -> Stream:
        """The finished stream of the coded `units`."""
        return Stream.of(units, self.names)


@lru_cache(32768)
def is_basic(atom: str) -> bool:
    """True for an atom that stands for itself in a stream.

    >>> is_basic("训"), is_basic("gpu"), is_basic("\U00020000")
    (True, False, False)
    """
    return len(atom) == 1 and atom <= "\uffff" and is_single(atom)


def find_basic(units: str) -> list[str]:
    """The atoms among coded units that stand for themselves."""
    return list(filter(is_basic, units))


def _code_characters() -> Iterator[str]:
    return (chr(code) for codes in _CODES for code in codes)
