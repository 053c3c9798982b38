"""A run of atoms is found in many streams at once, with signatures and without, compiled and in Python."""

from __future__ import annotations

import random
from array import array
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.source.compiled import built, needs_compiled

from indexer.core import native
from indexer.core.native import pure
from indexer.core.positions import token_stream
from indexer.core.positions.token_stream import Stream, find_in_all

LONG = 2600
"""Atoms; a block of a signature has 1,024."""


def alike(name: str, *arguments: Any) -> None:
    """The same result, to the last digit."""
    assert getattr(built, name)(*arguments) == getattr(pure, name)(*arguments)


def said(seed: int, size: int, letters: str = "甲乙丙丁戊己庚辛") -> str:
    chance = random.Random(seed)
    return "".join(chance.choice(letters) for _ in range(size))


def streams() -> list[Stream]:
    """Streams of any length, in units of two bytes and of four."""
    narrow = [Stream.of(said(seed, size), ()) for seed, size in enumerate((0, 1, 2, 9, 1023, 1024, 1030, LONG))]
    wide = [Stream.of(said(9, LONG) + "\U000f0001", ("x",)), Stream.of("甲\U000f0001乙", ("x",))]
    return narrow + wide


def spans(several: list[Stream], signed: bool) -> list[Any]:
    plain = [(one._data, one._begin, one._names_at, one._width) for one in several]
    return [(*span, pure.sign(*span) if signed else None) for span in plain]


@needs_compiled
def test_signatures() -> None:
    for data, begin, end, width, _ in spans(streams(), signed=False):
        alike("sign", data, begin, end, width)


@needs_compiled
@pytest.mark.parametrize("rows", [1, 7, 12288, 70001])
def test_triples_of_a_signature(rows: int) -> None:
    """The rows of a file that is read on other machines, so they never change."""
    marked = {name: bytearray(rows * 2) for name in ("compiled", "pure")}
    for document, (data, begin, end, width, _) in enumerate(spans(streams(), signed=False)):
        assert built
        built.mark_triples(data, begin, end, width, marked["compiled"], rows, document)
        pure.mark_triples(data, begin, end, width, marked["pure"], rows, document)
    assert marked["compiled"] == marked["pure"]
    assert any(marked["pure"])


@pytest.mark.parametrize("module", [pure, pytest.param(built, marks=needs_compiled)])
def test_a_signature_without_a_bit_for_a_document_is_refused(module: Any) -> None:
    place = spans(streams(), signed=False)[-3][:4]
    for document, rows, size in ((16, 5, 10), (-1, 5, 10), (0, 0, 10), (0, 11, 10)):
        with pytest.raises(ValueError, match="a signature has no such document"):
            module.mark_triples(*place, bytearray(size), rows, document)


@needs_compiled
@given(st.text("甲乙丙丁", min_size=1, max_size=4), st.integers(0, 12), st.booleans())
def test_runs_of_many_streams(run: str, more: int, signed: bool) -> None:
    needle = run + said(9, LONG)[1020 : 1020 + more] if more else run  # across blocks, or anywhere
    alike("find_in_all", SPANS[signed], needle.encode("utf-16-le"), needle.encode("utf-32-le"))


SPANS = {signed: spans(streams(), signed) for signed in (False, True)}


def test_a_signature_loses_no_place_of_any_run() -> None:
    text = said(3, LONG)
    stream = Stream.of(text, ())
    (span,) = spans([stream], signed=True)
    for begin in (0, 1, 1014, *range(1017, 1026), 2047, LONG - 12):
        for size in (1, 2, 3, 9, 12):
            run = text[begin : begin + size]
            ((_, found),) = native.find_in_all([span], run.encode("utf-16-le"), run.encode("utf-32-le"))
            assert found == [at for at in range(len(text)) if text.startswith(run, at)]


def test_streams_that_are_searched_again_are_found_in_as_before() -> None:
    several = streams()
    numbers = range(10, 10 + len(several))
    for run in ("甲乙", "甲", "甲乙丙丁", "x", "甲x乙", "茶"):
        each = zip(numbers, several, strict=True)
        expected = {number: found for number, one in each if (found := one.find(tuple(run)))}
        for _ in range(token_stream._UNSIGNED + 2):
            assert find_in_all(numbers, several, tuple(run)) == expected
    assert all(one.signed_units[4] is not None for one in several) is native.is_compiled


def test_a_process_that_asks_once_makes_no_signatures() -> None:
    several = streams()
    find_in_all(range(len(several)), several, ("甲", "乙"))
    assert all(one.signed_units[4] is None for one in several)


@needs_compiled
def test_units_of_several_streams_are_those_of_each() -> None:
    several = streams()
    packed = [one.pack() for one in several]
    data, starts = b"".join(packed), array("q", accumulate(map(len, packed), initial=0))
    numbers = [3, 0, 9, 3, 8]
    found = native.stream_units(data, starts, array("I", map(len, several)), numbers)
    assert found == [Stream(data, starts[n], starts[n + 1]).signed_units for n in numbers]
    alike("stream_units", data, starts, list(map(len, several)), numbers)


@needs_compiled
@given(
    st.sets(st.integers(0, 299), max_size=80).map(sorted),
    st.lists(st.integers(0, 90_000), min_size=30, max_size=30),
    st.booleans(),
    st.integers(1, 40_000),
    st.integers(0, 60),
    st.integers(1, 4),
)
def test_dense_groups(places: list[int], starts: list[int], ordered: bool, ms: int, atoms: int, least: int) -> None:
    first, starts = list(range(0, 301, 10)), sorted(starts) if ordered else starts
    alike("dense_groups", places, first, starts, 30_000, 90, ms, atoms, least)
    alike("dense_groups", places, array("H", first), memoryview(array("i", starts)), 30_000, 90, ms, atoms, least)
    alike("dense_groups", places, places, starts * 3, 30_000, 90, ms, atoms, least)


@needs_compiled
@given(*[st.dictionaries(st.integers(0, 30), st.integers(1, 9))] * 2)
def test_the_lesser_counts(one: dict[int, int], other: dict[int, int]) -> None:
    alike("least", one, other)
    found = pure.least(one, other)
    assert list(found) == [key for key in one if key in other]
    assert found == {key: min(one[key], other[key]) for key in one.keys() & other.keys()}


@needs_compiled
@pytest.mark.parametrize(
    ("name", "arguments", "problem"),
    [
        ("sign", (b"abcd", 0, 5, 2), ValueError),
        ("sign", (b"abcd", -1, 4, 2), ValueError),
        ("sign", (b"abcd", 0, 4, 1), ValueError),
        ("find_in_all", ([(b"abcd", 0, 5, 2, None)], b"ab", b"abcd"), ValueError),  # beyond the end
        ("find_in_all", ([(b"abcd", 0, 4, 3, None)], b"ab", b"abcd"), ValueError),
        ("find_in_all", ([(b"abcd", 0, 4, 2, b"")], b"ab", b"abcd"), ValueError),  # not its signature
        ("find_in_all", ([(b"abcd", 0, 4, 2, 7)], b"ab", b"abcd"), ValueError),
        ("find_in_all", ([(b"abcd", 0, 4, 2)], b"ab", b"abcd"), TypeError),
        ("find_in_all", ([("abcd", 0, 4, 2, None)], b"ab", b"abcd"), TypeError),
        ("find_in_all", ([7], b"ab", b"abcd"), TypeError),
        ("find_in_all", ([], b"abc", b"abcd"), ValueError),
        ("find_in_all", ([], b"", b""), ValueError),
        ("stream_units", (b"\2\4\0\0\0abcd", [0, 9], [1], [0]), ValueError),  # of another length
        ("stream_units", (b"\2\5\0\0\0abcd", [0, 9], [2], [0]), ValueError),
        ("stream_units", (b"\3\4\0\0\0abcd", [0, 9], [2], [0]), ValueError),
        ("stream_units", (b"\2\4\0\0\0abcd", [0, 10], [2], [0]), ValueError),
        ("stream_units", (b"\2\4\0\0\0abcd", [-1, 9], [2], [0]), ValueError),
        ("stream_units", (b"\2\0", [0, 2], [0], [0]), ValueError),
        ("stream_units", (b"\2\4\0\0\0abcd", [0, 9], [2], [1]), IndexError),
        ("stream_units", (b"\2\4\0\0\0abcd", [0, 9], [], [0]), IndexError),
        ("dense_groups", ([5, 3], [0, 9], [0], 9, 9, 9, 9, 1), ValueError),
        ("dense_groups", ([9], [0, 9], [0], 9, 9, 9, 9, 1), IndexError),
        ("dense_groups", ([-1], [0, 9], [0], 9, 9, 9, 9, 1), IndexError),
        ("dense_groups", ([1], array("d", [0.0, 9.0]), [0], 9, 9, 9, 9, 1), TypeError),
        ("dense_groups", ([1], [0, "a"], [0], 9, 9, 9, 9, 1), TypeError),
        ("least", ({1: 2}, [1]), TypeError),
        ("least", ({1: "a"}, {1: 2}), TypeError),
    ],
)
def test_wrong_arguments_are_refused(name: str, arguments: Any, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        getattr(built, name)(*arguments)
