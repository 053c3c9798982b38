"""Runs of several words that sound like one are found alike, compiled and in Python, and as defined."""

from __future__ import annotations

import random
from array import array
from types import ModuleType

import pytest
from support.source.compiled import EITHER

from indexer.store.fields.word_boundaries import Marks, pack_marks


def packed(begins: str) -> bytes:
    """A bit for each atom."""
    return Marks(pack_marks(bytes(map(int, begins))), len(begins)).packed


def is_run(begins: str, at: int, size: int) -> bool:
    """True for several whole words."""
    whole = begins + "1"
    return at + size < len(whole) and whole[at] == whole[at + size] == "1" and "1" in whole[at + 1 : at + size]


@pytest.mark.parametrize("module", EITHER)
@pytest.mark.parametrize("begins", ["", "1", "11", "111", "1011011", "110010111"])
@pytest.mark.parametrize("size", [2, 3, 4])
def test_runs_are_several_whole_words(module: ModuleType, begins: str, size: int) -> None:
    sounds, key = b"\7" * len(begins), array("I", [int.from_bytes(b"\7" * size, "big")])
    found = [at for at in range(len(begins)) if is_run(begins, at, size)]
    assert module.runs_heard(sounds, packed(begins), size, key) == found


@pytest.mark.parametrize("module", EITHER)
def test_runs_sound_like_a_key(module: ModuleType) -> None:
    chance = random.Random(5)
    for atoms in (0, 1, 2, 7, 8, 9, 63, 64, 65, 400):
        for classes in (b"\1\2", b"\1\2\3\xfe\xff", bytes(256)):
            sounds = bytes(chance.choices(classes, k=atoms))
            begins = "".join(chance.choices("01", weights=(1, 2), k=atoms))
            for size in (2, 3, 4):
                keys = {bytes(chance.choices(classes, k=size)) for _ in range(chance.choice((0, 1, 30)))}
                found = [at for at in range(atoms) if is_run(begins, at, size) and sounds[at : at + size] in keys]
                numbers = array("I", sorted(int.from_bytes(key, "big") for key in keys))
                assert module.runs_heard(sounds, packed(begins), size, numbers) == found


@pytest.mark.parametrize("module", EITHER)
def test_runs_have_marks_and_two_to_four_atoms(module: ModuleType) -> None:
    with pytest.raises(ValueError, match="cut off"):
        module.runs_heard(b"\1" * 9, b"\1", 2, array("I"))
    for size in (1, 5):
        with pytest.raises(ValueError, match="2 to 4"):
            module.runs_heard(b"\1" * 9, b"\1\1", size, array("I"))
