"""What a search leaves out it could leave out: the best of few are the best of all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.library import Line, Tools, spaced
from support.transcripts.talks import CORPORA, RANKED, WORDS, plan_of

import search.retrieval.exhaustive
from search import Moment
from search.matching.sources import RunSource
from search.retrieval.exhaustive import densest_windows
from search.retrieval.pruning.top_k import all_windows, best_windows, windows_of
from search.retrieval.scorer import Scorer
from search.retrieval.windows import Hit, Window, hit_times, length_of
from search.scoring import WEIGHTS, Weights, window_score

SINGLE = st.sampled_from((*WORDS, '"哈哈"', '"学习强化"', '"的的"', "=学习", '"网络学习"', "哈", "强化学习"))
EXHAUSTIVE = st.one_of(
    SINGLE,
    st.tuples(SINGLE, st.sampled_from(("AND", "OR", "NEAR/5s", "NEAR/6", "NOT", "-的 OR")), SINGLE).map(" ".join),
    st.tuples(SINGLE, st.just("show:show")).map(" ".join),
)

Shown = tuple[str, float, float]


def shown(moments: Sequence[Moment]) -> list[Shown]:
    return [(moment.episode.id, moment.start, round(moment.score, 9)) for moment in moments]


# --- conditions ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("exact", [True, False])
def test_what_is_far_from_the_rarest_required_thing_makes_no_difference(tools: Tools, exact: bool) -> None:
    """An hour of talk, long enough for most of it to be left out."""
    chooser = Random(7)
    texts = ["".join(chooser.choices((*WORDS, "今天", "我们", "，"), k=6)) for _ in range(1200)]
    asked = [
        f"{one} {how} {other}"
        for how in ("AND", "NEAR/5s", "NEAR/6", "AND NOT 网络 AND", "AND -的 AND")
        for one, other in (("网络学习风水", "哈哈"), ('"的的"', "强化"), ("收音机", '"哈哈哈哈"'))
    ]
    with tools.library({"a": spaced(texts, 3.0)}) as library, pytest.MonkeyPatch.context() as patch:
        near = [list(library.search(query, limit=None, exact=exact)) for query in asked]
        assert sum(map(len, near)) > 100
        patch.setattr(search.retrieval.exhaustive, "required", lambda need: [])
        assert [list(library.search(query, limit=None, exact=exact)) for query in asked] == near


# --- one word or phrase ------------------------------------------------------------------------------


@given(episodes=CORPORA, query=SINGLE, limit=st.integers(1, 12))
def test_the_first_moments_of_one_thing_are_the_first_of_all(
    tools: Tools, episodes: dict[str, list[Line]], query: str, limit: int
) -> None:
    with tools.library(episodes) as library:
        everything = library.search(query, limit=None, context=0.0, exact=True)
        first = library.search(query, limit=limit, context=0.0, exact=True)
        assert shown(first) == shown(everything)[:limit]
        assert [moment.matches for moment in first] == [moment.matches for moment in everything[:limit]]
        assert first.total == everything.total == len(everything)


@given(episodes=CORPORA, query=SINGLE, most=st.integers(1, 6))
@example(episodes={name: spaced(["哈哈"]) for name in "abc"}, query="哈哈", most=2)
@example(episodes={"a": spaced(["哈哈", *["说话"] * 99, "哈哈"]), "b": spaced(["哈哈"])}, query='"哈哈"', most=1)
def test_of_windows_that_hold_as_much_the_first_are_the_densest(
    tools: Tools, episodes: dict[str, list[Line]], query: str, most: int
) -> None:
    with tools.library(episodes) as library:
        scorer = Scorer(plan_of(library, query, tolerant=False), library.snapshot)
        every = densest_windows(scorer, 1000)
        place = [(-window.score, window.episode, window.hits[0][0]) for window in every]
        assert place == sorted(place)
        assert densest_windows(Scorer(scorer.plan, library.snapshot), most) == every[:most]


@given(episodes=CORPORA, atoms=st.sampled_from([("哈",), ("哈", "哈"), ("学", "习"), ("强", "化", "学", "习")]))
def test_the_episodes_of_a_run_come_by_falling_peak_and_equals_in_order(
    tools: Tools, episodes: dict[str, list[Line]], atoms: tuple[str, ...]
) -> None:
    with tools.library(episodes) as library:
        run = RunSource(library.snapshot, atoms)
        assert list(run.by_peak) == sorted(run.peaks, key=lambda episode: (-run.peaks[episode], episode))


@given(episodes=CORPORA, query=EXHAUSTIVE, limit=st.integers(1, 12))
def test_the_first_moments_of_an_exhaustive_query_are_the_first_of_all(
    tools: Tools, episodes: dict[str, list[Line]], query: str, limit: int
) -> None:
    with tools.library(episodes) as library:
        everything = library.search(query, limit=None, exact=True)
        assert shown(library.search(query, limit=limit, exact=True)) == shown(everything)[:limit]


@given(episodes=CORPORA, query=EXHAUSTIVE, limit=st.integers(1, 6))
def test_the_first_moments_are_the_first_of_all_also_with_what_is_not_exact(
    tools: Tools, episodes: dict[str, list[Line]], query: str, limit: int
) -> None:
    with tools.library(episodes) as library:
        everything = library.search(query, limit=None, context=0.0)
        first = library.search(query, limit=limit, context=0.0)
        assert [moment[:2] for moment in shown(first)] == [moment[:2] for moment in shown(everything)[:limit]]


# --- ranked queries ----------------------------------------------------------------------------------


def scanned(scorer: Scorer, most: int) -> list[float]:
    """The scores of the best windows by looking at every window of every episode, each counted from scratch."""
    scores: list[float] = []
    for episode in scorer.snapshot.episodes():
        times = scorer.snapshot.times(episode)
        hits = _outside_longer(scorer, scorer.hits(scorer.wanted, episode))
        at = hit_times(hits, times)
        windows = []
        for begin, first in enumerate(hits):
            end = begin + 1
            while (
                end < len(hits)
                and hits[end][0] <= first[0] + scorer.span.atoms
                and at[end] <= at[begin] + scorer.span.milliseconds
            ):
                end += 1
            counts = [0] * len(scorer.plan.terms)
            for hit in hits[begin:end]:
                counts[hit[1]] += 1
            windows.append((-window_score(counts, scorer.term_weights, scorer.total, scorer.weights), begin))
        taken: list[int] = []
        for score, begin in sorted(windows):
            if all(abs(at[begin] - other) >= scorer.apart_ms for other in taken):
                if len(taken) == scorer.weights.per_episode:
                    break
                taken.append(at[begin])
                scores.append(-score)
    return sorted(scores, reverse=True)[:most]


def _outside_longer(scorer: Scorer, hits: Sequence[Hit]) -> list[Hit]:
    """The hits outside those of longer terms: a place counts once, for the longest term that is said there."""
    spans = [(hit, hit[0], hit[0] + length_of(hit, scorer.plan.terms)) for hit in hits]
    return [
        hit
        for hit, begin, end in spans
        if not any(first <= begin and end <= last and end - begin < last - first for _, first, last in spans)
    ]


def best_scores(windows: Sequence[Window]) -> list[float]:
    return sorted((window.score for window in windows), reverse=True)


WEIGHTINGS = st.builds(
    WEIGHTS._replace,
    candidates_per_term=st.sampled_from((1, 1, 2, 5, 20)),
    per_episode=st.sampled_from((1, 2, 10)),
    window=st.sampled_from((22.0, 5.0)),
    window_atoms=st.sampled_from((200, 12)),
)


@contextmanager
def many(amount: int) -> Iterator[None]:
    """Queries of more terms than this are answered as those of many are."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("pruning.top_k", "pruning.regions", "scorer", "rerank"):
            patch.setattr(f"search.retrieval.{module}.MANY", amount)
        yield


@pytest.mark.parametrize("is_pure", [False, True])
@given(episodes=CORPORA, query=RANKED, weights=WEIGHTINGS)
def test_of_many_terms_the_same_windows_are_found_as_of_few(
    tools: Tools, episodes: dict[str, list[Line]], query: str, weights: Weights, is_pure: bool
) -> None:
    """In the same order, also where several are worth the same, and there is room for one: what is added to them later
    may leave out the last."""
    with tools.library(episodes) as library, pytest.MonkeyPatch.context() as patch:
        if is_pure:
            patch.setattr("indexer.core.native.is_compiled", False)
        plan = plan_of(library, query, tolerant=False)
        few = best_windows(Scorer(plan, library.snapshot, weights))
        with many(0):
            found = best_windows(Scorer(plan, library.snapshot, weights))
        assert found == few
        assert [window.score for window in found] == sorted((window.score for window in found), reverse=True)


@pytest.mark.parametrize("most", [24, 0])
@given(episodes=CORPORA, query=RANKED, weights=WEIGHTINGS)
@example(episodes={"a": spaced(["学习"]), "b": spaced(["网络学习"])}, query="网络 学习", weights=WEIGHTS)
@example(episodes={"a": spaced(["强化学习"])}, query="网络 强化学习", weights=WEIGHTS)
def test_the_best_windows_are_those_a_scan_of_all_finds(
    tools: Tools, episodes: dict[str, list[Line]], query: str, weights: Weights, most: int
) -> None:
    with tools.library(episodes) as library, many(most):
        scorer = Scorer(plan_of(library, query, tolerant=False), library.snapshot, weights)
        amount = min(weights.candidates, weights.candidates_per_term * len(scorer.forms))
        found = best_windows(scorer)
        assert best_scores(found) == pytest.approx(scanned(scorer, amount))
        for window in found:
            assert window in windows_of(scorer, window.episode, 0.0)


@pytest.mark.parametrize("most", [24, 0])
@given(episodes=CORPORA, query=RANKED, weights=WEIGHTINGS)
def test_leaving_out_what_cannot_compete_changes_no_window_with_stand_ins_either(
    tools: Tools, episodes: dict[str, list[Line]], query: str, weights: Weights, most: int
) -> None:
    with tools.library(episodes) as library, many(most):
        scorer = Scorer(plan_of(library, query, tolerant=True), library.snapshot, weights)
        amount = min(weights.candidates, weights.candidates_per_term * len(scorer.forms))
        unpruned = [window for at in scorer.candidates for window in windows_of(scorer, at, 0.0, weights.per_episode)]
        found = best_scores(best_windows(scorer))
        assert found == pytest.approx(best_scores(unpruned)[:amount])


@given(episodes=CORPORA, query=RANKED)
def test_a_ranked_search_finds_the_best_moment_of_all(
    tools: Tools, episodes: dict[str, list[Line]], query: str
) -> None:
    with tools.library(episodes) as library:
        everything = library.search(query, limit=None, context=0.0, exact=True)
        few = library.search(query, limit=3, context=0.0, exact=True)
        scorer = Scorer(plan_of(library, query, tolerant=False), library.snapshot)
        if sum(1 for _ in all_windows(scorer)) <= 20 * len(scorer.forms):
            # So few windows that all of them get the full score.
            assert shown(few) == shown(everything)[:3]
        assert bool(few) == bool(everything)
