"""Lays out the decks of an episode: what is known of its atoms, each at its place."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_WIDE, _STEP = 255, 254
_LARGE = 31
_BEGINS, _ENDS, _NEW = 1, 2, 4
"""As in `indexer.store.cluster.documents.decks`."""


def laid_out(decks: Sequence[tuple[bytes, bytes]], atoms: int, filler: bytes) -> tuple[bytes, bytes, bytes]:
    """Returns the units of an episode of so many atoms, as wide as `filler`, which stands where no deck has an entry; a
    bit for each atom, 1 where a word begins; and another, 1 where one begins that is not in the dictionary.

    A deck is (the units of the atoms in it, its gaps, codes and large numbers as
    `indexer.store.cluster.documents.decks` packs them). The bits are those of `indexer.store.fields.word_boundaries`.
    Raises ValueError if a deck is damaged.
    """
    width = len(filler)
    if not 1 <= width <= 4 or atoms < 0:
        raise ValueError("a unit has 1 to 4 bytes")
    units = [filler] * atoms
    begins, new = bytearray(atoms + 1), bytearray(atoms)  # a word may end with the episode
    for letters, entries in decks:
        each = [letters[at : at + width] for at in range(0, len(letters) // width * width, width)]
        for position, number, flags in _entries(entries):
            if position >= atoms or number >= len(each):
                raise ValueError("a deck is not as it was written")
            units[position] = each[number]
            if flags & _BEGINS:
                begins[position] = 1
                new[position] |= flags & _NEW and 1
            if flags & _ENDS:
                begins[position + 1] = 1
    return b"".join(units), _bits(begins[:atoms]), _bits(new)


def _entries(packed: bytes) -> list[tuple[int, int, int]]:
    """(position, number of the atom, flags) of each entry."""
    gaps, zero, codes = packed.partition(b"\0")
    size = len(gaps) - gaps.count(_WIDE)
    codes, large = codes[:size], codes[size:]
    numbers = [code >> 3 for code in codes]
    if not zero or not gaps or gaps[-1] == _WIDE or len(codes) < size or len(large) != 4 * numbers.count(_LARGE):
        raise ValueError("a deck is not as it was written")
    others = iter(struct.unpack(f"<{len(large) // 4}I", large))
    positions, at = list[int](), -1
    for gap in gaps:
        at += _STEP if gap == _WIDE else gap
        if gap != _WIDE:
            positions.append(at)
    each = zip(positions, numbers, codes, strict=True)
    return [(place, next(others) if number == _LARGE else number, code & 7) for place, number, code in each]


def _bits(marks: bytes | bytearray) -> bytes:
    digits = marks.translate(bytes.maketrans(b"\0\1", b"01"))
    return int(digits or b"0", 2).to_bytes((len(marks) + 7) // 8, "big")
