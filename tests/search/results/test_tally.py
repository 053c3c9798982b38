"""What is counted without ranking: matches in cues, and windows that meet."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import Library
from search.results import tally
from search.results.overlapping_windows import overlapping_parts
from search.results.snippets import Shown
from search.retrieval.rerank import Evidence
from search.retrieval.windows import Hit, outermost

LENGTHS = (1, 2, 5)
PLAN: Any = SimpleNamespace(
    terms=[SimpleNamespace(alternatives=[SimpleNamespace(source=SimpleNamespace(length=size))]) for size in LENGTHS]
)
hits = st.sets(st.tuples(st.integers(0, 30), st.integers(0, 2), st.just(0)), max_size=20).map(sorted)


@given(hits=hits, begin=st.integers(0, 30), size=st.integers(0, 30))
def test_the_matches_in_some_cues_are_the_outermost_that_are_whole_there(
    hits: list[Hit], begin: int, size: int
) -> None:
    end = begin + size
    whole = [hit for hit in hits if begin <= hit[0] and hit[0] + LENGTHS[hit[1]] <= end]
    assert tally._matches(hits, PLAN)(begin, end) == len(outermost(whole, PLAN.terms))


@given(
    spans=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 8), st.integers(0, 400)), min_size=1, max_size=9),
    apart=st.sampled_from([0, 30]),
    in_order=st.booleans(),
)
def test_windows_of_different_parts_neither_share_a_cue_nor_begin_close_together(
    spans: list[tuple[int, int, int]], apart: int, in_order: bool
) -> None:
    if in_order:
        firsts, starts = sorted(one[0] for one in spans), sorted(one[2] for one in spans)
        spans = [(first, size, start) for first, (_, size, _), start in zip(firsts, spans, starts, strict=True)]
    shown = [Shown(0, first, first + size, number) for number, (first, size, _) in enumerate(spans)]
    starts = [start for *_, start in spans]
    parts = list(overlapping_parts(shown, starts, apart))
    assert [number for begin, end in parts for number in range(begin, end)] == list(range(len(spans)))
    for begin, end in parts:
        for one in range(begin, end):
            for other in range(end, len(spans)):
                assert shown[one].last < shown[other].first or shown[other].last < shown[one].first
                assert abs(starts[one] - starts[other]) >= apart


@pytest.mark.parametrize("query", ["我们", "我们 OR 今天", "我们 今天 的", "我们 AND 的"])
def test_few_windows_are_scored_for_a_count(sample: Library, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    scored: list[object] = []
    score = Evidence.score

    def noted(self: Evidence, window: Any) -> Any:
        scored.append(window)
        return score(self, window)

    monkeypatch.setattr(Evidence, "score", noted)
    moments = sum(one.moments for one in sample.count(query, exact=True))
    assert len(scored) < moments / 2
    scored.clear()
    assert len(list(sample.each(query, exact=True)[1])) == moments <= len(scored)
