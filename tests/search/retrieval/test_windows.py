"""Sliding, grouping and keeping apart, against plain computations of the same."""

from __future__ import annotations

import math
from itertools import accumulate, pairwise
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.positions.timeline import Times
from search.retrieval.windows import Hit, Span, Window, cues_around, group, hit_times, keep_apart, outermost, slide
from search.scoring import WEIGHTS, closeness_score, count_gains, information, saturated, window_score

TERMS = 4
GAINS = count_gains(WEIGHTS)
SPAN = Span(20_000, WEIGHTS.window_atoms)

positions = st.lists(st.integers(0, 900), max_size=60).map(sorted)
term_weights = st.lists(st.sampled_from((0.0, 0.5, 1.0, 2.75, 7.0)), min_size=TERMS, max_size=TERMS)


@st.composite
def timed_hits(draw: st.DrawFn, backwards: bool = False) -> tuple[list[Hit], list[int]]:
    """Hits in order and the time of each; real transcripts may also have times that jump back."""
    hits = sorted({(at, draw(st.integers(0, TERMS - 1)), 0) for at in draw(positions)})
    steps = st.sampled_from((0, 1, 700, 3000, 9000, 31000, *((-5000,) if backwards else ())))
    at, now = [], 0
    for _ in hits:
        now = max(0, now + draw(steps))
        at.append(now)
    return hits, at


def afresh(hits: list[Hit], weights: list[float]) -> float:
    counts = [sum(hit[1] == term for hit in hits) for term in range(TERMS)]
    return window_score(counts, weights, sum(weights))


@given(timed=timed_hits(backwards=True), weights=term_weights)
def test_the_running_score_of_each_window_is_its_score_computed_afresh(
    timed: tuple[list[Hit], list[int]], weights: list[float]
) -> None:
    hits, at = timed
    spans = slide(hits, at, SPAN, weights, GAINS, sum(weights))
    assert [begin for _, begin, _ in spans] == list(range(len(hits)))
    for score, begin, end in spans:
        assert score == pytest.approx(afresh(hits[begin:end], weights), abs=1e-9)


@given(timed=timed_hits(), weights=term_weights)
def test_a_window_holds_all_hits_within_its_time_and_atoms(
    timed: tuple[list[Hit], list[int]], weights: list[float]
) -> None:
    hits, at = timed
    for _, begin, end in slide(hits, at, SPAN, weights, GAINS, sum(weights)):
        inside = [
            number
            for number in range(begin, len(hits))
            if at[number] - at[begin] <= 20_000 and hits[number][0] - hits[begin][0] <= WEIGHTS.window_atoms
        ]
        assert list(range(begin, end)) == inside


@given(timed=timed_hits(backwards=True))
def test_no_window_is_longer_than_its_atoms_even_where_time_stands_still(timed: tuple[list[Hit], list[int]]) -> None:
    hits, _ = timed
    for _, begin, end in slide(hits, [0] * len(hits), SPAN, [1.0] * TERMS, GAINS, float(TERMS)):
        assert begin < end
        assert hits[end - 1][0] - hits[begin][0] <= WEIGHTS.window_atoms


@given(timed=timed_hits(backwards=True))
def test_groups_hold_every_hit_once_and_begin_far_enough_apart(timed: tuple[list[Hit], list[int]]) -> None:
    hits, at = timed
    groups = group(hits, at, 30_000, WEIGHTS)
    assert [number for begin, end in groups for number in range(begin, end)] == list(range(len(hits)))
    assert all(begin < end for begin, end in groups)
    for (earlier, _), (later, _) in pairwise(groups):
        most = math.floor(WEIGHTS.window_atoms * WEIGHTS.apart / WEIGHTS.window)
        # Where times stand still, so many atoms that they take as long to say.
        assert abs(at[later] - at[earlier]) >= 30_000 or hits[later][0] - hits[earlier][0] > most


def _windows(starts: list[int]) -> list[tuple[int, Window]]:
    return [(start, Window(0, ((number, 0, 0),), -float(number))) for number, start in enumerate(starts)]


@given(starts=st.lists(st.integers(0, 200_000), max_size=40), most=st.none() | st.integers(1, 5))
def test_kept_windows_are_those_far_enough_from_every_better_one(starts: list[int], most: int | None) -> None:
    wanted: list[int] = []
    for start in starts:
        if all(abs(start - other) >= 30_000 for other in wanted) and (most is None or len(wanted) < most):
            wanted.append(start)
    kept = keep_apart(_windows(starts), 30_000, most)
    assert [starts[window.hits[0][0]] for window in kept] == wanted


@given(sizes=st.lists(st.integers(0, 4), min_size=1, max_size=20), data=st.data())
def test_the_time_of_each_hit_is_the_start_of_the_cue_that_holds_it(sizes: list[int], data: st.DataObject) -> None:
    first = [sum(sizes[:cue]) for cue in range(len(sizes) + 1)]
    starts = data.draw(st.lists(st.integers(0, 99_000), min_size=len(sizes), max_size=len(sizes)))
    atoms = data.draw(st.lists(st.integers(0, first[-1] - 1), max_size=30).map(sorted)) if first[-1] else []
    times = Times(first, starts, starts)
    owners = [cue for cue, size in enumerate(sizes) for _ in range(size)]
    assert hit_times([(atom, 0, 0) for atom in atoms], times) == [starts[owners[atom]] for atom in atoms]


@given(
    cues=st.lists(
        st.tuples(st.sampled_from((-900, 0, 1, 900, 4000)), st.integers(0, 3000), st.integers(0, 4)), min_size=1
    ),
    reach_ms=st.integers(0, 9000),
    reach_atoms=st.integers(0, 12),
)
def test_the_cues_around_are_the_same_when_they_are_asked_often(
    cues: list[tuple[int, int, int]], reach_ms: int, reach_atoms: int
) -> None:
    """Then they are found by bisection, if no start or end goes back."""
    starts = list(accumulate(max(0, step) if at % 3 else step for at, (step, _, _) in enumerate(cues)))
    first = [0, *accumulate(atoms for _, _, atoms in cues)]

    def times() -> Times:
        return Times(first, starts, [length for _, length, _ in cues])

    often = times()
    often.ends()
    for low in range(len(cues)):
        for high in range(low, min(low + 3, len(cues))):
            known = cues_around(times(), low, high, reach_ms, reach_atoms)
            assert cues_around(often, low, high, reach_ms, reach_atoms) == known


def test_the_time_of_a_hit_is_the_start_of_its_cue() -> None:
    times = Times(first=[0, 3, 3, 8], starts=[0, 4000, 8000], durations=[4000, 4000, 4000])
    assert hit_times([(0, 0, 0), (2, 1, 0), (3, 0, 0), (7, 0, 0)], times) == [0, 0, 8000, 8000]


def test_windows_of_nothing_are_nothing() -> None:
    assert slide([], [], SPAN, [1.0], GAINS, 1.0) == []
    assert group([], [], 30_000, WEIGHTS) == []


# The scoring itself


def test_a_repeated_term_counts_more_but_never_much_more() -> None:
    counts = [saturated(count) for count in range(60)]
    assert counts[0] == 0.0
    assert counts[1] == pytest.approx(1.0)
    assert counts == sorted(counts)
    assert counts[-1] < 1.0 + WEIGHTS.saturation
    gains = [after - before for before, after in pairwise(counts)]
    assert gains == sorted(gains, reverse=True)


def test_what_each_occurrence_gains_adds_up_to_the_saturated_count() -> None:
    assert len(GAINS) >= 2 * WEIGHTS.window_atoms
    assert sum(GAINS[:7]) == pytest.approx(saturated(7))


def test_covering_the_whole_query_beats_repeating_half_of_it() -> None:
    assert window_score([1, 1], [3.0, 3.0], 6.0) > window_score([9, 0], [3.0, 3.0], 6.0)


def test_a_query_without_weight_scores_nothing() -> None:
    assert window_score([1, 2], [0.0, 0.0], 0.0) == 0.0


@given(atoms=st.integers(1, 10_000_000), counts=st.tuples(st.integers(1, 10_000), st.integers(1, 10_000)))
def test_a_rarer_term_tells_more_and_every_term_tells_something(atoms: int, counts: tuple[int, int]) -> None:
    rare, common = sorted(counts)
    assert information(rare, atoms) >= information(common, atoms) > 0.0


def test_closeness_halves_at_its_distance() -> None:
    weights = [4.0, 2.0]
    assert closeness_score({(0, 1): 0}, weights) == pytest.approx(2.0)
    assert closeness_score({(0, 1): int(WEIGHTS.closeness_atoms)}, weights) == pytest.approx(1.0)
    assert closeness_score({}, weights) == 0.0


@given(hits=st.sets(st.tuples(st.integers(0, 20), st.integers(0, 2), st.just(0)), max_size=20).map(sorted))
def test_a_hit_is_kept_unless_one_that_begins_no_later_ends_no_sooner(hits: list[Hit]) -> None:
    lengths = (1, 2, 5)
    terms = cast(
        Any, [SimpleNamespace(alternatives=[SimpleNamespace(source=SimpleNamespace(length=n))]) for n in lengths]
    )
    kept, reached = [], -1
    for hit in sorted(hits, key=lambda hit: (hit[0], -lengths[hit[1]])):
        if hit[0] + lengths[hit[1]] > reached:
            kept.append(hit)
            reached = hit[0] + lengths[hit[1]]
    assert outermost(hits, terms) == kept
