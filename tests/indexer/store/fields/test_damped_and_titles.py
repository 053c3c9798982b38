"""Packed damped stretches and chapter titles unpack to the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.types import LOOP, STOCK, Damped
from indexer.store.fields.damped_and_titles import pack_damped, pack_titles, unpack_damped, unpack_titles


@given(
    borders=st.lists(st.integers(0, 10**6), max_size=18).map(sorted),
    kinds=st.lists(st.sampled_from((LOOP, STOCK)), min_size=9, max_size=9),
)
def test_packed_stretches_unpack_to_the_same(borders: list[int], kinds: list[str]) -> None:
    stretches = list(map(Damped, borders[::2], borders[1::2], kinds))
    assert unpack_damped(pack_damped(stretches), 10**6) == stretches
    assert pack_damped([]) == b""


@pytest.mark.parametrize("stretch", [Damped(0, 2**32 - 1, LOOP), Damped(5, 3, STOCK), Damped(90, 101, LOOP)])
def test_damaged_stretches_are_no_billions_of_cues(stretch: Damped) -> None:
    with pytest.raises(ValueError, match="where no cues are"):
        unpack_damped(pack_damped([stretch]), 100)


@given(titles=st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_packed_titles_unpack_to_the_same_on_one_line_each(titles: list[str]) -> None:
    on_one_line = [" ".join(title.split()) for title in titles]
    assert unpack_titles(pack_titles(titles)) == ([] if on_one_line == [""] else on_one_line)
