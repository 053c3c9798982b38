"""Numbers the words of a stream and counts them."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import compress, count
from mmap import mmap

_ENCODINGS = {2: "utf-16-le", 4: "utf-32-le"}

_NOTHING, _BREAK = "\0", " "
_BREAKS = bytes.maketrans(b"01", f"{_NOTHING}{_BREAK}".encode())
"""The separator before an atom: empty inside a word."""


def word_numbers(
    data: mmap | bytes,
    begin: int,
    end: int,
    width: int,
    marks: bytes,
    names: Mapping[str, int],
    numbers: dict[str, int],
    vocabulary: list[str],
    known: bytearray,
) -> bytes:
    """Returns the number of each word of the units `data[begin:end]`, in order, as the bytes of an array("I").

    `marks` has a bit for each unit, 1 where a word begins, padded with zeros at its front; empty if each unit is a
    word. `names` has the numbers of the codes of this stream, `numbers` those of all other words. A new word gets the
    next number, which is its index in `vocabulary`, and is added to both. `known` is room for what was learned of these
    numbers, empty at first; nothing else may change it, nor the number of a word. Raises ValueError unless there are as
    many marks as units, and for other room.
    """
    said = str(data[begin:end], _ENCODINGS[width], "replace")
    if marks and len(marks) != (len(said) + 7) // 8:
        raise ValueError("the marks of words are cut off")
    words = cut(said, format(int.from_bytes(marks, "big"), f"0{len(said)}b")) if marks else list(said)
    here = _numbered(dict.fromkeys(words), names, numbers, vocabulary)
    return array("I", map(here.__getitem__, words)).tobytes()


def _numbered(
    words: Iterable[str], names: Mapping[str, int], numbers: dict[str, int], vocabulary: list[str]
) -> dict[str, int]:
    """The numbers of different words, new ones in their order."""
    here = {}
    for word in words:
        number = names.get(word) or numbers.get(word)
        if number is None:
            number = numbers[word] = len(vocabulary)
            vocabulary.append(word)
        here[word] = number
    return here


def word_starts(marks: bytes, units: int) -> bytes:
    """Returns the positions of the units at which a word begins, as the bytes of an array("I"); `marks` has a bit for
    each of so many units, as for `word_numbers`. Raises ValueError unless there are as many."""
    if len(marks) != (units + 7) // 8:
        raise ValueError("the marks of words are cut off")
    begins = format(int.from_bytes(marks, "big"), f"0{units}b") if units else ""
    return array("I", compress(count(), map("1".__eq__, begins))).tobytes()


def tally(numbers: array[int], counts: array[int]) -> int:
    """Adds to `counts`, an array("Q"), how often each number occurs in `numbers`, an array("I"). Returns how many of
    them had no count before. Raises IndexError for a number without a place in `counts`."""
    found = Counter(numbers)
    if found and max(found) >= len(counts):
        raise IndexError("a number without a count")
    new = 0
    for number, n in found.items():
        new += not counts[number]
        counts[number] += n
    return new


def cut(units: str, begins: str) -> list[str]:
    """The words of coded units; `begins` has a 1 for each unit that starts a word.

    >>> cut("强化学习的", "10101")
    ['强化', '学习', '的']
    """
    # Interleaves breaks and units, four bytes each; the only way to reach three units per microsecond.
    coded = units.encode("utf-32-le")
    mixed = bytearray(2 * len(coded))
    mixed[::8] = begins.encode().translate(_BREAKS)
    for byte in range(3):
        mixed[4 + byte :: 8] = coded[byte::4]
    return mixed.decode("utf-32-le").replace(_NOTHING, "").split(_BREAK)[1:]
