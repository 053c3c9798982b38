"""The functions of shapes.c and counted.c, and their twins in Python, give what their definition says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.source.compiled import built

from indexer.core.native import pure

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
        lambda: way.by_cut(sorted([0, at]), 2, bits, 8),
        lambda: way.by_bit(sorted([0, at + (at > 0)]), bits, 8),
        lambda: way.by_text(b"a\0" * 8, 0, 16, 2, sorted([0, at]), 2),
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


@st.composite
def grouped(draw: st.DrawFn) -> tuple[Any, ...]:
    """Hits of three terms, of which the second is part of the others, in groups and cues."""
    hits = sorted(draw(st.sets(st.tuples(st.integers(0, 40), st.integers(0, 2)), max_size=60)))
    places = sorted({place for place, _ in hits})
    cuts = draw(st.sets(st.sampled_from(places))) if places else set()
    starts = [index for index, hit in enumerate(hits) if index and hit[0] in cuts and hits[index - 1][0] != hit[0]]
    ends = [*starts, len(hits)] if hits else []
    around = draw(st.lists(st.integers(0, len(hits)), min_size=2 * len(ends), max_size=2 * len(ends)))
    first = [0, *sorted(draw(st.sets(st.integers(1, 40)))), 41]
    codes, ranks = [place << 2 | rank for place, rank in hits], [rank for _, rank in hits]
    return codes, 2, ranks, ends, around, first, draw(st.sampled_from(([4, 2, 3], [3, 2, 5]))), bytes((2, 1, 2))


@each_way
@given(asked=grouped())
def test_hits_inside_longer_ones_of_their_group_and_cue_are_left_out(way: Any, asked: tuple[Any, ...]) -> None:
    codes, _, ranks, ends, around, first, lengths, _ = asked
    kept: list[int] = []
    for begin, end in zip([0, *ends], ends, strict=False):
        for at in range(begin, end):
            place, size = codes[at] >> 2, lengths[ranks[at]]
            cue = max(atom for atom in first if atom <= place)
            is_inside = any(
                cue <= codes[other] >> 2 <= place
                and lengths[ranks[other]] > size
                and (codes[other] >> 2) + lengths[ranks[other]] >= place + size
                for other in range(begin, end)
            )
            if ranks[at] != 1 or not is_inside:
                kept.append(at)
    assert way.counted(*asked) == (
        [ranks[at] for at in kept],
        [sum(at < end for at in kept) for end in ends],
        [sum(at < one for at in kept) for one in around],
    )


@each_way
def test_groups_of_other_hits_are_refused(way: Any) -> None:
    if way is not pure:
        for ends, around, ranks in (([3], [0, 2], [0, 1]), ([2], [0, 3], [0, 1]), ([2], [0, 2], [0, 2])):
            with pytest.raises(ValueError):
                way.counted([4, 5], 2, ranks, ends, around, [0, 9], [4, 2], bytes((2, 1)))
