"""Decks: the atoms of an episode dealt by the sound of their syllables, each deck packed for itself.

A search in a cluster looks only at the atoms of its query and at what sounds like them. With the decks of these it
ranks an episode without reading all of it (docs/design/opensearch-stored.md). `indexer.core.native` lays them out
(`laid_out`).

| part of a deck | value                                                                                             |
|----------------|---------------------------------------------------------------------------------------------------|
| alphabet       | the atoms in it, the most frequent first, in UTF-8, one a line; then a zero byte                  |
| gaps           | from each entry to the next, in atoms, a byte each: 255 is 254 and more; then a zero byte         |
| codes          | a byte for each entry: its atom's number in the alphabet times 8, and its flags                   |
| large numbers  | the numbers of atoms from 31 on, for which the code has 31: four bytes each, little-endian        |
"""

from __future__ import annotations

import struct
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import repeat
from operator import or_, sub
from typing import TYPE_CHECKING, TypeVar

from indexer.core.positions.token_stream import is_basic
from indexer.core.words.pronunciation import NO_SOUND

if TYPE_CHECKING:
    from indexer.core.positions.token_stream import Stream
    from indexer.core.words.pronunciation import Readings
    from indexer.store.fields.word_boundaries import Marks

_Key = TypeVar("_Key", int, str)

BEGINS, ENDS, NEW = 1, 2, 4
"""Flags of an entry: a word begins at this atom; one begins at the next atom, or the episode ends; the word that begins
here is not in the dictionary."""

_OTHERS = 16
"""Decks of atoms without a sound."""
NAMES = tuple(f"d{sound:02x}" for sound in range(1, 256)) + tuple(f"n{number:x}" for number in range(_OTHERS))
"""The names of all decks."""

_FLAGS = 8
_LARGE = 31
_WIDE, _STEP = 255, 254
"""The byte for a gap that goes on, and its atoms."""


def deck_of_sound(sound_class: int) -> str:
    """The name of the deck of a sound class, 1 to 255."""
    return NAMES[sound_class - 1]


def sound_of_deck(name: str) -> int:
    """The sound class of the atoms in a deck; NO_SOUND if they have none."""
    return int(name[1:], 16) if name[0] == "d" else NO_SOUND


def deck_of_atom(atom: str) -> str:
    """The name of the deck of an atom without a sound: a name, a number, a character without a reading."""
    return f"n{zlib.crc32(atom.encode('utf-8', 'replace')) % _OTHERS:x}"


def decks_of(atom: str, readings: Readings) -> frozenset[str]:
    """The names of all decks in which an atom may be, wherever it is said."""
    sounds = readings.classes_of(atom) if is_basic(atom) else frozenset[int]()
    decks = frozenset(map(deck_of_sound, sounds))
    # What has a sound in phrases only is without one elsewhere.
    return decks if sounds and atom in readings.characters else decks | {deck_of_atom(atom)}


def deal(stream: Stream, sounds: bytes, marks: Marks) -> dict[str, bytes]:
    """The decks of an episode, by name; those without an entry are left out. `sounds` are the sound classes of its
    atoms. Raises ValueError if the three are not of one length."""
    units, names, flags = stream.units(), stream.names_by_code(), _flags(marks)
    if not len(units) == len(sounds) == len(flags):
        raise ValueError("the atoms of an episode are not as many as their sounds or marks")
    by_sound = _grouped(enumerate(sounds))
    silent = by_sound.pop(NO_SOUND, [])
    homes = {unit: deck_of_atom(names.get(unit, unit)) for unit in {units[at] for at in silent}}
    decks = {deck_of_sound(sound): positions for sound, positions in by_sound.items()}
    decks |= _grouped((at, homes[units[at]]) for at in silent)
    return {name: _pack(decks[name], units, names, flags) for name in sorted(decks)}


def _grouped(keys: Iterable[tuple[int, _Key]]) -> dict[_Key, list[int]]:
    """The positions with each key, of (position, key)."""
    found: defaultdict[_Key, list[int]] = defaultdict(list)
    for position, key in keys:
        found[key].append(position)
    return dict(found)


def _flags(marks: Marks) -> bytes:
    """The flags of each atom of an episode."""
    size, begins, new = marks.atoms, marks.begins, marks.new
    table = str.maketrans("01", "\0\1")
    first = begins.translate(table).encode()
    ends = first[1:] + b"\1"[:size]
    # A byte each: added as one large number.
    of_new = int.from_bytes(new.translate(table).encode(), "big")
    total = BEGINS * int.from_bytes(first, "big") + ENDS * int.from_bytes(ends, "big") + NEW * of_new
    return total.to_bytes(size, "big")


def _pack(positions: Sequence[int], units: str, names: dict[str, str], flags: bytes) -> bytes:
    """The deck of the atoms at these positions."""
    said = [units[at] for at in positions]
    alphabet = [unit for unit, _ in Counter(said).most_common()]
    numbers = {unit: min(number, _LARGE) * _FLAGS for number, unit in enumerate(alphabet)}
    codes = bytes(map(or_, map(numbers.__getitem__, said), map(flags.__getitem__, positions)))
    others = {unit: number for number, unit in enumerate(alphabet) if number >= _LARGE}
    large = [others[unit] for unit in said if unit in others] if others else []
    atoms = "\n".join(map(names.get, alphabet, alphabet)).encode()
    return b"".join((atoms, b"\0", _gaps(positions), b"\0", codes, struct.pack(f"<{len(large)}I", *large)))


def _gaps(positions: Sequence[int]) -> bytes:
    """What the positions add up from, beginning one before the first atom."""
    return b"".join(map(_gap, map(sub, positions, [-1, *positions])))


@lru_cache(1024)
def _gap(atoms: int) -> bytes:
    steps, rest = divmod(atoms - 1, _STEP)
    return bytes((*repeat(_WIDE, steps), rest + 1))
