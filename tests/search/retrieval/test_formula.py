"""The formula of a window is `search.scoring.window_score`; what restates or bounds it in a loop is held to it here.

The running score of `slide` is in test_windows.py.
"""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.library import Line, Tools
from support.transcripts.talks import CORPORA, RANKED, plan_of

from indexer.core import native
from search import Library
from search.retrieval.pruning.closeness import GroupBounds
from search.retrieval.pruning.regions import Ahead, competing
from search.retrieval.pruning.top_k import _by_bound, windows_of
from search.retrieval.scorer import Scorer
from search.retrieval.windows import Window
from search.scoring import K1, WEIGHTS, B, bm25, bm25_weight, covering, saturated, window_score

_NEXT_TO = 1e-8


def afresh(scorer: Scorer, window: Window) -> float:
    """The score of a window by the formula, of the hits that count."""
    hits, _ = scorer.counting(window.hits, [0] * len(window.hits))
    counts = Counter(hit[1] for hit in hits)
    return window_score([counts[n] for n in range(len(scorer.plan.terms))], scorer.term_weights, scorer.total)


def test_the_formula_says_what_it_says() -> None:
    assert window_score([2, 0, 1], [3.0, 5.0, 1.0], 9.0) == pytest.approx((3.0 * saturated(2) + 1.0) * 4.0 / 9.0)
    assert covering(7.5, 3.0, 9.0) == pytest.approx(2.5)
    assert covering(7.5, 3.0, 0.0) == 0.0


@settings(max_examples=25)
@given(episodes=CORPORA, query=RANKED, tolerant=st.booleans())
def test_no_window_scores_more_than_the_bound_of_its_episode(
    tools: Tools, episodes: dict[str, list[Line]], query: str, tolerant: bool
) -> None:
    with tools.library(episodes) as library:
        scorer = Scorer(plan_of(library, query, tolerant), library.snapshot)
        bounds = {episode: bound for bound, episode in _by_bound(scorer)}
        for episode in scorer.candidates:
            for window in windows_of(scorer, episode, 0.0):
                assert window.score <= bounds[episode] + _NEXT_TO
                assert window.score == pytest.approx(afresh(scorer, window), abs=_NEXT_TO)


@settings(max_examples=25)
@given(episodes=CORPORA, query=RANKED, data=st.data())
def test_a_window_that_beats_the_floor_is_in_a_region_that_competes(
    tools: Tools, episodes: dict[str, list[Line]], query: str, data: st.DataObject
) -> None:
    with tools.library(episodes) as library:
        scorer = Scorer(plan_of(library, query, tolerant=False), library.snapshot)
        for episode in scorer.candidates:
            windows = windows_of(scorer, episode, 0.0)
            floor = data.draw(st.sampled_from(sorted({window.score for window in windows} | {0.01})))
            regions = competing(scorer, episode, floor)
            for window in windows:
                if afresh(scorer, window) > floor + _NEXT_TO:
                    first, last = window.hits[0][0], window.hits[-1][0]
                    assert any(begin <= first and last < end for begin, end in regions)


@settings(max_examples=25)
@given(episodes=CORPORA, query=RANKED, tolerant=st.booleans(), data=st.data())
def test_a_window_that_beats_the_floor_is_in_a_region_found_ahead(
    tools: Tools, episodes: dict[str, list[Line]], query: str, tolerant: bool, data: st.DataObject
) -> None:
    with tools.library(episodes) as library:
        scorer = Scorer(plan_of(library, query, tolerant), library.snapshot)
        every = [(episode, windows_of(scorer, episode, 0.0)) for episode in scorer.candidates]
        floor = data.draw(st.sampled_from(sorted({window.score for _, each in every for window in each} | {0.01})))
        ahead = Ahead(scorer, scorer.candidates)
        for rank, (episode, windows) in enumerate(every):
            regions = ahead.regions(rank, floor)
            assert regions is not None
            beyond = [window for window in windows if window.score > floor + _NEXT_TO]
            for window in beyond:
                first, last = window.hits[0][0], window.hits[-1][0]
                assert any(begin <= first and last < end for begin, end in regions)
            assert windows_of(scorer, episode, floor + _NEXT_TO, None, regions) == beyond


@given(counts=st.lists(st.integers(0, 600), min_size=4, max_size=4))
def test_a_group_is_scored_by_the_formula(tiny: Library, counts: list[int]) -> None:
    scorer = Scorer(plan_of(tiny, "收音机 OR 绿茶 OR 红茶 OR 电池", tolerant=False), tiny.snapshot)
    bounds = GroupBounds(scorer, scorer.wanted)
    assert len(bounds.weights) == len(counts)
    ranks = [rank for rank, count in enumerate(counts) for _ in range(count)]
    ends = [len(ranks)] if ranks else []
    rows = bounds.of_groups(ranks, ends)
    expected = window_score(counts, bounds.weights, scorer.total, WEIGHTS)
    assert sum(row[0] for row in rows) == pytest.approx(
        expected, rel=1e-3
    )  # what goes beyond 512 occurrences is left out


def test_the_relevance_of_an_episode_is_its_bm25() -> None:
    counts = [{1: 3, 4: 1, 9: 7}, {4: 2, 9: 1, 12: 5}, {}]
    lengths = {4: 700, 9: 90, 1: 0, 2: 55}
    for average in (0.0, 211.0):
        terms = tuple((1.0, bm25_weight(having, 40), term) for having, term in zip((3, 17, 0), counts, strict=True))
        found = native.relevances(list(lengths), list(lengths.values()), average, K1, B, terms)
        expected = [
            bm25(
                [(term.get(one, 0), having) for having, term in zip((3, 17, 0), counts, strict=True)], 40, size, average
            )
            for one, size in lengths.items()
        ]
        assert found == pytest.approx(expected)
        assert found[3] == 0.0 < min(found[:3])
