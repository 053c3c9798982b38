"""The stream: an episode's atoms as one string, one code unit each, so that a position is an atom's index.

A Han or kana character stands for itself. Every other atom (a run of letters, a number, a rare
character outside the basic plane) gets a code of its own, local to the episode, from ranges such
characters never use. An exact run of atoms is then found by the C speed of `bytes.find`, whatever
cues it crosses.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from indexer.atoms import HAN, KANA, is_single

# Codes for names, best first: private use, then scripts whose letters only occur inside runs.
_CODES = (range(0xE000, 0xF900), range(0x0100, 0x2E80), range(0xA000, 0xD800), range(0xF0000, 0x10FFFE))
_HEADER = struct.Struct("<BI")

# Everything in folded text that is not a basic-plane single: an atom to be coded, or no atom at all.
_OTHER = re.compile(rf"(?P<atom>\d+(?:\.\d+)?|[^\W\d_{HAN}{KANA}]+(?:\+\+|#)?|[\U00020000-\U0003ffff])|[^{HAN}{KANA}]")


@dataclass(frozen=True)
class Stream:
    """`data` is the coded string with `width` bytes an atom; `names[i]` is the atom behind the i-th code."""

    data: bytes
    width: int
    names: tuple[str, ...]

    def __len__(self) -> int:
        """The number of atoms."""
        return len(self.data) // self.width

    @cached_property
    def _codes(self) -> dict[str, str]:
        return dict(zip(self.names, _code_characters(), strict=False))

    @cached_property
    def _atoms(self) -> dict[str, str]:
        return {code: name for name, code in self._codes.items()}

    def name(self, unit: str) -> str:
        """The atom behind a coded unit."""
        return self._atoms.get(unit, unit)

    def find(self, atoms: Sequence[str]) -> list[int]:
        """The positions at which the atoms stand one after another, overlapping runs included."""
        needle = self._encode(atoms)
        if not needle:
            return []
        data, width, found = self.data, self.width, []
        at = data.find(needle)
        while at >= 0:
            if at % width == 0:
                found.append(at // width)
            at = data.find(needle, at + 1)
        return found

    def _encode(self, atoms: Sequence[str]) -> bytes:
        """The bytes of the run, or none when an atom of it does not occur in this episode."""
        units = []
        for atom in atoms:
            unit = atom if is_basic(atom) else self._codes.get(atom)
            if unit is None:
                return b""
            units.append(unit)
        return "".join(units).encode(_ENCODINGS[self.width])

    def units(self, start: int = 0, end: int | None = None) -> str:
        """The coded string of the atoms from `start` to `end`."""
        stop = len(self.data) if end is None else end * self.width
        return self.data[start * self.width : stop].decode(_ENCODINGS[self.width])

    def coded(self, atoms: Sequence[str]) -> str:
        """The atoms as coded units; those unknown to this episode become U+0000, which is in no stream."""
        return "".join(atom if is_basic(atom) else self._codes.get(atom, "\0") for atom in atoms)

    def atoms(self, start: int = 0, end: int | None = None) -> list[str]:
        """The atoms themselves from `start` to `end`."""
        return [self.name(unit) for unit in self.units(start, end)]

    def pack(self) -> bytes:
        return _HEADER.pack(self.width, len(self.data)) + self.data + "\n".join(self.names).encode()

    @classmethod
    def unpack(cls, packed: bytes) -> Stream:
        width, length = _HEADER.unpack_from(packed)
        end = _HEADER.size + length
        names = packed[end:].decode()
        return cls(packed[_HEADER.size : end], width, tuple(names.split("\n")) if names else ())


_ENCODINGS = {2: "utf-16-le", 4: "utf-32-le"}


class StreamBuilder:
    """Codes folded text piece by piece; `names` collects the atoms that needed a code."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}
        self._free = _code_characters()

    def code(self, folded: str) -> str:
        """The coded atoms of a piece of folded text."""
        return _OTHER.sub(self._replace, folded)

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
        width = 4 if units and max(units) > "\uffff" else 2
        return Stream(units.encode(_ENCODINGS[width]), width, self.names)


def is_basic(atom: str) -> bool:
    """True for an atom that stands for itself in a stream.

    >>> is_basic("训"), is_basic("gpu"), is_basic("\U00020000")
    (True, False, False)
    """
    return len(atom) == 1 and atom <= "\uffff" and is_single(atom)


def _code_characters() -> Iterator[str]:
    return (chr(code) for codes in _CODES for code in codes)
