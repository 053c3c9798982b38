"""The windows beyond those with the full score: in one order, however many are asked for, and all of them."""

from __future__ import annotations

import math
from itertools import islice

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.library import Line, Tools, spaced
from support.transcripts.talks import CORPORA, RANKED, plan_of

from search.retrieval.moments import find_moments
from search.retrieval.pruning.further_windows import FurtherWindows
from search.retrieval.pruning.top_k import (
    BestOfAll,
    all_windows,
    best_windows,
    damped_windows,
    ranks_by_bound,
    with_stand_ins,
)
from search.retrieval.scorer import Scorer
from search.retrieval.windows import Window
from search.scoring import WEIGHTS

FEW = WEIGHTS._replace(candidates=2)


@given(episodes=CORPORA, query=RANKED, tolerant=st.booleans(), most=st.integers(1, 30), more=st.integers(1, 30))
def test_the_best_of_all_windows_are_the_first_of_more(
    tools: Tools, episodes: dict[str, list[Line]], query: str, tolerant: bool, most: int, more: int
) -> None:
    with tools.library(episodes) as library:
        scorer = Scorer(plan_of(library, query, tolerant), library.snapshot)
        found = best_windows(scorer, most + more)
        assert best_windows(scorer, most) == found[:most]
        if not tolerant:
            every = sorted((window.score for window in all_windows(scorer)), reverse=True)
            assert [window.score for window in found] == pytest.approx(every[: most + more])


@given(episodes=CORPORA, query=RANKED, most=st.integers(1, 30), more=st.integers(1, 30))
def test_with_expansions_too_the_first_are_the_same_whatever_follows(
    tools: Tools, episodes: dict[str, list[Line]], query: str, most: int, more: int
) -> None:
    with tools.library(episodes) as library:
        exact = Scorer(plan_of(library, query, tolerant=False), library.snapshot)
        scorer = Scorer(plan_of(library, query, tolerant=True), library.snapshot)
        if not exact.total or not scorer.plan.stand_ins:
            return
        share = exact.total / scorer.total

        def windows(amount: int) -> list[Window]:
            known = [one._replace(score=one.score * share) for one in best_windows(exact, amount)]
            return with_stand_ins(scorer, known, BestOfAll(amount, ranks_by_bound(exact)))

        few, many = windows(most), windows(most + more)
        assert few == many[: len(few)]
        assert few == sorted(few, key=lambda window: -window.score)


@given(episodes=CORPORA, query=RANKED, moments=st.integers(1, 9))
@example(episodes={"a": spaced(["网络学习"] * 3 + ["今天"] * 9 + ["网络"] * 40)}, query="网络 学习", moments=3)
def test_every_window_follows_and_none_scores_more_than_one_before(
    tools: Tools, episodes: dict[str, list[Line]], query: str, moments: int
) -> None:
    with tools.library(episodes) as library:
        scorer = Scorer(plan_of(library, query, tolerant=False), library.snapshot, FEW)
        further = FurtherWindows(scorer, best_windows(scorer))
        scored = list(further.scored(moments, 5.0))
        assert {one.window for one in scored} == {*all_windows(scorer), *damped_windows(scorer)}
        assert further.most >= moments
        assert further.wants_damped
        for one in scored:
            assert one.score == pytest.approx(sum(value for _, value in one.parts))
        assert [5.0, *(one.score for one in scored)] == sorted((5.0, *(one.score for one in scored)), reverse=True)


def test_what_scores_less_than_the_last_window_that_was_taken_is_not_looked_at(tools: Tools) -> None:
    with tools.library({f"{number}": spaced(["网络学习"] * 2 + ["今天"] * number) for number in range(20)}) as library:
        scorer = Scorer(plan_of(library, "网络 学习", tolerant=False), library.snapshot, FEW)
        further = FurtherWindows(scorer, best_windows(scorer))
        assert further.least == math.inf
        scored = further.scored(5, math.inf)
        taken = [next(scored).window.score for _ in range(7)]
        assert further.least == min(taken)
        assert list(scored) and further.least == 0.0


def test_where_all_windows_have_the_full_score_nothing_is_searched_again(
    tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tools.library({"a": spaced(["网络学习", *["今天"] * 9, "学习"])}) as library:
        ranking = find_moments(plan_of(library, "网络 学习", tolerant=False), library.snapshot, 20)
        assert ranking.is_complete
        assert ranking.further is not None
        monkeypatch.setattr("search.retrieval.pruning.further_windows.best_windows", None)
        assert [one.window for one in islice(ranking.further.scored(9, 9.0), 3)] == ranking.windows
