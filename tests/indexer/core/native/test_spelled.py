"""Names are compared by their letters alike, compiled and in Python: equal to the last digit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from support.source.compiled import built, needs_compiled

from indexer.core.native import pure

NAMES = st.text("abcd", max_size=12) | st.text(max_size=8) | st.sampled_from(["", "martha", "marhta", "é", "京", "𠮷a"])


@needs_compiled
@given(NAMES, NAMES)
def test_both_compare_alike(one: str, other: str) -> None:
    assert built is not None
    assert built.jaro_winkler(one, other) == pure.jaro_winkler(one, other)
    assert built.jaro_winkler(one, one) == 1.0
