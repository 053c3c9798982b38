"""Chains of words near each other, told by their places, against the definition: a look at every window."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.core.positions.timeline import Times
from search.matching.sources import PlacesSource
from search.matching.terms import Term
from search.query.plan import Every, Has, HasNear, Lacks, Need, Some
from search.retrieval.conditions.near_chains import fits, is_chain, near_hits
from search.retrieval.conditions.one_window import View, bearing, meets
from search.retrieval.resolved_plan import ResolvedAlternative, ResolvedTerm
from search.retrieval.windows import Hit, Span, group, groups_of, hit_times, reaches
from search.scoring import WEIGHTS

TERMS = 4

has = st.sets(st.integers(0, TERMS - 1), min_size=1, max_size=2).map(lambda numbers: Has(tuple(sorted(numbers))))


def inner(needs: st.SearchStrategy[Need]) -> st.SearchStrategy[Need]:
    distances = st.sampled_from((0.0, 1.0, 2.5, 6.0, 10.0))
    near = st.builds(HasNear, needs, needs, distances, st.booleans())
    return st.one_of(near, near, st.lists(needs, min_size=1, max_size=3).map(tuple).map(Some))


CHAINS: st.SearchStrategy[Need] = st.recursive(has, inner, max_leaves=4).filter(is_chain)


@st.composite
def timelines(draw: st.DrawFn) -> Times:
    sizes = draw(st.lists(st.integers(0, 6), min_size=1, max_size=20))
    first = [sum(sizes[:cue]) for cue in range(len(sizes) + 1)]
    backwards = draw(st.sampled_from(((), (), (-3000,))))
    starts = [draw(st.integers(0, 3000))]
    for _ in sizes[1:]:
        starts.append(max(0, starts[-1] + draw(st.sampled_from((0, 700, 1500, 4000, *backwards)))))
    duration = draw(st.sampled_from((1000, 1000, 9000)))
    return Times(first, starts, [duration] * len(starts), (), (), duration > 8000)


def by_definition(
    need: Need, terms: Sequence[ResolvedTerm], hits: Sequence[Hit], at: Sequence[int], span: Span
) -> list[Hit]:
    """The hits of every window that meets the need, window by window, pair by pair."""
    kept: set[Hit] = set()
    for begin, end in enumerate(reaches(hits, at, span)):
        view = View(lambda _: True, terms, hits[begin:end], at[begin:end])
        if meets(need, view):
            kept |= bearing(need, view)
    return sorted(kept)


@settings(max_examples=400)
@given(times=timelines(), need=CHAINS, data=st.data(), span=st.sampled_from((Span(22_000, 10), Span(22_000, 200))))
def test_the_hits_of_a_chain_are_those_of_the_windows_that_meet_it(
    times: Times, need: Need, data: st.DataObject, span: Span
) -> None:
    several = data.draw(st.sampled_from((1, 1, 2)))
    terms = tuple(
        ResolvedTerm(
            Term(str(number), ()),
            tuple(
                ResolvedAlternative(("x",), PlacesSource(data.draw(st.sampled_from((1, 1, 2, 3))), {}))
                for _ in range(several)
            ),
        )
        for number in range(TERMS)
    )
    last = times.first[-1]
    places = st.lists(st.integers(0, last - 1), max_size=12, unique=True) if last else st.just([])
    hits = sorted((place, n, way) for n in range(TERMS) for way in range(several) for place in data.draw(places))
    found = near_hits(need, hits, terms, times, span)
    if found is not None:
        assert found == by_definition(need, terms, hits, hit_times(hits, times), span)


@pytest.mark.parametrize(
    ("need", "step"),
    [
        (HasNear(Has((0,)), Has((1, 2)), 10.0, True), 1000),
        (HasNear(Has((0, 1)), Has((1, 2)), 3.0, False), 1000),
        (HasNear(HasNear(Has((0,)), Has((1,)), 10.0, True), Has((2,)), 10.0, True), 1000),
        (HasNear(HasNear(Has((0,)), Has((1,)), 99.0, True), Has((2,)), 99.0, True), 1),  # all in one window
    ],
)
def test_no_window_is_looked_at(need: Need, step: int) -> None:
    times = Times(list(range(0, 105, 5)), [cue * step for cue in range(20)], [step] * 20)
    terms = tuple(
        ResolvedTerm(Term(str(n), ()), (ResolvedAlternative(("x",), PlacesSource(1, {})),)) for n in range(TERMS)
    )
    hits: list[Hit] = [(0, 0, 0), (2, 1, 0), (3, 2, 0)]
    assert near_hits(need, hits, terms, times, Span(22_000, 200)) == hits


@pytest.mark.parametrize(
    ("need", "expected"),
    [
        (Has((1,)), True),
        (Some((Has((1,)), HasNear(Has((1,)), Has((2,)), 8.0, True))), True),
        (HasNear(HasNear(Has((0,)), Has((1,)), 1.0, True), Has((2,)), 1.0, True), True),
        (HasNear(Has((0, 1)), Has((1, 2)), 1.0, True), True),  # a word beside itself
        (HasNear(HasNear(Has((0,)), Has((1,)), 1.0, True), Has((1,)), 1.0, True), False),
        (Every((Has((1,)), Has((2,)))), False),
        (Lacks(Has((1,))), False),
    ],
)
def test_a_chain_is_words_or_and_near(need: Need, expected: bool) -> None:
    assert is_chain(need) == expected


def near(distance: float, seconds: bool) -> Need:
    return HasNear(HasNear(Has((0,)), Has((1,)), distance, seconds), Has((2,)), distance, seconds)


@pytest.mark.parametrize(
    ("distance", "seconds", "step", "expected"),
    [
        (10.0, True, 1000, True),
        (12.0, True, 1000, False),  # together further than a window
        (10.0, True, 100, False),  # so fast that a window has too few atoms
        (10.0, True, 0, False),
        (10.0, False, 1000, True),
        (10.0, False, 9000, False),  # so slow that a window has too few seconds
        (150.0, False, 100, False),
    ],
)
def test_what_is_near_fits_into_a_window(distance: float, seconds: bool, step: int, expected: bool) -> None:
    times = Times(list(range(0, 505, 5)), [cue * step for cue in range(100)], [step] * 100)
    assert fits(near(distance, seconds), times, Span(22_000, 200), 2) == expected


@pytest.mark.parametrize("starts", [(9000, 0), (0, 9000, 8999)])
def test_only_windows_tell_where_times_go_back(starts: Sequence[int]) -> None:
    times = Times([5 * cue for cue in range(len(starts) + 1)], starts, [1000] * len(starts))
    terms = tuple(ResolvedTerm(Term(str(n), ()), (ResolvedAlternative(("x",), PlacesSource(1, {})),)) for n in range(2))
    need = HasNear(Has((0,)), Has((1,)), 1.0, True)
    assert near_hits(need, [(0, 0, 0), (1, 1, 0)], terms, times, Span(22_000, 200)) is None


@given(
    steps=st.lists(st.tuples(st.integers(0, 60), st.sampled_from((0, 900, 5000, 31_000, -4000))), max_size=40),
    backwards=st.booleans(),
)
def test_groups_end_where_they_end_hit_by_hit(steps: Sequence[tuple[int, int]], backwards: bool) -> None:
    places, at = [0], [0]
    for atoms, milliseconds in steps:
        places.append(places[-1] + atoms)
        at.append(max(0, at[-1] + (milliseconds if backwards else abs(milliseconds))))
    hits = [(place, 0, 0) for place in places]
    groups = group(hits, at, 30_000, WEIGHTS)
    assert groups_of(places, at, 30_000, WEIGHTS) == [end for _, end in groups]
    assert all(end == begin for (_, end), (begin, _) in pairwise(groups))
