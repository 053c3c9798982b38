"""Packed word boundaries unpack to the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.store.fields.word_boundaries import INSIDE, NEW_WORD, WORD, Marks, pack_marks

MARKS = st.lists(st.sampled_from((INSIDE, WORD, NEW_WORD)), max_size=70).map(bytes)


@given(marks=MARKS)
def test_packed_marks_unpack_to_the_same(marks: bytes) -> None:
    unpacked = Marks(pack_marks(marks), len(marks))
    assert unpacked.begins == "".join("0" if mark == INSIDE else "1" for mark in marks)
    assert unpacked.new == "".join("1" if mark == NEW_WORD else "0" for mark in marks)


@given(marks=MARKS, atoms=st.integers(0, 10**9))
def test_marks_of_another_number_of_atoms_are_damaged(marks: bytes, atoms: int) -> None:
    if (atoms + 7) // 8 > len(pack_marks(marks)):
        with pytest.raises(ValueError, match="cut off"):
            Marks(pack_marks(marks), atoms)
