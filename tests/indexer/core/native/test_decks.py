"""Decks are laid out, and the lists of clocks summed up, compiled as in Python; damaged ones are refused by both."""

from __future__ import annotations

import struct
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.source.compiled import EITHER, built, needs_compiled

from indexer.core.native import pure


def outcome(functions: Any, name: str, *arguments: Any) -> object:
    try:
        return getattr(functions, name)(*arguments)
    except ValueError:
        return ValueError


def alike(name: str, *arguments: Any) -> None:
    assert outcome(built, name, *arguments) == outcome(pure, name, *arguments)


def packed(entries: list[tuple[int, int, int]]) -> bytes:
    """Entries of a deck, of (gap, number of the atom, flags)."""
    gaps = b"".join(b"\xff" * ((gap - 1) // 254) + bytes([(gap - 1) % 254 + 1]) for gap, _, _ in entries)
    codes = bytes(min(number, 31) << 3 | flags for _, number, flags in entries)
    return gaps + b"\0" + codes + b"".join(struct.pack("<I", number) for _, number, _ in entries if number >= 31)


ENTRIES = st.lists(st.tuples(st.integers(1, 600), st.integers(0, 40), st.integers(0, 7)), min_size=1, max_size=9)


@needs_compiled
@given(
    decks=st.lists(st.tuples(st.binary(max_size=99), ENTRIES.map(packed)), max_size=3),
    atoms=st.integers(0, 3000),
    filler=st.binary(min_size=1, max_size=4),
    at=st.integers(0, 99),
    data=st.none() | st.binary(max_size=2),
)
@example(decks=[(b"abcd", b"\1\0\x07")], atoms=1, filler=b"xy", at=0, data=None)
def test_decks_are_laid_out_alike(
    decks: list[tuple[bytes, bytes]], atoms: int, filler: bytes, at: int, data: bytes | None
) -> None:
    alike("laid_out", [(letters * len(filler), entries) for letters, entries in decks], atoms, filler)
    if decks and data is not None:  # perhaps damaged
        letters, entries = decks[0]
        at %= len(entries)
        alike("laid_out", [(letters, entries[:at] + data + entries[at + len(data) :])], atoms, filler)


@pytest.mark.parametrize("functions", EITHER)
def test_atoms_are_at_their_places(functions: Any) -> None:
    entries = packed([(2, 0, 1), (255, 1, 2), (1, 0, 7)])
    units, begins, new = functions.laid_out([(b"aabb", entries)], 260, b"..")
    assert units == b".." + b"aa" + b".." * 254 + b"bb" + b"aa" + b".." * 2
    assert int.from_bytes(begins, "big") == 1 << 258 | 1 << 2 | 1 << 1
    assert int.from_bytes(new, "big") == 1 << 2


@pytest.mark.parametrize("functions", EITHER)
@pytest.mark.parametrize(
    "entries",
    [
        b"",
        b"\1",  # no end of the gaps
        b"\0",
        b"\xff\0",
        b"\1\xff\0\1",
        b"\1\0",  # no code
        b"\1\0\x10",  # no such atom
        b"\6\0\1",  # beyond the end
        b"\1\0\1\1",
        b"\1\0\xf8\0\0\0",
        b"\1\0\xf8\2\0\0\0",
        b"\1\0\xf8\xff\xff\xff\xff",
    ],
)
def test_a_damaged_deck_is_refused(functions: Any, entries: bytes) -> None:
    with pytest.raises(ValueError):
        functions.laid_out([(b"aabb", entries)], 5, b"..")


@pytest.mark.parametrize("functions", EITHER)
@pytest.mark.parametrize("atoms", [1 << 60, 1 << 62, (1 << 63) - 1])
def test_atoms_beyond_all_memory_are_no_crash(functions: Any, atoms: int) -> None:
    with pytest.raises(MemoryError):
        functions.laid_out([(b"aabb", b"\1\0\1")], atoms, b"..")


def listed(numbers: list[int], lowest: int, form: str) -> bytes:
    """A list of a clock."""
    codes = [number - lowest if 0 <= number - lowest < 255 else 255 for number in numbers]
    beyond = [number for number, code in zip(numbers, codes, strict=True) if code == 255]
    return struct.pack("<bc", lowest, form.encode()) + bytes(codes) + struct.pack(f"<{len(beyond)}{form}", *beyond)


NUMBERS = st.one_of(st.integers(-300, 300), st.integers(-(2**15), 2**15 - 1))
LARGE = st.integers(-(2**63), 2**63 - 1)
FRAMES = st.tuples(st.integers(0, 65_536), st.integers(0, 99), st.integers(0, 60))


@needs_compiled
@given(st.lists(LARGE | NUMBERS, max_size=20), st.integers(-127, 0), st.integers(-1, 1))
def test_lists_are_summed_up_alike(numbers: list[int], lowest: int, off: int) -> None:
    alike("summed_up", listed(numbers, lowest, "q"), len(numbers) + off)


@needs_compiled
@given(
    turns=st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS), max_size=20) | st.lists(st.tuples(*[LARGE] * 4)),
    lowest=st.integers(-127, 0),
    frame=FRAMES,
    is_beside=st.booleans(),
    is_one=st.booleans(),
)
def test_clocks_are_read_alike(
    turns: list[tuple[int, int, int, int]], lowest: int, frame: tuple[int, int, int], is_beside: bool, is_one: bool
) -> None:
    starts, ends, befores, afters = map(list, zip(*turns, strict=True)) if turns else ([], [], [], [])
    lists = (listed(starts, lowest, "q"), listed(ends, lowest, "q"))[: 1 if is_one else 2]
    beside = befores if is_one else [number for both in zip(befores, afters, strict=True) for number in both]
    alike("clocked", lists, listed(beside, lowest, "q") if is_beside else b"", len(turns), frame)


@pytest.mark.parametrize("functions", EITHER)
def test_numbers_are_as_narrow_as_they_can_be(functions: Any) -> None:
    for numbers, code in (([65_535], "H"), ([65_536], "i"), ([-1], "i"), ([1 << 31], "q"), ([], "H")):
        assert functions.summed_up(listed(numbers, 0, "q"), len(numbers))[0] == code
    found, data = functions.summed_up(listed([1, 300, -7, 2], -7, "h"), 4)
    assert list(memoryview(data).cast(found)) == list(accumulate([1, 300, -7, 2]))


@pytest.mark.parametrize("functions", EITHER)
@pytest.mark.parametrize("bad", [b"", b"\0", b"\0h", b"\0h\1", b"\0h\1\1\1", b"\0h\xff\1", b"\0x\1\1"])
def test_a_damaged_list_is_refused(functions: Any, bad: bytes) -> None:
    with pytest.raises(ValueError):
        functions.summed_up(bad, 2)
    with pytest.raises(ValueError):
        functions.clocked((bad, listed([1, 2], 0, "h")), b"", 2, (1, 1, 0))


@pytest.mark.parametrize("functions", EITHER)
@pytest.mark.parametrize("frame", [(0, 1, 0), (1, 0, 0), (1, 1, -1), (1 << 16, 1, 0)])
def test_a_frame_that_is_none_is_refused(functions: Any, frame: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError):
        functions.clocked((listed([1], 0, "h"),), b"", 1, frame)
