"""NEAR of two words gives what the evaluation of chains gives, and reads times only where they can tell."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from indexer.core.positions.timeline import Times
from search.query.plan import Has, HasNear
from search.retrieval.conditions.near_chains import places_of
from search.retrieval.conditions.near_positions import Places
from search.retrieval.conditions.near_words import near_words
from search.retrieval.windows import Span

ONE, OTHER = (0, 0), (1, 2)
LENGTHS = {ONE: 3, OTHER: 1}
SPAN = Span(9_000, 40)
PLACES = st.lists(st.integers(0, 119), unique=True, max_size=12).map(sorted)


def said(ones: list[int], others: list[int]) -> Places:
    return {way: places for way, places in {ONE: ones, OTHER: others}.items() if places}


def unread() -> Times:
    raise AssertionError("the times are read")


@given(
    PLACES,
    PLACES,
    st.lists(st.sampled_from((0, 400, 2_000, 7_000, 30_000)), min_size=30, max_size=30),
    st.sampled_from((HasNear(Has((0,)), Has((1,)), 6, False), HasNear(Has((1,)), Has((0,)), 3.5, True))),
    st.booleans(),
    st.booleans(),
)
def test_near_of_two_words(
    ones: list[int], others: list[int], steps: list[int], need: HasNear, looks_inside: bool, is_back: bool
) -> None:
    starts = list(accumulate(steps))
    if is_back:
        starts.reverse()
    times = Times(list(range(0, 124, 4)), starts, [1_000, 40_000] * 15, looks_inside=looks_inside)
    near = near_words(need, LENGTHS, SPAN, (ONE, OTHER))
    assert near is not None
    found = near.places(ones, others, lambda: times)
    known = places_of(need, said(ones, others), LENGTHS, times, SPAN)
    if known is None:  # what is far apart in atoms may be all that is in doubt
        beside = [(one, other) for one in ones for other in others if -near.before <= other - one <= near.after]
        closer = sorted({one for one, _ in beside}), sorted({other for _, other in beside})
        known = places_of(need, said(*closer), LENGTHS, times, SPAN)
    if found or known:
        assert found == known


def test_times_of_words_that_are_far_apart_are_not_read() -> None:
    near = near_words(HasNear(Has((0,)), Has((1,)), 6, False), LENGTHS, SPAN, (ONE, OTHER))
    assert near is not None
    assert not near.places([5, 100], [20, 60], unread)


def test_what_is_not_near_of_two_words() -> None:
    near = HasNear(Has((0,)), Has((1,)), 6, False)
    assert near_words(near, LENGTHS, SPAN, (ONE,)) is None
    assert near_words(near, LENGTHS, SPAN, (ONE, (0, 1))) is None
    assert near_words(HasNear(Has((0, 1)), Has((1,)), 6, False), LENGTHS, SPAN, (ONE, OTHER)) is None
    assert near_words(HasNear(near, Has((2,)), 6, False), LENGTHS, SPAN, (ONE, OTHER)) is None
    assert near_words(Has((0, 1)), LENGTHS, SPAN, (ONE, OTHER)) is None
