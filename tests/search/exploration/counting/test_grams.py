"""Cutting and counting: whatever runs in C gives what a plain loop gives."""

from __future__ import annotations

from array import array
from collections import Counter
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.native.statistics.words import cut
from indexer.core.positions.intervals import difference
from search.exploration.counting import grams
from search.exploration.counting.grams import learn, recount
from search.exploration.counting.words import Runs
from search.exploration.frequency import Sizes, _top

Regions: TypeAlias = "list[tuple[int, int]]"

words = st.lists(st.text(st.sampled_from("强化学习\ue000\U000f0000的"), min_size=1, max_size=4))
runs = st.lists(st.lists(st.integers(1, 4), max_size=12).map(lambda run: array("I", run)), max_size=5)
edges = st.lists(st.integers(0, 30), unique=True, max_size=10).map(sorted)
regions = edges.map(lambda found: list(zip(found[::2], found[1::2], strict=False)))


@given(words)
def test_a_stream_is_cut_where_the_marks_say(said: list[str]) -> None:
    begins = "".join("1" + "0" * (len(word) - 1) for word in said)
    assert cut("".join(said), begins) == said


@given(regions, regions)
def test_what_is_left_of_regions_is_what_no_hole_covers(
    whole: list[tuple[int, int]], holes: list[tuple[int, int]]
) -> None:
    def covered(found: Regions) -> set[int]:
        return {at for begin, end in found for at in range(begin, end)}

    assert covered(difference(whole, holes)) == covered(whole) - covered(holes)


def all_grams(found: Runs, length: int) -> Counter[tuple[int, ...]]:
    return Counter(tuple(run[at : at + length]) for run in found for at in range(len(run) - length + 1))


@given(runs, st.integers(1, 3))
def test_the_grams_learnt_are_all_that_are_frequent(found: Runs, least: int) -> None:
    for size in learn(found, 4, least):
        frequent = {gram: n for gram, n in all_grams(found, size.words).items() if n >= least}
        assert dict(size.grams()) == frequent


@given(runs)
def test_grams_hold_only_words_that_are_wanted(found: Runs) -> None:
    for size in learn(found, 3, 1, lambda word: word != 2):
        assert dict(size.grams()) == {gram: n for gram, n in all_grams(found, size.words).items() if 2 not in gram}


@given(runs, runs)
def test_grams_are_counted_elsewhere_as_often_as_they_are_there(here: Runs, there: Runs) -> None:
    learnt = list(learn(here, 3, 1))
    for size, counts in zip(learnt, recount(learnt, there), strict=True):
        elsewhere = all_grams(there, size.words)
        for number in range(1, len(size.counts)):
            assert counts[number] == elsewhere[size.gram(number)]


@given(runs)
def test_the_cuts_of_a_gram_are_the_counts_of_its_parts(found: Runs) -> None:
    *_, longest = learn(found, 3, 1)
    for number in range(1, len(longest.counts)):
        a, b, c = longest.gram(number)
        one, two = all_grams(found, 1), all_grams(found, 2)
        assert list(longest.cuts(number)) == [(two[(a, b)], one[(c,)]), (one[(a,)], two[(b, c)])]


@given(runs, st.integers(1, 3), st.sampled_from([(1, 1), (1, 3), (2, 3)]))
def test_the_most_frequent_grams_are_the_first_of_all(found: Runs, limit: int, sizes: Sizes) -> None:
    counts = all_grams(found, 1)
    single = Counter({word: n for (word,), n in counts.items()})
    whole = _top(found, sizes, None, 1, {3}, single)
    assert _top(found, sizes, limit, 1, {3}, single) == whole[:limit]


@given(runs, st.integers(1, 3))
def test_the_same_grams_are_learnt_where_runs_are_not_kept(found: Runs, least: int) -> None:
    kept = [dict(size.grams()) for size in learn(found, 4, least)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grams, "_MOST_KEPT", -1)
        assert [dict(size.grams()) for size in learn(found, 4, least)] == kept
