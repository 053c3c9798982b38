"""Chains of words near each other, told by their places, against a look at every window."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.core.folding import Folding
from indexer.core.timeline import Times
from indexer.core.types import Episode, Facts
from search.matching.sources import PlacesSource
from search.query.deadline import Deadline
from search.query.plan import Every, Has, HasNear, Lacks, Need, Plan, Some
from search.retrieval.bearing import bearing_hits
from search.retrieval.near import fits, is_chain, places_of, when_said
from search.retrieval.resolved import ResolvedAlternative, ResolvedPlan, ResolvedTerm
from search.retrieval.windows import Hit, Span, group, groups_of, hit_times
from search.scoring import WEIGHTS

TERMS = 4
EPISODE = Episode("show/a", "a.srt", Facts(), 0.0, 0, 0)

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
    return Times(first, starts, [1000] * len(starts))


@settings(max_examples=300)
@given(times=timelines(), need=CHAINS, data=st.data(), atoms=st.sampled_from((10, 200)))
def test_the_places_of_a_chain_are_those_of_the_windows_that_meet_it(
    times: Times, need: Need, data: st.DataObject, atoms: int
) -> None:
    lengths = {(number, 0): data.draw(st.sampled_from((1, 1, 2, 3))) for number in range(TERMS)}
    terms = tuple(
        ResolvedTerm(str(n), (ResolvedAlternative(("x",), PlacesSource(lengths[n, 0], {})),)) for n in range(TERMS)
    )
    last = times.first[-1]
    places = st.lists(st.integers(0, last - 1), max_size=12, unique=True).map(sorted) if last else st.just([])
    said = {(number, 0): data.draw(places) for number in range(TERMS)}
    span = Span(22_000, atoms)
    if not fits(need, times, span, max(lengths.values())):
        return
    hits: list[Hit] = sorted((place, number, way) for (number, way), own in said.items() for place in own)
    plan = ResolvedPlan(Plan((), frozenset(), need, (), (), False, {}, ()), terms, Folding({}))
    found = places_of(need, said, lengths, times)
    wanted = bearing_hits(plan, need, EPISODE, hits, hit_times(hits, times), span, Deadline())
    assert sorted((place, number, way) for (number, way), own in found.items() for place in own) == wanted


@pytest.mark.parametrize(
    ("need", "expected"),
    [
        (Has((1,)), True),
        (Some((Has((1,)), HasNear(Has((1,)), Has((2,)), 8.0, True))), True),
        (HasNear(HasNear(Has((0,)), Has((1,)), 1.0, True), Has((2,)), 1.0, True), True),
        (HasNear(Has((0, 1)), Has((1, 2)), 1.0, True), False),  # a word beside itself
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


def test_nothing_is_said_where_times_go_back_or_stand_inside_cues() -> None:
    assert not fits(near(1.0, True), Times([0, 5, 10], [9000, 0], [1000, 1000]), Span(22_000, 200), 2)
    assert not fits(near(1.0, True), Times([0, 5, 10], [0, 9000], [9000, 9000], (), (), True), Span(22_000, 200), 2)


@given(times=timelines())
def test_when_an_atom_is_said_is_when_its_cue_begins(times: Times) -> None:
    when = when_said(times)
    assert [when(atom) for atom in range(times.first[-1])] == [times.at(atom) for atom in range(times.first[-1])]


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
