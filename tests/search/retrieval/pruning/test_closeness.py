"""Closeness by plain numbers and its bound against the closeness of every pair; the best windows against all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.native.bounds.groups import most_closeness
from search import Library
from search.query.parse import parse
from search.query.planner import make_plan
from search.retrieval.moments import find_moments
from search.retrieval.pruning.closeness import closeness_of, hits_at_one_place
from search.retrieval.rerank import Evidence
from search.retrieval.resolved_plan import resolve
from search.scoring import closeness_score

HALF = 8.0
WEIGHTS = [5.0, 3.5, 3.5, 2.0, 1.0]

hits = st.lists(st.tuples(st.integers(0, 60), st.integers(0, len(WEIGHTS) - 1)), max_size=25).map(sorted)


def every_pair(said: list[tuple[int, int]]) -> float:
    pairs: dict[tuple[int, int], int] = {}
    for place, one in said:
        for there, other in said:
            if one < other:
                pairs[one, other] = min(pairs.get((one, other), 99), abs(place - there))
    return closeness_score(pairs, WEIGHTS)


@given(hits)
def test_closeness_is_that_of_the_nearest_of_every_pair(said: list[tuple[int, int]]) -> None:
    places, ranks = [place for place, _ in said], [rank for _, rank in said]
    assert closeness_of(places, ranks, WEIGHTS, HALF) == pytest.approx(every_pair(said))


@given(hits)
def test_closeness_is_no_more_than_its_bound(said: list[tuple[int, int]]) -> None:
    said = sorted(set(said))
    together = max(([place for place, _ in said].count(place) for place, _ in said), default=1)
    most = most_closeness(sorted({rank for _, rank in said}), WEIGHTS, max(1, len(said) * together), HALF)
    assert every_pair(said) <= most + 1e-9


def test_runs_begin_at_one_place_only_if_each_begins_the_next() -> None:
    runs = [("一",), ("一", "个"), ("一", "个", "人"), ("一", "下"), ("一", "下")]
    assert hits_at_one_place(runs) == 3
    assert hits_at_one_place([]) == 1
    assert hits_at_one_place([(), ()]) == 2  # of patterns without known atoms
    assert hits_at_one_place([("一",), (), ("下",)]) == 2


@pytest.mark.parametrize(
    "query",
    [
        "我们 OR 今天 OR 的",
        "我 OR 我们 OR 是 OR 不 OR 不是 OR 就是 OR 就 OR 有 OR 没有",
        "(我们 OR 今天) AND (的 OR 是)",
        "的 OR 我* OR 语音",
        "(的 OR 是) -我们",
        '"我们" OR "的" OR 今天 title:语音',
        "的 NEAR/5s 是 OR 我们",
        '"的" 一次 光线 编码',  # the last three need not be there, but count in the context
        '"是" OR "的" 光线',
        "/我./ OR /今./",
    ],
)
@pytest.mark.parametrize("most", [1, 50, 60])
def test_the_best_windows_are_the_best_of_all(sample: Library, query: str, most: int) -> None:
    resolver = sample._open.resolver
    plan = resolve(make_plan(parse(query), resolver), resolver)
    best = [(one.scored, one.start) for one in find_moments(plan, resolver.snapshot, most).found]
    everything = [(one.scored, one.start) for one in find_moments(plan, resolver.snapshot).found]
    assert len(best) >= min(most, len(everything))
    assert best == everything[: len(best)]


@pytest.mark.parametrize("query", ["的 我们 今天 语音 一个", "光线 编码 的 是 不", "一次 今天 就是 讯号 声音 没有"])
def test_the_best_of_a_ranking_are_its_first_with_fewer_contexts(
    sample: Library, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolver = sample._open.resolver
    plan = resolve(make_plan(parse(query), resolver), resolver)
    everything, ranking = (find_moments(plan, resolver.snapshot, 10) for _ in range(2))
    looked: list[int] = []
    context = Evidence.context
    monkeypatch.setattr(Evidence, "context", lambda *asked: looked.append(asked[1]) or context(*asked))
    best = ranking.best(10)
    contexts = len(looked)
    assert list(best) == list(everything.scored[:10])
    assert not ranking.has_whole
    assert contexts < len(looked) - contexts
