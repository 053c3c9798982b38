"""What a remote index says of a score, in 32 bits, reaches what is asked for, however the score was rounded."""

from __future__ import annotations

import struct

from hypothesis import example, given
from hypothesis import strategies as st

from search.retrieval.remote.fetching.likeliest_episodes import least_bound


def in_32_bits(value: float) -> float:
    (found,) = struct.unpack("f", struct.pack("f", value))
    assert isinstance(found, float)
    return found


@given(st.floats(1e-7, 1e4))
@example(2.539568e-05)
def test_a_place_that_scores_as_much_is_bounded_by_enough(score: float) -> None:
    """Of a word that is said everywhere, beside a rare one, windows score 0.000025: half a unit of the ninth digit is
    more than what 32 bits leave out."""
    assert in_32_bits(score) >= least_bound(round(score, 9))
    assert least_bound(round(score, 9)) > score * (1 - 2e-5) - 2e-9
