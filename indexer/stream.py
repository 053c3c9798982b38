"""The stream: an episode's atoms as one string, one code unit each, so that a position is an atom's index.

A Han or kana character stands for itself. Every other atom (a run of letters, a number, a rare
character outside the basic plane) gets a code of its own, local to the episode, from ranges such
characters never use. An exact run of atoms is then found by the C speed of `str.find`, whatever cues
it crosses.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from indexer.atoms import HAN, KANA, is_single

# Codes for names, best first: private use, then scripts whose letters only occur inside runs.
_CODES = (range(0xE000, 0xF900), range(0x0100, 0x2E80), range(0xA000, 0xD800), range(0xF0000, 0x10FFFE))
_HEADER = struct.Struct("<BI")

# Everything in folded text that is not a basic-plane single: an atom to be coded, or no atom at all.
_OTHER = rf"(?P<atom>\d+(?:\.\d+)?|[^\W\d_{HAN}{KANA}]+(?:\+\+|#)?|[\U00020000-\U0003ffff])|[^{HAN}{KANA}]"


@dataclass(frozen=True)
class Stream:
    """`text` is the coded string; `names[i]` is the atom behind the i-th code."""

    text: str
    names: tuple[str, ...]

    def __len__(self) -> int:
        """The number of atoms."""
        return len(self.text)

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

    def find(self, atoms: Sequence[str], start: int = 0, end: int | None = None) -> list[int]:
        """The positions at which the atoms stand one after another, overlapping runs included, between two places."""
        run = self.coded(atoms)
        if not run or _UNKNOWN in run:
            return []
        find, found = self.text.find, []
        at = find(run, start, end)
        while at >= 0:
            found.append(at)
            at = find(run, at + 1, end)
        return found

    def units(self, start: int = 0, end: int | None = None) -> str:
        """The coded string of the atoms from `start` to `end`."""
        return self.text[start:end]

    def coded(self, atoms: Sequence[str]) -> str:
        """The atoms as coded units; those unknown to this episode become U+0000, which is in no stream."""
        return "".join(atom if is_basic(atom) else self.codes.get(atom, _UNKNOWN) for atom in atoms)

    def atoms(self, start: int = 0, end: int | None = None) -> list[str]:
        """The atoms themselves from `start` to `end`."""
        return [self.name(unit) for unit in self.units(start, end)]

    def pack(self) -> bytes:
        """Two bytes an atom, or four where a code needs them, and the names."""
        width = 4 if self.text and max(self.text) > "\uffff" else 2
        data = self.text.encode(_ENCODINGS[width])
        return _HEADER.pack(width, len(data)) + data + "\n".join(self.names).encode()

    @classmethod
    def unpack(cls, packed: bytes | memoryview) -> Stream:
        width, length = _HEADER.unpack_from(packed)
        end = _HEADER.size + length
        names = str(packed[end:], "utf-8")
        return cls(str(packed[_HEADER.size : end], _ENCODINGS[width]), tuple(names.split("\n")) if names else ())


_ENCODINGS = {2: "utf-16-le", 4: "utf-32-le"}
_UNKNOWN = "\0"


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
        return Stream(units, self.names)


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
