"""The compiled functions of shapes give what their twins in Python give, which are compared with the definition."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core import native
from indexer.core.native import pure

try:
    from indexer.core.native import compiled as known

    built: ModuleType | None = known if known.VERSION == native.VERSION else None
except ImportError:
    built = None

WAYS = [pure] if built is None else [pure, built]
each_way = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.rpartition(".")[2])


def packed(bits: list[bool]) -> bytes:
    return int("".join(map(str, map(int, bits))) or "0", 2).to_bytes((len(bits) + 7) // 8, "big")


@st.composite
def placed(draw: st.DrawFn) -> tuple[list[bool], list[int], int]:
    """Marks of some atoms, and ascending places at which a number of them is there."""
    size = draw(st.integers(1, 4))
    bits = draw(st.lists(st.booleans(), min_size=size, max_size=60))
    return bits, sorted(draw(st.sets(st.integers(0, len(bits) - size)))), size


@each_way
@given(drawn=placed())
def test_places_are_parted_by_word_boundaries(way: Any, drawn: tuple[list[bool], list[int], int]) -> None:
    bits, places, size = drawn
    words, runs, inside = [], [], []
    for at in places:
        if not bits[at] or bits[at + size : at + size + 1] == [False]:
            inside.append(at)
        else:
            (runs if any(bits[at + 1 : at + size]) else words).append(at)
    assert way.by_cut(places, size, packed(bits), len(bits)) == (words, runs, inside)
    clear, marked = way.by_bit(places, packed(bits), len(bits))
    assert (clear, marked) == ([at for at in places if not bits[at]], [at for at in places if bits[at]])


@each_way
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-32-le"])
@given(said=st.text("ab一", min_size=1, max_size=60), data=st.data())
def test_places_are_grouped_by_what_is_said(way: Any, encoding: str, said: str, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, min(6, len(said))))
    places = data.draw(st.sets(st.integers(0, len(said) - size)).map(sorted))
    text, width = said.encode(encoding), len("a".encode(encoding))
    expected: dict[bytes, list[int]] = {}
    for at in places:
        expected.setdefault(said[at : at + size].encode(encoding), []).append(at)
    found = way.by_text(b"xxx" + text + b"y", 3, 3 + len(text), width, places, size)
    assert list(found.items()) == list(expected.items())


@each_way
@pytest.mark.parametrize("at", [-1, 7, 2**62])
def test_a_place_beyond_the_end_is_refused(way: Any, at: int) -> None:
    bits = packed([True] * 8)
    for called in (
        lambda: way.by_cut([0, at], 2, bits, 8),
        lambda: way.by_bit([0, at + (at > 0)], bits, 8),
        lambda: way.by_text(b"a\0" * 8, 0, 16, 2, [0, at], 2),
    ):
        with pytest.raises(IndexError):
            called()
    with pytest.raises(ValueError):
        way.by_bit([0], bits, 9)
    with pytest.raises(ValueError):
        way.by_cut([0], 2, bits, 9)


@each_way
def test_more_texts_than_are_compared_one_by_one(way: Any) -> None:
    said = "".join(map(chr, range(0x4E00, 0x4E20))) * 2
    found = way.by_text(said.encode("utf-16-le"), 0, 2 * len(said), 2, range(len(said) - 1), 2)
    assert list(found.values())[:31] == [[at, at + 32] for at in range(31)]
