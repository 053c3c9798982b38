"""The words of a stream have the same numbers, compiled and in Python."""

from __future__ import annotations

import random
from array import array
from types import ModuleType

import pytest
from support.source.compiled import built

from indexer.core.native import pure
from indexer.core.positions.token_stream import Stream
from indexer.store.fields.word_boundaries import Marks, pack_marks

MODULES = [pure, *([built] if built else [])]
CODE, WIDE = "\ue000", "\U000f0001"


def packed(marks: list[int]) -> bytes:
    """A bit for each mark."""
    return Marks(pack_marks(bytes(marks)), len(marks)).packed


def numbered(
    module: ModuleType, stream: Stream, marks: bytes, known: list[str], learned: bytearray | None = None
) -> tuple[list[int], list[str]]:
    """The numbers of the words of a stream after some that are known, and the vocabulary."""
    numbers = {word: number for number, word in enumerate(known) if number}
    names = {CODE: numbers["gpu"]} if "gpu" in numbers else {}
    found = array("I")
    learned = bytearray() if learned is None else learned
    found.frombytes(module.word_numbers(*stream.packed_units, marks, names, numbers, known, learned))
    assert numbers == {word: number for number, word in enumerate(known) if number}
    return list(found), known


@pytest.mark.parametrize("module", MODULES)
def test_words_are_numbered_by_first_use_and_codes_by_their_names(module: ModuleType) -> None:
    stream, marks = Stream.of(f"强化学习的{CODE}强化的", ("gpu",)), packed([1, 0, 1, 0, 1, 1, 1, 0, 1])
    assert numbered(module, stream, marks, ["", "gpu", "学习"]) == (
        [3, 2, 4, 1, 3, 4],
        ["", "gpu", "学习", "强化", "的"],
    )
    assert numbered(module, stream, b"", ["", "gpu", "学"])[0] == [3, 4, 2, 5, 6, 1, 3, 4, 6]
    assert numbered(module, Stream.of("", ()), b"", [""]) == ([], [""])
    unbegun = packed([0, 0, 1, 0, 0])  # what comes before the first word is none
    assert numbered(module, Stream.of("一二三四五", ()), unbegun, [""]) == ([1], ["", "三四五"])


@pytest.mark.parametrize("wide", [False, True])
def test_both_number_alike(wide: bool) -> None:
    if built is None:
        pytest.skip("no compiler: the hot loops are those in Python")
    chance = random.Random(7)
    known: dict[ModuleType, list[str]] = {module: ["", "gpu", "乙丙"] for module in MODULES}
    learned = {module: bytearray() for module in MODULES}
    for size in (1, 2, 7, 8, 9, 300, 3000):
        stream = Stream.of("".join(chance.choices(f"甲乙丙{CODE}{WIDE if wide else ''}", k=size)), ("gpu", "x"))
        for marks in (packed(chance.choices((0, 1), k=size)), b""):
            ours, theirs = (numbered(module, stream, marks, known[module], learned[module]) for module in MODULES)
            assert ours == theirs


def test_both_number_alike_what_is_no_character_and_what_is_long() -> None:
    if built is None:
        pytest.skip("no compiler: the hot loops are those in Python")
    text = "甲\ud800乙" + "丙" * 40 + "丁\udc00"
    for width, coding in ((2, "utf-16-le"), (4, "utf-32-le")):
        data = text.encode(coding, "surrogatepass")
        for marks in (b"", packed([1, 0, 0, 1, *[0] * 39, 1, 0])):
            found = [
                (
                    module.word_numbers(data, 0, len(data), width, marks, {}, {}, vocabulary := [""], bytearray()),
                    vocabulary,
                )
                for module in MODULES
            ]
            assert found[0] == found[1]


@pytest.mark.parametrize("module", MODULES)
def test_what_is_learned_of_a_stream_serves_the_next(module: ModuleType) -> None:
    chance, learned, known = random.Random(9), bytearray(), ["", "gpu"]
    for step in range(60):
        words = ["".join(map(chr, chance.choices(range(0x4E00, 0x4E20), k=chance.randint(1, 5)))) for _ in range(99)]
        marks = packed([int(at == 0) for word in words for at in range(len(word))])
        found, known = numbered(module, Stream.of("".join(words), ()), marks, known, learned)
        assert [known[number] for number in found] == words, step
    assert len(known) == len(set(known)) > 2000


@pytest.mark.parametrize("module", MODULES)
def test_a_stream_needs_a_mark_for_each_unit(module: ModuleType) -> None:
    with pytest.raises(ValueError, match="cut off"):
        module.word_numbers(*Stream.of("一二三四五六七八九", ()).packed_units, b"\1", {}, {}, [""], bytearray())


@pytest.mark.parametrize("module", MODULES)
def test_numbers_are_counted(module: ModuleType) -> None:
    counts = array("Q", [0, 5, 0, 0])
    assert module.tally(array("I", [1, 3, 3, 1, 0]), counts) == 2
    assert list(counts) == [1, 7, 0, 2]
    assert module.tally(array("I"), counts) == 0
    with pytest.raises(IndexError):
        module.tally(array("I", [2, 4]), counts)
    assert list(counts) == [1, 7, 0, 2]


@pytest.mark.parametrize("module", MODULES)
def test_words_start_at_the_marks(module: ModuleType) -> None:
    chance = random.Random(3)
    for size in (0, 1, 7, 8, 9, 300):
        marks = chance.choices((0, 1), k=size)
        starts = array("I", [at for at, mark in enumerate(marks) if mark])
        assert module.word_starts(packed(marks), size) == starts.tobytes()
    with pytest.raises(ValueError, match="cut off"):
        module.word_starts(b"\1", 9)
