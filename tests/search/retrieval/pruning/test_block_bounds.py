"""Every window that scores more than a floor begins in a likely block and lies in its regions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.core.positions.timeline import Times
from search.retrieval.pruning.block_bounds import Blocks, worth_of_blocks
from search.retrieval.windows import Hit, Span, hit_times, slide
from search.scoring import WEIGHTS, count_gains, saturated

WEIGHT = [4.0, 2.5, 1.0, 0.3]
TOTAL = sum(WEIGHT)
SPAN = Span(22_000, 200)


def likely_blocks(blocks: Blocks, terms: list[tuple[float, float, list[Sequence[int]]]], least: float) -> list[int]:
    return [number for number, worth in enumerate(worth_of_blocks(blocks, terms)) if worth > least]


@st.composite
def timelines(draw: st.DrawFn) -> Times:
    cues = draw(st.lists(st.tuples(st.integers(0, 9), st.sampled_from((0, 900, 3000, 5500, 40_000))), min_size=1))
    first = [0, *accumulate(size for size, _ in cues)]
    starts = list(accumulate((pause for _, pause in cues), initial=draw(st.integers(0, 60_000))))[:-1]
    return Times(first, starts, [700] * len(starts))


@settings(max_examples=300)
@given(times=timelines(), data=st.data(), share=st.floats(0.05, 1.0))
def test_a_window_above_the_floor_begins_in_a_likely_block(times: Times, data: st.DataObject, share: float) -> None:
    size = times.first[-1]
    places = st.lists(st.integers(0, size - 1), max_size=30, unique=True).map(sorted) if size else st.just([])
    said = [data.draw(places) for _ in WEIGHT]
    hits: list[Hit] = sorted((place, number, 0) for number, own in enumerate(said) for place in own)
    at = hit_times(hits, times)
    windows = slide(hits, at, SPAN, WEIGHT, count_gains(WEIGHTS), TOTAL)
    floor = share * max((score for score, _, _ in windows), default=1.0)
    blocks = Blocks(times, SPAN.milliseconds)
    terms: list[tuple[float, float, list[Sequence[int]]]] = [
        (weight, weight * saturated(len(own)), [own]) for weight, own in zip(WEIGHT, said, strict=True) if own
    ]
    numbers = likely_blocks(blocks, terms, floor * TOTAL)
    for gap in (0, 200):
        regions = blocks.regions(numbers, gap)
        assert regions == sorted(regions) and all(begin < end for begin, end in regions)
        for score, begin, end in windows:
            if score > floor + 1e-9:
                assert any(first <= hits[begin][0] and hits[end - 1][0] < last for first, last in regions)


def test_rare_words_leave_few_blocks() -> None:
    """A block is 5.5 s and a window reaches four further: what is said in block 27 is in windows from 23 to 27 on."""
    times = Times(range(0, 1010, 10), range(0, 303_000, 3000)[:100], [3000] * 100)
    blocks = Blocks(times, SPAN.milliseconds)
    terms: list[tuple[float, float, list[Sequence[int]]]] = [(4.0, 4.0, [[500, 900]]), (1.0, 1.6, [range(0, 1000, 10)])]
    assert blocks.regions(likely_blocks(blocks, terms, 6.0), 0) == [
        (430, 590),
        (830, 990),
    ]  # five blocks before, four behind


@pytest.mark.parametrize("starts", [(5000, 3000), (0, 9_000_000)])
def test_times_that_go_back_or_have_long_gaps_have_no_blocks(starts: tuple[int, int]) -> None:
    with pytest.raises(ValueError):
        Blocks(Times((0, 4, 8), starts, (900, 900)), SPAN.milliseconds)
